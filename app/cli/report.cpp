#include "app/cli/report.h"

#include "sim/base/version.h"
#include "sim/model/kernels.h"
#include "sim/steps/spike_counts.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace apical {
namespace {

using Json = nlohmann::ordered_json;

bool atGoal(const LaneRun& lane)
{
    return lane.progress() >= 1;
}

const char* stateText(const LaneRun& lane)
{
    if (lane.diverged())
        return "diverged";
    return atGoal(lane) ? "done" : lane.stoppedEarly() ? "stopped" : "interrupted";
}

Json laneJson(LaneRun& lane, double wall)
{
    const Clock& clock = lane.simulation().clock();
    Json json{{"steps", clock.step}, {"time_ms", clock.timeMs}, {"state", stateText(lane)}};
    if (const auto& stop = lane.stop()) {
        json["diverged"] = {
            {"quantity", stop->quantity}, {"step", clock.step}, {"time_ms", clock.timeMs}};
        if (stop->guarded())
            json["diverged"].update(
                {{"guard", stop->guard}, {"value", stop->value}, {"limit", stop->limit}});
    }
    Json metrics = Json::object();
    for (const auto& [name, value] :
        finalMetrics(lane.simulation(), lane.score(), lane.angles(), lane.test()))
        metrics[name] = value;
    json["metrics"] = std::move(metrics);
    if (const SpikeCounts counts(lane.simulation().model(), SpikeCounts::Of::samples);
        counts.any()) {
        const Anatomy& anatomy = lane.simulation().model().anatomy();
        for (const SpikeCounts::Population& p : counts.populations()) {
            // Errors are counted as e+ less e-: their sum is no number of spikes. The measure
            // error_spikes_per_sample is one.
            const auto& counter = anatomy.quantities[static_cast<std::size_t>(p.quantity)];
            if (anatomy.of(counter).kind != "errors")
                json["spikes"][p.fullName] = SpikeCounts::total(p);
        }
    }
    json["wall_s"] = wall;
    json["steps_per_s"] = wall > 0 ? static_cast<double>(clock.step) / wall : 0;
    return json;
}

Json runJson(const RunOptions& options, const Experiment& experiment,
    const std::vector<std::unique_ptr<LaneRun>>& lanes, double wall, std::size_t shown)
{
    Json json{{"preset", options.preset}, {"model", experiment.model()}, {"seed", experiment.seed}};
    json.update(laneJson(*lanes[shown], wall));
    return json;
}

std::string sizesText(const std::vector<int>& layers)
{
    std::string text;
    for (const int size : layers)
        text += (text.empty() ? "" : "-") + std::to_string(size);
    return text;
}

std::string right(const std::string& text, std::size_t width)
{
    return std::string(text.size() < width ? width - text.size() : 1, ' ') + text;
}

std::string timeText(const LaneRun& lane, const Clock& clock)
{
    return lane.simulation().model().anatomy().timeUnit == "ms" ? durationText(clock.timeMs)
                                                                : std::to_string(clock.step);
}

/// "learning.rate or inference.rate": the rates that a model has.
std::string ratesText(const Parameters& p)
{
    std::string text;
    for (const ParameterRow& row : p.table()) {
        if (row.key.ends_with(".rate"))
            text += (text.empty() ? "" : " or ") + std::string(row.key);
    }
    return text;
}

/// What is measured of one layer, milestone by milestone.
std::string measureTable(const LaneRun& lane, int layer)
{
    const auto& all = lane.simulation().model().anatomy().measures;
    constexpr std::size_t gap = 3, least = 12;
    std::string text = "    simulated";
    for (const Anatomy::Measure& m : all) {
        if (m.layer == layer && m.recorded)
            text += right(m.label, std::max(least, m.label.size() + gap));
    }
    text += '\n';
    for (const Milestone& moment : lane.milestones()) {
        text += right(timeText(lane, moment.clock), 13);
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (all[i].layer == layer && all[i].recorded)
                text +=
                    right(readable(moment.measures[i]), std::max(least, all[i].label.size() + gap));
        }
        text += '\n';
    }
    return text;
}

std::vector<int> measuredLayers(const LaneRun& lane)
{
    std::vector<int> layers;
    for (const Anatomy::Measure& m : lane.simulation().model().anatomy().measures) {
        if (layers.empty() || layers.back() != m.layer)
            layers.push_back(m.layer);
    }
    return layers;
}

// What was not trained on: the last validation block and a test of the final network.
std::string answerText(LaneRun& lane)
{
    std::string text;
    const auto line = [&text](const char* what, const AnswerScore& score) {
        if (score.loss != score.loss)
            return;
        text += std::string("    ") + what + " loss " + readable(score.loss);
        if (score.correct == score.correct)
            text += ", accuracy " + readable(100 * score.correct) + " %";
        text += '\n';
    };
    line("validation", lane.score().lastValidation());
    if (!lane.diverged()) { // the model's own accuracy where it tells one, as --json does
        AnswerScore test = lane.test().mean;
        for (const auto& [name, value] : lane.test().told())
            if (name == "test_accuracy")
                test.correct = value;
        line("test", test);
    }
    return text;
}

} // namespace

