// Looks at a lane in every step, only while somebody wishes it: spike statistics, running means,
// single numbers one by one.
#pragma once

#include "sim/run/simulation.h"
#include "sim/steps/running_mean.h"
#include "sim/steps/spike_statistics.h"
#include "sim/steps/step_wish.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

/// What came of a wish in one lane, at one moment.
struct StepReport {
    /// Running mean of a quantity, one value per neuron. Of a count: events per ms.
    struct Means {
        std::string name;
        std::vector<double> values;
    };
    /// One number in the last steps, oldest first. Of a count: events of the step.
    struct Trace {
        StepSignal signal;
        std::vector<double> values; ///< empty: a matrix too large to be read in every step
    };

    StepWish wish; ///< that it answers
    double dt = 1; ///< ms
    double timeMs = 0; ///< after the last step looked at
    std::uint64_t step = 0; ///< steps done then
    std::optional<SpikeStatistics> statistics;
    std::vector<Means> means; ///< of those quantities that the lane's model has
    double meanSteps = 0; ///< steps of equal weight that would give as noisy a mean
    std::vector<Trace> traces; ///< of those signals that it has
    std::uint64_t tracedFrom = 0; ///< step of the first value of every trace

    const std::vector<double>* meansOf(std::string_view name) const; ///< nullptr: none
    const std::vector<double>* traceOf(const StepSignal&) const; ///< nullptr: none
};

/// One per lane; nullptr where nothing is wished.
using StepReports = std::vector<std::shared_ptr<const StepReport>>;

/// Simulation thread. Reading changes no bit of the lane; without a wish nothing is read.
class StepWatch {
public:
    explicit StepWatch(const Simulation&);

    /// Only what is wished otherwise than before starts anew.
    void wish(const StepWish&);
    void afterStep()
    {
        if (m_looks)
            look();
    }
    void startOver(); ///< something else than a step changed the lane
    /// nullptr without a wish. Who holds it may do so for as long as he likes, on any thread.
    std::shared_ptr<const StepReport> report() const;

    /// Larger matrices are not read in every step.
    static constexpr std::size_t kMostWeights = 20000;
    /// Of a trace; older ones give way.
    static constexpr std::size_t kMostSteps = 12000;

private:
    struct Source {
        int quantity = -1, projection = -1;
        std::size_t place = 0; ///< of its value in what is read
        bool count = false;
    };
    struct Averaged {
        int quantity = 0;
        bool count = false;
        RunningMean mean;
        std::vector<double> before; ///< of a count
    };
    struct Traced {
        StepSignal signal;
        Source source;
        double before = 0; ///< of a count
        std::vector<double> ring;
    };

    void look();
    void startStatistics();
    void startMeans();
    void startTraces();
    void read(int quantity, std::vector<double>& out) const;
    double valueOf(const Source&);
    std::optional<Source> sourceOf(const StepSignal&) const;
    void lookAtSpikes();

    const Simulation& m_lane;
    StepWish m_wish;
    double m_dt; ///< that all of it was gathered with
    bool m_looks = false;
    std::uint64_t m_step = 0;
    double m_timeMs = 0;
    int m_counted = -1; ///< quantity of the statistics
    std::optional<SpikeGatherer> m_spikes;
    std::vector<Averaged> m_means;
    std::vector<Traced> m_traces;
    std::size_t m_traceLength = 1;
    std::uint64_t m_traced = 0; ///< steps
    std::vector<double> m_scratch, m_expected, m_matrix;
};

} // namespace apical
