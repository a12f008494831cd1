// How numbers become spikes.
#pragma once

#include "sim/experiment/spike_table.h"
#include "sim/lif/lif_parameters.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace apical {

/// Each of the trains of an input x sends x dt / t_ref spikes in a step in the mean; t_ref / dt a
/// spike makes that x. Poisson: by inversion, any number. Bernoulli: one with that probability, 1
/// at most. Periodic: spikes at m t_ref / x, m = 0, 1, ...; one at k dt <= time < (k + 1) dt is of
/// step k. Negative inputs send nothing. Numbers are addressed by (seed, step, input, sample,
/// train). Hunsberger (2018).
class Encoder {
public:
    /// @param inputs, samples the counts are [input][sample], as inputs are
    Encoder(int inputs, int samples, std::uint64_t seed, SpikeReplay replay);

    /// What is sent in this step. @param input [input][sample]
    void step(
        const SpikeFields&, double tRef, double dt, std::span<const double> input, std::uint64_t);
    /// Whether spikes are sent in this step: of `current` only if they are replayed.
    bool sends(const SpikeFields& p, std::uint64_t step) const
    {
        return p.encoder != encoder_kind::current || replays(step);
    }
    const std::vector<double>& counts() const { return m_counts; } ///< [input][sample]
    /// Size of one spike: with so many trains their mean is what is sent.
    static double amplitude(const SpikeFields& p, double tRef, double dt)
    {
        return tRef / (dt * p.trains);
    }
    /// Columns of a table of uniform numbers, 0: the encoder draws none.
    static int uniforms(const SpikeFields& p, int inputs, int samples);

private:
    bool replays(std::uint64_t step) const
    {
        return m_replay.table && step < m_replay.table->steps();
    }
    std::uint64_t m_seed;
    SpikeReplay m_replay;
    std::vector<double> m_counts;
};

} // namespace apical
