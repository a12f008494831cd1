// Experiments, headless twins and waiting conditions for tests of the runner.
#pragma once

#include "sim/circuit/circuit_parameters.h"
#include "sim/live/runner.h"
#include "sim/run/model_table.h"

#include <QElapsedTimer>

#include <limits>
#include <thread>

namespace apical::test {

inline constexpr double kFast = std::numeric_limits<double>::infinity();

inline Experiment selfPredicting()
{
    Experiment e = newExperiment();
    e.title = "Self-predicting state";
    circuit(e.parameters).etaIp = {0.1};
    circuit(e.parameters).etaPi = {0.3};
    e.parameters.targetOn = false;
    e.parameters.inputLow = -3;
    e.parameters.inputHigh = 3;
    return e;
}

inline Experiment twoLanes()
{
    Experiment e = selfPredicting();
    e.layers = {4, 5, 3, 2};
    e.lanes = {{"LE", {}}, {"Sacramento", {{"circuit.latent_equilibrium", false}}}};
    e.edits = {{.step = 150, .key = "target.on", .value = true, .lane = -1},
        {.step = 150, .key = "eta.up", .value = std::vector<double>{0.01}, .lane = 1},
        {.step = 4000, .key = "target.on", .value = false, .lane = -1}};
    return e;
}

/// Headless states of every lane of an experiment after so many steps.
inline std::vector<State> headless(const Experiment& e, std::uint64_t steps)
{
    std::vector<State> states;
    for (int lane = 0; lane < e.laneCount(); ++lane) {
        Simulation simulation(e, lane);
        while (simulation.clock().step < steps && simulation.step()) { }
        states.push_back(simulation.state());
    }
    return states;
}

/// Pulls frames until one fulfils a condition. @return whether that happened in time
template <typename Condition>
inline bool waitForFrame(Runner& runner, Frame& frame, Condition condition, int ms = 20000)
{
    QElapsedTimer timer;
    timer.start();
    do {
        if (runner.takeFrame(frame) && condition(frame))
            return true;
        std::this_thread::yield();
    } while (timer.elapsed() < ms);
    return false;
}

inline bool waitForSteps(const Runner& runner, std::uint64_t steps)
{
    QElapsedTimer timer;
    timer.start();
    while (runner.stepsDone() < steps && timer.elapsed() < 20000)
        std::this_thread::yield();
    return runner.stepsDone() >= steps;
}

inline bool waitForError(Runner& runner, std::string& error)
{
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 20000) {
        if (runner.takeError(error))
            return true;
        std::this_thread::yield();
    }
    return false;
}

inline auto pausedAt(std::uint64_t step)
{
    return [step](const Frame& f) { return f.state == RunState::Paused && f.step() == step; };
}

inline bool paused(const Frame& f)
{
    return f.state == RunState::Paused;
}

inline std::vector<Event> events(Runner& runner)
{
    std::vector<Event> all;
    for (Event event; runner.takeEvent(event);)
        all.push_back(event);
    return all;
}

} // namespace apical::test
