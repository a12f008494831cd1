// Reading and setting the spiking microcircuit by its anatomy.
#include "sim/spiking/spiking_microcircuit.h"

#include <algorithm>

namespace apical {

template <class T> void SpikingMicrocircuit<T>::read(int quantity, std::span<double> out) const
{
    using Q = CircuitQuantity;
    const auto values = [out](const auto* from) {
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = static_cast<double>(from[i]);
    };
    if (quantity >= m_anatomy.firstCount)
        return values(m_count.data() + at(quantity - m_anatomy.firstCount).at);
    const int last = static_cast<int>(m_layers.size()) - 1;
    const int index = std::clamp(m_anatomy.circuit.layerOf(quantity) - 1, 0, last);
    const Layer& layer = m_layers[static_cast<std::size_t>(index)];
    const int pyr = at(layer.pyramidal).at;
    const int inn = layer.hidden() ? at(layer.interneurons).at : pyr;
    const Values& prospective = own().latentEquilibrium ? m_forward : m_soma;
    switch (m_anatomy.circuit.quantities[static_cast<std::size_t>(quantity)]) {
    case Q::InputRate:
        return values(m_rate.data());
    case Q::InputPotential:
        return values(m_soma.data());
    case Q::Basal:
        return values(m_dendrite.data() + pyr);
    case Q::Apical:
        return values(m_apical.data() + pyr);
    case Q::Distal:
    case Q::TopDown:
        return values(m_topdown.data() + pyr);
    case Q::Lateral:
        return values(m_lateral.data() + pyr);
    case Q::Soma:
        return values(m_soma.data() + pyr);
    case Q::Prospective:
        return values(prospective.data() + pyr);
    case Q::Rate:
        return values(m_rate.data() + pyr);
    case Q::BasalError:
        return values(ringAt(m_basalError, 1) + pyr);
    case Q::DistalError: { // the ring has it only where W_down learns
        const Transfer<double> phi = own().transfer();
        for (std::size_t i = 0; i < out.size(); ++i) {
            const auto k = static_cast<std::size_t>(pyr) + i;
            out[i] = m_step == 0
                ? 0
                : static_cast<double>(m_rate[k]) - transfer(phi, static_cast<double>(m_topdown[k]));
        }
        return;
    }
    case Q::InnDendrite:
        return values(m_dendrite.data() + inn);
    case Q::InnSoma:
        return values(m_soma.data() + inn);
    case Q::InnProspective:
        return values(prospective.data() + inn);
    case Q::InnRate:
        return values(m_rate.data() + inn);
    case Q::InnError:
        return values(ringAt(m_basalError, 1) + inn);
    case Q::Target:
        return values(m_target.data());
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
    const T* newest = ringAt(m_sent, 1) + pre.at;
    std::vector<double> column(static_cast<std::size_t>(at(p.post).size));
    for (const Bundle& bundle : p.bundles) {
        for (int j = 0; j < pre.size; ++j) {
            bundle.synapses.readColumn(j, newest[j] > 0, pre.trains, column.data());
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
    Pathway& p = way(projection);
    for (Bundle& bundle : p.bundles)
        bundle.synapses.setWeights(in, at(p.pre).trains);
}

// The rest of the class is instantiated in spiking_microcircuit.cpp.
template void SpikingMicrocircuit<double>::read(int, std::span<double>) const;
template void SpikingMicrocircuit<float>::read(int, std::span<double>) const;
template void SpikingMicrocircuit<double>::readWeights(int, std::span<double>) const;
template void SpikingMicrocircuit<float>::readWeights(int, std::span<double>) const;
template void SpikingMicrocircuit<double>::setWeights(int, std::span<const double>);
template void SpikingMicrocircuit<float>::setWeights(int, std::span<const double>);

} // namespace apical
