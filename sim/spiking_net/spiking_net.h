// A net that learns with the rates of LIF neurons and answers with their spikes, as a row of the
// model table.
#pragma once

#include "sim/lif/lif_parameters.h"
#include "sim/model/model.h"
#include "sim/network/network_parameters.h"

#include <memory>
#include <vector>

namespace apical {

/// What only this model has; readout.onset is Parameters::readoutLag.
struct SpikingNetParameters : NetworkParameters, SpikeFields {
    using Extends = NetworkParameters;
    int imagesTogether = 1; ///< spiking.batch
    bool operator==(const SpikingNetParameters&) const = default;
};

const ParameterTable& spikingNetParameterTable();
/// @throws InputError for outputs that are no currents, and a read-out that begins too late
void checkSpikingNet(const Parameters&);
Anatomy spikingNetAnatomy(const std::vector<int>& sizes, const Parameters&);
/// A batch of the shadow net while it learns; else as long as a presentation is.
int spikingNetSteps(const std::vector<int>& sizes, const Parameters&, bool training);
std::unique_ptr<Model> makeSpikingNet(const Experiment&, const Parameters&);

} // namespace apical
