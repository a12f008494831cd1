#include "widgets/strips/plot_view.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include "widgets/strips/axes.h"
#include "widgets/strips/phases.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr double kNotch = 1.25; // zoom per wheel notch
constexpr double kShortestSteps = 8; // of the run, the least the axis shows
constexpr int kScrollBar = 8; // px: in the free margin right of the strips

} // namespace

StripPlotView::StripPlotView(bool phaseLane, QWidget* parent)
    : View(parent)
    , m_stack(phaseLane)
    , m_scrollBar(new QScrollBar(Qt::Vertical, this))
{
    m_scrollBar->setObjectName(QStringLiteral("moreStrips"));
    m_scrollBar->setAccessibleName(QStringLiteral("More strips"));
    m_scrollBar->setFocusPolicy(Qt::NoFocus); // PageUp and PageDown do the same
    m_scrollBar->setSingleStep(1);
    m_scrollBar->hide();
    connect(m_scrollBar, &QScrollBar::valueChanged, this, [this](int first) {
        m_stack.scrollTo(first);
        update();
    });
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
}

void StripPlotView::refresh(const Scene& scene)
{
    // After a rewind the axes forget what is no longer there.
    const bool back = scene.nowMs < m_nowMs;
    m_nowMs = scene.nowMs;
    if (StripKey key = stripKey(scene); !m_described || back || !(key == m_key)) {
        m_stack.describe(
            describe(scene), !m_described || back || key.generation != m_key.generation);
        m_key = std::move(key);
        m_described = true;
    }
    // Lanes and strips come and go without a resize.
    placeScrollBar(scene);
    if (scene.textDue || !scene.live)
        m_stack.renewTexts();
    View::refresh(scene);
}

void StripPlotView::paint(QPainter& painter, const QRectF& area)
{
    if (!scene())
        return;
    m_stack.paint(painter, *scene(), stackArea(area));
    if (m_keyboardFocus && hasFocus()) {
        painter.setPen(QPen(theme().accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(area.adjusted(1, 1, -1, -1));
    }
}

QString StripPlotView::csv() const
{
    return scene() ? m_stack.csv(*scene()) : QString();
}

QString StripPlotView::subtitle() const
{
    if (!scene() || !scene()->history)
        return {};
    const TimeAxis& axis = m_stack.axis();
    const double width = (axis.right() - axis.left()) * devicePixelRatioF();
    return StripStack::strokeText(
        *scene()->history, axis.beginMs(), axis.endMs(), static_cast<int>(width));
}

void StripPlotView::placeScrollBar(const Scene& scene)
{
    const QRectF area = stackArea(QRectF(rect()));
    const int all = static_cast<int>(m_stack.strips().size());
    const int fitting = m_stack.fitting(scene, area);
    m_scrollBar->setPageStep(fitting);
    m_scrollBar->setMaximum(std::max(0, all - fitting));
    const QRect place(static_cast<int>(area.right()) - kScrollBar - 1,
        static_cast<int>(area.top()) + 2, kScrollBar,
        static_cast<int>(area.height() - kAxisHeight) - 2);
    if (m_scrollBar->geometry() != place)
        m_scrollBar->setGeometry(place);
    m_scrollBar->setVisible(all > fitting);
}

void StripPlotView::resizeEvent(QResizeEvent* event)
{
    View::resizeEvent(event);
    if (scene())
        placeScrollBar(*scene());
}

void StripPlotView::ask(TimeRange wanted, bool followLive)
{
    m_following = followLive;
    Q_EMIT timeRangeRequested(wanted.beginMs, wanted.endMs, followLive);
    update();
}

void StripPlotView::zoomTime(double factor, double x)
{
    if (!scene())
        return;
    const double dt =
        scene()->frame.lanes.empty() ? 0.1 : scene()->frame.lanes.front().parameters.dt;
    // Right of now there is nothing to come closer to.
    const double around = std::min(std::max(scene()->nowMs, m_stack.axis().beginMs()),
        m_stack.axis().timeMs(std::clamp(x, m_stack.axis().left(), m_stack.axis().right())));
    const TimeRange wanted = zoomed(range(), factor, around, kShortestSteps * dt, scene()->nowMs);
    ask(wanted,
        m_following && scene()->live && wanted.beginMs <= scene()->nowMs
            && wanted.endMs >= scene()->nowMs);
}

void StripPlotView::pan(double deltaMs)
{
    if (scene())
        ask(panned(range(), deltaMs, scene()->nowMs), false);
}

bool StripPlotView::onValueAxis(const QPointF& at) const
{
    return at.x() < m_stack.axis().left() && at.x() > m_stack.axis().left() - kStripMargin
        && m_stack.stripAt(at.y()) >= 0;
}

bool StripPlotView::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip && scene()) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QString text = eventAt(*scene(), m_stack.axis(), help->pos().x());
        if (text.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), text, this);
        return true;
    }
    return View::event(event);
}

