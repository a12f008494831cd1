#include "sim/spiking/spike_trains.h"

#include "sim/base/bits.h"
#include "sim/model/kernels.h"
#include "sim/spiking/error_history.h"

#include <algorithm>

namespace apical {
namespace {

constexpr double kOldest = 1 << 24; // of the kernel that counts ages

} // namespace

template <class T> void SpikeTrains<T>::start(int senders)
{
    m_size = senders;
    const auto n = static_cast<std::size_t>(padded<T>(senders));
    m_trace.assign(n, T(0));
    m_before = m_share = m_trace;
    m_age.assign(n, static_cast<T>(kOldest));
    for (auto* list : {&m_arrived, &m_awake, &m_left, &m_slept})
        list->assign(n, 0);
    for (Bits* bits : {&m_arrivedBits, &m_awakeBits, &m_leftBits, &m_sleptBits})
        bits->assign((static_cast<std::size_t>(senders) + 63) / 64, 0);
    m_arrivals = m_awakes = m_lefts = m_slepts = 0;
    m_allAwake = m_allArrived = false;
}

template <class T> void SpikeTrains<T>::set(double decay, double psi)
{
    m_decay = decay;
    m_inversePsi = 1 / psi;
    const double life = std::min(static_cast<double>(traceLifetime(decay)), kOldest - 1);
    for (std::size_t j = 0; life != m_life && j < m_age.size(); ++j) {
        if (static_cast<double>(m_age[j]) < life)
            continue;
        m_age[j] = static_cast<T>(kOldest);
        m_trace[j] = 0;
    }
    m_life = life;
}

/// In ascending order. @return how many
template <class T> int SpikeTrains<T>::collect(const Bits& bits, std::vector<std::int32_t>& list)
{
    int count = 0;
    for (std::size_t word = 0; word < bits.size(); ++word)
        count += listBits(bits[word], static_cast<int>(64 * word), list.data() + count);
    return count;
}

template <class T> void SpikeTrains<T>::step(const T* sent)
{
    const TraceReport seen = spikingKernels<T>().traces({.n = m_size,
        .decay = static_cast<T>(m_decay),
        .inversePsi = static_cast<T>(m_inversePsi),
        .life = static_cast<T>(m_life),
        .sent = sent,
        .trace = m_trace.data(),
        .before = m_before.data(),
        .share = m_share.data(),
        .age = m_age.data(),
        .arrived = m_arrivedBits.data(),
        .awake = m_awakeBits.data(),
        .left = m_leftBits.data(),
        .slept = m_sleptBits.data()});
    // Mostly all of them or none: then the list stands already.
    if (seen.arrived == 0)
        m_arrivals = 0;
    else if (seen.arrived < m_size || !m_allArrived)
        m_arrivals = collect(m_arrivedBits, m_arrived);
    else
        m_arrivals = m_size;
    m_allArrived = seen.arrived == m_size || (m_allArrived && seen.arrived == 0);
    if (!seen.allAwake || !m_allAwake)
        m_awakes = collect(m_awakeBits, m_awake);
    m_allAwake = seen.allAwake;
    m_lefts = collect(m_leftBits, m_left);
    m_slepts = collect(m_sleptBits, m_slept);
}

template <class T> bool SpikeTrains<T>::fits(int senders) const
{
    const auto n = static_cast<std::size_t>(padded<T>(senders));
    return m_size == senders && m_trace.size() == n && m_age.size() == n;
}

template class SpikeTrains<double>;
template class SpikeTrains<float>;

} // namespace apical
