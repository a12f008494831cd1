// The way of a potential between the steps: up to the threshold where a spike lies, down, and
// silence until the refractory period is over.
#pragma once

#include "sim/lif/lif_parameters.h"

#include <span>
#include <vector>

namespace apical {

/// Times in ms of the run.
struct MembranePath {
    struct Silence {
        double begin = 0, end = 0;
    };
    std::vector<double> time, voltage; ///< corners, ascending; a jump has two at the same time
    std::vector<double> spikes; ///< where the threshold was passed: between steps if `exact`
    std::vector<Silence> silences; ///< one per spike, of known length
};

/// A step that sent a spike at ts passes (ts, V) and (ts, 0). Of `exact` the neuron is silent until
/// ts + t_ref, or the end of its step if that is later; of `grid` and `euler` for round(t_ref / dt)
/// whole steps after that of the spike. Within a step the potential is drawn straight.
/// @param endMs end of the last step @param voltage after each step @param spikes sent in each
/// @param spikeTime of these, ms from the start of the step
MembranePath membranePath(const LifParameters&, double dt, double endMs,
    std::span<const double> voltage, std::span<const double> spikes,
    std::span<const double> spikeTime);

} // namespace apical
