#include "sim/live/loop.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace apical {
namespace {

constexpr double kBatchSeconds = 0.5e-3; ///< commands are looked at this often at full speed
constexpr double kPacedBatchSeconds = 2e-3;
constexpr double kShortestNap = 1e-3;
constexpr double kFrameInterval = 4e-3;
constexpr double kConfirmation = 1e-3; ///< an edit is confirmed as soon as it was stepped with
constexpr double kStaleFrame = 16e-3; ///< a frame that was not taken for so long is replaced
constexpr double kFrameShare = 0.05; ///< of the time that filling frames may take
constexpr double kKeyframeInterval = 0.5;
constexpr double kKeyframeShare = 0.02;
constexpr auto kTruncationRetry = std::chrono::milliseconds(10);

} // namespace

RunnerLoop::RunnerLoop(Experiment experiment, RunnerHandover& out)
    : m_out(out)
    , m_timeline(std::move(experiment))
{
    m_pacer.set(m_timeline.base().pace > 0 ? m_timeline.base().pace : 1);
    observeAnew();
    publish();
}

double RunnerLoop::now() const
{
    return std::chrono::duration<double>(Steady::now() - m_epoch).count();
}

void RunnerLoop::run(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        try {
            turn();
        } catch (const std::exception& error) {
            m_mode = Mode::Idle;
            m_state = RunState::Paused;
            report(error.what());
        }
    }
}

void RunnerLoop::turn()
{
    obeyCommands();
    if (m_mode == Mode::Idle) {
        idle();
        return;
    }
    const double t = now();
    if (const std::uint64_t steps = stepsNow(t))
        batch(steps);
    else
        nap(t);
}

void RunnerLoop::idle()
{
    if (m_dirty)
        publish();
    if (m_recorder->retry())
        m_out.sleep();
    else
        m_out.sleepUntil(Steady::now() + kTruncationRetry);
}

void RunnerLoop::nap(double now)
{
    const double next =
        m_pacer.nextDue(m_timeline.clock().timeMs, m_timeline.lanes().front().parameters().dt);
    // Before a long sleep the newest state goes out even if the one before was not taken yet.
    if (m_dirty && (frameDue(now) || next - now > kFrameInterval))
        publish();
    const std::chrono::duration<double> until(std::max(next, now + kShortestNap));
    m_out.sleepUntil(m_epoch + std::chrono::duration_cast<Steady::duration>(until));
}

std::uint64_t RunnerLoop::goalSteps()
{
    const auto& clock = m_timeline.clock();
    switch (m_mode) {
    case Mode::Stepping:
    case Mode::Rewinding:
        return m_goal > clock.step ? m_goal - clock.step : 0;
    case Mode::ToPattern: {
        if (clock.pattern != m_goal)
            return 0;
        const Simulation& lane = m_timeline.lanes().front();
        const std::uint32_t length = lane.stepsInPattern();
        return length > clock.stepInPattern ? length - clock.stepInPattern : 1;
    }
    case Mode::Idle:
    case Mode::Running:
        break;
    }
    return std::numeric_limits<std::uint64_t>::max();
}

std::uint64_t RunnerLoop::stepsNow(double now)
{
    const bool paced = m_mode == Mode::Running && !m_pacer.unlimited();
    const double seconds = paced ? kPacedBatchSeconds : kBatchSeconds;
    const double affordable = m_stepSeconds > 0 ? seconds / m_stepSeconds : 1;
    std::uint64_t steps = std::clamp<std::uint64_t>(
        static_cast<std::uint64_t>(std::min(affordable, 1e7)), 1, 2 * m_lastBatch);
    if (paced) {
        const double dt = m_timeline.lanes().front().parameters().dt;
        steps = std::min(steps, m_pacer.due(now, m_timeline.clock().timeMs, dt));
    }
    return std::min(steps, goalSteps());
}

