// --set KEY=VALUE: parameter keys and any path of the preset, put into the JSON before it is read.
#include "sim/base/words.h"
#include "sim/files/preset_parts.h"
#include "sim/run/model_table.h"
#include "sim/task/stimulus.h"

#include <algorithm>

namespace apical {
namespace {

/// Every path of a preset that takes a value; list indices left out. Parameters are known by their
/// table, keys of the stimulus by its kinds.
constexpr std::string_view kPaths[] = {"title", "summary", "lesson", "family", "order", "model",
    "precision", "network", "network.layers", "parameters", "weights", "weights.init",
    "weights.range", "weights.range.up", "weights.range.down", "weights.range.ip",
    "weights.range.pi", "weights.file", "weights.up", "weights.down", "weights.ip", "weights.pi",
    "weights.bias", "weights.direct", "weights.norm", "stimulus", "replay", "replay.spikes",
    "replay.spikes.file", "replay.uniforms", "replay.uniforms.file", "seed", "lanes", "lanes.name",
    "lanes.model", "lanes.parameters", "edits", "edits.step", "edits.key", "edits.value",
    "edits.lane", "record", "view", "view.layout", "view.pace", "view.span", "view.hint", "notes"};

const std::vector<std::string>& knownPaths()
{
    static const std::vector<std::string> paths = [] {
        std::vector<std::string> all(std::begin(kPaths), std::end(kPaths));
        for (const StimulusRow& row : stimulusTable()) {
            for (const auto key : stimulusKeys(row.kind))
                all.push_back(std::string(kStimulusPrefix) + std::string(key));
        }
        return all;
    }();
    return paths;
}

constexpr std::string_view kParameters = "parameters.";
constexpr std::string_view kLaneParameters = "lanes.parameters.";

std::string withoutIndices(const JsonPath& path)
{
    JsonPath keys;
    for (const auto& part : path.parts) {
        if (std::holds_alternative<std::string>(part))
            keys.parts.push_back(part);
    }
    return keys.text();
}

/// The parameters of the model that the preset names, then those of its lanes' models.
using Tables = std::vector<const ParameterTable*>;

Tables tablesOf(const JsonSource& source)
{
    const auto named = [](const Json& node) -> const ModelRow* {
        const auto model = node.is_object() ? node.find("model") : node.end();
        return node.is_object() && model != node.end() && model->is_string()
            ? findModel(model->get<std::string>())
            : nullptr;
    };
    const Json& root = source.root();
    const ModelRow* own = named(root);
    Tables tables{&(own ? *own : modelTable().front()).parameters()};
    const auto lanes = root.is_object() ? root.find("lanes") : root.end();
    for (std::size_t i = 0;
         root.is_object() && lanes != root.end() && lanes->is_array() && i < lanes->size(); ++i) {
        if (const ModelRow* model = named((*lanes)[i]))
            tables.push_back(&model->parameters());
    }
    return tables;
}

/// The parameter that a path ends in, or nullptr.
const ParameterRow* find(const Tables& tables, std::string_view key)
{
    for (const ParameterTable* table : tables) {
        if (const ParameterRow* row = table->find(key))
            return row;
    }
    return nullptr;
}

const ParameterRow* parameterOf(const Tables& tables, const JsonPath& path)
{
    if (path.parts.empty() || !std::holds_alternative<std::string>(path.parts.back()))
        return nullptr;
    const auto text = withoutIndices(path);
    if (text.starts_with(kStimulusPrefix))
        return find(tables, text);
    for (const auto prefix : {kParameters, kLaneParameters}) {
        if (text.starts_with(prefix))
            return find(tables, text.substr(prefix.size()));
    }
    return nullptr;
}

[[noreturn]] void failUnknown(
    const Tables& tables, const std::string& key, const std::string& given)
{
    if (auto foreign = ofAnotherModel(*tables.front(), key, {})) {
        foreign->key = key;
        foreign->file = given;
        throw InputError(std::move(*foreign));
    }
    std::vector<std::string_view> known(knownPaths().begin(), knownPaths().end());
    for (const ParameterTable* table : tables) {
        for (const ParameterRow& row : *table)
            known.push_back(row.key);
    }
    throw InputError({.problem = unknownParameterText(*tables.front(), key, "key"),
        .key = key,
        .allowed = "a parameter (apical-cli params) or a path of the preset such as network.layers",
        .nearest = key.empty() ? "" : nearest(key, known),
        .file = given});
}

/// Whether parameters' names begin so: "spiking.delay" of "spiking.delay.up".
bool beginsParameters(const Tables& tables, std::string_view key)
{
    const std::string prefix = std::string(key) + '.';
    return std::ranges::any_of(tables, [&prefix](const ParameterTable* table) {
        return std::any_of(table->begin(), table->end(),
            [&prefix](const ParameterRow& row) { return row.key.starts_with(prefix); });
    });
}

/// @param object whether the value is one: then the key may be what parameters' names begin with
JsonPath pathOf(const Tables& tables, const std::string& key, const std::string& given, bool object)
{
    if (find(tables, key))
        return JsonPath::parse(
            key.starts_with(kStimulusPrefix) ? key : std::string(kParameters) + key);
    JsonPath path = JsonPath::parse(key);
    const std::string plain = withoutIndices(path);
    if (std::find(knownPaths().begin(), knownPaths().end(), plain) != knownPaths().end()
        || parameterOf(tables, path))
        return path;
    JsonPath list = path; // one entry of a per-layer list: eta.pi[0]
    if (!list.parts.empty() && std::holds_alternative<std::size_t>(list.parts.back())) {
        list.parts.pop_back();
        if (find(tables, list.text()))
            return JsonPath::parse(std::string(kParameters) + key);
    }
    if (object && !key.empty() && beginsParameters(tables, key))
        return JsonPath::parse(std::string(kParameters) + key);
    failUnknown(tables, key, given);
}

/// A list of words without quotes is what a shell leaves over; anything that is not JSON is a word.
Json valueOf(const std::string& text)
{
    Json value = Json::parse(text, nullptr, false);
    return value.is_discarded() ? Json(text) : value;
}

bool isUtf8(const Json& value)
{
    try {
        return !value.dump().empty();
    } catch (const Json::type_error&) {
        return false;
    }
}

/// The key of one of the "parameters", or nullptr.
const std::string* keyAmongParameters(const JsonPath& path)
{
    const std::size_t n = path.parts.size();
    if (n < 2 || path.parts[n - 2] != JsonPath::parse("parameters").parts.front())
        return nullptr;
    return std::get_if<std::string>(&path.parts[n - 1]);
}

const Json* lookUp(const Json& root, const JsonPath& path)
{
    Json::json_pointer pointer;
    for (const auto& part : path.parts)
        std::visit([&pointer](const auto& step) { pointer /= step; }, part);
    return root.contains(pointer) ? &root.at(pointer) : nullptr;
}

/// The preset may say "spiking.delay": {"up": 2} for "spiking.delay.up": 2.
void dropOtherSpelling(JsonSource& source, const JsonPath& path)
{
    const std::string* key = keyAmongParameters(path);
    const auto dot = key ? key->rfind('.') : std::string::npos;
    if (dot == std::string::npos)
        return;
    JsonPath parameters = path;
    parameters.parts.pop_back();
    const JsonPath parts = parameters / key->substr(0, dot);
    if (!lookUp(source.root(), parts / key->substr(dot + 1)))
        return;
    source.remove(parts, key->substr(dot + 1));
    if (lookUp(source.root(), parts)->empty())
        source.remove(parameters, key->substr(0, dot));
}

/// Some values contradict what the preset says beside them; the person who sets them means them
/// instead.
void dropContradictions(
    JsonSource& source, const JsonPath& path, const Json& value, const std::string& given)
{
    const std::string text = path.text();
    dropOtherSpelling(source, path);
    const JsonPath weights = JsonPath::parse("weights");
    if (text == "weights.init" || text == "weights.range" || text == "weights.bias") {
        for (const char* key : {"file", "up", "down", "ip", "pi", "direct"})
            source.remove(weights, key);
    } else if (text == "weights.file") {
        for (const char* key : {"init", "range", "bias", "up", "down", "ip", "pi", "direct"})
            source.remove(weights, key);
    } else if (text == "stimulus.kind" && value.is_string()) {
        const auto keys = stimulusKeys(value.get<std::string>());
        const JsonPath stimulus = JsonPath::parse("stimulus");
        for (const StimulusRow& row : stimulusTable()) {
            for (const auto key : stimulusKeys(row.kind)) {
                if (!keys.empty() && std::find(keys.begin(), keys.end(), key) == keys.end())
                    source.remove(stimulus, key);
            }
        }
    } else if (text == "stimulus.data") { // in place of other pictures
        const JsonPath kind = JsonPath::parse("stimulus.kind");
        dropContradictions(source, kind, "idx", given);
        for (const char* key : {"images", "labels", "test_images", "test_labels"})
            source.remove(JsonPath::parse("stimulus"), key);
        source.override(kind, "idx", given);
    }
}

} // namespace

void applyOverride(JsonSource& source, const std::string& keyAndValue)
{
    const std::string given = "--set " + keyAndValue;
    const auto equals = keyAndValue.find('=');
    if (equals == std::string::npos)
        throw InputError({.problem = "no value is given", .allowed = "KEY=VALUE", .file = given});
    const Tables tables = tablesOf(source);
    const std::string text = keyAndValue.substr(equals + 1);
    Json value = valueOf(text);
    const JsonPath path = pathOf(tables, keyAndValue.substr(0, equals), given, value.is_object());
    try {
        if (const ParameterRow* row = parameterOf(tables, path); row && !value.is_object())
            value = parameterJson(parseParameter(*row, text), row);
    } catch (const InputError& error) {
        throw error.at(given, 0, 0);
    }
    if (!isUtf8(value))
        throw InputError(
            {.problem = "the value is not UTF-8 text", .key = path.text(), .file = given});
    if (const std::string* key = keyAmongParameters(path);
        key && value.is_object() && !value.empty()) { // each of them by itself
        JsonPath parameters = path;
        parameters.parts.pop_back();
        for (const auto& [part, one] : value.items()) {
            const JsonPath of = parameters / (*key + '.' + part);
            dropOtherSpelling(source, of);
            source.override(of, one, given);
        }
        return;
    }
    dropContradictions(source, path, value, given);
    source.override(path, std::move(value), given);
}

} // namespace apical
