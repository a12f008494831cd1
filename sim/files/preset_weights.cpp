// Weights of a preset: drawn, self-predicting, given as matrices or in a file.
#include "sim/files/embedded_presets.h"
#include "sim/files/preset_norm.h"
#include "sim/files/preset_parts.h"
#include "sim/json/file.h"
#include "sim/network/network_anatomy.h"
#include "sim/run/model_table.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <utility>

namespace apical {
namespace {

constexpr double kLargestWeight = 1e9;
constexpr double kLargestRange = 1000;
/// The ways to draw weights, by the word they have in presets.
struct InitWord {
    WeightSpec::Init init;
    std::string_view word;
};
constexpr InitWord kInits[] = {{WeightSpec::Init::Uniform, "uniform"},
    {WeightSpec::Init::SelfPredicting, "self-predicting"}, {WeightSpec::Init::He, "he"}};
/// Ranges of U(-range, range), by pathway.
struct RangeRow {
    std::string_view key;
    DrawRange WeightSpec::*range;
};
constexpr RangeRow kRanges[] = {{"up", &WeightSpec::rangeUp}, {"down", &WeightSpec::rangeDown},
    {"ip", &WeightSpec::rangeIp}, {"pi", &WeightSpec::rangePi}};

struct Shape {
    int rows, cols;
    bool hasBias = false;
    /// What is missing of a matrix with so many columns.
    std::string hint(std::size_t given) const
    {
        return hasBias && given + 1 == static_cast<std::size_t>(cols)
            ? ": the last column is the bias"
            : "";
    }
    std::string text() const { return std::to_string(rows) + " x " + std::to_string(cols); }
};

/// The weights of one pathway, from layer 1 on.
struct PathwayLists {
    std::string key; ///< "up"
    std::vector<const Anatomy::Projection*> projections; ///< none without hidden layers
};

std::string keyOf(std::string_view pathway)
{
    return std::string(pathway.substr(pathway.find('_') + 1));
}

std::vector<PathwayLists> pathwaysOf(const WeightForm& form)
{
    std::vector<PathwayLists> pathways;
    for (const std::string& key : form.pathways) {
        PathwayLists& pathway = pathways.emplace_back(PathwayLists{key, {}});
        for (const Anatomy::Projection& p : form.anatomy.projections) {
            if (p.isWeight && keyOf(p.pathway) == key)
                pathway.projections.push_back(&p);
        }
    }
    return pathways;
}

/// Every pathway that a model can have: all of them exist with two hidden layers.
std::vector<std::string> pathwayKeys(const ModelRow& model, const Parameters& parameters)
{
    std::vector<std::string> keys;
    for (const Anatomy::Projection& p : model.anatomy({1, 1, 1, 1}, parameters).projections) {
        if (p.isWeight && std::find(keys.begin(), keys.end(), keyOf(p.pathway)) == keys.end())
            keys.push_back(keyOf(p.pathway));
    }
    return keys;
}

std::vector<std::string_view> keysOf(
    const std::vector<PathwayLists>& pathways, std::vector<std::string_view> keys = {})
{
    for (const PathwayLists& pathway : pathways)
        keys.push_back(pathway.key);
    return keys;
}

Matrix readMatrixFile(
    const JsonNode& node, const std::string& presetFile, Shape shape, std::size_t layer)
{
    NamedArray named = readNamedArray(node, presetFile);
    Matrix& matrix = named.values;
    if (matrix.rows != shape.rows || matrix.cols != shape.cols)
        throw InputError({.problem = "the array is " + Shape{matrix.rows, matrix.cols}.text()
                + "; layer " + std::to_string(layer) + " needs " + shape.text()
                + shape.hint(static_cast<std::size_t>(matrix.cols)) + ", as " + node.path().text(),
            .allowed = shape.text() + " (post rows, pre columns)",
            .file = named.file.path});
    for (std::size_t i = 0; i < matrix.values.size(); ++i) {
        const auto cols = static_cast<std::size_t>(matrix.cols);
        if (!(matrix.values[i] >= -kLargestWeight && matrix.values[i] <= kLargestWeight))
            failEntry(named, i / cols, i % cols, kLargestWeight);
    }
    return std::move(matrix);
}

Matrix readMatrix(
    const JsonNode& node, const std::string& presetFile, Shape shape, std::size_t layer)
{
    if (namesFile(node))
        return readMatrixFile(node, presetFile, shape, layer);
    const std::size_t cols =
        node.size() > 0 && node.json()[0].is_array() ? node.json()[0].size() : 0;
    if (node.size() != static_cast<std::size_t>(shape.rows)
        || cols != static_cast<std::size_t>(shape.cols)) {
        node.fail({.problem = node.name() + " is " + std::to_string(node.size()) + " x "
                + std::to_string(cols) + "; layer " + std::to_string(layer) + " needs "
                + shape.text() + shape.hint(cols),
            .allowed = shape.text() + " (post rows, pre columns)"});
    }
    Matrix matrix(shape.rows, shape.cols);
    double* out = matrix.values.data();
    for (std::size_t r = 0; r < node.size(); ++r) {
        const Json& row = node.json()[r];
        if (!row.is_array() || row.size() != cols) {
            node.at(r).fail({.problem = node.at(r).name() + " is " + describe(row) + "; a row of "
                    + std::to_string(cols) + " numbers is needed",
                .allowed = std::to_string(cols) + " numbers"});
        }
        for (std::size_t c = 0; c < cols; ++c) {
            const Json& entry = row[c];
            const double value = entry.is_number() ? entry.get<double>() : kNone;
            if (!(value >= -kLargestWeight && value <= kLargestWeight))
                node.at(r).at(c).number(-kLargestWeight, kLargestWeight); // throws, with the place
            *out++ = value;
        }
    }
    return matrix;
}

/// With the pathways that some model has whose missing weights are drawn: weights of one net are
/// those of all, as far as they have them; a model without weights has none of them.
std::vector<std::string_view> keysOfNets(const WeightForm& form, std::vector<std::string_view> keys)
{
    static const std::vector<std::string> all = [] {
        std::vector<std::string> pathways{kNormKind}; // of nets that normalise
        for (const ModelRow& row : modelTable()) {
            if (!row.drawsMissing)
                continue;
            for (std::string& key : pathwayKeys(row, row.parameters().defaults()))
                pathways.push_back(std::move(key));
        }
        return pathways;
    }();
    const bool ofNets = form.drawsMissing || form.pathways.empty();
    for (const std::string& key : all) {
        if (ofNets && std::ranges::find(keys, key) == keys.end())
            keys.push_back(key);
    }
    return keys;
}

std::string besidePreset(const std::string& file, const std::string& presetFile)
{
    return (std::filesystem::path(presetFile).parent_path() / file).string();
}

std::vector<NamedMatrix> readWeightFile(
    const JsonNode& node, const std::string& presetFile, const WeightForm& form)
{
    const std::string path = besidePreset(node.text(), presetFile);
    if (path.starts_with(kEmbeddedRoot)) {
        if (const EmbeddedFile* file = findEmbedded(path.substr(kEmbeddedRoot.size()))) {
            const JsonSource source(file->text, "presets/" + std::string(file->name));
            return readWeightsRoot(JsonNode(source), path, form);
        }
    }
    std::error_code ignored;
    if (path.find('\0') != std::string::npos || !std::filesystem::is_regular_file(path, ignored))
        node.fail({.problem = "there is no weights file " + describe(Json(path)),
            .allowed = "a file, relative to the preset's folder"});
    const std::string text = readFile(path, kLargestPreset);
    const JsonSource source(text, path);
    return readWeightsRoot(JsonNode(source), path, form);
}

/// One number, or one for each layer that has the pathway.
DrawRange readDrawRange(const JsonNode& node, std::size_t layers)
{
    if (!node.json().is_array())
        return node.number(0, kLargestRange);
    if (node.size() != layers || layers == 0)
        node.fail({.problem = node.name() + " has " + std::to_string(node.size())
                + " numbers; the network has the pathway in " + std::to_string(layers) + " layers",
            .allowed = "one number, or one for each of these layers"});
    std::vector<double> each;
    for (std::size_t i = 0; i < layers; ++i)
        each.push_back(node.at(i).number(0, kLargestRange));
    return each;
}

Json drawRangeJson(const DrawRange& range)
{
    return range.layers.size() == 1 ? Json(range.layers[0]) : Json(range.layers);
}

void readRange(WeightSpec& spec, const JsonNode& node, const std::vector<PathwayLists>& pathways)
{
    if (!node.json().is_object()) {
        spec.rangeUp = spec.rangeDown = spec.rangeIp = spec.rangePi = node.number(0, kLargestRange);
        return;
    }
    std::vector<std::string_view> keys;
    for (const RangeRow& row : kRanges) {
        if (std::ranges::find(pathways, row.key, &PathwayLists::key) != pathways.end())
            keys.push_back(row.key);
    }
    node.onlyKeys(keys, "pathway");
    for (const RangeRow& row : kRanges) {
        if (const auto range = node.find(row.key))
            spec.*row.range = readDrawRange(*range,
                std::ranges::find(pathways, row.key, &PathwayLists::key)->projections.size());
    }
}

WeightSpec::Init readInit(const JsonNode& node, std::span<const WeightSpec::Init> known)
{
    std::vector<std::string_view> words;
    for (const WeightSpec::Init init : known)
        words.push_back(initWord(init));
    const std::string word = node.word(words);
    return std::find_if(std::begin(kInits), std::end(kInits), [&](const InitWord& row) {
        return row.word == word;
    })->init;
}

} // namespace

WeightForm weightForm(
    std::string_view model, const std::vector<int>& layers, const Parameters& parameters)
{
    const ModelRow& row = modelNamed(model);
    return {
        row.anatomy(layers, parameters), pathwayKeys(row, parameters), row.inits, row.drawsMissing};
}

std::string_view initWord(WeightSpec::Init init)
{
    for (const InitWord& row : kInits) {
        if (row.init == init)
            return row.word;
    }
    return {};
}

std::vector<NamedMatrix> readMatrices(
    const JsonNode& node, const std::string& fileName, const WeightForm& form)
{
    const auto pathways = pathwaysOf(form);
    std::vector<NamedMatrix> read;
    for (const PathwayLists& pathway : pathways) {
        const bool mayMiss =
            pathway.projections.empty() || (form.drawsMissing && &pathway != &pathways.front());
        if (mayMiss && !node.has(pathway.key))
            continue;
        const JsonNode list = node.need(pathway.key);
        const std::size_t needed = pathway.projections.size();
        if (list.size() != needed) {
            const bool first = &pathway == &pathways.front();
            list.fail({.problem = list.name() + " has " + std::to_string(list.size())
                    + (list.size() == 1 ? " entry" : " entries") + "; the network has "
                    + std::to_string(needed) + (first ? " target layers" : " hidden layers"),
                .allowed = std::to_string(needed) + " entries, one per layer"
                    + (mayMiss ? ", or no \"" + pathway.key + "\" at all: then it is drawn"
                               : std::string())});
        }
        for (std::size_t i = 0; i < needed; ++i) {
            const Anatomy::Projection& p = *pathway.projections[i];
            const Shape shape{form.anatomy.rows(p), form.anatomy.cols(p), p.hasBias};
            read.push_back({p.name,
                form.anatomy.from(p).kind == kNormKind
                    ? readNorm(list.at(i), shape.rows, i + 1, kLargestWeight)
                    : readMatrix(list.at(i), fileName, shape, i + 1)});
        }
    }
    // In the order of the model, whatever the file's was.
    std::stable_sort(read.begin(), read.end(), [&](const NamedMatrix& a, const NamedMatrix& b) {
        return form.anatomy.projection(a.name) < form.anatomy.projection(b.name);
    });
    return read;
}

std::vector<NamedMatrix> readWeightsRoot(
    const JsonNode& root, const std::string& fileName, const WeightForm& form)
{
    const auto pathways = pathwaysOf(form);
    root.onlyKeys(keysOfNets(form, keysOf(pathways)));
    return readMatrices(root, fileName, form);
}

WeightSpec readWeightSpec(const JsonNode& node, const std::string& fileName, const WeightForm& form)
{
    const auto pathways = pathwaysOf(form);
    const bool he = std::ranges::find(form.inits, WeightSpec::Init::He) != form.inits.end();
    std::vector<std::string_view> keys{"init", "range", "file"};
    if (he) // who draws weights by the number of inputs sets the biases apart
        keys.emplace_back("bias");
    node.onlyKeys(keysOfNets(form, keysOf(pathways, keys)));
    WeightSpec spec;
    spec.init = form.inits.front();
    // Also those that this model lacks: whoever gives weights of a net gives W_up.
    const auto ofNet = keysOfNets(form, keysOf(pathways));
    const bool matrices = !pathways.empty()
        && std::ranges::any_of(ofNet, [&](std::string_view key) { return node.has(key); });
    for (const char* key : {"init", "range", "bias"}) {
        if ((matrices || node.has("file")) && node.has(key))
            node.need(key).fail(
                {.problem = "weights." + std::string(key) + " contradicts the given weights",
                    .allowed = he ? "either init, range and bias, or matrices, or a file"
                                  : "either init and range, or matrices, or a file"},
                JsonPart::Key);
    }
    if (const auto file = node.find("file")) {
        spec.init = WeightSpec::Init::File;
        spec.file = file->text();
        // Written experiments keep the matrices they were run with beside the name they came from.
        spec.given =
            matrices ? readMatrices(node, fileName, form) : readWeightFile(*file, fileName, form);
    } else if (matrices) {
        spec.init = WeightSpec::Init::Explicit;
        spec.given = readMatrices(node, fileName, form);
    } else {
        if (const auto init = node.find("init"))
            spec.init = readInit(*init, form.inits);
        if (const auto range = node.find("range"))
            readRange(spec, *range, pathways);
        if (const auto bias = node.find("bias"))
            spec.bias = bias->number(-kLargestWeight, kLargestWeight);
    }
    return spec;
}

Json matricesJson(const std::vector<NamedMatrix>& weights)
{
    Json json = Json::object(); // also of a model without weights
    // Pathway by pathway, in the order in which they are first met.
    std::vector<std::string> keys;
    for (const NamedMatrix& named : weights) {
        const std::string key = keyOf(named.name);
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
            keys.push_back(key);
            json[key] = Json::array();
        }
        const Matrix& matrix = named.matrix;
        if (key == kNormKind) {
            json[key].push_back(normJson(matrix));
            continue;
        }
        Json rows = Json::array();
        for (int r = 0; r < matrix.rows; ++r) {
            const auto from = matrix.values.begin() + static_cast<std::ptrdiff_t>(r) * matrix.cols;
            rows.push_back(std::vector<double>(from, from + matrix.cols));
        }
        json[key].push_back(std::move(rows));
    }
    return json;
}

Json weightsJson(const WeightSpec& spec, const WeightForm& form)
{
    using Init = WeightSpec::Init;
    if (spec.init == Init::Explicit)
        return matricesJson(spec.given);
    Json json;
    if (spec.init == Init::File) {
        json["file"] = spec.file;
        if (!spec.given.empty())
            json.update(matricesJson(spec.given));
        return json;
    }
    json["init"] = initWord(spec.init);
    if (spec.bias)
        json["bias"] = *spec.bias;
    if (spec.init == Init::He)
        return json;
    if (spec.rangeUp.layers.size() == 1 && spec.rangeUp == spec.rangeDown
        && spec.rangeUp == spec.rangeIp && spec.rangeUp == spec.rangePi) {
        json["range"] = drawRangeJson(spec.rangeUp);
        return json;
    }
    for (const RangeRow& row : kRanges) {
        if (std::ranges::find(form.pathways, row.key) != form.pathways.end())
            json["range"][std::string(row.key)] = drawRangeJson(spec.*row.range);
    }
    return json;
}

} // namespace apical
