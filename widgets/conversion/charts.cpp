#include "widgets/conversion/charts.h"

#include "widgets/look/number_text.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kTaus[] = {0, 2, 5, 10}; // ms
constexpr double kEarlyMs = 30; // named in the legend beside the end
constexpr double kPercent = 100;
constexpr int kCurrent = 0; // of encoder.kind: no spikes

QColor layerColor(const Theme& t, std::size_t layer)
{
    const QColor* colors[] = {&t.soma, &t.apical, &t.basal, &t.interneuron};
    return *colors[layer % std::size(colors)];
}

QColor tauColor(const Theme& t, double ms)
{
    const auto at = static_cast<std::size_t>(std::ranges::find(kTaus, ms) - kTaus);
    const QColor* colors[] = {&t.apical, &t.target, &t.soma, &t.basal, &t.ink2};
    return *colors[std::min(at, std::size(colors) - 1)];
}

QString encoderText(int encoder)
{
    constexpr const char16_t* names[] = {u"current", u"Poisson", u"Bernoulli", u"periodic"};
    return QString::fromUtf16(names[std::clamp(encoder, 0, 3)]);
}

QString percentText(double share)
{
    return QString::number(kPercent * share, 'f', 1) + u" %"_s;
}

} // namespace

Chart ratesChart(const ConversionTrace* trace, std::uint32_t steps)
{
    Chart chart;
    chart.title = u"Rates and counts"_s;
    if (!trace) {
        chart.note = u"No image was shown yet."_s;
        return chart;
    }
    const double ms = steps * trace->dt;
    chart.note = u"hidden units, 0 to %1 ms"_s.arg(QString::number(ms, 'g', 5));
    chart.x.name = u"rate of the ANN \u00d7 t"_s;
    chart.x.unit = u"spikes"_s;
    chart.y.name = u"spikes counted"_s;
    chart.y.unit = u"1"_s;
    double most = 4;
    for (std::size_t l = 1; l < trace->populations.size(); ++l) {
        const ConversionTrace::Population& of = trace->populations[l];
        const std::vector<double> counts = of.counts(steps);
        ChartSeries points;
        points.name = u"hidden "_s + QString::number(l);
        points.joined = false;
        points.marker = l % 2 ? ChartSeries::Marker::Circle : ChartSeries::Marker::Diamond;
        points.color = [l](const Theme& t) { return layerColor(t, l - 1); };
        std::vector<std::size_t> order(counts.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::stable_sort(order, {}, [&](std::size_t i) { return of.rates[i]; });
        double promised = 0, counted = 0;
        for (const std::size_t i : order) {
            points.x.push_back(of.rates[i] * ms);
            points.y.push_back(counts[i]);
            points.labels.push_back(u"hidden %1.%2"_s.arg(l).arg(static_cast<qulonglong>(i) + 1));
            promised += of.rates[i] * ms;
            counted += counts[i];
            // The frame holds the whole presentation: points walk up in it while time goes on.
            most = std::max(most, of.rates[i] * trace->steps * trace->dt);
        }
        for (const double n : of.counts(trace->steps))
            most = std::max(most, n);
        points.value = u"%1 of %2 spikes"_s.arg(counted, 0, 'f', 0).arg(promised, 0, 'f', 0);
        chart.series.push_back(std::move(points));
    }
    const double step = niceStep(most / 5);
    chart.x.high = chart.y.high = step * std::ceil(most / step);
    ChartSeries line;
    line.name = u"y = x"_s;
    line.color = [](const Theme& t) { return t.ink3; };
    line.width = 1;
    line.dash = 1;
    line.x = line.y = {0, chart.x.high};
    chart.series.insert(chart.series.begin(), std::move(line));
    return chart;
}

Chart accuracyChart(const ConversionSurvey* survey, const QString& images, const QString& weights)
{
    Chart chart;
    chart.title = u"Accuracy against simulated time"_s;
    chart.x.name = u"time given to an image"_s;
    chart.x.unit = u"ms"_s;
    chart.y.name = u"right answers"_s;
    chart.y.unit = u"%"_s;
    chart.y.high = kPercent;
    chart.legend = Chart::Legend::Right;
    chart.margins.setRight(232);
    if (!survey || survey->annShown == 0) {
        chart.note =
            u"Nothing is measured yet. Press \u201cMeasure\u201d above: it shows the first of the %1 to copies of the network, with four synapses and two encoders, and draws how soon they are right."_s
                .arg(images);
        return chart;
    }
    chart.note =
        u"the first %1 %2, %3; right at %4 ms \u2192 at the end"_s.arg(survey->annShown, 0, 'f', 0)
            .arg(images, weights)
            .arg(kEarlyMs);
    const auto steps = survey->curves.front().right.size();
    chart.x.high = static_cast<double>(steps) * survey->dt;
    ChartSeries ann;
    ann.name = u"rates (ANN)"_s;
    const double share = survey->annRight / survey->annShown;
    ann.value = percentText(share);
    ann.color = [](const Theme& t) { return t.ink; };
    ann.dash = 1;
    ann.x = {0, chart.x.high};
    ann.y = {kPercent * share, kPercent * share};
    chart.series.push_back(std::move(ann));
    for (const ConversionSurvey::Curve& curve : survey->curves) {
        if (curve.shown == 0)
            continue;
        const ConversionVariant variant = curve.variant;
        ChartSeries series;
        series.name = u"%1, \u03c4\u209b %2 ms"_s.arg(
            encoderText(variant.encoder), QString::number(variant.synapseMs, 'g', 4));
        series.color = [variant](const Theme& t) { return tauColor(t, variant.synapseMs); };
        series.dash = variant.encoder == kCurrent ? 0 : 2;
        for (std::size_t s = 0; s < steps; ++s) {
            series.x.push_back(static_cast<double>(s + 1) * survey->dt);
            series.y.push_back(kPercent * curve.right[s] / curve.shown);
        }
        if (const auto early = static_cast<std::size_t>(std::lround(kEarlyMs / survey->dt));
            early > 0 && early < steps)
            series.value =
                u"%1 \u2192 "_s.arg(kPercent * curve.right[early - 1] / curve.shown, 0, 'f', 1);
        series.value += percentText(curve.right.back() / curve.shown);
        chart.series.push_back(std::move(series));
    }
    return chart;
}

QString ratesCsv(const ConversionTrace& trace, std::uint32_t steps)
{
    QString out = u"layer,neuron,expected_spikes,spikes\n"_s;
    for (std::size_t l = 1; l < trace.populations.size(); ++l) {
        const std::vector<double> counts = trace.populations[l].counts(steps);
        for (std::size_t i = 0; i < counts.size(); ++i)
            out += u"%1,%2,%3,%4\n"_s.arg(l).arg(i).arg(
                exactText(trace.populations[l].rates[i] * steps * trace.dt), exactText(counts[i]));
    }
    return out;
}

QString accuracyCsv(const ConversionSurvey& survey)
{
    QString out = u"encoder,synapse_ms,t_ms,right,shown\n"_s;
    for (const ConversionSurvey::Curve& curve : survey.curves)
        for (std::size_t s = 0; s < curve.right.size(); ++s)
            out += u"%1,%2,%3,%4,%5\n"_s.arg(encoderText(curve.variant.encoder),
                exactText(curve.variant.synapseMs),
                exactText(static_cast<double>(s + 1) * survey.dt), exactText(curve.right[s]),
                exactText(curve.shown));
    if (survey.annShown == 0)
        return out;
    return out + u"rates,,,%1,%2\n"_s.arg(exactText(survey.annRight), exactText(survey.annShown));
}

QString crossingCsv(const ConversionTrace& trace)
{
    QString out = u"t_ms,decision"_s;
    for (int c = 0; c < trace.classes; ++c)
        out += u",o%1,mean%1"_s.arg(c);
    for (const auto& population : trace.populations)
        out += u",spikes_"_s + QString::fromStdString(population.name);
    out += u'\n';
    for (std::uint32_t s = 0; s < trace.steps; ++s) {
        out += exactText((s + 1) * trace.dt) + u',' + QString::number(trace.decisions[s]);
        for (std::size_t c = 0; c < trace.outputAt(s).size(); ++c)
            out += u',' + exactText(trace.outputAt(s)[c]) + u',' + exactText(trace.runningAt(s)[c]);
        for (const auto& population : trace.populations)
            out += u',' + exactText(population.spikesUntil(s + 1) - population.spikesUntil(s));
        out += u'\n';
    }
    return out;
}

} // namespace apical
