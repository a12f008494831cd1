// Reading the rate microcircuit by its anatomy.
#include "sim/circuit/microcircuit.h"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace apical {

// phi(u) - phi(predicted): what the plasticity of a dendrite sees, u as broadcast after the step.
template <class T>
void Microcircuit<T>::readError(
    const Population& of, const T* predicted, std::span<double> out) const
{
    kernels<T>().transfer(m_transfer, predicted, m_scratch.get(), padded<T>(of.size));
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<double>(of.rate[i] - m_scratch[i]);
}

template <class T> void Microcircuit<T>::copy(const Pathway& p, std::span<double> out) const
{
    if (m_heldChange && &p == &m_layers.front().up)
        return copyFirst(out);
    flush(p);
    std::size_t k = 0;
    for (int i = 0; i < p.weights.rows; ++i) {
        for (int j = 0; j < p.weights.cols; ++j)
            out[k++] = static_cast<double>(p.weights.at(i, j));
    }
}

template <class T> void Microcircuit<T>::read(int quantity, std::span<double> out) const
{
    using Q = CircuitQuantity;
    const Q what = m_circuit.quantities[static_cast<std::size_t>(quantity)];
    const auto values = [out](const T* from) {
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = static_cast<double>(from[i]);
    };
    // Input and target lie outside the layers; for them this is a layer that is not looked at.
    const int index = std::clamp(m_circuit.layerOf(quantity) - 1, 0, last());
    const Layer& layer = m_layers[static_cast<std::size_t>(index)];
    const Population &pyr = layer.pyramidal, &inn = layer.interneurons;
    switch (what) {
    case Q::InputRate:
        return values(m_input);
    case Q::InputPotential:
        return values(m_filtered);
    case Q::Basal:
        return values(pyr.dendrite);
    case Q::Apical:
        return values(layer.apical);
    // The distal compartment hears W_down only and passes it on to the proximal one with
    // conductance 1, so its potential is the top-down part of the apical potential.
    case Q::Distal:
    case Q::TopDown:
        return values(layer.topdown);
    case Q::Lateral:
        return values(layer.lateral);
    case Q::Soma:
        return values(pyr.soma);
    case Q::Prospective:
        return values(pyr.broadcast);
    case Q::Rate:
        return values(pyr.rate);
    case Q::BasalError:
        return readError(pyr, pyr.attenuated, out);
    case Q::DistalError:
        return readError(pyr, layer.topdown, out);
    case Q::InnDendrite:
        return values(inn.dendrite);
    case Q::InnSoma:
        return values(inn.soma);
    case Q::InnProspective:
        return values(inn.broadcast);
    case Q::InnRate:
        return values(inn.rate);
    case Q::InnError:
        return readError(inn, inn.attenuated, out);
    case Q::Target:
        return values(m_target);
    case Q::Nudged:
        return values(m_flags + kNudged); // 1 if the last step nudged the output
    }
}

template <class T> auto Microcircuit<T>::pathway(int projection) -> Pathway&
{
    const int index = m_circuit.layerOfProjection(projection) - 1;
    Layer& layer = m_layers[static_cast<std::size_t>(index)];
    switch (m_circuit.pathways[static_cast<std::size_t>(projection)]) {
    case CircuitProjection::Down:
        return layer.down;
    case CircuitProjection::Ip:
        return layer.ip;
    case CircuitProjection::Pi:
        return layer.pi;
    case CircuitProjection::Up:
        break;
    }
    return layer.up;
}

template <class T> void Microcircuit<T>::readWeights(int projection, std::span<double> out) const
{
    if (transposedFeedback()) {
        const CircuitProjection kind = m_circuit.pathways[static_cast<std::size_t>(projection)];
        const int layer = m_circuit.layerOfProjection(projection) - 1;
        if (kind == CircuitProjection::Down)
            return copyTransposed(layer, T(1), out);
        if (kind == CircuitProjection::Pi)
            return copyTransposed(layer, T(-1), out);
    }
    copy(const_cast<Microcircuit*>(this)->pathway(projection), out);
}

template <class T> int Microcircuit<T>::answer() const
{
    return m_circuit.answer(m_parameters);
}

template <class T> void Microcircuit<T>::makeProbes()
{
    const auto scratch = [](int n) {
        auto* memory =
            static_cast<T*>(std::aligned_alloc(kPad, static_cast<std::size_t>(n) * sizeof(T)));
        if (!memory)
            throw std::bad_alloc();
        return std::unique_ptr<T[], Free>(memory);
    };
    m_scratch = scratch(padded<T>(*std::max_element(m_sizes.begin(), m_sizes.end()) + 1));
    if (m_heldChange)
        m_tile = scratch((kTile + 1) * padded<T>(m_sizes[1]));
    m_circuit = circuitAnatomy(m_sizes, m_parameters.biasOn);
    m_probes = probesOf(*this);
}

// The rest of the class is instantiated in microcircuit.cpp.
template void Microcircuit<double>::readError(
    const Population&, const double*, std::span<double>) const;
template void Microcircuit<double>::copy(const Pathway&, std::span<double>) const;
template void Microcircuit<double>::read(int, std::span<double>) const;
template auto Microcircuit<double>::pathway(int) -> Pathway&;
template void Microcircuit<double>::readWeights(int, std::span<double>) const;
template void Microcircuit<double>::makeProbes();
template int Microcircuit<double>::answer() const;
template void Microcircuit<float>::readError(
    const Population&, const float*, std::span<double>) const;
template void Microcircuit<float>::copy(const Pathway&, std::span<double>) const;
template void Microcircuit<float>::read(int, std::span<double>) const;
template auto Microcircuit<float>::pathway(int) -> Pathway&;
template void Microcircuit<float>::readWeights(int, std::span<double>) const;
template void Microcircuit<float>::makeProbes();
template int Microcircuit<float>::answer() const;

} // namespace apical