void RunnerLoop::batch(std::uint64_t steps)
{
    const bool replaying = m_mode == Mode::Rewinding;
    const std::uint64_t from = m_timeline.clock().step;
    const double begin = now();
    if (!replaying) {
        const double possible = m_stepSeconds > 0 ? 1 / m_stepSeconds : 0;
        const double dt = m_timeline.lanes().front().parameters().dt;
        const bool paced = m_mode == Mode::Running;
        m_recorder->setSpeed(
            paced ? std::min(possible, m_pacer.stepsPerSecond(dt)) : possible, m_mostBinSteps);
    }
    const bool good = advance(steps);
    const double end = now();

    const double cost = (end - begin) / static_cast<double>(steps);
    m_stepSeconds = m_stepSeconds > 0 ? m_stepSeconds + 0.2 * (cost - m_stepSeconds) : cost;
    m_lastBatch = steps;
    m_dirty = true;
    m_out.stepsDone.store(m_timeline.clock().step, std::memory_order_relaxed);
    m_meter.add(end, m_timeline.clock().step, m_timeline.clock().timeMs);
    if (!replaying) {
        tellOwnEdits(from, m_timeline.clock().step);
        tellWarnings();
    }
    if (!good) {
        m_recorder->startOver();
        for (LaneWatch& watch : m_watches)
            watch.skip();
        const int lane = m_timeline.divergedLane();
        tell(Event::Kind::Diverged, lane, stopText(m_timeline.stop()));
        m_watches[static_cast<std::size_t>(lane)].warnings.heed(); // what led to it
        tellWarnings();
        if (replaying)
            m_timeline.finishRewind();
        rest(RunState::Diverged);
        return;
    }
    if (goalSteps() == 0) {
        if (replaying)
            finishRewind();
        rest(RunState::Paused);
        return;
    }
    if (replaying)
        return;
    if (end - m_lastKeyframe > std::max(kKeyframeInterval, m_keyframeSeconds / kKeyframeShare)) {
        m_timeline.saveKeyframe();
        m_lastKeyframe = now();
        m_keyframeSeconds = m_lastKeyframe - end;
    }
    if (frameDue(end))
        publish();
}

void RunnerLoop::finishRewind()
{
    m_timeline.finishRewind();
    for (LaneWatch& watch : m_watches)
        watch.forgetLater();
    m_recorder->forgetLater();
    tell(Event::Kind::Rewind, -1, "rewound");
}

void RunnerLoop::rest(RunState state)
{
    m_recorder->flush();
    m_mode = Mode::Idle;
    m_state = state;
    m_dirty = true;
}

void RunnerLoop::restartClocks()
{
    const double t = now();
    const auto& clock = m_timeline.clock();
    m_pacer.restart(t, clock.timeMs);
    m_meter.restart(t, clock.step, clock.timeMs);
    m_lastKeyframe = t;
    m_out.stepsDone.store(clock.step, std::memory_order_relaxed);
    m_dirty = true;
}

void RunnerLoop::observeAnew(std::vector<int> origins)
{
    m_readers.clear();
    m_watches.clear();
    m_watches.reserve(m_timeline.lanes().size()); // readers refer to them
    for (Simulation& lane : m_timeline.lanes())
        m_readers.emplace_back(m_watches.emplace_back(lane));
    for (LaneWatch& watch : m_watches)
        watch.steps.wish(m_stepWish);
    m_recorder = std::make_unique<Recorder>(
        m_timeline.lanes(), m_generation, m_run, m_watches, std::move(origins));
    m_out.setRing(m_recorder->ring());
    m_out.spikes.push(m_recorder->spikes().ring());
    m_stepSeconds = 0;
    m_lastBatch = 1;
    restartClocks();
}

bool RunnerLoop::frameDue(double now) const
{
    const double age = now - m_lastFrame;
    if (m_revision != m_confirmedRevision && age >= kConfirmation)
        return true;
    return age >= std::max(kFrameInterval, m_frameSeconds / kFrameShare)
        && (age >= kStaleFrame || m_out.frames.taken());
}

