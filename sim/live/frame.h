// The newest state of a session, as the window sees it: a plain value that crosses threads in a
// triple buffer.
#pragma once

#include "sim/circuit/self_prediction.h"
#include "sim/experiment/experiment.h"
#include "sim/run/simulation.h"
#include "sim/watch/backprop_angle.h"
#include "sim/watch/lag_meter.h"
#include "sim/watch/task_score.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace apical {

/// Layer l = 1..N. Hidden layers have everything; the output layer has no apical part and no
/// interneurons (empty). Dendrites are those computed in the last step, somata and rates the ones
/// after it.
struct LayerFrame {
    std::vector<double> basal, apical, apicalTopdown, apicalLateral, soma, prospective, rate; // N_l
    std::vector<double> innDendrite, innSoma, innProspective, innRate; // N_(l+1)
    /// Rates that arrived over each pathway in the last step (what the dendrites above were made
    /// of).
    LayerWeights weights; ///< after the last step; empty matrices when not asked for
};

/// The answers of one complete block, ready to be shown.
struct BlockAnswers {
    Block block = Block::Train;
    std::uint64_t epoch = 0;
    std::vector<Readout> answers; ///< in the order shown
    std::vector<std::vector<double>> inputs; ///< of each; empty: too large to be looked at
};

/// What a lane is asked and how it answers; empty where the stimulus has no targets.
struct TaskFrame {
    bool hasTask = false;
    int classes = 0;
    std::vector<std::string> classNames; ///< empty: they have no names
    Schedule schedule; ///< which presentation belongs to which block
    Presentation shown; ///< now
    AnswerScore train; ///< mean over the last training block's length
    AnswerScore validation; ///< of the last complete block
    std::vector<Readout> answers; ///< the newest ones, oldest first
    /// Last complete training, validation and test block; nullptr: none yet.
    std::array<std::shared_ptr<const BlockAnswers>, 3> blocks;
    Confusion confusion;
    std::shared_ptr<const std::vector<EpochScore>> epochs; ///< nullptr: none; ascending
    std::uint64_t epochStride = 1; ///< every so-many-th epoch is kept
};

struct LaneFrame {
    std::string name;
    Clock clock;
    Parameters parameters{};
    std::vector<double> input; ///< filtered input used in the last step
    std::vector<double> target; ///< target used in the last step
    bool nudged = false;
    std::vector<LayerFrame> layers; ///< layers[l-1]
    /// Broadcast rates and somata *before* the last step, per layer: what the last step's dendrites
    /// and du/dt came from.
    struct Before {
        std::vector<double> soma, rate, innSoma, innRate;
        std::vector<double> broadcast; ///< prospective (LE) or soma
    };
    std::vector<Before> before;
    std::vector<SelfPredictionErrors> errors; ///< per hidden layer
    LagReport lags; ///< how late it answers a pattern change
    std::vector<BackpropAngle> angles; ///< per target layer; empty: not measured of late
    TaskFrame task;
    bool diverged = false;
    std::string divergedAt;
};

enum class RunState { Running, Paused, Diverged };

/// Something that happened, for the marks behind the strips.
struct Event {
    enum class Kind { Edit, TargetOn, TargetOff, Reset, Rewind, Diverged, Jump };
    Kind kind = Kind::Edit;
    std::uint64_t step = 0;
    double timeMs = 0;
    int lane = -1;
    std::string text; ///< "eta.pi = 0.3"
};

struct Frame {
    std::uint64_t serial = 0; ///< counts frames published
    std::uint64_t revision = 0; ///< counts edits applied
    std::uint64_t generation = 0; ///< counts rebuilds, resets and changes of the lanes
    std::uint64_t run = 0; ///< as generation, but a lane more or less leaves it: history goes on
    RunState state = RunState::Paused;
    std::uint64_t seed = 0;
    std::vector<int> sizes; ///< layers: input, hidden..., output
    double pace = 1; ///< wanted real-time factor; infinity = as fast as possible
    double stepsPerSecond = 0; ///< measured over the last half second or so
    double realTimeFactor = 0;
    std::uint64_t droppedBins = 0; ///< history bins lost because the window did not drain in time
    std::vector<LaneFrame> lanes;
    double timeMs() const { return lanes.empty() ? 0 : lanes.front().clock.timeMs; }
    std::uint64_t step() const { return lanes.empty() ? 0 : lanes.front().clock.step; }
};

} // namespace apical
