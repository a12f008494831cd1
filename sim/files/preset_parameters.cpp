// Parameters, lanes and edits of a preset.
#include "sim/base/words.h"
#include "sim/files/preset_parts.h"
#include "sim/run/model_table.h"

#include <algorithm>

namespace apical {
namespace {

constexpr const char* kKnownParameters = "the parameters that apical-cli params lists";

bool ofStimulus(const ParameterRow& row)
{
    return row.key.starts_with(kStimulusPrefix);
}

std::vector<std::string_view> parameterKeys(const ParameterTable& table, bool withStimulus)
{
    std::vector<std::string_view> keys;
    for (const ParameterRow& row : table) {
        if (withStimulus || !ofStimulus(row))
            keys.push_back(row.key);
    }
    return keys;
}

/// The row of a key of "parameters"; a stimulus key is sent to where it belongs, unless it is a
/// lane's own.
const ParameterRow& parameterRow(const ParameterTable& table, const JsonNode& parameters,
    const std::string& key, bool ofLane = false)
{
    const ParameterRow* row = table.find(key);
    const JsonNode node = parameters.need(key);
    if (!row) {
        const std::string near = nearest(key, parameterKeys(table, ofLane));
        node.fail({.problem = unknownParameterText(table, key),
                      .allowed = near.empty() ? kKnownParameters : "",
                      .nearest = near},
            JsonPart::Key);
    }
    if (ofStimulus(*row) && !ofLane) {
        const auto inside = key.substr(kStimulusPrefix.size());
        node.fail({.problem = "\"" + key + "\" belongs to the preset's object \"stimulus\", as \""
                          + inside + '"'},
            JsonPart::Key);
    }
    return *row;
}

/// Where in a list the first entry stands that cannot hold for any layer; the list itself if none
/// does.
JsonNode culprit(const JsonNode& node, const ParameterRow& row)
{
    if (!node.json().is_array() || node.size() < 2)
        return node;
    for (std::size_t i = 0; i < node.size(); ++i) {
        try {
            static_cast<void>(checkedValue(row, std::vector<double>{node.at(i).number()}, 1));
        } catch (const InputError&) {
            return node.at(i);
        }
    }
    return node;
}

} // namespace

ParameterValue readParameterValue(const JsonNode& node, const ParameterRow* row)
{
    const Json& json = node.json();
    if (json.is_boolean())
        return json.get<bool>();
    if (json.is_number())
        return json.get<double>();
    if (json.is_array())
        return node.numbers();
    if (!json.is_string())
        node.failKind(
            row ? allowedText(*row) : "a number, a word, true, false or a list of numbers");
    if (row && row->mayBeNone && json == "none")
        return kNone;
    return json.get<std::string>();
}

Json parameterJson(const ParameterValue& value)
{
    if (const auto* flag = std::get_if<bool>(&value))
        return *flag;
    if (const auto* number = std::get_if<double>(&value))
        return *number == kNone ? Json("none") : Json(*number);
    if (const auto* word = std::get_if<std::string>(&value))
        return *word;
    return std::get<std::vector<double>>(value);
}

void readParameter(
    Parameters& parameters, const ParameterRow& row, const JsonNode& node, int targetLayers)
{
    const ParameterValue value = readParameterValue(node, &row);
    try {
        setParameter(parameters, row, value, targetLayers);
    } catch (const InputError& error) {
        InputError::Fields fields = error.fields();
        fields.key.clear(); // the path says it better
        culprit(node, row).fail(std::move(fields));
    }
}

void readParameters(Parameters& parameters, const JsonNode& node, int targetLayers)
{
    for (const auto& key : node.keys())
        readParameter(
            parameters, parameterRow(parameters.table(), node, key), node.need(key), targetLayers);
}

std::vector<LaneSpec> readLanes(const JsonNode& node, const Experiment& experiment)
{
    constexpr std::string_view keys[] = {"name", "parameters"};
    constexpr std::size_t most = 16;
    std::vector<LaneSpec> lanes;
    if (node.size() > most)
        node.fail({.problem = "a session of " + std::to_string(node.size()) + " lanes",
            .allowed = "at most " + std::to_string(most) + " lanes"});
    for (std::size_t i = 0; i < node.size(); ++i) {
        const JsonNode lane = node.at(i);
        lane.onlyKeys(keys);
        LaneSpec spec{.name = lane.need("name").text()};
        Parameters parameters = experiment.parameters;
        if (const auto own = lane.find("parameters")) {
            for (const auto& key : own->keys()) {
                const ParameterRow& row = parameterRow(parameters.table(), *own, key, true);
                const JsonNode value = own->need(key);
                readParameter(parameters, row, value, experiment.targetLayers());
                spec.parameters.emplace_back(key, readParameterValue(value, &row));
            }
        }
        if (parameters.biasOn != experiment.parameters.biasOn
            && !experiment.weights.given.empty()) {
            lane.need("parameters")
                .need("bias.on")
                .fail({.problem = "bias.on changes the size of the given weights",
                    .allowed = "the same bias.on in all lanes when weights are given as matrices"});
        }
        lanes.push_back(std::move(spec));
    }
    return lanes;
}

std::vector<Edit> readEdits(const JsonNode& node, const Experiment& experiment)
{
    constexpr std::string_view keys[] = {"step", "key", "value", "lane"};
    std::vector<std::string> actions;
    for (const Anatomy::Action& action :
        modelNamed(experiment.model()).anatomy(experiment.layers, experiment.parameters).actions)
        actions.push_back("action." + action.key);
    std::vector<Edit> edits;
    Parameters parameters = experiment.parameters;
    for (std::size_t i = 0; i < node.size(); ++i) {
        const JsonNode entry = node.at(i);
        entry.onlyKeys(keys);
        Edit edit{.step = entry.need("step").count(), .key = entry.need("key").text()};
        if (!edits.empty() && edit.step < edits.back().step) {
            entry.need("step").fail(
                {.problem = entry.need("step").name() + " = " + std::to_string(edit.step)
                        + " follows step " + std::to_string(edits.back().step),
                    .allowed = "steps in ascending order"});
        }
        const ParameterRow* row = experiment.parameters.table().find(edit.key);
        if (!row && std::find(actions.begin(), actions.end(), edit.key) == actions.end()) {
            auto known = parameterKeys(experiment.parameters.table(), true);
            known.insert(known.end(), actions.begin(), actions.end());
            const std::vector<std::string_view> words(actions.begin(), actions.end());
            entry.need("key").fail(
                {.problem = unknownParameterText(experiment.parameters.table(), edit.key),
                    .allowed = kKnownParameters
                        + (words.empty() ? std::string() : ", or " + wordList(words)),
                    .nearest = nearest(edit.key, known)});
        }
        if (row && !row->live) {
            entry.need("key").fail({.problem = edit.key + " can only change at a reset",
                .allowed = "parameters that apply at once (apical-cli params says which); this one "
                           "belongs into \"parameters\""});
        }
        const JsonNode value = entry.need("value");
        edit.value = readParameterValue(value, row);
        if (row)
            readParameter(parameters, *row, value, experiment.targetLayers());
        if (const auto lane = entry.find("lane"))
            edit.lane = static_cast<int>(
                lane->count(0, static_cast<std::uint64_t>(experiment.laneCount() - 1)));
        edits.push_back(std::move(edit));
    }
    return edits;
}

Json editsJson(const std::vector<Edit>& edits)
{
    Json list = Json::array();
    for (const Edit& edit : edits) {
        Json entry{{"step", edit.step}, {"key", edit.key}, {"value", parameterJson(edit.value)}};
        if (edit.lane >= 0)
            entry["lane"] = edit.lane;
        list.push_back(std::move(entry));
    }
    return list;
}

} // namespace apical
