// What a synapse needs of the errors that its neuron had since it was last touched, at a cost that
// does not depend on how long ago that was.
#pragma once

#include <cstdint>
#include <vector>

namespace apical {

/// Running integrals of the errors D_i of one population. For a synapse touched in step s0 and now
/// in step s, with a = exp(-dt/tau):
///   plain_i = sum over t in (s0, s] of D_i(t)     faded_i = sum of a^(t - s0) D_i(t)
/// Both are differences of sums that start anew every few steps, so that nothing is lost to
/// cancellation, and reach back only as far as a trace lasts: memory does not grow with silence.
/// Gille, Eq. 2.33 to 2.36, as the two integrals I_1 and I_2 - here kept once per neuron.
class ErrorHistory {
public:
    /// Starts at step `begin` (that step's errors are not in it). @param decay a, in (0, 1)
    void start(int neurons, double decay, std::uint64_t begin);
    /// The errors of the next step.
    void push(const double* errors);
    std::uint64_t now() const { return m_now; } ///< step of the last push
    /// How many steps back s0 may lie.
    std::uint64_t reach() const { return m_reach; }
    /// @param from s0, now() - reach() at the earliest @param plain, faded one number per neuron
    void since(std::uint64_t from, double* plain, double* faded) const;
    std::size_t bytes() const { return (m_plain.size() + m_faded.size()) * sizeof(double); }
    /// About what bytes() will be.
    static std::size_t bytesFor(int neurons, double decay)
    {
        return static_cast<std::size_t>(lifetime(decay)) * static_cast<std::size_t>(neurons) * 3
            * sizeof(double);
    }

    /// After so many steps a trace of 1 is below the last digit.
    static std::uint64_t lifetime(double decay);

    bool fits(int neurons) const
    {
        const std::size_t size = m_slots * static_cast<std::size_t>(neurons);
        return m_neurons == neurons && m_plain.size() == size && m_faded.size() == size
            && m_block > 0 && m_powers.size() == m_block && m_slots > m_reach + m_block;
    }
    template <class Self, class F> static void visit(Self& self, F f)
    {
        f(self.m_neurons);
        f(self.m_decay);
        f(self.m_block);
        f(self.m_slots);
        f(self.m_reach);
        f(self.m_powers);
        f(self.m_now);
        f(self.m_plain);
        f(self.m_faded);
    }

private:
    const double* at(const std::vector<double>& sums, std::uint64_t step) const
    {
        return sums.data() + step % m_slots * static_cast<std::size_t>(m_neurons);
    }
    std::uint64_t endOfBlock(std::uint64_t step) const
    {
        return step / m_block * m_block + m_block - 1;
    }

    int m_neurons = 0;
    double m_decay = 0.5;
    std::uint64_t m_block = 1, m_slots = 2, m_reach = 1, m_now = 0;
    std::vector<double> m_powers; ///< a^n, n < m_block
    std::vector<double> m_plain, m_faded; ///< [slot][neuron]: sums since the block began
};

} // namespace apical
