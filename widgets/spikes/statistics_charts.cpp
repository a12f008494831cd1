#include "widgets/spikes/statistics_charts.h"

#include "widgets/look/number_text.h"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr std::size_t kBars = 40;
constexpr double kMargin = 1.15; // of an axis above what is drawn
constexpr double kBand = 2; // standard errors

QColor measuredColor(const Theme& t)
{
    return t.soma;
}

QColor expectedColor(const Theme& t)
{
    return t.target;
}

Chart empty(const QString& title, const QString& note)
{
    Chart chart;
    chart.title = title;
    chart.note = note;
    return chart;
}

/// Shares per bin in percent, measured and expected; x is the middle of a bin in units of `step`.
template <class Expected>
void fillHistogram(Chart& chart, const std::vector<std::uint64_t>& places, double all, double step,
    bool fromZero, const Expected& expected)
{
    const HistogramBins bins = binsOf(places, kBars, fromZero);
    ChartSeries measured, poisson;
    measured.name = u"measured"_s;
    measured.color = measuredColor;
    measured.fill = 0.3;
    measured.bar = step * static_cast<double>(bins.width);
    poisson.name = u"Poisson"_s;
    poisson.color = expectedColor;
    poisson.dash = 1;
    double highest = 0;
    for (std::size_t b = 0; b < bins.count; ++b) {
        const std::size_t from = bins.first + b * bins.width;
        std::uint64_t sum = 0;
        double wanted = 0;
        for (std::size_t k = from; k < from + bins.width; ++k) {
            sum += k < places.size() ? places[k] : 0;
            wanted += expected(k);
        }
        const double middle =
            step * (static_cast<double>(from) + (static_cast<double>(bins.width) - 1) / 2);
        measured.x.push_back(middle);
        measured.y.push_back(100 * static_cast<double>(sum) / all);
        poisson.x.push_back(middle);
        poisson.y.push_back(100 * wanted);
        highest = std::max({highest, measured.y.back(), poisson.y.back()});
    }
    chart.x.low = step * (static_cast<double>(bins.first) - 0.5);
    chart.x.high = step * (static_cast<double>(bins.end()) - 0.5);
    chart.y.high = std::max(1e-3, kMargin * highest);
    chart.series = {std::move(measured), std::move(poisson)};
}

Chart rateChart(const SpikeStatistics& s)
{
    const QString window = durationText(s.windowMs());
    const QString title = u"Rate in windows of "_s + window;
    if (s.windows == 0)
        return empty(title, u"The first window of "_s + window + u" is not over yet."_s);
    Chart chart = empty(title, u"%1 windows of %2 neurons"_s.arg(s.windows).arg(s.spikes.size()));
    chart.x.name = u"rate"_s;
    chart.x.unit = u"1/ms"_s;
    chart.y.name = u"windows"_s;
    chart.y.unit = u"%"_s;
    const double all = static_cast<double>(s.windows) * static_cast<double>(s.spikes.size());
    fillHistogram(chart, s.counts, all, 1 / s.windowMs(), false,
        [&](std::size_t k) { return poissonCountShare(s, k); });
    return chart;
}

Chart intervalChart(const SpikeStatistics& s)
{
    const QString title = u"Intervals between spikes"_s;
    const std::uint64_t all = s.intervalCount();
    if (all == 0)
        return empty(title, u"No neuron has fired twice yet."_s);
    Chart chart = empty(title,
        u"%1 intervals, mean %2 ms"_s.arg(all).arg(
            valueText(static_cast<double>(s.intervalSteps) * s.dt / static_cast<double>(all), 3)));
    chart.x.name = u"interval"_s;
    chart.x.unit = u"ms"_s;
    chart.y.name = u"intervals"_s;
    chart.y.unit = u"%"_s;
    fillHistogram(chart, s.intervals, static_cast<double>(all), s.dt, true, // a gap is a result

        [&](std::size_t k) { return poissonIntervalShare(s, k); });
    return chart;
}

ChartSeries level(const QString& name, double from, double to, double y)
{
    ChartSeries series;
    series.name = name;
    series.color = expectedColor;
    series.dash = 1;
    series.x = {from, to};
    series.y = {y, y};
    return series;
}

