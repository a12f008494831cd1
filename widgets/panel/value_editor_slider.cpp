#include "widgets/panel/value_editor_slider.h"

#include "widgets/look/style.h"
#include "widgets/look/theme.h"

#include <QMouseEvent>
#include <QPainter>
#include <QSignalBlocker>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr int kPositions = 1000;
constexpr double kHandle = 4.5; // radius

/// x rounded to a multiple of 10^exponent, without binary dust ("0.30000000000000004").
double roundedTo(double x, int exponent)
{
    if (exponent >= 0) {
        const double unit = std::pow(10.0, exponent);
        return std::round(x / unit) * unit;
    }
    const double scale = std::pow(10.0, -exponent);
    return std::round(x * scale) / scale;
}

int decade(double x)
{
    return static_cast<int>(std::floor(std::log10(x)));
}

} // namespace

ValueSlider::ValueSlider(double low, double high, bool logarithmic, double floor, QWidget* parent)
    : QSlider(Qt::Horizontal, parent)
    , m_low(low)
    , m_high(high)
    , m_floor(floor)
    , m_tick(low)
    , m_logarithmic(logarithmic && low > 0)
{
    setRange(0, kPositions);
    setSingleStep(10);
    setPageStep(100);
    setFocusPolicy(Qt::StrongFocus);
    // Drags go through the mouse handlers below; what is left are keys and assistive tools.
    connect(this, &QSlider::valueChanged, this, [this](int position) {
        if (!isSliderDown())
            Q_EMIT nudged(valueAt(position));
    });
}

int ValueSlider::positionOf(double value) const
{
    if (std::isnan(value))
        return 0;
    double share = 0;
    if (!m_logarithmic)
        share = (value - m_low) / (m_high - m_low);
    else if (value > m_low)
        share = std::log(value / m_low) / std::log(m_high / m_low);
    else
        return m_floor < m_low && value <= m_floor ? 0 : 1;
    const int first = m_logarithmic && m_floor < m_low ? 1 : 0;
    return std::clamp(
        static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * kPositions)), first, kPositions);
}

double ValueSlider::valueAt(int position) const
{
    const double share = static_cast<double>(position) / kPositions;
    if (!m_logarithmic) {
        const double value = m_low + share * (m_high - m_low);
        return roundedTo(value, decade((m_high - m_low) / kPositions * 1.001));
    }
    if (position == 0)
        return m_floor;
    const double value = m_low * std::pow(m_high / m_low, share);
    return roundedTo(value, decade(value) - 2);
}

double ValueSlider::stepped(double value, int steps) const
{
    if (!m_logarithmic) {
        const int exponent = decade((m_high - m_low) / 100 * 1.001);
        return roundedTo(value + steps * std::pow(10.0, exponent), std::min(exponent, -3));
    }
    // A tenth of the leading decade: 0.30 -> 0.31, 10 -> 11, downwards 1.0 -> 0.99.
    for (int i = 0; i < std::abs(steps); ++i) {
        if (value < m_low / 10 || (steps < 0 && value <= m_low / 10 * 1.001)) {
            value = steps > 0 ? m_low / 10 : m_floor < m_low ? m_floor : value;
            continue;
        }
        const int exponent = decade(value * (steps < 0 ? 0.9999 : 1.0001)) - 1;
        value = roundedTo(value + (steps > 0 ? 1 : -1) * std::pow(10.0, exponent), exponent - 2);
    }
    return value;
}

void ValueSlider::showValue(double value)
{
    const QSignalBlocker quiet(this);
    QSlider::setValue(positionOf(value));
}

double ValueSlider::xOf(int position) const
{
    return kHandle + (width() - 2 * kHandle) * position / kPositions;
}

void ValueSlider::dragTo(double x)
{
    const double share = std::clamp((x - kHandle) / (width() - 2 * kHandle), 0.0, 1.0);
    int position = static_cast<int>(std::lround(share * kPositions));
    // The default is what people aim for: it catches the handle.
    const int tick = positionOf(m_tick);
    if (std::abs(xOf(position) - xOf(tick)) <= 1.5)
        position = tick;
    if (position == value())
        return;
    QSlider::setValue(position);
    update();
    m_moved = true;
    Q_EMIT edited(position == tick ? m_tick : valueAt(position), true);
}

void ValueSlider::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton) {
        event->ignore();
        return;
    }
    m_moved = false;
    setSliderDown(true);
    if (std::abs(event->position().x() - xOf(value())) > kHandle + 1)
        dragTo(event->position().x());
}

void ValueSlider::mouseMoveEvent(QMouseEvent* event)
{
    if (isSliderDown())
        dragTo(event->position().x());
}

void ValueSlider::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !isSliderDown())
        return;
    setSliderDown(false);
    update();
    if (m_moved)
        Q_EMIT edited(value() == positionOf(m_tick) ? m_tick : valueAt(value()), false);
    m_moved = false;
}

void ValueSlider::wheelEvent(QWheelEvent* event)
{
    if (hasFocus())
        QSlider::wheelEvent(event);
    else
        event->ignore();
}

void ValueSlider::enterEvent(QEnterEvent* event)
{
    QSlider::enterEvent(event);
    update();
}

void ValueSlider::leaveEvent(QEvent* event)
{
    QSlider::leaveEvent(event);
    update();
}

void ValueSlider::paintEvent(QPaintEvent*)
{
    const Theme& t = activeTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double y = height() / 2.0;
    const double x = xOf(value());
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.groove);
    painter.drawRoundedRect(QRectF(0, y - 1, width(), 2), 1, 1);
    if (isEnabled()) {
        painter.setBrush(t.ink2);
        painter.drawRoundedRect(QRectF(0, y - 1, x, 2), 1, 1);
    }
    painter.fillRect(QRectF(std::round(xOf(positionOf(m_tick))) - 1, y - 4, 1.5, 8),
        isEnabled() ? t.ink3 : t.groove);
    if (hasFocus()) {
        painter.setPen(QPen(t.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(QPointF(x, y), kHandle + 1.5, kHandle + 1.5);
    }
    painter.setPen(QPen(isEnabled() ? t.ink2 : t.groove, 1.3));
    painter.setBrush(isSliderDown() ? t.groove : underMouse() && isEnabled() ? t.hover : t.field);
    painter.drawEllipse(QPointF(x, y), kHandle - 0.65, kHandle - 0.65);
}

} // namespace apical
