// The session's timer: pull what the runner has, remember it, show it.
#include "app/session/session.h"

#include "sim/base/error.h"
#include "sim/insight/circuit_frame.h"
#include "sim/insight/suspects.h"
#include "sim/live/runner.h"
#include "sim/run/simulation.h"
#include "widgets/view/lane_words.h"
#include "widgets/weights/ranges.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace apical {
namespace {

constexpr int kTextMs = 100;
constexpr int kDiagnosisMs = 250;
constexpr std::size_t kMaximumEvents = 4000;
// The time axis while it grows with the run; at its longest, or the preset's own span, it scrolls.
constexpr double kLongestMs = 60000, kGrowth = 1.15;
// Where "now" stands at most: right of it names, values and goals have their room. Many lanes have
// many values.
constexpr double kNowAt = 0.62, kNowAtOfMany = 0.5;
constexpr std::size_t kManyLanes = 4;

/// Parameters, weights and errors of every lane at step 0. @throws InputError
std::vector<LaneFrame> startOf(const Experiment& experiment)
{
    std::vector<LaneFrame> lanes;
    for (int lane = 0; lane < experiment.laneCount(); ++lane) {
        Simulation start(experiment, lane);
        LaneFrame& frame = lanes.emplace_back();
        frame.parameters = start.parameters();
        frame.anatomy = std::make_shared<const Anatomy>(start.model().anatomy());
        frame.measures = measuresOf(start.model());
        for (NamedMatrix& weights : weightsOf(start.model()))
            frame.weights.push_back(std::move(weights.matrix));
    }
    return lanes;
}

/// "Lane B Z-IL, " of an event of one lane among several.
QString laneText(const Event& event, const Frame& newest)
{
    return newest.lanes.size() > 1 && event.lane >= 0
        ? Session::tr("Lane %1, ").arg(laneTitle(newest, static_cast<std::size_t>(event.lane)))
        : QString();
}

QString warningText(const Event& event, const Frame& newest)
{
    QString text = laneText(event, newest) + QString::fromStdString(event.text);
    text.front() = text.front().toUpper();
    return text;
}

/// @param led what the model warned of in the same moment, "" = nothing
QString stopText(const Event& event, const Frame& newest, const QString& led)
{
    const QString text = Session::tr("The run stopped: %1%2")
                             .arg(laneText(event, newest), QString::fromStdString(event.text));
    // Its presentation and step are those of the stop.
    return led.isEmpty() ? text : text + QStringLiteral("; ") + led.mid(led.indexOf(u": ") + 2);
}

} // namespace

void Session::tick()
{
    if (!m_runner)
        return;
    if (!m_refreshing)
        return startAwaited();
    m_pulse.beginWork();
    const bool text = m_sinceText.elapsed() >= kTextMs;
    const bool pulled = pull();
    const bool diagnosis = m_sinceDiagnosis.elapsed() >= kDiagnosisMs;
    const bool shows = pulled || m_fresh || m_moved || diagnosis;
    if (shows) {
        m_scene.urgent = m_fresh || m_newest.state != RunState::Running;
        m_scene.textDue = text || m_textWaits || m_scene.urgent;
        updateScene();
        if (diagnosis) {
            diagnoseNow();
            followRanges(m_scene.weightRanges, m_scene.frame);
        }
        m_fresh = m_moved = m_textWaits = false;
        Q_EMIT refreshed();
        if (!m_newest.lanes.empty())
            startAwaited();
    } else {
        m_textWaits = m_textWaits || text; // digits are those of the next frame then
    }
    if (text) {
        m_sinceText.restart();
        Q_EMIT textDue();
    }
    m_pulse.endWork(shows); // what the digits cost belongs to the frame
    if (const int wanted = m_pulse.intervalMs(); std::abs(wanted - m_timer.interval()) > 2)
        m_timer.setInterval(wanted);
}

void Session::startAwaited()
{
    if (std::exchange(m_awaitsView, false))
        m_runner->run();
}

