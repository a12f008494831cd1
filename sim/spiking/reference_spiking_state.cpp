// Reading the plain spiking microcircuit, and its state as a value.
#include "sim/base/error.h"
#include "sim/spiking/reference_spiking.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace apical {

void ReferenceSpikingMicrocircuit::read(int quantity, std::span<double> out) const
{
    using Q = CircuitQuantity;
    const auto values = [out](const Values& from) {
        std::copy_n(from.begin(), out.size(), out.begin());
    };
    if (quantity >= m_anatomy.firstCount)
        return values(at(quantity - m_anatomy.firstCount).count);
    const int last = static_cast<int>(m_layers.size()) - 1;
    const int index = std::clamp(m_anatomy.circuit.layerOf(quantity) - 1, 0, last);
    const Layer& layer = m_layers[static_cast<std::size_t>(index)];
    const Population& pyr = at(layer.pyramidal);
    const Population& inn = layer.hidden() ? at(layer.interneurons) : pyr;
    const bool look = own().latentEquilibrium;
    switch (m_anatomy.circuit.quantities[static_cast<std::size_t>(quantity)]) {
    case Q::InputRate:
        return values(at(0).rate);
    case Q::InputPotential:
        return values(at(0).soma);
    case Q::Basal:
        return values(pyr.dendrite);
    case Q::Apical:
        return values(pyr.apical);
    case Q::Distal:
    case Q::TopDown:
        return values(pyr.topdown);
    case Q::Lateral:
        return values(pyr.lateral);
    case Q::Soma:
        return values(pyr.soma);
    case Q::Prospective:
        return values(look ? pyr.forward : pyr.soma);
    case Q::Rate:
        return values(pyr.rate);
    case Q::BasalError:
        return values(pyr.error);
    case Q::DistalError:
        return values(pyr.distalError);
    case Q::InnDendrite:
        return values(inn.dendrite);
    case Q::InnSoma:
        return values(inn.soma);
    case Q::InnProspective:
        return values(look ? inn.forward : inn.soma);
    case Q::InnRate:
        return values(inn.rate);
    case Q::InnError:
        return values(inn.error);
    case Q::Target:
        return values(m_target);
    case Q::Nudged:
        out[0] = m_nudged;
    }
}

double ReferenceSpikingMicrocircuit::clipOf(int synapses) const
{
    for (const Layer& layer : m_layers) {
        if (synapses == layer.up)
            return layer.hidden() ? own().clipUpHidden : own().clipUpOutput;
        if (synapses == layer.ip)
            return own().clipIp;
        if (synapses == layer.pi)
            return own().clipPi;
    }
    return kNone;
}

/// Each synapse at its last spike; spikes of the last step take the weights of its end along.
void ReferenceSpikingMicrocircuit::readWeights(int projection, std::span<double> out) const
{
    const Synapses& s = m_synapses[static_cast<std::size_t>(projection)];
    const Values& spikes = at(s.pre).sent;
    const double a = std::exp(-m_parameters.dt / own().tauDelta), clip = clipOf(projection);
    for (std::size_t k = 0; k < out.size(); ++k)
        out[k] = spikes[k % spikes.size()] == 0
            ? s.lastSent[k]
            : std::clamp(s.weights[k]
                    + m_rates[static_cast<std::size_t>(projection)] * (1 - a) * s.change[k],
                -clip, clip);
}

void ReferenceSpikingMicrocircuit::setWeights(int projection, std::span<const double> in)
{
    Synapses& s = m_synapses[static_cast<std::size_t>(projection)];
    s.weights.assign(in.begin(), in.end());
    s.lastSent = s.weights;
    std::fill(s.change.begin(), s.change.end(), 0.0);
}

template <class Self, class F> void ReferenceSpikingMicrocircuit::visit(Self& self, F f)
{
    for (auto& p : self.m_populations)
        for (auto* values :
            {&p.soma, &p.forward, &p.rate, &p.dendrite, &p.current, &p.error, &p.sent, &p.count,
                &p.silentFor, &p.apical, &p.topdown, &p.lateral, &p.apicalError, &p.distalError})
            f(values->data(), values->size() * sizeof(double));
    for (auto& s : self.m_synapses) {
        for (auto* values : {&s.weights, &s.change, &s.lastSent, &s.trace})
            f(values->data(), values->size() * sizeof(double));
        for (auto* ring : {&s.errors, &s.underway})
            for (auto& values : *ring)
                f(values.data(), values.size() * sizeof(double));
    }
    f(self.m_rates.data(), self.m_rates.size() * sizeof(double));
    f(self.m_target.data(), self.m_target.size() * sizeof(double));
    f(&self.m_step, sizeof self.m_step);
    f(&self.m_nudged, sizeof self.m_nudged);
}

std::vector<std::byte> ReferenceSpikingMicrocircuit::save() const
{
    std::vector<std::byte> all;
    visit(*this, [&all](const void* from, std::size_t size) {
        const auto* bytes = static_cast<const std::byte*>(from);
        all.insert(all.end(), bytes, bytes + size);
    });
    return all;
}

void ReferenceSpikingMicrocircuit::restore(std::span<const std::byte> bytes)
{
    if (bytes.size() != save().size())
        throw InputError({.problem = "saved state does not fit this network", .key = "state"});
    visit(*this, [&bytes](void* to, std::size_t size) {
        std::memcpy(to, bytes.data(), size);
        bytes = bytes.subspan(size);
    });
}

void ReferenceSpikingMicrocircuit::resetPotentials()
{
    for (Population& p : m_populations)
        for (Values* values : {&p.soma, &p.forward, &p.dendrite, &p.apical, &p.topdown, &p.lateral})
            std::fill(values->begin(), values->end(), 0.0);
    std::fill(m_target.begin(), m_target.end(), 0.0);
}

bool ReferenceSpikingMicrocircuit::finite() const
{
    const auto all = [](const Values& values) {
        return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
    };
    return std::all_of(m_populations.begin(), m_populations.end(),
        [&](const Population& p) { return all(p.soma) && all(p.dendrite) && all(p.apical); });
}

} // namespace apical
