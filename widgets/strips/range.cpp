#include "widgets/strips/range.h"

#include "widgets/look/number_text.h"
#include "widgets/plot/angle_scale.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace apical {
namespace {

constexpr double kLoose = 0.3; // a fitted range that is used less than that is fitted again
constexpr double kHalfTurn = 180; // degrees
constexpr double kSmallestVoltageRange = 0.01;
// What runs away leaves the strip instead of flattening what came before. Errors: likewise. A
// fitted range may be of any unit.
constexpr double kLargestVoltageRange = 1e3, kLargestError = 1e6, kLargestFitted = 1e9;

constexpr std::size_t kEnough = 20; // columns: of fewer none can be called wild
// A working circuit stays below these; what lies far above the rest besides is on its way out.
constexpr double kWildTimes = 20, kWildValue = 10, kWildErrorTimes = 1e3, kWildError = 100;

double decadeBelow(double value)
{
    return std::pow(10.0, std::floor(std::log10(value) + 1e-9));
}

double decadeAbove(double value)
{
    return std::pow(10.0, std::ceil(std::log10(value) - 1e-9));
}

} // namespace

void StripRange::start(const Strip& strip)
{
    m_logarithmic = strip.logarithmic;
    m_digits = strip.format == StripFormat::Percent;
    m_degrees = strip.format == StripFormat::Degrees;
    m_low = strip.low;
    m_high = strip.high;
    if (m_degrees)
        m_low = 0, m_high = kHalfTurn;
    m_lowest = strip.lowest;
    m_fitted = strip.fitted;
    m_empty = true;
    m_byHand = m_tight = false;
}

void StripRange::include(double least, double most)
{
    if (m_byHand || m_degrees || !std::isfinite(least) || !std::isfinite(most))
        return;
    if (!m_logarithmic) {
        const double reach =
            std::min(std::max(std::abs(least), std::abs(most)), kLargestVoltageRange);
        if (m_fitted) {
            fit(least, most);
        } else if (m_tight || reach > m_high) {
            m_high = niceStep(std::max(reach, kSmallestVoltageRange));
            m_low = -m_high;
        }
    } else {
        most = std::min(most, kLargestError);
        if (m_tight && most > m_lowest) {
            m_high = decadeAbove(most);
            m_low =
                std::max(m_lowest, std::min(decadeBelow(std::max(least, m_lowest)), m_high / 100));
        }
        if (least > 0 && least < m_low)
            m_low = std::max(m_lowest, std::min(m_low, decadeBelow(least)));
        if (most > m_high)
            m_high = decadeAbove(most);
    }
    m_tight = false;
}

double StripRange::wildAbove(std::vector<double> magnitudes) const
{
    if (magnitudes.size() < kEnough)
        return std::numeric_limits<double>::infinity();
    const auto usual = magnitudes.begin()
        + static_cast<std::ptrdiff_t>(0.9 * static_cast<double>(magnitudes.size()));
    std::nth_element(magnitudes.begin(), usual, magnitudes.end());
    return m_logarithmic ? std::max(kWildErrorTimes * *usual, kWildError)
                         : std::max(kWildTimes * *usual, kWildValue);
}

void StripRange::fit(double least, double most)
{
    least = std::clamp(least, -kLargestFitted, kLargestFitted);
    most = std::clamp(most, -kLargestFitted, kLargestFitted);
    // What was seen once and lies far outside of the rest scrolls away: then the range shrinks.
    const bool loose = most - least < kLoose * (m_high - m_low)
        && m_high - m_low > 2 * kSmallestVoltageRange + 0.2 * std::abs(most);
    if (!m_empty && !m_tight && !loose && least >= m_low && most <= m_high)
        return;
    if (!m_empty && !m_tight && !loose)
        least = std::min(least, m_low), most = std::max(most, m_high);
    const double span = std::max({most - least, 0.1 * std::abs(most), kSmallestVoltageRange});
    const double step = niceStep(span / 8);
    m_low = std::floor(least / step + 1e-9) * step;
    m_high = std::max(std::ceil(most / step - 1e-9) * step, m_low + 2 * step);
    m_empty = false;
}

void StripRange::autoscale()
{
    m_byHand = false;
    m_tight = true;
    if (m_degrees)
        m_low = 0, m_high = kHalfTurn;
}

void StripRange::zoom(double factor, double share)
{
    m_byHand = true;
    if (m_logarithmic) {
        const double a = std::log10(m_low), b = std::log10(m_high);
        const double around = a + share * (b - a);
        const double span = std::clamp((b - a) * factor, 0.5, 20.0);
        m_low = std::pow(10.0, around - share * span);
        m_high = std::pow(10.0, around + (1 - share) * span);
    } else {
        const double around = m_low + share * (m_high - m_low);
        const double span = std::clamp((m_high - m_low) * factor, 1e-6, 1e6);
        m_low = around - share * span;
        m_high = m_low + span;
    }
}

std::unique_ptr<PlotScale> StripRange::scale(double pixelLow, double pixelHigh) const
{
    if (m_degrees)
        return std::make_unique<AngleScale>(m_low, m_high, pixelLow, pixelHigh);
    if (!m_logarithmic)
        return std::make_unique<LinearScale>(m_low, m_high, pixelLow, pixelHigh);
    return std::make_unique<LogScale>(m_low, m_high, pixelLow, pixelHigh,
        m_digits ? LogScale::Labels::Digits : LogScale::Labels::Powers);
}

} // namespace apical
