#include "sim/network/net.h"

#include "sim/base/random.h"
#include "sim/network/product_kernel.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace apical {
namespace {

template <class A, class Y> double lossOf(bool entropy, const A& a, const Y& y)
{
    return static_cast<double>(
        entropy ? (y.array() * (logSumExp(a) - a.array())).sum() : (a - y).squaredNorm() / 2);
}

/// OptimizerState::descend(), Adam of many samples by a kernel.
template <class Scalar>
void descend(OptimizerState<Scalar>& state, const Optimizer& o, double t,
    const Batch<Scalar>& gradient, const Batch<Scalar>& from, Batch<Scalar>& to,
    Eigen::Index columns, bool many)
{
    if (!many || o.kind != Optimizer::Kind::Adam)
        return state.descend(o, t, gradient, from, to, columns);
    const auto number = [](double x) { return static_cast<Scalar>(x); };
    const AdamStep<Scalar> step{.beta1 = number(o.beta1),
        .rest1 = number(1 - o.beta1),
        .beta2 = number(o.beta2),
        .rest2 = number(1 - o.beta2),
        .rate = number(o.rate / (1 - std::pow(o.beta1, t))),
        .scale = number(1 / (1 - std::pow(o.beta2, t))),
        .epsilon = number(o.epsilon)};
    netKernels<Scalar>().adam(step, to.rows() * columns, gradient.data(), state.m.data(),
        state.v.data(), from.data(), to.data());
}

} // namespace

template <class Scalar>
Net<Scalar>::Net(const std::vector<int>& sizes, const Parameters& p)
    : layers(sizes.size())
{
    const auto& own = p.family<NetworkParameters>();
    const int batch = own.batchSize;
    for (std::size_t l = 0; l < sizes.size(); ++l) {
        Layer& layer = layers[l];
        layer.rates.setOnes(sizes[l] + 1, batch);
        if (l == 0)
            continue;
        layer.z = layer.delta.setZero(sizes[l], batch);
        layer.weights = layer.gradient.setZero(sizes[l], sizes[l - 1] + 1);
    }
    target.setZero(sizes.back(), batch);
    setParameters(p);
    for (std::size_t l = 1; own.normalizes() && l + 1 < sizes.size(); ++l) {
        layers[l].norm.allocate(sizes[l], batch, sizes[l - 1], hidden.startingBias());
        layers[l].norm.optimizer.start(layers[l].norm.weights);
    }
}

template <class Scalar> void Net<Scalar>::addDown()
{
    for (std::size_t l = 1; l + 1 < layers.size(); ++l)
        layers[l].down.setZero(layers[l].z.rows(), layers[l + 1].z.rows());
}

template <class Scalar> void Net<Scalar>::addDirect()
{
    for (std::size_t l = 1; l + 1 < layers.size(); ++l)
        layers[l].direct.setZero(layers[l].z.rows(), target.rows());
}

template <class Scalar> void Net<Scalar>::keepBefore()
{
    for (Layer& l : above())
        l.before = l.weights;
}

template <class Scalar> void Net<Scalar>::start(const Experiment& e)
{
    // Both kinds of feedback share a stream: no layer has a number this large.
    constexpr std::uint64_t kDirect = std::uint64_t{1} << 32;
    const bool flat = e.weights.init == WeightSpec::Init::Uniform;
    const auto draw = [&](auto&& all, RandomStream stream, std::uint64_t step, double size) {
        std::uint32_t i = 0;
        for (auto row : all.rowwise())
            for (Scalar& w : row)
                w = static_cast<Scalar>(size
                    * (flat ? 2 * uniform(e.seed, stream, step, i++) - 1
                            : normal(e.seed, stream, step, i++)));
    };
    for (std::uint64_t l = 1; l < layers.size(); ++l) {
        Layer& layer = layers[l];
        const Eigen::Index below = layer.weights.cols() - 1;
        draw(layer.weights.leftCols(below), RandomStream::WeightsUp, l - 1,
            flat ? e.weights.rangeUp.at(l - 1) : std::sqrt(2 / static_cast<double>(below)));
        const double back = flat ? e.weights.rangeDown.at(l - 1)
                                 : std::sqrt(2 / static_cast<double>(layer.z.rows()));
        draw(layer.down, RandomStream::WeightsDown, l - 1, back);
        draw(layer.direct, RandomStream::WeightsDown, kDirect + l - 1, back);
        layer.weights.col(below).setConstant(static_cast<Scalar>(
            l + 1 < layers.size() ? e.weights.bias.value_or(hidden.startingBias()) : 0));
    }
}

