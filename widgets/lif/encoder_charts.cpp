#include "widgets/lif/encoder_charts.h"

#include "widgets/lif/given_text.h"
#include "widgets/look/number_text.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr std::size_t kMostBars = 60;
constexpr double kMargin = 1.12; // of an axis above what is drawn
constexpr double kRare = 1e-4; // share of counts that need no place on the axis

QString severalText(double share)
{
    constexpr double kRounding = 1e-9;
    return valueText(share > kRounding ? 100 * share : 0, 3) + u" %"_s;
}

/// "mean 0.25, variance 0.25": what tells one code from the other.
QString momentsText(double mean, double variance)
{
    return u"mean %1, variance %2"_s.arg(valueText(mean, 3), valueText(variance, 3));
}

/// The first and last count that is not rare in one of two distributions.
std::pair<std::size_t, std::size_t> usualCounts(
    const std::vector<double>& a, const std::vector<double>& b)
{
    // Two to four have a place also where they never come.
    std::size_t first = std::max(a.size(), b.size()), last = 4;
    for (const auto* shares : {&a, &b})
        for (std::size_t n = 0; n < shares->size(); ++n)
            if ((*shares)[n] > kRare) {
                first = std::min(first, n);
                last = std::max(last, n);
            }
    if (first < kMostBars / 3) // little is left out below: from 0 on
        first = 0;
    return {first, last};
}

} // namespace

QString EncoderLane::kind() const
{
    static const QString names[]{u"current"_s, u"Poisson"_s, u"Bernoulli"_s, u"periodic"_s};
    return names[std::clamp(parameters.encoder, 0, 3)];
}

std::vector<double> readBack(const EncoderLane& lane)
{
    std::vector<double> read;
    if (!(lane.ms > 0))
        return read;
    const double each = lane.tRef / (lane.parameters.trains * lane.ms);
    for (const double count : lane.counts)
        read.push_back(count * each);
    return read;
}

ReadingError readingError(const EncoderLane& lane)
{
    const std::vector<double> read = readBack(lane);
    ReadingError error;
    if (read.empty())
        return error;
    const int steps = static_cast<int>(std::lround(lane.ms / lane.dt));
    const double each = lane.tRef / (lane.parameters.trains * lane.ms);
    double made = 0, expected = 0;
    for (std::size_t i = 0; i < read.size(); ++i) {
        const double off = read[i] - std::max(0.0, lane.inputs[i]);
        made += off * off;
        // Of one step, times their number: the shares of so long a window are not needed.
        const double variance =
            countDistribution(lane.parameters, lane.tRef, lane.dt, lane.inputs[i], 1).variance;
        const bool drawn = lane.parameters.encoder != encoder_kind::periodic;
        expected += drawn ? steps * variance * each * each : 0;
    }
    const auto all = static_cast<double>(read.size());
    return {std::sqrt(made / all), std::sqrt(expected / all)};
}

Chart countChart(const EncoderLane& lane, int input, int steps)
{
    Chart chart;
    const auto at = static_cast<std::size_t>(input);
    const double x = at < lane.inputs.size() ? lane.inputs[at] : 0;
    const QString who = u"input %1, x = %2"_s.arg(input + 1).arg(givenText(x));
    chart.title = lane.name.isEmpty() ? lane.kind() + u": "_s + who : lane.name + u": "_s + who;
    if (!lane.sends()) {
        chart.note = u"The input is a current here: no spikes are sent."_s;
        return chart;
    }
    const CountsSeen seen = countsSeen(lane.spikes, steps);
    if (seen.windows == 0) {
        chart.note = u"Counted from now on, step by step: let the encoder run."_s;
        return chart;
    }
    const CountDistribution law = countDistribution(lane.parameters, lane.tRef, lane.dt, x, steps);
    ChartSeries counted, expected;
    counted.name = u"counted"_s;
    counted.value = momentsText(seen.mean, seen.variance);
    counted.color = lane.color;
    counted.fill = 0.35;
    counted.bar = 1;
    expected.name = lane.kind();
    expected.value = momentsText(law.mean, law.variance);
    expected.color = [](const Theme& t) { return t.ink; };
    expected.dash = 1;
    expected.marker = ChartSeries::Marker::Diamond;
    const auto [first, last] = usualCounts(seen.shares, law.shares);
    double high = 0;
    for (std::size_t n = first; n <= last; ++n) {
        const double share = n < seen.shares.size() ? seen.shares[n] : 0;
        counted.x.push_back(static_cast<double>(n));
        counted.y.push_back(100 * share);
        expected.y.push_back(100 * law.share(n));
        high = std::max({high, counted.y.back(), expected.y.back()});
    }
    expected.x = counted.x;
    if (counted.x.size() > kMostBars)
        expected.marker = ChartSeries::Marker::None;
    const double window = steps * lane.dt;
    chart.x.name = u"spikes in "_s + durationText(window);
    chart.x.whole = true;
    chart.x.low = static_cast<double>(first) - 0.5;
    chart.x.high = static_cast<double>(last) + 0.5;
    chart.y.name = u"windows"_s;
    chart.y.unit = u"%"_s;
    chart.y.high = kMargin * std::max(high, 1e-3);
    chart.note = u"two or more: %1, expected %2"_s.arg(
        severalText(seen.several()), severalText(law.several()));
    chart.series = {std::move(counted), std::move(expected)};
    return chart;
}

Chart readingChart(const std::vector<EncoderLane>& lanes)
{
    Chart chart;
    chart.title = u"Read back from counts"_s;
    chart.x.name = u"input x"_s;
    chart.y.name = u"counts t_ref / (M T)"_s;
    chart.x.unit = chart.y.unit = u"1"_s;
    chart.x.inset = chart.y.inset = 6;
    double high = 0.1;
    for (const EncoderLane& lane : lanes) {
        const std::vector<double> read = readBack(lane);
        if (read.empty() || !lane.sends())
            continue;
        ChartSeries points;
        points.name = lane.name.isEmpty() ? lane.kind() : lane.name;
        points.color = lane.color;
        points.joined = false;
        points.marker = ChartSeries::Marker::Circle;
        std::vector<std::size_t> order(read.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::stable_sort(order, {}, [&](std::size_t i) { return lane.inputs[i]; });
        for (const std::size_t i : order) {
            points.x.push_back(lane.inputs[i]);
            points.y.push_back(read[i]);
            high = std::max({high, lane.inputs[i], read[i]});
        }
        chart.series.push_back(std::move(points));
    }
    if (chart.series.empty()) {
        chart.note = u"No input is sent as spikes."_s;
        return chart;
    }
    chart.x.high = chart.y.high = high;
    ChartSeries line;
    line.name = u"y = x"_s;
    line.color = [](const Theme& t) { return t.ink3; };
    line.width = 1;
    line.x = line.y = {0, high};
    chart.series.insert(chart.series.begin(), std::move(line));
    return chart;
}

QString encoderCsv(const std::vector<EncoderLane>& lanes)
{
    QString out = u"lane,input,x,counted_ms,spikes,read_back\n"_s;
    for (const EncoderLane& lane : lanes) {
        const std::vector<double> read = readBack(lane);
        for (std::size_t i = 0; i < read.size(); ++i)
            out += u"%1,%2,%3,%4,%5,%6\n"_s.arg(lane.name).arg(i + 1).arg(exactText(lane.inputs[i]),
                exactText(lane.ms), exactText(lane.counts[i]), exactText(read[i]));
    }
    return out;
}

} // namespace apical
