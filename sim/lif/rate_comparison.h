// The rates that neurons have beside those that they should have, and the curves these lie on.
#pragma once

#include "sim/lif/lif_parameters.h"

#include <optional>
#include <span>
#include <vector>

namespace apical {

/// dr/dj of hardRate(), spikes per ms and unit of current: r^2 tau V / (j (j - V)) above the
/// threshold, where it comes from infinity; 0 below.
double hardRateSlope(const SoftLif&, double current);

/// r_s(V), spikes per ms, if the smoothing were g: 1 / (t_ref + tau log(1 + V / (g log 2))). Falls
/// to the hard limit 0 only like 1 / log(1 / g).
double softRateAtThreshold(SoftLif, double smoothing);

/// Currents at which to draw a rate curve from low to high, ascending: even steps, and ever closer
/// ones on either side of the threshold, where the curve bends. @param steps at least 1
std::vector<double> curveCurrents(const SoftLif&, double low, double high, int steps);

/// One neuron; Hz.
struct RatePoint {
    double current = 0; ///< x, what drives it in the mean
    double rate = 0; ///< counts over time
    double theory = 0; ///< eq. 8 at x
    /// Relative deviation from theory, where that is not 0.
    double deviation() const { return (rate - theory) / theory; }
};

struct RateComparison {
    double ms = 0; ///< T that was counted
    double threshold = 1;
    std::vector<RatePoint> points; ///< ascending current

    /// 1/T in Hz: that much a regular train can be off by where it was cut. Infinite for T = 0.
    double oneSpike() const;
    /// The point with the largest relative deviation among those that theory lets fire and that
    /// are off by more than 1/T; nullptr: there is none.
    const RatePoint* worst() const;
    /// The fastest of those that fire though their current does not pass the threshold, by more
    /// than 1/T; nullptr: none does.
    const RatePoint* fastestBelow() const;
};

/// @param drive, counts of each neuron @param ms in which they were counted
RateComparison compareRates(
    const LifParameters&, std::span<const double> drive, std::span<const double> counts, double ms);

} // namespace apical
