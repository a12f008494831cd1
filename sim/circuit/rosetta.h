// One error in three languages: what a microcircuit's dendrites carry, what predictive coding would
// find at rest, and what backpropagation would send, in the same feed-forward network.
//
// The circuit sends rates down, so its output error is one of rates: e_N = phi(T) - phi(u_N). That
// is minus the derivative in u_N of the matching loss, the integral of phi(u) - phi(T) du from T to
// u_N, and not of 1/2 |T - u_N|^2. With u_l = lambda_l W_l r_(l-1) as in backprop.h:
//   backprop            e_l = phi'(u_l) * (W_(l+1)^T lambda_(l+1) e_(l+1))
//   predictive coding   F = sum_l 1/2 |x_l - mu_l|^2 + pi_N (matching loss of mu_N),
//                       mu_l = lambda_l W_l phi(x_(l-1)), e_l = x_l - mu_l, e_N = pi_N (phi(T) -
//                       phi(mu_N)); at rest e_l = phi'(x_l) * (W_(l+1)^T lambda_(l+1) e_(l+1))
//
// References: Whittington, Bogacz (2017); Sacramento, Costa, Bengio, Senn (2018), supplement.
#pragma once

#include "sim/circuit/backprop.h"
#include "sim/model/transfer.h"

namespace apical {

/// Layers are numbered 1..N. All memory is allocated at construction.
class Rosetta {
public:
    /// @param sizes input, hidden..., output @param bias weights have one more column, last
    Rosetta(const std::vector<int>& sizes, bool bias);

    /// @param up W_up of layers 1..N @param input rates, N_in @param target potentials, N_out
    /// @param precision pi_N: the smaller, the closer predictive coding comes to backpropagation
    void compute(const Parameters&, std::span<const Matrix> up, std::span<const double> input,
        std::span<const double> target, double precision = 1);

    /// e_l of backpropagation, N_l: minus the delta of the matching loss.
    const std::vector<double>& backprop(int layer) const { return at(layer).backprop; }
    /// e_l of predictive coding at rest, N_l.
    const std::vector<double>& predictive(int layer) const { return at(layer).predictive; }
    int moves() const { return m_moves; } ///< of the value nodes until they came to rest
    bool settled() const { return m_settled; } ///< false: they did not within kMostMoves

    static constexpr int kMostMoves = 20'000;

private:
    struct Layer {
        std::vector<double> below; ///< phi(x_(l-1)), or the input; with the bias rate
        std::vector<double> value, prediction; ///< x_l, mu_l
        std::vector<double> backprop, predictive;
        std::vector<double> change; ///< of x_l in one move
    };
    Layer& at(int layer) { return m_layers[static_cast<std::size_t>(layer - 1)]; }
    const Layer& at(int layer) const { return m_layers[static_cast<std::size_t>(layer - 1)]; }
    void predict(int layer, const Matrix& up);
    void sendDown(int layer, const Matrix& up, const std::vector<double>& error,
        std::vector<double>& lower) const;
    void settle(std::span<const Matrix> up, double precision);

    std::vector<Layer> m_layers;
    std::vector<double> m_target; ///< phi(T)
    std::vector<double> m_lambda; ///< per target layer
    Transfer<double> m_transfer;
    bool m_bias;
    int m_moves = 0;
    bool m_settled = false;
};

/// circuitBackprop() with the comparison: of the quantity `compared` per target layer, -1 where
/// there is none.
std::unique_ptr<ExactGradient> circuitComparison(
    const std::vector<int>& sizes, bool bias, std::vector<int> apical, std::vector<int> compared);

} // namespace apical
