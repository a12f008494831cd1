#include "widgets/plot/time_axis.h"

#include "widgets/look/number_text.h"
#include "widgets/look/rich_text.h"
#include "widgets/look/theme.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr double kLabelGap = 14; // px between two labels

QString plain(double value, int decimals)
{
    QString text = QString::number(value, 'f', decimals);
    return text.replace(u'-', QChar(0x2212));
}

} // namespace

TimeAxis::TimeAxis(double beginMs, double endMs, double left, double right, bool iterations)
    : m_begin(beginMs)
    , m_end(endMs > beginMs ? endMs : beginMs + 1)
    , m_left(left)
    , m_right(right > left ? right : left + 1)
    , m_iterations(iterations)
{
}

double TimeAxis::x(double timeMs) const
{
    return m_left + (timeMs - m_begin) / (m_end - m_begin) * (m_right - m_left);
}

double TimeAxis::timeMs(double x) const
{
    return m_begin + (x - m_left) / (m_right - m_left) * (m_end - m_begin);
}

double TimeAxis::stepMs(const QFont& font) const
{
    const QFontMetricsF metrics(font);
    const double unit = inMilliseconds() ? 1 : 1000;
    const double perPixel = spanMs() / (m_right - m_left);
    // A coarser step has shorter labels: the first one that leaves the gap is the finest possible.
    double step = niceStep(perPixel * 24 / unit);
    if (m_iterations)
        step = std::max(1.0, step);
    for (int tries = 0; tries < 60; ++tries, step = niceStep(step * 1.5)) {
        const int decimals = decimalsOf(step);
        const double width = std::max(metrics.horizontalAdvance(plain(m_begin / unit, decimals)),
            metrics.horizontalAdvance(plain(m_end / unit, decimals)));
        if (step * unit / perPixel >= width + kLabelGap)
            break;
    }
    return step * unit;
}

std::vector<Tick> TimeAxis::ticks(const QFont& font) const
{
    std::vector<Tick> result;
    const double step = stepMs(font);
    const double unit = inMilliseconds() ? 1 : 1000;
    const int decimals = decimalsOf(step / unit);
    const QFontMetricsF metrics(font);
    for (double k = std::ceil(m_begin / step - 1e-9); k * step <= m_end + step * 1e-9; ++k) {
        const double time = k * step;
        const QString label =
            std::abs(time) < step * 1e-6 ? QStringLiteral("0") : plain(time / unit, decimals);
        const double half = metrics.horizontalAdvance(label) / 2;
        const double at = x(time);
        const bool fits = at - half >= m_left - 20 && at + half <= m_right + 8;
        result.push_back({time, at, fits ? label : QString()});
    }
    return result;
}

QString TimeAxis::text(double timeMs) const
{
    if (m_iterations)
        return plain(std::round(timeMs), 0);
    const double perPixel = spanMs() / (m_right - m_left);
    if (inMilliseconds())
        return plain(timeMs, std::clamp(decimalsOf(niceStep(perPixel)), 1, 4))
            + QStringLiteral(" ms");
    return plain(timeMs / 1000, std::clamp(decimalsOf(niceStep(perPixel / 1000)), 2, 4))
        + QStringLiteral(" s");
}

QString TimeAxis::name() const
{
    if (m_iterations)
        return QStringLiteral("iteration");
    return inMilliseconds() ? QStringLiteral("time <i>t</i> (ms)")
                            : QStringLiteral("time <i>t</i> (s)");
}

void TimeAxis::paint(QPainter& painter, const Theme& theme, double bottom, double nameLeft,
    double nameRight, double flagMs) const
{
    const QFont font = uiFont(10);
    const QFontMetricsF metrics(font);
    QString caption = name();
    const QFont captionFont = uiFont(11);
    QSizeF captionSize = richSize(caption, captionFont);
    const QString word = QStringLiteral("time ");
    if (captionSize.width() > nameRight - nameLeft && caption.startsWith(word)) {
        caption.remove(0, word.size());
        captionSize = richSize(caption, captionFont);
    }
    drawRich(
        painter, {nameRight - captionSize.width(), bottom + 4}, caption, captionFont, theme.ink2);

    QRectF flag;
    const bool flagged = flagMs >= 0 && contains(flagMs);
    const QString flagText = flagged ? text(flagMs) : QString();
    if (flagged) {
        const double width = metrics.horizontalAdvance(flagText) + 12;
        const double at = std::clamp(x(flagMs) - width / 2, m_left - 20, m_right + 8 - width);
        flag = QRectF(at, bottom + 3, width, 16);
    }
    painter.save();
    painter.setFont(font);
    painter.setPen(theme.ink3);
    for (const Tick& tick : ticks(font)) {
        if (tick.label.isEmpty())
            continue;
        const double width = metrics.horizontalAdvance(tick.label);
        const QRectF box(tick.pixel - width / 2, bottom + 4, width + 1, 14);
        if (flagged && box.adjusted(-4, 0, 4, 0).intersects(flag))
            continue;
        if (box.left() < nameRight + 3)
            continue;
        drawRich(painter, {tick.pixel - width / 2, bottom + 5}, tick.label, font, theme.ink3);
    }
    if (flagged) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.crosshair);
        painter.drawRoundedRect(flag, 2, 2);
        painter.setPen(theme.panel);
        painter.drawText(flag, Qt::AlignCenter, flagText);
    }
    painter.restore();
}

TimeRange zoomed(TimeRange range, double factor, double aroundMs, double shortestMs, double nowMs)
{
    const double span = range.endMs - range.beginMs;
    const double longest = std::max(4 * nowMs + 1000, shortestMs);
    const double wanted = std::clamp(span * factor, shortestMs, longest);
    const double share = span > 0 ? std::clamp((aroundMs - range.beginMs) / span, 0.0, 1.0) : 0.5;
    const double begin = std::max(0.0, aroundMs - share * wanted);
    return {begin, begin + wanted};
}

TimeRange panned(TimeRange range, double deltaMs, double nowMs)
{
    const double span = range.endMs - range.beginMs;
    const double begin = std::clamp(range.beginMs + deltaMs, 0.0, std::max(0.0, nowMs));
    return {begin, begin + span};
}

} // namespace apical
