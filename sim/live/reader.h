// Reads a lane into the frame that the window sees.
#pragma once

#include "sim/live/frame.h"
#include "sim/live/wish.h"
#include "sim/watch/lane_watch.h"

#include <array>
#include <memory>
#include <span>
#include <vector>

namespace apical {

/// Simulation thread. Reads one lane by its anatomy, and keeps what stood before its last step.
/// Reading changes nothing in the lane; memory of the frame is reused.
class LaneReader {
public:
    explicit LaneReader(const LaneWatch&);

    /// Keeps what is wanted of the moment before a step: call right before the step that
    /// readFrame() is to explain.
    void readBefore();
    void readFrame(LaneFrame&, const FrameWish&);

private:
    void readTask(TaskFrame&, const FrameWish&);
    void readBlock(Block);
    void readExamples();
    /// Pictures of the answers, as far as they are not too large.
    std::vector<std::vector<double>> inputsOf(std::span<const Readout>, int mostInputs) const;

    void readValues(std::vector<double>& all, bool onlyBefore);

    const LaneWatch& m_watch;
    const Simulation& m_lane;
    std::shared_ptr<const Anatomy> m_anatomy;
    std::array<std::shared_ptr<const BlockAnswers>, 3> m_blocks; ///< as last read
    std::shared_ptr<const std::vector<Readout>> m_readExamples; ///< what m_examples was made of
    std::shared_ptr<const BlockAnswers> m_examples;
    bool m_small; ///< its weights are copied in any case
    int m_nudged; ///< index of the quantity that says whether the last step nudged, -1: none does
    std::vector<double> m_before;
    std::vector<double> m_scratch; ///< a quantity of all samples of a batch
};

} // namespace apical
