// The strips that a family of presets brings with it ("view": {"layout": ...}).
#pragma once

#include "widgets/strips/model.h"

#include <vector>

namespace apical {

/// Empty for a layout without strips of its own.
///
/// "latent-equilibrium": potential of the input, what the sender in front of the selected neuron
/// broadcasts, the selected neuron's soma and apical dendrite. "dendritic-errors": what plasticity
/// sees in an output, an interneuron and both apical compartments of a hidden neuron.
std::vector<Strip> layoutStrips(const Scene&);

} // namespace apical
