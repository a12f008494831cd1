#include "widgets/study/charts.h"

#include "sim/study/summary.h"
#include "sim/study/table.h"
#include "widgets/look/number_text.h"
#include "widgets/view/lane_words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr const char* kMode = "circuit.latent_equilibrium";
constexpr std::size_t kMostCurves = 9, kCurvesPerGroup = 3;
const QString kDeviation = u"mean \u00b1 s.d. of the seeds"_s,
              kRange = u"mean and range of the seeds"_s;

std::optional<double> numberOf(const std::string& text)
{
    bool good = false;
    const double value = QString::fromStdString(text).toDouble(&good);
    return good && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

/// The two modes keep their colours everywhere.
enum class Mode { None, LookAhead, Slow };

/// Keys that change together with one key.
std::vector<bool> partOfAxis(const Study& study, const std::string& key)
{
    std::vector<bool> part;
    for (const StudyAxis& axis : study.spec().vary) {
        const bool here = std::find(axis.keys.begin(), axis.keys.end(), key) != axis.keys.end();
        part.insert(part.end(), axis.keys.size(), here);
    }
    return part;
}

/// Combinations and lanes that differ in x only belong to one group.
struct Group {
    QString name;
    Mode mode = Mode::None;
    std::map<double, std::pair<std::size_t, int>> places; ///< x -> combination, lane
};

QString valueName(const std::string& key, const std::string& value)
{
    if (key == kMode)
        return value == "true" ? u"Latent Equilibrium"_s : u"Sacramento"_s;
    return QString::fromStdString(key + " = " + value);
}

Mode modeOf(const Study& study, const StudyPoint& point)
{
    const auto& keys = study.keys();
    const auto found = std::find(keys.begin(), keys.end(), kMode);
    const bool byKey = found != keys.end();
    const bool on = byKey ? point.values[static_cast<std::size_t>(found - keys.begin())] == "true"
                          : looksAhead(study.base().laneParameters(point.lane));
    return on ? Mode::LookAhead : Mode::Slow;
}

std::size_t firstPoint(const Study& study, std::size_t combination, int lane)
{
    return (combination * study.lanes() + static_cast<std::size_t>(lane))
        * static_cast<std::size_t>(study.spec().seeds);
}

std::vector<Group> groupsOf(const Study& study, const std::string& xKey)
{
    const std::vector<bool> withX = partOfAxis(study, xKey);
    const auto& keys = study.keys();
    const auto xColumn =
        static_cast<std::size_t>(std::find(keys.begin(), keys.end(), xKey) - keys.begin());
    std::vector<Group> groups;
    std::set<Mode> modes;
    for (std::size_t combination = 0; combination < study.combinations(); ++combination) {
        for (int lane = 0; lane < static_cast<int>(study.lanes()); ++lane) {
            const StudyPoint point = study.point(firstPoint(study, combination, lane));
            QStringList names;
            if (study.hasLanes())
                names << QString::fromStdString(
                    study.base().lanes[static_cast<std::size_t>(lane)].name);
            for (std::size_t k = 0; k < keys.size(); ++k) {
                if (!withX[k])
                    names << valueName(keys[k], point.values[k]);
            }
            const QString name = names.join(u", "_s);
            auto group = std::find_if(
                groups.begin(), groups.end(), [&](const Group& g) { return g.name == name; });
            if (group == groups.end()) {
                groups.push_back({name, modeOf(study, point), {}});
                group = groups.end() - 1;
                modes.insert(group->mode);
            }
            const double x = xColumn < keys.size() ? numberOf(point.values[xColumn]).value_or(0)
                                                   : static_cast<double>(combination);
            group->places[x] = {combination, lane};
        }
    }
    if (modes.size() < 2) { // one mode: the colours are free to tell the groups apart
        for (Group& group : groups)
            group.mode = Mode::None;
    }
    return groups;
}

QString unitOf(const Study& study, const std::string& key)
{
    const ParameterRow* row = study.base().parameters.table().find(key);
    if (!row || row->unit.empty() || row->unit == "1")
        return u"1"_s;
    return QString::fromUtf8(row->unit.data(), static_cast<qsizetype>(row->unit.size()));
}

QString keyName(const std::string& key)
{
    return key == "stimulus.presentation_time" ? u"presentation time"_s
                                               : QString::fromStdString(key);
}

std::string chosenX(const Study& study, const ChartChoice& choice)
{
    const auto keys = xKeys(study);
    if (std::find(keys.begin(), keys.end(), choice.xKey) != keys.end())
        return choice.xKey;
    return keys.empty() ? std::string() : keys.front();
}

constexpr std::string_view kFirstEpoch = "first_epoch_without_error";

/// Errors of the task lie between 0 and 1; losses and errors of a layer vanish on a log axis.
bool isShare(const std::string& metric)
{
    return isTaskMetric(metric) && metric != kFirstEpoch
        && shownName(metric).find("error") != std::string::npos;
}

void setRange(Chart& chart, const std::string& metric)
{
    ChartAxis& y = chart.y;
    y.logarithmic = !isShare(metric) && metric != kFirstEpoch;
    y.low = 0;
    y.high = 1;
    for (const ChartSeries& series : chart.series)
        for (const double high : series.high)
            if (metric == kFirstEpoch)
                y.high = std::max(y.high, niceStep(high));
    if (y.logarithmic) {
        std::vector<double> means;
        for (const ChartSeries& series : chart.series)
            means.insert(means.end(), series.y.begin(), series.y.end());
        std::tie(y.low, y.high) = decadesOf(means);
    }
}

QColor colorOf(const Theme& theme, Mode mode, std::size_t group)
{
    if (mode != Mode::None)
        return mode == Mode::LookAhead ? theme.laneB : theme.laneA;
    const QColor colors[]{
        theme.soma, theme.apical, theme.basal, theme.interneuron, theme.target, theme.topdown};
    return colors[group % std::size(colors)];
}

/// @param range spread from the least to the greatest: below a mean on a log axis there is no room
/// for a deviation
void addValue(ChartSeries& series, double x, const std::vector<double>& values, bool range)
{
    double sum = 0, squares = 0;
    for (const double value : values)
        sum += value;
    const double mean = sum / static_cast<double>(values.size());
    for (const double value : values)
        squares += (value - mean) * (value - mean);
    const double deviation =
        values.size() > 1 ? std::sqrt(squares / static_cast<double>(values.size() - 1)) : 0;
    series.x.push_back(x);
    series.y.push_back(mean);
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    series.low.push_back(range ? *low : mean - deviation);
    series.high.push_back(range ? *high : mean + deviation);
}

/// The curve that tells how a final metric came about.
std::string curveMetric(const StudyResults& results, const std::string& metric)
{
    std::vector<std::string> names;
    for (const auto& [index, result] : results) {
        for (const std::string& name : result.curve.names) {
            if (std::find(names.begin(), names.end(), name) == names.end())
                names.push_back(name);
        }
    }
    const bool loss = metric.find("loss") != std::string::npos;
    for (const std::string& wanted :
        {metric, std::string(loss ? "validation_loss" : "validation_accuracy"),
            std::string(loss ? "loss" : "accuracy")}) {
        if (std::find(names.begin(), names.end(), wanted) != names.end())
            return wanted;
    }
    return leadingMetric(names);
}

ChartSeries curveOf(
    const Study& study, const StudyResults& results, std::size_t first, const std::string& metric)
{
    std::map<std::uint64_t, std::vector<double>> values;
    for (std::size_t seed = 0; seed < study.spec().seeds; ++seed) {
        const auto found = results.find(first + seed);
        if (found == results.end())
            continue;
        const LearningCurve& curve = found->second.curve;
        const auto column = static_cast<std::size_t>(
            std::find(curve.names.begin(), curve.names.end(), metric) - curve.names.begin());
        for (std::size_t i = 0; column < curve.names.size() && i < curve.epochs.size(); ++i) {
            const double value = shownValue(metric, curve.rows[i][column]);
            if (std::isfinite(value))
                values[curve.epochs[i]].push_back(value);
        }
    }
    ChartSeries series;
    for (const auto& [epoch, row] : values)
        addValue(series, static_cast<double>(epoch), row, !isShare(metric));
    return series;
}

} // namespace

