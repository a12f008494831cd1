#include "sim/spiking/spiking_microcircuit.h"

#include "sim/circuit/initial_weights.h"
#include "sim/model/kernels.h"
#include "sim/spiking/reference_spiking.h"

#include <algorithm>

namespace apical {

template <class T>
SpikingMicrocircuit<T>::SpikingMicrocircuit(const std::vector<int>& sizes, const Parameters& p,
    const std::vector<LayerWeights>& initial, std::uint64_t seed,
    std::shared_ptr<const SpikeTable> replay)
    : m_sizes(sizes)
    , m_seed(seed)
    , m_replay(std::move(replay))
    , m_anatomy(spikingAnatomy(sizes))
    , m_parameters(p)
{
    build();
    setParameters(p);
    for (std::size_t l = 0; l < initial.size(); ++l)
        setLayerWeights(*this, static_cast<int>(l) + 1, initial[l]);
    m_probes = probesOf(*this);
}

template <class T> int SpikingMicrocircuit<T>::addPopulation(int size)
{
    Population p;
    p.size = size;
    p.first = m_neurons;
    p.at = m_length;
    p.trains.start(size);
    m_neurons += size;
    m_length += (size + kGroup - 1) / kGroup * kGroup;
    m_populations.push_back(std::move(p));
    return static_cast<int>(m_populations.size()) - 1;
}

/// Synapses whose delays differ stand in bundles of one delay each.
template <class T>
int SpikingMicrocircuit<T>::addPathway(
    int pre, int post, int ownDelay, Values SpikingMicrocircuit::*errors)
{
    const int delay = own().delayOf(ownDelay), spread = own().delaySpread;
    Pathway p;
    p.pre = pre;
    p.post = post;
    p.errors = errors;
    p.factors.assign(static_cast<std::size_t>(m_slots), T(0));
    const int rows = at(post).size, cols = at(pre).size;
    const auto synapses = static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols);
    const std::vector<int> extra = delaySpreads(spread, synapses, m_seed, m_pathways.size());
    for (int more = 0; more <= spread; ++more) {
        Bundle bundle;
        bundle.delay = delay + more;
        if (bundle.delay > 1)
            bundle.underway.assign(
                static_cast<std::size_t>(m_slots) * static_cast<std::size_t>(padded<T>(rows)),
                T(0));
        bundle.synapses.start(rows, cols, m_step, {});
        if (spread > 0) {
            std::vector<std::uint8_t> mask(synapses);
            for (std::size_t i = 0; i < synapses; ++i)
                mask[i] = extra[i] == more ? 1 : 0;
            bundle.synapses.mask(mask);
        }
        p.bundles.push_back(std::move(bundle));
    }
    m_pathways.push_back(std::move(p));
    return static_cast<int>(m_pathways.size()) - 1;
}

template <class T> void SpikingMicrocircuit<T>::build()
{
    using Self = SpikingMicrocircuit;
    const SpikingParameters& p = own();
    m_slots = p.longestDelay() + 2;
    addPopulation(m_sizes.front());
    const std::size_t targets = m_sizes.size() - 1;
    for (std::size_t l = 1; l <= targets; ++l) {
        Layer layer;
        layer.pyramidal = addPopulation(m_sizes[l]);
        if (l < targets)
            layer.interneurons = addPopulation(m_sizes[l + 1]);
        m_layers.push_back(layer);
    }
    m_length += kGroup;
    for (std::size_t l = 0; l < targets; ++l) { // in the order of circuitAnatomy()
        Layer& layer = m_layers[l];
        layer.up = addPathway(l == 0 ? 0 : m_layers[l - 1].pyramidal, layer.pyramidal, p.delayUp,
            &Self::m_basalError);
        if (!layer.hidden())
            continue;
        layer.down = addPathway(
            m_layers[l + 1].pyramidal, layer.pyramidal, p.delayDown, &Self::m_distalError);
        layer.ip = addPathway(layer.pyramidal, layer.interneurons, p.delayIp, &Self::m_basalError);
        layer.pi = addPathway(layer.interneurons, layer.pyramidal, p.delayPi, &Self::m_apicalError);
    }
    const auto n = static_cast<std::size_t>(m_length);
    for (Values* values :
        {&m_soma, &m_forward, &m_rate, &m_dendrite, &m_current, &m_input, &m_apical, &m_topdown,
            &m_lateral, &m_topdownInput, &m_lateralInput, &m_noisy, &m_drawn, &m_on})
        values->assign(n, T(0));
    for (Values* ring : {&m_sent, &m_basalError, &m_apicalError, &m_distalError})
        ring->assign(n * static_cast<std::size_t>(m_slots), T(0));
    m_count.assign(n, 0.0);
    m_silentFor.assign(n, 0);
    m_target.assign(static_cast<std::size_t>(m_sizes.back()), T(0));
}

/// The share of every population that sends nothing: always the same ones first.
template <class T> void SpikingMicrocircuit<T>::chooseDropout()
{
    for (const Population& p : m_populations) {
        const std::vector<std::uint8_t> off = dropoutOf(own().dropout, p.size, p.first, m_seed);
        for (std::size_t i = 0; i < off.size(); ++i)
            m_on[static_cast<std::size_t>(p.at) + i] = off[i] != 0 ? T(0) : T(1);
    }
}

template <class T> void SpikingMicrocircuit<T>::setParameters(const Parameters& p)
{
    m_parameters = p;
    const Transfer<double> phi = own().transfer();
    m_transfer = {.kind = phi.kind,
        .gamma = static_cast<T>(phi.gamma),
        .beta = static_cast<T>(phi.beta),
        .theta = static_cast<T>(phi.theta)};
    chooseDropout();
    m_quads.clear();
    m_changed = true;
}

template <class T> void SpikingMicrocircuit<T>::measure(std::span<double> out) const
{
    measureSelfPrediction(*this, out);
}

template <class T> void SpikingMicrocircuit<T>::resetPotentials()
{
    for (Values* values :
        {&m_soma, &m_forward, &m_dendrite, &m_apical, &m_topdown, &m_lateral, &m_target})
        std::fill(values->begin(), values->end(), T(0));
    m_quads.clear(); // the input, too, is read anew
}

template <class T> bool SpikingMicrocircuit<T>::finite() const
{
    const auto all = [](const Values& values) {
        return kernels<T>().finite(values.data(), static_cast<int>(values.size()));
    };
    return all(m_soma) && all(m_dendrite) && all(m_apical);
}

template <class T> double SpikingMicrocircuit<T>::largestPotential() const
{
    return static_cast<double>(
        kernels<T>().largest(m_soma.data(), static_cast<int>(m_soma.size())));
}

std::unique_ptr<Model> makeSpikingMicrocircuit(
    const Experiment& e, const Parameters& p, const std::shared_ptr<const SpikeTable>& replay)
{
    const std::vector<LayerWeights> initial = initialWeights(e, p);
    if (e.precision == "float")
        return std::make_unique<SpikingMicrocircuit<float>>(e.layers, p, initial, e.seed, replay);
    if (e.precision == "reference")
        return std::make_unique<ReferenceSpikingMicrocircuit>(e.layers, p, initial, e.seed, replay);
    return std::make_unique<SpikingMicrocircuit<double>>(e.layers, p, initial, e.seed, replay);
}

template class SpikingMicrocircuit<double>;
template class SpikingMicrocircuit<float>;

} // namespace apical