void RunnerLoop::publish()
{
    const double begin = now();
    Frame& frame = m_out.frames.back();
    frame.serial = ++m_serial;
    frame.revision = m_confirmedRevision = m_revision;
    frame.generation = m_generation;
    frame.run = m_run;
    frame.state = m_state;
    frame.seed = m_timeline.base().seed;
    frame.sizes = m_timeline.base().layers;
    frame.pace = m_pacer.factor();
    const bool moving = m_mode == Mode::Running;
    const SpeedMeter::Rate rate = moving ? m_meter.rate() : SpeedMeter::Rate{};
    frame.stepsPerSecond = rate.stepsPerSecond;
    frame.realTimeFactor = rate.realTimeFactor;
    frame.droppedBins = m_recorder->ring()->dropped();
    frame.lanes.resize(m_readers.size());
    for (std::size_t i = 0; i < m_readers.size(); ++i) {
        LaneFrame& lane = frame.lanes[i];
        m_readers[i].readFrame(lane, m_wish);
        lane.diverged = m_timeline.divergedLane() == static_cast<int>(i);
        lane.stop = lane.diverged ? m_timeline.stop() : Stop();
    }
    m_out.frames.publish();
    if (!m_stepWish.none()) {
        StepReports reports;
        for (const LaneWatch& watch : m_watches)
            reports.push_back(watch.steps.report());
        m_out.setStepReports(std::move(reports));
    }
    m_dirty = false;
    m_lastFrame = now();
    m_frameSeconds = m_lastFrame - begin;
}

void RunnerLoop::report(std::string error)
{
    m_out.errors.push(std::move(error));
}

void RunnerLoop::tell(Event::Kind kind, int lane, std::string text)
{
    tellAt(m_timeline.clock().step, kind, lane, std::move(text));
}

void RunnerLoop::tellAt(std::uint64_t step, Event::Kind kind, int lane, std::string text)
{
    const auto& clock = m_timeline.clock();
    const double dt = m_timeline.lanes().front().parameters().dt;
    m_out.events.push({.kind = kind,
        .step = step,
        .timeMs = clock.timeMs - dt * static_cast<double>(clock.step - step),
        .lane = lane,
        .text = std::move(text)});
}

void RunnerLoop::tellWarnings()
{
    for (std::size_t i = 0; i < m_watches.size(); ++i) {
        if (m_watches[i].warnings.waiting())
            tell(Event::Kind::Warning, static_cast<int>(i), m_watches[i].warnings.take());
    }
}

void RunnerLoop::tellEdit(const Edit& edit)
{
    const auto say = [&](Event::Kind kind, std::string text) {
        tellAt(edit.step, kind, edit.lane, std::move(text));
    };
    constexpr std::string_view action = "action.";
    if (edit.key.starts_with(action)) {
        const std::string key = edit.key.substr(action.size());
        std::string label = isTeaching(edit.key) ? "taught a sample" : key;
        for (const Simulation& lane : m_timeline.lanes()) {
            for (const Anatomy::Action& known : lane.model().anatomy().actions)
                label = known.key == key ? known.label : label;
        }
        say(Event::Kind::Jump, label);
    } else if (edit.key == "target.on" && std::holds_alternative<bool>(edit.value)) {
        const bool on = std::get<bool>(edit.value);
        say(on ? Event::Kind::TargetOn : Event::Kind::TargetOff, on ? "target on" : "target off");
    } else {
        say(Event::Kind::Edit, edit.key + " = " + parameterText(edit.value));
    }
}

void RunnerLoop::tellOwnEdits(std::uint64_t from, std::uint64_t to)
{
    const std::vector<Edit>& edits = m_timeline.base().edits;
    auto edit = std::lower_bound(edits.begin(), edits.end(), from,
        [](const Edit& e, std::uint64_t step) { return e.step < step; });
    for (; edit != edits.end() && edit->step < to; ++edit)
        tellEdit(*edit);
}

} // namespace apical
