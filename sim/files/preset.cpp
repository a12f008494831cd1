#include "sim/files/preset.h"

#include "sim/base/words.h"
#include "sim/files/embedded_presets.h"
#include "sim/files/preset_parts.h"
#include "sim/json/file.h"
#include "sim/json/writer.h"

#include <algorithm>
#include <filesystem>
#include <tuple>
#include <variant>

namespace apical {
namespace {

constexpr std::string_view kEnding = ".json";

/// The presets among the embedded files, and their "order".
struct Entry {
    double order;
    PresetInfo info;
};

Entry readEntry(const EmbeddedFile& file)
{
    const std::string name(file.name.substr(0, file.name.size() - kEnding.size()));
    const JsonSource source(file.text, std::string(file.name));
    const JsonNode root(source);
    const auto text = [&](std::string_view key) {
        return root.has(key) ? root.need(key).text() : std::string();
    };
    const double order =
        root.has("order") ? root.need("order").number() : std::numeric_limits<double>::max();
    return {order, {name, text("title"), text("summary"), text("model"), text("family")}};
}

/// @param place of the preset, for the files that it names
Experiment read(std::string_view text, const std::string& fileName, const std::string& place,
    const std::vector<std::string>& overrides)
{
    checkSize(text.size(), fileName, kLargestPreset);
    JsonSource source(text, fileName);
    auto ordered = overrides; // the model decides what other keys mean
    std::stable_partition(ordered.begin(), ordered.end(),
        [](const std::string& given) { return given.starts_with("model="); });
    for (const auto& keyAndValue : ordered)
        applyOverride(source, keyAndValue);
    Experiment experiment = readExperiment(JsonNode(source), place);
    experiment.name = fileName;
    return experiment;
}

} // namespace

const EmbeddedFile* findEmbedded(std::string_view name)
{
    for (const EmbeddedFile& file : embeddedFiles()) {
        if (file.name == name)
            return &file;
    }
    return nullptr;
}

std::vector<PresetInfo> embeddedPresets()
{
    std::vector<Entry> entries;
    for (const EmbeddedFile& file : embeddedFiles()) {
        if (file.name.ends_with(kEnding) && file.name.find('/') == std::string_view::npos)
            entries.push_back(readEntry(file));
    }
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
        return std::tie(a.order, a.info.name) < std::tie(b.order, b.info.name);
    });
    std::vector<PresetInfo> presets;
    for (Entry& entry : entries)
        presets.push_back(std::move(entry.info));
    return presets;
}

std::string lessonText(const Experiment& experiment)
{
    return lessonText(experiment.lesson, experiment.name);
}

std::string lessonText(const std::string& lesson, const std::string& of)
{
    constexpr std::size_t longest = std::size_t{1} << 20;
    if (lesson.empty())
        return {};
    if (const EmbeddedFile* file = findEmbedded(lesson))
        return std::string(file->text);
    std::error_code ignored;
    const auto path = std::filesystem::path(of).parent_path() / lesson;
    if (std::filesystem::path(lesson).is_absolute()
        || !std::filesystem::is_regular_file(path, ignored))
        return {};
    try {
        return readFile(path.string(), longest);
    } catch (const InputError&) {
        return {}; // a lesson is an extra; what it explains runs without it
    }
}

Experiment readPreset(
    std::string_view text, const std::string& fileName, const std::vector<std::string>& overrides)
{
    return read(text, fileName, fileName, overrides);
}

namespace {

/// Takes the entry of an object that a fault is in out of the tree. @return its path, empty if
/// there is none
JsonPath takeOut(JsonSource& source, JsonPath path)
{
    while (!path.parts.empty() && !std::holds_alternative<std::string>(path.parts.back()))
        path.parts.pop_back();
    if (path.parts.empty())
        return {};
    JsonPath parent = path;
    parent.parts.pop_back();
    source.remove(parent, std::get<std::string>(path.parts.back()));
    return path;
}

} // namespace

Experiment checkedPreset(const std::string& nameOrPath, std::vector<InputError>& faults)
{
    constexpr std::size_t most = 50;
    std::error_code ignored;
    const bool piped = nameOrPath == "-";
    if (findEmbedded(nameOrPath + std::string(kEnding))
        || (!piped && !std::filesystem::exists(nameOrPath, ignored)))
        return loadPreset(nameOrPath); // or an error that says what there is
    const std::string name = piped ? std::string(kStandardInput) : nameOrPath;
    const std::string text =
        piped ? readStandardInput(kLargestPreset) : readFile(nameOrPath, kLargestPreset);
    std::vector<JsonPath> gone; // what the lack of these does is no fault of the file
    JsonSource source(text, name);
    while (faults.size() < most) {
        try {
            Experiment experiment = readExperiment(JsonNode(source), name);
            experiment.name = name;
            return experiment;
        } catch (const InputError& error) {
            const JsonPath path = JsonPath::parse(error.fields().key);
            const bool follows = std::ranges::any_of(gone, [&path](const JsonPath& out) {
                return path.startsWith(out) || out.startsWith(path);
            });
            if (!follows)
                faults.push_back(error);
            gone.push_back(takeOut(source, path));
            if (follows || gone.back().parts.empty())
                break;
        }
    }
    return {};
}

Experiment loadPreset(const std::string& nameOrPath, const std::vector<std::string>& overrides)
{
    if (const EmbeddedFile* file = findEmbedded(nameOrPath + std::string(kEnding))) {
        const std::string name(file->name);
        Experiment experiment =
            read(file->text, "presets/" + name, std::string(kEmbeddedRoot) + name, overrides);
        experiment.name = nameOrPath;
        return experiment;
    }
    if (nameOrPath == "-")
        return readPreset(
            readStandardInput(kLargestPreset), std::string(kStandardInput), overrides);
    std::error_code ignored;
    if (!std::filesystem::exists(nameOrPath, ignored)) {
        const auto presets = embeddedPresets();
        std::vector<std::string_view> names;
        for (const PresetInfo& preset : presets)
            names.push_back(preset.name);
        throw InputError({.problem = "there is no preset and no file of this name",
            .allowed = "a file, or one of " + wordList(names),
            .nearest = nearest(nameOrPath, names),
            .file = nameOrPath});
    }
    return readPreset(readFile(nameOrPath, kLargestPreset), nameOrPath, overrides);
}

std::string writePreset(const Experiment& experiment)
{
    return layOut(experimentJson(experiment));
}

std::string writeWeights(const std::vector<NamedMatrix>& weights)
{
    return layOut(matricesJson(weights));
}

std::vector<NamedMatrix> readWeights(
    std::string_view text, const std::string& fileName, const Experiment& e)
{
    checkSize(text.size(), fileName, kLargestPreset);
    const JsonSource source(text, fileName);
    return readWeightsRoot(
        JsonNode(source), fileName, weightForm(e.model(), e.layers, e.parameters));
}

} // namespace apical
