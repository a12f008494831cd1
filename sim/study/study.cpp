#include "sim/study/study.h"

#include "sim/base/error.h"
#include "sim/files/preset.h"
#include "sim/files/preset_parts.h"
#include "sim/run/experiment_check.h"
#include "sim/task/stimulus.h"

#include <algorithm>
#include <set>

namespace apical {
namespace {

[[noreturn]] void failOverflow()
{
    throw InputError({.problem = "the study has too many points",
        .allowed =
            "at most " + std::to_string(Study::kMostPoints) + " (values times seeds times lanes)"});
}

std::size_t product(std::size_t a, std::uint64_t b)
{
    if (b == 0 || a > Study::kMostPoints / b)
        failOverflow();
    return a * static_cast<std::size_t>(b);
}

/// The same error, said of the word the person typed.
InputError ofVary(const InputError& error)
{
    InputError::Fields fields = error.fields();
    if (fields.file.starts_with("--set "))
        fields.file.replace(0, 6, "--vary ");
    return InputError(fields);
}

/// Values as they compare: 0.1, 0.10 and 1e-1 are one number.
std::vector<std::string> comparable(std::vector<std::string> row)
{
    for (std::string& value : row) {
        const Json json = Json::parse(value, nullptr, false);
        if (json.is_number())
            value = Json(json.get<double>()).dump();
        else if (!json.is_discarded())
            value = json.dump(); // without blanks
    }
    return row;
}

Json lengthJson(const RunLength& length)
{
    Json json = Json::object();
    if (length.steps)
        json["steps"] = *length.steps;
    if (length.samples)
        json["samples"] = *length.samples;
    if (length.epochs)
        json["epochs"] = *length.epochs;
    if (length.timeMs)
        json["time"] = *length.timeMs;
    return json;
}

Json axesJson(const std::vector<StudyAxis>& axes)
{
    Json list = Json::array();
    for (const StudyAxis& axis : axes) {
        Json json = Json::object();
        for (std::size_t k = 0; k < axis.keys.size(); ++k) {
            Json& values = json[axis.keys[k]] = Json::array();
            for (const auto& row : axis.values)
                values.push_back(row[k]);
        }
        list.push_back(std::move(json));
    }
    return list;
}

} // namespace

Study::Study(StudySpec spec)
    : m_spec(std::move(spec))
{
    std::vector<std::string> overrides = m_spec.set;
    if (const std::vector<std::uint64_t>& list = m_spec.seedList; !list.empty()) {
        m_spec.seeds = list.size();
        if (m_spec.seed)
            throw InputError({.problem = "a first seed contradicts the list of seeds",
                .key = "seed",
                .allowed = "one of the two"});
        for (auto seed = list.begin(); seed != list.end(); ++seed) {
            if (std::find(list.begin(), seed, *seed) != seed)
                throw InputError({.problem = "seed " + std::to_string(*seed) + " is given twice",
                    .key = "seeds"});
        }
    }
    if (m_spec.seed)
        overrides.push_back("seed=" + std::to_string(*m_spec.seed));
    m_base = m_spec.presetText.empty() ? loadPreset(m_spec.preset, overrides)
                                       : readPreset(m_spec.presetText, m_spec.preset, overrides);
    if (m_base.weights.init == WeightSpec::Init::File) { // the file may change
        m_base.weights.init = WeightSpec::Init::Explicit;
        m_base.weights.file.clear();
    }
    m_baseText = writePreset(m_base);
    checkAxes();

    Json json{{"apical_study", 1}, {"name", m_spec.name}, {"title", m_spec.title},
        {"summary", m_spec.summary}, {"base", m_base.name}, {"preset", experimentJson(m_base)},
        {"vary", axesJson(m_spec.vary)},
        {"seeds", m_spec.seedList.empty() ? Json(m_spec.seeds) : Json(m_spec.seedList)},
        {"length", lengthJson(m_spec.length)}};
    m_declaration = json.dump();
}

void Study::checkAxes()
{
    std::size_t combinations = 1;
    std::set<std::string> taken;
    for (const StudyAxis& axis : m_spec.vary) {
        for (const std::string& key : axis.keys) {
            if (key == "seed" || key == "lanes" || key.starts_with("lanes"))
                throw InputError({.problem = '"' + key + "\" cannot be varied",
                    .key = key,
                    .allowed = key == "seed" ? "--seeds N" : "keys outside the lanes"});
            if (!taken.insert(key).second)
                throw InputError({.problem = '"' + key + "\" is varied twice", .key = key});
            m_keys.push_back(key);
        }
        std::set<std::vector<std::string>> values;
        for (const auto& row : axis.values) {
            if (!values.insert(comparable(row)).second)
                throw InputError(
                    {.problem = axis.keys.front() + " = " + row.front() + " is given twice",
                        .key = axis.keys.front()});
        }
        combinations = product(combinations, axis.values.size());
    }
    product(product(combinations, m_spec.seeds), lanes());
    if (m_base.seed + (m_spec.seeds - 1) < m_base.seed)
        throw InputError({.problem = "the last seed is above 2^64 - 1", .key = "seed"});
    for (std::size_t i = 0; i < combinations; ++i) {
        try {
            const Experiment experiment = experimentOf(valuesOf(i), m_base.seed);
            validate(experiment);
            const auto stimulus = makeStimulus(experiment);
            const Schedule schedule(experiment.parameters, stimulus->samples(Block::Train));
            m_hasEpochs = m_hasEpochs || schedule.hasEpochs();
            const RunGoal goal(m_spec.length, experiment, experiment.parameters, *stimulus);
            m_expectedSteps.push_back(std::max(1.0, goal.expectedSteps(experiment.parameters)));
        } catch (const InputError& error) {
            throw ofVary(error);
        }
    }
}

std::vector<std::string> Study::valuesOf(std::size_t combination) const
{
    std::vector<std::string> values;
    for (auto axis = m_spec.vary.rbegin(); axis != m_spec.vary.rend(); ++axis) {
        const auto& row = axis->values[combination % axis->values.size()];
        values.insert(values.begin(), row.begin(), row.end());
        combination /= axis->values.size();
    }
    return values;
}

Experiment Study::experimentOf(const std::vector<std::string>& values, std::uint64_t seed) const
{
    std::vector<std::string> overrides;
    for (std::size_t k = 0; k < values.size(); ++k)
        overrides.push_back(m_keys[k] + '=' + values[k]);
    overrides.push_back("seed=" + std::to_string(seed));
    Experiment experiment = readPreset(m_baseText, m_base.name, overrides);
    return experiment;
}

StudyPoint Study::point(std::size_t index) const
{
    StudyPoint point;
    point.index = index;
    const std::size_t seed = index % m_spec.seeds;
    point.seed = m_spec.seedList.empty() ? m_base.seed + seed : m_spec.seedList[seed];
    index /= static_cast<std::size_t>(m_spec.seeds);
    point.lane = static_cast<int>(index % lanes());
    point.combination = index / lanes();
    point.values = valuesOf(point.combination);
    return point;
}

Experiment Study::experiment(const StudyPoint& point) const
{
    return experimentOf(point.values, point.seed);
}

double Study::expectedSteps(std::size_t index) const
{
    return m_expectedSteps[index / (static_cast<std::size_t>(m_spec.seeds) * lanes())];
}

} // namespace apical
