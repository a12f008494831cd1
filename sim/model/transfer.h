// The transfer function of one neuron, written plainly. The kernels' vector version is tested
// against it.
#pragma once

#include "sim/experiment/parameters.h"

namespace apical {

/// Rate phi(v) of a potential (both dimensionless). Softplus: gamma log(1 + exp(beta (v - theta))),
/// 0 for v <= -15 and v itself for v >= 15 (Gille, Eq. 2.2); logistic: gamma / (1 + exp(-beta (v -
/// theta))).
double transfer(const Parameters&, double v);

/// Its derivative d phi / d v.
double transferSlope(const Parameters&, double v);

} // namespace apical
