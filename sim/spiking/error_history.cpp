#include "sim/spiking/error_history.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace apical {
namespace {

constexpr double kLost = 3.2; // e-foldings within a block: what cancellation may cost, a digit
constexpr double kLast = 39; // e-foldings until a trace is below the last digit

} // namespace

std::uint64_t traceLifetime(double decay)
{
    return std::max<std::uint64_t>(
        2, static_cast<std::uint64_t>(std::ceil(kLast / -std::log(decay))));
}

template <class T> void ErrorHistory<T>::start(int neurons, double decay, std::uint64_t begin)
{
    m_neurons = neurons;
    m_stride = padded<T>(neurons);
    m_decay = decay;
    const std::uint64_t life = traceLifetime(decay);
    // Powers of two, as both are divided by at each touch.
    m_block = std::bit_floor(
        std::max<std::uint64_t>(1, static_cast<std::uint64_t>(kLost / -std::log(decay))));
    m_reach = life + 1;
    m_slots = std::bit_ceil(m_reach + 2 * m_block);
    m_now = begin;
    m_fades.resize(m_reach + 1);
    for (std::uint64_t n = 0; n <= m_reach; ++n)
        m_fades[n] = static_cast<T>(std::pow(decay, static_cast<double>(n)));
    m_growths.resize(m_block);
    for (std::uint64_t n = 0; n < m_block; ++n)
        m_growths[n] = std::pow(decay, -static_cast<double>(n));
    m_plain.assign(m_slots * static_cast<std::size_t>(m_stride), T(0));
    m_faded = m_plain;
}

template <class T> void ErrorHistory<T>::push(const T* errors, T factor)
{
    const std::size_t before = at(m_now);
    ++m_now;
    const std::uint64_t within = m_now & (m_block - 1);
    const std::size_t now = at(m_now);
    const bool first = within == 0;
    spikingKernels<T>().push(m_neurons, errors, factor, m_fades[within],
        first ? nullptr : m_plain.data() + before, first ? nullptr : m_faded.data() + before,
        m_plain.data() + now, m_faded.data() + now);
}

template <class T>
int ErrorHistory<T>::upTo(
    std::uint64_t s, std::uint64_t s0, ErrorTerm<T> (&terms)[kMostTerms]) const
{
    int count = 0;
    const auto add = [&](std::uint64_t step, double power) {
        terms[count++] = {
            .plain = plainOf(step), .faded = fadedOf(step), .power = static_cast<T>(power)};
    };
    const std::uint64_t last = s & ~(m_block - 1);
    std::uint64_t begin = s0 & ~(m_block - 1);
    double power = growth(s0); // a^(block begin - s0) for the block that a step is in
    for (; begin < last; begin += m_block) {
        add(begin + m_block - 1, power);
        power = static_cast<double>(m_fades[begin + m_block - s0]);
    }
    add(s, power);
    return count;
}

template class ErrorHistory<double>;
template class ErrorHistory<float>;

} // namespace apical
