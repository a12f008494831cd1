// What a rate microcircuit is made of; both of its implementations read by this one list.
#pragma once

#include "sim/experiment/parameters.h"
#include "sim/model/anatomy.h"

#include <vector>

namespace apical {

enum class CircuitQuantity {
    InputRate,
    InputPotential,
    Basal,
    Apical,
    Distal,
    TopDown,
    Lateral,
    Soma,
    Prospective,
    Rate,
    BasalError,
    DistalError,
    InnDendrite,
    InnSoma,
    InnProspective,
    InnRate,
    InnError,
    Target,
    Nudged
};

/// Kinds of its populations.
inline constexpr const char* kPyramidalKind = "pyramidal";
inline constexpr const char* kInterneuronKind = "interneuron";

enum class CircuitProjection { Up, Down, Ip, Pi };

struct CircuitAnatomy {
    Anatomy anatomy;
    std::vector<CircuitQuantity> quantities; ///< what each of anatomy.quantities is
    std::vector<CircuitProjection> pathways; ///< what each of anatomy.projections is

    /// Layer of a quantity or projection: 0 = input, 1..N, N + 1 = target.
    int layerOf(int quantity) const;
    int layerOfProjection(int projection) const;
    int answer(const Parameters&) const; ///< index of the quantity that readout.quantity names
};

/// @param sizes input, hidden..., output @param bias whether W_up and W_ip have a bias column
CircuitAnatomy circuitAnatomy(const std::vector<int>& sizes, bool bias);

} // namespace apical
