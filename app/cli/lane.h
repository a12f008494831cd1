// One lane of a headless run: the simulation, its files, its errors on the way.
#pragma once

#include "sim/files/recording.h"
#include "sim/run/run_goal.h"
#include "sim/run/simulation.h"
#include "sim/watch/evaluation.h"
#include "sim/watch/warning_watch.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace apical {

/// What is measured of the model at one moment of the run, as its anatomy lists it.
struct Milestone {
    Clock clock;
    std::vector<double> measures;
};

/// Stepped by one thread at a time.
class LaneRun {
public:
    /// @param files where and what to record; nullopt: no files
    LaneRun(Simulation, const RunGoal&, std::optional<RecordingOptions> files);

    /// Makes up to `steps` steps. @return whether there is more to do @throws OutputError
    bool advance(int steps);
    /// advance() ends there as well, until it is told another place.
    void pauseAt(std::uint64_t pattern) { m_pauseAt = pattern; }
    void stopEarly() { m_stopped = true; } ///< it has learned what it could
    bool stoppedEarly() const { return m_stopped; }
    /// Puts the state back to the last finite one if the run diverged, and completes the files.
    /// @throws OutputError
    void finish();
    void salvage(); ///< after an OutputError: completes what can be completed

    Simulation& simulation() { return m_simulation; }
    const Simulation& simulation() const { return m_simulation; }
    bool diverged() const { return m_stop.has_value(); }
    const std::optional<Stop>& stop() const { return m_stop; } ///< it diverged, and why
    const std::vector<Milestone>& milestones() const { return m_milestones; }
    const TaskScore& score() const { return m_recording ? m_recording->score() : *m_score; }
    const BackpropAngles& angles() const { return m_recording ? m_recording->angles() : *m_angles; }
    /// Of the network as it is when the run is over: made once, when it is first asked for.
    const Evaluation& test();
    double progress() const { return m_goal.progress(m_simulation.clock()); }
    /// What the model warned of first, with its moment: said once, then "".
    std::string takeWarning() { return m_warnings.take(); }

private:
    void addMilestone();

    Simulation m_simulation;
    RunGoal m_goal;
    std::optional<TaskScore> m_score; ///< without files
    std::optional<BackpropAngles> m_angles; ///< without files
    std::optional<Recording> m_recording;
    std::optional<Evaluation> m_test;
    std::vector<Milestone> m_milestones; ///< start, 1/40, 1/20, 1/8, 1/4, 1/2 of the way, end
    std::size_t m_nextMilestone = 0;
    std::optional<Stop> m_stop;
    WarningWatch m_warnings;
    std::uint64_t m_pauseAt = std::numeric_limits<std::uint64_t>::max();
    bool m_stopped = false;
};

} // namespace apical
