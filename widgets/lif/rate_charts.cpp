#include "widgets/lif/rate_charts.h"

#include "widgets/lif/given_text.h"
#include "widgets/look/number_text.h"

#include <algorithm>
#include <cmath>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kPerSecond = 1000; // of a rate per ms
constexpr int kSteps = 240; // of a curve
constexpr double kMargin = 1.06; // of an axis above what is drawn
constexpr double kLeastDeviation = 2, kMostDeviation = 60; // %, of the axis
constexpr double kSmallestG = 1e-9, kLargestG = 10;

QColor theoryColor(const Theme& t)
{
    return t.ink;
}

/// No colour of a lane.
QColor softColor(const Theme& t)
{
    return t.apical;
}

std::pair<double, double> currentRange(const SoftLif& lif, const std::vector<RateLane>& lanes)
{
    double low = 0, high = 2 * lif.threshold;
    for (const RateLane& lane : lanes)
        for (const RatePoint& point : lane.rates.points) {
            low = std::min(low, point.current);
            high = std::max(high, point.current);
        }
    return {low, high};
}

void nameCurrents(Chart& chart, std::pair<double, double> range)
{
    chart.x.name = u"current j"_s;
    chart.x.unit = u"1"_s;
    chart.x.low = range.first;
    chart.x.high = range.second;
    chart.x.inset = 6; // points at the ends stay whole
}

template <class Function>
ChartSeries curve(const QString& name, QColor (*color)(const Theme&), int dash,
    const std::vector<double>& currents, const Function& value)
{
    ChartSeries series;
    series.name = name;
    series.color = color;
    series.dash = dash;
    series.x = currents;
    for (const double j : currents)
        series.y.push_back(value(j));
    return series;
}

/// How far a point may be off because its train was cut somewhere, in the unit of the axis.
QString cutText(const RateLane& lane)
{
    return u"\u00b11/T = %1 Hz"_s.arg(valueText(lane.rates.oneSpike(), 2));
}

QString percentText(double share)
{
    const double percent = 100 * share;
    const int digits = std::abs(percent) < 99.95 ? 1 : 0;
    return (percent < 0 ? u"\u2212"_s : u"+"_s) + QString::number(std::abs(percent), 'f', digits)
        + u" %"_s;
}

ChartSeries points(const RateLane& lane, const QString& otherwise)
{
    ChartSeries series;
    series.name = lane.name.isEmpty() ? otherwise : lane.name;
    series.color = lane.color;
    series.joined = false;
    series.marker = lane.noisy ? ChartSeries::Marker::Diamond : ChartSeries::Marker::Circle;
    return series;
}

} // namespace

QString rateVerdict(const RateLane& lane)
{
    if (lane.rates.points.empty())
        return {};
    QString text;
    if (const RatePoint* worst = lane.rates.worst())
        text = percentText(worst->deviation()) + u" at j = "_s + givenText(worst->current);
    if (const RatePoint* below = lane.rates.fastestBelow()) {
        text += text.isEmpty() ? QString() : u", "_s;
        text += valueText(below->rate, 2) + u" Hz at j = "_s + givenText(below->current);
    }
    return text.isEmpty() ? u"as eq. 8, "_s + cutText(lane) : text;
}

QString ratesVerdict(const std::vector<RateLane>& lanes)
{
    const RateLane* lane = nullptr;
    const RatePoint* worst = nullptr;
    bool counted = false;
    for (const RateLane& each : lanes) {
        counted = counted || !each.rates.points.empty();
        const RatePoint* point = each.rates.worst();
        if (point && (!worst || std::abs(point->deviation()) > std::abs(worst->deviation()))) {
            lane = &each;
            worst = point;
        }
    }
    if (!counted)
        return {};
    if (!worst)
        return u"all within \u00b11/T of theory"_s;
    const QString who = lane->name.isEmpty() ? QString() : lane->name + u": "_s;
    return u"worst, %1%2 at j = %3"_s.arg(
        who, percentText(worst->deviation()), givenText(worst->current));
}

Chart rateChart(const LifParameters& p, const std::vector<RateLane>& lanes)
{
    const SoftLif lif = softLifOf(p);
    Chart chart;
    chart.title = u"Rate"_s;
    nameCurrents(chart, currentRange(lif, lanes));
    chart.y.name = u"rate"_s;
    chart.y.unit = u"Hz"_s;
    chart.y.inset = 5;
    const auto currents = curveCurrents(lif, chart.x.low, chart.x.high, kSteps);
    chart.series = {curve(u"soft-LIF, g = "_s + givenText(p.smoothing), softColor, 0, currents,
                        [&](double j) { return kPerSecond * lif.rate(j).value; }),
        curve(u"theory (eq. 8)"_s, theoryColor, 1, currents,
            [&](double j) { return kPerSecond * hardRate(lif, j); })};
    double high = 1;
    for (const ChartSeries& series : chart.series)
        high = std::max(high, *std::ranges::max_element(series.y));
    double ms = 0;
    for (const RateLane& lane : lanes) {
        if (lane.rates.points.empty())
            continue;
        ms = std::max(ms, lane.rates.ms);
        ChartSeries series = points(lane, u"simulated"_s);
        series.value = rateVerdict(lane);
        series.spread = ChartSeries::Spread::Whiskers;
        const double cut = lane.rates.oneSpike();
        for (const RatePoint& point : lane.rates.points) {
            series.x.push_back(point.current);
            series.y.push_back(point.rate);
            series.low.push_back(std::max(0.0, point.rate - cut));
            series.high.push_back(point.rate + cut);
            high = std::max(high, point.rate);
        }
        chart.series.push_back(std::move(series));
    }
    chart.y.high = kMargin * high;
    chart.note = ms > 0 ? u"counted for T = %1 s, bars \u00b11/T"_s.arg(valueText(ms / 1000, 3))
                        : u"spikes are counted from now on"_s;
    return chart;
}

