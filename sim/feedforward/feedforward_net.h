// A feed-forward net and three ways to carry its error back. With a_0 the input, for l = 1..N:
//   z_l = W_l a_(l-1) + b_l     a_l = f_l(z_l)
// The loss of a sample is 1/2 |y - a_N|^2 or, for the softmax of a linear output, the cross-entropy
// -sum y log softmax(z_N) (the y of a sample add up to 1).
//   delta_N = (a_N - y) f'(z_N)   or   softmax(z_N) - y
//   delta_l = f'(z_l) * (W_(l+1)^T delta_(l+1))    backprop
//             f'(z_l) * (F_l delta_(l+1))          feedback alignment
//             f'(z_l) * (D_l delta_N)              direct feedback alignment
//   gradient of the batch mean: delta_l a_(l-1)^T / B, with a row of ones below a_(l-1) for b_l
//
// References: Rumelhart et al. (1986); Lillicrap et al. (2016); Nokland (2016); He et al. (2015)
#pragma once

#include "sim/feedforward/activation.h"
#include "sim/feedforward/optimizer.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace apical {

/// What may change between two batches.
struct FeedforwardSettings {
    enum class Loss { SquaredError, CrossEntropy };
    enum class Rule { Backprop, FeedbackAlignment, DirectFeedbackAlignment };
    Activation hidden{.kind = Activation::Kind::Relu};
    Activation output{}; ///< linear with cross-entropy
    Loss loss = Loss::SquaredError;
    Rule rule = Rule::Backprop;
    Optimizer optimizer{};
    bool bias = true; ///< false: update() leaves the biases as they are
};

/// Samples are columns. A pass allocates only when there are more or fewer samples than before. A
/// copy is a saved state.
template <class Scalar> class FeedforwardNet {
public:
    struct Layer {
        Batch<Scalar> rates; ///< (N_l + 1) x B: a_l over a row of ones
        Batch<Scalar> z, delta; ///< N_l x B; empty in the input layer, as all below
        Batch<Scalar> weights; ///< N_l x (N_(l-1) + 1): W_l, b_l as last column
        Batch<Scalar> gradient; ///< of the batch mean, as large as the weights
        Batch<Scalar> down, direct; ///< F_l, N_l x N_(l+1), and D_l, N_l x N_out; hidden layers
        OptimizerState<Scalar> optimizer;
        auto activation() const { return rates.topRows(rates.rows() - 1); } ///< a_l, N_l x B
    };

    /// All weights are 0. @param sizes input, hidden..., output: at least two, each at least 1
    explicit FeedforwardNet(const std::vector<int>& sizes);

    /// Draws W_l ~ N(0, 2 / N_(l-1)), F_l and D_l ~ N(0, 2 / N_l) from seed and layer alone, and
    /// forgets what the optimizer remembers. Output biases are 0.
    void start(std::uint64_t seed, double hiddenBias);

    /// z and activations of all layers. @param input N_in x B
    void forward(const FeedforwardSettings&, BatchIn<Scalar> input);
    /// Mean loss over the samples of the last forward(). @param target N_out x B
    double loss(const FeedforwardSettings&, BatchIn<Scalar> target) const;
    /// delta and gradient of all layers, after forward().
    void backward(const FeedforwardSettings&, BatchIn<Scalar> target);
    /// One step of the optimizer along the gradients.
    void update(const FeedforwardSettings&);

    int layers() const { return static_cast<int>(m_layers.size()) - 1; } ///< N
    Layer& layer(int l) { return m_layers[static_cast<std::size_t>(l)]; } ///< 0 (input) .. N
    const Layer& layer(int l) const { return m_layers[static_cast<std::size_t>(l)]; }

private:
    std::vector<Layer> m_layers;
};

extern template class FeedforwardNet<float>;
extern template class FeedforwardNet<double>;

} // namespace apical
