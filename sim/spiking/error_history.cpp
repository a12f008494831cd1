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
    m_growths.resize(m_reach + 1);
    for (std::uint64_t n = 0; n <= m_reach; ++n) {
        m_fades[n] = static_cast<T>(std::pow(decay, static_cast<double>(n)));
        m_growths[n] = std::pow(decay, -static_cast<double>(n));
    }
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
int ErrorHistory<T>::since(std::uint64_t from, ErrorTerm<T> (&terms)[kMostTerms]) const
{
    if (from == m_now)
        return 0;
    int count = 0;
    const std::uint64_t block = m_block, first = from & ~(block - 1);
    const auto add = [&](std::uint64_t step, double power) {
        terms[count++] = {
            .plain = plainOf(step), .faded = fadedOf(step), .power = static_cast<T>(power)};
    };
    // a^(block begin - s0) for the block that a step is in
    const double inFirst = m_growths[from - first];
    add(from, -inFirst);
    if (first + block > m_now) {
        add(m_now, inFirst);
        return count;
    }
    add(first + block - 1, inFirst);
    std::uint64_t begin = first + block;
    for (; begin + block <= m_now; begin += block)
        add(begin + block - 1, static_cast<double>(m_fades[begin - from]));
    add(m_now, static_cast<double>(m_fades[begin - from]));
    return count;
}

template class ErrorHistory<double>;
template class ErrorHistory<float>;

} // namespace apical
