// The files of a run: traces, metrics, spikes, weights and the experiment that reruns it.
#pragma once

#include "sim/base/output_file.h"
#include "sim/run/simulation.h"
#include "sim/steps/spike_counts.h"
#include "sim/watch/backprop_angle.h"
#include "sim/watch/block_tests.h"
#include "sim/watch/evaluation.h"
#include "sim/watch/task_score.h"

#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace apical {

/// What is written of a probe.
struct RecordedProbe {
    const Probe* probe = nullptr;
    std::vector<std::size_t> elements{}; ///< of what read() gives, ascending; empty: all
    std::size_t size() const
    {
        return elements.empty() ? static_cast<std::size_t>(probe->size()) : elements.size();
    }
};

/// Probes of a lane by name, pattern ("layer*.W_pi") or element ("layer1.W_pi[0][1]"), "all" for
/// every one; what only other lanes' models have is passed
/// over.
/// @throws InputError for a name that no lane knows, with the nearest
std::vector<RecordedProbe> selectProbes(const Simulation&, const std::vector<std::string>& names);

/// Column names: name[i] for vectors, name[post][pre] for matrices.
void appendColumns(std::string& header, const RecordedProbe&);

struct RecordingOptions {
    std::filesystem::path directory;
    std::vector<std::string> probes; ///< empty: traces.csv has a header only
    std::uint64_t every = 1; ///< a trace row for each K-th step: steps K-1, 2K-1, ...
    bool metricsEvery =
        false; ///< metrics in the same rhythm instead of one row per finished sample
};

/// Writes one lane's traces.csv, metrics.csv, spikes.csv (of the populations whose spikes are among
/// the probes) and weights.json. A row of step k (counted
/// from 0) holds the state after step k, of spikes those of that step; t_ms is the simulated time
/// after it.
class Recording {
public:
    /// Opens the files, so that whatever is wrong with them is known before the run.
    /// @throws InputError (probes), OutputError
    Recording(Simulation&, RecordingOptions);
    ~Recording();

    /// After every successful step of the simulation. @throws OutputError, e.g. on a full disk
    void afterStep();
    /// Writes the weights, completes and renames all files. @param test of the network as it is
    /// now; the last row of metrics.csv tells it, if the run ended with that row @throws
    /// OutputError
    void finish(const Evaluation& test = {});
    /// After a failed afterStep() or finish(): keeps the rows that fitted, and what else still
    /// fits.
    void salvage();
    const TaskScore& score() const { return m_score; }
    const BackpropAngles& angles() const { return m_angles; }

private:
    static constexpr std::size_t kBlock = std::size_t{1} << 16; ///< bytes gathered first
    /// The last row of metrics.csv: what it is made of, and where it begins in m_metricText.
    struct Row {
        bool sampleFinished = false;
        const BackpropMeasurement* angles = nullptr; ///< nullptr: none is new
        Told told{};
        std::size_t begin = 0;
        std::uint64_t step = std::numeric_limits<std::uint64_t>::max(); ///< after it; none yet
    };

    void writeSpikes();
    void countBefore(); ///< what counters of events show before a step that is written
    std::string metricsHeader() const;
    void writeMetrics(bool sampleFinished);
    void appendMetricsRow();
    void tellFinally(const Told& test);
    void writeFinalWeights();
    void flush(OutputFile&, std::string& text, std::size_t limit) const;

    Simulation& m_simulation;
    RecordingOptions m_options;
    TaskScore m_score;
    BackpropAngles m_angles;
    std::vector<BackpropAngleColumn> m_angleColumns; ///< of metrics.csv; empty: none is measured
    bool m_newAngles = false; ///< since the last row
    BlockTests m_tests;
    Told m_told; ///< of blocks that ended since the last row
    Row m_row;
    std::vector<RecordedProbe> m_probes;
    std::vector<double> m_values; // of one probe
    std::vector<std::vector<double>> m_before; // per probe, empty unless it counts events
    OutputFile m_traces, m_metrics, m_spikes;
    bool m_weightsWritten = false;
    SpikeCounts m_counts;
    std::string m_traceText, m_metricText, m_spikeText;
};

/// Errors and scores by their column names, in column order; those that do not apply are left out.
Told currentMetrics(Simulation&, const TaskScore&);
/// The same, angles to backprop (means of the last eight measurements), and what a test beside the
/// run tells: test_loss, test_accuracy and what the model knows beyond them.
Told finalMetrics(Simulation&, const TaskScore&, const BackpropAngles&, const Evaluation& test);
/// With a test that is made for it.
Told finalMetrics(Simulation&, const TaskScore&, const BackpropAngles&);

} // namespace apical
