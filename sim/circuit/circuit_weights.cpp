#include "sim/circuit/circuit_weights.h"

#include <algorithm>
#include <cstddef>
#include <string>

namespace apical {
namespace {

std::string nameOf(int layer, const CircuitMatrixRow& row)
{
    return "layer" + std::to_string(layer) + ".W_" + row.pathway;
}

// Empty if the layer has no such pathway.
Matrix matrixOf(const Model& model, const std::string& name)
{
    const Anatomy& a = model.anatomy();
    const int i = a.projection(name);
    if (i < 0)
        return {};
    const Anatomy::Projection& p = a.projections[static_cast<std::size_t>(i)];
    Matrix matrix(a.rows(p), a.cols(p));
    model.readWeights(i, matrix.values);
    return matrix;
}

} // namespace

std::vector<LayerWeights> layerWeights(const std::vector<NamedMatrix>& named, int targetLayers)
{
    std::vector<LayerWeights> layers(static_cast<std::size_t>(targetLayers));
    for (int l = 1; l <= targetLayers; ++l) {
        for (const CircuitMatrixRow& row : kCircuitMatrices) {
            const auto at = std::find_if(named.begin(), named.end(),
                [name = nameOf(l, row)](const NamedMatrix& m) { return m.name == name; });
            if (at != named.end())
                layers[static_cast<std::size_t>(l - 1)].*row.matrix = at->matrix;
        }
    }
    return layers;
}

std::vector<NamedMatrix> namedWeights(const std::vector<LayerWeights>& layers)
{
    std::vector<NamedMatrix> named;
    for (std::size_t l = 0; l < layers.size(); ++l) {
        for (const CircuitMatrixRow& row : kCircuitMatrices) {
            const Matrix& matrix = layers[l].*row.matrix;
            if (!matrix.empty())
                named.push_back({nameOf(static_cast<int>(l) + 1, row), matrix});
        }
    }
    return named;
}

LayerWeights layerWeights(const Model& model, int layer)
{
    LayerWeights weights = microcircuitWeights(model, layer);
    weights.up = matrixOf(model, nameOf(layer, kCircuitMatrices[0]));
    return weights;
}

LayerWeights microcircuitWeights(const Model& model, int layer)
{
    LayerWeights weights;
    for (const CircuitMatrixRow& row : kCircuitMatrices) {
        if (row.matrix != &LayerWeights::up)
            weights.*row.matrix = matrixOf(model, nameOf(layer, row));
    }
    return weights;
}

void setLayerWeights(Model& model, int layer, const LayerWeights& weights)
{
    for (const CircuitMatrixRow& row : kCircuitMatrices) {
        const Matrix& matrix = weights.*row.matrix;
        const int i = model.anatomy().projection(nameOf(layer, row));
        if (i >= 0 && !matrix.empty())
            model.setWeights(i, matrix.values);
    }
}

} // namespace apical
