// Which way an error goes, judged through the flicker of random patterns. Pure functions of a
// series.
#pragma once

#include "sim/insight/diagnosis.h"

#include <span>

namespace apical {

/// The course of one positive error over a window, from the medians of eight blocks of equal
/// duration: a median shrugs off the few samples that a pattern change spoils, and block medians
/// make the scatter measurable.
struct Trend {
    bool known = false; ///< false: too few samples for a judgement
    double level = 0; ///< median of the last block
    double before = 0; ///< median of the first block
    double spanMs = 0; ///< from the middle of the first block to that of the last
    double rate = 0; ///< slope of ln(error) per ms, least squares over the blocks
    double rateError = 0; ///< its standard error

    /// Beyond chance, and by more than one per cent over the window.
    bool falling() const { return known && rate * spanMs < -0.01 && -rate > 2.5 * rateError; }
    bool rising() const { return known && rate * spanMs > 0.01 && rate > 2.5 * rateError; }
    /// ms in which the error halves; 0 unless it falls
    double halfLifeMs() const;
    /// ms until `goal` at this rate; 0 when there, infinity unless it falls
    double timeToMs(double goal) const;
};

/// @param timeMs ascending, same length as `values`; values that are not finite or not positive are
/// skipped
Trend trendOf(
    std::span<const double> timeMs, std::span<const double> values, double fromMs, double toMs);

/// The least of each error in each stretch of `spanMs` (one presentation): what is left once the
/// transients of a pattern change are over. Bins longer than that stay as they are.
ErrorSeries leastPer(const ErrorSeries&, double spanMs);

/// The four trends over the last `windowMs` of a series.
struct Trends {
    Trend apical, interneuron, feedforward, feedback;
};
Trends trendsOf(const ErrorSeries&, double windowMs);

} // namespace apical
