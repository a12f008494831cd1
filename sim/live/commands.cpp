// What each command does to the loop.
#include "sim/live/loop.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace apical {
namespace {

/// A goal (so many steps, the next pattern) is reached before later commands are looked at, unless
/// it takes longer.
constexpr double kGoalPatience = 0.04;
/// A run towards a goal is drawn with at least so many bins.
constexpr double kBinsPerGoal = 256;

} // namespace

bool RunnerLoop::mustWait(const command::Any& next) const
{
    switch (m_mode) {
    case Mode::Stepping:
    case Mode::ToPattern:
        return now() - m_goalSince < kGoalPatience;
    case Mode::Rewinding:
        return !std::holds_alternative<command::Rewind>(next)
            && !std::holds_alternative<command::Reset>(next)
            && !std::holds_alternative<command::Rebuild>(next)
            && !std::holds_alternative<command::Restore>(next);
    case Mode::Idle:
    case Mode::Running:
        break;
    }
    return false;
}

void RunnerLoop::obeyCommands()
{
    while (const command::Any* next = m_out.commands.peek()) {
        if (mustWait(*next))
            return;
        command::Any command;
        m_out.commands.pop(command);
        try {
            std::visit([this](auto& c) { obey(c); }, command);
        } catch (const std::exception& error) {
            report(error.what());
        }
    }
}

void RunnerLoop::obey(command::Run&)
{
    if (m_mode == Mode::Running)
        return;
    m_mode = Mode::Running;
    m_state = RunState::Running;
    m_mostBinSteps = std::numeric_limits<double>::infinity();
    restartClocks();
}

void RunnerLoop::obey(command::Pause&)
{
    if (m_mode != Mode::Idle)
        rest(RunState::Paused);
}

void RunnerLoop::startGoal(Mode mode)
{
    if (m_mode == Mode::Running)
        m_recorder->flush();
    m_mode = mode;
    m_state = RunState::Running;
    m_goalSince = now();
    restartClocks();
    m_mostBinSteps = static_cast<double>(goalSteps()) / kBinsPerGoal;
}

void RunnerLoop::obey(command::Step& step)
{
    const std::uint64_t from = m_mode == Mode::Stepping ? m_goal : m_timeline.clock().step;
    m_goal = from + step.steps;
    startGoal(Mode::Stepping);
}

void RunnerLoop::obey(command::NextPattern&)
{
    m_goal = m_timeline.clock().pattern;
    startGoal(Mode::ToPattern);
}

void RunnerLoop::anotherRun(const std::string& what)
{
    ++m_generation;
    ++m_run;
    observeAnew();
    if (m_mode != Mode::Running) {
        m_mode = Mode::Idle;
        m_state = RunState::Paused;
    }
    tell(Event::Kind::Reset, -1, what);
}

void RunnerLoop::obey(command::Reset& reset)
{
    m_timeline.reset(reset.seed);
    anotherRun(reset.seed ? "seed " + std::to_string(*reset.seed) : "reset");
}

void RunnerLoop::obey(command::Rebuild& rebuild)
{
    m_timeline.rebuild(std::move(rebuild.experiment), rebuild.keepWeights);
    anotherRun("rebuilt");
}

void RunnerLoop::obey(command::Pace& pace)
{
    m_pacer.set(pace.realTimeFactor);
    m_recorder->flush();
    m_pacer.restart(now(), m_timeline.clock().timeMs);
    m_meter.restart(now(), m_timeline.clock().step, m_timeline.clock().timeMs);
    m_dirty = true;
}

void RunnerLoop::obey(command::SetParameter& command)
{
    const double before = m_timeline.lanes().front().parameters().dt;
    const bool now = m_timeline.edit(command.lane, command.key, command.value);
    ++m_revision;
    m_dirty = true;
    for (LaneWatch& watch : m_watches)
        watch.skip();
    if (now)
        tellEdit({.step = m_timeline.clock().step,
            .key = command.key,
            .value = command.value,
            .lane = command.lane});
    else
        tell(Event::Kind::Edit, command.lane,
            command.key + " = " + parameterText(command.value) + " at the next reset");
    if (m_timeline.lanes().front().parameters().dt != before)
        m_pacer.restart(this->now(), m_timeline.clock().timeMs);
}

void RunnerLoop::otherLanes(const std::string& what, std::vector<int> origins)
{
    ++m_generation;
    ++m_revision;
    observeAnew(std::move(origins));
    if (m_state == RunState::Diverged)
        m_state = RunState::Paused; // the lanes stand before the step that failed
    tell(Event::Kind::Edit, -1, what);
}

void RunnerLoop::obey(command::DuplicateLane&)
{
    m_recorder->flush();
    const TaskScore score = m_watches.front().score;
    const LaneCost cost = m_watches.front().cost;
    m_timeline.addTwin();
    otherLanes("lane B", {0, 0});
    for (LaneWatch& watch : m_watches) {
        watch.score = score;
        watch.cost = cost;
    }
}

void RunnerLoop::obey(command::RemoveLane& remove)
{
    m_recorder->flush();
    std::vector<TaskScore> scores;
    std::vector<LaneCost> costs;
    std::vector<int> stay;
    for (std::size_t i = 0; i < m_watches.size(); ++i) {
        if (static_cast<int>(i) == remove.lane)
            continue;
        scores.push_back(m_watches[i].score);
        costs.push_back(m_watches[i].cost);
        stay.push_back(static_cast<int>(i));
    }
    m_timeline.removeLane(remove.lane);
    otherLanes("lane " + std::string(1, static_cast<char>('A' + remove.lane)) + " removed",
        std::move(stay));
    for (std::size_t i = 0; i < m_watches.size(); ++i) {
        m_watches[i].score = scores[i];
        m_watches[i].cost = costs[i];
    }
}

void RunnerLoop::obey(command::Rewind& rewind)
{
    const std::uint64_t end = m_mode == Mode::Rewinding ? m_timelineEnd : m_timeline.clock().step;
    if (rewind.step >= end && m_mode != Mode::Rewinding) {
        if (m_mode != Mode::Idle)
            rest(RunState::Paused);
        return;
    }
    m_timelineEnd = end;
    m_goal = std::min(rewind.step, end);
    m_timeline.beginRewind(m_goal);
    m_recorder->startOver();
    m_mode = Mode::Rewinding;
    m_state = RunState::Running;
    if (goalSteps() == 0) {
        for (LaneReader& reader : m_readers)
            reader.readBefore();
        finishRewind();
        rest(RunState::Paused);
        restartClocks();
    }
}

void RunnerLoop::obey(command::Restore& restore)
{
    m_timeline.restore(std::move(restore.states));
    for (LaneWatch& watch : m_watches)
        watch.forgetLater();
    m_recorder->forgetLater();
    for (LaneReader& reader : m_readers)
        reader.readBefore();
    if (m_mode != Mode::Running)
        rest(RunState::Paused);
    restartClocks();
    tell(Event::Kind::Rewind, -1, "restored");
}

void RunnerLoop::obey(command::Wish& wish)
{
    m_wish = wish.wish;
    m_dirty = true;
}

void RunnerLoop::obey(command::WatchSteps& watch)
{
    m_stepWish = std::move(watch.wish);
    for (LaneWatch& lane : m_watches)
        lane.steps.wish(m_stepWish);
    if (m_stepWish.none())
        m_out.setStepReports({});
    m_dirty = true;
}

void RunnerLoop::obey(command::AskStates& ask)
{
    ask.answer.set_value(m_timeline.states());
}

} // namespace apical
