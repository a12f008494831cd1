// A batch of the shadow, a step of the spiking net.
#include "sim/spiking_net/converted_net.h"

namespace apical {

/// One batch of the shadow, as a feed-forward net takes it.
template <class Scalar> void SpikingNet<Scalar>::learn(const Drive& d)
{
    m_state[Spiking] = 0;
    m_stale = true;
    m_net.show(d.input, d.target);
    m_net.forward(d.nudged ? Pass::Learning : Pass::Running);
    if (!d.nudged)
        return;
    m_net.computeLoss();
    m_net.computeOutputDelta();
    m_net.backward();
    if (!m_net.changes())
        return;
    m_net.beginUpdate(d.epoch);
    for (auto& layer : m_net.above())
        m_net.update(layer);
}

template <class Scalar> void SpikingNet<Scalar>::rest()
{
    for (Layer& layer : m_layers) {
        layer.arriving.reset();
        layer.neurons.reset();
        layer.trace.reset();
        layer.sent[0] = 0;
    }
    m_inputTrace.reset();
    std::ranges::fill(m_running, 0.0);
    std::ranges::fill(m_mean, 0.0);
    m_state[Steps] = m_state[MeanSteps] = 0;
    m_stale = true;
}

/// What the shadow makes of this input, W' of batch normalisation, and j_1 of a constant current.
template <class Scalar> void SpikingNet<Scalar>::showInput(const Drive& d)
{
    if (d.inputHeld && !m_stale)
        return;
    m_net.show(d.input, d.target);
    m_net.forward(Pass::Running);
    times<Scalar>(constantCurrent(), weights(1), m_net.layers[0].rates);
    m_stale = false;
}

/// j_1 of the input's spikes.
template <class Scalar> void SpikingNet<Scalar>::encode(const Drive& d)
{
    const double each = Encoder::amplitude(own(), m_tRef, m_parameters.dt);
    m_encoder.step(own(), m_tRef, m_parameters.dt, d.input, d.step);
    Layer& first = m_layers[0];
    std::fill_n(m_incoming.begin(), first.current.size(), Scalar(0));
    auto incoming = Eigen::Map<Batch<Scalar>>(m_incoming.data(), first.units, m_anatomy.samples);
    const std::vector<double>& counts = m_encoder.counts();
    const auto samples = static_cast<std::size_t>(m_anatomy.samples);
    for (std::size_t i = 0; i < counts.size(); ++i) {
        m_arrived[i] = static_cast<Scalar>(counts[i] * each);
        if (counts[i] == 0)
            continue;
        m_inputCount[i] += counts[i];
        incoming.col(static_cast<Eigen::Index>(i % samples)) +=
            m_arrived[i] * weights(1).col(static_cast<Eigen::Index>(i / samples));
    }
    m_inputTrace.step(m_synapse, m_arrived.data());
    first.arriving.step(m_synapse, m_incoming.data());
    addBias(1);
}

/// j_l of what has arrived.
template <class Scalar> void SpikingNet<Scalar>::addBias(std::size_t l)
{
    Layer& layer = m_layers[l - 1];
    const auto& arrived = layer.arriving.output(m_synapse);
    const Batch<Scalar>& w = weights(l);
    const Scalar* bias = w.col(w.cols() - 1).data();
    const auto n = static_cast<std::size_t>(layer.units);
    for (std::size_t begin = 0; begin < layer.current.size(); begin += n)
        for (std::size_t i = 0; i < n; ++i)
            layer.current[begin + i] = arrived[begin + i] + bias[i];
}

template <class Scalar> void SpikingNet<Scalar>::spike(const Drive& d)
{
    if (d.stepInPattern == 0 || !spiking())
        rest();
    m_state[Spiking] = 1;
    showInput(d);
    if (m_encoder.sends(own(), d.step)) {
        encode(d);
    } else {
        const Batch<Scalar>& current = constantCurrent();
        std::copy_n(current.data(), current.size(), m_layers[0].current.data());
        for (std::size_t i = 0; i < m_arrived.size(); ++i)
            m_inputTrace.first()[i] = m_inputTrace.second()[i] = static_cast<Scalar>(d.input[i]);
    }
    const auto sent = static_cast<Scalar>(m_lif.gain() / m_parameters.dt);
    for (std::size_t l = 1; l < m_layers.size(); ++l) {
        Layer &layer = m_layers[l - 1], &above = m_layers[l];
        layer.fired.clear();
        layer.trace.decay(m_synapse);
        layer.neurons.step(m_neuron, layer.current, [&](std::size_t i, Scalar) {
            layer.fired.push_back(static_cast<std::int32_t>(i));
            layer.trace.add(m_synapse, i, sent);
            layer.count[i] += 1;
        });
        layer.sent[0] += static_cast<double>(layer.fired.size());
        std::fill_n(m_incoming.begin(), above.current.size(), Scalar(0));
        auto incoming =
            Eigen::Map<Batch<Scalar>>(m_incoming.data(), above.units, m_anatomy.samples);
        const Batch<Scalar>& w = weights(l + 1);
        for (const std::int32_t place : layer.fired)
            incoming.col(place / layer.units) += sent * w.col(place % layer.units);
        above.arriving.step(m_synapse, m_incoming.data());
        addBias(l + 1);
    }
    // Of a presentation that ends before, the last step alone, as in a test.
    const bool counts = d.stepInPattern >= std::min(m_onset, d.stepsInPattern - 1);
    m_state[Steps] += 1;
    m_state[MeanSteps] += counts ? 1 : 0;
    const Layer& out = m_layers.back();
    const auto samples = static_cast<std::size_t>(m_anatomy.samples),
               n = static_cast<std::size_t>(out.units);
    for (std::size_t k = 0; k < samples; ++k) {
        for (std::size_t i = 0; i < n; ++i) {
            const double o = static_cast<double>(out.current[k * n + i]);
            m_running[i * samples + k] += o;
            m_mean[i * samples + k] += counts ? o : 0;
        }
    }
}

template class SpikingNet<float>;
template class SpikingNet<double>;

} // namespace apical
