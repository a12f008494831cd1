#include "widgets/raster/painter.h"

#include "widgets/look/theme.h"
#include "widgets/raster/cells.h"
#include "widgets/strips/axes.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kBar = 3, kSwatch = 9;
constexpr int kSwatches = 6;
constexpr double kNameRight = 10; // px from the plot to the names

} // namespace

void paintBandNames(QPainter& painter, const Theme& t, const std::vector<RasterBand>& bands,
    const QRectF& plot, double ratio, const QRectF& taken)
{
    const std::vector<QColor> hues = rasterHues(t);
    painter.save();
    for (const RasterBand& band : bands) {
        const double top = plot.top() + band.top / ratio, height = band.height / ratio;
        if (&band != &bands.front()) {
            painter.setPen(t.line);
            const double y = std::round(top) - 1.5;
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
        }
        painter.fillRect(QRectF(plot.left() - kBar - 3, top, kBar, height),
            hues[static_cast<std::size_t>(band.hue)]);
        const QString size = QString::number(band.group.size);
        const bool both = height >= 25;
        painter.setFont(uiFont(10));
        painter.setPen(t.ink2);
        const QRectF box(plot.left() - kStripMargin, top, kStripMargin - kNameRight,
            both ? height - 11 : height);
        const auto put = [&](const QRectF& where, const QString& text) {
            const QRectF line(where.left(), where.center().y() - 5, where.width(), 10);
            if (!line.intersects(taken))
                painter.drawText(where, Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip, text);
        };
        put(box, band.name);
        painter.setPen(t.ink3);
        if (both)
            put(box.translated(0, 11.5), size);
    }
    painter.restore();
}

void paintShades(QPainter& painter, const Theme& t, const std::vector<RasterBand>& bands,
    std::uint32_t full, const QRectF& head)
{
    const auto palette = RasterCells::palette(t);
    const int hue = bands.empty() ? 0 : bands.front().hue;
    painter.save();
    painter.setFont(uiFont(10));
    const QFontMetricsF metrics(painter.font());
    double x = head.left();
    const auto put = [&](const QString& text, const QColor& color) {
        painter.setPen(color);
        painter.drawText(QRectF(x, head.top(), head.width(), head.height()),
            Qt::AlignLeft | Qt::AlignVCenter, text);
        x += metrics.horizontalAdvance(text) + 5;
    };
    put(u"spikes per mark"_s, t.ink3);
    put(u"1"_s, t.ink2);
    for (int i = 0; i < kSwatches; ++i) {
        const double one = RasterCells::shadeOfOne(full);
        const auto level = static_cast<std::size_t>(
            std::lround(one + (RasterCells::kShades - 1 - one) * i / (kSwatches - 1.0)));
        painter.fillRect(QRectF(x, head.center().y() - kSwatch / 2, kSwatch, kSwatch),
            QColor(palette[1 + static_cast<std::size_t>(hue) * RasterCells::kShades + level]));
        x += kSwatch;
    }
    x += 5;
    put(u"\u2265 "_s + QString::number(full), t.ink2);
    painter.restore();
}

void paintRowRange(
    QPainter& painter, const Theme& t, RowRange rows, double allRows, const QRectF& plot)
{
    if (!(rows.count > 0) || rows.count >= allRows)
        return;
    const QRectF track(plot.right() + 3, plot.top(), 4, plot.height());
    painter.fillRect(track, t.line2);
    const double length = std::max(8.0, track.height() * rows.count / allRows);
    const double top = (track.height() - length) * rows.first / std::max(1.0, allRows - rows.count);
    painter.fillRect(QRectF(track.left(), track.top() + top, track.width(), length), t.ink3);
}

QRectF rowTagBox(const QString& name, double y, const QRectF& plot)
{
    const double width = QFontMetricsF(uiFont(10, QFont::DemiBold)).horizontalAdvance(name) + 8;
    const double top = std::clamp(y - 7, plot.top(), std::max(plot.top(), plot.bottom() - 14));
    return {plot.left() - kBar - 5 - width, top, width, 14};
}

void paintRowTag(QPainter& painter, const Theme& t, const QString& name, const QRectF& box)
{
    painter.save();
    painter.setFont(uiFont(10, QFont::DemiBold));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.accent);
    painter.drawRoundedRect(box, 3, 3);
    painter.setPen(t.onAccent);
    painter.drawText(box, Qt::AlignCenter, name);
    painter.restore();
}

void paintHover(
    QPainter& painter, const Theme& t, const QString& text, const QPointF& at, const QRectF& plot)
{
    painter.save();
    painter.setFont(uiFont(10));
    const double width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 12, height = 18;
    // Where the pointer and its row are not covered.
    double left = at.x() + 12;
    if (left + width > plot.right() - 2)
        left = at.x() - 12 - width;
    double top = at.y() - height - 8;
    if (top < plot.top() + 2)
        top = at.y() + 14;
    left = std::clamp(left, plot.left() + 2, std::max(plot.left() + 2, plot.right() - 2 - width));
    const QRectF chip(std::round(left), std::round(top), std::ceil(width), height);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(t.fieldLine);
    painter.setBrush(t.panel);
    painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    painter.setPen(t.ink);
    painter.drawText(chip, Qt::AlignCenter, text);
    painter.restore();
}

} // namespace apical
