// What is observed of a run and how finely: folds probes and metrics into min/max bins.
#pragma once

#include "sim/run/simulation.h"
#include "sim/watch/bin_ring.h"
#include "sim/watch/lane_watch.h"
#include "sim/watch/spike_recorder.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace apical {

/// Simulation thread. Watches all lanes of one generation; observing never changes a bit of them.
/// Call afterStep() after every step of all lanes. Bins go into a ring; bin length and stride
/// follow the speed, so that a single step shows at once and full speed costs a few per cent.
class Recorder {
public:
    /// Units per vector and channels in all, so that a wide network can be observed as well.
    static constexpr int kMostUnits = 32;
    static constexpr std::size_t kMostChannels = 1024;
    static constexpr double kBinsPerSecond = 2000;

    /// @param watches of the lanes, for their angles; none: these channels stay empty
    /// @param origins per lane, which one it was in the generation before of the same run
    Recorder(std::span<Simulation> lanes, std::uint64_t generation, std::uint64_t run = 0,
        std::span<const LaneWatch> watches = {}, std::vector<int> origins = {});

    const std::shared_ptr<BinRing>& ring() const { return m_ring; }
    const SpikeRecorder& spikes() const { return m_spikes; } ///< of all neurons, in finer bins

    /// @param stepsPerSecond of wall time, as expected for the next steps
    /// @param mostSteps upper limit of a bin, for short runs in one go
    void setSpeed(double stepsPerSecond, double mostSteps);
    void afterStep()
    {
        m_spikes.afterStep();
        if (--m_untilObserved == 0)
            observe();
    }
    /// Closes the bin under way: before a pause, or when the pace changes.
    void flush();
    /// The lanes stand elsewhere now (rewind, restore): the bin under way is void.
    void startOver();
    /// As startOver(), and the reader forgets everything at and after the present step.
    void forgetLater();
    /// Gives a truncation that found the ring full another try. @return false while it still waits
    bool retry();

    std::uint64_t binSteps() const { return m_binSteps; }
    std::uint64_t stride() const { return m_stride; }

private:
    struct Vector {
        const Probe* probe;
        const Model* model;
        std::size_t channel; ///< of its first element
        std::size_t observed; ///< number of elements that are
        bool count; ///< what is folded is how much it grew since the last bin that was kept
    };

    void plan(std::span<Simulation>, int mostUnits);
    void readVectors();
    void readMetrics();
    void readAngles();
    void fold();
    void foldCounts();
    void countFromHere();
    void observe();
    void close();
    void beginBin();
    void beginChunk();
    void calibrate();

    std::span<Simulation> m_lanes;
    SpikeRecorder m_spikes;
    std::vector<Channel> m_channels;
    std::vector<Vector> m_vectors;
    std::vector<std::size_t> m_metrics; ///< per lane: channel of its first metric
    std::vector<std::size_t> m_angles; ///< per lane: channel of its first angle
    std::vector<std::vector<BackpropAngleColumn>> m_angleColumns; ///< per lane
    std::span<const LaneWatch> m_watches; ///< per lane, or none
    std::vector<double> m_scratch; ///< a whole vector of which only a part is observed
    std::vector<double> m_now, m_low, m_high; ///< per channel
    std::vector<double> m_counted; ///< per channel: a count at the end of the last bin kept
    std::shared_ptr<BinRing> m_ring;

    double m_observeSeconds = 0, m_metricsSeconds = 0; ///< cost of one
    std::uint64_t m_binSteps = 1, m_stride = 1, m_metricsSteps = 1; ///< as planned
    std::uint64_t m_chunk = 1,
                  m_untilObserved = 1; ///< steps between two observations, and left of them
    std::uint64_t m_done = 0,
                  m_sinceMetrics = 0; ///< steps in this bin, and since metrics were read
    std::uint32_t m_samples = 0;
    std::uint64_t m_firstStep = 0;
    double m_beginMs = 0;
    bool m_truncationWaits = false;
    std::uint64_t m_truncation = 0;
};

} // namespace apical
