// What the window thread asks of the simulation thread.
#pragma once

#include "sim/live/runner.h"

#include <future>
#include <optional>
#include <variant>

namespace apical::command {

struct Run { };
struct Pause { };
struct Step {
    std::uint64_t steps = 1;
};
struct NextPattern { };
struct Reset {
    std::optional<std::uint64_t> seed;
};
struct Pace {
    double realTimeFactor = 1;
};
struct SetParameter {
    int lane = -1;
    std::string key;
    ParameterValue value;
};
struct Rebuild {
    Experiment experiment;
    bool keepWeights = false;
};
struct DuplicateLane { };
struct RemoveLane {
    int lane = 1;
};
struct Rewind {
    std::uint64_t step = 0;
};
struct Restore {
    std::vector<State> states;
};
struct Wish {
    FrameWish wish;
};
struct WatchSteps {
    StepWish wish;
};
struct AskStates {
    std::promise<std::vector<State>> answer;
};

using Any = std::variant<Run, Pause, Step, NextPattern, Reset, Pace, SetParameter, Rebuild,
    DuplicateLane, RemoveLane, Rewind, Restore, Wish, WatchSteps, AskStates>;

} // namespace apical::command
