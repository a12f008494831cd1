// What stands behind the spikes of a population, and what synapses make of them: found in a model's
// anatomy and parameters.
#pragma once

#include "sim/experiment/parameters.h"
#include "sim/model/anatomy.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace apical {

/// Poisson spikes have a rate that the same population has as a quantity: psi phi(U) per ms.
struct SpikeSource {
    int rate = -1; ///< quantity
    double scale = 1; ///< spikes per ms at a rate of 1
};
/// @param count a quantity of form Count. Empty where no rate, or no scale, is known.
std::optional<SpikeSource> spikeSource(const Anatomy&, const Parameters&, int count);

/// What changes the weights of a projection, spike by spike.
struct SynapseSource {
    std::string spikes; ///< quantity of the sender: "input.spikes"
    std::string error; ///< quantity of the receiver: "layer1.pyr.basal_error"
    bool negative = false; ///< its negative drives learning
    double traceMs = 1; ///< time constant of the trace that a spike leaves
};
/// Empty where the sender sends no spikes, or they leave no trace.
std::optional<SynapseSource> synapseSource(const Anatomy&, const Parameters&, int projection);

/// Gille, Eq. 2.33: the weight changes by eta / tau (I1 - I2).
struct SynapseIntegrals {
    std::vector<double> trace; ///< S after each step, 1 per spike
    std::vector<double> plain; ///< I1 = integral of S D, ms
    std::vector<double> faded; ///< I2 = the same with exp(-t / tau) for what lies t back, ms
};
/// Step by step, with delays of one step. All start from 0: what was before is forgotten within a
/// few tau, and I1 counts from here.
/// @param spikes of the sender in each step @param errors D of the receiver after each step
SynapseIntegrals synapseIntegrals(
    std::span<const double> spikes, std::span<const double> errors, double dt, double tauMs);

} // namespace apical
