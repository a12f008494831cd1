// How many spikes an encoder should send: the distribution of counts over some steps.
#pragma once

#include "sim/lif/lif_parameters.h"

#include <cstddef>
#include <vector>

namespace apical {

/// Of one input x over W steps, all M trains together, in the mean W M x dt / t_ref spikes.
///   poisson     Pois(W M lambda), lambda = x dt / t_ref; variance = mean
///   bernoulli   Bin(W M, p), p = min(1, lambda); variance = mean (1 - p)
///   periodic    all trains alike, each floor or ceil of W lambda, whichever phase is met
///   current     no spikes at all
struct CountDistribution {
    double mean = 0, variance = 0;
    std::vector<double> shares; ///< of n = 0, 1, ... spikes, until what is left does not matter

    double share(std::size_t spikes) const { return spikes < shares.size() ? shares[spikes] : 0; }
    /// Of two spikes or more.
    double several() const { return 1 - share(0) - share(1); }
};

/// @param input x; negative ones send nothing @param steps W, at least 1
CountDistribution countDistribution(
    const SpikeFields&, double tRef, double dt, double input, int steps);

/// The same of counts that were seen.
struct CountsSeen {
    std::size_t windows = 0;
    double mean = 0, variance = 0; ///< variance unbiased; 0 with less than two windows
    std::vector<double> shares;
    double several() const;
};

/// @param spikes in each step, oldest first; a window at the start that is not complete is left out
CountsSeen countsSeen(const std::vector<double>& spikes, int steps);

} // namespace apical
