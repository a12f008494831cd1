// Why a neuron does what it does: the terms of its du/dt, what its dendrites are made of, and who
// is loudest. Pure functions of a frame.
//
// All layers are as in Frame: 1..N, N the output. Potentials, rates and weights are dimensionless,
// derivatives in 1/ms (C = 1). Equations: one step of the rate microcircuit (reference a2).
// Dendrites, rates and somata are those the last step was computed from, so the terms add up to
// what the soma really did in that step. With spikes those are the dendrites of the step before.
#pragma once

#include "sim/live/frame.h"

#include <vector>

namespace apical {

/// One neuron of a lane; layer 0 is the input, interneurons count in the hidden layer they sit in.
struct NeuronRef {
    enum class Population { Input, Pyramidal, Interneuron };
    Population population = Population::Pyramidal;
    int layer = 1;
    int index = 0;
    bool operator==(const NeuronRef&) const = default;
};

/// One summand of du/dt.
struct Term {
    enum class Kind {
        Leak, ///< -g_l u
        Basal, ///< g_b (v_B - u)
        Apical, ///< g_a (v_A - u)
        Dendrite, ///< g_b (v_D - u), interneurons
        Teaching, ///< g_som (u_next - u), interneurons: u_next = broadcast potential of the partner
                  ///< above
        Target, ///< g_som (target - u), nudged output
        OwnPrediction, ///< g_som (s - u), output without target: s = g_b v_B / (g_l + g_b)
        Nudging, ///< what is left of the measured change where somata follow earlier dendrites:
                 ///< the current that nudges an interneuron or an output, less what it leaks
        Noise, ///< what is left of the measured change; only if the noise is on
    };
    Kind kind = Kind::Leak;
    double value = 0; ///< 1/ms
};

struct MembraneBalance {
    std::vector<Term> terms;
    double sum = 0; ///< of the terms, 1/ms
    double measured = 0; ///< (soma after - soma before) / dt, 1/ms
    double total = 0; ///< conductance sum G, 1/ms
    bool known = false; ///< false: no step was done yet, or there is no such neuron (inputs have no
                        ///< membrane)
};
MembraneBalance membraneTerms(const LaneFrame&, const NeuronRef&);

/// One synapse's part of a dendritic potential: weight times the rate that arrived in the last
/// step. The frame holds the weights after the step, so parts differ from the totals by the step's
/// weight change.
struct Contribution {
    NeuronRef from;
    double weight = 0;
    double rate = 0;
    double value = 0; ///< weight * rate
};

/// The apical potential of a hidden pyramidal neuron, taken apart.
struct ApicalBalance {
    double topdown = 0; ///< W_down r of the next layer
    double lateral = 0; ///< W_pi r of the interneurons
    double residual = 0; ///< their sum, v_A
    std::vector<Contribution> synapses; ///< largest first; empty if the frame carries no weights
    bool known = false; ///< false: not a hidden layer, or no such neuron
};
ApicalBalance apicalBalance(const LaneFrame&, int layer, int index);

/// Synapses onto the basal dendrite (pyramidal) or the dendrite (interneuron), largest first. The
/// bias, where on, is not a synapse and left out. Inputs have none.
std::vector<Contribution> dendriteContributions(const LaneFrame&, const NeuronRef&);

/// What the dendrite alone predicts for the soma: g_b v / (g_l + g_b); outputs and interneurons.
double dendriticPrediction(const Parameters&, double dendrite);

struct LoudApical {
    int layer = 1;
    int index = 0;
    double apical = 0, topdown = 0, lateral = 0;
};
/// Hidden apical compartments ranked by |v_A|, at most `count`; ties keep the order of layers and
/// neurons.
std::vector<LoudApical> loudest(const LaneFrame&, int count);

} // namespace apical
