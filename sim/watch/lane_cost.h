// What a lane has spent: simulated time, spikes, time of the processor.
#pragma once

#include "sim/run/simulation.h"
#include "sim/steps/spike_counts.h"

#include <limits>
#include <vector>

namespace apical {

/// NaN where a lane has no such thing, or nobody measures it.
struct Spent {
    double timeMs = std::numeric_limits<double>::quiet_NaN(); ///< of models whose steps are ms
    /// Sent by all neurons since the start of the run; of models that report them by training
    /// presentation only (Anatomy::Measure::trainingSpikes) those, since somebody looks on.
    double spikes = std::numeric_limits<double>::quiet_NaN();
    double seconds =
        std::numeric_limits<double>::quiet_NaN(); ///< computing, since somebody looks on
};

/// Simulation thread. Costs next to nothing per step; only looks at the lane.
class LaneCost {
public:
    explicit LaneCost(const Simulation&);
    /// After every step: does nothing unless the step ended a training presentation.
    void afterStep(const Simulation&);
    Spent now(const Simulation&) const;
    /// Whoever steps the lane says how long that took.
    void add(double seconds) { m_seconds = (m_seconds > 0 ? m_seconds : 0) + seconds; }
    /// The lane stands at an earlier moment, up to which so much was spent.
    void goBack(const Spent&);

private:
    bool m_hasTime;
    std::vector<std::size_t> m_measures; ///< of spikes, per sample
    mutable SpikeCounts m_counts;
    double m_spikes = 0; ///< that the measures told of
    double m_seconds = std::numeric_limits<double>::quiet_NaN();
};

} // namespace apical
