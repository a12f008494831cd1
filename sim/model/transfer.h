// The transfer function of one neuron, written plainly. The kernels' vector version is tested
// against it.
#pragma once

namespace apical {

namespace phi_kind {
enum : int { softplus, logistic, tanh, relu, hard_sigmoid };
}

/// Transfer function phi in precision T: a kind and its constants.
template <class T> struct Transfer {
    int kind = phi_kind::softplus;
    T gamma = 1, beta = 1, theta = 0;
};

/// Rate phi(v) of a potential (both dimensionless), with z = beta (v - theta). Softplus: gamma
/// log(1
/// + exp(z)), 0 for v <= -15 and v itself for v >= 15 (Gille, Eq. 2.2); logistic: gamma / (1 +
/// exp(-z)); tanh: gamma tanh(z); relu: gamma max(0, z); hard-sigmoid: gamma min(1, max(0, z)).
double transfer(const Transfer<double>&, double v);

/// Its derivative d phi / d v; at a corner of relu or hard-sigmoid the one of the flat side, 0.
double transferSlope(const Transfer<double>&, double v);

} // namespace apical
