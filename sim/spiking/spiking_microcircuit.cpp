#include "sim/spiking/spiking_microcircuit.h"

#include "sim/base/random.h"
#include "sim/circuit/initial_weights.h"

#include <algorithm>
#include <cmath>
#include <numeric>

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
    const auto n = static_cast<std::size_t>(size);
    Population p;
    p.size = size;
    p.first = m_neurons;
    p.soma = p.forward = p.rate = p.dendrite = p.current = p.input = Values(n, T(0));
    p.error = p.count = std::vector<double>(n, 0.0);
    p.sent = Values(n * static_cast<std::size_t>(m_slots), T(0));
    p.silentFor.assign(n, 0);
    p.off.assign(n, 0);
    p.hash.resize(n);
    for (int i = 0; i < size; ++i)
        p.hash[static_cast<std::size_t>(i)] =
            uniform(m_seed, RandomStream::Dropout, 0, static_cast<std::uint32_t>(m_neurons + i));
    m_neurons += size;
    m_populations.push_back(std::move(p));
    return static_cast<int>(m_populations.size()) - 1;
}

/// Synapses whose delays differ stand in bundles of one delay each.
template <class T> int SpikingMicrocircuit<T>::addPathway(int pre, int post, int ownDelay)
{
    const int delay = own().delayOf(ownDelay), spread = own().delaySpread;
    Pathway p;
    p.pre = pre;
    p.post = post;
    const int rows = at(post).size, cols = at(pre).size;
    p.errors.assign(static_cast<std::size_t>(m_slots) * static_cast<std::size_t>(rows), 0.0);
    const auto synapses = static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols);
    std::vector<int> extra(spread > 0 ? synapses : 0);
    for (std::size_t i = 0; i < extra.size(); ++i)
        extra[i] = std::min(spread,
            static_cast<int>((spread + 1)
                * uniform(m_seed, RandomStream::Delays, m_pathways.size(),
                    static_cast<std::uint32_t>(i))));
    for (int more = 0; more <= spread; ++more) {
        Bundle bundle;
        bundle.delay = delay + more;
        if (bundle.delay > 1)
            bundle.underway.assign(
                static_cast<std::size_t>(m_slots) * static_cast<std::size_t>(rows), T(0));
        bundle.synapses.start(rows, cols, m_step, {});
        if (spread > 0) {
            std::vector<std::uint8_t> mask(synapses);
            for (std::size_t i = 0; i < synapses; ++i)
                mask[i] = extra[i] == more ? 1 : 0;
            bundle.synapses.mask(std::move(mask));
        }
        p.bundles.push_back(std::move(bundle));
    }
    m_pathways.push_back(std::move(p));
    m_byEvents.push_back(0);
    m_arrivals.push_back(1);
    return static_cast<int>(m_pathways.size()) - 1;
}

template <class T> void SpikingMicrocircuit<T>::build()
{
    const SpikingParameters& p = own();
    int longest = p.delay;
    for (const int each : {p.delayUp, p.delayIp, p.delayPi, p.delayDown})
        longest = std::max(longest, p.delayOf(each));
    m_slots = longest + p.delaySpread + 2;
    addPopulation(m_sizes.front());
    const std::size_t targets = m_sizes.size() - 1;
    for (std::size_t l = 1; l <= targets; ++l) {
        Layer layer;
        layer.pyramidal = addPopulation(m_sizes[l]);
        if (l < targets) {
            const auto n = static_cast<std::size_t>(m_sizes[l]);
            layer.interneurons = addPopulation(m_sizes[l + 1]);
            layer.apical = layer.topdown = layer.lateral = layer.topdownInput = layer.lateralInput =
                Values(n, T(0));
            layer.apicalError = layer.distalError = std::vector<double>(n, 0.0);
        }
        m_layers.push_back(std::move(layer));
    }
    for (std::size_t l = 0; l < targets; ++l) { // in the order of circuitAnatomy()
        Layer& layer = m_layers[l];
        layer.up = addPathway(l == 0 ? 0 : m_layers[l - 1].pyramidal, layer.pyramidal, p.delayUp);
        if (!layer.hidden())
            continue;
        layer.down = addPathway(m_layers[l + 1].pyramidal, layer.pyramidal, p.delayDown);
        layer.ip = addPathway(layer.pyramidal, layer.interneurons, p.delayIp);
        layer.pi = addPathway(layer.interneurons, layer.pyramidal, p.delayPi);
    }
    m_target.assign(static_cast<std::size_t>(m_sizes.back()), T(0));
}

/// The share of every population that sends nothing: always the same ones first.
template <class T> void SpikingMicrocircuit<T>::chooseDropout()
{
    for (Population& p : m_populations) {
        std::fill(p.off.begin(), p.off.end(), std::uint8_t{0});
        const auto silent = static_cast<std::size_t>(
            std::floor(own().dropout * static_cast<double>(p.size) + 1e-9));
        std::vector<std::size_t> order(p.off.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(),
            [&p](std::size_t a, std::size_t b) { return p.hash[a] < p.hash[b]; });
        for (std::size_t i = 0; i < silent; ++i)
            p.off[order[i]] = 1;
    }
}

template <class T> void SpikingMicrocircuit<T>::setParameters(const Parameters& p)
{
    m_parameters = p;
    m_transfer = own().transfer();
    chooseDropout();
}

template <class T> void SpikingMicrocircuit<T>::measure(std::span<double> out) const
{
    measureSelfPrediction(*this, out);
}

template <class T> void SpikingMicrocircuit<T>::resetPotentials()
{
    for (Population& p : m_populations)
        for (Values* values : {&p.soma, &p.forward, &p.dendrite})
            std::fill(values->begin(), values->end(), T(0));
    for (Layer& l : m_layers)
        for (Values* values : {&l.apical, &l.topdown, &l.lateral})
            std::fill(values->begin(), values->end(), T(0));
    std::fill(m_target.begin(), m_target.end(), T(0));
}

template <class T> bool SpikingMicrocircuit<T>::finite() const
{
    const auto all = [](const Values& values) {
        return std::all_of(values.begin(), values.end(), [](T v) { return std::isfinite(v); });
    };
    return std::all_of(m_populations.begin(), m_populations.end(),
               [&](const Population& p) { return all(p.soma) && all(p.dendrite); })
        && std::all_of(
            m_layers.begin(), m_layers.end(), [&](const Layer& l) { return all(l.apical); });
}

template <class T> double SpikingMicrocircuit<T>::largestPotential() const
{
    double most = 0;
    for (const Population& p : m_populations)
        for (const T u : p.soma)
            most = std::max(most, std::abs(static_cast<double>(u)));
    return most;
}

std::unique_ptr<Model> makeSpikingMicrocircuit(
    const Experiment& e, const Parameters& p, const std::shared_ptr<const SpikeTable>& replay)
{
    const std::vector<LayerWeights> initial = initialWeights(e, p);
    if (e.precision == "float")
        return std::make_unique<SpikingMicrocircuit<float>>(e.layers, p, initial, e.seed, replay);
    return std::make_unique<SpikingMicrocircuit<double>>(e.layers, p, initial, e.seed, replay);
}

template class SpikingMicrocircuit<double>;
template class SpikingMicrocircuit<float>;

} // namespace apical
