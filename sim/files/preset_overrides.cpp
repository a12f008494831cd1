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
    "stimulus", "seed", "lanes", "lanes.name", "lanes.parameters", "edits", "edits.step",
    "edits.key", "edits.value", "edits.lane", "record", "view", "view.layout", "view.pace",
    "view.hint"};

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

/// The parameters of the model that the preset names.
const ParameterTable& tableOf(const JsonSource& source)
{
    const Json& root = source.root();
    const auto model = root.is_object() ? root.find("model") : root.end();
    const ModelRow* row =
        model != root.end() && model->is_string() ? findModel(model->get<std::string>()) : nullptr;
    return (row ? *row : modelTable().front()).parameters();
}

/// The parameter that a path ends in, or nullptr.
const ParameterRow* parameterOf(const ParameterTable& table, const JsonPath& path)
{
    if (path.parts.empty() || !std::holds_alternative<std::string>(path.parts.back()))
        return nullptr;
    const auto text = withoutIndices(path);
    if (text.starts_with(kStimulusPrefix))
        return table.find(text);
    for (const auto prefix : {kParameters, kLaneParameters}) {
        if (text.starts_with(prefix))
            return table.find(text.substr(prefix.size()));
    }
    return nullptr;
}

[[noreturn]] void failUnknown(
    const ParameterTable& table, const std::string& key, const std::string& given)
{
    std::vector<std::string_view> known(knownPaths().begin(), knownPaths().end());
    for (const ParameterRow& row : table)
        known.push_back(row.key);
    throw InputError({.problem = unknownParameterText(table, key, "key"),
        .key = key,
        .allowed = "a parameter (apical-cli params) or a path of the preset such as network.layers",
        .nearest = key.empty() ? "" : nearest(key, known),
        .file = given});
}

JsonPath pathOf(const ParameterTable& table, const std::string& key, const std::string& given)
{
    if (table.find(key))
        return JsonPath::parse(
            key.starts_with(kStimulusPrefix) ? key : std::string(kParameters) + key);
    JsonPath path = JsonPath::parse(key);
    const std::string plain = withoutIndices(path);
    if (std::find(knownPaths().begin(), knownPaths().end(), plain) != knownPaths().end()
        || parameterOf(table, path))
        return path;
    JsonPath list = path; // one entry of a per-layer list: eta.pi[0]
    if (!list.parts.empty() && std::holds_alternative<std::size_t>(list.parts.back())) {
        list.parts.pop_back();
        if (table.find(list.text()))
            return JsonPath::parse(std::string(kParameters) + key);
    }
    failUnknown(table, key, given);
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

/// Some values contradict what the preset says beside them; the person who sets them means them
/// instead.
void dropContradictions(JsonSource& source, const JsonPath& path, const Json& value)
{
    const std::string text = path.text();
    const JsonPath weights = JsonPath::parse("weights");
    if (text == "weights.init" || text == "weights.range") {
        for (const char* key : {"file", "up", "down", "ip", "pi"})
            source.remove(weights, key);
    } else if (text == "weights.file") {
        for (const char* key : {"init", "range", "up", "down", "ip", "pi"})
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
    }
}

} // namespace

void applyOverride(JsonSource& source, const std::string& keyAndValue)
{
    const std::string given = "--set " + keyAndValue;
    const auto equals = keyAndValue.find('=');
    if (equals == std::string::npos)
        throw InputError({.problem = "no value is given", .allowed = "KEY=VALUE", .file = given});
    const ParameterTable& table = tableOf(source);
    const JsonPath path = pathOf(table, keyAndValue.substr(0, equals), given);
    const std::string text = keyAndValue.substr(equals + 1);
    Json value;
    try {
        const ParameterRow* row = parameterOf(table, path);
        value = row ? parameterJson(parseParameter(*row, text)) : valueOf(text);
    } catch (const InputError& error) {
        throw error.at(given, 0, 0);
    }
    if (!isUtf8(value))
        throw InputError(
            {.problem = "the value is not UTF-8 text", .key = path.text(), .file = given});
    dropContradictions(source, path, value);
    source.override(path, std::move(value), given);
}

} // namespace apical
