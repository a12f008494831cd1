// What all networks of units are made of, for their anatomies: populations, shared quantities,
// weights.
#pragma once

#include "sim/model/anatomy.h"
#include "sim/network/network_parameters.h"

#include <string>
#include <vector>

namespace apical {

/// Populations input, layer1.. of these sizes, with normalisation of hidden layers then "norm"; a
/// batch of samples, time in iterations; the quantity input.rate.
Anatomy networkAnatomy(const std::vector<int>& sizes, const NetworkParameters&);

/// What normalisation has of each unit, as columns of W_norm and keys of files.
inline constexpr const char* kNormColumns[]{"gain", "shift", "mean", "var"};
/// The kind of the population that stands for these columns.
inline constexpr const char* kNormKind = "norm";

/// What people call layerL.z.
inline constexpr const char* kPreActivationLabel = "pre-activation";

inline std::string layerName(int l)
{
    return "layer" + std::to_string(l);
}

/// A quantity of a population. Of a net it is watched: always in the history of a window.
void addQuantity(Anatomy&, const std::string& name, int population,
    Anatomy::Form = Anatomy::Form::Level, bool perSample = true);

/// layerL.W_up and G_up: weights from the layer below with the bias as last column, and a gradient
/// as large.
void addForward(Anatomy&, int layer);
/// layerL.PATHWAY of a hidden layer, from another population, without bias.
void addFeedback(Anatomy&, int layer, const char* pathway, int from);
/// layerL.W_norm of a hidden layer, from the population `norm`, see kNormColumns.
void addNormWeights(Anatomy&, int layer, int norm);
/// layerL.W_fused, to look at, and norm, norm_mean, norm_var, norm_running_mean, norm_running_var,
/// G_gain, G_shift.
void addNormQuantities(Anatomy&, int layer);
/// The populations "target" and "loss" with their quantities; last of all.
void addTargetAndLoss(Anatomy&);

} // namespace apical
