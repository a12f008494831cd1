// The newest state of a session, as the window sees it: a plain value that crosses threads in a
// triple buffer.
#pragma once

#include "sim/experiment/experiment.h"
#include "sim/run/simulation.h"
#include "sim/watch/backprop_angle.h"
#include "sim/watch/lag_meter.h"
#include "sim/watch/task_score.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

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
    std::shared_ptr<const BlockAnswers> examples; ///< of the confusion; nullptr: none, or not asked
    std::shared_ptr<const std::vector<EpochScore>> epochs; ///< nullptr: none; ascending
    std::uint64_t epochStride = 1; ///< every so-many-th epoch is kept
    std::shared_ptr<const std::vector<SeenScore>> seen; ///< nullptr: none; ascending
};

/// One lane. Values are those of the sample of a batch that is watched.
struct LaneFrame {
    std::string name;
    Clock clock;
    Parameters parameters{};
    std::shared_ptr<const Anatomy> anatomy; ///< of its model; nullptr before the first frame
    std::vector<double> values; ///< of all quantities after the last step, as Quantity::at says
    /// The same *before* the last step, for those quantities that are wanted so: what the last
    /// step's dendrites and du/dt came from. The others stand at 0.
    std::vector<double> before;
    std::vector<Matrix> weights; ///< per projection, after the last step; empty: not asked for
    std::vector<double> measures; ///< per measure
    int answer = -1; ///< index of the quantity that is averaged as the answer
    bool nudged = false; ///< the last step nudged the output
    LagReport lags; ///< how late it answers a pattern change
    std::vector<BackpropAngle> angles; ///< per target layer; empty: not measured of late
    TaskFrame task;
    bool diverged = false;
    Stop stop; ///< why it diverged

    /// One value per neuron; empty where the model has no such quantity.
    std::span<const double> quantity(int index) const { return part(values, index); }
    std::span<const double> quantity(std::string_view quantityName) const
    {
        return anatomy ? quantity(anatomy->quantity(quantityName)) : std::span<const double>();
    }
    std::span<const double> quantityBefore(int index) const { return part(before, index); }
    /// nullptr where there is no such projection, or it was not asked for.
    const Matrix* matrix(std::string_view projectionName) const
    {
        const int i = anatomy ? anatomy->projection(projectionName) : -1;
        const auto at = static_cast<std::size_t>(i);
        return i >= 0 && at < weights.size() && !weights[at].empty() ? &weights[at] : nullptr;
    }

private:
    std::span<const double> part(const std::vector<double>& all, int index) const
    {
        if (!anatomy || index < 0)
            return {};
        const Anatomy::Quantity& q = anatomy->quantities[static_cast<std::size_t>(index)];
        const auto size = static_cast<std::size_t>(anatomy->of(q).size);
        return q.at + size <= all.size() ? std::span<const double>(all).subspan(q.at, size)
                                         : std::span<const double>();
    }
};

enum class RunState { Running, Paused, Diverged };

/// Something that happened, for the marks behind the strips.
struct Event {
    enum class Kind { Edit, TargetOn, TargetOff, Reset, Rewind, Warning, Diverged, Jump };
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
