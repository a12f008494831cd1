// One step of the spiking microcircuit.
#include "sim/spiking/spiking_microcircuit.h"

#include "sim/base/random.h"
#include "sim/experiment/durations.h"
#include "sim/spiking/spike_count.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace apical {
namespace {

constexpr std::uint64_t kLook = 1024; // steps after which the automatic scheme is chosen anew
// Spikes per sender and step: below the first one events are cheaper, above the second one steps.
constexpr std::size_t kLargestHistory = std::size_t{64} << 20; // bytes, of the automatic scheme
constexpr double kFew = 0.05, kMany = 0.12;

} // namespace

/// What the parameters and this step's drive mean for the synapses.
template <class T> void SpikingMicrocircuit<T>::settings(const Drive& d)
{
    const SpikingParameters& p = own();
    m_learning = d.learning;
    const double scale = d.learning ? p.rateScale(d.presentationTime, d.epoch) / p.tauDelta : 0;
    const double decay = std::exp(-m_parameters.dt / p.tauDelta);
    for (std::size_t l = 0; l < m_layers.size(); ++l) {
        const Layer& layer = m_layers[l];
        const int index = static_cast<int>(l);
        const auto set = [&](int pathway, bool locked, const std::vector<double>& eta,
                             double clip) {
            if (pathway < 0)
                return;
            const auto k = static_cast<std::size_t>(pathway);
            if (m_step % kLook == 0 && m_step > 0)
                m_byEvents[k] = m_arrivals[k] < (m_byEvents[k] != 0 ? kMany : kFew)
                    && ErrorHistory::bytesFor(at(way(pathway).post).size, decay) <= kLargestHistory;
            const bool events = p.scheme == spiking_scheme::automatic
                ? m_byEvents[k] != 0
                : p.scheme == spiking_scheme::event;
            const double rate = locked ? 0 : scale * layerValue(eta, index);
            for (Bundle& bundle : way(pathway).bundles)
                bundle.synapses.set(
                    {.decay = decay, .psi = p.psi, .clip = clip, .eta = rate, .events = events});
        };
        set(layer.up, p.lockUp, p.etaUp, layer.hidden() ? p.clipUpHidden : p.clipUpOutput);
        set(layer.ip, p.lockIp, p.etaIp, p.clipIp);
        set(layer.pi, p.lockPi, p.etaPi, p.clipPi);
        set(layer.down, p.lockDown, p.etaDown, kNone);
    }
}

/// The spikes that arrive now, onto the input of a dendrite.
template <class T> void SpikingMicrocircuit<T>::deliver(int pathway, Values& dendrite)
{
    Pathway& p = way(pathway);
    const Population& pre = at(p.pre);
    const auto slot = [this](int back) { // of so many steps ago; negative: ahead
        const auto slots = static_cast<std::uint64_t>(m_slots);
        return static_cast<std::size_t>(
            (m_step + slots - static_cast<std::uint64_t>(back)) % slots);
    };
    const T* spikes = pre.sent.data() + slot(1) * static_cast<std::size_t>(pre.size);
    const auto n = static_cast<std::size_t>(at(p.post).size);
    for (Bundle& bundle : p.bundles) {
        const double* errors = p.errors.data() + slot(bundle.delay + 1) * n;
        if (bundle.delay == 1) {
            bundle.synapses.step(spikes, errors, dendrite.data());
            continue;
        }
        T* later = bundle.underway.data() + slot(1 - bundle.delay) * n;
        std::fill_n(later, n, T(0));
        bundle.synapses.step(spikes, errors, later);
        const T* now = bundle.underway.data() + slot(0) * n;
        for (std::size_t i = 0; i < n; ++i)
            dendrite[i] += now[i];
    }
    const double mean = static_cast<double>(std::accumulate(spikes, spikes + pre.size, T(0)))
        / static_cast<double>(pre.size);
    double& running = m_arrivals[static_cast<std::size_t>(pathway)];
    running += (mean - running) / static_cast<double>(kLook / 4);
}

template <class T> void SpikingMicrocircuit<T>::input(const Drive& d)
{
    Population& in = at(0);
    const double tau = own().inputTau;
    const bool follows = own().input == spiking_input::generators || tau <= m_parameters.dt;
    const T share = static_cast<T>(follows ? 1 : m_parameters.dt / tau);
    for (int i = 0; i < in.size; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const T x = static_cast<T>(d.input[k]);
        in.soma[k] = follows ? x : in.soma[k] + share * (x - in.soma[k]);
        in.forward[k] = in.soma[k];
        in.rate[k] = std::max(T(0), in.soma[k]);
    }
}

