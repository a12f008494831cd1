#include "sim/study/table.h"

#include "sim/base/output_file.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

std::string keysHeader(const Study& study)
{
    std::string header = "point";
    for (const std::string& key : study.keys())
        header += ',' + csvField(key);
    if (study.hasLanes())
        header += ",lane";
    return header + ",seed";
}

std::string pointFields(const Study& study, const StudyPoint& point)
{
    std::string line = std::to_string(point.index);
    for (const std::string& value : point.values)
        line += ',' + csvField(value);
    if (study.hasLanes())
        line += ',' + csvField(study.base().lanes[static_cast<std::size_t>(point.lane)].name);
    return line + ',' + std::to_string(point.seed);
}

void addNames(std::vector<std::string>& names, const std::string& name)
{
    if (std::find(names.begin(), names.end(), name) == names.end())
        names.push_back(name);
}

void tasksFirst(std::vector<std::string>& names)
{
    std::stable_partition(
        names.begin(), names.end(), [](const auto& name) { return isTaskMetric(name); });
}

} // namespace

std::string csvField(const std::string& text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

std::vector<std::string> metricNames(const StudyResults& results)
{
    std::vector<std::string> names;
    for (const auto& [point, result] : results) {
        for (const auto& [name, value] : result.metrics)
            addNames(names, name);
    }
    tasksFirst(names);
    return names;
}

std::string studyCsv(const Study& study, const StudyResults& results)
{
    const std::vector<std::string> names = metricNames(results);
    std::string text = keysHeader(study) + ",state,steps";
    for (const std::string& name : names)
        text += ',' + name;
    text += '\n';
    for (const auto& [index, result] : results) {
        text +=
            pointFields(study, study.point(index)) + (result.diverged ? ",diverged," : ",done,");
        appendNumber(text, result.steps);
        for (const std::string& name : names) {
            text += ',';
            const auto found = std::find_if(result.metrics.begin(), result.metrics.end(),
                [&](const auto& metric) { return metric.first == name; });
            if (found != result.metrics.end())
                appendNumber(text, found->second);
        }
        text += '\n';
    }
    return text;
}

std::string curvesCsv(const Study& study, const StudyResults& results)
{
    std::vector<std::string> names;
    for (const auto& [point, result] : results) {
        for (const std::string& name : result.curve.names)
            addNames(names, name);
    }
    tasksFirst(names);
    std::string text = keysHeader(study) + ",epoch";
    for (const std::string& name : names)
        text += ',' + name;
    text += '\n';
    for (const auto& [index, result] : results) {
        const std::string fields = pointFields(study, study.point(index));
        std::vector<std::size_t> columns;
        for (const std::string& name : names) {
            const auto& own = result.curve.names;
            columns.push_back(
                static_cast<std::size_t>(std::find(own.begin(), own.end(), name) - own.begin()));
        }
        for (std::size_t i = 0; i < result.curve.epochs.size(); ++i) {
            text += fields + ',';
            appendNumber(text, result.curve.epochs[i]);
            for (const std::size_t column : columns) {
                text += ',';
                if (column < result.curve.names.size() && !std::isnan(result.curve.rows[i][column]))
                    appendNumber(text, result.curve.rows[i][column]);
            }
            text += '\n';
        }
    }
    return text;
}

} // namespace apical