void StripPlotView::mousePressEvent(QMouseEvent* event)
{
    const double x = event->position().x();
    if (event->button() != Qt::LeftButton || !scene() || x < m_stack.axis().left()
        || x > m_stack.axis().right()) {
        event->ignore();
        return;
    }
    m_drag = Drag{x, range()};
}

void StripPlotView::mouseMoveEvent(QMouseEvent* event)
{
    if (!scene())
        return;
    const double x = event->position().x();
    const TimeAxis& axis = m_stack.axis();
    if (m_drag) {
        if (std::abs(x - m_drag->x) > 2 || cursor().shape() == Qt::ClosedHandCursor) {
            setCursor(Qt::ClosedHandCursor);
            const double perPixel = axis.spanMs() / (axis.right() - axis.left());
            ask(panned(m_drag->from, (m_drag->x - x) * perPixel, scene()->nowMs), false);
        }
        return;
    }
    const bool inside = x >= axis.left() && x <= axis.right();
    Q_EMIT crosshairMoved(inside ? std::max(0.0, axis.timeMs(x)) : -1.0);
    update();
}

void StripPlotView::mouseReleaseEvent(QMouseEvent*)
{
    m_drag.reset();
    unsetCursor();
}

void StripPlotView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !scene())
        return;
    if (onValueAxis(event->position())) {
        m_stack.autoscale(m_stack.stripAt(event->position().y()));
        update();
        return;
    }
    m_drag.reset();
    ask({0, scene()->nowMs}, true);
}

void StripPlotView::wheelEvent(QWheelEvent* event)
{
    if (!scene())
        return;
    const QPoint angle = event->angleDelta();
    const double notches = angle.y() / 120.0;
    if (m_scrollBar->maximum() > 0 && event->position().x() < m_stack.axis().left()) {
        m_scrolled -= notches; // a touch pad sends parts of a notch
        const double whole = std::trunc(m_scrolled);
        m_scrolled -= whole;
        m_scrollBar->setValue(m_scrollBar->value() + static_cast<int>(whole));
        event->accept();
        return;
    }
    if (event->modifiers() & Qt::ControlModifier) {
        m_stack.zoomValues(m_stack.stripAt(event->position().y()), std::pow(kNotch, -notches),
            event->position().y());
        update();
    } else if (angle.y() == 0 || event->modifiers() & Qt::ShiftModifier) {
        const double sideways = (angle.y() == 0 ? angle.x() : angle.y()) / 120.0;
        pan(-sideways * 0.1 * m_stack.axis().spanMs());
    } else {
        zoomTime(std::pow(kNotch, -notches), event->position().x());
    }
    event->accept();
}

void StripPlotView::leaveEvent(QEvent*)
{
    Q_EMIT crosshairMoved(-1);
    update();
}

void StripPlotView::keyPressEvent(QKeyEvent* event)
{
    if (!scene()) {
        View::keyPressEvent(event);
        return;
    }
    const double middle = (m_stack.axis().left() + m_stack.axis().right()) / 2;
    // While following, the newest instant stays where it is.
    const double around = m_following && m_stack.axis().contains(scene()->nowMs)
        ? m_stack.axis().x(scene()->nowMs)
        : middle;
    switch (event->key()) {
    case Qt::Key_Left:
        pan(-0.1 * m_stack.axis().spanMs());
        break;
    case Qt::Key_Right:
        pan(0.1 * m_stack.axis().spanMs());
        break;
    case Qt::Key_Up:
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomTime(1 / kNotch, around);
        break;
    case Qt::Key_Down:
    case Qt::Key_Minus:
        zoomTime(kNotch, around);
        break;
    case Qt::Key_PageUp:
        m_scrollBar->triggerAction(QScrollBar::SliderSingleStepSub);
        break;
    case Qt::Key_PageDown:
        m_scrollBar->triggerAction(QScrollBar::SliderSingleStepAdd);
        break;
    case Qt::Key_F:
        ask({0, scene()->nowMs}, true);
        break;
    default:
        View::keyPressEvent(event);
    }
}

void StripPlotView::focusInEvent(QFocusEvent* event)
{
    m_keyboardFocus = event->reason() == Qt::TabFocusReason
        || event->reason() == Qt::BacktabFocusReason || event->reason() == Qt::ShortcutFocusReason;
    View::focusInEvent(event);
    update();
}

void StripPlotView::focusOutEvent(QFocusEvent* event)
{
    m_keyboardFocus = false;
    View::focusOutEvent(event);
    update();
}

} // namespace apical
