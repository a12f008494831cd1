#include "widgets/chart/chart.h"

#include "widgets/look/number_text.h"

#include <algorithm>
#include <cmath>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

QString withUnit(double value, const ChartAxis& axis)
{
    const QString text = axis.whole ? QString::number(value, 'f', 0) : valueText(value, 3);
    return axis.unit.isEmpty() || axis.unit == u"1"_s ? text : text + u' ' + axis.unit;
}

} // namespace

QString ChartAxis::title() const
{
    return unit.isEmpty() ? name : name + u" ("_s + unit + u')';
}

double ChartAxis::place(double value) const
{
    if (!logarithmic)
        return value;
    return std::log10(value > low ? value : low); // NaN goes to the floor too
}

void ChartAxis::label(std::vector<double> values)
{
    std::ranges::sort(values);
    values.erase(std::unique(values.begin(), values.end()), values.end());
    labelled = std::move(values);
    low = labelled.empty() ? (logarithmic ? 1 : 0) : labelled.front();
    high = labelled.empty() ? (logarithmic ? 10 : 1) : labelled.back();
    if (low < high)
        return;
    low -= logarithmic ? low / 2 : 0.5;
    high += high > 0 ? high / 2 : 0.5;
}

QString chartValues(const Chart& chart, double x)
{
    const double wanted = chart.x.place(x);
    double nearest = 0, least = HUGE_VAL;
    for (const ChartSeries& series : chart.series)
        for (const double each : series.x)
            if (const double away = std::abs(chart.x.place(each) - wanted); away < least) {
                least = away;
                nearest = each;
            }
    if (least == HUGE_VAL)
        return {};
    QString text = chart.x.name + u' ' + withUnit(nearest, chart.x);
    for (const ChartSeries& series : chart.series)
        for (std::size_t i = 0; i < series.x.size(); ++i) {
            if (series.x[i] != nearest || !std::isfinite(series.y[i]))
                continue;
            text += u'\n' + (series.name.isEmpty() ? QString() : series.name + u' ')
                + (i < series.labels.size() ? series.labels[i] + u' ' : QString()) + chart.y.name
                + u' ' + withUnit(series.y[i], chart.y);
            if (!series.low.empty() && series.high[i] > series.low[i])
                text += u" ("_s + valueText(series.low[i], 3) + u" to "_s
                    + valueText(series.high[i], 3) + u')';
        }
    return text;
}

std::pair<double, double> decadesOf(const std::vector<double>& values)
{
    double low = HUGE_VAL, high = 0;
    for (const double value : values)
        if (value > 0 && std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    if (!(high > 0))
        return {1e-3, 1};
    low = std::max(low, high * 1e-9);
    const double top = std::ceil(std::log10(high) + 1e-9);
    return {
        std::pow(10.0, std::min(std::floor(std::log10(low) - 1e-9), top - 1)), std::pow(10.0, top)};
}

} // namespace apical
