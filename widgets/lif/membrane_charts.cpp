#include "widgets/lif/membrane_charts.h"

#include "sim/lif/membrane_path.h"
#include "widgets/look/number_text.h"

#include <algorithm>
#include <cmath>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr QMarginsF kMargins{56, 22, 14, 6}, kLowest{56, 22, 14, 38};
constexpr double kTick = 0.22, kAbove = 0.06; // of the threshold: height of a tick, and more room
constexpr double kMostSilences = 80; // shaded ones; more are not told apart
constexpr double kMargin = 0.12; // of the range of currents

struct Steps {
    const std::vector<double>*voltage = nullptr, *current = nullptr, *spikes = nullptr,
          *spikeTime = nullptr;
    bool known() const
    {
        return voltage && current && spikes && spikeTime && !voltage->empty()
            && current->size() == voltage->size() && spikes->size() == voltage->size()
            && spikeTime->size() == voltage->size();
    }
};

Steps stepsOf(const MembraneLane& lane, const MembraneSignals& signals)
{
    if (!lane.report)
        return {};
    return {lane.report->traceOf(signals.voltage()), lane.report->traceOf(signals.current()),
        lane.report->traceOf(signals.spikes()), lane.report->traceOf(signals.spikeTime())};
}

/// Upward ticks on the line of the threshold, each exactly where its spike lies.
ChartSeries thresholdSeries(const MembranePath& path, double threshold, double from, double to)
{
    ChartSeries line;
    line.name = u"threshold, a tick per spike"_s;
    line.color = [](const Theme& t) { return t.ink; };
    line.width = 1.2;
    line.x = {from};
    line.y = {threshold};
    for (const double at : path.spikes) {
        if (at < from || at > to)
            continue;
        line.x.insert(line.x.end(), {at, at, at});
        line.y.insert(line.y.end(), {threshold, threshold * (1 + kTick), threshold});
    }
    line.x.push_back(to);
    line.y.push_back(threshold);
    return line;
}

/// Shade from the foot of the chart to the threshold while the neuron is silent.
ChartSeries silenceSeries(
    const MembranePath& path, double foot, double threshold, double from, double to)
{
    ChartSeries shade;
    shade.name = u"refractory"_s;
    shade.color = [](const Theme& t) { return t.edge; };
    shade.fill = 0.28;
    shade.width = 1;
    const auto add = [&](double at, double high) {
        shade.x.push_back(at);
        shade.y.push_back(foot);
        shade.low.push_back(foot);
        shade.high.push_back(high);
    };
    const auto shown = std::ranges::count_if(path.silences,
        [&](const MembranePath::Silence& s) { return s.end > from && s.begin < to; });
    if (static_cast<double>(shown) > kMostSilences)
        return shade;
    for (const MembranePath::Silence& silence : path.silences) {
        const double begin = std::max(silence.begin, from), end = std::min(silence.end, to);
        if (!(begin < end))
            continue;
        add(begin, foot);
        add(begin, threshold);
        add(end, threshold);
        add(end, foot);
    }
    return shade;
}

Chart voltageChart(const MembraneLane& lane, const Steps& steps, double from, double to)
{
    const LifParameters& p = lane.parameters;
    const MembranePath path = membranePath(
        p, lane.report->dt, lane.report->timeMs, *steps.voltage, *steps.spikes, *steps.spikeTime);
    Chart chart;
    chart.y.name = u"v"_s;
    double low = 0;
    ChartSeries v;
    v.name = u"v"_s;
    v.color = lane.color;
    v.width = 1.8;
    v.x = path.time;
    v.y = path.voltage;
    for (std::size_t i = 0; i < v.x.size(); ++i)
        if (v.x[i] >= from && v.x[i] <= to)
            low = std::min(low, v.y[i]);
    chart.y.low = low;
    chart.y.high = p.threshold * (1 + kTick + kAbove);
    chart.series = {silenceSeries(path, low, p.threshold, from, to),
        thresholdSeries(path, p.threshold, from, to), std::move(v)};
    const auto spikes =
        std::ranges::count_if(path.spikes, [&](double at) { return at >= from && at <= to; });
    chart.note = spikes == 1 ? u"1 spike"_s : u"%1 spikes"_s.arg(spikes);
    return chart;
}

