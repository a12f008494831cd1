#include "sim/spiking/error_history.h"

#include <algorithm>
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
    m_block = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(kLost / -std::log(decay)));
    m_block = std::max(m_block, life / (kMostTerms - 4)); // of very short traces
    m_reach = life + 1;
    m_slots = m_reach + 2 * m_block;
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
    const std::uint64_t within = m_now % m_block;
    const std::size_t now = at(m_now);
    const bool first = within == 0;
    spikingKernels<T>().push(m_neurons, errors, factor, m_fades[within],
        first ? nullptr : m_plain.data() + before, first ? nullptr : m_faded.data() + before,
        m_plain.data() + now, m_faded.data() + now);
}

template <class T>
int ErrorHistory<T>::since(std::uint64_t from, ErrorTerm<T> (&terms)[kMostTerms]) const
{
    int count = 0;
    const auto add = [&](std::uint64_t step, T sign) {
        // a^(block begin - s0) for the block that the step is in
        const std::uint64_t begin = step / m_block * m_block;
        const double power =
            begin >= from ? static_cast<double>(m_fades[begin - from]) : m_growths[from - begin];
        terms[count++] = {.plain = m_plain.data() + at(step),
            .faded = m_faded.data() + at(step),
            .sign = sign,
            .power = sign * static_cast<T>(power)};
    };
    if (from == m_now)
        return 0;
    add(from, T(-1));
    for (std::uint64_t step = from / m_block * m_block + m_block - 1; step < m_now; step += m_block)
        add(step, T(1));
    add(m_now, T(1));
    return count;
}

template class ErrorHistory<double>;
template class ErrorHistory<float>;

} // namespace apical
