// Predictive coding in a linear net has a closed form. With A_l = W_N ... W_(l+1), A_N = 1:
//   S = sum_l A_l A_l^T / pi_l,   F* = 1/2 r^T S^-1 r of the residual r = y - answer
// and inference by steps of gamma is monotone if gamma < 2 / lambda_max of the curvature of the
// energy in the hidden values: blocks pi_l 1 + pi_(l+1) W_(l+1)^T W_(l+1), beside them
// -pi_(l+1) W_(l+1).
#pragma once

#include "sim/model/batch.h"

#include <vector>

namespace apical {

/// @param weights W_1..W_N without biases, with normalisation fused
/// @param precision pi_1..pi_N
Batch<double> equilibriumCovariance(
    const std::vector<Batch<double>>& weights, const std::vector<double>& precision); ///< S
/// F*, summed over the columns of residuals.
double equilibriumEnergy(const Batch<double>& covariance, const Batch<double>& residuals);
/// 2 / lambda_max; there are at least two layers.
double inferenceRateLimit(
    const std::vector<Batch<double>>& weights, const std::vector<double>& precision);

} // namespace apical
