#include "app/program/measure.h"

#include "app/program/stroke_latency.h"
#include "app/window/main_window.h"
#include "sim/base/thread_clock.h"
#include "sim/live/runner.h"
#include "widgets/look/rendering.h"

#include <QCoreApplication>
#include <QDockWidget>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTimer>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>

#include <unistd.h>

namespace apical {
namespace {

constexpr int kSlices = 8; // visible and hidden in turn
constexpr double kSettleSeconds = 0.8; // window mapped, first pictures made, caches filled
constexpr int kEditEveryMs = 97;
constexpr double kAccuracy = 0.8; // what a demonstration should reach in seconds
constexpr double kGoalSeconds = 10; // so long it is given for that
constexpr double kMapped = 0.25; // of a slice: frames count from then on
constexpr double kDrawing = 0.25; // of the time asked for, on top of it

std::int64_t nowNs()
{
    return std::chrono::steady_clock::now().time_since_epoch().count();
}

double quantile(std::vector<double> values, double q)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    const double at = std::ceil(q * static_cast<double>(values.size())) - 1;
    return values[static_cast<std::size_t>(std::max(at, 0.0))];
}

double residentMb()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const double pages = file.readAll().split(' ').value(1).toDouble();
    return pages * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

double rounded(double v)
{
    return std::round(v * 1000) / 1000;
}

} // namespace

Measurement::Measurement(MainWindow& window, double seconds)
    : QObject(&window)
    , m_window(window)
    , m_sliceSeconds(seconds / kSlices)
    , m_began(nowNs())
{
    window.session().setPace(std::numeric_limits<double>::infinity());
    window.session().run();
    connect(&window.session(), &Session::refreshed, this, &Measurement::lookForEdit);
    connect(&window.session(), &Session::refreshed, this, &Measurement::lookForAccuracy);
    auto* turns = new QTimer(this);
    turns->setTimerType(Qt::PreciseTimer);
    connect(turns, &QTimer::timeout, this, &Measurement::noteTurn);
    turns->start(1);
    auto* edits = new QTimer(this);
    connect(edits, &QTimer::timeout, this, &Measurement::editNow);
    edits->start(kEditEveryMs);
    QTimer::singleShot(static_cast<int>(kSettleSeconds * 1000), this, &Measurement::startSlices);
}

/// Not before a demonstration has reached its goal, or its time is over: nobody looks while the
/// window is hidden.
void Measurement::startSlices()
{
    const Frame& frame = m_window.session().newest();
    const bool tests = !frame.lanes.empty() && frame.lanes.front().parameters.protocolTest > 0;
    const double seconds = static_cast<double>(nowNs() - m_began) * 1e-9;
    if (tests && m_secondsToAccuracy < 0 && seconds < kGoalSeconds)
        QTimer::singleShot(100, this, &Measurement::startSlices);
    else
        nextSlice();
}

void Measurement::nextSlice()
{
    Session& session = m_window.session();
    const double done = static_cast<double>(session.runner()->stepsDone() - m_stepsAtStart);
    if (m_slice >= 0) {
        Sum& sum = m_slice % 2 == 0 ? m_visible : m_hidden;
        sum.steps += done;
        sum.seconds += static_cast<double>(nowNs() - m_sliceBegan) * 1e-9;
        sum.processor += threadSeconds() - m_processorAtStart;
    }
    if (++m_slice == kSlices) {
        session.pulse().record(false);
        drawDigits();
        return;
    }
    const bool visible = m_slice % 2 == 0;
    m_revisionWanted = 0; // an edit on its way is confirmed only when frames are looked at again
    m_window.setVisible(visible);
    session.setRefreshing(visible);
    QCoreApplication::processEvents();
    // As at the start: a window that has just been mapped paints everything anew.
    if (visible)
        QTimer::singleShot(static_cast<int>(std::lround(kMapped * m_sliceSeconds * 1000)), this,
            [this, slice = m_slice] {
                if (m_slice != slice)
                    return;
                m_window.session().pulse().record(true);
                m_processorAtStart = threadSeconds();
            });
    else
        session.pulse().record(false);
    m_stepsAtStart = session.runner()->stepsDone();
    m_sliceBegan = nowNs();
    m_processorAtStart = threadSeconds();
    QTimer::singleShot(
        static_cast<int>(std::lround(m_sliceSeconds * 1000)), this, &Measurement::nextSlice);
}

