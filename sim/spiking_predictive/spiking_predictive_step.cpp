// The two phases of spiking predictive coding.
#include "sim/spiking_predictive/spiking_predictive_net.h"

#include "sim/base/random.h"
#include "sim/experiment/durations.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>

namespace apical {

template <class Scalar> void SpikingPredictiveNet<Scalar>::startPrediction()
{
    const auto zero = [](Values& values) { std::ranges::fill(values, Scalar(0)); };
    for (Layer& l : m_layers) {
        l.current.reset();
        l.errorTrace.reset();
        std::ranges::fill(l.active, std::uint8_t{0});
        for (Values* values : {&l.mu, &l.latched, &l.slope, &l.charge, &l.error, &l.errorSum,
                 &l.errorMean, &l.value, &l.shown, &l.traceSum, &l.traceMean})
            zero(*values);
        l.neurons.reset();
        l.trace.reset();
        l.feedback.reset();
        l.statistics.setZero();
        l.centred.setZero();
    }
    m_state[Phase] = m_state[Latched] = 0;
    m_state[ErrorSpikes] = m_state[ValueSpikes] = 0;
    std::ranges::fill(m_counts, 0.0);
    m_stale = true;
}

/// mu_1 of this input, and K_l by columns, if they are not there yet.
template <class Scalar> void SpikingPredictiveNet<Scalar>::needWeights()
{
    if (!m_stale)
        return;
    m_stale = false;
    needNorm();
    if (m_state[Phase] == 0 || own().strict) {
        Batch<Scalar>& z = m_net.layers[1].z;
        times<Scalar>(z, met(1), m_net.layers[0].rates);
        std::copy_n(z.data(), z.size(), at(1).mu.data());
        normalise(1);
    }
    for (std::size_t l = 1; l < last(); ++l) {
        const auto& above = m_net.layers[l + 1].weights;
        if (own().feedback == feedback_kind::transpose)
            at(l).back = above.leftCols(at(l).units).transpose();
    }
}

template <class Scalar> void SpikingPredictiveNet<Scalar>::showInput(const Drive& d)
{
    if (d.inputHeld && !m_stale)
        return;
    const Eigen::Map<const RowMajor> input(
        d.input.data(), m_net.layers[0].rates.rows() - 1, m_net.target.cols());
    if (m_net.layers[0].sent() == input.template cast<Scalar>())
        return;
    m_net.layers[0].sent() = input.template cast<Scalar>();
    m_stale = true;
}

/// mu_l of the traces of the step before.
template <class Scalar> void SpikingPredictiveNet<Scalar>::predict(std::size_t l)
{
    if (l == 1)
        return; // held as long as the input is
    Layer& layer = at(l);
    const auto bias = met(l).col(met(l).cols() - 1);
    const auto& current = layer.current.output(m_synapse);
    const auto n = static_cast<Eigen::Index>(layer.units);
    auto mu = asBatch(layer.mu, n);
    mu = Eigen::Map<const Batch<Scalar>>(current.data(), n, mu.cols());
    mu.colwise() += bias;
    normalise(l);
}

/// One step of the value neurons, their traces, and what reaches the layer above.
template <class Scalar>
void SpikingPredictiveNet<Scalar>::fire(std::size_t l, const Values& current)
{
    Layer& layer = at(l);
    layer.fired.clear();
    layer.trace.decay(m_synapse);
    const auto sent = static_cast<Scalar>(m_gain);
    m_layers[l - 1].neurons.step(m_neuron, current, [&](std::size_t i, Scalar) {
        layer.fired.push_back(static_cast<std::int32_t>(i));
        layer.trace.add(m_synapse, i, sent);
        layer.spikeCount[i] += 1;
    });
    m_state[ValueSpikes] += static_cast<double>(layer.fired.size());
    const bool needed = m_state[Phase] == 0 || own().strict;
    if (!needed)
        return;
    Layer& above = at(l + 1);
    std::fill_n(m_incoming.begin(), above.mu.size(), Scalar(0));
    auto incoming = Eigen::Map<Batch<Scalar>>(m_incoming.data(), above.units, m_net.target.cols());
    const Batch<Scalar>& weights = met(l + 1);
    for (const std::int32_t place : layer.fired)
        incoming.col(place / layer.units) += sent * weights.col(place % layer.units);
    above.current.step(m_synapse, m_incoming.data());
}

template <class Scalar> void SpikingPredictiveNet<Scalar>::predictionStep(const Drive& d)
{
    const std::uint32_t step = d.stepInPattern,
                        steps = std::max(1u, stepsOf(own().phaseA, m_parameters.dt));
    const bool end = step + 1 >= std::min(steps, d.stepsInPattern);
    for (std::size_t l = last(); l >= 1; --l) // all from the traces of the step before
        predict(l);
    if (2 * step >= steps || end) {
        for (Layer& l : m_layers)
            addPass<Scalar>(l.mu.size(), l.mu.data(), l.latched.data());
        sumStatistics();
        ++m_counts[Predictions];
    }
    for (std::size_t l = 1; l < last(); ++l)
        fire(l, at(l).mu);
    if (end) {
        for (Layer& l : m_layers)
            for (Scalar& mu : l.latched)
                mu /= static_cast<Scalar>(m_counts[Predictions]);
        latchStatistics();
        latch();
        m_counts[LatchedAt] = step + 1;
    }
}

/// What phase B starts from.
template <class Scalar> void SpikingPredictiveNet<Scalar>::latch()
{
    m_state[Latched] = 1;
    const Activation f{Activation::Kind::SoftLif, m_lif};
    for (Layer& l : m_layers) {
        if (!l.hidden)
            continue;
        l.value = l.shown = l.latched;
        std::ranges::fill(l.slope, Scalar(1));
        auto slope = asBatch(l.slope, l.units);
        const auto mu = asBatch(l.latched, l.units);
        multiplyBySlope<Scalar>(f, mu, mu, slope);
    }
}

template <class Scalar> void SpikingPredictiveNet<Scalar>::startErrors(std::uint64_t drawStep)
{
    m_state[Phase] = 1;
    std::uint32_t cell = 0;
    for (std::size_t l = 1; l <= last(); ++l) {
        Layer& layer = at(l);
        layer.errorTrace.reset();
        layer.feedback.reset();
        std::ranges::fill(layer.errorSum, Scalar(0));
        std::ranges::fill(layer.traceSum, Scalar(0));
        std::ranges::fill(layer.active, std::uint8_t{0});
        layer.sums.setZero();
        for (Scalar& charge : layer.charge)
            charge = own().dither ? static_cast<Scalar>(own().quantum
                         * (uniform(m_seed, RandomStream::Spikes, drawStep, cell++) - 0.5))
                                  : Scalar(0);
    }
    auto error = asBatch(at(last()).error, m_net.target.rows());
    const auto mu = asBatch(at(last()).latched, m_net.target.rows());
    for (Eigen::Index k = 0; k < error.cols(); ++k) {
        if (m_net.entropy())
            error.col(k) =
                m_net.target.col(k).array() - (mu.col(k).array() - logSumExp(mu.col(k))).exp();
        else
            error.col(k) = m_net.target.col(k) - mu.col(k);
    }
}

/// Steps 1 and 2: errors, their spikes, their traces.
template <class Scalar> void SpikingPredictiveNet<Scalar>::sendErrors(std::size_t l)
{
    Layer& layer = at(l);
    const auto dt = static_cast<Scalar>(m_parameters.dt), q = static_cast<Scalar>(own().quantum);
    const Scalar half = q / 2, sent = q / dt; // n is 0 for -q/2 <= v < q/2
    const Scalar* mu = own().strict ? layer.mu.data() : layer.latched.data();
    eachActive(layer, [&](std::size_t i) { layer.errorTrace.decay(m_synapse, i); });
    layer.sent.clear();
    constexpr std::size_t kBlock = 512; // stays in the first cache
    std::uint8_t special[kBlock]{};
    for (std::size_t begin = 0; begin < layer.error.size(); begin += kBlock) {
        const std::size_t n = std::min(kBlock, layer.error.size() - begin);
        Scalar *v = layer.charge.data() + begin, *e = layer.error.data() + begin;
        if (n < kBlock)
            std::fill(std::begin(special), std::end(special), std::uint8_t{0});
        if (layer.hidden)
            errorPass<Scalar>(n, dt, half, layer.value.data() + begin, mu + begin, e, v, special);
        else
            chargePass<Scalar>(n, dt, half, e, v, special);
        eachSpecial(special, n, [&](std::size_t i) {
            const Scalar sign = v[i] > 0 ? Scalar(1) : Scalar(-1);
            const std::size_t place = begin + i;
            v[i] -= sign * q;
            layer.active[place] = 1;
            layer.errorTrace.add(m_synapse, place, sign * sent);
            layer.errorCount[place] += static_cast<double>(sign);
            layer.sent.push_back(static_cast<std::int32_t>(place));
            layer.sent.push_back(static_cast<std::int32_t>(sign));
        });
    }
    m_state[ErrorSpikes] += static_cast<double>(layer.sent.size()) / 2;
}

/// Step 3, by what came from the errors above.
template <class Scalar> void SpikingPredictiveNet<Scalar>::moveValues(std::size_t l)
{
    Layer& layer = at(l);
    const Layer& above = at(l + 1);
    const Batch<Scalar>& k =
        own().feedback == feedback_kind::transpose ? layer.back : m_net.layers[l].down;
    const auto sent = static_cast<Scalar>(own().quantum / m_parameters.dt);
    std::fill_n(m_incoming.begin(), layer.value.size(), Scalar(0));
    auto incoming = Eigen::Map<Batch<Scalar>>(m_incoming.data(), layer.units, m_net.target.cols());
    if (m_net.layers[l + 1].norm.present())
        sendNormalised(l, k, sent);
    else
        for (std::size_t i = 0; i < above.sent.size(); i += 2)
            incoming.col(above.sent[i] / above.units) +=
                (sent * static_cast<Scalar>(above.sent[i + 1]))
                * k.col(above.sent[i] % above.units);
    layer.feedback.step(m_synapse, m_incoming.data());
    if (own().strict) {
        const Activation f{Activation::Kind::SoftLif, m_lif};
        std::ranges::fill(layer.slope, Scalar(1));
        auto slope = asBatch(layer.slope, layer.units);
        const auto x = asBatch(layer.value, layer.units);
        multiplyBySlope<Scalar>(f, x, x, slope);
    }
    const auto share = static_cast<Scalar>(m_parameters.dt / own().tauX);
    const Values& down = layer.feedback.output(m_synapse);
    valuePass<Scalar>(layer.value.size(), share, layer.slope.data(), down.data(),
        layer.error.data(), layer.value.data());
}

/// Step 5 but for layer 1, whose input stands still: y_(l-1) eh_l^T of the errors that are not 0.
template <class Scalar> void SpikingPredictiveNet<Scalar>::gather(std::size_t l)
{
    Layer& layer = at(l);
    const Values& error = layer.errorTrace.output(m_synapse);
    eachActive(layer, [&](std::size_t i) { layer.errorSum[i] += error[i]; });
    if (layer.hidden) {
        const Values& trace = layer.trace.output(m_synapse);
        addPass<Scalar>(trace.size(), trace.data(), layer.traceSum.data());
    }
    if (l == 1)
        return;
    if (m_net.layers[l].norm.present() && passes(NormPass::Learning))
        return gatherNormalised(l);
    const Layer& below = at(l - 1);
    const Values& trace = below.trace.output(m_synapse);
    const auto rows = static_cast<std::size_t>(layer.units),
               cols = static_cast<std::size_t>(below.units);
    eachActive(layer, [&](std::size_t i) {
        scaledAddPass<Scalar>(
            cols, error[i], trace.data() + i / rows * cols, layer.sums.data() + i % rows * cols);
    });
}

template <class Scalar> void SpikingPredictiveNet<Scalar>::finishGradients()
{
    const auto samples = static_cast<Scalar>(m_net.target.cols());
    const Scalar each = 1 / static_cast<Scalar>(m_counts[Gathered]);
    for (std::size_t l = 1; l <= last(); ++l) {
        Layer& layer = at(l);
        auto& net = m_net.layers[l];
        for (std::size_t i = 0; i < layer.errorSum.size(); ++i)
            layer.errorMean[i] = layer.errorSum[i] * each;
        for (std::size_t i = 0; i < layer.traceSum.size(); ++i)
            layer.traceMean[i] = layer.traceSum[i] * each;
        const auto error = asBatch(layer.errorMean, layer.units);
        net.delta = error;
        if (net.norm.present() && passes(NormPass::Learning)) {
            layer.projected = error;
            project(l);
            net.delta = layer.projected;
        }
        if (l == 1) {
            timesTransposed<Scalar>(net.gradient, net.delta, m_net.layers[0].rates);
            net.gradient /= -samples;
        } else {
            net.gradient.leftCols(layer.sums.rows()) = layer.sums.transpose() * (-each / samples);
            net.gradient.col(layer.sums.rows()) = error.rowwise().sum() / -samples;
        }
        if (net.norm.present())
            normaliseGradient(l);
    }
}

template <class Scalar> void SpikingPredictiveNet<Scalar>::update(std::uint64_t epoch)
{
    if (!m_net.changes())
        return;
    m_net.beginUpdate(epoch);
    m_updated = true;
    const auto& p = own();
    const Optimizer optimizer{static_cast<Optimizer::Kind>(p.optimizer),
        p.rate * std::pow(p.decay, static_cast<double>(epoch)), p.momentum, p.beta1, p.beta2,
        p.epsilon};
    const auto keep = static_cast<Scalar>(1 - own().feedbackDecay);
    const bool learns = own().feedback == feedback_kind::kolen_pollack;
    for (std::size_t l = 1; l <= last(); ++l)
        m_net.update(m_net.layers[l]);
    for (std::size_t l = 1; learns && l < last(); ++l) {
        // The transposed product of the same two traces, with an optimizer of its own.
        Layer& layer = at(l);
        const auto& above = m_net.layers[l + 1];
        layer.back = above.gradient.leftCols(layer.units).transpose();
        Batch<Scalar>& k = m_net.layers[l].down;
        layer.feedbackOptimizer.descend(optimizer, m_net.memory[1], layer.back, k, k.cols());
        k *= keep;
        m_net.layers[l + 1].weights.leftCols(layer.units) *= keep;
    }
    m_stale = true;
}

template <class Scalar> bool SpikingPredictiveNet<Scalar>::errorStep(const Drive& d)
{
    if (own().strict)
        for (std::size_t l = last(); l >= 1; --l)
            predict(l);
    for (std::size_t l = 1; l <= last(); ++l)
        sendErrors(l);
    for (std::size_t l = 1; l < last(); ++l)
        moveValues(l);
    for (std::size_t l = 1; l < last(); ++l)
        fire(l, own().strict ? at(l).value : at(l).latched);
    const bool end = d.stepInPattern + 1 >= d.stepsInPattern;
    const double step = d.stepInPattern - m_counts[LatchedAt];
    if (step >= stepsOf(own().window, m_parameters.dt) || (end && m_counts[Gathered] == 0)) {
        for (std::size_t l = 1; l <= last(); ++l)
            gather(l);
        ++m_counts[Gathered];
    }
    if (end)
        finishGradients();
    return end;
}

/// What was not counted yet when the state was saved, by the parameters there are.
template <class Scalar> void SpikingPredictiveNet<Scalar>::recallCounts(const Drive& d)
{
    if (m_counts[LatchedAt] >= 0)
        return;
    const double a = std::max(1u, stepsOf(own().phaseA, m_parameters.dt)), at = d.stepInPattern;
    m_counts[LatchedAt] = a;
    m_counts[Predictions] = std::max(0.0, at - std::ceil(a / 2));
    m_counts[Gathered] = std::max(0.0, at - a - stepsOf(own().window, m_parameters.dt));
}

template <class Scalar> void SpikingPredictiveNet<Scalar>::step(const Drive& d)
{
    m_updated = false;
    if (d.stepInPattern == 0) {
        startPrediction();
        startNorm(d);
    }
    recallCounts(d);
    showInput(d);
    m_net.target =
        Eigen::Map<const RowMajor>(d.target.data(), m_net.target.rows(), m_net.target.cols())
            .template cast<Scalar>();
    if (m_state[Latched] == 0) {
        needWeights();
        return predictionStep(d);
    }
    if (m_state[Phase] == 0)
        startErrors(d.step);
    needWeights();
    if (!errorStep(d))
        return;
    m_state[LastErrorSpikes] = m_state[ErrorSpikes];
    m_state[LastValueSpikes] = m_state[ValueSpikes];
    if (d.nudged && d.learning)
        update(d.epoch);
}

template class SpikingPredictiveNet<float>;
template class SpikingPredictiveNet<double>;

} // namespace apical
