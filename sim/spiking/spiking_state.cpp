// The state of the spiking microcircuit as a value.
#include "sim/spiking/spiking_microcircuit.h"

#include "sim/base/error.h"
#include "sim/model/kernels.h"

#include <cstring>

namespace apical {

template <class T>
template <class Self, class F>
void SpikingMicrocircuit<T>::visit(Self& self, F f)
{
    f(self.m_step);
    f(self.m_target);
    f(self.m_nudged);
    f(self.m_decay);
    for (auto* values : {&self.m_soma, &self.m_forward, &self.m_rate, &self.m_dendrite,
             &self.m_current, &self.m_apical, &self.m_topdown, &self.m_lateral, &self.m_sent,
             &self.m_basalError, &self.m_apicalError, &self.m_distalError})
        f(*values);
    f(self.m_count);
    f(self.m_silentFor);
    for (auto& p : self.m_populations) {
        f(p.arrivals);
        SpikeTrains<T>::visit(p.trains, f);
    }
    for (auto& p : self.m_pathways) {
        f(p.factors);
        f(p.byEvents);
        for (auto& bundle : p.bundles) {
            f(bundle.underway);
            SpikingPathway<T>::visit(bundle.synapses, f);
        }
    }
}

namespace {

/// A value or a list as bytes; lists after their length, as what is kept of errors may change.
struct Writer {
    std::vector<std::byte>& out;
    void put(const void* from, std::size_t size)
    {
        const auto* bytes = static_cast<const std::byte*>(from);
        out.insert(out.end(), bytes, bytes + size);
    }
    template <class V> void operator()(const V& value) { put(&value, sizeof value); }
    template <class V, class A> void operator()(const std::vector<V, A>& values)
    {
        const std::uint64_t size = values.size();
        put(&size, sizeof size);
        put(values.data(), values.size() * sizeof(V));
    }
};

struct Reader {
    std::span<const std::byte> in;
    bool good = true;
    void take(void* to, std::size_t size)
    {
        good = good && size <= in.size();
        if (!good || size == 0)
            return;
        std::memcpy(to, in.data(), size);
        in = in.subspan(size);
    }
    template <class V> void operator()(V& value) { take(&value, sizeof value); }
    template <class V, class A> void operator()(std::vector<V, A>& values)
    {
        std::uint64_t size = 0;
        take(&size, sizeof size);
        good = good && size <= in.size() / sizeof(V);
        if (good) {
            values.resize(size);
            take(values.data(), size * sizeof(V));
        }
    }
};

} // namespace

/// Whether every list has the length that the network asks for.
template <class T> bool SpikingMicrocircuit<T>::fits() const
{
    const auto slots = static_cast<std::size_t>(m_slots), n = static_cast<std::size_t>(m_length);
    bool good = m_target.size() == static_cast<std::size_t>(m_sizes.back()) && m_count.size() == n
        && m_silentFor.size() == n;
    for (const Values* values :
        {&m_soma, &m_forward, &m_rate, &m_dendrite, &m_current, &m_apical, &m_topdown, &m_lateral})
        good = good && values->size() == n;
    for (const Values* ring : {&m_sent, &m_basalError, &m_apicalError, &m_distalError})
        good = good && ring->size() == n * slots;
    for (const Population& p : m_populations)
        good = good && p.trains.fits(p.size);
    for (const Pathway& p : m_pathways) {
        good = good && p.factors.size() == slots;
        for (const Bundle& bundle : p.bundles)
            good = good && bundle.synapses.fits(at(p.post).size, at(p.pre).size)
                && bundle.underway.size()
                    == (bundle.delay > 1
                            ? slots * static_cast<std::size_t>(padded<T>(at(p.post).size))
                            : 0);
    }
    return good;
}

template <class T> std::vector<std::byte> SpikingMicrocircuit<T>::save() const
{
    std::vector<std::byte> all;
    Writer writer{all};
    visit(*this, [&writer](const auto& part) { writer(part); });
    return all;
}

template <class T> void SpikingMicrocircuit<T>::restore(std::span<const std::byte> bytes)
{
    // Bytes that do not fit leave the circuit as it was.
    const std::vector<std::byte> before = save();
    Reader reader{bytes};
    visit(*this, [&reader](auto& part) { reader(part); });
    m_quads.clear();
    m_changed = true;
    if (reader.good && reader.in.empty() && fits())
        return;
    Reader back{before};
    visit(*this, [&back](auto& part) { back(part); });
    throw InputError({.problem = "saved state does not fit this network", .key = "state"});
}

// The rest of the class is instantiated in spiking_microcircuit.cpp.
template std::vector<std::byte> SpikingMicrocircuit<double>::save() const;
template std::vector<std::byte> SpikingMicrocircuit<float>::save() const;
template void SpikingMicrocircuit<double>::restore(std::span<const std::byte>);
template void SpikingMicrocircuit<float>::restore(std::span<const std::byte>);

} // namespace apical
