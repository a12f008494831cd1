// Rates over the current: theory, soft-LIF and its slope, and what simulated neurons came to.
#pragma once

#include "sim/lif/rate_comparison.h"
#include "widgets/chart/chart.h"

#include <vector>

namespace apical {

/// Simulated rates of a lane.
struct RateLane {
    QString name; ///< "" where there is one
    std::function<QColor(const Theme&)> color;
    bool noisy = false; ///< its input is drawn
    RateComparison rates;
};

/// What is worth saying of a lane: "−12.8 % at j = 10", "within 1/T of eq. 8", "11 Hz below V".
QString rateVerdict(const RateLane&);
/// The worst of all lanes in a sentence; "" before anything was counted.
QString ratesVerdict(const std::vector<RateLane>&);

/// Eq. 8 and soft-LIF over the current, in Hz, and the points of all lanes with bars of 1/T.
/// @param p of the lane whose curves are drawn
Chart rateChart(const LifParameters& p, const std::vector<RateLane>&);
/// Slopes of both curves.
Chart slopeChart(const LifParameters& p, const std::vector<RateLane>&);
/// Relative deviation of the points from eq. 8, in %, where that is not 0.
Chart deviationChart(const std::vector<RateLane>&);
/// The rate of soft-LIF at the threshold over its smoothing g, and where the present g is.
Chart thresholdChart(const LifParameters& p);

/// lane,current,counted_ms,rate_hz,theory_hz,soft_hz,soft_slope_hz of every point.
QString ratesCsv(const LifParameters& p, const std::vector<RateLane>&);

} // namespace apical