bool Session::pull()
{
    const RunState before = m_newest.state;
    const std::uint64_t stepBefore = m_newest.step();
    const bool taken = m_runner->takeFrame(m_newest);
    if (taken && m_newest.run != m_run)
        startOver();
    else if (taken && m_newest.generation != m_generation)
        adoptLanes();
    else if (taken && m_newest.step() < stepBefore)
        forgetAfter(m_newest.step());
    m_runner->drain(m_history);
    m_runner->drain(m_spikes);
    std::optional<Event> warning, stop;
    for (Event event; m_runner->takeEvent(event);) {
        if (event.kind == Event::Kind::Diverged)
            stop = event;
        else if (event.kind == Event::Kind::Warning)
            warning = event;
        if (m_scene.events.size() < kMaximumEvents)
            m_scene.events.push_back(event);
    }
    if (stop)
        Q_EMIT warned(
            stopText(*stop, m_newest, warning ? QString::fromStdString(warning->text) : QString()));
    else if (warning)
        Q_EMIT warned(warningText(*warning, m_newest));
    for (std::string error; m_runner->takeError(error);)
        Q_EMIT failed(QString::fromStdString(error));
    if (!taken)
        return false;
    m_past.append(m_newest);
    syncParameters();
    if (m_newest.state == RunState::Diverged && before != RunState::Diverged) {
        for (std::size_t lane = 0; lane < m_newest.lanes.size(); ++lane) {
            if (m_newest.lanes[lane].diverged)
                showLane(static_cast<int>(lane));
        }
        setRunning(false);
    }
    return true;
}

void Session::startOver()
{
    m_generation = m_newest.generation;
    m_run = m_newest.run;
    m_revisionBase = m_newest.revision;
    m_editsSent = 0;
    for (LaneSettings& lane : m_lanes)
        lane.atReset.clear();
    m_history = History(m_runner->channels());
    m_past.clear();
    m_scene.events.clear();
    m_scene.startErrors.clear();
    m_scene.crosshairMs = -1;
    rememberStart();
    m_scene.live = true;
    m_fresh = true;
    Q_EMIT warned({});
    describeParameters();
    Q_EMIT wasReset();
}

/// Errors and ranges of the weights that the run starts with.
void Session::rememberStart()
{
    Frame built; // where the newest frame is no longer, or not yet, the first
    const Frame* first = &m_newest;
    const bool whole = std::ranges::none_of(m_newest.lanes, [](const LaneFrame& lane) {
        return std::ranges::any_of(lane.weights, [](const Matrix& m) { return m.empty(); });
    });
    if (m_newest.lanes.empty() || m_newest.step() != 0 || !whole) {
        try {
            built.lanes = startOf(m_experiment);
        } catch (const InputError&) {
            built.lanes.resize(static_cast<std::size_t>(m_experiment.laneCount()));
        }
        built.sizes = m_experiment.layers;
        first = &built;
    }
    for (const LaneFrame& lane : first->lanes)
        m_scene.startErrors.push_back(circuitErrors(lane));
    const std::uint64_t before = m_scene.weightRanges.choice;
    m_scene.weightRanges = startingRanges(*first);
    m_scene.weightRanges.choice = before + 1;
}

void Session::forgetAfter(std::uint64_t step)
{
    m_history.truncate(step);
    m_past.truncate(step);
    std::erase_if(m_scene.events, [step](const Event& e) { return e.step > step; });
    m_fresh = true;
}

/// Without the weights where no view that can be seen asks for them: copying those of five lanes
/// costs as much as painting a view.
void Session::showNewest()
{
    std::vector<std::vector<Matrix>> aside;
    if (!m_wish.weights) {
        for (LaneFrame& lane : m_newest.lanes)
            aside.push_back(std::exchange(lane.weights, {}));
    }
    m_scene.frame = m_newest;
    for (std::size_t i = 0; i < aside.size(); ++i)
        m_newest.lanes[i].weights = std::move(aside[i]);
}

