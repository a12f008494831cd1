#include "app/program/stroke_latency.h"

#include "widgets/view/view.h"

#include <QCoreApplication>
#include <QKeyEvent>
#include <QMouseEvent>

#include <algorithm>
#include <utility>

namespace apical {
namespace {

constexpr int kPointMs = 8; // as often as a mouse tells where it is
constexpr int kPoints = 16; // of a stroke
constexpr int kCorner = 6; // the point at which a 7 turns down
constexpr int kRestMs = 40; // between two digits

} // namespace

StrokeLatency::StrokeLatency(View& drawing, double seconds, std::function<void()> done)
    : QObject(&drawing)
    , m_view(drawing)
    , m_seconds(seconds)
    , m_done(std::move(done))
{
    drawing.installEventFilter(this);
    m_hand.setTimerType(Qt::PreciseTimer);
    m_hand.setInterval(kPointMs);
    connect(&m_hand, &QTimer::timeout, this, &StrokeLatency::next);
    m_all.start();
    m_hand.start();
}

/// Inside the canvas, which is square and stands at the left.
QPointF StrokeLatency::place(int point) const
{
    const double room = std::min(m_view.height() - 44.0, 0.4 * m_view.width());
    const QPointF centre(10 + room / 2, (m_view.height() - 28) / 2.0);
    const double down = std::max(0.0, static_cast<double>(point - kCorner) / (kPoints - kCorner));
    const double across = std::min(1.0, static_cast<double>(point) / kCorner);
    return centre + 0.35 * room * QPointF(2 * across - 1 - down, 2 * down - 1);
}

void StrokeLatency::mouse(QEvent::Type type, QPointF at)
{
    const bool down = type != QEvent::MouseButtonRelease;
    QMouseEvent event(type, at, m_view.mapToGlobal(at),
        type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton,
        down ? Qt::LeftButton : Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&m_view, &event);
}

void StrokeLatency::next()
{
    if (m_waiting)
        return;
    if (m_point == 0) {
        if (static_cast<double>(m_all.elapsed()) > 1000 * m_seconds) {
            m_hand.stop();
            m_done();
            return;
        }
        QKeyEvent clear(QEvent::KeyPress, Qt::Key_Delete, Qt::NoModifier);
        QCoreApplication::sendEvent(&m_view, &clear);
        mouse(QEvent::MouseButtonPress, place(0));
        m_hand.setInterval(kPointMs);
    } else {
        mouse(QEvent::MouseMove, place(m_point));
    }
    if (++m_point <= kPoints)
        return;
    m_released.start();
    mouse(QEvent::MouseButtonRelease, place(kPoints));
    m_waiting = true;
}

bool StrokeLatency::eventFilter(QObject* object, QEvent* event)
{
    if (m_waiting && event->type() == QEvent::Paint)
        // What was posted during a repaint comes after it is on the screen.
        QMetaObject::invokeMethod(
            this,
            [this] {
                if (!std::exchange(m_waiting, false))
                    return;
                if (!m_view.csv().isEmpty()) // there is an answer in it
                    m_latencies.push_back(static_cast<double>(m_released.nsecsElapsed()) * 1e-6);
                m_point = 0;
                m_hand.setInterval(kRestMs);
            },
            Qt::QueuedConnection);
    return QObject::eventFilter(object, event);
}

} // namespace apical
