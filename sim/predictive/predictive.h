// Predictive coding, as a row of the model table.
#pragma once

#include "sim/model/model.h"
#include "sim/network/network_parameters.h"

#include <memory>
#include <vector>

namespace apical {

namespace inference_mode {
enum : int { pre, post };
}
namespace inference_schedule {
enum : int { il, zil, fixed_prediction, incremental };
}

/// Reads t at which the change of a layer's weights is worked out: first to last.
struct LearningReads {
    int first = 0, last = 0;
    bool operator==(const LearningReads&) const = default;
};

/// What these nets have beside all networks. A choice is its index among the choices of its row.
struct PredictiveParameters : NetworkParameters {
    using Extends = NetworkParameters;
    int mode = inference_mode::pre;
    int schedule = inference_schedule::il;
    int steps = 20; ///< T, not of zil
    double inferenceRate = 0.1; ///< gamma
    std::vector<double> precision{1.0}; ///< pi_l
    bool halveOnRise = false;
    double startNoise = 0;
    int late = 0; ///< zil.late
    int updates = 0; ///< zil.updates: all, lazy
    int write = 0; ///< zil.write: at-once, at-end
    bool operator==(const PredictiveParameters&) const = default;

    bool zil() const { return schedule == inference_schedule::zil; }
    /// Z-IL by the nodes alone whose turn it is; what is late needs all of them.
    bool lazy() const { return zil() && updates == 1 && late == 0; }
    /// T, the time of the last read. @param layers number of target layers
    int lastRead(int layers) const { return zil() ? layers - 1 + late : steps; }
    /// Of target layer 1..layers: Z-IL from the output down, one layer per read; the others at the
    /// end, or at every read but that.
    LearningReads learningReads(int layer, int layers) const
    {
        if (zil())
            return {layers - layer + late, layers - layer + late};
        if (schedule == inference_schedule::incremental)
            return {0, steps - 1};
        return {steps, steps};
    }
};

const ParameterTable& predictiveParameterTable();
Anatomy predictiveAnatomy(const std::vector<int>& sizes, const Parameters&);
/// T + 1 reads while it is learned from, one forward pass else.
int predictiveSteps(const std::vector<int>& sizes, const Parameters&, bool training);
/// @throws InputError for outputs or statistics that do not go with the rest
void checkPredictive(const Parameters&);
std::unique_ptr<Model> makePredictive(const Experiment&, const Parameters&);

} // namespace apical
