// The sections of a preset, in the order in which they depend on each other.
#include "sim/base/words.h"
#include "sim/experiment/durations.h"
#include "sim/files/preset_parts.h"
#include "sim/model/model.h"
#include "sim/run/experiment_check.h"
#include "sim/run/idle_settings.h"
#include "sim/run/model_table.h"

#include <algorithm>
#include <limits>

namespace apical {
namespace {

constexpr std::string_view kKeys[] = {"apical", "title", "summary", "lesson", "family", "order",
    "model", "precision", "network", "parameters", "weights", "stimulus", "replay", "seed", "lanes",
    "edits", "record", "view", "notes"};
constexpr std::string_view kPrecisions[] = {"double", "float", "reference"};

void checkVersion(const JsonNode& root)
{
    if (!root.json().is_object())
        root.failKind("an object");
    const auto readable = "\"apical\": " + std::to_string(kPresetVersion);
    if (root.has("apical-session"))
        root.need("apical-session")
            .fail({.problem = "this is a saved session, not a preset", .allowed = readable},
                JsonPart::Key);
    const auto version = root.find("apical");
    if (!version) {
        root.fail({.problem = "\"apical\" is missing: the version of the preset format",
            .key = "apical",
            .allowed = readable});
    }
    if (version->json() != kPresetVersion || !version->json().is_number()) {
        version->fail({.problem = "a preset of version " + describe(version->json())
                + "; this program reads version " + std::to_string(kPresetVersion),
            .allowed = readable});
    }
}

std::vector<int> readLayers(const JsonNode& network, const ModelRow& model)
{
    constexpr std::string_view keys[] = {"layers"};
    network.onlyKeys(keys);
    const JsonNode node = network.need("layers");
    const bool good =
        model.oneLayer ? node.size() == 1 : node.size() >= 2 && node.size() <= kMostLayers;
    if (!good) {
        node.fail({.problem = node.name() + " has " + std::to_string(node.size()) + " layers",
            .allowed = model.oneLayer
                ? "one number: so many neurons"
                : "2 to " + std::to_string(kMostLayers) + " layers: input, hidden..., output"});
    }
    std::vector<int> layers;
    for (std::size_t i = 0; i < node.size(); ++i)
        layers.push_back(static_cast<int>(node.at(i).count(1, kLargestLayer)));
    return layers;
}

/// Every name that may be recorded.
std::vector<std::string> probeNames(const Experiment& experiment)
{
    std::vector<std::string> names{"all"};
    const auto add = [&names](const std::string& name) {
        if (std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(name);
    };
    for (int lane = 0; lane < experiment.laneCount(); ++lane) {
        if (lane > 0 && &experiment.laneTable(lane) == &experiment.laneTable(lane - 1))
            continue;
        const Parameters p = experiment.laneParameters(lane);
        const Anatomy anatomy = modelNamed(p.model()).anatomy(experiment.layers, p);
        for (const Anatomy::Quantity& quantity : anatomy.quantities)
            add(quantity.name);
        for (const Anatomy::Projection& projection : anatomy.projections)
            add(projection.name);
    }
    return names;
}

std::vector<std::string> readRecord(const JsonNode& node, const Experiment& experiment)
{
    if (node.size() == 0)
        return {};
    const auto names = probeNames(experiment);
    const std::vector<std::string_view> known(names.begin(), names.end());
    std::vector<std::string> record;
    for (std::size_t i = 0; i < node.size(); ++i) {
        const auto name = node.at(i).text();
        const std::string plain = name.substr(0, name.find('[')); // of an element
        if (std::none_of(names.begin(), names.end(),
                [&plain](const std::string& one) { return matches(plain, one); }))
            node.at(i).fail(
                {.problem = "unknown probe \"" + name + '"', .nearest = nearest(name, known)});
        record.push_back(name);
    }
    return record;
}

void readView(Experiment& experiment, const JsonNode& view)
{
    constexpr std::string_view keys[] = {"layout", "pace", "span", "hint"};
    constexpr double slowest = 0.001, shortest = 1, longest = 1e6;
    view.onlyKeys(keys);
    if (const auto layout = view.find("layout"))
        experiment.layout = layout->text();
    if (const auto hint = view.find("hint"))
        experiment.hint = hint->text();
    if (const auto span = view.find("span"))
        experiment.spanMs = span->number(shortest, longest);
    const auto pace = view.find("pace");
    if (!pace)
        return;
    if (pace->json() == "max") {
        experiment.pace = std::numeric_limits<double>::infinity();
    } else if (pace->json().is_number()) {
        experiment.pace = pace->number(slowest);
    } else {
        pace->fail({.problem = pace->name() + " = " + describe(pace->json()) + " is no speed",
            .allowed = "times real time (0.001 or more), or \"max\"",
            .nearest = pace->json().is_string() ? "max" : ""});
    }
}

void readTexts(Experiment& experiment, const JsonNode& root)
{
    const std::pair<const char*, std::string Experiment::*> texts[] = {
        {"title", &Experiment::title}, {"summary", &Experiment::summary},
        {"lesson", &Experiment::lesson}, {"family", &Experiment::family}};
    for (const auto& [key, field] : texts) {
        if (const auto text = root.find(key))
            experiment.*field = text->text();
    }
    if (const auto order = root.find("order"))
        order->number();
    if (const auto notes = root.find("notes")) // whatever a person wants to remember
        experiment.notes = notes->json().dump();
}

/// What the reader cannot see alone; the path named by the error is looked up in the file.
void validatePlaced(const Experiment& experiment, const JsonNode& root, bool ofSession)
{
    try {
        validate(experiment);
        if (ofSession) // one that ran with rounded durations runs on as it did
            return;
        checkDurations(experiment);
        checkIdleSettings(experiment);
    } catch (const InputError& error) {
        const std::string key =
            root.path().parts.empty() ? error.fields().key : root.name() + '.' + error.fields().key;
        InputError::Fields fields = error.fields();
        fields.key = key;
        root.source().fail(JsonPath::parse(key), JsonPart::Value, std::move(fields));
    }
}

} // namespace

Experiment readExperiment(const JsonNode& root, const std::string& fileName, bool ofSession)
{
    checkVersion(root);
    root.onlyKeys(kKeys);
    Experiment experiment;
    readTexts(experiment, root);
    const ModelRow& model = modelNamed(root.need("model").word(modelNames()));
    experiment.parameters = model.parameters().defaults();
    if (const auto precision = root.find("precision"))
        experiment.precision = precision->word(kPrecisions);
    experiment.layers = readLayers(root.need("network"), model);
    const auto lanes = root.find("lanes");
    const auto laneTables = lanes ? readLaneModels(*lanes) : std::vector<const ParameterTable*>();
    const auto parameters = root.find("parameters");
    if (parameters)
        readParameters(experiment.parameters, *parameters, experiment.targetLayers(), laneTables);
    experiment.stimulus =
        readStimulus(root.need("stimulus"), experiment.parameters, experiment.layers, fileName);
    const WeightForm form =
        weightForm(experiment.model(), experiment.layers, experiment.parameters);
    experiment.weights.init = form.inits.front();
    if (const auto weights = root.find("weights"))
        experiment.weights = readWeightSpec(*weights, fileName, form);
    if (const auto replay = root.find("replay"))
        experiment.replay = readReplay(*replay, fileName);
    if (const auto seed = root.find("seed"))
        experiment.seed = seed->count();
    if (lanes)
        experiment.lanes =
            readLanes(*lanes, experiment, laneTables, parameters ? &*parameters : nullptr);
    if (const auto edits = root.find("edits"))
        experiment.edits = readEdits(*edits, experiment);
    if (const auto record = root.find("record"))
        experiment.record = readRecord(*record, experiment);
    if (const auto view = root.find("view"))
        readView(experiment, *view);
    validatePlaced(experiment, root, ofSession);
    return experiment;
}

} // namespace apical
