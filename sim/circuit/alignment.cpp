#include "sim/circuit/alignment.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace apical {

AlignmentNumbers alignmentNumbers(std::span<const double> x, std::span<const double> y)
{
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    const std::size_t n = std::min(x.size(), y.size());
    AlignmentNumbers out{nan, nan, nan, n};
    if (n == 0)
        return out;
    double meanX = 0, meanY = 0, xx = 0, yy = 0, xy = 0;
    for (std::size_t i = 0; i < n; ++i) {
        meanX += x[i];
        meanY += y[i];
        xx += x[i] * x[i];
        yy += y[i] * y[i];
        xy += x[i] * y[i];
    }
    if (!std::isfinite(xx + yy + xy))
        return out;
    if (xx > 0 && yy > 0)
        out.cosine = std::clamp(xy / std::sqrt(xx) / std::sqrt(yy), -1.0, 1.0);

    meanX /= static_cast<double>(n);
    meanY /= static_cast<double>(n);
    double varX = 0, varY = 0, cov = 0; // about the means: the one-pass formula cancels
    for (std::size_t i = 0; i < n; ++i) {
        const double dx = x[i] - meanX, dy = y[i] - meanY;
        varX += dx * dx;
        varY += dy * dy;
        cov += dx * dy;
    }
    // Equal values leave rounding in the variance: below this they are one value.
    const auto spread = [n](double variance, double square) {
        return variance
            > 1e-26 * (square + std::numeric_limits<double>::min()) * static_cast<double>(n);
    };
    if (!spread(varX, xx))
        return out;
    out.slope = cov / varX;
    if (spread(varY, yy))
        out.r2 = std::min(1.0, cov / varX * (cov / varY));
    return out;
}

} // namespace apical
