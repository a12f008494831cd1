// What a spiking microcircuit is made of: the rate circuit's populations and quantities, and the
// spikes of each population.
#pragma once

#include "sim/circuit/circuit_anatomy.h"

#include <vector>

namespace apical {

struct SpikingAnatomy {
    CircuitAnatomy circuit;
    /// Index of the first quantity that counts spikes; from it on one per population that sends
    /// any: input, then layer by layer pyramidal neurons and interneurons.
    int firstCount = 0;
};

SpikingAnatomy spikingAnatomy(const std::vector<int>& sizes);

} // namespace apical
