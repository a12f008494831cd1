#include "widgets/network/norm_charts.h"

#include "widgets/look/number_text.h"

#include <cmath>
#include <cstddef>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr int kMostBins = 40, kLeastBins = 10, kCurve = 160;
constexpr double kMargin = 1.15; // of an axis above what is drawn
constexpr double kTall = 2; // times the bars: a curve that is higher leaves the axis
constexpr double kFloor = 1e-18, kCeiling = 10; // of differences
enum Column { kGain, kShift, kMean, kVariance };

/// Values along one axis, in bins.
struct Bins {
    double low = -1, width = 0.1;
    int count = 20;
    double high() const { return low + count * width; }
    double middle(int bin) const { return low + (bin + 0.5) * width; }
};

template <class Visit> void eachUnit(int rows, int unit, const Visit& visit)
{
    for (int i = unit < 0 ? 0 : unit; i < (unit < 0 ? rows : unit + 1); ++i)
        visit(i);
}

std::vector<double> valuesOf(const Matrix& all, int unit)
{
    std::vector<double> values;
    eachUnit(all.rows, unit, [&](int i) {
        for (int k = 0; k < all.cols; ++k)
            values.push_back(all(i, k));
    });
    return values;
}

/// Where single units stand: mean and deviation of each.
std::vector<NormMoments> runningEach(const Matrix& norm, int unit)
{
    std::vector<NormMoments> each;
    eachUnit(norm.rows, unit, [&](int i) {
        each.push_back({norm(i, kMean), std::sqrt(std::max(0.0, norm(i, kVariance)))});
    });
    return each;
}

std::vector<NormMoments> wantedEach(const Matrix& norm, int unit)
{
    std::vector<NormMoments> each;
    eachUnit(norm.rows, unit, [&](int i) {
        each.push_back({norm(i, kShift), std::abs(norm(i, kGain))});
    });
    return each;
}

/// Of values that are taken from all of these in equal parts.
NormMoments together(const std::vector<NormMoments>& each)
{
    if (each.empty())
        return {};
    const auto n = static_cast<double>(each.size());
    double mean = 0, variance = 0;
    for (const NormMoments& m : each)
        mean += m.mean / n;
    for (const NormMoments& m : each)
        variance += (m.deviation * m.deviation + (m.mean - mean) * (m.mean - mean)) / n;
    return {mean, std::sqrt(variance)};
}

Bins binsOf(const NormTrace::Layer& layer, int unit)
{
    double low = HUGE_VAL, high = -HUGE_VAL;
    std::size_t count = 0;
    for (const Matrix* all : {&layer.before, &layer.after})
        for (const double v : valuesOf(*all, unit)) {
            if (!std::isfinite(v))
                continue;
            low = std::min(low, v);
            high = std::max(high, v);
            ++count;
        }
    if (count == 0)
        return {};
    const double room = std::max(high - low, 1e-3);
    const int bins = std::clamp(
        static_cast<int>(3 * std::sqrt(static_cast<double>(count))), kLeastBins, kMostBins);
    Bins found;
    found.width = niceStep(1.1 * room / bins);
    found.low = std::floor((low - 0.05 * room) / found.width) * found.width;
    found.count = static_cast<int>(std::ceil((high + 0.05 * room - found.low) / found.width));
    return found;
}

QString momentsText(const NormMoments& m)
{
    return u"mean %1, sd %2"_s.arg(valueText(m.mean, 3), valueText(m.deviation, 3));
}

ChartSeries bars(const std::vector<double>& values, const Bins& bins, const NormMoments& moments)
{
    ChartSeries series;
    series.value = momentsText(moments);
    series.fill = 0.4;
    series.bar = bins.width;
    std::vector<int> in(static_cast<std::size_t>(bins.count), 0);
    for (const double v : values) {
        const double at = std::floor((v - bins.low) / bins.width);
        if (at >= 0 && at < bins.count)
            ++in[static_cast<std::size_t>(at)];
    }
    for (int b = 0; b < bins.count; ++b) {
        series.x.push_back(bins.middle(b));
        series.y.push_back(100.0 * in[static_cast<std::size_t>(b)]
            / std::max(1.0, static_cast<double>(values.size())));
    }
    return series;
}

/// Normal laws in equal parts, as shares of a bin.
ChartSeries law(const std::vector<NormMoments>& each, const Bins& bins)
{
    ChartSeries series;
    series.color = [](const Theme& t) { return t.ink; };
    series.dash = 1;
    series.value = momentsText(together(each));
    for (int k = 0; k <= kCurve; ++k) {
        const double x = bins.low + (bins.high() - bins.low) * k / kCurve;
        double share = 0;
        for (const NormMoments& m : each) {
            const double sd = std::max(m.deviation, bins.width / 4), off = (x - m.mean) / sd;
            share += std::exp(-off * off / 2) / sd;
        }
        constexpr double kNormal = 0.3989422804014327; // 1 / sqrt(2 pi)
        series.x.push_back(x);
        series.y.push_back(100 * kNormal * bins.width * share / static_cast<double>(each.size()));
    }
    return series;
}

Chart histogram(const NormPicture& p, const NormLook& look, const Matrix& values, const Bins& bins,
    ChartSeries expected)
{
    Chart chart;
    ChartSeries counted = bars(valuesOf(values, look.unit), bins, momentsOf(values, look.unit));
    counted.name = u"this batch"_s;
    double most = 1, curve = 0;
    for (const double y : counted.y)
        most = std::max(most, y);
    for (const double y : expected.y)
        curve = std::max(curve, y);
    chart.x.low = bins.low;
    chart.x.high = bins.high();
    chart.x.unit = u"1"_s;
    chart.y.name = u"values"_s;
    chart.y.unit = u"%"_s;
    chart.y.high = kMargin * std::max(most, std::min(curve, kTall * most));
    chart.note = look.unit < 0 ? u"%1 units, %2 samples"_s.arg(values.rows).arg(p.samples)
                               : u"unit %1, %2 samples"_s.arg(look.unit + 1).arg(p.samples);
    chart.series = {std::move(counted), std::move(expected)};
    return chart;
}