/// @param apical potentials of the apical dendrites; nullptr: there are none
template <class T>
void SpikingMicrocircuit<T>::updateSoma(
    Population& of, double conductance, const Values* apical, double constant)
{
    const SpikingParameters& p = own();
    const T g = static_cast<T>(conductance), gb = static_cast<T>(p.basal),
            ga = static_cast<T>(p.apical), dt = static_cast<T>(m_parameters.dt),
            extra = static_cast<T>(constant);
    const double noise = p.noise == 0              ? 0
        : p.noiseScaling == noise_scaling::sqrt_dt ? p.noise / std::sqrt(m_parameters.dt)
                                                   : p.noise;
    for (int i = 0; i < of.size; ++i) {
        const auto k = static_cast<std::size_t>(i);
        T change = -g * of.soma[k] + gb * of.dendrite[k];
        if (apical)
            change += ga * (*apical)[k];
        change += of.current[k] + extra;
        if (noise != 0)
            change += static_cast<T>(noise
                * normal(m_seed, RandomStream::SomaticNoise, m_drawStep,
                    static_cast<std::uint32_t>(of.first + i)));
        of.forward[k] = of.soma[k] + change / g;
        of.soma[k] += dt * change;
    }
}

template <class T>
void SpikingMicrocircuit<T>::leak(Values& dendrite, const Values& input, double capacitance)
{
    const T leak = static_cast<T>(own().dendriteLeakOf(m_parameters.dt));
    const T c = static_cast<T>(capacitance);
    for (std::size_t i = 0; i < dendrite.size(); ++i)
        dendrite[i] += (-leak * dendrite[i] + input[i]) / c;
}

/// Draws, or reads, what the population sends in this step.
template <class T> void SpikingMicrocircuit<T>::spike(Population& of)
{
    const SpikingParameters& p = own();
    const auto n = static_cast<std::size_t>(of.size);
    T* sent = of.sent.data() + m_step % static_cast<std::uint64_t>(m_slots) * n;
    const bool recorded = m_replay && m_drawStep < m_replay->steps();
    const auto row = recorded ? m_replay->row(m_drawStep) : std::span<const std::uint32_t>();
    const double scale = p.psi * m_parameters.dt;
    const auto refractory = static_cast<std::int32_t>(stepsOf(p.refractory, m_parameters.dt));
    for (std::size_t i = 0; i < n; ++i) {
        double count = 0;
        const auto neuron = static_cast<std::uint32_t>(of.first) + static_cast<std::uint32_t>(i);
        const auto draw = [&](unsigned part) {
            return uniform(m_seed, RandomStream::Spikes, m_drawStep,
                neuron + part * static_cast<std::uint32_t>(m_neurons));
        };
        if (m_replay) {
            count = recorded ? row[neuron] : 0;
        } else if (of.off[i] != 0) {
            count = 0;
        } else if (refractory == 0) {
            count = poissonCount(scale * static_cast<double>(of.rate[i]), draw);
        } else if (of.silentFor[i] > 0) {
            --of.silentFor[i];
        } else if (draw(0) < -std::expm1(-scale * static_cast<double>(of.rate[i]))) {
            count = 1;
            of.silentFor[i] = refractory;
        }
        sent[i] = static_cast<T>(count);
        of.count[i] += count;
    }
}

template <class T> void SpikingMicrocircuit<T>::basalError(Population& of, double attenuation)
{
    for (std::size_t i = 0; i < of.error.size(); ++i)
        of.error[i] = static_cast<double>(of.rate[i])
            - transfer(m_transfer, attenuation * static_cast<double>(of.dendrite[i]));
}

template <class T>
void SpikingMicrocircuit<T>::keepErrors(Pathway& p, const std::vector<double>& errors)
{
    double* to = p.errors.data() + m_step % static_cast<std::uint64_t>(m_slots) * errors.size();
    const double factor = !m_learning ? 0 : own().errorTimesDt ? m_parameters.dt : 1;
    for (std::size_t i = 0; i < errors.size(); ++i)
        to[i] = factor * errors[i];
}

