#include "app/cli/commands.h"
#include "app/cli/epochs.h"
#include "app/cli/interrupt.h"
#include "app/cli/lane.h"
#include "app/cli/progress.h"
#include "app/cli/report.h"
#include "app/cli/workers.h"
#include "sim/base/error.h"
#include "sim/base/output_file.h"
#include "sim/files/preset.h"
#include "sim/files/session_file.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <set>
#include <utility>
#include <vector>

namespace apical {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> splitAtCommas(const std::string& text)
{
    std::vector<std::string> words;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        if (end > begin)
            words.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return words;
}

void checkNumbers(const RunOptions& options)
{
    if (options.every && *options.every == 0)
        throw InputError({.problem = "--every = 0", .allowed = "1 or more"});
    if (options.threads < 1)
        throw InputError(
            {.problem = "--threads = " + std::to_string(options.threads), .allowed = "1 or more"});
}

/// A saved session is gone on with as it is.
SavedSession savedSession(const RunOptions& options)
{
    if (!options.set.empty() || options.seed)
        throw InputError(
            {.problem = "a saved session goes on as it is: --set, --data and --seed would make "
                        "another run of it",
                .key = options.seed ? "--seed" : "--set",
                .allowed = "a preset, or the session without them"});
    return loadSession(options.preset);
}

Experiment effectiveExperiment(const RunOptions& options, std::vector<State>& states)
{
    std::vector<std::string> overrides = options.set;
    if (options.seed)
        overrides.push_back("seed=" + std::to_string(*options.seed));
    Experiment experiment;
    std::error_code ignored; // a pipe can be read once only
    if (fs::is_regular_file(options.preset, ignored) && isSessionFile(options.preset)) {
        SavedSession session = savedSession(options);
        experiment = std::move(session.experiment);
        states = std::move(session.states);
    } else {
        experiment = loadPreset(options.preset, overrides);
    }
    if (options.record) {
        experiment.record = splitAtCommas(*options.record);
        if (experiment.record.empty())
            throw InputError({.problem = "--record names no probe",
                .allowed = "names separated by commas, or \"all\""});
    }
    // The file of the run must not depend on another file that may change.
    if (experiment.weights.init == WeightSpec::Init::File) {
        experiment.weights.init = WeightSpec::Init::Explicit;
        experiment.weights.file.clear();
    }
    return experiment;
}

/// DIR for one lane, DIR/NAME for several; names become safe and different file names.
std::vector<fs::path> laneDirectories(const Experiment& experiment, const fs::path& directory)
{
    if (experiment.laneCount() == 1)
        return {directory};
    std::vector<fs::path> directories;
    std::set<std::string> taken;
    for (std::size_t i = 0; i < experiment.lanes.size(); ++i) {
        std::string name = experiment.lanes[i].name;
        for (char& c : name) {
            if (c == '/' || c == '\\' || static_cast<unsigned char>(c) < ' ')
                c = '-';
        }
        if (name.empty() || name.front() == '.' || taken.contains(name))
            name = "lane" + std::to_string(i + 1) + name;
        taken.insert(name);
        directories.push_back(directory / name);
    }
    return directories;
}

/// Makes the directories ready; nobody else writes into them as long as the locks live.
std::vector<std::unique_ptr<DirectoryLock>> prepare(const std::set<fs::path>& directories)
{
    std::vector<std::unique_ptr<DirectoryLock>> locks;
    try {
        for (const fs::path& directory : directories) {
            prepareDirectory(directory);
            locks.push_back(std::make_unique<DirectoryLock>(directory));
        }
        return locks;
    } catch (const OutputError& error) { // before the run it is the person's input that is wrong
        throw InputError(
            {.problem = error.what(), .key = "--out", .allowed = "a writable directory"});
    }
}

void checkProbes(
    const Simulation& simulation, const Experiment& experiment, const RunOptions& options)
{
    try {
        selectProbes(simulation, experiment.record);
    } catch (const InputError& error) {
        throw error.at(options.record ? "--record " + *options.record : options.preset, 0, 0);
    }
}

/// A table that is too short is the preset's, whatever length was asked for.
RunGoal goalOf(const RunOptions& options, const Simulation& simulation)
{
    try {
        return RunGoal(options.length, simulation);
    } catch (const InputError& error) {
        if (!error.fields().key.starts_with("replay."))
            throw;
        throw error.at(options.preset, 0, 0);
    }
}

} // namespace

int runPreset(const RunOptions& options)
{
    checkNumbers(options);
    std::vector<State> states; // of a saved session, one per lane
    const Experiment experiment = effectiveExperiment(options, states);
    const fs::path directory(options.out);
    std::vector<fs::path> directories;
    std::vector<std::unique_ptr<DirectoryLock>> locks;
    std::vector<Simulation> simulations;
    for (int lane = 0; lane < experiment.laneCount(); ++lane)
        simulations.emplace_back(experiment, lane);
    for (std::size_t lane = 0; lane < states.size(); ++lane)
        simulations[lane].restore(states[lane]);
    const RunGoal goal = goalOf(options, simulations.front());
    checkProbes(simulations.front(), experiment, options);
    if (!options.out.empty()) {
        directories = laneDirectories(experiment, directory);
        std::set<fs::path> all(directories.begin(), directories.end());
        all.insert(directory);
        locks = prepare(all);
        writeWholeFile(directory / "experiment.json", writePreset(experiment));
    }

    std::vector<std::unique_ptr<LaneRun>> lanes;
    for (std::size_t i = 0; i < simulations.size(); ++i) {
        std::optional<RecordingOptions> files;
        if (!directories.empty())
            files = RecordingOptions{.directory = directories[i],
                .probes = experiment.record,
                .every = options.every.value_or(1),
                .metricsEvery = options.every.has_value()};
        lanes.push_back(
            std::make_unique<LaneRun>(std::move(simulations[i]), goal, std::move(files)));
    }

    EpochKeeper epochs(options, experiment, directory, lanes);
    const InterruptGuard interrupt;
    const auto start = std::chrono::steady_clock::now();
    double wall = 0;
    try {
        {
            using When = ProgressBar::When;
            ProgressBar bar(options.preset,
                options.quiet          ? When::Never
                    : options.progress ? When::Always
                                       : When::OnTerminal);
            bool more = true;
            while (more) {
                if (epochs.wanted())
                    epochs.pauseLanes(lanes);
                stepLanes(lanes, options.threads, goal, bar);
                more = epochs.wanted() && !interrupted()
                    && std::none_of(lanes.begin(), lanes.end(),
                        [](const auto& lane) { return lane->diverged(); })
                    && epochs.keep(lanes)
                    && std::any_of(lanes.begin(), lanes.end(),
                        [](const auto& lane) { return lane->progress() < 1; });
            }
        }
        wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        for (const auto& lane : lanes)
            lane->finish();
    } catch (const OutputError&) { // a full disk takes no hour of results with it
        for (const auto& lane : lanes)
            lane->salvage();
        throw;
    }

    const RunReport report(options, experiment, lanes, wall, interrupted());
    if (!directories.empty()) {
        writeWholeFile(directory / "summary.json", report.summary());
        for (std::size_t i = 0; directories.size() > 1 && i < directories.size(); ++i)
            writeWholeFile(directories[i] / "summary.json", report.summary(i));
    }
    if (options.json)
        print(report.json());
    else if (!options.quiet)
        print(report.table());
    report.complain();
    return report.exitCode();
}

} // namespace apical