Chart fanoChart(const SpikeStatistics& s, int selected, const std::vector<QString>& names)
{
    const QString title = u"Fano factor of counts"_s;
    std::vector<std::size_t> order(s.spikes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return s.spikes[i]; });
    ChartSeries neurons, chosen, rates;
    neurons.name = u"neurons"_s;
    neurons.color = measuredColor;
    rates.name = u"Poisson, varying rate"_s;
    rates.color = [](const Theme& t) { return t.lateral; };
    rates.marker = ChartSeries::Marker::Diamond;
    chosen.name = u"selected"_s;
    chosen.color = [](const Theme& t) { return t.accent; };
    chosen.width = 3;
    double sum = 0, highest = 1, fastest = 0;
    for (const std::size_t i : order) {
        const double fano = s.fano(i), rate = s.rate(i);
        if (!std::isfinite(fano))
            continue;
        for (ChartSeries* to : {&neurons, &chosen}) {
            if (to == &chosen && static_cast<int>(i) != selected)
                continue;
            to->x.push_back(rate);
            to->y.push_back(fano);
            to->labels.push_back(
                i < names.size() ? names[i] : QString::number(static_cast<qulonglong>(i) + 1));
        }
        rates.x.push_back(rate);
        rates.y.push_back(s.expectedFano(i));
        sum += fano;
        highest = std::max({highest, fano, rates.y.back()});
        fastest = std::max(fastest, rate);
    }
    if (neurons.x.empty())
        return empty(title, u"Two windows with a spike are needed."_s);
    const double mean = sum / static_cast<double>(neurons.x.size());
    Chart chart = empty(title, u"mean "_s + valueText(mean, 3));
    chart.x.name = u"rate"_s;
    chart.x.unit = u"1/ms"_s;
    chart.x.high = kMargin * fastest;
    chart.y.name = u"Fano factor"_s;
    chart.y.unit = u"1"_s;
    chart.y.high = kMargin * highest;
    ChartSeries one = level(u"Poisson"_s, 0, chart.x.high, 1);
    const double error = kBand * std::sqrt(2 / static_cast<double>(s.windows - 1));
    one.low.assign(2, std::max(0.0, 1 - error));
    one.high.assign(2, std::min(chart.y.high, 1 + error));
    for (ChartSeries* points : {&neurons, &chosen, &rates}) {
        points->joined = false;
        if (points != &rates)
            points->marker = ChartSeries::Marker::Circle;
    }
    chart.series = {std::move(one), std::move(rates), std::move(neurons)};
    if (s.expected.empty())
        chart.series.erase(chart.series.begin() + 1);
    if (!chosen.x.empty())
        chart.series.push_back(std::move(chosen));
    return chart;
}

} // namespace

HistogramBins binsOf(const std::vector<std::uint64_t>& places, std::size_t most, bool fromZero)
{
    std::uint64_t all = 0;
    for (const std::uint64_t n : places)
        all += n;
    HistogramBins bins;
    if (all == 0)
        return bins;
    while (!fromZero && places[bins.first] == 0)
        ++bins.first;
    std::uint64_t below = 0;
    std::size_t end = bins.first;
    while (end < places.size() && 1000 * (all - below) > all)
        below += places[end++];
    const std::size_t span = end - bins.first;
    bins.width = std::max<std::size_t>(1, (span + most - 1) / most);
    if (bins.first < bins.width * 2) // little is left out below: from 0 on
        bins.first = 0;
    bins.count = (end - bins.first + bins.width - 1) / bins.width;
    return bins;
}

std::vector<Chart> statisticsCharts(
    const SpikeStatistics& s, int selected, const std::vector<QString>& names)
{
    return {rateChart(s), intervalChart(s), fanoChart(s, selected, names)};
}

QString statisticsCsv(const SpikeStatistics& s)
{
    QString out = u"neuron,spikes,rate_per_ms,fano,expected_fano\n"_s;
    for (std::size_t i = 0; i < s.spikes.size(); ++i)
        out += u"%1,%2,%3,%4,%5\n"_s.arg(i)
                   .arg(s.spikes[i])
                   .arg(exactText(s.rate(i)), exactText(s.fano(i)), exactText(s.expectedFano(i)));
    out += u"\ninterval_steps,intervals,poisson_share\n"_s;
    for (std::size_t k = 0; k < s.intervals.size(); ++k)
        if (s.intervals[k] > 0)
            out += u"%1,%2,%3\n"_s.arg(k)
                       .arg(s.intervals[k])
                       .arg(exactText(poissonIntervalShare(s, k)));
    out += u"\nspikes_in_window,windows,poisson_share\n"_s;
    for (std::size_t k = 0; k < s.counts.size(); ++k)
        if (s.counts[k] > 0)
            out += u"%1,%2,%3\n"_s.arg(k).arg(s.counts[k]).arg(exactText(poissonCountShare(s, k)));
    return out;
}

} // namespace apical
