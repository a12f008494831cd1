// Reading and setting the spiking microcircuit by its anatomy.
#include "sim/spiking/spiking_microcircuit.h"

#include <algorithm>

namespace apical {

template <class T> void SpikingMicrocircuit<T>::read(int quantity, std::span<double> out) const
{
    using Q = CircuitQuantity;
    const auto values = [out](const auto& from) {
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = static_cast<double>(from[i]);
    };
    if (quantity >= m_anatomy.firstCount) {
        const auto population = static_cast<std::size_t>(quantity - m_anatomy.firstCount);
        return values(m_populations[population].count);
    }
    const int last = static_cast<int>(m_layers.size()) - 1;
    const int index = std::clamp(m_anatomy.circuit.layerOf(quantity) - 1, 0, last);
    const Layer& layer = m_layers[static_cast<std::size_t>(index)];
    const Population& pyr = at(layer.pyramidal);
    const Population& inn = layer.hidden() ? at(layer.interneurons) : pyr;
    switch (m_anatomy.circuit.quantities[static_cast<std::size_t>(quantity)]) {
    case Q::InputRate:
        return values(at(0).rate);
    case Q::InputPotential:
        return values(at(0).soma);
    case Q::Basal:
        return values(pyr.dendrite);
    case Q::Apical:
        return values(layer.apical);
    case Q::Distal:
    case Q::TopDown:
        return values(layer.topdown);
    case Q::Lateral:
        return values(layer.lateral);
    case Q::Soma:
        return values(pyr.soma);
    case Q::Prospective:
        return values(own().latentEquilibrium ? pyr.forward : pyr.soma);
    case Q::Rate:
        return values(pyr.rate);
    case Q::BasalError:
        return values(pyr.error);
    case Q::DistalError:
        return values(layer.distalError);
    case Q::InnDendrite:
        return values(inn.dendrite);
    case Q::InnSoma:
        return values(inn.soma);
    case Q::InnProspective:
        return values(own().latentEquilibrium ? inn.forward : inn.soma);
    case Q::InnRate:
        return values(inn.rate);
    case Q::InnError:
        return values(inn.error);
    case Q::Target:
        return values(m_target);
    case Q::Nudged:
        out[0] = static_cast<double>(m_nudged);
    }
}

template <class T>
void SpikingMicrocircuit<T>::readWeights(int projection, std::span<double> out) const
{
    const Pathway& p = way(projection);
    std::fill(out.begin(), out.end(), 0.0);
    const Population& pre = at(p.pre);
    const T* newest = pre.sent.data()
        + (m_step + static_cast<std::uint64_t>(m_slots) - 1) % static_cast<std::uint64_t>(m_slots)
            * static_cast<std::size_t>(pre.size);
    std::vector<double> column(static_cast<std::size_t>(at(p.post).size));
    for (const Bundle& bundle : p.bundles) {
        for (int j = 0; j < pre.size; ++j) {
            bundle.synapses.readColumn(j, newest[j] > 0, column.data());
            std::size_t k = static_cast<std::size_t>(j);
            for (const double w : column) {
                out[k] += w;
                k += static_cast<std::size_t>(pre.size);
            }
        }
    }
}

template <class T>
void SpikingMicrocircuit<T>::setWeights(int projection, std::span<const double> in)
{
    for (Bundle& bundle : way(projection).bundles)
        bundle.synapses.setWeights(in);
}

// The rest of the class is instantiated in spiking_microcircuit.cpp.
template void SpikingMicrocircuit<double>::read(int, std::span<double>) const;
template void SpikingMicrocircuit<float>::read(int, std::span<double>) const;
template void SpikingMicrocircuit<double>::readWeights(int, std::span<double>) const;
template void SpikingMicrocircuit<float>::readWeights(int, std::span<double>) const;
template void SpikingMicrocircuit<double>::setWeights(int, std::span<const double>);
template void SpikingMicrocircuit<float>::setWeights(int, std::span<const double>);

} // namespace apical
