// The synapses between two populations: what their spikes do, and how their weights learn.
#pragma once

#include "sim/base/aligned.h"
#include "sim/spiking/error_history.h"
#include "sim/spiking/spike_trains.h"

#include <cstdint>
#include <span>
#include <vector>

namespace apical {

/// A delay is that of the dendrite: spikes reach the synapse in the next step, and the dendrite d
/// steps later; errors reach the synapse d steps after the next. With a = exp(-dt/tau), for the
/// spikes n_j that come and the error D_i in a step:
///   S_j <- a S_j                     trace of the spikes before
///   W_ij <- W_ij + eta (1-a) E_ij    low-passed change
///   E_ij <- a E_ij + D_i S_j
///   J_i  <- J_i + clip(W_ij) n_j / psi     S_j <- S_j + n_j / psi
/// (Gille, Eq. 2.29 to 2.36.) Weights beyond the clip wind up; what is sent, shown and kept is the
/// clipped value at the last spike of j.
///
/// The event scheme works on a column when its sender spikes. With P and Q the plain and the faded
/// sum of D_i since the block b of steps began (error_history.h), and S0 the trace at s0, when it
/// was worked on last, both recursions are
///   E(s) = a^(s - s0) (E + S0 (P(s) - P(s0)))
///   W(s) + eta E(s) = W + eta E + eta S0 a^(b - s0) (Q(s) - Q(s0))
/// What belongs to s0 is kept as one number each,
///   E~ = E - S0 P(s0)     W~ = W + eta E - eta S0 a^(b - s0) Q(s0)
/// so that a spike reads the sums of the present step alone, the same for all columns. Later blocks
/// add theirs. Where S0 is 0, W and E stand there themselves.
template <class T> class SpikingPathway {
public:
    struct Setting {
        double decay = 0.9; ///< a
        double psi = 100;
        double clip = 0; ///< infinity: none
        double eta = 0; ///< 1/ms; 0: nothing is learned now
        bool events = false; ///< scheme
        bool operator==(const Setting&) const = default;
    };

    void start(int post, int pre, std::uint64_t step, const Setting&);
    int post() const { return m_post; }
    int pre() const { return m_pre; }
    /// Another setting from the next step on. @param trains of the sender, as they stand
    void set(const Setting&, const SpikeTrains<T>& trains);
    /// Changes under way are dropped where no trace is left, after the trace's decay has changed.
    void forget(const SpikeTrains<T>&);
    /// @param trains of the sender, this step's arrivals in it @param errors one per receiver,
    /// padded; times `factor` they are D_i, and 0 where nothing is learned @param dendrite padded;
    /// sums are added to it
    void step(const SpikeTrains<T>& trains, const T* errors, T factor, T* dendrite);
    /// Takes weights that are 0 where `mask` is: those synapses are of another bundle.
    void setWeights(std::span<const double> rowMajor, const SpikeTrains<T>&);
    void mask(std::span<const std::uint8_t> columnMajor);
    /// Of a sender: its weights at its last spike. @param inFlight it sent some in the last step:
    /// they take the weights of this moment along
    void readColumn(int pre, bool inFlight, const SpikeTrains<T>&, double* out) const;
    /// Whether all lists are as long as these sizes ask for.
    bool fits(int post, int pre) const;
    /// Columns that were worked on since the start, and sums of errors read for it: what a step
    /// costs, counted.
    std::uint64_t columnsVisited() const { return m_columns; }
    std::uint64_t sumsVisited() const { return m_sums; }
    template <class Self, class F> static void visit(Self& self, F f)
    {
        f(self.m_post);
        f(self.m_pre);
        f(self.m_setting.decay); // one by one: no gaps between them
        f(self.m_setting.psi);
        f(self.m_setting.clip);
        f(self.m_setting.eta);
        f(self.m_setting.events);
        f(self.m_now);
        f(self.m_life);
        f(self.m_idle);
        f(self.m_weights);
        f(self.m_sent);
        f(self.m_change);
        f(self.m_touched);
        f(self.m_last);
        f(self.m_kept);
        ErrorHistory<T>::visit(self.m_history, f);
    }

private:
    using List = typename SpikeTrains<T>::List;
    std::size_t at(int pre) const
    {
        return static_cast<std::size_t>(pre) * static_cast<std::size_t>(m_stride);
    }
    std::size_t size() const { return at(m_pre); }
    T clip() const { return static_cast<T>(m_setting.clip); }
    bool still() const { return m_idle >= m_life; }
    ColumnPass<T> pass(const SpikeTrains<T>&, T* dendrite);
    void eventStep(const SpikeTrains<T>&, T* dendrite);
    /// Brings a column up to the present step. @param next S_j from now on; 0: then W and E stand
    /// there themselves
    void touch(int pre, T next, T share, T* dendrite);
    void unfoldAll(); ///< all columns to W and E of the present step
    void foldAll(const SpikeTrains<T>&); ///< back to what spikes want, where there is a trace
    void fold(int pre, T trace);
    /// Weights of a column at its last spike, or as spikes find them that arrive in the next step.
    template <class Out> void weightsOf(int pre, bool arriving, Out* out) const;
    void keep(int pre); ///< the weights of the last spike, before they change without one
    void beStill();
    void clearChange(int pre);
    T seen(int pre, int post, T weight) const; ///< clipped, 0 where there is no synapse

    int m_post = 0, m_pre = 0, m_stride = 0;
    Setting m_setting;
    std::uint64_t m_now = 0, m_life = 1; ///< steps done; lifetime of a trace
    std::uint64_t m_idle = 0; ///< steps without errors; after a lifetime all E are 0: only sending
    // [pre][post, padded]: W or W~, its clipped value at the last spike, E or E~
    Aligned<T> m_weights, m_sent, m_change, m_mask; ///< m_mask empty: all synapses are here
    std::vector<std::uint64_t> m_touched; ///< events: step up to which a column is
    std::vector<T> m_last; ///< events: S_j in that step; 0: W and E themselves
    std::vector<std::uint8_t> m_kept; ///< events: m_sent holds, W has changed since the last spike
    ErrorHistory<T> m_history; ///< events, and only while there is something to learn
    std::uint64_t m_columns = 0, m_sums = 0;
};

} // namespace apical
