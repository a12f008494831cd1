// Batch normalisation of the currents of spiking predictive coding.
#include "sim/spiking_predictive/spiking_predictive_net.h"

#include <cstddef>
#include <cstdint>

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

template <class Scalar> void SpikingPredictiveNet<Scalar>::latchStatistics()
{
    const auto summed = static_cast<Scalar>(m_counts[Predictions]);
    for (std::size_t l = 1; l < last() && passes(NormPass::Learning); ++l) {
        auto& norm = m_net.layers[l].norm;
        norm.used = at(l).statistics / summed;
        at(l).centred /= summed;
        norm.follow(m_net.target.cols(), own().normMomentum);
        norm.scale(own().normEpsilon);
    }
}

/// Takes from the errors that stand in Layer::projected what statistics of the batch take away.
template <class Scalar> void SpikingPredictiveNet<Scalar>::project(std::size_t l)
{
    Layer& layer = at(l);
    Batch<Scalar>&to = layer.projected, &means = layer.means;
    means.col(0) = to.rowwise().mean();
    means.col(1) = to.cwiseProduct(layer.centred).rowwise().mean();
    for (Eigen::Index k = 0; k < to.cols(); ++k)
        to.col(k) -= means.col(0) + layer.centred.col(k).cwiseProduct(means.col(1));
}

/// What the errors of a layer that is normalised, the one above l, send down in this step.
template <class Scalar>
void SpikingPredictiveNet<Scalar>::sendNormalised(
    std::size_t l, const Batch<Scalar>& k, Scalar sent)
{
    Layer& above = at(l + 1);
    const Batch<Scalar>& slope = m_net.layers[l + 1].norm.slope;
    const auto units = static_cast<std::size_t>(at(l).units);
    const auto down = [&](Eigen::Index unit, Eigen::Index sample, Scalar error) {
        scaledAddPass<Scalar>(units, slope(unit) * sent * error, k.col(unit).data(),
            m_incoming.data() + static_cast<std::size_t>(sample) * units);
    };
    const bool ofBatch = passes(NormPass::Learning);
    if (ofBatch)
        above.projected.setZero();
    for (std::size_t i = 0; i < above.sent.size(); i += 2) {
        const std::int32_t unit = above.sent[i] % above.units, sample = above.sent[i] / above.units;
        const auto sign = static_cast<Scalar>(above.sent[i + 1]);
        if (!ofBatch) {
            down(unit, sample, sign);
            continue;
        }
        above.projected(unit, sample) = sign;
        above.sends[static_cast<std::size_t>(unit)] = 1;
    }
    if (!ofBatch)
        return;
    project(l + 1);
    for (std::size_t unit = 0; unit < above.sends.size(); ++unit) {
        if (above.sends[unit] == 0)
            continue;
        above.sends[unit] = 0;
        const auto u = static_cast<Eigen::Index>(unit);
        for (Eigen::Index sample = 0; sample < above.projected.cols(); ++sample)
            down(u, sample, above.projected(u, sample));
    }
}

/// y_(l-1) times errors without what statistics of the batch take away.
template <class Scalar> void SpikingPredictiveNet<Scalar>::gatherNormalised(std::size_t l)
{
    Layer &layer = at(l), &below = at(l - 1);
    layer.projected = asBatch(layer.errorTrace.output(m_synapse), layer.units);
    project(l);
    timesTransposed<Scalar>(
        layer.product, asBatch(below.trace.output(m_synapse), below.units), layer.projected);
    layer.sums += layer.product;
}

/// From the gradient of W' = diag(s) W, b' = s (b - m) + S, which the errors give, to that of what
/// is learned. With g' the row of W' and h' the number of b' of a unit:
///   dS = h'     dG = (W g' + (b - m) h') / sqrt(v + e)     dW = s g'     db = s h'
/// With statistics of the batch g' is already that of what they leave, dG = -mean(eh zhb), and b
/// has no part in mu.
template <class Scalar> void SpikingPredictiveNet<Scalar>::normaliseGradient(std::size_t l)
{
    auto& net = m_net.layers[l];
    auto& norm = net.norm;
    const Eigen::Index below = net.weights.cols() - 1;
    auto gain = norm.gradient.col(norm.Gain), shift = norm.gradient.col(norm.Shift);
    if (passes(NormPass::Learning)) {
        const auto error = asBatch(at(l).errorMean, at(l).units);
        shift = -error.rowwise().mean();
        gain = -error.cwiseProduct(at(l).centred).rowwise().mean();
        net.gradient.col(below).setZero();
    } else {
        shift = net.gradient.col(below);
        gain = net.gradient.cwiseProduct(net.weights).rowwise().sum();
        gain.array() -= norm.used.col(0).array() * shift.array();
        gain.array() *= norm.passed.col(0).array();
    }
    net.gradient.array().colwise() *= norm.slope.col(0).array();
}

template class SpikingPredictiveNet<float>;
template class SpikingPredictiveNet<double>;

} // namespace apical
