#include "widgets/spikes/bridge_charts.h"

#include "sim/steps/spike_source.h"
#include "widgets/look/number_text.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr std::string_view kPotentials[] = {".basal", ".apical", ".dendrite"};
constexpr int kForgotten = 4; // filter lengths after which what was before no longer counts
constexpr int kLinePoints = 25; // of the band

QColor spikeColor(const Theme& t)
{
    return t.soma;
}

QColor potentialColor(const Theme& t, std::string_view name)
{
    return name.ends_with(".apical") ? t.apical
        : name.ends_with(".basal")   ? t.basal
                                     : t.interneuron;
}

/// Points in order of x, as a scatter does not need but hover and zoom do.
ChartSeries scatter(const QString& name, const std::vector<double>& x, const std::vector<double>& y,
    const std::vector<QString>& labels)
{
    ChartSeries series;
    series.name = name;
    series.joined = false;
    series.marker = ChartSeries::Marker::Circle;
    std::vector<std::size_t> order(std::min(x.size(), y.size()));
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return x[i]; });
    for (const std::size_t i : order) {
        series.x.push_back(x[i]);
        series.y.push_back(y[i]);
        series.labels.push_back(
            i < labels.size() ? labels[i] : QString::number(static_cast<qulonglong>(i) + 1));
    }
    return series;
}

/// Both axes span the same range, round, and y = x lies in it.
void sameAxes(Chart& chart, double low, double high)
{
    const double step = niceStep(std::max(1e-6, (high - low) / 4));
    for (ChartAxis* axis : {&chart.x, &chart.y}) {
        axis->low = step * std::floor(low / step + 1e-9);
        axis->high = step * std::ceil(high / step - 1e-9);
        axis->unit = u"1"_s;
    }
}

ChartSeries identity(const Chart& chart)
{
    ChartSeries line;
    line.name = u"y = x"_s;
    line.color = [](const Theme& t) { return t.ink3; };
    line.width = 1;
    for (int i = 0; i < kLinePoints; ++i) {
        const double share = static_cast<double>(i) / (kLinePoints - 1);
        line.x.push_back(chart.x.low + share * (chart.x.high - chart.x.low));
    }
    line.y = line.x;
    return line;
}

QString filterText(const StepWish& wish)
{
    const QString tau = durationText(wish.filterMs);
    return wish.filter == MeanFilter::Boxcar ? u"mean of the last "_s + tau
                                             : u"exponential filter, \u03c4 = "_s + tau;
}

} // namespace

std::optional<BridgeQuantities> bridgeQuantities(
    const Anatomy& a, const Parameters& p, int count, const Anatomy* beside)
{
    const auto source = spikeSource(a, p, count);
    if (!source)
        return {};
    const Anatomy::Quantity& spikes = a.quantities[static_cast<std::size_t>(count)];
    BridgeQuantities q{.spikes = spikes.name,
        .rate = a.quantities[static_cast<std::size_t>(source->rate)].name,
        .potentials = {},
        .scale = source->scale};
    for (const Anatomy::Quantity& each : a.quantities) {
        const bool dendritic = std::ranges::any_of(
            kPotentials, [&](std::string_view end) { return each.name.ends_with(end); });
        if (beside && dendritic && each.population == spikes.population
            && beside->quantity(each.name) >= 0)
            q.potentials.push_back(each.name);
    }
    return q;
}

std::vector<double> filtered(
    const std::vector<double>& values, MeanFilter filter, double tauMs, double dt)
{
    std::vector<double> out;
    out.reserve(values.size());
    const double decay = std::exp(-dt / tauMs);
    const auto length = static_cast<std::size_t>(std::max(1.0, std::round(tauMs / dt)));
    double sum = 0, weight = 0;
    for (std::size_t k = 0; k < values.size(); ++k) {
        if (filter == MeanFilter::Exponential) {
            sum = decay * sum + values[k];
            weight = decay * weight + 1;
        } else {
            sum += values[k] - (k >= length ? values[k - length] : 0);
            weight = static_cast<double>(std::min(k + 1, length));
        }
        out.push_back(sum / weight);
    }
    return out;
}

