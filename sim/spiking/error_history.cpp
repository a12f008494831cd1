#include "sim/spiking/error_history.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr double kLost = 3.2; // e-foldings within a block: what cancellation may cost, a digit
constexpr double kLast = 39; // e-foldings until a trace is below the last digit

} // namespace

std::uint64_t ErrorHistory::lifetime(double decay)
{
    return std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(std::ceil(kLast / -std::log(decay))));
}

void ErrorHistory::start(int neurons, double decay, std::uint64_t begin)
{
    m_neurons = neurons;
    m_decay = decay;
    m_block = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(kLost / -std::log(decay)));
    const std::uint64_t life = lifetime(decay);
    m_reach = life + life / 4 + m_block;
    m_slots = m_reach + 2 * m_block;
    m_now = begin;
    m_powers.resize(m_block);
    for (std::uint64_t n = 0; n < m_block; ++n)
        m_powers[n] = std::pow(decay, static_cast<double>(n));
    m_plain.assign(m_slots * static_cast<std::size_t>(neurons), 0.0);
    m_faded = m_plain;
}

void ErrorHistory::push(const double* errors)
{
    const double* plainBefore = at(m_plain, m_now);
    const double* fadedBefore = at(m_faded, m_now);
    ++m_now;
    auto* plain = const_cast<double*>(at(m_plain, m_now));
    auto* faded = const_cast<double*>(at(m_faded, m_now));
    const std::uint64_t within = m_now % m_block;
    const double power = m_powers[within];
    for (int i = 0; i < m_neurons; ++i) {
        plain[i] = (within == 0 ? 0 : plainBefore[i]) + errors[i];
        faded[i] = (within == 0 ? 0 : fadedBefore[i]) + power * errors[i];
    }
}

void ErrorHistory::since(std::uint64_t from, double* plain, double* faded) const
{
    std::fill_n(plain, m_neurons, 0.0);
    std::fill_n(faded, m_neurons, 0.0);
    const auto add = [&](std::uint64_t step, double sign) {
        // a^(block begin - s0) for the block that the step is in
        const double begin = static_cast<double>(step / m_block * m_block);
        const double power = std::pow(m_decay, begin - static_cast<double>(from));
        const double *p = at(m_plain, step), *f = at(m_faded, step);
        for (int i = 0; i < m_neurons; ++i) {
            plain[i] += sign * p[i];
            faded[i] += sign * power * f[i];
        }
    };
    if (from == m_now)
        return;
    add(from, -1);
    std::uint64_t step = endOfBlock(from);
    for (; step < m_now; step += m_block)
        add(step, 1);
    add(m_now, 1);
}

} // namespace apical
