#include "widgets/plot/scale.h"

#include "widgets/look/number_text.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace apical {

PlotScale::PlotScale(double low, double high, double pixelLow, double pixelHigh)
    : m_low(low)
    , m_high(high > low ? high : low + 1)
    , m_pixelLow(pixelLow)
    , m_pixelHigh(pixelHigh)
{
}

double LinearScale::toPixel(double value) const
{
    return m_pixelLow + (value - m_low) / (m_high - m_low) * (m_pixelHigh - m_pixelLow);
}

double LinearScale::toValue(double pixel) const
{
    const double span = m_pixelHigh - m_pixelLow;
    return span == 0 ? m_low : m_low + (pixel - m_pixelLow) / span * (m_high - m_low);
}

std::vector<Tick> LinearScale::ticks(double minimumGap) const
{
    std::vector<Tick> result;
    const double pixels = std::abs(m_pixelHigh - m_pixelLow);
    if (!(pixels > 0) || !std::isfinite(m_low) || !std::isfinite(m_high))
        return result;
    const double step = niceStep((m_high - m_low) * std::max(minimumGap, 1.0) / pixels);
    const double slack = step * 1e-9;
    for (double k = std::ceil((m_low - slack) / step); k * step <= m_high + slack; ++k)
        result.push_back({k * step, toPixel(k * step), signedTick(k * step, step)});
    return result;
}

std::unique_ptr<PlotScale> LinearScale::between(double pixelLow, double pixelHigh) const
{
    return std::make_unique<LinearScale>(m_low, m_high, pixelLow, pixelHigh);
}

LogScale::LogScale(double low, double high, double pixelLow, double pixelHigh, Labels labels)
    : PlotScale(low, high, pixelLow, pixelHigh)
    , m_labels(labels)
    , m_logLow(std::log10(m_low))
    , m_logHigh(std::log10(m_high))
{
}

double LogScale::toPixel(double value) const
{
    const double position =
        value > m_low ? std::log10(value) : m_logLow; // NaN goes to the floor too
    return m_pixelLow + (position - m_logLow) / (m_logHigh - m_logLow) * (m_pixelHigh - m_pixelLow);
}

double LogScale::toValue(double pixel) const
{
    const double span = m_pixelHigh - m_pixelLow;
    const double share = span == 0 ? 0 : (pixel - m_pixelLow) / span;
    return std::pow(10.0, m_logLow + share * (m_logHigh - m_logLow));
}

std::vector<Tick> LogScale::ticks(double minimumGap) const
{
    std::vector<Tick> result;
    const double pixels = std::abs(m_pixelHigh - m_pixelLow);
    if (!(pixels > 0) || !(m_low > 0) || !std::isfinite(m_logHigh))
        return result;
    const double perDecade = pixels / (m_logHigh - m_logLow);
    const int every = std::max(1, static_cast<int>(std::ceil(minimumGap / perDecade)));
    const int first = static_cast<int>(std::ceil(m_logLow - 1e-9));
    const int last = static_cast<int>(std::floor(m_logHigh + 1e-9));
    for (int e = first; e <= last; ++e) {
        const double value = std::pow(10.0, e);
        const double pixel =
            m_pixelLow + (e - m_logLow) / (m_logHigh - m_logLow) * (m_pixelHigh - m_pixelLow);
        const bool labelled = e % every == 0;
        result.push_back(
            {value, pixel, labelled ? powerOfTen(e, m_labels == Labels::Digits) : QString()});
    }
    if (result.empty())
        return withinDecade(minimumGap);
    const bool any = std::ranges::any_of(result, [](const Tick& t) { return !t.label.isEmpty(); });
    if (!any) { // an axis without a number says nothing
        Tick& middle = result[result.size() / 2];
        middle.label =
            powerOfTen(first + static_cast<int>(result.size() / 2), m_labels == Labels::Digits);
    }
    return result;
}

/// Where no power of ten is in sight: multiples of the one below.
std::vector<Tick> LogScale::withinDecade(double minimumGap) const
{
    std::vector<Tick> result;
    const double unit = std::pow(10.0, std::floor(m_logLow));
    for (int k = 1; k < 10; ++k) {
        const double value = k * unit;
        if (value < m_low || value > m_high)
            continue;
        const double pixel = toPixel(value);
        if (result.empty() || std::abs(pixel - result.back().pixel) >= minimumGap)
            result.push_back({value, pixel, valueText(value, 1)});
    }
    return result;
}

std::unique_ptr<PlotScale> LogScale::between(double pixelLow, double pixelHigh) const
{
    return std::make_unique<LogScale>(m_low, m_high, pixelLow, pixelHigh, m_labels);
}

} // namespace apical