template <class Scalar> void Net<Scalar>::setParameters(const Parameters& p)
{
    constexpr Activation::Kind outputs[]{
        Activation::Kind::Linear, Activation::Kind::Sigmoid, Activation::Kind::Tanh};
    checkNetwork(p);
    const auto& f = p.family<NetworkParameters>();
    hidden = {
        static_cast<Activation::Kind>(f.hidden), {f.smoothing, f.tauRc, f.tRef, f.threshold, {}}};
    if (f.amplitude != kNone)
        hidden.lif.amplitude = f.amplitude;
    output = {outputs[f.output]};
    m_optimizer = {
        static_cast<Optimizer::Kind>(f.optimizer), f.rate, f.momentum, f.beta1, f.beta2, f.epsilon};
    m_biasLearns = p.biasOn;
    m_parameters = p;
    if (memory[0] == f.optimizer)
        return;
    memory = {static_cast<double>(f.optimizer), 0}; // another one starts anew
    for (Layer& l : above()) {
        l.optimizer.start(l.weights);
        l.norm.optimizer.start(l.norm.weights);
    }
}

template <class Scalar>
void Net<Scalar>::show(std::span<const double> input, std::span<const double> wanted)
{
    const auto take = [this](auto&& to, std::span<const double> from) {
        constexpr Eigen::Index kTogether = 8; // rows: lines of memory are read in their order
        const Eigen::Map<const RowMajor> all(from.data(), to.rows(), target.cols());
        for (Eigen::Index r = 0; r < all.rows(); r += kTogether) {
            const Eigen::Index end = std::min(r + kTogether, all.rows());
            for (Eigen::Index k = 0; k < all.cols(); ++k) {
                for (Eigen::Index i = r; i < end; ++i)
                    to(i, k) = static_cast<Scalar>(all(i, k));
            }
        }
    };
    take(layers[0].sent(), input);
    take(target, wanted);
}

template <class Scalar> void Net<Scalar>::forward(Pass pass)
{
    for (std::size_t l = 1; l < layers.size(); ++l) {
        Layer& layer = layers[l];
        if (layer.norm.present()) {
            layer.norm.remember();
            layer.norm.fuse(parameters().normEpsilon, layer.weights);
        }
        const bool fused = pass == Pass::Fused && layer.norm.present();
        times(layer.z, fused ? layer.norm.fused : layer.weights, layers[l - 1].rates);
        activateLayer(l, pass);
    }
}

template <class Scalar> void Net<Scalar>::activateLayer(std::size_t l, Pass pass)
{
    Layer& layer = layers[l];
    if (layer.norm.present() && pass == Pass::Fused)
        layer.norm.value = layer.z;
    else if (layer.norm.present())
        layer.norm.forward(layer.z, pass == Pass::Learning && parameters().batchStatistics(),
            parameters().normEpsilon, parameters().normMomentum);
    activate<Scalar>(l + 1 < layers.size() ? hidden : output, layer.felt(), layer.sent());
}

template <class Scalar> void Net<Scalar>::computeLoss()
{
    const auto answers = layers.back().sent();
    meanLoss.setZero();
    for (Eigen::Index k = 0; k < target.cols(); ++k)
        meanLoss(0) += static_cast<Scalar>(
            lossOf(entropy(), answers.col(k), target.col(k)) / static_cast<double>(target.cols()));
}

template <class Scalar> void Net<Scalar>::computeOutputDelta()
{
    Layer& last = layers.back();
    const auto answers = last.sent();
    if (!entropy()) {
        last.delta = answers - target;
        multiplyBySlope<Scalar>(output, last.z, answers, last.delta);
        return;
    }
    for (Eigen::Index k = 0; k < target.cols(); ++k) {
        const auto z = last.z.col(k);
        last.delta.col(k) = (z.array() - logSumExp(z)).exp() - target.col(k).array();
    }
}

template <class Scalar> void Net<Scalar>::takeGradient(std::size_t l)
{
    meanOfProducts<Scalar>(layers[l].gradient, layers[l].delta, layers[l - 1].rates);
}

template <class Scalar> void Net<Scalar>::beginUpdate(std::uint64_t epoch)
{
    ++memory[1];
    const NetworkParameters& p = parameters();
    m_optimizer.rate = p.rate * std::pow(p.decay, static_cast<double>(epoch));
}

template <class Scalar> void Net<Scalar>::update(Layer& l, bool keep)
{
    const Eigen::Index columns = l.weights.cols() - (m_biasLearns ? 0 : 1);
    if (keep) {
        std::swap(l.weights, l.before);
        l.weights.rightCols(l.weights.cols() - columns) =
            l.before.rightCols(l.weights.cols() - columns);
    }
    descend(l.optimizer, m_optimizer, memory[1], l.gradient, keep ? l.before : l.weights, l.weights,
        columns, target.cols() >= kFewSamples);
    if (l.norm.present())
        l.norm.optimizer.descend(m_optimizer, memory[1], l.norm.gradient, l.norm.weights, 2);
}

template <class Scalar>
double Net<Scalar>::loss(std::span<const double> answer, std::span<const double> wanted) const
{
    const auto n = static_cast<Eigen::Index>(answer.size());
    return lossOf(entropy(), Eigen::Map<const Eigen::VectorXd>(answer.data(), n),
        Eigen::Map<const Eigen::VectorXd>(wanted.data(), n));
}

template class Net<float>;
template class Net<double>;

} // namespace apical
