#include "widgets/lif/filter_charts.h"

#include "widgets/lif/given_text.h"
#include "widgets/look/number_text.h"

#include <algorithm>
#include <cmath>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kShownTaus = 8; // of an answer to one spike
constexpr double kMargin = 1.15; // of an axis above what is drawn
constexpr double kTick = 0.1; // of the axis: height of a spike
constexpr double kSettledTaus = 16; // after them a train that began is one that always was
constexpr double kClosedPoints = 240; // of a closed form: few enough for dashes

double keptMs(const std::vector<FilterLane>& lanes)
{
    double ms = 1;
    for (const FilterLane& lane : lanes)
        ms = std::max({ms, kShownTaus * lane.tau, 10 * lane.dt});
    return ms;
}

/// The closed form in steps of its own: the filter's may be too long to show it.
ChartSeries closedForm(const FilterLane& lane, double ms)
{
    constexpr int kPoints = 200;
    const double dt = ms / kPoints;
    const ImpulseResponse smooth = impulseResponse(dt, lane.tau, lane.order, ms);
    ChartSeries series;
    series.color = [](const Theme& t) { return t.ink; };
    series.dash = 1;
    series.x = {0};
    series.y = {lane.order == 2 ? 0 : 1 / lane.tau};
    series.x.insert(series.x.end(), smooth.time.begin(), smooth.time.end());
    series.y.insert(series.y.end(), smooth.closed.begin(), smooth.closed.end());
    return series;
}

} // namespace

Chart impulseChart(const std::vector<FilterLane>& lanes)
{
    Chart chart;
    chart.title = u"Answer to one spike"_s;
    chart.x.name = u"time after the spike"_s;
    chart.x.unit = u"ms"_s;
    chart.x.high = keptMs(lanes);
    chart.y.name = u"h"_s;
    chart.y.unit = u"1/ms"_s;
    double high = 0;
    bool named = false;
    for (const FilterLane& lane : lanes) {
        const ImpulseResponse answer = impulseResponse(lane.dt, lane.tau, lane.order, chart.x.high);
        ChartSeries made;
        made.name = lane.name.isEmpty() ? u"filter"_s : lane.name;
        if (chart.series.empty())
            chart.note = lane.tau > 0
                ? u"closed form sampled: area "_s + QString::number(answer.sampledArea, 'f', 5)
                : u"\u03c4 = 0: the spike itself"_s;
        made.value = u"area "_s + QString::number(answer.area, 'f', 9);
        made.color = lane.color;
        made.width = 2;
        made.x = answer.time;
        made.y = answer.made;
        made.x.insert(made.x.begin(), 0);
        made.y.insert(made.y.begin(), 0);
        if (answer.time.size() <= 100) // steps that can be told apart
            made.marker = ChartSeries::Marker::Circle;
        high = std::max(high, *std::ranges::max_element(made.y));
        chart.series.push_back(std::move(made));
        if (!(lane.tau > 0))
            continue;
        ChartSeries closed = closedForm(lane, chart.x.high);
        closed.name = named ? QString() : u"closed form"_s;
        named = true;
        high = std::max(high, *std::ranges::max_element(closed.y));
        chart.series.push_back(std::move(closed));
    }
    chart.y.high = kMargin * std::max(high, 1e-6);
    return chart;
}

