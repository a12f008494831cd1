// Layers of units with weights between them. With a_0 the input, for l = 1..N:
//   z_l = W_l a_(l-1) + b_l     a_l = f_l(z_l), with batch normalisation f_l(y_l) of hidden layers
// The loss of a sample is 1/2 |y - a_N|^2 or, for the softmax of linear outputs, the cross-entropy
// -sum y log softmax(z_N) (the y of a sample add up to 1).
//   delta_N = (a_N - y) f'(z_N)   or   softmax(z_N) - y
//   delta_l = f'(z_l) * (W_(l+1)^T delta_(l+1))
//   gradient of the batch mean: delta_l a_(l-1)^T / B, with a row of ones below a_(l-1) for b_l
// What the models of nets share: they decide when it is shown, when it learns and from what.
// References: Rumelhart et al. (1986); He et al. (2015)
#pragma once

#include "sim/experiment/experiment.h"
#include "sim/model/activation.h"
#include "sim/model/optimizer.h"
#include "sim/network/batch_norm.h"
#include "sim/network/network_parameters.h"
#include "sim/network/product.h"

#include <cstdint>
#include <span>
#include <vector>

namespace apical {

/// In double or float. All memory is allocated at construction.
template <class Scalar> class Net {
public:
    struct Layer {
        Batch<Scalar> rates; ///< (N_l + 1) x B: a_l over a row of ones
        Batch<Scalar> z, delta; ///< N_l x B; empty in the input layer, as all below
        Batch<Scalar> weights, gradient; ///< N_l x (N_(l-1) + 1), b_l as last column
        Batch<Scalar> down, direct; ///< N_l x N_(l+1) and N_l x N_out; of hidden layers, if added
        Batch<Scalar> before; ///< weights as they were before the last update, if kept
        OptimizerState<Scalar> optimizer; ///< of the weights
        BatchNorm<Scalar> norm; ///< of hidden layers, with norm.kind = batch

        /// What the activation is applied to.
        const Batch<Scalar>& felt() const { return norm.present() ? norm.value : z; }
        auto sent() { return rates.topRows(rates.rows() - 1); } ///< a_l
        auto sent() const { return rates.topRows(rates.rows() - 1); }
    };
    /// How batch normalisation works in a forward pass. Fused: as W', b'.
    enum class Pass { Learning, Running, Fused };

    Net(const std::vector<int>& sizes, const Parameters&);
    /// Room for feedback weights of hidden layers; start() draws them.
    void addDown();
    void addDirect();
    void keepBefore(); ///< room for weights of before; they start as the weights
    /// W_l ~ N(0, 2 / N_(l-1)) or as the experiment says, feedback ~ N(0, 2 / N_l), from seed and
    /// layer alone. What is given is set over it by the model.
    void start(const Experiment&);
    /// @throws InputError for cross-entropy of outputs that are not linear; nothing changed then
    void setParameters(const Parameters&);
    const NetworkParameters& parameters() const
    {
        return *m_parameters.familyIf<NetworkParameters>();
    }

    /// @param input, target [unit][sample]
    void show(std::span<const double> input, std::span<const double> target);
    void forward(Pass);
    /// From z_l on: normalisation and activation of one layer.
    void activateLayer(std::size_t l, Pass);
    /// Mean loss of the batch of what forward() left.
    void computeLoss();
    void computeOutputDelta(); ///< delta_N
    /// Deltas below the output by transposed weights, and gradients.
    void backward()
    {
        backward([this](std::size_t l) {
            transposedTimes(
                layers[l].delta, layers[l + 1].weights, layers[l + 1].delta, layers[l].z.rows());
        });
    }
    /// @param carry writes what comes down to hidden layer l into its delta
    template <class Carry> void backward(const Carry& carry)
    {
        for (std::size_t l = layers.size() - 1; l >= 1; --l) {
            Layer& layer = layers[l];
            if (l + 1 < layers.size()) {
                carry(l);
                multiplyBySlope<Scalar>(hidden, layer.felt(), layer.sent(), layer.delta);
                if (layer.norm.present())
                    layer.norm.backward(layer.delta);
            }
            takeGradient(l);
        }
    }
    void takeGradient(std::size_t l); ///< from delta_l and what layer l was sent
    /// Whether a batch that is learned from changes the weights.
    bool changes() const { return parameters().learningOn && !parameters().lockUp; }
    void beginUpdate(std::uint64_t epoch); ///< counts one step of the optimizer
    /// A step along the layer's gradients. @param keep the weights of before move to `before`
    void update(Layer&, bool keep = false);

    bool entropy() const { return parameters().entropy(); }
    double loss(std::span<const double> answer, std::span<const double> wanted) const;
    std::span<Layer> above() { return std::span(layers).subspan(1); } ///< layers 1..N
    std::span<const Layer> above() const { return std::span(layers).subspan(1); }

    std::vector<Layer> layers; ///< 0..N
    Batch<Scalar> target, meanLoss = Batch<Scalar>::Zero(1, 1);
    Activation hidden, output;
    std::vector<double> memory{-1, 0}; ///< kind of optimizer, its steps

private:
    Parameters m_parameters;
    Optimizer m_optimizer;
    bool m_biasLearns = true;
};

extern template class Net<float>;
extern template class Net<double>;

} // namespace apical
