#include "widgets/strips/timeline.h"

#include "widgets/look/style.h"
#include "widgets/look/theme.h"

#include <QAbstractButton>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr double kTrackLeft = 84, kTrackRight = 342, kTrackY = 16;

/// Filled green while live, outlined while paused, amber while scrubbed, red once diverged.
class Badge : public QAbstractButton {
public:
    explicit Badge(Timeline* timeline)
        : QAbstractButton(timeline)
        , m_timeline(timeline)
    {
        setFocusPolicy(Qt::TabFocus);
        setToolTip(Timeline::tr("Show the newest instant (End)"));
    }
    QSize sizeHint() const override
    {
        const QFontMetrics metrics(uiFont(12, QFont::DemiBold));
        return {metrics.horizontalAdvance(text()) + 36, 20};
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Theme& t = activeTheme();
        const TimelineState& s = m_timeline->state();
        const bool filled = !s.live || s.diverged || s.running;
        const QColor color = s.diverged ? t.bad : !s.live ? t.amber : s.running ? t.good : t.ink2;
        const QColor ink = filled ? (t.dark ? t.window : t.panel) : color;
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const QRectF body = QRectF(rect()).adjusted(2.5, 0.5, -2.5, -0.5);
        painter.setPen(QPen(hasFocus() ? t.accent : color, hasFocus() ? 2 : 1));
        painter.setBrush(filled ? QBrush(color) : Qt::NoBrush);
        painter.drawRoundedRect(body, body.height() / 2, body.height() / 2);
        painter.setPen(Qt::NoPen);
        painter.setBrush(ink);
        painter.drawEllipse(QPointF(16, height() / 2.0), 3, 3);
        painter.setPen(ink);
        painter.setFont(uiFont(12, QFont::DemiBold));
        painter.drawText(rect().adjusted(24, 0, -8, 0), Qt::AlignVCenter | Qt::AlignLeft, text());
    }

private:
    Timeline* m_timeline;
};

QString moment(const TimelineState& state, double timeMs)
{
    return state.iterations ? Timeline::tr("iteration %1").arg(timeMs, 0, 'f', 0)
                            : Timeline::tr("%1 s").arg(timeMs / 1000, 0, 'f', 2);
}

QString megabytes(std::size_t bytes)
{
    const double mb = static_cast<double>(bytes) / (1 << 20);
    return QString::number(mb, 'f', mb < 10 ? 1 : 0) + QStringLiteral(" MB");
}

} // namespace

Timeline::Timeline(QWidget* parent)
    : QWidget(parent)
    , m_badge(new Badge(this))
{
    setFixedHeight(32);
    setAccessibleName(tr("Timeline"));
    setMouseTracking(true);
    connect(m_badge, &QAbstractButton::clicked, this, &Timeline::liveRequested);
    setState({});
}

void Timeline::setState(const TimelineState& state)
{
    m_state = state;
    if (const QString text = badgeText(); text != m_badge->text()) {
        m_badge->setText(text);
        m_badge->setAccessibleName(text);
        resizeEvent(nullptr);
    }
    m_badge->update();
    update();
}

QString Timeline::badgeText() const
{
    if (!m_state.live)
        return tr("at %1, back to live").arg(moment(m_state, m_state.shownMs));
    if (m_state.diverged)
        return tr("NOT FINITE");
    return m_state.running ? tr("LIVE") : tr("PAUSED");
}

QRectF Timeline::track() const
{
    return {kTrackLeft, kTrackY - 3, std::max(40.0, width() - kTrackLeft - kTrackRight), 6};
}

double Timeline::timeAt(double x) const
{
    const QRectF bar = track();
    const double share = std::clamp((x - bar.left()) / bar.width(), 0.0, 1.0);
    return m_state.beginMs + share * (m_state.nowMs - m_state.beginMs);
}

double Timeline::xOf(double timeMs) const
{
    const QRectF bar = track();
    const double span = m_state.nowMs - m_state.beginMs;
    return span > 0
        ? bar.left() + bar.width() * std::clamp((timeMs - m_state.beginMs) / span, 0.0, 1.0)
        : bar.right();
}

