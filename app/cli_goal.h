// How long a headless run lasts.
#pragma once

#include "sim/simulation.h"

#include <cstdint>
#include <string>

namespace apical {

struct RunOptions;

/// Where a run ends: a number of steps, a simulated time or a number of presentations.
class RunGoal {
public:
    /// From the options; without any: 40 s simulated, and at least 10 s after the experiment's last
    /// edit.
    /// @throws InputError for more than one length, a length out of range, or epochs of a stimulus
    /// that has none
    RunGoal(const RunOptions&, const Simulation&);

    double progress(const Clock&) const; ///< 0 at the start; the run ends at 1
    bool reached(const Clock& clock) const { return progress(clock) >= 1; }
    std::string text(const Clock&) const; ///< "12.4 s of 40 s"

private:
    enum class Unit { Steps, Milliseconds, Presentations };
    Unit m_unit = Unit::Milliseconds;
    double m_amount = 0;
    double m_slack = 0; ///< rounding of the summed time must not add a step
};

/// "820 ms", "12.4 s"
std::string durationText(double ms);

} // namespace apical
