// The self-prediction errors and the analytic fixed point: functions of state and weights.
#pragma once

#include "sim/experiment/experiment.h"
#include "sim/model/model.h"

#include <vector>

namespace apical {

/// Errors of one hidden layer (the columns of metrics.csv).
struct SelfPredictionErrors {
    double feedforwardWeight = 0; ///< mean squared W_ip - rho W_up of the next layer
    double feedbackWeight = 0; ///< mean squared W_pi + W_down
    double apical = 0; ///< Euclidean norm of the apical potentials
    double interneuron = 0; ///< mean squared phi(u_inn) - phi(u_pyr next), broadcast potentials
    /// Distance to the analytic fixed point, ||W - W*|| / ||W*||, both lateral pathways together.
    double fixedPointDistance = 0;
    bool operator==(const SelfPredictionErrors&) const = default;
};

/// rho_l = g_b / (g_l + g_b + g_a') * (g_l + g_d) / g_d, g_a' = 0 towards the output layer, else
/// g_a. With it the interneuron settles where its sister does.
/// @param hidden 1-based hidden layer @param targetLayers hidden + output
double selfPredictingScale(const Parameters&, int hidden, int targetLayers);

/// The self-predicting weights of hidden layer `hidden`: W_pi* = -W_down, W_ip* = rho W_up of the
/// next layer.
LayerWeights selfPredictingWeights(const Parameters&, const LayerWeights& own,
    const LayerWeights& next, int hidden, int targetLayers);

/// One entry per hidden layer. Allocates; not for the step loop.
std::vector<SelfPredictionErrors> selfPredictionErrors(
    const Model&, const std::vector<int>& layers);

} // namespace apical
