// The stimulus of a preset: its kinds, and which keys belong to each.
#include "sim/circuit/circuit_anatomy.h"
#include "sim/files/preset_parts.h"
#include "sim/run/model_table.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>

namespace apical {
namespace {

using Layers = std::vector<int>;

constexpr std::string_view kUniformKeys[] = {
    "kind", "low", "high", "target_low", "target_high", "presentation_time"};
constexpr std::string_view kPatternKeys[] = {"kind", "inputs", "targets", "validation_inputs",
    "validation_targets", "test_inputs", "test_targets", "order", "presentation_time"};
constexpr std::string_view kStepKeys[] = {"kind", "inputs", "times"};
constexpr std::string_view kBarKeys[] = {
    "kind", "variant", "target_low", "target_high", "presentation_time"};
constexpr std::string_view kTeacherKeys[] = {"kind", "samples", "validation_samples",
    "test_samples", "teacher_layers", "teacher_range", "teacher_seed", "low", "high",
    "presentation_time"};
constexpr std::string_view kMimicKeys[] = {"kind", "samples", "teacher_seed", "presentation_time"};
constexpr std::string_view kIdxKeys[] = {"kind", "data", "images", "labels", "test_images",
    "test_labels", "samples", "validation_samples", "test_samples", "target_low", "target_high",
    "presentation_time"};
constexpr std::string_view kDigitKeys[] = {"kind", "samples", "validation_samples", "test_samples",
    "seed", "target_low", "target_high", "presentation_time"};

constexpr std::string_view kTimeKey = "presentation_time";

struct Kind {
    std::string_view name;
    std::span<const std::string_view> keys;
};
constexpr Kind kKinds[] = {
    {"uniform", kUniformKeys},
    {"patterns", kPatternKeys},
    {"steps", kStepKeys},
    {"bars", kBarKeys},
    {"mimic", kMimicKeys},
    {"teacher", kTeacherKeys},
    {"idx", kIdxKeys},
    {"digits", kDigitKeys},
};

constexpr std::string_view kOrders[] = {"sequential", "shuffled"};
constexpr std::string_view kVariants[] = {"haider", "gille"};
constexpr double kLargestPotential =
    1e6; ///< of given inputs and targets; parameters have ranges of their own
constexpr int kBarPixels = 9;
constexpr int kBarClasses = 3;

std::vector<double> readPattern(const JsonNode& node, int size, const std::string& layer)
{
    auto values = node.numbers();
    if (values.size() != static_cast<std::size_t>(size)) {
        node.fail({.problem = node.name() + " has " + std::to_string(values.size())
                + " numbers; the " + layer + " layer needs " + std::to_string(size),
            .allowed = std::to_string(size) + " numbers"});
    }
    for (std::size_t i = 0; i < values.size(); ++i)
        node.at(i).number(-kLargestPotential, kLargestPotential);
    return values;
}

/// The lists of a data set, by the words before their keys.
struct ListKeys {
    const char* inputs;
    const char* targets;
    InputList StimulusSpec::*inputList;
    TargetList StimulusSpec::*targetList;
};
constexpr ListKeys kSets[] = {
    {"inputs", "targets", &StimulusSpec::inputs, &StimulusSpec::targets},
    {"validation_inputs", "validation_targets", &StimulusSpec::validationInputs,
        &StimulusSpec::validationTargets},
    {"test_inputs", "test_targets", &StimulusSpec::testInputs, &StimulusSpec::testTargets},
};

/// Rows of an array in a file; a row of nothing but NaN is no target.
TargetList readRows(StimulusSpec& spec, const std::string& key, const JsonNode& node, int size,
    const std::string& layer, const std::string& presetFile, bool mayBeAbsent)
{
    NamedArray named = readNamedArray(node, presetFile);
    const Matrix& rows = named.values;
    if (rows.cols != size) {
        throw InputError({.problem = "the rows have " + std::to_string(rows.cols) + " numbers; the "
                + layer + " layer needs " + std::to_string(size) + ", as stimulus." + key,
            .allowed = std::to_string(size) + " numbers per row",
            .file = named.file.path});
    }
    std::vector<std::optional<std::vector<double>>> list;
    for (int r = 0; r < rows.rows; ++r) {
        const auto from = rows.values.begin() + static_cast<std::ptrdiff_t>(r) * size;
        const auto to = from + size;
        if (mayBeAbsent && std::all_of(from, to, [](double v) { return std::isnan(v); })) {
            list.emplace_back();
            continue;
        }
        for (auto it = from; it != to; ++it) {
            if (!(*it >= -kLargestPotential && *it <= kLargestPotential))
                failEntry(named, static_cast<std::size_t>(r), static_cast<std::size_t>(it - from),
                    kLargestPotential);
        }
        list.emplace_back(std::vector<double>(from, to));
    }
    named.file.key = key;
    spec.files.push_back(std::move(named.file));
    return list;
}

void readInputs(StimulusSpec& spec, const ListKeys& keys, const JsonNode& node,
    const Layers& layers, const std::string& presetFile)
{
    const JsonNode inputs = node.need(keys.inputs);
    std::vector<std::vector<double>> list;
    if (namesFile(inputs)) {
        for (const auto& row :
            readRows(spec, keys.inputs, inputs, layers.front(), "input", presetFile, false))
            list.push_back(*row);
    } else {
        for (std::size_t i = 0; i < inputs.size(); ++i)
            list.push_back(readPattern(inputs.at(i), layers.front(), "input"));
    }
    if (list.empty())
        inputs.fail({.problem = inputs.name() + " is empty", .allowed = "at least one pattern"});
    spec.*keys.inputList = std::move(list);
}

void needAsManyAsInputs(const JsonNode& node, std::size_t entries, std::size_t inputs)
{
    if (entries != inputs) {
        node.fail({.problem = node.name() + " has " + std::to_string(entries) + " entries for "
                + std::to_string(inputs) + " inputs",
            .allowed = "one entry per input"});
    }
}

void readTargets(StimulusSpec& spec, const ListKeys& keys, const JsonNode& node,
    const Layers& layers, const std::string& presetFile)
{
    const std::size_t inputs = (spec.*keys.inputList).size();
    std::vector<std::optional<std::vector<double>>> list(inputs);
    const auto targets = node.find(keys.targets);
    if (targets && namesFile(*targets)) {
        TargetList rows =
            readRows(spec, keys.targets, *targets, layers.back(), "output", presetFile, true);
        needAsManyAsInputs(*targets, rows.size(), inputs);
        spec.*keys.targetList = std::move(rows);
        return;
    }
    if (targets) {
        needAsManyAsInputs(*targets, targets->size(), inputs);
        for (std::size_t i = 0; i < inputs; ++i) {
            if (!targets->at(i).json().is_null())
                list[i] = readPattern(targets->at(i), layers.back(), "output");
        }
    }
    spec.*keys.targetList = std::move(list);
}

void readPatterns(
    StimulusSpec& spec, const JsonNode& node, const Layers& layers, const std::string& presetFile)
{
    for (const ListKeys& keys : kSets) {
        if (&keys != kSets && !node.has(keys.inputs) && !node.has(keys.targets))
            continue;
        readInputs(spec, keys, node, layers, presetFile);
        readTargets(spec, keys, node, layers, presetFile);
    }
    if (const auto order = node.find("order"))
        spec.shuffled = order->word(kOrders) == "shuffled";
}

void readSteps(
    StimulusSpec& spec, const JsonNode& node, const Layers& layers, const std::string& presetFile)
{
    constexpr double shortest = 0.001;
    constexpr double longest = 1e6;
    readInputs(spec, kSets[0], node, layers, presetFile);
    const JsonNode times = node.need("times");
    needAsManyAsInputs(times, times.size(), spec.inputs.size());
    for (std::size_t i = 0; i < times.size(); ++i)
        spec.times.push_back(times.at(i).number(shortest, longest));
}

void readBars(StimulusSpec& spec, const JsonNode& node, const Layers& layers)
{
    if (const auto variant = node.find("variant"))
        spec.variant = variant->word(kVariants);
    if (layers.front() != kBarPixels || layers.back() != kBarClasses) {
        node.need("kind").fail({.problem = "bars need " + std::to_string(kBarPixels)
                + " inputs and " + std::to_string(kBarClasses) + " outputs; the network has "
                + std::to_string(layers.front()) + " and " + std::to_string(layers.back()),
            .allowed = "network.layers such as [9, 30, 3]"});
    }
}

/// The teacher answers every sample before the run starts: that must not take longer than a moment.
void readMimic(
    StimulusSpec& spec, const JsonNode& node, const Parameters& parameters, const Layers& layers)
{
    constexpr std::uint64_t most = 100000;
    constexpr double mostWork = 2e8; // synapses times steps
    constexpr double workPerStep = 100;
    if (const auto samples = node.find("samples"))
        spec.samples = static_cast<int>(samples->count(1, most));
    if (const auto seed = node.find("teacher_seed"))
        spec.teacherSeed = seed->count();
    double work = workPerStep
        + static_cast<double>(synapseCount(circuitAnatomy(layers, parameters.biasOn).anatomy));
    work *= spec.samples * std::max(1.0, parameters.presentationTime / parameters.dt);
    if (work > mostWork) {
        node.fail({.problem = "the teacher would need " + parameterText(work / mostWork)
                + " times the work that is allowed for its answers",
            .allowed =
                "fewer samples, a shorter presentation_time, a larger dt or smaller layers"});
    }
}

void readTeacher(StimulusSpec& spec, const JsonNode& node, const Layers& layers)
{
    constexpr std::uint64_t most = 100000, widest = 10000;
    spec.samples = 100; // Gille, published code: 100, 25, 25
    readSampleCounts(spec, node, most);
    if (const auto seed = node.find("teacher_seed"))
        spec.teacherSeed = seed->count();
    if (const auto range = node.find("teacher_range"))
        spec.teacherRange = range->number(0, 1000);
    const auto sizes = node.find("teacher_layers");
    if (!sizes)
        return;
    for (std::size_t i = 0; i < sizes->size(); ++i)
        spec.teacherLayers.push_back(static_cast<int>(sizes->at(i).count(1, widest)));
    if (spec.teacherLayers.size() < 2 || spec.teacherLayers.front() != layers.front()
        || spec.teacherLayers.back() != layers.back()) {
        sizes->fail({.problem = sizes->name() + " does not fit the network",
            .allowed = "a list that begins with " + std::to_string(layers.front())
                + " and ends with " + std::to_string(layers.back())});
    }
}

/// A list of samples, or the file it came from; null: the key is none, or the set is not given.
Json listJson(const StimulusSpec& spec, std::string_view key)
{
    for (const DataFile& file : spec.files) {
        if (file.key != key)
            continue;
        Json json{{"file", file.path}, {"crc32", file.crc32}};
        if (!file.array.empty())
            json["array"] = file.array;
        return json;
    }
    for (const ListKeys& keys : kSets) {
        if (&keys != kSets && (spec.*keys.inputList).empty())
            continue;
        if (key == keys.inputs)
            return (spec.*keys.inputList).list();
        if (key != keys.targets)
            continue;
        Json json = Json::array();
        for (const auto& target : spec.*keys.targetList)
            json.push_back(target ? Json(*target) : Json());
        return json;
    }
    return {};
}

} // namespace

std::span<const std::string_view> stimulusKeys(std::string_view kind)
{
    const auto it = std::find_if(std::begin(kKinds), std::end(kKinds),
        [&](const Kind& entry) { return entry.name == kind; });
    return it == std::end(kKinds) ? std::span<const std::string_view>{} : it->keys;
}

void readSampleCounts(StimulusSpec& spec, const JsonNode& node, std::uint64_t most)
{
    if (const auto samples = node.find("samples"))
        spec.samples = static_cast<int>(samples->count(1, most));
    if (const auto samples = node.find("validation_samples"))
        spec.validationSamples = static_cast<int>(samples->count(0, most));
    if (const auto samples = node.find("test_samples"))
        spec.testSamples = static_cast<int>(samples->count(0, most));
}

/// A model that counts its own steps shows a sample for as many as it needs.
[[noreturn]] void failUntimed(const JsonNode& time, const Parameters& parameters)
{
    const std::string key = std::string(kStimulusPrefix) + std::string(kTimeKey);
    time.fail(
        {.problem = key + " = " + describe(time.json()) + ": a presentation of model "
                + std::string(parameters.model()) + " takes the steps that it needs, not a time",
            .allowed = "no " + std::string(kTimeKey) + "; models with one are "
                + wordList(modelsWith(key)) + ", of a lane among its own parameters as \"" + key
                + '"'},
        JsonPart::Key);
}

StimulusSpec readStimulus(const JsonNode& node, Parameters& parameters, const Layers& layers,
    const std::string& presetFile)
{
    std::vector<std::string_view> names;
    for (const Kind& kind : kKinds)
        names.push_back(kind.name);
    StimulusSpec spec;
    spec.kind = node.need("kind").word(names);
    node.onlyKeys(stimulusKeys(spec.kind), "key of the " + spec.kind + " stimulus");
    for (const auto& key : node.keys()) {
        if (const ParameterRow* row = parameters.table().find(std::string(kStimulusPrefix) + key))
            readParameter(parameters, *row, node.need(key), static_cast<int>(layers.size()) - 1);
        else if (key == kTimeKey)
            failUntimed(node.need(key), parameters);
    }
    if (spec.kind == "uniform" && parameters.inputLow > parameters.inputHigh) {
        node.need(node.has("low") ? "low" : "high")
            .fail({.problem = "stimulus.low = " + parameterText(parameters.inputLow)
                    + " is above stimulus.high = " + parameterText(parameters.inputHigh),
                .allowed = "low at most high"});
    }
    if (spec.kind == "patterns")
        readPatterns(spec, node, layers, presetFile);
    else if (spec.kind == "steps")
        readSteps(spec, node, layers, presetFile);
    else if (spec.kind == "bars")
        readBars(spec, node, layers);
    else if (spec.kind == "mimic")
        readMimic(spec, node, parameters, layers);
    else if (spec.kind == "teacher")
        readTeacher(spec, node, layers);
    else if (spec.kind == "idx")
        readImages(spec, node, presetFile);
    else if (spec.kind == "digits")
        readDigits(spec, node);
    return spec;
}

Json stimulusJson(const StimulusSpec& spec, const Parameters& parameters)
{
    Json json;
    for (const auto key : stimulusKeys(spec.kind)) {
        const std::string name(key);
        if (const ParameterRow* row = parameters.table().find(std::string(kStimulusPrefix) + name))
            json[name] = parameterJson(parameterValue(parameters, *row));
        else if (key == "kind")
            json[name] = spec.kind;
        else if (Json list = listJson(spec, key); !list.is_null())
            json[name] = std::move(list);
        else if (key == "order")
            json[name] = kOrders[spec.shuffled ? 1 : 0];
        else if (key == "times")
            json[name] = spec.times;
        else if (key == "variant")
            json[name] = spec.variant;
        else if (key == "samples")
            json[name] = spec.samples;
        else if (key == "teacher_seed")
            json[name] = spec.teacherSeed;
        else if (key == "validation_samples")
            json[name] = spec.validationSamples;
        else if (key == "test_samples")
            json[name] = spec.testSamples;
        else if (key == "seed")
            json[name] = spec.digitSeed;
        else if (key == "teacher_range")
            json[name] = spec.teacherRange;
        else if (key == "teacher_layers" && !spec.teacherLayers.empty())
            json[name] = spec.teacherLayers;
    }
    return json;
}

} // namespace apical