const NormTrace::Layer& layerOf(const NormPicture& p, const NormLook& look)
{
    return p.trace.layers[static_cast<std::size_t>(look.layer - 1)];
}

const Matrix& normOf(const NormPicture& p, const NormLook& look)
{
    return p.norm[static_cast<std::size_t>(look.layer - 1)];
}

ChartSeries differences(const QString& name, const std::vector<double>& values,
    QColor (*color)(const Theme&), ChartSeries::Marker marker)
{
    ChartSeries series;
    series.name = name;
    series.color = color;
    series.marker = marker;
    series.joined = false;
    series.value = valueText(values.empty() ? 0 : *std::ranges::max_element(values), 2);
    for (std::size_t k = 0; k < values.size(); ++k) {
        series.x.push_back(static_cast<double>(k + 1));
        series.y.push_back(values[k]);
    }
    return series;
}

} // namespace

NormMoments momentsOf(const Matrix& all, int unit)
{
    const std::vector<double> values = valuesOf(all, unit);
    double mean = 0, square = 0;
    const auto n = static_cast<double>(std::max<std::size_t>(1, values.size()));
    for (const double v : values)
        mean += v / n;
    for (const double v : values)
        square += (v - mean) * (v - mean) / n;
    return {mean, std::sqrt(square)};
}

NormMoments runningMoments(const Matrix& norm, int unit)
{
    return together(runningEach(norm, unit));
}

NormMoments wantedMoments(const Matrix& norm, int unit)
{
    return together(wantedEach(norm, unit));
}

Chart beforeChart(const NormPicture& p, const NormLook& look)
{
    const Bins bins = binsOf(layerOf(p, look), look.unit);
    ChartSeries running = law(runningEach(normOf(p, look), look.unit), bins);
    running.name = u"running"_s;
    Chart chart = histogram(p, look, layerOf(p, look).before, bins, std::move(running));
    chart.title = u"Layer %1 receives"_s.arg(look.layer);
    chart.x.name = u"z"_s;
    chart.series.front().color = [](const Theme& t) { return t.basal; };
    return chart;
}

Chart afterChart(const NormPicture& p, const NormLook& look)
{
    const Bins bins = binsOf(layerOf(p, look), look.unit);
    ChartSeries wanted = law(wantedEach(normOf(p, look), look.unit), bins);
    wanted.name = u"shift, gain"_s;
    Chart chart = histogram(p, look, layerOf(p, look).after, bins, std::move(wanted));
    chart.title = p.ofBatch ? u"Normalised by this batch"_s : u"Normalised, running"_s;
    chart.x.name = u"gain (z \u2212 m) / sd + shift"_s;
    chart.series.front().color = [](const Theme& t) { return t.soma; };
    return chart;
}

Chart fusionChart(const NormPicture& p)
{
    Chart chart;
    chart.title = u"Fused against normalised"_s;
    chart.x.name = u"sample"_s;
    chart.y.name = u"difference"_s;
    chart.y.unit = u"1"_s;
    if (p.inDouble.empty()) {
        chart.note = u"No set of samples to compare them on."_s;
        return chart;
    }
    chart.note = p.judged;
    chart.x.whole = true;
    chart.x.low = 0.5;
    chart.x.high = static_cast<double>(p.inDouble.size()) + 0.5;
    chart.x.inset = chart.y.inset = 6;
    chart.y.logarithmic = true;
    chart.y.low = kFloor;
    chart.y.high = kCeiling;
    while (chart.y.high < p.largest(p.wrong) && chart.y.high < 1e12)
        chart.y.high *= 10;
    chart.series = {differences(
                        u"with this batch's m, sd"_s, p.wrong, [](const Theme& t) { return t.bad; },
                        ChartSeries::Marker::Triangle),
        differences(
            u"float"_s, p.inFloat, [](const Theme& t) { return t.interneuron; },
            ChartSeries::Marker::Square),
        differences(
            u"double"_s, p.inDouble, [](const Theme& t) { return t.soma; },
            ChartSeries::Marker::Circle)};
    return chart;
}

QString normCsv(const NormPicture& p)
{
    if (p.empty())
        return {};
    QString out = u"layer,unit,sample,before,normalised,after\n"_s;
    for (int l = 1; l <= p.layers(); ++l) {
        const NormTrace::Layer& layer = p.trace.layers[static_cast<std::size_t>(l - 1)];
        for (int i = 0; i < layer.before.rows; ++i)
            for (int k = 0; k < layer.before.cols; ++k)
                out += u"%1,%2,%3,%4,%5,%6\n"_s.arg(l).arg(i + 1).arg(k + 1).arg(
                    exactText(layer.before(i, k)), exactText(layer.normalised(i, k)),
                    exactText(layer.after(i, k)));
    }
    out += u"\nsample,difference_double,difference_float,difference_of_batch\n"_s;
    for (std::size_t k = 0; k < p.inDouble.size(); ++k)
        out += u"%1,%2,%3,%4\n"_s.arg(k + 1).arg(
            exactText(p.inDouble[k]), exactText(p.inFloat[k]), exactText(p.wrong[k]));
    return out;
}

} // namespace apical
