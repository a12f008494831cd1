// The parameters of the spiking microcircuit: those of the rate microcircuit, and what spikes need.
#pragma once

#include "sim/circuit/circuit_parameters.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace apical {

namespace spiking_scheme {
enum : int { automatic, event, time };
}
namespace spiking_input {
enum : int { neurons, generators };
}
namespace untargeted_leak {
enum : int { full, released };
}

/// In ms, 1/ms and steps; weights, potentials and rates are normalised: a rate of 1 is psi spikes
/// per ms, a spike through a weight W moves a dendrite by W/psi. Defaults stand in
/// spikingParameterTable(). Gille, chapter 2, with the corrections of the published models.
struct SpikingParameters : CircuitParameters {
    using Extends = CircuitParameters;

    double psi = 100;
    double tauDelta = 1; ///< of the spike trace and of the weight change alike
    double refractory = 0; ///< t_ref: > 0 makes spikes binary
    double basalCapacitance = 1, apicalCapacitance = 1;
    double dendriteLeak = kNone; ///< per step; kNone: dt
    int delay = 1; ///< steps from a spike to the dendrite that it reaches
    int delayUp = 0, delayIp = 0, delayPi = 0, delayDown = 0; ///< 0: delay
    int delaySpread = 0; ///< steps: each synapse has 0 to so many more, fixed for a run
    bool errorTimesDt = true;
    int scheme = spiking_scheme::automatic;
    int untargeted = untargeted_leak::full;
    int input = spiking_input::neurons;
    double dropout = 0; ///< share of each population that is silent
    double innNudging = kNone; ///< g_inn; kNone: g_som
    std::vector<double> current; ///< constant, into the somata of each target layer

    bool operator==(const SpikingParameters&) const = default;

    double innConductance() const { return innNudging == kNone ? nudging : innNudging; }
    double dendriteLeakOf(double dt) const
    {
        return dendriteLeak == kNone ? std::min(dt, 1.0) : dendriteLeak;
    }
    int delayOf(int own) const { return own > 0 ? own : delay; }
    int longestDelay() const
    {
        return std::max({delay, delayUp, delayIp, delayPi, delayDown}) + delaySpread;
    }
};

/// Steps that each synapse of a pathway has beyond the pathway's delay, uniform from 0 to `spread`.
std::vector<int> delaySpreads(
    int spread, std::size_t synapses, std::uint64_t seed, std::size_t pathway);

/// Which neurons of a population dropout silences: always the same ones first. @param first its
/// first neuron among all
std::vector<std::uint8_t> dropoutOf(double share, int size, int first, std::uint64_t seed);

/// All rows of model spiking-microcircuit.
const ParameterTable& spikingParameterTable();

/// @throws std::bad_any_cast for parameters of another family
inline const SpikingParameters& spiking(const Parameters& p)
{
    return p.family<SpikingParameters>();
}

} // namespace apical
