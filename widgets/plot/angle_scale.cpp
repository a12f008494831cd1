#include "widgets/plot/angle_scale.h"

#include <cmath>

namespace apical {

std::vector<Tick> AngleScale::ticks(double minimumGap) const
{
    const double pixels = std::abs(pixelHigh() - pixelLow());
    if (!(pixels > 0) || !std::isfinite(low()) || !std::isfinite(high()))
        return {};
    const double least = (high() - low()) * std::max(minimumGap, 1.0) / pixels;
    double step = 15;
    for (const double wider : {45.0, 90.0, 180.0})
        step = step < least ? wider : step;
    if (high() - low() < 30) // zoomed in by hand
        return LinearScale::ticks(minimumGap);
    std::vector<Tick> result;
    for (double k = std::ceil(low() / step - 1e-9); k * step <= high() + 1e-9; ++k)
        result.push_back({k * step, toPixel(k * step), QString::number(k * step) + u'\u00b0'});
    return result;
}

std::unique_ptr<PlotScale> AngleScale::between(double pixelLow, double pixelHigh) const
{
    return std::make_unique<AngleScale>(low(), high(), pixelLow, pixelHigh);
}

QString angleText(double degrees)
{
    return std::isfinite(degrees) ? QString::number(degrees, 'f', 1) + u'\u00b0' : QString();
}

} // namespace apical
