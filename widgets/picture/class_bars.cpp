#include "widgets/picture/class_bars.h"

#include "widgets/view/task_words.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace apical {

QColor classColor(int i, int classes, bool dark)
{
    // Neighbours differ in lightness, too.
    const double light = (dark ? 0.6 : 0.42) + (i % 2 ? 0.1 : -0.04);
    return QColor::fromHslF(static_cast<float>(i) / static_cast<float>(std::max(1, classes)), 0.62F,
        static_cast<float>(light));
}

double paintClassBars(QPainter& painter, const Scene& scene, const ClassBars& bars,
    const QRectF& area, std::span<const double> before)
{
    const Theme& t = *scene.theme;
    const std::size_t n = bars.output.size();
    if (n == 0 || scene.frame.lanes.empty())
        return 0;
    constexpr double kName = 30, kNumber = 44, kMostHeight = 22, kLine = 11;
    const double height = std::min(kMostHeight, area.height() / static_cast<double>(n));
    const QRectF track(
        area.left() + kName, area.top(), std::max(20.0, area.width() - kName - kNumber), height);
    const auto xOf = [&](double v) {
        const double share = (v - bars.low) / std::max(1e-9, bars.high - bars.low);
        return track.left()
            + std::clamp(std::isfinite(share) ? share : 0.0, 0.0, 1.0) * track.width();
    };
    const auto winner = static_cast<std::size_t>(
        std::max_element(bars.output.begin(), bars.output.end()) - bars.output.begin());
    const TaskFrame& task = scene.frame.lanes.front().task;
    painter.setFont(uiFont(height < 13 ? 10 : 11));
    const std::size_t asked = bars.target.empty()
        ? winner
        : static_cast<std::size_t>(
            std::max_element(bars.target.begin(), bars.target.end()) - bars.target.begin());
    const double gap = std::min(2.0, height / 5);
    for (std::size_t i = 0; i < n; ++i) {
        const double top = area.top() + static_cast<double>(i) * height;
        const QRectF row(track.left(), top + gap, track.width(), height - 2 * gap);
        const bool best = i == winner;
        // Rows lower than a line have words where it matters: the answer, and what was asked.
        const bool near =
            static_cast<double>(i > winner ? i - winner : winner - i) * height < kLine;
        const bool named = height >= kLine || best || (i == asked && !near);
        const auto write = [&](const QRectF& at, const QString& text) {
            painter.setPen(best ? t.ink : t.ink2);
            painter.drawText(at, Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip, text);
        };
        painter.setFont(uiFont(height < 13 ? 10 : 11, best ? QFont::Bold : QFont::Normal));
        if (named)
            write({area.left(), top, kName - 6, height}, shortClassName(task, static_cast<int>(i)));
        painter.fillRect(row, t.band);
        const double zero = xOf(0), at = xOf(bars.output[i]);
        painter.fillRect(QRectF(QPointF(zero, row.top()), QPointF(at, row.bottom())).normalized(),
            best ? t.accent : t.soma);
        if (i < before.size())
            painter.fillRect(
                QRectF(xOf(before[i]) - 1, row.top() - 1, 2, row.height() + 2), t.amber);
        if (i < bars.target.size())
            painter.fillRect(
                QRectF(xOf(bars.target[i]) - 1, row.top() - 2, 2, row.height() + 4), t.target);
        if (named)
            write({track.right() + 4, top, kNumber - 4, height}, signedNumber(bars.output[i], 2));
    }
    painter.fillRect(QRectF(xOf(0) - 0.5, area.top(), 1, static_cast<double>(n) * height), t.edge);
    return height;
}

} // namespace apical
