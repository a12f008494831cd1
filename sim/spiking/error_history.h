// What a synapse needs of the errors that its neuron had since it was last touched, at a cost that
// does not depend on how long ago that was.
#pragma once

#include "sim/base/aligned.h"
#include "sim/model/kernels.h"
#include "sim/spiking/spiking_kernels.h"

#include <bit>
#include <cstdint>
#include <vector>

namespace apical {

/// Steps after which a trace of 1 is below the last digit. @param decay a = exp(-dt / tau)
std::uint64_t traceLifetime(double decay);

/// Running integrals of the errors D_i of one population. For a synapse touched in step s0 and now
/// in step s, with a = exp(-dt/tau):
///   plain_i = sum over t in (s0, s] of D_i(t)     faded_i = sum of a^(t - s0) D_i(t)
/// Both are differences of sums that start anew every few steps, so that nothing is lost to
/// cancellation, and reach back only as far as a trace lasts: memory does not grow with silence.
/// Gille, Eq. 2.33 to 2.36, as the two integrals I_1 and I_2 - here kept once per neuron.
template <class T> class ErrorHistory {
public:
    /// Starts at step `begin` (that step's errors are not in it). @param decay a, in (0, 1)
    void start(int neurons, double decay, std::uint64_t begin);
    /// The errors of the next step, times a factor.
    void push(const T* errors, T factor);
    std::uint64_t now() const { return m_now; } ///< step of the last push
    /// How many steps back s0 may lie.
    std::uint64_t reach() const { return m_reach; }
    /// plain and faded from the beginning of the block of s0 to step s as sums over `terms`, the
    /// last one the row of s. Less the row of s0 alone, they are those since s0. Both steps are
    /// now() - reach() at the earliest. @return how many terms
    int upTo(std::uint64_t s, std::uint64_t s0, ErrorTerm<T> (&terms)[kMostTerms]) const;
    const T* plainOf(std::uint64_t step) const { return m_plain.data() + at(step); }
    const T* fadedOf(std::uint64_t step) const { return m_faded.data() + at(step); }
    T fade(std::uint64_t steps) const { return m_fades[steps]; } ///< a^steps, reach() at most
    /// a^-(steps since the block of that step began)
    double growth(std::uint64_t step) const { return m_growths[step & (m_block - 1)]; }
    std::size_t bytes() const { return (m_plain.size() + m_faded.size()) * sizeof(T); }
    /// About what bytes() will be.
    static std::size_t bytesFor(int neurons, double decay)
    {
        return static_cast<std::size_t>(traceLifetime(decay))
            * static_cast<std::size_t>(padded<T>(neurons)) * 4 * sizeof(T);
    }

    bool fits(int neurons) const
    {
        const std::size_t size = m_slots * static_cast<std::size_t>(padded<T>(neurons));
        return m_neurons == neurons && m_plain.size() == size && m_faded.size() == size
            && std::has_single_bit(m_block) && std::has_single_bit(m_slots)
            && m_fades.size() == m_reach + 1 && m_growths.size() == m_block
            && m_slots > m_reach + m_block;
    }
    template <class Self, class F> static void visit(Self& self, F f)
    {
        f(self.m_neurons);
        f(self.m_stride);
        f(self.m_decay);
        f(self.m_block);
        f(self.m_slots);
        f(self.m_reach);
        f(self.m_fades);
        f(self.m_growths);
        f(self.m_now);
        f(self.m_plain);
        f(self.m_faded);
    }

private:
    std::size_t at(std::uint64_t step) const
    {
        return (step & (m_slots - 1)) * static_cast<std::size_t>(m_stride);
    }

    int m_neurons = 0, m_stride = 0;
    double m_decay = 0.5;
    std::uint64_t m_block = 1, m_slots = 2, m_reach = 1, m_now = 0;
    std::vector<T> m_fades; ///< a^n, n <= m_reach
    std::vector<double> m_growths; ///< a^-n, n < m_block
    Aligned<T> m_plain, m_faded; ///< [slot][neuron]: sums since the block began
};

} // namespace apical
