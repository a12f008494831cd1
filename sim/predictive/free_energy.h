// The energy of predictive coding as what it is the variational free energy of. A net that predicts
// is a chain of Gaussian variables,
//   p(x_1..x_N | x_0) = prod_l N(x_l; mu_l(x_(l-1)), I / pi_l)
// and where all belief stands on one value of each node (a Dirac posterior, whose entropy, a
// constant without bound, is dropped),
//   F + const = -ln p(x_1..x_N | x_0),   const = sum_l n_l / 2 (ln 2 pi - ln pi_l)   per sample
// with x_N = y while there is a target. A softmax at the output is a choice among classes, -ln p of
// which is the cross-entropy as it is; then its layer has no constant, and pi_N must be 1.
// References: Friston (2005); Bogacz (2017)
#pragma once

#include "sim/predictive/inference_trace.h"

#include <cstddef>
#include <numeric>
#include <vector>

namespace apical {

/// Of one sample and one read.
struct FreeEnergy {
    std::vector<double> energy, constant; ///< of layers 1..N, nat; empty: there is no density
    double f() const { return std::accumulate(energy.begin(), energy.end(), 0.0); }
    double constants() const { return std::accumulate(constant.begin(), constant.end(), 0.0); }
    double minusLogDensity() const { return f() + constants(); }
    bool exists() const { return !energy.empty(); }
};

/// Whether F of an inference with these parameters is -ln p but for a constant: predictions follow
/// the values, and a softmax has precision 1. @throws std::bad_any_cast for another family
bool hasDensity(const Parameters&, int layers);

/// @param t a read there is @param parameters the trace was made with
FreeEnergy freeEnergyAt(const InferenceTrace&, int t, const Parameters& parameters);

} // namespace apical
