#include "app/cli/epochs.h"

#include "sim/base/error.h"
#include "sim/base/output_file.h"
#include "sim/files/session_file.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace apical {
namespace {

/// Accuracy of what was not trained on, or minus its loss; nothing if the epoch has no such block.
std::optional<double> scoreOf(const TaskScore& score)
{
    const auto epochs = score.epochs();
    if (epochs->empty())
        return std::nullopt;
    for (const AnswerScore& block : {epochs->back().test, epochs->back().validation}) {
        if (!std::isnan(block.correct))
            return block.correct;
        if (!std::isnan(block.loss))
            return -block.loss;
    }
    return std::nullopt;
}

} // namespace

EpochKeeper::EpochKeeper(const RunOptions& options, const Experiment& experiment,
    std::filesystem::path directory, const std::vector<std::unique_ptr<LaneRun>>& lanes)
    : m_experiment(experiment)
    , m_directory(std::move(directory))
    , m_checkpoint(options.checkpoint.value_or(0))
    , m_patience(options.patience.value_or(0))
    , m_best(lanes.size(), -std::numeric_limits<double>::infinity())
{
    for (const auto& [name, value] : {std::pair{"--checkpoint", options.checkpoint},
             std::pair{"--patience", options.patience}}) {
        if (!value)
            continue;
        if (*value == 0)
            throw InputError({.problem = std::string(name) + " = 0", .allowed = "1 or more"});
        if (!lanes.front()->simulation().schedule().hasEpochs())
            throw InputError({.problem = std::string(name) + ": this stimulus has no epochs",
                .key = name,
                .allowed = "a stimulus with a training set, or protocol.train"});
    }
    if (m_checkpoint > 0 && m_directory.empty())
        throw InputError({.problem = "--checkpoint needs a directory",
            .key = "--checkpoint",
            .allowed = "--out DIR"});
    if (const Parameters& p = lanes.front()->simulation().parameters();
        m_patience > 0 && p.protocolTest == 0 && p.protocolValidation == 0)
        throw InputError({.problem = "--patience: nothing is scored between epochs",
            .key = "--patience",
            .allowed = "protocol.test or protocol.validation above 0"});
    m_epoch = m_lastBetter = lanes.front()->simulation().presentation().epoch;
}

void EpochKeeper::pauseLanes(std::vector<std::unique_ptr<LaneRun>>& lanes)
{
    m_epoch = m_patience > 0 ? m_epoch + 1 : (m_epoch / m_checkpoint + 1) * m_checkpoint;
    for (const auto& lane : lanes)
        lane->pauseAt(lane->simulation().schedule().presentations(m_epoch));
}

bool EpochKeeper::keep(std::vector<std::unique_ptr<LaneRun>>& lanes)
{
    if (m_checkpoint > 0 && m_epoch % m_checkpoint == 0) {
        SavedSession session;
        session.experiment = m_experiment;
        for (const auto& lane : lanes)
            session.states.push_back(lane->simulation().state());
        writeWholeFile(m_directory / "checkpoint.apical", writeSession(session));
    }
    if (m_patience == 0 || improves(lanes) || m_epoch - m_lastBetter < m_patience)
        return true;
    for (const auto& lane : lanes)
        lane->stopEarly();
    return false;
}

bool EpochKeeper::improves(const std::vector<std::unique_ptr<LaneRun>>& lanes)
{
    bool better = false;
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        const auto score = scoreOf(lanes[i]->score());
        if (!score || *score <= m_best[i])
            continue;
        m_best[i] = *score;
        better = true;
    }
    if (better)
        m_lastBetter = m_epoch;
    return better;
}

} // namespace apical
