// One step of the spiking microcircuit.
#include "sim/spiking/spiking_microcircuit.h"

#include "sim/base/random.h"
#include "sim/experiment/durations.h"
#include "sim/spiking/spike_count.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr double kAveraged = 256; // steps, for the automatic scheme

} // namespace

/// The spikes that arrive now, onto the input of a dendrite.
template <class T> void SpikingMicrocircuit<T>::deliver(int pathway, Values& dendrite)
{
    Pathway& p = way(pathway);
    const Population& post = at(p.post);
    const SpikeTrains<T>& trains = at(p.pre).trains;
    T* to = dendrite.data() + post.at;
    for (Bundle& bundle : p.bundles) {
        const T* errors = ringAt(this->*p.errors, bundle.delay + 1) + post.at;
        const T factor = p.factors[slot(bundle.delay + 1)];
        if (bundle.delay == 1) {
            bundle.synapses.step(trains, errors, factor, to);
            continue;
        }
        const auto stride = static_cast<std::size_t>(padded<T>(post.size));
        T* later = bundle.underway.data() + slot(1 - bundle.delay) * stride;
        std::fill_n(later, stride, T(0));
        bundle.synapses.step(trains, errors, factor, later);
        const T* now = bundle.underway.data() + slot(0) * stride;
        for (std::size_t i = 0; i < static_cast<std::size_t>(post.size); ++i)
            to[i] += now[i];
    }
    p.factors[slot(0)] = static_cast<T>(p.factor);
}

template <class T> void SpikingMicrocircuit<T>::input(const Drive& d)
{
    const Population& in = at(0);
    const double tau = own().inputTau;
    const bool follows = own().input == spiking_input::generators || tau <= m_parameters.dt;
    if (follows && d.inputHeld && !m_quads.empty())
        return;
    const T share = static_cast<T>(follows ? 1 : m_parameters.dt / tau);
    const auto n = static_cast<std::size_t>(in.size);
    for (std::size_t k = 0; k < n; ++k) {
        const T x = static_cast<T>(d.input[k]);
        m_soma[k] = follows ? x : m_soma[k] + share * (x - m_soma[k]);
    }
    for (std::size_t k = 0; k < n; ++k)
        m_rate[k] = std::max(T(0), m_soma[k]);
    listQuads();
}

/// Inputs that send nothing are left out.
template <class T> void SpikingMicrocircuit<T>::listQuads()
{
    m_quads.clear();
    for (const Population& of : m_populations) {
        for (int i = 0; i < of.size; i += kQuad) {
            const T* rate = m_rate.data() + of.at + i;
            if (of.at > 0 || std::any_of(rate, rate + kQuad, [](T r) { return r != 0; }))
                m_quads.push_back((of.at + i) / kQuad);
        }
    }
    while (m_quads.size() % kQuads != 0)
        m_quads.push_back((m_length - kGroup) / kQuad); // behind the last neuron
}

/// Somata, dendrites, rates and errors of all populations but the input.
template <class T> void SpikingMicrocircuit<T>::neurons()
{
    const SpikingParameters& p = own();
    const bool released = p.untargeted == untargeted_leak::released && m_nudged == 0;
    m_updates.back().total = static_cast<T>(released ? p.leak + p.basal : p.totalOutput());
    const T* current = m_current.data();
    if (p.noise != 0) {
        const double noise = p.noiseScaling == noise_scaling::sqrt_dt
            ? p.noise / std::sqrt(m_parameters.dt)
            : p.noise;
        for (const Population& of : m_populations)
            for (int i = 0; i < of.size && of.at > 0; ++i) {
                const std::size_t k = of.placeOf(i);
                m_noisy[k] = m_current[k]
                    + static_cast<T>(noise
                        * normal(m_seed, RandomStream::SomaticNoise, m_drawStep,
                            static_cast<std::uint32_t>(of.first + i)));
            }
        current = m_noisy.data();
    }
    for (std::size_t k = 0; k < m_updates.size(); ++k) {
        NeuronUpdate<T>& update = m_updates[k];
        const int place = m_populations[k + 1].at;
        update.current = current + place;
        update.error = ringAt(m_basalError, 0) + place;
        if (update.apicalDendrite)
            update.apicalError = ringAt(m_apicalError, 0) + place;
        if (update.distalError)
            update.distalError = ringAt(m_distalError, 0) + place;
    }
    spikingKernels<T>().neurons(m_transfer, m_updates.data(), static_cast<int>(m_updates.size()));
}

/// Draws, or reads, what the neurons send in this step.
template <class T> void SpikingMicrocircuit<T>::spikes()
{
    T* sent = ringAt(m_sent, 0);
    std::fill_n(sent, at(1).at, T(0)); // inputs that are not drawn
    if (m_replay)
        return replaySpikes(sent);
    const SpikingParameters& p = own();
    const T* rate = m_rate.data();
    if (p.dropout > 0) {
        for (std::size_t k = 0; k < m_drawn.size(); ++k)
            m_drawn[k] = m_on[k] * m_rate[k];
        rate = m_drawn.data();
    }
    const bool large =
        spikingKernels<T>().draw({.seed = m_seed,
                                     .step = m_drawStep,
                                     .stream = static_cast<std::uint32_t>(RandomStream::Spikes),
                                     .scale = p.psi * m_parameters.dt},
            m_quads.data(), static_cast<int>(m_quads.size()), rate, sent,
            p.refractory > 0 ? nullptr : m_count.data());
    if (large)
        drawLarge(sent);
    if (p.refractory > 0)
        beRefractory(sent);
}

