#include "sim/insight/diagnosis_trend.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace apical {
namespace {

constexpr std::size_t kBlocks = 8;

double median(std::vector<double>& values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

} // namespace

double Trend::halfLifeMs() const
{
    return falling() ? std::log(2.0) / -rate : 0;
}

double Trend::timeToMs(double goal) const
{
    if (known && level <= goal)
        return 0;
    return falling() && goal > 0 ? std::log(level / goal) / -rate
                                 : std::numeric_limits<double>::infinity();
}

Trend trendOf(
    std::span<const double> timeMs, std::span<const double> values, double fromMs, double toMs)
{
    Trend out;
    if (!(toMs > fromMs))
        return out;
    std::array<std::vector<double>, kBlocks> blocks;
    std::size_t samples = 0;
    const auto begin = std::lower_bound(timeMs.begin(), timeMs.end(), fromMs);
    const double perBlock = (toMs - fromMs) / static_cast<double>(kBlocks);
    for (auto i = static_cast<std::size_t>(begin - timeMs.begin());
         i < values.size() && timeMs[i] <= toMs; ++i) {
        if (!std::isfinite(values[i]) || values[i] < 0)
            continue;
        const auto block = static_cast<std::size_t>((timeMs[i] - fromMs) / perBlock);
        blocks[std::min(block, kBlocks - 1)].push_back(std::log(std::max(values[i], 1e-300)));
        ++samples;
    }

    std::vector<double> x, y;
    for (std::size_t b = 0; b < kBlocks; ++b)
        if (!blocks[b].empty()) {
            x.push_back(fromMs + (static_cast<double>(b) + 0.5) * perBlock);
            y.push_back(median(blocks[b]));
        }
    if (samples < 2 * kBlocks || y.size() < kBlocks - 2)
        return out;

    const auto n = static_cast<double>(y.size());
    double meanX = 0, meanY = 0;
    for (std::size_t i = 0; i < y.size(); ++i)
        meanX += x[i] / n, meanY += y[i] / n;
    double xx = 0, xy = 0;
    for (std::size_t i = 0; i < y.size(); ++i)
        xx += (x[i] - meanX) * (x[i] - meanX), xy += (x[i] - meanX) * (y[i] - meanY);
    out.rate = xy / xx;
    double residual = 0;
    for (std::size_t i = 0; i < y.size(); ++i)
        residual += std::pow(y[i] - meanY - out.rate * (x[i] - meanX), 2);
    out.rateError = std::sqrt(residual / (n - 2) / xx);
    out.level = std::exp(y.back());
    out.before = std::exp(y.front());
    out.spanMs = x.back() - x.front();
    out.known = true;
    return out;
}

ErrorSeries leastPer(const ErrorSeries& series, double spanMs)
{
    constexpr std::array rows{&ErrorSeries::apical, &ErrorSeries::interneuron,
        &ErrorSeries::feedforward, &ErrorSeries::feedback};
    if (!(spanMs > 0))
        return series;
    ErrorSeries out;
    double cell = std::numeric_limits<double>::quiet_NaN();
    for (std::size_t i = 0; i < series.timeMs.size(); ++i) {
        // A bin belongs to the stretch in which it ends; its end may stand on the border.
        const double now = std::ceil(series.timeMs[i] / spanMs - 1e-6);
        const bool first = now != cell;
        cell = now;
        if (first)
            out.timeMs.push_back(series.timeMs[i]);
        else
            out.timeMs.back() = series.timeMs[i];
        for (const auto row : rows) {
            const double value = (series.*row)[i];
            std::vector<double>& to = out.*row;
            if (first)
                to.push_back(value);
            else if (value < to.back() || !std::isfinite(to.back()))
                to.back() = value;
        }
    }
    return out;
}

Trends trendsOf(const ErrorSeries& past, double windowMs)
{
    if (past.timeMs.empty())
        return {};
    const double to = past.timeMs.back();
    const double from = std::max(to - windowMs, past.timeMs.front());
    const auto of = [&](const std::vector<double>& values) {
        return trendOf(past.timeMs, values, from, to);
    };
    return {of(past.apical), of(past.interneuron), of(past.feedforward), of(past.feedback)};
}

} // namespace apical
