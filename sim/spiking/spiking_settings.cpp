// What the parameters and a step's drive mean for neurons and synapses.
#include "sim/spiking/spiking_microcircuit.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr std::uint64_t kLook = 1024; // steps after which the automatic scheme is chosen anew
// Share of the senders that send in a step: below the first one events are cheaper, above the
// second one steps.
constexpr double kFew = 0.15, kMany = 0.25;
constexpr std::size_t kLargestHistory = std::size_t{64} << 20; // bytes, of the automatic scheme

} // namespace

/// Only where something has changed since the last step.
template <class T> void SpikingMicrocircuit<T>::settings(const Drive& d)
{
    const double scale =
        d.learning ? own().rateScale(d.presentationTime, d.epoch) / own().tauDelta : 0;
    const bool look =
        m_step % kLook == 0 && m_step > 0 && own().scheme == spiking_scheme::automatic;
    const bool same = !m_changed && scale == m_rateScale && d.learning == m_learning;
    if (same && !look)
        return;
    m_rateScale = scale;
    m_learning = d.learning;
    if (look)
        for (Pathway& p : m_pathways)
            chooseScheme(p, std::exp(-m_parameters.dt / own().tauDelta));
    synapseSettings();
    neuronSettings();
    m_changed = false;
}

template <class T> void SpikingMicrocircuit<T>::chooseScheme(Pathway& p, double decay)
{
    p.byEvents = at(p.pre).arrivals < (p.byEvents ? kMany : kFew)
        && ErrorHistory<T>::bytesFor(at(p.post).size, decay) <= kLargestHistory;
}

template <class T> void SpikingMicrocircuit<T>::synapseSettings()
{
    const SpikingParameters& p = own();
    const double decay = std::exp(-m_parameters.dt / p.tauDelta);
    const double factor = !m_learning ? 0 : p.errorTimesDt ? m_parameters.dt : 1;
    for (std::size_t l = 0; l < m_layers.size(); ++l) {
        const Layer& layer = m_layers[l];
        const auto set = [&](int pathway, bool locked, const std::vector<double>& eta,
                             double clip) {
            if (pathway < 0)
                return;
            Pathway& of = way(pathway);
            const double rate = locked ? 0 : m_rateScale * layerValue(eta, static_cast<int>(l));
            of.factor = rate == 0 ? 0 : factor;
            const bool events = p.scheme == spiking_scheme::automatic
                ? of.byEvents
                : p.scheme == spiking_scheme::event;
            for (Bundle& bundle : of.bundles)
                bundle.synapses.set(
                    {.decay = decay, .psi = p.psi, .clip = clip, .eta = rate, .events = events},
                    at(of.pre).trains);
        };
        set(layer.up, p.lockUp, p.etaUp, layer.hidden() ? p.clipUpHidden : p.clipUpOutput);
        set(layer.ip, p.lockIp, p.etaIp, p.clipIp);
        set(layer.pi, p.lockPi, p.etaPi, p.clipPi);
        set(layer.down, p.lockDown, p.etaDown, kNone);
    }
    for (Population& of : m_populations) // after the pathways, which ask for traces as they were
        of.trains.set(decay, p.psi);
    for (Pathway& of : m_pathways)
        for (Bundle& bundle : of.bundles)
            if (decay != m_decay)
                bundle.synapses.forget(at(of.pre).trains);
    m_decay = decay;
}

template <class T> void SpikingMicrocircuit<T>::neuronSettings()
{
    const SpikingParameters& p = own();
    const auto as = [](double value) { return static_cast<T>(value); };
    const double leak = p.dendriteLeakOf(m_parameters.dt);
    m_updates.clear();
    const auto add = [&](int population, double total, double attenuation, double constant) {
        const auto place = static_cast<std::size_t>(at(population).at);
        m_updates.push_back({.n = at(population).size,
            .lookAhead = p.latentEquilibrium,
            .total = as(total),
            .basal = as(p.basal),
            .apical = as(p.apical),
            .constant = as(constant),
            .dt = as(m_parameters.dt),
            .attenuation = as(attenuation),
            .basalKeep = as(1 - leak / p.basalCapacitance),
            .basalShare = as(1 / p.basalCapacitance),
            .apicalKeep = as(1 - leak / p.apicalCapacitance),
            .apicalShare = as(1 / p.apicalCapacitance),
            .soma = m_soma.data() + place,
            .forward = m_forward.data() + place,
            .rate = m_rate.data() + place,
            .dendrite = m_dendrite.data() + place,
            .input = m_input.data() + place});
    };
    const double alphaHidden = p.basal / p.totalHidden(), alphaFree = p.basal / (p.leak + p.basal);
    for (std::size_t l = 0; l < m_layers.size(); ++l) {
        const Layer& layer = m_layers[l];
        const double constant = layerValue(p.current, static_cast<int>(l));
        if (!layer.hidden()) {
            add(layer.pyramidal, p.totalOutput(), alphaFree, constant);
            continue;
        }
        add(layer.pyramidal, p.totalHidden(), alphaHidden, constant);
        NeuronUpdate<T>& pyramidal = m_updates.back();
        const auto place = static_cast<std::size_t>(at(layer.pyramidal).at);
        pyramidal.apicalDendrite = m_apical.data() + place;
        pyramidal.topdown = m_topdown.data() + place;
        pyramidal.lateral = m_lateral.data() + place;
        pyramidal.topdownInput = m_topdownInput.data() + place;
        pyramidal.lateralInput = m_lateralInput.data() + place;
        if (way(layer.down).factor != 0)
            pyramidal.distalError = m_distalError.data(); // its place is set in each step
        add(layer.interneurons, p.leak + p.basal + p.innConductance(), alphaFree, 0);
    }
}

template void SpikingMicrocircuit<double>::settings(const Drive&);
template void SpikingMicrocircuit<float>::settings(const Drive&);

} // namespace apical