void Session::updateScene()
{
    m_scene.editLane = m_editLane;
    // At full speed the history is filled while the frame is on its way.
    m_scene.nowMs = std::max(m_newest.timeMs(), m_history.endMs());
    if (m_scene.live) {
        showNewest();
        m_scene.shownMs = m_scene.nowMs;
    } else {
        m_scene.frame.state = m_newest.state;
        m_scene.frame.stepsPerSecond = m_newest.stepsPerSecond;
        m_scene.frame.realTimeFactor = m_newest.realTimeFactor;
        // Past frames do not keep the scores of all epochs: the newest one has them.
        for (std::size_t i = 0; i < std::min(m_scene.frame.lanes.size(), m_newest.lanes.size());
             ++i) {
            m_scene.frame.lanes[i].task.epochs = m_newest.lanes[i].task.epochs;
            m_scene.frame.lanes[i].task.epochStride = m_newest.lanes[i].task.epochStride;
        }
    }
    updateTimeRange();
}

void Session::updateTimeRange()
{
    if (!m_followLive)
        return;
    const double now = m_scene.nowMs;
    const double nowAt = m_scene.frame.lanes.size() >= kManyLanes ? kNowAtOfMany : kNowAt;
    double span = m_userSpanMs;
    if (span <= 0) {
        double longest = m_experiment.spanMs > 0 ? m_experiment.spanMs : kLongestMs;
        if (m_fitAll)
            longest = std::numeric_limits<double>::infinity();
        // A matter of `now` alone, so that a replay has the same axis. Before the first step it is
        // what a second on the wall brings.
        const double first = 1000 * (std::isfinite(m_pace) ? m_pace : 1);
        span = std::min(longest, now > 0 ? m_experiment.parameters.dt : first);
        while (now > nowAt * span && span < longest)
            span = std::min(longest, span * kGrowth);
    }
    m_scene.viewBeginMs = std::max(0.0, now - nowAt * span);
    if (!m_scene.live && m_scene.shownMs < m_scene.viewBeginMs) // the play head stays in sight
        m_scene.viewBeginMs = std::max(0.0, m_scene.shownMs - nowAt * span);
    m_scene.viewEndMs = m_scene.viewBeginMs + span;
}

void Session::diagnoseNow()
{
    m_sinceDiagnosis.restart();
    m_scene.diagnosis = {};
    const int hidden = std::max(0, static_cast<int>(m_scene.frame.sizes.size()) - 2);
    const LaneFrame* patient = shownCircuit(m_scene);
    if (!patient || !patient->anatomy || !isCircuit(*patient->anatomy))
        return; // the doctor knows microcircuits alone
    const auto lane = static_cast<std::size_t>(patient - m_scene.frame.lanes.data());
    const int shown = static_cast<int>(lane);
    const ErrorSeries past =
        errorSeries(m_history, shown, hidden, m_history.beginMs(), m_scene.shownMs);
    static const std::vector<SelfPredictionErrors> none;
    m_scene.diagnosis = diagnose(m_scene.frame.lanes[lane], m_scene.frame.sizes, past,
        lane < m_scene.startErrors.size() ? m_scene.startErrors[lane] : none);
    const Verdict verdict = m_scene.diagnosis.verdict;
    if (!m_runner || (verdict != Verdict::Diverging && verdict != Verdict::Diverged))
        return;
    const Experiment run = m_runner->experiment();
    std::vector<PastEdit> edits = pastEdits(run, shown);
    // An edit of the experiment itself comes again after every rewind.
    std::erase_if(edits, [this](const PastEdit& edit) {
        return std::any_of(m_experiment.edits.begin(), m_experiment.edits.end(),
            [&edit](const Edit& own) { return own.step == edit.step && own.key == edit.key; });
    });
    nameSuspects(m_scene.diagnosis, edits, past, m_scene.frame.lanes[lane].parameters, run.weights);
}

} // namespace apical
