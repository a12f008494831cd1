// The state of the spiking microcircuit as a value.
#include "sim/spiking/spiking_microcircuit.h"

#include "sim/base/error.h"

#include <cstring>

namespace apical {

template <class T>
template <class Self, class F>
void SpikingMicrocircuit<T>::visit(Self& self, F f)
{
    f(self.m_step);
    f(self.m_target);
    f(self.m_nudged);
    f(self.m_byEvents);
    f(self.m_arrivals);
    for (auto& p : self.m_populations) {
        f(p.soma);
        f(p.forward);
        f(p.rate);
        f(p.dendrite);
        f(p.current);
        f(p.error);
        f(p.count);
        f(p.sent);
        f(p.silentFor);
    }
    for (auto& l : self.m_layers) {
        f(l.apical);
        f(l.topdown);
        f(l.lateral);
        f(l.apicalError);
        f(l.distalError);
    }
    for (auto& p : self.m_pathways) {
        f(p.errors);
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
    template <class V> void operator()(const std::vector<V>& values)
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
    template <class V> void operator()(std::vector<V>& values)
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
    const auto slots = static_cast<std::size_t>(m_slots);
    bool good = m_byEvents.size() == m_pathways.size() && m_arrivals.size() == m_pathways.size()
        && m_target.size() == static_cast<std::size_t>(m_sizes.back());
    for (const Population& p : m_populations) {
        const auto n = static_cast<std::size_t>(p.size);
        for (const Values* values : {&p.soma, &p.forward, &p.rate, &p.dendrite, &p.current})
            good = good && values->size() == n;
        good = good && p.error.size() == n && p.count.size() == n && p.silentFor.size() == n
            && p.sent.size() == n * slots;
    }
    for (const Layer& l : m_layers) {
        const auto n = l.hidden() ? static_cast<std::size_t>(at(l.pyramidal).size) : 0;
        for (const Values* values : {&l.apical, &l.topdown, &l.lateral})
            good = good && values->size() == n;
        good = good && l.apicalError.size() == n && l.distalError.size() == n;
    }
    for (const Pathway& p : m_pathways) {
        good = good && p.errors.size() == slots * static_cast<std::size_t>(at(p.post).size);
        for (const Bundle& bundle : p.bundles)
            good = good && bundle.synapses.fits(at(p.post).size, at(p.pre).size)
                && bundle.underway.size()
                    == (bundle.delay > 1 ? slots * static_cast<std::size_t>(at(p.post).size) : 0);
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
