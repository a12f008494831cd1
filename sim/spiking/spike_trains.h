// The spikes of a population as its synapses see them.
#pragma once

#include "sim/base/aligned.h"
#include "sim/spiking/spiking_kernels.h"

#include <cstdint>
#include <span>
#include <vector>

namespace apical {

/// Per sender j: what arrives in the step, and the trace of what came before, S_j <- a S_j + n_j /
/// psi (Gille, Eq. 2.24, 1/tau_Delta is in eta). The same for all synapses of a sender, so it is
/// kept once. A trace is given up where nothing of it is left in the last digit: then its column
/// sleeps until the next spike, and steps cost it nothing.
template <class T> class SpikeTrains {
public:
    void start(int senders);
    int size() const { return m_size; }
    /// From the next step on. @param decay a
    void set(double decay, double psi);
    /// @param sent spikes that arrive in this step, padded as kernels want it
    void step(const T* sent);

    const T* trace() const { return m_trace.data(); } ///< this step's spikes included
    const T* before() const
    {
        return m_before.data();
    } ///< S_j without them, also where it was given up now
    const T* share() const { return m_share.data(); } ///< n_j / psi
    using List = std::span<const std::int32_t>;
    List arrived() const { return first(m_arrived, m_arrivals); } ///< senders that sent something
    List awake() const { return first(m_awake, m_awakes); } ///< that did, or have a trace
    List left() const { return first(m_left, m_lefts); } ///< that fell silent in this step
    List slept() const { return first(m_slept, m_slepts); } ///< whose trace was given up in it
    /// Whether the last step brought something: the weights of this moment are what was sent.
    bool fresh(int sender) const { return m_age[static_cast<std::size_t>(sender)] == 0; }

    bool fits(int senders) const;
    /// What the next steps depend on.
    template <class Self, class F> static void visit(Self& self, F f)
    {
        f(self.m_decay);
        f(self.m_inversePsi);
        f(self.m_life);
        f(self.m_trace);
        f(self.m_age);
    }

private:
    static List first(const std::vector<std::int32_t>& list, int count)
    {
        return List(list).first(static_cast<std::size_t>(count));
    }
    using Bits = std::vector<std::uint64_t>;
    static int collect(const Bits&, std::vector<std::int32_t>& list);

    int m_size = 0;
    double m_decay = 0.9, m_inversePsi = 1, m_life = 1;
    Aligned<T> m_trace, m_before, m_share, m_age;
    Bits m_arrivedBits, m_awakeBits, m_leftBits, m_sleptBits; ///< one per sender
    std::vector<std::int32_t> m_arrived, m_awake, m_left, m_slept; ///< the same as lists
    int m_arrivals = 0, m_awakes = 0, m_lefts = 0, m_slepts = 0;
    bool m_allAwake = false, m_allArrived = false; ///< m_awake, m_arrived name all senders
};

} // namespace apical
