// Backpropagation in the network that the microcircuit stands for: what its local plasticity is
// measured against.
//
// With silent apical dendrites and without a target, a settled circuit is a feedforward network:
//   u_l = lambda_l W_up,l r_(l-1)     r_l = phi(u_l)     r_0 = x (no phi; the bias rate appended)
//   lambda = g_b / (g_l + g_b + g_a) in hidden layers, g_b / (g_l + g_b) in the output layer
// Its loss is L = 1/2 |T - u_N|^2, since targets are potentials. Exact gradients, by the chain
// rule:
//   delta_N = u_N - T     delta_l = phi'(u_l) * (W_up,(l+1)^T lambda_(l+1) delta_(l+1))
//   dL/dW_up,l = lambda_l delta_l x r_(l-1)
//
// References: Rumelhart, Hinton, Williams (1986); Sacramento, Costa, Bengio, Senn (2018),
// supplement (the limit in which the circuit follows this gradient).
#pragma once

#include "sim/base/matrix.h"

#include <cstddef>
#include <span>
#include <vector>

namespace apical {

struct Parameters;

/// One forward and backward pass at a time; layers are numbered 1..N as everywhere. All memory is
/// allocated at construction.
class Backprop {
public:
    /// @param sizes input, hidden..., output @param bias weights have one more column, last
    Backprop(const std::vector<int>& sizes, bool bias);

    /// @param up W_up of layers 1..N, N_l x N_(l-1) (+1 with bias)
    /// @param input rates, N_in @param target potentials, N_out
    void compute(const Parameters&, std::span<const Matrix> up, std::span<const double> input,
        std::span<const double> target);

    double loss() const { return m_loss; } ///< 1/2 |T - u_N|^2
    const std::vector<double>& potential(int layer) const { return at(layer).potential; } ///< u_l
    const std::vector<double>& delta(int layer) const { return at(layer).delta; } ///< dL/du_l
    const Matrix& gradient(int layer) const { return at(layer).gradient; } ///< dL/dW_up,l

private:
    struct Layer {
        std::vector<double> below; ///< r_(l-1), with the bias rate
        std::vector<double> potential, delta;
        Matrix gradient;
    };
    const Layer& at(int layer) const { return m_layers[static_cast<std::size_t>(layer - 1)]; }

    std::vector<Layer> m_layers;
    bool m_bias;
    double m_loss = 0;
};

} // namespace apical
