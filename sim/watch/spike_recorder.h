// How finely spikes are looked at: counts of all neurons, folded as differences.
#pragma once

#include "sim/run/simulation.h"
#include "sim/watch/spike_ring.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace apical {

/// Simulation thread. Reads every quantity that counts of all lanes after each step, or after so
/// many that it costs a few per cent; what came to them since the last bin goes into a ring.
/// Reading changes no bit of the lanes. Nothing is read of models that count nothing.
class SpikeRecorder {
public:
    static constexpr double kBinsPerSecond = 50'000;

    SpikeRecorder(std::span<Simulation> lanes, std::uint64_t generation, std::uint64_t run = 0,
        std::vector<int> origins = {});

    const std::shared_ptr<SpikeRing>& ring() const { return m_ring; }
    std::uint64_t binSteps() const { return m_binSteps; }

    /// @param stepsPerSecond of wall time, as expected @param mostSteps upper limit of a bin
    void setSpeed(double stepsPerSecond, double mostSteps);
    void afterStep()
    {
        if (--m_left == 0)
            close();
    }
    void flush(); ///< closes the bin under way
    /// The lanes may stand elsewhere now; what was seen holds until forgetLater().
    void startOver()
    {
        if (!m_sources.empty())
            m_left = m_binSteps;
    }
    /// They stand elsewhere: the reader forgets what was seen of steps after the present one.
    void forgetLater();
    /// Gives forgetLater() another try if it found the ring full. @return false while it waits
    bool retry();

private:
    struct Source {
        const Model* model;
        int quantity;
        std::size_t first, size; ///< rows
    };

    void read();
    bool look(); ///< at what came since the last bin; false: a count fell
    void close();
    bool stand();
    void keep();
    void calibrate();

    std::span<Simulation> m_lanes;
    std::vector<Source> m_sources;
    std::vector<double> m_now; ///< per row, as the models count
    std::vector<double> m_kept; ///< the same at the end of the last bin that found room
    std::vector<SpikeEvent> m_events;
    std::vector<std::uint64_t> m_totals;
    std::shared_ptr<SpikeRing> m_ring;
    double m_lookSeconds = 0; ///< cost of one bin
    std::uint64_t m_looks = 0;
    std::uint64_t m_binSteps = 1; ///< as planned
    std::uint64_t m_left = 1; ///< steps until the next bin ends
    std::uint64_t m_keptStep = 0;
    bool m_elsewhere = false; ///< the reader must be told where the run stands
    std::uint64_t m_from = 0; ///< and from which step on it forgets
};

} // namespace apical
