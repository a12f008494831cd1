// What a headless run says when it is over.
#pragma once

#include "app/cli/commands.h"
#include "app/cli/lane.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace apical {

/// Refers to the options, the experiment and the lanes; they outlive it.
class RunReport {
public:
    RunReport(const RunOptions&, const Experiment&, const std::vector<std::unique_ptr<LaneRun>>&,
        double wallSeconds, bool interrupted);

    std::string json() const; ///< the one object of --json
    /// The same with version, compiler and command line; of one lane, or of the whole run.
    std::string summary(std::optional<std::size_t> lane = {}) const;
    std::string table() const; ///< the errors of every hidden layer on the way
    void complain() const; ///< divergence or interruption, on standard error
    ExitCode exitCode() const;

private:
    const RunOptions& m_options;
    const Experiment& m_experiment;
    const std::vector<std::unique_ptr<LaneRun>>& m_lanes;
    double m_wall;
    bool m_interrupted;
};

} // namespace apical