template <class T> void SpikingMicrocircuit<T>::step(const Drive& d)
{
    const SpikingParameters& p = own();
    m_drawStep = d.step;
    settings(d);
    for (Layer& layer : m_layers) {
        Population& pyr = at(layer.pyramidal);
        std::fill(pyr.input.begin(), pyr.input.end(), T(0));
        deliver(layer.up, pyr.input);
        if (!layer.hidden())
            continue;
        std::fill(layer.topdownInput.begin(), layer.topdownInput.end(), T(0));
        std::fill(layer.lateralInput.begin(), layer.lateralInput.end(), T(0));
        Population& inn = at(layer.interneurons);
        std::fill(inn.input.begin(), inn.input.end(), T(0));
        deliver(layer.down, layer.topdownInput);
        deliver(layer.pi, layer.lateralInput);
        deliver(layer.ip, inn.input);
    }
    input(d);
    const bool look = p.latentEquilibrium;
    const auto rates = [&](Population& of) {
        const Values& potential = look ? of.forward : of.soma;
        for (std::size_t i = 0; i < potential.size(); ++i)
            of.rate[i] = static_cast<T>(transfer(m_transfer, static_cast<double>(potential[i])));
    };
    const double alphaHidden = p.basal / p.totalHidden(), alphaFree = p.basal / (p.leak + p.basal);
    for (std::size_t l = 0; l < m_layers.size(); ++l) {
        Layer& layer = m_layers[l];
        Population& pyr = at(layer.pyramidal);
        const bool hidden = layer.hidden();
        const bool released = !hidden && p.untargeted == untargeted_leak::released && m_nudged == 0;
        updateSoma(pyr,
            hidden         ? p.totalHidden()
                : released ? p.leak + p.basal
                           : p.totalOutput(),
            hidden ? &layer.apical : nullptr, layerValue(p.current, static_cast<int>(l)));
        leak(pyr.dendrite, pyr.input, p.basalCapacitance);
        rates(pyr);
        basalError(pyr, hidden ? alphaHidden : alphaFree);
        if (!hidden)
            continue;
        leak(layer.topdown, layer.topdownInput, p.apicalCapacitance);
        leak(layer.lateral, layer.lateralInput, p.apicalCapacitance);
        for (std::size_t i = 0; i < layer.topdownInput.size(); ++i)
            layer.topdownInput[i] += layer.lateralInput[i];
        leak(layer.apical, layer.topdownInput, p.apicalCapacitance);
        for (std::size_t i = 0; i < layer.apical.size(); ++i) {
            layer.apicalError[i] = -static_cast<double>(layer.apical[i]);
            layer.distalError[i] = static_cast<double>(pyr.rate[i])
                - transfer(m_transfer, static_cast<double>(layer.topdown[i]));
        }
        Population& inn = at(layer.interneurons);
        updateSoma(inn, p.leak + p.basal + p.innConductance(), nullptr, 0);
        leak(inn.dendrite, inn.input, p.basalCapacitance);
        rates(inn);
        basalError(inn, alphaFree);
    }
    for (Population& of : m_populations)
        spike(of);
    for (Layer& layer : m_layers) {
        keepErrors(way(layer.up), at(layer.pyramidal).error);
        if (!layer.hidden())
            continue;
        keepErrors(way(layer.ip), at(layer.interneurons).error);
        keepErrors(way(layer.pi), layer.apicalError);
        keepErrors(way(layer.down), layer.distalError);
    }
    currents(d);
    ++m_step;
}

/// What the somata of the next layer and the target send to those that they nudge: it arrives in
/// the next step.
template <class T> void SpikingMicrocircuit<T>::currents(const Drive& d)
{
    const SpikingParameters& p = own();
    for (std::size_t l = 0; l + 1 < m_layers.size(); ++l) {
        const Values& sister = at(m_layers[l + 1].pyramidal).soma;
        Values& current = at(m_layers[l].interneurons).current;
        for (std::size_t i = 0; i < current.size(); ++i)
            current[i] = static_cast<T>(p.innConductance()) * sister[i];
    }
    Values& current = at(m_layers.back().pyramidal).current;
    const T share =
        p.targetTau <= m_parameters.dt ? T(1) : static_cast<T>(m_parameters.dt / p.targetTau);
    const bool positive = m_parameters.nudgingRule == nudging_rule::positive;
    bool any = false;
    for (std::size_t i = 0; i < current.size(); ++i) {
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

} // namespace apical
