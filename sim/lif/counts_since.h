// How many spikes neurons sent since what drives them last changed.
#pragma once

#include "sim/lif/lif_parameters.h"

#include <optional>
#include <span>
#include <vector>

namespace apical {

/// A rate is counts over time only while nothing that makes spikes changes. Sees a bench now and
/// then, remembers the moments at which parameters or inputs were others than before, and counts
/// from the last of them that is not later than what is seen. Constants of the soft-LIF curve alone
/// make no spikes. Plain value, any thread.
class CountsSince {
public:
    /// @param live false: an earlier moment is looked at, and nothing is forgotten
    /// @param changedMs when something was last changed, as far as is known; NaN: never
    /// @param drive input of each neuron @param spikes of each since the start of the run
    void see(bool live, double timeMs, double changedMs, double dt, const LifParameters&,
        std::span<const double> drive, std::span<const double> spikes);
    void clear();

    double beginMs() const { return m_beginMs; }
    double ms() const { return m_ms; } ///< 0: nothing is known of the moment that was seen last
    const std::vector<double>& counts() const { return m_counts; } ///< of these ms

private:
    struct Cause {
        double dt = 0;
        LifParameters parameters;
        std::vector<double> drive;
        bool operator==(const Cause&) const = default;
    };
    struct Mark {
        double timeMs = 0;
        Cause cause;
        std::vector<double> spikes; ///< until then
    };

    std::vector<Mark> m_marks; ///< in the order of time
    double m_beginMs = 0, m_ms = 0;
    std::vector<double> m_counts;
};

} // namespace apical
