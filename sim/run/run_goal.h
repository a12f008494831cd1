// How long a run lasts.
#pragma once

#include "sim/run/simulation.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace apical {

/// As a person gives it: at most one of them; none = a default that shows what there is to see.
struct RunLength {
    std::optional<std::uint64_t> steps{}, samples{}, epochs{};
    std::optional<double> timeMs{};
    bool operator==(const RunLength&) const = default;
};

/// Where a run ends: a number of steps, a simulated time or a number of presentations.
class RunGoal {
public:
    enum class Unit { Steps, Milliseconds, Presentations };

    /// Without any length: 40 s simulated, and at least 10 s after the experiment's last edit.
    /// @throws InputError for more than one length, a length out of range, or epochs of a stimulus
    /// that has none
    RunGoal(const RunLength&, const Simulation&);
    RunGoal(const RunLength&, const Experiment&, const Parameters&, const Stimulus&);

    double progress(const Clock&) const; ///< 0 at the start; the run ends at 1
    bool reached(const Clock& clock) const { return done(clock) >= m_amount - m_slack; }
    Unit unit() const { return m_unit; }
    double amount() const { return m_amount; }
    /// How many steps that takes as long as nothing changes.
    double expectedSteps(const Parameters&) const;

private:
    double done(const Clock& clock) const
    {
        return m_unit == Unit::Milliseconds
            ? clock.timeMs
            : static_cast<double>(m_unit == Unit::Steps ? clock.step : clock.pattern);
    }
    Unit m_unit = Unit::Milliseconds;
    double m_amount = 0;
    std::vector<int> m_layers; ///< of the network
    double m_slack = 0; ///< rounding of the summed time must not add a step
};

} // namespace apical
