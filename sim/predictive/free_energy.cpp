#include "sim/predictive/free_energy.h"

#include "sim/predictive/predictive.h"

#include <cmath>
#include <numbers>

namespace apical {

bool hasDensity(const Parameters& p, int layers)
{
    const auto& own = p.family<PredictiveParameters>();
    return own.schedule != inference_schedule::fixed_prediction
        && (!own.entropy() || layerValue(own.precision, layers - 1) == 1);
}

FreeEnergy freeEnergyAt(const InferenceTrace& trace, int t, const Parameters& parameters)
{
    FreeEnergy free;
    const auto layers = static_cast<int>(trace.layers.size());
    if (layers == 0 || !hasDensity(parameters, layers))
        return free;
    const auto& own = parameters.family<PredictiveParameters>();
    for (int l = 1; l <= layers; ++l) {
        const InferenceTrace::Layer& layer = trace.layers[static_cast<std::size_t>(l - 1)];
        free.energy.push_back(layer.energy.at(static_cast<std::size_t>(t)));
        const bool choice = own.entropy() && l == layers;
        const double each = std::log(2 * std::numbers::pi / layerValue(own.precision, l - 1)) / 2;
        free.constant.push_back(choice ? 0 : layer.value.cols * each);
    }
    return free;
}

} // namespace apical
