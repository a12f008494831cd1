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
#include "sim/experiment/parameters.h"
#include "sim/model/anatomy.h"
#include "sim/model/exact_gradient.h"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace apical {

struct Parameters;

/// One forward and backward pass at a time; layers are numbered 1..N as everywhere. All memory is
/// allocated at construction.
class Backprop final : public ExactGradient {
public:
    /// @param sizes input, hidden..., output @param bias weights have one more column, last
    /// @param apical index of the apical potential of each layer, -1 where there is none
    Backprop(const std::vector<int>& sizes, bool bias, std::vector<int> apical = {});

    /// @param up W_up of layers 1..N, N_l x N_(l-1) (+1 with bias)
    /// @param input rates, N_in @param target potentials, N_out
    void compute(const Parameters&, std::span<const Matrix> up, std::span<const double> input,
        std::span<const double> target) override;

    double loss() const { return m_loss; } ///< 1/2 |T - u_N|^2
    const std::vector<double>& potential(int layer) const { return at(layer).potential; } ///< u_l
    const std::vector<double>& delta(int layer) const override
    {
        return at(layer).delta;
    } ///< dL/du_l
    const Matrix& gradient(int layer) const override { return at(layer).gradient; } ///< dL/dW_up,l

    int errorQuantity(int layer) const override
    {
        const auto l = static_cast<std::size_t>(layer - 1);
        return l < m_apical.size() ? m_apical[l] : -1;
    }

private:
    struct Layer {
        std::vector<double> below; ///< r_(l-1), with the bias rate
        std::vector<double> potential, delta;
        Matrix gradient;
    };
    const Layer& at(int layer) const { return m_layers[static_cast<std::size_t>(layer - 1)]; }

    std::vector<Layer> m_layers;
    bool m_bias;
    std::vector<int> m_apical;
    double m_loss = 0;
};

/// Of a circuit of these sizes.
std::unique_ptr<ExactGradient> circuitBackprop(
    const Anatomy&, const std::vector<int>& sizes, const Parameters&);

} // namespace apical
