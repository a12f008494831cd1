// Batch normalisation of the currents of spiking predictive coding.
#include "sim/spiking_predictive/spiking_predictive_net.h"

#include <cmath>

namespace apical {

/// How the presentation that begins is normalised: a parameter changed in its midst waits.
template <class Scalar> void SpikingPredictiveNet<Scalar>::startNorm(const Drive& d)
{
    if (m_state.size() <= Normalises)
        return;
    const bool example = d.nudged && d.learning && own().learningOn;
    const NormPass pass = example && own().batchStatistics() ? NormPass::Learning
        : !example && own().normFused                        ? NormPass::Fused
                                                             : NormPass::Running;
    m_state[Normalises] = static_cast<double>(pass);
    for (std::size_t l = 1; l < last(); ++l)
        m_net.layers[l].norm.remember();
}

template <class Scalar> const Batch<Scalar>& SpikingPredictiveNet<Scalar>::met(std::size_t l) const
{
    const auto& layer = m_net.layers[l];
    return layer.norm.present() && passes(NormPass::Fused) ? layer.norm.fused : layer.weights;
}

/// W', b' and s of the weights there are. Statistics of a batch stay: those of a step of phase A
/// are taken at the step, phase B has those of the latch.
template <class Scalar> void SpikingPredictiveNet<Scalar>::needNorm()
{
    for (std::size_t l = 1; l < last() && m_state.size() > Normalises; ++l) {
        auto& norm = m_net.layers[l].norm;
        norm.fuse(own().normEpsilon, m_net.layers[l].weights);
        if (!passes(NormPass::Learning))
            norm.useRunning();
        norm.scale(own().normEpsilon);
    }
}

/// From z_l to mu_l, where it stands.
template <class Scalar> void SpikingPredictiveNet<Scalar>::normalise(std::size_t l)
{
    auto& norm = m_net.layers[l].norm;
    if (!norm.present() || passes(NormPass::Fused))
        return;
    auto mu = asBatch(at(l).mu, at(l).units);
    if (passes(NormPass::Learning) && m_state[Phase] == 0) {
        norm.observe(mu);
        norm.scale(own().normEpsilon);
    }
    norm.apply(mu);
    mu = norm.value;
}

template <class Scalar> void SpikingPredictiveNet<Scalar>::sumStatistics()
{
    for (std::size_t l = 1; l < last() && passes(NormPass::Learning); ++l) {
        at(l).statistics += m_net.layers[l].norm.used;
        at(l).centred += m_net.layers[l].norm.centred;
    }
}

template <class Scalar> void SpikingPredictiveNet<Scalar>::latchStatistics(std::uint32_t summed)
{
    for (std::size_t l = 1; l < last() && passes(NormPass::Learning); ++l) {
        auto& norm = m_net.layers[l].norm;
        norm.used = at(l).statistics / static_cast<Scalar>(summed);
        at(l).centred /= static_cast<Scalar>(summed);
        norm.follow(m_net.target.cols(), own().normMomentum);
        norm.scale(own().normEpsilon);
    }
}

/// From the gradient of W' = diag(s) W, b' = s (b - m) + S, which the errors give, to that of what
/// is learned. With g' the row of W' and h' the number of b' of a unit:
///   dS = h'     dG = (W g' + (b - m) h') / sqrt(v + e)     dW = s g'     db = s h'
/// With statistics of the batch dy becomes dy - mean(dy) - zh mean(dy zh), so that, with y the mean
/// traces from below, dW = s (g' - dS mean(y) - dG mean(zh y)); b has no part in mu then.
template <class Scalar> void SpikingPredictiveNet<Scalar>::normaliseGradient(std::size_t l)
{
    auto& net = m_net.layers[l];
    auto& norm = net.norm;
    const Eigen::Index below = net.weights.cols() - 1;
    norm.gradient.col(norm.Shift) = net.gradient.col(below);
    norm.gradient.col(norm.Gain) = net.gradient.cwiseProduct(net.weights).rowwise().sum();
    norm.gradient.col(norm.Gain).array() -=
        norm.used.col(0).array() * norm.gradient.col(norm.Shift).array();
    norm.gradient.col(norm.Gain).array() *= norm.passed.col(0).array();
    if (passes(NormPass::Learning)) {
        Batch<Scalar> delta = at(l).centred; // what dy loses, N x B
        delta.array().colwise() *= norm.gradient.col(norm.Gain).array();
        delta.colwise() += norm.gradient.col(norm.Shift);
        Batch<Scalar> sent;
        if (l == 1)
            sent = m_net.layers[0].sent();
        else
            sent = asBatch(at(l - 1).traceMean, below);
        Batch<Scalar> lost(delta.rows(), below);
        timesTransposed<Scalar>(lost, delta, sent);
        net.gradient.leftCols(below) -= lost / static_cast<Scalar>(delta.cols());
        net.gradient.col(below).setZero();
    }
    net.gradient.array().colwise() *= norm.slope.col(0).array();
}

template class SpikingPredictiveNet<float>;
template class SpikingPredictiveNet<double>;

} // namespace apical
