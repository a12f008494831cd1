// What spiking neurons without dendrites, their input and their synapses need to know.
#pragma once

#include "sim/experiment/parameters.h"
#include "sim/model/soft_lif.h"

#include <string_view>
#include <vector>

namespace apical {

namespace lif_integrator {
enum : int { exact, grid, euler };
}
namespace encoder_kind {
enum : int { current, poisson, bernoulli, periodic };
}

/// What every model of LIF neurons has beside the constants of soft-LIF; ms and dimensionless.
/// Defaults stand in the rows.
struct SpikeFields {
    int integrator = lif_integrator::exact;
    double lowest = 0; ///< v_min
    int encoder = encoder_kind::current, trains = 1; ///< encoder.kind, encoder.inputs
    double synapseTau = 5;
    int synapseOrder = 2;
    bool operator==(const SpikeFields&) const = default;
};

/// Of model lif.
struct LifParameters : SpikeFields {
    double smoothing = 0, tauRc = 0, tRef = 0, threshold = 0, amplitude = 0;
    bool operator==(const LifParameters&) const = default;
};

/// The constants of the rate functions. @param p LifParameters, or a family with its soft-LIF
template <class Family> SoftLif softLifOf(const Family& p)
{
    SoftLif lif{p.smoothing, p.tauRc, p.tRef, p.threshold, {}};
    if (p.amplitude != kNone)
        lif.amplitude = p.amplitude;
    return lif;
}

/// Rate of a LIF neuron with a constant current j, spikes per ms:
///   r(j) = 1 / (t_ref - tau_rc log(1 - V / j)) for j > V, else 0
inline double hardRate(const SoftLif& lif, double current)
{
    return current > lif.threshold
        ? 1 / (lif.tRef - lif.tauRc * std::log1p(-lif.threshold / current))
        : 0;
}

/// A field of a base as the field of a family that has it.
template <class Family, class Base, class T> T Family::*fieldOf(T Base::*field)
{
    return field;
}

/// The rows of SpikeFields; encoder.* only if the family has an encoder.
template <class Family> std::vector<ParameterRow> spikeRows(bool encoder)
{
    constexpr auto Real = ParameterKind::Real;
    constexpr auto Count = ParameterKind::Count;
    constexpr auto Choice = ParameterKind::Choice;
    constexpr auto kSource = "Hunsberger 2018";
    using std::string;
    const auto own = [](auto field) { return ParameterField(fieldOf<Family>(field)); };
    std::vector<ParameterRow> rows{
        {"lif.integrator", "Neuron", "dv", "integrator", "1", Choice, string("exact"), 0, 2, false,
            0, 1, false, true, {"exact", "grid", "euler"}, own(&SpikeFields::integrator),
            "exact: spikes between the steps. grid: exact potential, spikes on steps. euler: Euler "
            "steps, spikes on steps.",
            "Bekolay et al. 2014"},
        {"lif.v_min", "Neuron", "v<sub>min</sub>", "lowest v", "1", Real, 0.0, -1e6, 0, false, -2,
            0, false, true, {}, own(&SpikeFields::lowest),
            "No potential falls below it. 0: inhibition leaves no memory.", "Bekolay et al. 2014"},
        {"synapse.tau", "Synapse", "&tau;<sub>s</sub>", "synapse", "ms", Real, 5.0, 0, 1e4, false,
            0, 50, false, true, {}, own(&SpikeFields::synapseTau),
            "Time constant of the filter that spikes pass. 0: none.", kSource},
        {"synapse.order", "Synapse", "n<sub>s</sub>", "order", "1", Count, 2.0, 1, 2, false, 1, 2,
            false, true, {}, own(&SpikeFields::synapseOrder),
            "2: alpha function t/&tau;<sub>s</sub><sup>2</sup> e<sup>-t/&tau;s</sup>. 1: "
            "exponential. Both have area 1.",
            kSource},
    };
    if (!encoder)
        return rows;
    const std::vector<ParameterRow> encoders{
        {"encoder.kind", "Input", "x", "encoder", "1", Choice, string("current"), 0, 3, false, 0, 1,
            false, true, {"current", "poisson", "bernoulli", "periodic"},
            own(&SpikeFields::encoder),
            "current: the input itself, no spikes. poisson: x dt/t_ref spikes a step in the mean. "
            "bernoulli: one at most. periodic: one every t_ref/x.",
            kSource},
        {"encoder.inputs", "Input", "M", "trains", "1", Count, 1.0, 1, 10000, false, 1, 100, true,
            true, {}, own(&SpikeFields::trains),
            "Independent trains per input neuron; their mean is what it sends.", kSource}};
    rows.insert(rows.begin() + 2, encoders.begin(), encoders.end());
    return rows;
}

/// The time step of models whose neurons spike: 1 ms, as it is from a reset on.
ParameterRow spikingStepRow();

const ParameterTable& lifParameterTable();

} // namespace apical
