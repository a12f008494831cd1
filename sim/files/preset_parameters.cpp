// Parameters, lanes and edits of a preset.
#include "sim/base/words.h"
#include "sim/experiment/lanes.h"
#include "sim/experiment/none_word.h"
#include "sim/files/preset_parts.h"
#include "sim/run/model_table.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

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

using Entry = std::pair<std::string, JsonNode>; ///< key and value of a parameter
using Entries = std::vector<Entry>;

/// What an object of parameters says: "spiking.delay": {"up": 2} is "spiking.delay.up": 2.
Entries entriesOf(const JsonNode& parameters)
{
    Entries entries;
    const auto add = [&](const std::string& key, const JsonNode& value) {
        for (const auto& [known, first] : entries) {
            if (known == key)
                value.fail({.problem = "\"" + key + "\" is given twice"});
        }
        entries.emplace_back(key, value);
    };
    for (const auto& key : parameters.keys()) {
        const JsonNode value = parameters.need(key);
        if (!value.json().is_object() || value.keys().empty()) {
            add(key, value);
            continue;
        }
        for (const auto& part : value.keys())
            add(key + '.' + part, value.need(part));
    }
    return entries;
}

/// The row of a key of "parameters"; a stimulus key is sent to where it belongs, unless it is a
/// lane's own.
/// @param others tables of lanes whose models may have the key instead
const ParameterRow& parameterRow(const ParameterTable& table, const JsonNode& node,
    const std::string& key, bool ofLane = false, std::span<const ParameterTable* const> others = {})
{
    const ParameterRow* row = table.find(key);
    for (const ParameterTable* other : others)
        row = row || !other ? row : other->find(key);
    if (!row) {
        if (auto foreign = ofAnotherModel(table, key, describe(node.json())))
            node.fail(std::move(*foreign), JsonPart::Key);
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

/// Whether a file lists what it runs with and not only what someone chose: experiment.json names
/// every parameter of the model (or did when the model had fewer).
bool listsParameters(const Entries& said, const ParameterTable& table)
{
    const auto named = std::count_if(table.begin(), table.end(), [&said](const ParameterRow& row) {
        return std::any_of(said.begin(), said.end(),
            [&row](const Entry& entry) { return entry.first == row.key; });
    });
    return 2 * named > std::distance(table.begin(), table.end());
}

/// Whether a lane's model has a key. @param tables of lanes that name a model; nullptr: the
/// experiment's own
bool laneHas(std::span<const ParameterTable* const> tables, const std::string& key)
{
    return tables.empty() || std::ranges::any_of(tables, [&key](const ParameterTable* table) {
        return !table || table->find(key);
    });
}

/// Whether a lane of another model would not hear of what the experiment says: Parameters::as()
/// hands on what differs from the default of the experiment's model, and this does not.
bool isLost(const Parameters& experiment, const ParameterRow& row, const ParameterRow& ofLane)
{
    const ParameterValue value = parameterValue(experiment, row);
    if (row.kind != ofLane.kind || value != row.defaultValue || value == ofLane.defaultValue)
        return false;
    const auto* word = std::get_if<std::string>(&value);
    const auto& words = ofLane.choices;
    return !word || std::find(words.begin(), words.end(), *word) != words.end();
}

} // namespace

std::vector<std::string_view> modelsWith(std::string_view key)
{
    std::vector<std::string_view> models;
    for (const ModelRow& model : modelTable()) {
        if (model.parameters().find(key))
            models.push_back(model.name);
    }
    return models;
}

std::optional<InputError::Fields> ofAnotherModel(
    const ParameterTable& own, const std::string& key, const std::string& value)
{
    const std::vector<std::string_view> owners = modelsWith(key);
    if (owners.empty())
        return std::nullopt;
    InputError::Fields fields{.problem = unknownParameterText(own, key),
        .allowed = "a preset without it, or one of model " + wordList(owners)};
    if (!value.empty())
        fields.problem.insert(key.size(), " = " + value);
    return fields;
}

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
    if (row && isNoneWord(*row, json.get<std::string>()))
        return kNone;
    return json.get<std::string>();
}

Json parameterJson(const ParameterValue& value, const ParameterRow* row)
{
    if (const auto* flag = std::get_if<bool>(&value))
        return *flag;
    if (const auto* number = std::get_if<double>(&value))
        return *number == kNone ? Json(row ? noneWord(*row) : "none") : Json(*number);
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

void readParameters(Parameters& parameters, const JsonNode& node, int targetLayers,
    std::span<const ParameterTable* const> laneTables)
{
    const Entries said = entriesOf(node);
    const bool all = listsParameters(said, parameters.table()); // also those that no lane has
    for (const auto& [key, value] : said) {
        const ParameterRow& row = parameterRow(parameters.table(), value, key, false, laneTables);
        if (!all && !laneHas(laneTables, key))
            value.fail(
                {.problem = key + " = " + describe(value.json()) + " belongs to model "
                        + parameters.table().model() + ", which no lane has: each names another",
                    .allowed = "a key of a lane's model, or a lane without \"model\""},
                JsonPart::Key);
        if (parameters.table().find(key)) {
            readParameter(parameters, row, value, targetLayers);
            continue;
        }
        for (const ParameterTable* table : laneTables) { // readLanes() keeps it
            if (!table || !table->find(key))
                continue;
            Parameters checked = table->defaults();
            readParameter(checked, *table->find(key), value, targetLayers);
        }
    }
}

std::vector<const ParameterTable*> readLaneModels(const JsonNode& lanes)
{
    std::vector<const ParameterTable*> tables;
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        const auto model =
            lanes.at(i).json().is_object() ? lanes.at(i).find("model") : std::nullopt;
        tables.push_back(model ? &modelNamed(model->word(modelNames())).parameters() : nullptr);
    }
    return tables;
}

