// The synapses between two populations: what their spikes do, and how their weights learn.
#pragma once

#include "sim/base/matrix.h"
#include "sim/spiking/error_history.h"

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
template <class T> class SpikingPathway {
public:
    struct Setting {
        double decay = 0.9; ///< a
        double psi = 100;
        double clip = 0; ///< infinity: none
        double eta = 0; ///< 1/ms; 0: nothing is learned now
        bool events = false; ///< scheme
    };

    void start(int post, int pre, std::uint64_t step, const Setting&);
    int post() const { return m_post; }
    int pre() const { return m_pre; }
    /// Another setting from the next step on.
    void set(const Setting&);
    /// @param arrivals spikes per sender @param errors one per receiver, 0 where nothing is learned
    /// @param dendrite sums are added to it
    void step(const T* arrivals, const double* errors, T* dendrite);
    /// Takes weights that are 0 where `mask` is: those synapses are of another bundle.
    void setWeights(std::span<const double> rowMajor);
    void mask(std::vector<std::uint8_t> columnMajor) { m_mask = std::move(columnMajor); }
    /// Of a sender: its weights at its last spike. @param inFlight it sent some in the last step:
    /// they take the weights of this moment along
    void readColumn(int pre, bool inFlight, double* out) const;
    /// Whether all lists are as long as these sizes ask for.
    bool fits(int post, int pre) const;
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
        f(self.m_weights);
        f(self.m_sent);
        f(self.m_change);
        f(self.m_trace);
        f(self.m_touched);
        ErrorHistory::visit(self.m_history, f);
    }

private:
    std::size_t at(int pre) const
    {
        return static_cast<std::size_t>(pre) * static_cast<std::size_t>(m_post);
    }
    void send(int pre, T arrivals, T* dendrite);
    void timeStep(const T* arrivals, const double* errors, T* dendrite);
    void eventStep(const T* arrivals, const double* errors, T* dendrite);
    void touch(int pre); ///< brings a column up to the present step
    T seen(int pre, int post, double weight) const; ///< clipped, 0 where there is no synapse
    void touchAll();
    void settleFaded();
    bool sleeps(int pre) const { return m_trace[static_cast<std::size_t>(pre)] == 0; }

    int m_post = 0, m_pre = 0;
    Setting m_setting;
    std::uint64_t m_now = 0, m_life = 1; ///< steps done; lifetime of a trace
    std::vector<T> m_weights, m_sent,
        m_change; ///< W, its clipped value at the last spike, E: [pre][post]
    std::vector<double> m_trace; ///< S_j; 0: nothing is under way in the column
    std::vector<std::uint64_t> m_touched; ///< events: step of m_trace; time: of the last arrival
    std::vector<std::uint8_t> m_mask; ///< empty: all synapses are here
    ErrorHistory m_history;
    std::vector<double> m_plain, m_faded;
};

} // namespace apical