/// Those whose mean number is beyond the kernel's.
template <class T> void SpikingMicrocircuit<T>::drawLarge(T* sent)
{
    const double scale = own().psi * m_parameters.dt;
    for (const Population& of : m_populations) {
        for (int i = 0; i < of.size; ++i) {
            const std::size_t k = of.placeOf(i);
            const double mean = scale * static_cast<double>(m_rate[k]);
            if (mean < kLargestMean || (own().dropout > 0 && m_on[k] == 0))
                continue;
            const double n = poissonCount(mean, [&](unsigned part) {
                return uniform(
                    m_seed, RandomStream::Spikes, m_drawStep, largeDrawIndex(of.at + i, part));
            });
            sent[k] = static_cast<T>(n);
            if (own().refractory <= 0)
                m_count[k] += n;
        }
    }
}

template <class T> void SpikingMicrocircuit<T>::replaySpikes(T* sent)
{
    const bool recorded = m_drawStep < m_replay->steps();
    const auto row = recorded ? m_replay->row(m_drawStep) : std::span<const std::uint32_t>();
    for (const Population& of : m_populations) {
        for (int i = 0; i < of.size; ++i) {
            const std::size_t k = of.placeOf(i);
            const double n = recorded ? row[of.columnOf(i)] : 0;
            sent[k] = static_cast<T>(n);
            m_count[k] += n;
        }
    }
}

/// One spike at most, with the probability of one or more; then silence.
template <class T> void SpikingMicrocircuit<T>::beRefractory(T* sent)
{
    const auto silence = static_cast<std::int32_t>(stepsOf(own().refractory, m_parameters.dt));
    for (const Population& of : m_populations) {
        for (int i = 0; i < of.size; ++i) {
            const std::size_t k = of.placeOf(i);
            if (m_silentFor[k] > 0) {
                --m_silentFor[k];
                sent[k] = 0;
            } else if (sent[k] > 0) {
                sent[k] = 1;
                m_silentFor[k] = silence;
                m_count[k] += 1;
            }
        }
    }
}

template <class T> void SpikingMicrocircuit<T>::step(const Drive& d)
{
    m_drawStep = d.step;
    settings(d);
    for (Population& of : m_populations) {
        of.trains.step(ringAt(m_sent, 1) + of.at);
        const double share =
            static_cast<double>(of.trains.arrived().size()) / static_cast<double>(of.size);
        of.arrivals += (share - of.arrivals) / kAveraged;
    }
    for (Values* dendrite : {&m_input, &m_topdownInput, &m_lateralInput})
        std::fill(dendrite->begin() + at(1).at, dendrite->end(), T(0));
    for (const Layer& layer : m_layers) {
        deliver(layer.up, m_input);
        if (!layer.hidden())
            continue;
        deliver(layer.down, m_topdownInput);
        deliver(layer.pi, m_lateralInput);
        deliver(layer.ip, m_input);
    }
    input(d);
    neurons();
    spikes();
    currents(d);
    ++m_step;
}

/// What the somata of the next layer and the target send to those that they nudge: it arrives in
/// the next step.
template <class T> void SpikingMicrocircuit<T>::currents(const Drive& d)
{
    const SpikingParameters& p = own();
    const T conductance = static_cast<T>(p.innConductance());
    for (std::size_t l = 0; l + 1 < m_layers.size(); ++l) {
        const Population& from = at(m_layers[l + 1].pyramidal);
        const T* sister = m_soma.data() + from.at;
        T* current = m_current.data() + at(m_layers[l].interneurons).at;
        for (int i = 0; i < from.size; ++i)
            current[i] = conductance * sister[i];
    }
    T* current = m_current.data() + at(m_layers.back().pyramidal).at;
    const T share =
        p.targetTau <= m_parameters.dt ? T(1) : static_cast<T>(m_parameters.dt / p.targetTau);
    const bool positive = m_parameters.nudgingRule == nudging_rule::positive;
    bool any = false;
    for (std::size_t i = 0; i < m_target.size(); ++i) {
        const bool on = d.nudged && (!positive || d.target[i] > 0);
        const T wanted = on ? static_cast<T>(d.target[i]) : T(0);
        m_target[i] = share == 1 ? wanted : m_target[i] + share * (wanted - m_target[i]);
        current[i] = static_cast<T>(p.nudging) * m_target[i];
        any = any || on;
    }
    m_nudged = any ? 1 : 0;
}

template void SpikingMicrocircuit<double>::step(const Drive&);
template void SpikingMicrocircuit<float>::step(const Drive&);
template void SpikingMicrocircuit<double>::listQuads();
template void SpikingMicrocircuit<float>::listQuads();

} // namespace apical