Chart bridgeScatter(const BridgeQuantities& q, const StepReport& report, int selected,
    const std::vector<QString>& names)
{
    Chart chart;
    chart.title = u"Filtered spikes over activation"_s;
    const auto* spikes = report.meansOf(q.spikes);
    const auto* rate = report.meansOf(q.rate);
    if (!spikes || !rate || report.meanSteps <= 0) {
        chart.note = u"Spikes are filtered from now on: let the network run."_s;
        return chart;
    }
    chart.note = filterText(report.wish);
    chart.x.name = u"activation \u03c6(u)"_s;
    chart.y.name = u"spikes / \u03c8"_s;
    std::vector<double> sent = *spikes;
    for (double& each : sent)
        each /= q.scale;
    double high = 0.1;
    for (const auto* values : {rate, static_cast<const std::vector<double>*>(&sent)})
        for (const double v : *values)
            high = std::max(high, v);
    sameAxes(chart, 0, high);
    ChartSeries line = identity(chart);
    line.name = u"y = x \u00b1 2 sd of Poisson"_s;
    const double seconds = q.scale * report.meanSteps * report.dt; // spikes at a rate of 1
    for (const double x : line.x) {
        const double sd = std::sqrt(std::max(0.0, x) / seconds);
        line.low.push_back(std::clamp(x - 2 * sd, chart.y.low, chart.y.high));
        line.high.push_back(std::clamp(x + 2 * sd, chart.y.low, chart.y.high));
    }
    ChartSeries points = scatter(u"neurons"_s, *rate, sent, names);
    points.color = spikeColor;
    chart.series = {std::move(line), std::move(points)};
    if (const auto i = static_cast<std::size_t>(selected); selected >= 0 && i < sent.size()) {
        const std::vector<QString> name{i < names.size() ? names[i] : QString()};
        ChartSeries one = scatter(u"selected"_s, {(*rate)[i]}, {sent[i]}, name);
        one.color = [](const Theme& t) { return t.accent; };
        chart.series.push_back(std::move(one));
    }
    return chart;
}

Chart bridgeCurves(
    const BridgeQuantities& q, const StepReport& report, int neuron, const QString& name)
{
    Chart chart;
    chart.title = u"What "_s + name + u" sends"_s;
    chart.x.name = u"time"_s;
    chart.x.unit = u"ms"_s;
    chart.y.name = u"rate"_s;
    chart.y.unit = u"1"_s;
    const auto* spikes = report.traceOf({.name = q.spikes, .row = neuron});
    const auto* rate = report.traceOf({.name = q.rate, .row = neuron});
    const StepWish& wish = report.wish;
    const bool fromStart = report.tracedFrom == 0;
    const auto skipped = fromStart
        ? std::size_t{0}
        : static_cast<std::size_t>(std::round(kForgotten * wish.filterMs / report.dt));
    if (!spikes || !rate || spikes->size() <= skipped + 1) {
        chart.note = u"The filter needs %1 to forget what was before."_s.arg(
            durationText(kForgotten * wish.filterMs));
        return chart;
    }
    ChartSeries sent, average;
    sent.name = u"filtered spikes / \u03c8"_s;
    sent.color = spikeColor;
    sent.y = filtered(*spikes, wish.filter, wish.filterMs, report.dt);
    average.name = u"\u03c6(u), filtered alike"_s;
    average.color = [](const Theme& t) { return t.target; };
    average.dash = 1;
    average.y = filtered(*rate, wish.filter, wish.filterMs, report.dt);
    for (double& each : sent.y)
        each /= q.scale * report.dt;
    double high = 0.1;
    for (ChartSeries* series : {&sent, &average}) {
        series->y.erase(
            series->y.begin(), series->y.begin() + static_cast<std::ptrdiff_t>(skipped));
        for (std::size_t k = 0; k < series->y.size(); ++k) {
            const auto behind = static_cast<double>(series->y.size() - 1 - k);
            series->x.push_back(report.timeMs - behind * report.dt);
            high = std::max(high, series->y[k]);
        }
    }
    chart.x.low = sent.x.front();
    chart.x.high = sent.x.back();
    const double step = niceStep(high / 4);
    chart.y.high = step * std::ceil(high / step);
    chart.series = {std::move(average), std::move(sent)};
    return chart;
}

Chart lanesScatter(const BridgeQuantities& q, const StepReport& spikes, const StepReport& rates,
    const std::vector<QString>& names)
{
    Chart chart;
    chart.title = u"Mean dendritic potentials"_s;
    chart.x.name = u"lane with rates"_s;
    chart.y.name = u"lane with spikes"_s;
    double low = 0, high = 0;
    for (const std::string& potential : q.potentials) {
        const auto* x = rates.meansOf(potential);
        const auto* y = spikes.meansOf(potential);
        if (!x || !y || x->size() != y->size() || x->empty() || spikes.meanSteps <= 0)
            continue;
        const QString kind = QString::fromStdString(potential.substr(potential.rfind('.') + 1));
        ChartSeries points = scatter(kind, *x, *y, names);
        points.color = [potential](const Theme& t) { return potentialColor(t, potential); };
        double squares = 0;
        for (std::size_t i = 0; i < x->size(); ++i) {
            squares += ((*x)[i] - (*y)[i]) * ((*x)[i] - (*y)[i]);
            low = std::min({low, (*x)[i], (*y)[i]});
            high = std::max({high, (*x)[i], (*y)[i]});
        }
        points.value =
            u"rms "_s + valueText(std::sqrt(squares / static_cast<double>(x->size())), 2);
        chart.series.push_back(std::move(points));
    }
    if (chart.series.empty()) {
        chart.note = u"Potentials are averaged from now on: let the network run."_s;
        return chart;
    }
    sameAxes(chart, low, high);
    chart.series.insert(chart.series.begin(), identity(chart));
    return chart;
}

} // namespace apical
