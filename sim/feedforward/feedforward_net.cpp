#include "sim/feedforward/feedforward_net.h"

#include "sim/base/random.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

/// Fills with N(0, 2 / fan), row by row.
template <class Scalar>
void draw(BatchOut<Scalar> weights, std::uint64_t seed, RandomStream stream, std::uint64_t step,
    Eigen::Index fan)
{
    const double deviation = std::sqrt(2 / static_cast<double>(fan));
    std::uint32_t index = 0;
    for (auto row : weights.rowwise()) {
        for (Scalar& w : row)
            w = static_cast<Scalar>(deviation * normal(seed, stream, step, index++));
    }
}

/// out = a b, block by block: for larger ones Eigen would take memory from the heap.
template <class Out, class A, class B> void multiply(Out& out, const A& a, const B& b)
{
    const Eigen::Index size = 128;
    const auto part = [size](auto all, auto at) { return std::min(size, all - at); };
    out.setZero(a.rows(), b.cols());
    for (Eigen::Index j = 0; j < b.cols(); j += size) {
        for (Eigen::Index k = 0; k < b.rows(); k += size) {
            const auto right = b.block(k, j, part(b.rows(), k), part(b.cols(), j));
            for (Eigen::Index i = 0; i < a.rows(); i += size) {
                const auto left = a.block(i, k, part(a.rows(), i), right.rows());
                out.block(i, j, left.rows(), right.cols()).noalias() += left * right;
            }
        }
    }
}

/// log sum exp, which large entries do not overflow.
template <class Column> auto logSumExp(const Column& z)
{
    const auto largest = z.maxCoeff();
    return largest + std::log((z.array() - largest).exp().sum());
}

} // namespace

template <class Scalar> FeedforwardNet<Scalar>::FeedforwardNet(const std::vector<int>& sizes)
{
    for (std::size_t l = 0; l < sizes.size(); ++l) {
        Layer& layer = m_layers.emplace_back();
        layer.rates.setOnes(sizes[l] + 1, 1);
        if (l == 0)
            continue;
        layer.z.setZero(sizes[l], 1);
        layer.delta = layer.z;
        layer.weights.setZero(sizes[l], sizes[l - 1] + 1);
        layer.gradient = layer.weights;
        if (l + 1 == sizes.size())
            break;
        layer.down.setZero(sizes[l], sizes[l + 1]);
        layer.direct.setZero(sizes[l], sizes.back());
    }
}

template <class Scalar> void FeedforwardNet<Scalar>::start(std::uint64_t seed, double hiddenBias)
{
    // Both kinds of feedback share a stream: no layer has a number this large.
    constexpr std::uint64_t kDirect = std::uint64_t{1} << 32;
    for (int l = 1; l <= layers(); ++l) {
        Layer& layer = this->layer(l);
        const auto step = static_cast<std::uint64_t>(l - 1);
        const Eigen::Index own = layer.weights.rows(), below = layer.weights.cols() - 1;
        draw<Scalar>(layer.weights.leftCols(below), seed, RandomStream::WeightsUp, step, below);
        draw<Scalar>(layer.down, seed, RandomStream::WeightsDown, step, own);
        draw<Scalar>(layer.direct, seed, RandomStream::WeightsDown, kDirect + step, own);
        layer.weights.col(below).setConstant(static_cast<Scalar>(l < layers() ? hiddenBias : 0));
        layer.optimizer = {};
    }
}

template <class Scalar>
void FeedforwardNet<Scalar>::forward(const FeedforwardSettings& s, BatchIn<Scalar> input)
{
    if (m_layers[0].rates.cols() != input.cols()) {
        for (Layer& layer : m_layers)
            layer.rates.setOnes(layer.rates.rows(), input.cols());
    }
    m_layers[0].rates.topRows(input.rows()) = input;
    for (int l = 1; l <= layers(); ++l) {
        Layer& layer = this->layer(l);
        multiply(layer.z, layer.weights, this->layer(l - 1).rates);
        activate<Scalar>(
            l < layers() ? s.hidden : s.output, layer.z, layer.rates.topRows(layer.z.rows()));
    }
}

template <class Scalar>
double FeedforwardNet<Scalar>::loss(const FeedforwardSettings& s, BatchIn<Scalar> target) const
{
    const Layer& last = m_layers.back();
    double sum = 0;
    for (Eigen::Index k = 0; k < target.cols(); ++k) {
        const auto z = last.z.col(k), y = target.col(k);
        sum += static_cast<double>(s.loss == FeedforwardSettings::Loss::SquaredError
                ? (last.activation().col(k) - y).squaredNorm() / 2
                : (y.array() * (logSumExp(z) - z.array())).sum());
    }
    return sum / static_cast<double>(target.cols());
}

template <class Scalar>
void FeedforwardNet<Scalar>::backward(const FeedforwardSettings& s, BatchIn<Scalar> target)
{
    using Rule = FeedforwardSettings::Rule;
    Layer& last = m_layers.back();
    if (s.loss == FeedforwardSettings::Loss::SquaredError) {
        last.delta = last.activation() - target;
        multiplyBySlope<Scalar>(s.output, last.z, last.activation(), last.delta);
    } else {
        last.delta.resizeLike(target);
        for (Eigen::Index k = 0; k < target.cols(); ++k) {
            const auto z = last.z.col(k).array();
            last.delta.col(k) = (z - logSumExp(last.z.col(k))).exp() - target.col(k).array();
        }
    }
    for (int l = layers(); l >= 1; --l) {
        Layer& layer = this->layer(l);
        if (l < layers()) {
            const Layer& above = this->layer(l + 1);
            if (s.rule == Rule::Backprop)
                multiply(
                    layer.delta, above.weights.leftCols(layer.z.rows()).transpose(), above.delta);
            else if (s.rule == Rule::FeedbackAlignment)
                multiply(layer.delta, layer.down, above.delta);
            else
                multiply(layer.delta, layer.direct, last.delta);
            multiplyBySlope<Scalar>(s.hidden, layer.z, layer.activation(), layer.delta);
        }
        multiply(layer.gradient, layer.delta, this->layer(l - 1).rates.transpose());
        layer.gradient /= static_cast<Scalar>(target.cols());
    }
}

template <class Scalar> void FeedforwardNet<Scalar>::update(const FeedforwardSettings& s)
{
    for (auto layer = m_layers.begin() + 1; layer != m_layers.end(); ++layer)
        layer->optimizer.descend(
            s.optimizer, layer->gradient, layer->weights, layer->weights.cols() - (s.bias ? 0 : 1));
}

template class FeedforwardNet<float>;
template class FeedforwardNet<double>;

} // namespace apical
