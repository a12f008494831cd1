// The weights of a rate microcircuit, layer by layer.
#pragma once

#include "sim/experiment/experiment.h"
#include "sim/model/model.h"

#include <vector>

namespace apical {

/// Weights of the connections into one target layer (layer 1 = first hidden). The output layer has
/// only `up`. Shapes (post x pre): up N_l x N_(l-1) (+1 with bias), down and pi N_l x N_(l+1), ip
/// N_(l+1) x N_l (+1 with bias).
struct LayerWeights {
    Matrix up, down, ip, pi;
    bool operator==(const LayerWeights&) const = default;
};

/// The pathways by the keys they have in presets.
struct CircuitMatrixRow {
    const char* pathway; ///< "up"
    Matrix LayerWeights::*matrix;
};
inline constexpr CircuitMatrixRow kCircuitMatrices[]{{"up", &LayerWeights::up},
    {"down", &LayerWeights::down}, {"ip", &LayerWeights::ip}, {"pi", &LayerWeights::pi}};

/// One entry per target layer from "layer1.W_up", ..., and back; what is missing stays empty.
std::vector<LayerWeights> layerWeights(const std::vector<NamedMatrix>&, int targetLayers);
std::vector<NamedMatrix> namedWeights(const std::vector<LayerWeights>&);

/// Of layer 1..N, as they stand after the last step.
LayerWeights layerWeights(const Model&, int layer);
/// All but W_up, which is by far the largest of a first layer.
LayerWeights microcircuitWeights(const Model&, int layer);
/// Matrices that are empty are left as they are.
void setLayerWeights(Model&, int layer, const LayerWeights&);

} // namespace apical