Chart currentChart(
    const std::vector<MembraneLane>& lanes, const std::vector<Steps>& steps, double from, double to)
{
    Chart chart;
    chart.title = u"Current that drives it"_s;
    chart.y.name = u"j"_s;
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (std::size_t l = 0; l < lanes.size(); ++l) {
        if (!steps[l].known())
            continue;
        const StepReport& report = *lanes[l].report;
        ChartSeries j;
        j.name = lanes[l].name.isEmpty() ? u"j"_s : lanes[l].name;
        j.color = lanes[l].color;
        j.dash = static_cast<int>(l % 3); // lanes with the same current lie on each other
        j.y = *steps[l].current;
        for (std::size_t k = 0; k < j.y.size(); ++k) {
            const double at = report.timeMs - static_cast<double>(j.y.size() - 1 - k) * report.dt;
            j.x.push_back(at);
            if (at < from || at > to)
                continue;
            low = std::min(low, j.y[k]);
            high = std::max(high, j.y[k]);
        }
        chart.series.push_back(std::move(j));
        low = std::min(low, lanes[l].drive);
        high = std::max(high, lanes[l].drive);
    }
    low = std::min(low, 0.0);
    chart.y.low = low < 0 ? low - kMargin * (high - low) : 0;
    chart.y.high = high + kMargin * std::max(high - low, 1e-6);
    return chart;
}

} // namespace

std::vector<Chart> membraneCharts(const std::vector<MembraneLane>& lanes,
    const MembraneSignals& signals, const QString& neuron, double endMs, double spanMs)
{
    std::vector<Steps> steps;
    for (const MembraneLane& lane : lanes)
        steps.push_back(stepsOf(lane, signals));
    if (std::ranges::none_of(steps, &Steps::known)) {
        Chart chart;
        chart.title = neuron;
        chart.note = u"Seen from now on, step by step: let the neurons run."_s;
        return {chart};
    }
    const double from = std::max(0.0, endMs - spanMs), to = std::max(endMs, from + spanMs);
    std::vector<Chart> charts;
    for (std::size_t l = 0; l < lanes.size(); ++l) {
        Chart chart;
        if (steps[l].known())
            chart = voltageChart(lanes[l], steps[l], from, to);
        else
            chart.note = u"Seen from now on."_s;
        chart.title = neuron;
        if (!lanes[l].name.isEmpty())
            chart.title = lanes[l].name + u": "_s + neuron;
        if (l > 0) // the same as above
            chart.legend = Chart::Legend::None;
        charts.push_back(std::move(chart));
    }
    charts.push_back(currentChart(lanes, steps, from, to));
    for (Chart& chart : charts) {
        const bool last = &chart == &charts.back();
        chart.x.name = u"time"_s;
        chart.x.unit = u"ms"_s;
        chart.x.low = from;
        chart.x.high = to;
        chart.y.unit = u"1"_s;
        chart.xLabels = last;
        chart.margins = last ? kLowest : kMargins;
    }
    return charts;
}

QString membraneCsv(const std::vector<MembraneLane>& lanes, const MembraneSignals& signals)
{
    QString out = u"lane,time_ms,voltage,current,spike_ms\n"_s;
    for (const MembraneLane& lane : lanes) {
        const Steps steps = stepsOf(lane, signals);
        if (!steps.known())
            continue;
        const std::size_t n = steps.voltage->size();
        for (std::size_t k = 0; k < n; ++k) {
            const double end =
                lane.report->timeMs - static_cast<double>(n - 1 - k) * lane.report->dt;
            const bool sent = (*steps.spikes)[k] > 0;
            const double at = end - lane.report->dt + (*steps.spikeTime)[k];
            out +=
                u"%1,%2,%3,%4,%5\n"_s.arg(lane.name, exactText(end), exactText((*steps.voltage)[k]),
                    exactText((*steps.current)[k]), sent ? exactText(at) : QString());
        }
    }
    return out;
}

} // namespace apical