Chart slopeChart(const LifParameters& p, const std::vector<RateLane>& lanes)
{
    const SoftLif lif = softLifOf(p);
    Chart chart;
    chart.title = u"Slope"_s;
    nameCurrents(chart, currentRange(lif, lanes));
    chart.y.name = u"dr/dj"_s;
    chart.y.unit = u"Hz"_s;
    const auto currents = curveCurrents(lif, chart.x.low, chart.x.high, kSteps);
    chart.series = {curve(u"soft-LIF"_s, softColor, 0, currents,
                        [&](double j) { return kPerSecond * lif.rate(j).slope; }),
        curve(u"theory"_s, theoryColor, 1, currents,
            [&](double j) { return kPerSecond * hardRateSlope(lif, j); })};
    const std::vector<double>& soft = chart.series.front().y;
    const auto steepest = std::ranges::max_element(soft);
    const double at = currents[static_cast<std::size_t>(steepest - soft.begin())];
    chart.y.high = kMargin * std::max(1e-3, *steepest); // that of theory comes from infinity
    chart.note = u"steepest %1 Hz at j = %2"_s.arg(valueText(*steepest, 3), valueText(at, 3));
    return chart;
}

Chart deviationChart(const std::vector<RateLane>& lanes)
{
    Chart chart;
    chart.title = u"Simulated against theory"_s;
    nameCurrents(chart, {0, 2});
    chart.y.name = u"deviation"_s;
    chart.y.unit = u"%"_s;
    chart.y.inset = 6;
    double low = -kLeastDeviation, high = kLeastDeviation, last = 2;
    for (const RateLane& lane : lanes) {
        ChartSeries series = points(lane, u"simulated"_s);
        series.joined = true;
        series.width = 1;
        for (const RatePoint& point : lane.rates.points) {
            last = std::max(last, point.current);
            if (!(point.theory > 0))
                continue;
            const double off = 100 * point.deviation();
            const double cut = 100 * lane.rates.oneSpike() / point.theory;
            series.x.push_back(point.current);
            series.y.push_back(off);
            series.low.push_back(off - cut);
            series.high.push_back(off + cut);
            low = std::min(low, std::max(off, -kMostDeviation));
            high = std::max(high, std::min(off, kMostDeviation));
        }
        if (!series.x.empty())
            chart.series.push_back(std::move(series));
    }
    if (chart.series.empty()) {
        chart.note = u"No neuron has a current above the threshold."_s;
        for (const RateLane& lane : lanes)
            if (lane.rates.points.empty())
                chart.note = u"Spikes are counted from now on: let the neurons run."_s;
        return chart;
    }
    chart.x.high = last;
    const double step = niceStep((high - low) / 6);
    chart.y.low = step * std::floor(low / step - 0.2);
    chart.y.high = step * std::ceil(high / step + 0.2);
    // Bands of a fresh count are wider than the axis: they end at its ends.
    for (ChartSeries& series : chart.series)
        for (std::size_t i = 0; i < series.x.size(); ++i) {
            series.low[i] = std::clamp(series.low[i], chart.y.low, chart.y.high);
            series.high[i] = std::clamp(series.high[i], chart.y.low, chart.y.high);
        }
    chart.note = ratesVerdict(lanes);
    return chart;
}

Chart thresholdChart(const LifParameters& p)
{
    const SoftLif lif = softLifOf(p);
    const auto rate = [&](double g) { return kPerSecond * softRateAtThreshold(lif, g); };
    Chart chart;
    chart.title = u"Soft-LIF at j = V"_s;
    chart.x.name = u"smoothing g"_s;
    chart.x.unit = u"1"_s;
    chart.x.logarithmic = true;
    chart.x.low = kSmallestG;
    chart.x.high = kLargestG;
    chart.y.name = u"rate"_s;
    chart.y.unit = u"Hz"_s;
    chart.y.inset = 5;
    ChartSeries soft, now;
    soft.name = u"r(V)"_s;
    soft.color = softColor;
    for (double decade = std::log10(kSmallestG); decade < std::log10(kLargestG) + 0.05;
         decade += 0.1) {
        soft.x.push_back(std::pow(10, decade));
        soft.y.push_back(rate(soft.x.back()));
    }
    chart.y.high = kMargin * soft.y.back();
    now.name = u"g = "_s + givenText(p.smoothing);
    now.value = valueText(rate(p.smoothing), 3) + u" Hz"_s;
    now.color = [](const Theme& t) { return t.accent; };
    now.marker = ChartSeries::Marker::Square;
    now.x = {std::clamp(p.smoothing, kSmallestG, kLargestG)};
    now.y = {rate(now.x.front())};
    chart.series = {std::move(soft), std::move(now)};
    chart.note = u"theory: 0, reached as 1/log(1/g)"_s;
    return chart;
}

QString ratesCsv(const LifParameters& p, const std::vector<RateLane>& lanes)
{
    const SoftLif lif = softLifOf(p);
    QString out = u"lane,current,counted_ms,rate_hz,theory_hz,soft_hz,soft_slope_hz\n"_s;
    for (const RateLane& lane : lanes)
        for (const RatePoint& point : lane.rates.points) {
            const auto soft = lif.rate(point.current);
            out += u"%1,%2,%3,%4,%5,%6,%7\n"_s.arg(lane.name, exactText(point.current),
                exactText(lane.rates.ms), exactText(point.rate), exactText(point.theory),
                exactText(kPerSecond * soft.value), exactText(kPerSecond * soft.slope));
        }
    return out;
}

} // namespace apical