void Timeline::paintMarks(QPainter& painter) const
{
    const Theme& t = activeTheme();
    double step = 1000; // ticks at 1, 2, 5, 10, ... seconds, at least 24 px apart
    const double span = m_state.nowMs - m_state.beginMs;
    const double most = track().width() / 24;
    for (int i = 0; span / step > most; ++i)
        step *= i % 3 == 1 ? 2.5 : 2;
    painter.setPen(t.ink3);
    for (double at = std::ceil(m_state.beginMs / step) * step; span > 0 && at <= m_state.nowMs;
         at += step)
        painter.drawLine(QPointF(xOf(at), kTrackY + 7), QPointF(xOf(at), kTrackY + 9));
    if (!m_state.events)
        return;
    painter.setPen(Qt::NoPen);
    for (const Event& event : *m_state.events) {
        const double x = xOf(event.timeMs);
        const double y = 6;
        if (event.kind == Event::Kind::TargetOn || event.kind == Event::Kind::TargetOff) {
            painter.setBrush(event.kind == Event::Kind::TargetOn ? QBrush(t.accent) : Qt::NoBrush);
            painter.setPen(QPen(t.accent, 1.2));
            painter.drawPolygon(QPolygonF{
                QPointF(x, y - 4), QPointF(x + 4, y), QPointF(x, y + 4), QPointF(x - 4, y)});
            painter.setPen(Qt::NoPen);
        } else {
            painter.setBrush(event.kind == Event::Kind::Diverged ? t.bad : t.amber);
            painter.drawPolygon(
                QPolygonF{QPointF(x - 4, y - 3), QPointF(x + 4, y - 3), QPointF(x, y + 4)});
        }
    }
}

void Timeline::paintEvent(QPaintEvent*)
{
    const Theme& t = activeTheme();
    QPainter painter(this);
    painter.fillRect(rect(), t.bar);
    painter.fillRect(QRect(0, 0, width(), 1), t.line);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(uiFont(12, QFont::DemiBold));
    painter.setPen(t.ink);
    painter.drawText(QRectF(12, 0, kTrackLeft - 12, height()), Qt::AlignVCenter, tr("Timeline"));

    const QRectF bar = track();
    const double head = m_state.live ? bar.right() : xOf(m_state.shownMs);
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.groove);
    painter.drawRoundedRect(bar, 3, 3);
    painter.setBrush(t.ink3);
    painter.drawRoundedRect(QRectF(bar.topLeft(), QPointF(head, bar.bottom())), 3, 3);
    paintMarks(painter);
    const QColor headColor = m_state.live ? t.ink : t.amber;
    painter.setPen(QPen(headColor, 2));
    painter.drawLine(QPointF(head, 5), QPointF(head, 27));
    painter.setBrush(t.bar);
    painter.drawEllipse(QPointF(head, kTrackY), 5, 5);

    const double x = bar.right() + 12;
    painter.setPen(t.ink);
    painter.setFont(uiFont(12, QFont::DemiBold));
    const QString time = m_state.iterations ? moment(m_state, m_state.shownMs)
                                            : tr("t = %1").arg(moment(m_state, m_state.shownMs));
    painter.drawText(QRectF(x, 0, 120, height()), Qt::AlignVCenter, time);
    const double used = std::max(70, QFontMetrics(painter.font()).horizontalAdvance(time) + 8);
    painter.setPen(t.ink2);
    painter.setFont(uiFont(11));
    const QRectF rest(x + used, 0, m_badge->x() - x - used - 8, height());
    const QString memory =
        tr("history %1 of %2").arg(megabytes(m_state.bytes), megabytes(m_state.limitBytes));
    painter.drawText(rest, Qt::AlignVCenter,
        painter.fontMetrics().elidedText(memory, Qt::ElideRight, int(rest.width())));
}

void Timeline::mousePressEvent(QMouseEvent* e)
{
    if (e->button() == Qt::LeftButton && track().adjusted(-8, -12, 8, 12).contains(e->position()))
        Q_EMIT scrubRequested(timeAt(e->position().x()));
}

void Timeline::mouseMoveEvent(QMouseEvent* e)
{
    if (e->buttons() & Qt::LeftButton)
        Q_EMIT scrubRequested(timeAt(e->position().x()));
    setCursor(track().adjusted(-8, -12, 8, 12).contains(e->position()) ? Qt::PointingHandCursor
                                                                       : Qt::ArrowCursor);
}

void Timeline::resizeEvent(QResizeEvent*)
{
    const QSize size = m_badge->sizeHint();
    m_badge->setGeometry(width() - size.width() - 10, 6, size.width(), size.height());
}

bool Timeline::event(QEvent* e)
{
    if (e->type() != QEvent::ToolTip || !m_state.events)
        return QWidget::event(e);
    const auto* help = static_cast<QHelpEvent*>(e);
    QStringList lines;
    for (const Event& event : *m_state.events) {
        if (std::abs(xOf(event.timeMs) - help->pos().x()) < 5 && lines.size() < 8)
            lines +=
                tr("%1: %2").arg(moment(m_state, event.timeMs), QString::fromStdString(event.text));
    }
    QToolTip::showText(help->globalPos(), lines.join(u'\n'), this);
    return true;
}

} // namespace apical