RunReport::RunReport(const RunOptions& options, const Experiment& experiment,
    const std::vector<std::unique_ptr<LaneRun>>& lanes, double wallSeconds, bool interrupted)
    : m_options(options)
    , m_experiment(experiment)
    , m_lanes(lanes)
    , m_wall(wallSeconds)
    , m_interrupted(interrupted)
{
}

std::string RunReport::json() const
{
    Json json = runJson(m_options, m_experiment, m_lanes, m_wall, 0);
    if (m_lanes.size() > 1) {
        const auto diverged = std::find_if(
            m_lanes.begin(), m_lanes.end(), [](const auto& lane) { return lane->diverged(); });
        if (diverged != m_lanes.end())
            json["state"] = "diverged";
        Json list = Json::array();
        for (std::size_t i = 0; i < m_lanes.size(); ++i) {
            Json lane{{"name", m_experiment.lanes[i].name}};
            lane.update(laneJson(*m_lanes[i], m_wall));
            list.push_back(std::move(lane));
        }
        json["lanes"] = std::move(list);
    }
    return json.dump() + '\n';
}

std::string RunReport::summary(std::optional<std::size_t> lane) const
{
    Json json =
        lane ? runJson(m_options, m_experiment, m_lanes, m_wall, *lane) : Json::parse(this->json());
    if (lane)
        json["lane"] = m_experiment.lanes[*lane].name;
    json["version"] = programVersion();
    json["compiler"] = compilerText();
    json["instruction_set"] = simdTarget();
    json["command"] = m_options.commandLine;
    return json.dump(2) + '\n';
}

std::string RunReport::table() const
{
    std::uint64_t steps = 0;
    for (const auto& lane : m_lanes)
        steps += lane->simulation().clock().step;
    std::string text = m_options.preset + ": " + std::string(m_experiment.model()) + ' '
        + sizesText(m_experiment.layers) + ", seed " + std::to_string(m_experiment.seed) + ", "
        + std::to_string(steps) + " steps in " + readable(m_wall) + " s ("
        + rateText(m_wall > 0 ? static_cast<double>(steps) / m_wall : 0) + ")\n";
    for (std::size_t i = 0; i < m_lanes.size(); ++i) {
        for (const int layer : measuredLayers(*m_lanes[i])) {
            text += "\n  ";
            if (m_lanes.size() > 1)
                text += m_experiment.lanes[i].name + ", ";
            text += (layer == m_experiment.targetLayers() ? std::string("outputs")
                                                          : "hidden layer " + std::to_string(layer))
                + '\n' + measureTable(*m_lanes[i], layer);
        }
        const AnswerScore mean = m_lanes[i]->score().epochMean();
        if (mean.loss == mean.loss)
            text += "    training loss of the last epoch " + readable(mean.loss);
        if (mean.correct == mean.correct)
            text += ", accuracy " + readable(100 * mean.correct) + " %";
        if (mean.loss == mean.loss)
            text += '\n';
        text += answerText(*m_lanes[i]);
        if (m_lanes[i]->stoppedEarly())
            text += "    stopped in epoch "
                + std::to_string(m_lanes[i]->simulation().presentation().epoch) + ": "
                + std::to_string(m_options.patience.value_or(0)) + " brought no better score\n";
    }
    if (!m_options.out.empty())
        text += "\nwritten to " + m_options.out + '\n';
    return text;
}

void RunReport::complain() const
{
    const std::filesystem::path checkpoint =
        std::filesystem::path(m_options.out) / "checkpoint.apical";
    std::error_code none;
    const std::string remedy = m_options.checkpoint && std::filesystem::exists(checkpoint, none)
        ? "; the last good state is " + checkpoint.string()
        : std::string();
    for (std::size_t i = 0; i < m_lanes.size(); ++i) {
        const LaneRun& lane = *m_lanes[i];
        const Clock& clock = lane.simulation().clock();
        if (!lane.diverged())
            continue;
        const std::string text = m_options.preset
            + (m_lanes.size() > 1 ? " (" + m_experiment.lanes[i].name + ')' : "")
            + (lane.stop()->ended() ? ": " : ": diverged: ") + stopText(*lane.stop()) + " in step "
            + std::to_string(clock.step) + ", after " + readable(clock.timeMs, 6)
            + (lane.simulation().model().anatomy().timeUnit == "ms" ? " ms" : " iterations")
            + (lane.stop()->ended() ? "; give the run a longer table"
                                    : "; try a smaller "
                        + (lane.simulation().model().anatomy().timeUnit == "ms"
                                ? "dt or smaller learning rates"
                                : ratesText(lane.simulation().parameters())))
            + remedy + '\n';
        std::fputs(text.c_str(), stderr);
    }
    if (exitCode() == kFailed)
        std::fputs("interrupted; what was computed is kept\n", stderr);
}

ExitCode RunReport::exitCode() const
{
    bool unfinished = false;
    for (const auto& lane : m_lanes) {
        if (lane->diverged())
            return kDiverged;
        unfinished = unfinished || !atGoal(*lane);
    }
    return unfinished && m_interrupted ? kFailed : kDone;
}

} // namespace apical
