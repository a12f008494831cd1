// Weights a run starts from.
#pragma once

#include "sim/circuit/circuit_weights.h"
#include "sim/experiment/experiment.h"

#include <vector>

namespace apical {

/// One entry per target layer: drawn U(-range, range) per pathway, self-predicting, or as given in
/// the experiment. A number depends on seed, pathway, layer and its place in the matrix only.
std::vector<LayerWeights> initialWeights(const Experiment&, const Parameters&);

} // namespace apical
