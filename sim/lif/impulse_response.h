// What a synapse makes of one spike, and what it should make of it.
#pragma once

#include <vector>

namespace apical {

/// Of area 1, values in 1/ms. A spike is an input of 1/dt that is held for the first step.
struct ImpulseResponse {
    std::vector<double> time; ///< ms after the start of that step: ends of steps
    std::vector<double> made; ///< by the filter of the engine
    std::vector<double> closed; ///< exp(-t / tau) / tau, or t / tau^2 exp(-t / tau)
    double area =
        0; ///< sum of what was made times dt, over all that matters, not only what is kept
    double sampledArea = 0; ///< the same of the closed form at the same times
};

/// @param dt, tau ms; tau = 0: the spike itself comes through @param order 1: exponential, 2: alpha
/// @param keptMs how much of it is kept
ImpulseResponse impulseResponse(double dt, double tau, int order, double keptMs);

} // namespace apical
