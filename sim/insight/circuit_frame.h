// A frame as a rate microcircuit: its layers by the names of the field. It refers to the frame.
#pragma once

#include "sim/circuit/self_prediction.h"
#include "sim/live/frame.h"

#include <span>
#include <vector>

namespace apical {

/// Layer l = 1..N. Hidden layers have everything; the output layer has no apical part and no
/// interneurons (empty). Dendrites are those computed in the last step, somata and rates the ones
/// after it.
struct CircuitLayerFrame {
    std::span<const double> basal, apical, apicalTopdown, apicalLateral, soma, prospective,
        rate; ///< N_l
    std::span<const double> innDendrite, innSoma, innProspective, innRate; ///< N_(l+1)
    /// Somata and rates *before* the last step: what its dendrites and du/dt came from.
    struct Before {
        std::span<const double> soma, rate, innSoma, innRate;
        /// Where somata follow the dendrites of the step before; else empty: those of the step.
        std::span<const double> basal, apical, innDendrite;
        std::span<const double> broadcast; ///< prospective (LE) or soma
    };
    Before before;
    /// After the last step; empty where there are none, or they were not asked for.
    const Matrix *up = nullptr, *down = nullptr, *ip = nullptr, *pi = nullptr;
};

struct CircuitFrame {
    explicit CircuitFrame(const LaneFrame&);

    std::span<const double> input; ///< filtered input used in the last step
    std::span<const double> target; ///< target used in the last step
    std::vector<CircuitLayerFrame> layers; ///< layers[l-1]; empty if it is no microcircuit
};

/// Whether the anatomy is that of a microcircuit: it has pyramidal neurons.
bool isCircuit(const Anatomy&);

/// Per hidden layer; empty for other models.
std::vector<SelfPredictionErrors> circuitErrors(const LaneFrame&);

} // namespace apical
