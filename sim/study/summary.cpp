#include "sim/study/summary.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace apical {
namespace {

constexpr std::string_view kAccuracy = "accuracy";

struct Sums {
    StudyGroup group;
    std::vector<double> values;
};

StudyGroup finish(Sums& sums)
{
    StudyGroup& group = sums.group;
    group.count = sums.values.size();
    if (sums.values.empty())
        return group;
    double sum = 0;
    for (const double value : sums.values)
        sum += value;
    group.mean = sum / static_cast<double>(group.count);
    double squares = 0;
    for (const double value : sums.values)
        squares += (value - group.mean) * (value - group.mean);
    if (group.count > 1)
        group.deviation = std::sqrt(squares / static_cast<double>(group.count - 1));
    const auto [low, high] = std::minmax_element(sums.values.begin(), sums.values.end());
    group.low = *low;
    group.high = *high;
    return group;
}

} // namespace

std::string leadingMetric(const std::vector<std::string>& names)
{
    for (const std::string_view wanted : {"test_accuracy", "validation_accuracy", "accuracy",
             "test_loss", "validation_loss", "loss"}) {
        if (std::find(names.begin(), names.end(), wanted) != names.end())
            return std::string(wanted);
    }
    for (const std::string& name : names) {
        if (name.ends_with(".apical_error"))
            return name;
    }
    return names.empty() ? std::string() : names.front();
}

double shownValue(const std::string& metric, double value)
{
    return metric.ends_with(kAccuracy) ? 1 - value : value;
}

std::string shownName(const std::string& metric)
{
    if (!metric.ends_with(kAccuracy))
        return metric;
    return metric.substr(0, metric.size() - kAccuracy.size()) + "error";
}

std::vector<StudyGroup> summarize(
    const Study& study, const StudyResults& results, const std::string& metric)
{
    std::vector<StudyGroup> groups;
    Sums sums;
    const auto close = [&] {
        if (sums.group.diverged || !sums.values.empty())
            groups.push_back(finish(sums));
    };
    for (const auto& [index, result] : results) {
        const std::size_t place = index / static_cast<std::size_t>(study.spec().seeds);
        const std::size_t combination = place / study.lanes();
        const int lane = static_cast<int>(place % study.lanes());
        if (combination != sums.group.combination || lane != sums.group.lane) {
            close();
            sums = {};
            sums.group.combination = combination;
            sums.group.lane = lane;
        }
        sums.group.diverged += result.diverged ? 1 : 0;
        for (const auto& [name, value] : result.metrics) {
            if (name == metric && !std::isnan(value))
                sums.values.push_back(shownValue(metric, value));
        }
    }
    close();
    return groups;
}

} // namespace apical
