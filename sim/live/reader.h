// Reads a lane into the frame that the window sees.
#pragma once

#include "sim/live/frame.h"
#include "sim/watch/task_score.h"

#include <array>
#include <memory>
#include <vector>

namespace apical {

/// Simulation thread. Holds the probes of one lane, looked up once, and what stood before its last
/// step. Reading changes nothing in the lane; memory of the frame is reused.
class LaneReader {
public:
    explicit LaneReader(Simulation&);

    /// Keeps somata and broadcast rates: call right before the step that readFrame() is to explain.
    void readBefore();
    void readFrame(LaneFrame&, bool weights);
    /// After every step forward: scores what the lane answered.
    void afterStep() { m_score.observe(m_lane); }
    const TaskScore& score() const { return m_score; }
    void setScore(const TaskScore& score) { m_score = score; } ///< of a lane it goes on from
    void forgetLater() { m_score.forgetLater(m_lane); } ///< the lane went back

private:
    void readTask(TaskFrame&);
    void readBlock(Block);

    /// Probes of layer l; nullptr where the layer has no such quantity.
    struct Layer {
        const Probe *basal, *apical, *apicalTopdown, *apicalLateral, *soma, *prospective, *rate;
        const Probe *innDendrite, *innSoma, *innProspective, *innRate;
        const Probe *up, *down, *ip, *pi;
    };

    Simulation& m_lane;
    TaskScore m_score;
    std::array<std::shared_ptr<const BlockAnswers>, 3> m_blocks; ///< as last read
    const Probe* m_input;
    const Probe* m_target;
    const Probe* m_nudged; ///< whether the last step nudged the output
    std::vector<Layer> m_layers;
    std::vector<LaneFrame::Before> m_before;
};

} // namespace apical
