#include "widgets/spikes/synapse_charts.h"

#include "widgets/look/number_text.h"

#include <algorithm>
#include <cmath>
#include <optional>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr QMarginsF kMargins{56, 20, 14, 6}, kLowest{56, 20, 14, 38};
constexpr double kMargin = 1.12; // of an axis beyond what is drawn

struct Steps {
    std::vector<double> time, spikes, error, weight; ///< weight: empty if it is not read
    SynapseIntegrals made;
};

std::optional<Steps> stepsOf(const ShownSynapse& synapse, const StepReport& report)
{
    const auto* spikes = report.traceOf(synapse.spikes());
    const auto* error = report.traceOf(synapse.error());
    const auto* weight = report.traceOf(synapse.weight());
    if (!spikes || !error || spikes->empty() || error->size() != spikes->size())
        return {};
    Steps steps{.time = {}, .spikes = *spikes, .error = *error, .weight = {}, .made = {}};
    for (double& each : steps.error)
        each *= synapse.source.negative ? -1 : 1;
    if (weight && weight->size() == spikes->size())
        steps.weight = *weight;
    steps.made = synapseIntegrals(steps.spikes, steps.error, report.dt, synapse.source.traceMs);
    for (std::size_t k = 0; k < spikes->size(); ++k)
        steps.time.push_back(
            report.timeMs - static_cast<double>(spikes->size() - 1 - k) * report.dt);
    return steps;
}

ChartSeries curve(const QString& name, const std::vector<double>& x, const std::vector<double>& y,
    QColor Theme::*color)
{
    ChartSeries series;
    series.name = name;
    series.color = [color](const Theme& t) { return t.*color; };
    series.x = x;
    series.y = y;
    if (!y.empty())
        series.value = valueText(y.back(), 3);
    return series;
}

/// Range of the y axis: what the last steps hold, and 0 unless the values lie far from it.
void fit(Chart& chart, double from, bool withZero)
{
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (const ChartSeries& series : chart.series)
        for (std::size_t k = 0; k < series.x.size(); ++k)
            if (series.x[k] >= from) {
                low = std::min(low, series.y[k]);
                high = std::max(high, series.y[k]);
            }
    if (withZero) {
        low = std::min(low, 0.0);
        high = std::max(high, 0.0);
    }
    const double middle = (low + high) / 2;
    const double half = std::max({kMargin * (high - low) / 2, 1e-3 * std::abs(middle), 1e-6});
    chart.y.low = withZero && low == 0 ? 0 : middle - half;
    chart.y.high = middle + half;
}

} // namespace

std::vector<Chart> synapseCharts(
    const ShownSynapse& synapse, const StepReport& report, double shownMs)
{
    const auto steps = stepsOf(synapse, report);
    if (!steps) {
        Chart chart;
        chart.title = synapse.fromText + u" \u2192 "_s + synapse.toText;
        chart.note = u"Seen from now on, step by step: let the network run."_s;
        return {chart};
    }
    const QString tau = durationText(synapse.source.traceMs);
    std::vector<Chart> charts(4);
    Chart &sent = charts[0], &error = charts[1], &integrals = charts[2], &weight = charts[3];
    sent.title = u"Spikes of "_s + synapse.fromText + u", trace S"_s;
    sent.y.name = u"S"_s;
    ChartSeries ticks = curve(u"spikes"_s, {}, {}, &Theme::ink);
    ticks.fill = 0.9;
    ticks.bar = report.dt;
    double all = 0;
    for (std::size_t k = 0; k < steps->spikes.size(); ++k) {
        ticks.x.push_back(steps->time[k]);
        ticks.y.push_back(steps->spikes[k]);
        all += steps->spikes[k];
    }
    ticks.value = QString::number(all, 'f', 0);
    sent.series = {std::move(ticks),
        curve(u"S, \u03c4 = "_s + tau, steps->time, steps->made.trace, &Theme::soma)};
    error.title = u"Error D of "_s + synapse.toText;
    error.y.name = u"D"_s;
    error.series = {curve(u"D"_s, steps->time, steps->error, &Theme::basal)};
    integrals.title = u"Integrals of S D"_s;
    integrals.y.name = u"I"_s;
    integrals.y.unit = u"ms"_s;
    integrals.series = {curve(u"I\u2081 for good"_s, steps->time, steps->made.plain, &Theme::laneB),
        curve(u"I\u2082 fading"_s, steps->time, steps->made.faded, &Theme::laneA)};
    integrals.series[1].dash = 1;
    weight.title = u"Weight "_s + synapse.fromText + u" \u2192 "_s + synapse.toText;
    weight.y.name = u"W"_s;
    if (steps->weight.empty())
        weight.note = u"This matrix is too large to be read in every step."_s;
    else
        weight.series = {curve(u"W"_s, steps->time, steps->weight, &Theme::accent)};
    const double end = steps->time.back(), from = std::max(end - shownMs, steps->time.front());
    for (Chart& chart : charts) {
        const bool last = &chart == &charts.back();
        chart.x.name = u"time"_s;
        chart.x.unit = u"ms"_s;
        chart.x.low = from;
        chart.x.high = std::max(end, from + 10 * report.dt);
        if (chart.y.unit.isEmpty())
            chart.y.unit = u"1"_s;
        chart.xLabels = last;
        chart.margins = last ? kLowest : kMargins;
        if (!chart.series.empty())
            fit(chart, from, &chart != &weight);
    }
    return charts;
}

QString synapseCsv(const ShownSynapse& synapse, const StepReport& report)
{
    const auto steps = stepsOf(synapse, report);
    QString out = u"time_ms,spikes,trace,error,i1_ms,i2_ms,weight\n"_s;
    for (std::size_t k = 0; steps && k < steps->time.size(); ++k) {
        QStringList row;
        for (const auto* values : {&steps->time, &steps->spikes, &steps->made.trace, &steps->error,
                 &steps->made.plain, &steps->made.faded, &steps->weight})
            row += k < values->size() ? exactText((*values)[k]) : QString();
        out += row.join(u',') + u'\n';
    }
    return out;
}

} // namespace apical
