// Weights of a preset: drawn, self-predicting, given as matrices or in a file.
#include "sim/files/embedded_presets.h"
#include "sim/files/preset_parts.h"
#include "sim/json/file.h"

#include <array>
#include <filesystem>

namespace apical {
namespace {

constexpr std::string_view kMatrixKeys[] = {"up", "down", "ip", "pi"};
constexpr std::string_view kSpecKeys[] = {"init", "range", "file", "up", "down", "ip", "pi"};
constexpr std::string_view kInits[] = {"uniform", "self-predicting"};
constexpr double kLargestWeight = 1e9;
constexpr double kLargestRange = 1000;

Matrix LayerWeights::*const kMatrices[] = {
    &LayerWeights::up, &LayerWeights::down, &LayerWeights::ip, &LayerWeights::pi};

struct Shape {
    int rows, cols;
    std::string text() const { return std::to_string(rows) + " x " + std::to_string(cols); }
};

/// Shape of a pathway (index of kMatrixKeys) into target layer l = 1..N.
Shape shapeOf(std::size_t pathway, std::size_t l, const std::vector<int>& layers, bool bias)
{
    const int extra = bias ? 1 : 0;
    switch (pathway) {
    case 0:
        return {layers[l], layers[l - 1] + extra};
    case 2:
        return {layers[l + 1], layers[l] + extra};
    default:
        return {layers[l], layers[l + 1]};
    }
}

Matrix readMatrixFile(
    const JsonNode& node, const std::string& presetFile, Shape shape, std::size_t layer)
{
    NamedArray named = readNamedArray(node, presetFile);
    Matrix& matrix = named.values;
    if (matrix.rows != shape.rows || matrix.cols != shape.cols)
        throw InputError({.problem = "the array is " + Shape{matrix.rows, matrix.cols}.text()
                + "; layer " + std::to_string(layer) + " needs " + shape.text() + ", as "
                + node.path().text(),
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
                + shape.text(),
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

std::string besidePreset(const std::string& file, const std::string& presetFile)
{
    return (std::filesystem::path(presetFile).parent_path() / file).string();
}

std::vector<LayerWeights> readRoot(
    const JsonNode& root, const std::string& fileName, const std::vector<int>& layers, bool bias)
{
    root.onlyKeys(kMatrixKeys);
    return readMatrices(root, fileName, layers, bias);
}

std::vector<LayerWeights> readWeightFile(
    const JsonNode& node, const std::string& presetFile, const std::vector<int>& layers, bool bias)
{
    const std::string path = besidePreset(node.text(), presetFile);
    if (path.starts_with(kEmbeddedRoot)) {
        if (const EmbeddedFile* file = findEmbedded(path.substr(kEmbeddedRoot.size()))) {
            const JsonSource source(file->text, "presets/" + std::string(file->name));
            return readRoot(JsonNode(source), path, layers, bias);
        }
    }
    std::error_code ignored;
    if (path.find('\0') != std::string::npos || !std::filesystem::is_regular_file(path, ignored))
        node.fail({.problem = "there is no weights file " + describe(Json(path)),
            .allowed = "a file, relative to the preset's folder"});
    const std::string text = readFile(path, kLargestPreset);
    const JsonSource source(text, path);
    return readRoot(JsonNode(source), path, layers, bias);
}

void readRange(WeightSpec& spec, const JsonNode& node)
{
    if (!node.json().is_object()) {
        spec.rangeUp = spec.rangeDown = spec.rangeIp = spec.rangePi = node.number(0, kLargestRange);
        return;
    }
    node.onlyKeys(kMatrixKeys, "pathway");
    const std::array<double*, 4> ranges{
        &spec.rangeUp, &spec.rangeDown, &spec.rangeIp, &spec.rangePi};
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        if (const auto range = node.find(kMatrixKeys[i]))
            *ranges[i] = range->number(0, kLargestRange);
    }
}

} // namespace

std::vector<LayerWeights> readMatrices(
    const JsonNode& node, const std::string& fileName, const std::vector<int>& layers, bool bias)
{
    const std::size_t targets = layers.size() - 1;
    std::vector<LayerWeights> result(targets);
    for (std::size_t pathway = 0; pathway < std::size(kMatrixKeys); ++pathway) {
        const JsonNode list = node.need(kMatrixKeys[pathway]);
        const std::size_t needed = pathway == 0 ? targets : targets - 1;
        if (list.size() != needed) {
            list.fail({.problem = list.name() + " has " + std::to_string(list.size())
                    + " matrices; the network has " + std::to_string(needed)
                    + (pathway == 0 ? " target layers" : " hidden layers"),
                .allowed = std::to_string(needed) + " matrices"});
        }
        for (std::size_t i = 0; i < needed; ++i)
            result[i].*kMatrices[pathway] =
                readMatrix(list.at(i), fileName, shapeOf(pathway, i + 1, layers, bias), i + 1);
    }
    return result;
}

WeightSpec readWeightSpec(
    const JsonNode& node, const std::string& fileName, const std::vector<int>& layers, bool bias)
{
    node.onlyKeys(kSpecKeys);
    WeightSpec spec;
    const bool matrices = node.has("up") || node.has("down") || node.has("ip") || node.has("pi");
    for (const char* key : {"init", "range"}) {
        if ((matrices || node.has("file")) && node.has(key))
            node.need(key).fail(
                {.problem = "weights." + std::string(key) + " contradicts the given weights",
                    .allowed = "either init and range, or matrices, or a file"},
                JsonPart::Key);
    }
    if (const auto file = node.find("file")) {
        spec.init = WeightSpec::Init::File;
        spec.file = file->text();
        // Written experiments keep the matrices they were run with beside the name they came from.
        spec.layers = matrices ? readMatrices(node, fileName, layers, bias)
                               : readWeightFile(*file, fileName, layers, bias);
    } else if (matrices) {
        spec.init = WeightSpec::Init::Explicit;
        spec.layers = readMatrices(node, fileName, layers, bias);
    } else {
        if (const auto init = node.find("init"); init && init->word(kInits) == "self-predicting")
            spec.init = WeightSpec::Init::SelfPredicting;
        if (const auto range = node.find("range"))
            readRange(spec, *range);
    }
    return spec;
}

Json matricesJson(const std::vector<LayerWeights>& layers)
{
    Json json;
    for (std::size_t pathway = 0; pathway < std::size(kMatrixKeys); ++pathway) {
        Json list = Json::array();
        for (std::size_t l = 0; l < layers.size(); ++l) {
            if (pathway > 0 && l + 1 == layers.size())
                break;
            const Matrix& matrix = layers[l].*kMatrices[pathway];
            Json rows = Json::array();
            for (int r = 0; r < matrix.rows; ++r) {
                const auto from =
                    matrix.values.begin() + static_cast<std::ptrdiff_t>(r) * matrix.cols;
                rows.push_back(std::vector<double>(from, from + matrix.cols));
            }
            list.push_back(std::move(rows));
        }
        json[std::string(kMatrixKeys[pathway])] = std::move(list);
    }
    return json;
}

Json weightsJson(const WeightSpec& spec)
{
    using Init = WeightSpec::Init;
    if (spec.init == Init::Explicit)
        return matricesJson(spec.layers);
    Json json;
    if (spec.init == Init::File) {
        json["file"] = spec.file;
        if (!spec.layers.empty())
            json.update(matricesJson(spec.layers));
        return json;
    }
    json["init"] = kInits[spec.init == Init::SelfPredicting ? 1 : 0];
    if (spec.rangeUp == spec.rangeDown && spec.rangeUp == spec.rangeIp
        && spec.rangeUp == spec.rangePi)
        json["range"] = spec.rangeUp;
    else
        json["range"] = {{"up", spec.rangeUp}, {"down", spec.rangeDown}, {"ip", spec.rangeIp},
            {"pi", spec.rangePi}};
    return json;
}

} // namespace apical
