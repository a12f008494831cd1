// Predictive coding whose predictions and errors are spikes, as a row of the model table.
#pragma once

#include "sim/lif/lif_parameters.h"
#include "sim/model/model.h"
#include "sim/network/network_parameters.h"

#include <memory>
#include <vector>

namespace apical {

namespace feedback_kind {
enum : int { transpose, fixed, kolen_pollack };
}

/// What only this model has; ms and dimensionless. Defaults stand in the rows.
struct SpikingPredictiveParameters : NetworkParameters, SpikeFields {
    using Extends = NetworkParameters;

    double phaseA = 0, phaseB = 0, window = 0; ///< spc.t_a, t_b, t_w
    double tauX = 0, quantum = 0; ///< spc.tau_x, quantum
    bool dither = true, strict = false;
    int feedback = feedback_kind::transpose;
    double feedbackDecay = 0; ///< feedback.decay

    bool operator==(const SpikingPredictiveParameters&) const = default;
};

const ParameterTable& spikingPredictiveParameterTable();
Anatomy spikingPredictiveAnatomy(const std::vector<int>& sizes, const Parameters&);
/// @throws InputError for activations other than LIF and linear, and a window behind phase B
void checkSpikingPredictive(const Parameters&);
/// Both phases while it is learned from, else the first.
int spikingPredictiveSteps(const std::vector<int>& sizes, const Parameters&, bool training);
std::unique_ptr<Model> makeSpikingPredictive(const Experiment&, const Parameters&);

} // namespace apical