std::vector<std::string> xKeys(const Study& study)
{
    std::vector<std::pair<std::size_t, std::string>> keys;
    for (const StudyAxis& axis : study.spec().vary) {
        for (std::size_t k = 0; k < axis.keys.size(); ++k) {
            std::set<double> numbers;
            for (const auto& row : axis.values) {
                if (const auto number = numberOf(row[k]))
                    numbers.insert(*number);
            }
            if (numbers.size() == axis.values.size())
                keys.emplace_back(numbers.size(), axis.keys[k]);
        }
    }
    std::stable_sort(
        keys.begin(), keys.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::string> names;
    for (auto& [count, key] : keys)
        names.push_back(std::move(key));
    return names;
}

QString metricTitle(const std::string& metric)
{
    QString title = QString::fromStdString(shownName(metric));
    if (title.startsWith(u"layer"_s)) {
        const qsizetype point = title.indexOf(u'.');
        title = title.mid(point + 1) + u", layer "_s + title.mid(5, point - 5);
    }
    return title.replace(u'_', u' ');
}

Chart curveChart(const Study& study, const StudyResults& results, const ChartChoice& choice)
{
    const std::string final =
        choice.metric.empty() ? leadingMetric(metricNames(results)) : choice.metric;
    const std::string metric = curveMetric(results, final);
    const std::string xKey = chosenX(study, choice);
    Chart chart;
    chart.title = metric.empty() ? u"A  Learning curves"_s
                                 : u"A  "_s + metricTitle(metric)
            + (study.hasEpochs() ? u" against epoch"_s : u" while learning"_s);
    chart.x.name = study.hasEpochs() ? u"epoch"_s : u"presentations / 100"_s;
    chart.x.whole = study.hasEpochs();
    chart.y.name = metric.empty() ? u"error"_s : metricTitle(metric);
    chart.y.unit = u"1"_s;
    setRange(chart, metric);
    if (results.empty()) {
        chart.note = u"Learning curves appear here as runs end."_s;
        return chart;
    }
    std::size_t index = 0, left = 0;
    for (const Group& group : groupsOf(study, xKey)) {
        std::vector<std::pair<double, std::pair<std::size_t, int>>> places(
            group.places.begin(), group.places.end());
        std::vector<std::size_t> chosen{0, places.size() / 2, places.size() - 1};
        chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
        for (std::size_t k = 0; k < chosen.size() && k < kCurvesPerGroup; ++k) {
            const auto& [x, place] = places[chosen[k]];
            ChartSeries series =
                curveOf(study, results, firstPoint(study, place.first, place.second), metric);
            if (series.x.empty())
                continue;
            if (chart.series.size() == kMostCurves) {
                ++left;
                continue;
            }
            QStringList words;
            if (!group.name.isEmpty())
                words << group.name;
            if (!xKey.empty()) {
                const QString unit = unitOf(study, xKey);
                words << (unit == u"1"_s ? QString::fromStdString(xKey) + u" = "_s : QString())
                        + QString::number(x) + (unit == u"1"_s ? QString() : u" "_s + unit);
            }
            series.name = words.join(u", "_s);
            series.color = [mode = group.mode, index](
                               const Theme& theme) { return colorOf(theme, mode, index); };
            series.dash = static_cast<int>(chosen.size() - 1 - k);
            chart.series.push_back(std::move(series));
        }
        ++index;
    }
    setRange(chart, metric);
    for (const ChartSeries& series : chart.series)
        chart.x.high = std::max(chart.x.high, series.x.back());
    if (chart.series.empty())
        chart.note = u"These runs were too short for a learning curve."_s;
    else
        chart.note = left         ? u"%1 more are not drawn"_s.arg(left)
            : chart.y.logarithmic ? kRange
                                  : kDeviation;
    return chart;
}

Chart finalChart(const Study& study, const StudyResults& results, const ChartChoice& choice)
{
    const std::string metric =
        choice.metric.empty() ? leadingMetric(metricNames(results)) : choice.metric;
    const std::string xKey = chosenX(study, choice);
    Chart chart;
    chart.title = metric == kFirstEpoch
        ? u"B  First epoch without error"_s
        : u"B  Final "_s + (metric.empty() ? u"error"_s : metricTitle(metric));
    chart.x.name = xKey.empty() ? u"combination"_s : keyName(xKey);
    chart.x.unit = xKey.empty() ? QString() : unitOf(study, xKey);
    chart.x.inset = 14;
    chart.y.name = metric.empty() ? u"error"_s : metricTitle(metric);
    chart.y.unit = metric == kFirstEpoch ? QString() : u"1"_s;
    setRange(chart, metric);
    if (!xKey.empty())
        chart.title += u" against "_s + keyName(xKey);
    std::map<std::pair<std::size_t, int>, StudyGroup> means;
    for (const StudyGroup& group : summarize(study, results, metric)) {
        if (group.count)
            means[{group.combination, group.lane}] = group;
    }
    bool positive = true;
    double lowest = HUGE_VAL, highest = 0;
    std::size_t index = 0;
    for (const Group& group : groupsOf(study, xKey)) {
        ChartSeries series;
        series.name = group.name;
        series.color = [mode = group.mode, index](
                           const Theme& theme) { return colorOf(theme, mode, index); };
        series.marker = std::array{ChartSeries::Marker::Circle, ChartSeries::Marker::Square,
            ChartSeries::Marker::Triangle, ChartSeries::Marker::Diamond}[index++ % 4];
        series.spread = ChartSeries::Spread::Whiskers;
        for (const auto& [x, place] : group.places) {
            positive = positive && x > 0;
            lowest = std::min(lowest, x);
            highest = std::max(highest, x);
            const auto found = means.find(place);
            if (found == means.end() || !std::isfinite(found->second.mean))
                continue;
            const StudyGroup& mean = found->second;
            series.x.push_back(x);
            series.y.push_back(mean.mean);
            series.low.push_back(chart.y.logarithmic ? mean.low : mean.mean - mean.deviation);
            series.high.push_back(chart.y.logarithmic ? mean.high : mean.mean + mean.deviation);
        }
        if (!series.x.empty())
            chart.series.push_back(std::move(series));
    }
    setRange(chart, metric);
    chart.x.logarithmic = positive && highest >= 4 * lowest;
    std::vector<double> tried;
    for (const ChartSeries& series : chart.series)
        tried.insert(tried.end(), series.x.begin(), series.x.end());
    chart.x.label(std::move(tried));
    chart.note = chart.series.empty() ? u"Final values appear here as runs end."_s
        : chart.y.logarithmic         ? kRange
                                      : kDeviation;
    return chart;
}

} // namespace apical