Chart trainChart(const FilterLane& lane, const TrainSignals& signals, const QString& input,
    double endMs, double spanMs)
{
    Chart chart;
    chart.title = (lane.name.isEmpty() ? QString() : lane.name + u": "_s) + input;
    chart.x.name = u"time"_s;
    chart.x.unit = u"ms"_s;
    const double from = std::max(0.0, endMs - spanMs);
    chart.x.low = from;
    chart.x.high = from + spanMs;
    chart.y.name = u"filtered"_s;
    chart.y.unit = u"1"_s;
    const auto* filtered = lane.report ? lane.report->traceOf(signals.filtered()) : nullptr;
    const auto* theory = lane.report ? lane.report->traceOf(signals.theory()) : nullptr;
    const auto* spikes = lane.report ? lane.report->traceOf(signals.spikes()) : nullptr;
    if (!filtered || !theory || !spikes || filtered->empty() || theory->size() != filtered->size()
        || spikes->size() != filtered->size()) {
        chart.note = u"Seen from now on, step by step: let the trains run."_s;
        return chart;
    }
    ChartSeries made, closed, mean, ticks;
    const double settled = kSettledTaus * lane.tau;
    double high = lane.input, off = 0, peak = 0;
    bool met = false;
    std::vector<double> sent;
    const auto each =
        static_cast<std::size_t>(std::max(1.0, spanMs / lane.report->dt / kClosedPoints));
    for (std::size_t k = 0; k < filtered->size(); ++k) {
        const double behind = static_cast<double>(filtered->size() - 1 - k) * lane.report->dt;
        const double at = lane.report->timeMs - behind;
        if (at < from || at > chart.x.high)
            continue;
        made.x.push_back(at);
        made.y.push_back((*filtered)[k]);
        const double wanted = (*theory)[k];
        // Jumps are never between two points.
        const bool jumps = (*spikes)[k] > 0 || (k + 1 < spikes->size() && (*spikes)[k + 1] > 0);
        if (jumps || made.x.size() % each == 1 || each == 1) {
            closed.x.push_back(at);
            closed.y.push_back(wanted);
        }
        high = std::max({high, made.y.back(), wanted});
        peak = std::max(peak, wanted);
        if (at >= settled) {
            off = std::max(off, std::abs(made.y.back() - wanted));
            met = true;
        }
        if ((*spikes)[k] > 0)
            sent.push_back(at - lane.report->dt); // a spike enters at the start of its step
    }
    chart.y.high = kMargin * std::max(high, 1e-6);
    made.name = u"filtered"_s;
    made.color = lane.color;
    made.width = 2;
    closed.name = u"closed form"_s;
    closed.color = [](const Theme& t) { return t.ink; };
    closed.dash = 1;
    mean.name = u"x"_s;
    mean.value = givenText(lane.input);
    mean.color = [](const Theme& t) { return t.apical; }; // no colour of a lane
    mean.dash = 2;
    mean.x = {chart.x.low, chart.x.high};
    mean.y = {lane.input, lane.input};
    ticks.name = u"spikes"_s;
    ticks.value = QString::number(sent.size());
    ticks.color = [](const Theme& t) { return t.ink2; };
    for (const double at : sent) { // up from the axis and down again
        ticks.x.insert(ticks.x.end(), {at, at, at});
        ticks.y.insert(ticks.y.end(), {0, kTick * chart.y.high, 0});
    }
    chart.series = {std::move(ticks), std::move(mean), std::move(made)};
    if (lane.periodic) {
        chart.series.push_back(std::move(closed));
        if (met && peak > 0)
            chart.note = u"off by at most %1 % of its peak"_s.arg(valueText(100 * off / peak, 2));
        if (from < settled)
            chart.note = met
                ? u"%1 from %2 ms on"_s.arg(chart.note, QString::number(settled, 'g', 3))
                : u"the closed form's train always was; met after %1 ms"_s.arg(
                    QString::number(settled, 'g', 3));
    }
    return chart;
}

QString impulseCsv(const std::vector<FilterLane>& lanes)
{
    QString out = u"lane,time_ms,made_per_ms,closed_per_ms\n"_s;
    for (const FilterLane& lane : lanes) {
        const ImpulseResponse answer =
            impulseResponse(lane.dt, lane.tau, lane.order, keptMs(lanes));
        for (std::size_t k = 0; k < answer.time.size(); ++k)
            out += u"%1,%2,%3,%4\n"_s.arg(lane.name, exactText(answer.time[k]),
                exactText(answer.made[k]), exactText(answer.closed[k]));
    }
    return out;
}

} // namespace apical
