// How well two sets of weights agree, point by point: the numbers beside the alignment scatters.
#pragma once

#include <cstddef>
#include <span>

namespace apical {

/// Of the points (x_i, y_i), x = target weight, y = weight. A number that the points do not
/// determine is NaN: no points, all x equal (slope, r2), all y equal (r2), one side all zero
/// (cosine), or a value that is not finite.
struct AlignmentNumbers {
    double slope; ///< of the least-squares line y = a + slope x; 1 on y = x (dimensionless)
    double r2; ///< squared correlation: how much of the spread of y that line explains
    double cosine; ///< of the angle between the weights as vectors, x.y / (|x| |y|)
    std::size_t points;
};

/// @param x, y same length; points beyond the shorter one are ignored
AlignmentNumbers alignmentNumbers(std::span<const double> x, std::span<const double> y);

} // namespace apical
