#include "app/session/session.h"

#include "sim/base/error.h"
#include "sim/base/random.h"
#include "sim/experiment/parameters.h"
#include "sim/live/pace.h"
#include "sim/live/runner.h"
#include "sim/run/experiment_check.h"
#include "widgets/view/parameter_text.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr int kFrameMs = 16;

} // namespace

Session::Session(QObject* parent)
    : QObject(parent)
{
    m_scene.history = &m_history;
    m_scene.spikes = &m_spikes;
    m_scene.past = &m_past.frames();
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(kFrameMs);
    connect(&m_timer, &QTimer::timeout, this, &Session::tick);
    m_sinceText.start();
    m_sinceDiagnosis.start();
    m_sinceEdit.start();
}

Session::~Session() = default;

bool Session::start(std::unique_ptr<Runner> runner, const Experiment& experiment, bool running)
{
    m_runner = std::move(runner);
    m_wish = {};
    m_experiment = experiment;
    m_seed = experiment.seed;
    m_editLane = -1;
    m_scene.shownLane = 0;
    takeOwnParameters();
    m_newest = {};
    m_generation = m_run = 0;
    m_scene.live = true;
    m_scene.hint = QString::fromStdString(experiment.hint);
    m_scene.layout = QString::fromStdString(experiment.layout);
    m_scene.selection = {};
    m_scene.pair = {};
    m_followLive = true;
    m_fitAll = false;
    m_userSpanMs = 0;
    setPace(startingPace(experiment));
    startOver();
    selectFirst();
    Q_EMIT opened();
    m_awaitsView = running;
    if (running)
        setRunning(true);
    m_timer.start();
    return true;
}

bool Session::running() const
{
    return m_runner && m_wantRunning && m_newest.state != RunState::Diverged;
}

void Session::setRunning(bool on)
{
    m_awaitsView = m_awaitsView && on;
    m_wantRunning = on;
    Q_EMIT stateChanged();
}

void Session::run()
{
    if (!m_runner || m_newest.state == RunState::Diverged)
        return;
    m_runner->run();
    setRunning(true);
}

void Session::pause()
{
    if (!m_runner)
        return;
    m_runner->pause();
    setRunning(false);
}

void Session::toggle()
{
    running() ? pause() : run();
}

void Session::step()
{
    if (!m_runner)
        return;
    backToLive();
    m_runner->stepOnce();
    setRunning(false);
}

void Session::stepToNextPattern()
{
    if (!m_runner)
        return;
    backToLive();
    m_runner->stepToNextPattern();
    setRunning(false);
}

void Session::reset()
{
    if (!m_runner)
        return;
    const bool wasRunning = m_wantRunning;
    backToLive();
    m_runner->reset();
    takeOwnParameters();
    resume(wasRunning);
    Q_EMIT parametersChanged();
}

void Session::newSeed()
{
    newSeed(nextSeed(m_seed) % 1000000);
}

void Session::newSeed(std::uint64_t seed)
{
    if (!m_runner || seed == m_seed)
        return;
    const bool wasRunning = m_wantRunning;
    backToLive();
    m_seed = m_experiment.seed = seed;
    m_runner->reset(seed);
    resume(wasRunning);
}

void Session::resume(bool running)
{
    m_newest.state = RunState::Paused; // whatever it was, it is another run now
    if (running)
        m_runner->run();
    setRunning(running);
}

void Session::setPace(double realTimeFactor)
{
    if (std::isnan(realTimeFactor))
        return;
    m_pace = std::max(Pacer::kSlowest, realTimeFactor);
    if (m_runner)
        m_runner->setPace(m_pace);
    Q_EMIT stateChanged();
}

QString Session::lockReason() const
{
    if (!isOpen())
        return tr("Nothing is open.");
    if (m_scene.live)
        return {};
    const QString moment = countsIterations()
        ? tr("iteration %1").arg(m_scene.shownMs, 0, 'f', 0)
        : tr("t = %1 s").arg(m_scene.shownMs / 1000, 0, 'f', 2);
    return tr("The window shows the past (%1). Go back to live to change something.").arg(moment);
}

bool Session::action(const QString& name)
{
    if (name == QLatin1String("refit_ranges")) { // changes the picture only: also of the past
        refitRanges();
        return true;
    }
    if (const QString reason = lockReason(); !reason.isEmpty()
        && name != QLatin1String("rewind_halve_dt") && name != QLatin1String("undo_suspect")) {
        Q_EMIT failed(reason);
        return false;
    }
    if (name == QLatin1String("self_predicting")) {
        m_runner->edit(editLane(), "action.self_predicting", true);
        ++m_editsSent;
        m_sinceEdit.restart();
        return true;
    }
    if (name == QLatin1String("rewind_halve_dt"))
        return rewindAndHalveDt();
    if (name == QLatin1String("undo_suspect"))
        return undoSuspect();
    Q_EMIT failed(tr("There is no action \"%1\".").arg(name));
    return false;
}

bool Session::teach(const std::vector<double>& sample)
{
    QString reason = lockReason();
    try {
        checkTaught(m_experiment, sample);
    } catch (const InputError& error) {
        reason = QString::fromStdString(error.what());
    }
    if (!reason.isEmpty()) {
        Q_EMIT failed(reason);
        return false;
    }
    m_runner->edit(editLane(), std::string(kTeachUndecayedAction), sample);
    ++m_editsSent;
    m_sinceEdit.restart();
    m_fresh = true;
    return true;
}

bool Session::rewindAndHalveDt()
{
    if (!m_runner)
        return false;
    backToLive();
    const double to = std::max(0.0, m_newest.timeMs() - 1000);
    std::uint64_t step =
        0; // the bin that ends at or after `to` begins at a step that is still exact
    if (const std::size_t i = m_history.lowerBound(to); i < m_history.size())
        step = m_history.bin(i).firstStep;
    m_runner->rewindTo(step);
    m_newest.state = RunState::Paused;
    const double dt = parameters().dt / 2;
    if (!edit(QStringLiteral("dt"), dt))
        return false;
    resume(true);
    Q_EMIT noticed(tr("Rewound to t = %1 s, dt = %2 ms.").arg(to / 1000, 0, 'f', 2).arg(dt));
    return true;
}

bool Session::undoSuspect()
{
    const Remedy remedy = m_scene.diagnosis.remedy; // looking at the newest instant renews it
    if (!m_runner || remedy.kind != Remedy::Kind::UndoAndRewind)
        return false;
    backToLive();
    m_runner->rewindTo(remedy.step);
    m_newest.state = RunState::Paused;
    const QString key = QString::fromStdString(remedy.key);
    if (!edit(remedy.lane, key, remedy.value))
        return false;
    resume(true);
    if (const ParameterRow* row = parameters(std::max(remedy.lane, 0)).table().find(remedy.key))
        Q_EMIT noticed(
            tr("Rewound; %1 is now %2.").arg(nameText(*row), shortText(*row, remedy.value)));
    return true;
}

Experiment Session::replay() const
{
    return m_runner ? m_runner->experiment() : m_experiment;
}

QString Session::title() const
{
    if (!m_fileName.isEmpty())
        return m_fileName.section(u'/', -1);
    return QString::fromStdString(m_experiment.name).section(u'/', -1);
}

double startingPace(const Experiment& experiment)
{
    constexpr double kUnhurried = 0.25; // 5 s of learning in 20 s on the wall
    return experiment.pace > 0 ? experiment.pace : kUnhurried;
}

} // namespace apical