void Measurement::noteTurn()
{
    const std::int64_t now = nowNs();
    if (m_slice >= 0 && m_slice < kSlices && m_lastTurn > m_sliceBegan)
        m_longestStallMs =
            std::max(m_longestStallMs, static_cast<double>(now - m_lastTurn) * 1e-6 - 1);
    m_lastTurn = now;
}

void Measurement::editNow()
{
    Session& session = m_window.session();
    if (!m_window.isVisible() || m_revisionWanted != 0 || m_slice >= kSlices)
        return;
    // A value that changes nothing in the network, but goes the whole way to it and back.
    const double value = session.parameters().readoutLag > 0 ? 0 : 1;
    m_revisionWanted = session.editsConfirmed() + 1;
    m_editSent = nowNs();
    session.edit(QStringLiteral("readout.lag"), value);
}

void Measurement::lookForEdit()
{
    if (m_revisionWanted == 0 || m_window.session().editsConfirmed() < m_revisionWanted)
        return;
    m_latencies.push_back(static_cast<double>(nowNs() - m_editSent) * 1e-6);
    m_revisionWanted = 0;
}

void Measurement::lookForAccuracy()
{
    const Frame& frame = m_window.session().newest();
    if (m_secondsToAccuracy >= 0 || frame.lanes.empty() || !frame.lanes.front().task.epochs)
        return;
    m_tested = m_tested || frame.lanes.front().parameters.protocolTest > 0;
    for (const EpochScore& epoch : *frame.lanes.front().task.epochs) {
        if (epoch.test.correct >= kAccuracy)
            m_secondsToAccuracy = static_cast<double>(nowNs() - m_began) * 1e-9;
    }
}

void Measurement::drawDigits()
{
    const DockEntry* drawing = m_window.docks().find(QStringLiteral("drawing"));
    if (!drawing || !drawing->there)
        return finish();
    m_window.show();
    m_window.session().setRefreshing(true);
    m_window.docks().raise(drawing->id);
    const double seconds = kDrawing * kSlices * m_sliceSeconds;
    QTimer::singleShot(static_cast<int>(kSettleSeconds * 1000), this, [this, drawing, seconds] {
        m_strokes = new StrokeLatency(*drawing->view, seconds, [this] { finish(); });
    });
}

void Measurement::finish()
{
    const std::vector<double>& frames = m_window.session().pulse().recorded();
    QJsonObject result{{QStringLiteral("renderer"), rendererName()},
        {QStringLiteral("frames"), static_cast<qint64>(frames.size())},
        {QStringLiteral("frame_ms_median"), rounded(quantile(frames, 0.5))},
        {QStringLiteral("frame_ms_p99"), rounded(quantile(frames, 0.99))},
        {QStringLiteral("frame_cpu_ms"),
            rounded(frames.empty()
                    ? 0
                    : 1000 * m_visible.processor / static_cast<double>(frames.size()))},
        {QStringLiteral("steps_per_s"), std::round(m_visible.rate())},
        {QStringLiteral("headless_steps_per_s"), std::round(m_hidden.rate())},
        {QStringLiteral("edit_latency_ms"), rounded(quantile(m_latencies, 0.99))},
        {QStringLiteral("longest_stall_ms"), rounded(m_longestStallMs)},
        {QStringLiteral("rss_mb"), rounded(residentMb())}};
    if (m_tested)
        result[QStringLiteral("seconds_to_80_percent")] =
            m_secondsToAccuracy < 0 ? QJsonValue() : QJsonValue(rounded(m_secondsToAccuracy));
    if (m_strokes) {
        const std::vector<double>& strokes = m_strokes->latencies();
        result[QStringLiteral("strokes")] = static_cast<qint64>(strokes.size());
        result[QStringLiteral("stroke_ms_median")] = rounded(quantile(strokes, 0.5));
        result[QStringLiteral("stroke_ms_p99")] = rounded(quantile(strokes, 0.99));
    }
    std::printf("%s\n", QJsonDocument(result).toJson(QJsonDocument::Compact).constData());
    std::fflush(stdout);
    QCoreApplication::exit(0);
}

} // namespace apical