std::vector<LaneSpec> readLanes(const JsonNode& node, const Experiment& experiment,
    std::span<const ParameterTable* const> tables, const JsonNode* common)
{
    constexpr std::string_view keys[] = {"name", "model", "parameters"};
    constexpr std::size_t most = 16;
    std::vector<LaneSpec> lanes;
    const ParameterTable& table = experiment.parameters.table();
    const Entries said = common ? entriesOf(*common) : Entries();
    const bool chosen = !listsParameters(said, table);
    if (node.size() > most)
        node.fail({.problem = "a session of " + std::to_string(node.size()) + " lanes",
            .allowed = "at most " + std::to_string(most) + " lanes"});
    for (std::size_t i = 0; i < node.size(); ++i) {
        const JsonNode lane = node.at(i);
        lane.onlyKeys(keys);
        LaneSpec spec{.name = lane.need("name").text()};
        if (tables[i] != &table)
            spec.model = tables[i];
        Parameters parameters =
            spec.model ? experiment.parameters.as(*spec.model) : experiment.parameters;
        const auto set = [&](const std::string& key, const ParameterRow& row,
                             const JsonNode& value) {
            readParameter(parameters, row, value, experiment.targetLayers());
            spec.parameters.emplace_back(key, readParameterValue(value, &row));
        };
        const auto own = lane.find("parameters");
        // What the experiment says of parameters that only this lane's model has, and what it sets
        // to the default of its own model where this lane's model has another.
        const Entries ours = own ? entriesOf(*own) : Entries();
        for (const auto& [key, value] : spec.model ? said : Entries()) {
            const ParameterRow* row = spec.model->find(key);
            const ParameterRow* base = table.find(key);
            const auto same = [&key = key](const Entry& entry) { return entry.first == key; };
            if (row && std::none_of(ours.begin(), ours.end(), same)
                && (!base || (chosen && isLost(experiment.parameters, *base, *row))))
                set(key, *row, value);
        }
        for (const auto& [key, value] : ours)
            set(key, parameterRow(parameters.table(), value, key, true), value);
        const ParameterRow* bias =
            table.find("bias.on"); // at a reset: it changes the weights' size
        if (bias && !bias->live && !spec.model && parameters.biasOn != experiment.parameters.biasOn
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
    std::vector<std::string> actions{std::string(kTeachAction), std::string(kTeachUndecayedAction)};
    std::vector<Parameters> parameters;
    for (int lane = 0; lane < experiment.laneCount(); ++lane) {
        parameters.push_back(experiment.laneParameters(lane));
        for (const Anatomy::Action& action : modelNamed(parameters.back().model())
                                                 .anatomy(experiment.layers, parameters.back())
                                                 .actions)
            actions.push_back("action." + action.key);
    }
    std::vector<Edit> edits;
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
        if (const auto lane = entry.find("lane"))
            edit.lane = static_cast<int>(
                lane->count(0, static_cast<std::uint64_t>(experiment.laneCount() - 1)));
        const ParameterRow* row = findRow(experiment, edit.lane, edit.key);
        const ParameterTable& table = experiment.laneTable(std::max(edit.lane, 0));
        if (!row && std::find(actions.begin(), actions.end(), edit.key) == actions.end()) {
            if (auto foreign = ofAnotherModel(table, edit.key, {}))
                entry.need("key").fail(std::move(*foreign));
            auto known = parameterKeys(table, true);
            known.insert(known.end(), actions.begin(), actions.end());
            const std::vector<std::string_view> words(actions.begin(), actions.end());
            entry.need("key").fail({.problem = unknownParameterText(table, edit.key),
                .allowed =
                    kKnownParameters + (words.empty() ? std::string() : ", or " + wordList(words)),
                .nearest = nearest(edit.key, known)});
        }
        if (row && !row->live) {
            entry.need("key").fail({.problem = edit.key + " can only change at a reset",
                .allowed = "parameters that apply at once (apical-cli params says which); this one "
                           "belongs into \"parameters\""});
        }
        const JsonNode value = entry.need("value");
        edit.value = readParameterValue(value, row);
        if (row) {
            const auto same = [row](
                                  const Parameters& p) { return p.table().find(row->key) == row; };
            const auto lane = std::find_if(parameters.begin(), parameters.end(), same);
            readParameter(*lane, *row, value, experiment.targetLayers());
        }
        edits.push_back(std::move(edit));
    }
    return edits;
}

Json editsJson(const Experiment& experiment)
{
    Json list = Json::array();
    for (const Edit& edit : experiment.edits) {
        const ParameterRow* row = findRow(experiment, edit.lane, edit.key);
        Json entry{
            {"step", edit.step}, {"key", edit.key}, {"value", parameterJson(edit.value, row)}};
        if (edit.lane >= 0)
            entry["lane"] = edit.lane;
        list.push_back(std::move(entry));
    }
    return list;
}

} // namespace apical
