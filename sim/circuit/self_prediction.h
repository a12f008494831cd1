// The self-prediction errors and the analytic fixed point: functions of state and weights.
#pragma once

#include "sim/circuit/circuit_weights.h"
#include "sim/model/model.h"

#include <array>
#include <limits>
#include <span>
#include <vector>

namespace apical {

/// Errors of one hidden layer. The first five are columns of metrics.csv.
struct SelfPredictionErrors {
    double feedforwardWeight = 0; ///< mean squared W_ip - rho W_up of the next layer
    double feedbackWeight = 0; ///< mean squared W_pi + W_down
    double apical = 0; ///< Euclidean norm of the apical potentials
    double interneuron = 0; ///< mean squared phi(u_inn) - phi(u_pyr next), broadcast potentials
    /// Distance to the analytic fixed point, ||W - W*|| / ||W*||, both lateral pathways together.
    double fixedPointDistance = 0;
    /// The same of each pathway, ||W_ip - W_ip*|| / ||W_ip*|| and ||W_pi - W_pi*|| / ||W_pi*||:
    /// 0.01 is 1 % off, whatever the weights started from. Where the target is 0, the distance
    /// itself.
    double feedforwardDistance = 0, feedbackDistance = 0;
    bool operator==(const SelfPredictionErrors&) const = default;
};

inline constexpr double kApicalGoal = 2e-2;
inline constexpr double kInterneuronGoal = 2e-4;
inline constexpr double kWeightGoal = 0.1; ///< of the size of the target weights

/// The errors as measures of the circuit, in the order of its anatomy and of metrics.csv.
struct SelfPredictionMeasure {
    const char* name; ///< "apical_error"
    const char* label;
    double SelfPredictionErrors::*value;
    double goal;
    bool recorded = true;
};
inline constexpr double kNoGoal = std::numeric_limits<double>::quiet_NaN();
inline constexpr std::array<SelfPredictionMeasure, 7> kSelfPredictionMeasures{{
    {"feedforward_weight_error", "feedforward weights", &SelfPredictionErrors::feedforwardWeight,
        kNoGoal},
    {"feedback_weight_error", "feedback weights", &SelfPredictionErrors::feedbackWeight, kNoGoal},
    {"apical_error", "apical error", &SelfPredictionErrors::apical, kApicalGoal},
    {"interneuron_error", "interneuron error", &SelfPredictionErrors::interneuron,
        kInterneuronGoal},
    {"fixed_point_distance", "distance", &SelfPredictionErrors::fixedPointDistance, kNoGoal},
    {"feedforward_weight_distance", "feedforward weights off",
        &SelfPredictionErrors::feedforwardDistance, kWeightGoal, false},
    {"feedback_weight_distance", "feedback weights off", &SelfPredictionErrors::feedbackDistance,
        kWeightGoal, false},
}};

/// Key of the jump to the fixed point.
inline constexpr const char* kSelfPredictingAction = "self_predicting";

/// rho_l = g_b / (g_l + g_b + g_a') * (g_l + g_d) / g_d, g_a' = 0 towards the output layer, else
/// g_a. With it the interneuron settles where its sister does.
/// @param hidden 1-based hidden layer @param targetLayers hidden + output
double selfPredictingScale(const Parameters&, int hidden, int targetLayers);

/// The self-predicting weights of hidden layer `hidden`: W_pi* = -W_down, W_ip* = rho W_up of the
/// next layer.
LayerWeights selfPredictingWeights(const Parameters&, const LayerWeights& own,
    const LayerWeights& next, int hidden, int targetLayers);

/// One entry per hidden layer. Allocates; not for the step loop.
std::vector<SelfPredictionErrors> selfPredictionErrors(const Model&);
/// From the values of the measures, as a frame holds them.
std::vector<SelfPredictionErrors> selfPredictionErrors(std::span<const double> measures);
/// The measures of a circuit. @param out kSelfPredictionMeasures per hidden layer
void measureSelfPrediction(const Model&, std::span<double> out);

/// Sets the lateral weights of all hidden layers to their fixed point.
void jumpToSelfPrediction(Model&);

} // namespace apical
