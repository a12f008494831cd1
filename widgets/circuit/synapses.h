// The synapses of one neuron, pathway by pathway, as the circuit draws them.
#pragma once

#include "widgets/circuit/layout.h"

#include <vector>

namespace apical {

struct SynapseBundle {
    struct Synapse {
        int partner = 0; ///< index of the neuron at the other end
        double weight = 0;
    };
    CircuitPathway pathway;
    bool unitIsSource = false; ///< the selected neuron sends (else receives)
    double largest = 0; ///< |weight|, of all synapses in the bundle
    std::vector<Synapse> synapses; ///< strongest first; of large populations only the strongest
};

/// Empty where the frame carries no weights, or nothing is selected.
std::vector<SynapseBundle> synapsesOf(const Selection&, const LaneFrame&, const CircuitLayout&);

} // namespace apical
