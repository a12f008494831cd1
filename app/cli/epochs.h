// What a headless run does between epochs: keeps its state, and sees whether learning still goes
// on.
#pragma once

#include "app/cli/commands.h"
#include "app/cli/lane.h"
#include "sim/experiment/experiment.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace apical {

class EpochKeeper {
public:
    /// @param directory of the run's files @throws InputError if there is nowhere to keep
    /// checkpoints, or the stimulus has no epochs
    EpochKeeper(const RunOptions&, const Experiment&, std::filesystem::path directory,
        const std::vector<std::unique_ptr<LaneRun>>&);

    bool wanted() const { return m_checkpoint > 0 || m_patience > 0; }
    /// Lets the lanes pause at the end of the next epoch in which something is due.
    void pauseLanes(std::vector<std::unique_ptr<LaneRun>>&);
    /// After they have paused there. @return whether there is more to learn @throws OutputError
    bool keep(std::vector<std::unique_ptr<LaneRun>>&);

private:
    bool improves(const std::vector<std::unique_ptr<LaneRun>>&);

    const Experiment& m_experiment;
    std::filesystem::path m_directory;
    std::uint64_t m_checkpoint = 0, m_patience = 0, m_epoch = 0, m_lastBetter = 0;
    std::vector<double> m_best; ///< per lane; the larger the better
};

} // namespace apical
