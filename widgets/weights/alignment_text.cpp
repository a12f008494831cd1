#include "widgets/weights/alignment_text.h"

#include "widgets/look/rich_text.h"
#include "widgets/view/lane_words.h"
#include "widgets/weights/refit_button.h"

#include <QPainter>

#include <algorithm>

namespace apical {

using namespace Qt::Literals::StringLiterals;

void paintAlignmentCaption(
    QPainter& painter, const Scene& scene, const QRectF& plot, const AlignmentSide& side)
{
    const double y = plot.top() - kAlignmentCaption - 1;
    painter.fillRect(
        QRectF(plot.left(), y + 3, 8, 8), laneColor(*scene.theme, scene.frame, side.lane));
    drawRich(painter, {plot.left() + 12, y}, laneLetter(side.lane), uiFont(11, QFont::DemiBold),
        scene.theme->ink);
    const double left = plot.left() + 24, room = plot.width() - 24 + kAlignmentGap - 4;
    const QString r2 = u"R<sup>2</sup> "_s + alignmentText(side.numbers.r2, 3);
    const QString slope = u"slope "_s + alignmentText(side.numbers.slope, 2);
    const QString beyond = side.outside > 0 ? u"%1 outside"_s.arg(side.outside) : QString();
    for (const QString& text : {slope + u", "_s + r2, r2}) {
        const double width = richSize(text, uiFont(10)).width();
        if (width > room)
            continue;
        drawRich(painter, {left, y}, text, uiFont(10), scene.theme->ink2);
        if (width + 8 + richSize(beyond, uiFont(10)).width() <= room)
            drawRich(painter, {left + width + 8, y}, beyond, uiFont(10), scene.theme->amber);
        return;
    }
}

void paintAlignmentNumbers(QPainter& painter, const Scene& scene, const QRectF& room,
    const QRectF& plot, const AlignmentSide& side)
{
    const Theme& t = *scene.theme;
    const double x = plot.right() + 12, width = std::min(84.0, room.right() - x - 6);
    // Six lines share the height of the plot; the legend gives way first.
    const double line = std::clamp((room.height() - 26) / 6, 13.0, 19.0);
    double y = plot.top() - 1;
    const QFont label = uiFont(11), value = uiFont(12, QFont::DemiBold);
    const auto row = [&](const QString& name, const QString& text) {
        drawRich(painter, {x, y}, name, label, t.ink2);
        painter.setFont(value);
        painter.setPen(t.ink);
        painter.drawText(QRectF(x, y - 2, width, 18), Qt::AlignRight | Qt::AlignVCenter, text);
        y += line;
    };
    row(u"slope"_s, alignmentText(side.numbers.slope, 3));
    row(u"R<sup>2</sup>"_s, alignmentText(side.numbers.r2, 4));
    row(u"cosine"_s, alignmentText(side.numbers.cosine, 4));

    const double floor = room.bottom() - RefitButton::kSize - 3;
    const auto entry = [&](const QString& text, auto&& symbol, const QColor& ink = {}) {
        if (y + 14 > floor)
            return;
        symbol(QPointF(x, y + 8));
        painter.setFont(label);
        painter.setPen(ink.isValid() ? ink : t.ink2);
        painter.drawText(
            QRectF(x + 24, y, room.right() - x - 26, 16), Qt::AlignLeft | Qt::AlignVCenter, text);
        y += line;
    };
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    entry(u"y = x"_s, [&](QPointF at) {
        QPen dash(t.ink3, 1);
        dash.setDashPattern({3, 3});
        painter.setPen(dash);
        painter.drawLine(at, at + QPointF(18, 0));
    });
    if (side.outside > 0) // at the rim, not where they belong
        entry(
            u"%1 outside"_s.arg(side.outside),
            [&](QPointF at) {
                painter.setPen(QPen(t.amber, 1.5));
                painter.drawLine(at + QPointF(9, -5), at + QPointF(9, 5));
                painter.setBrush(side.plot.category);
                painter.drawEllipse(at + QPointF(9, 0), 3, 3);
            },
            t.amber);
    const int marked =
        static_cast<int>(std::count(side.plot.marked.begin(), side.plot.marked.end(), true));
    if (marked > 0)
        entry(u"of "_s + scene.selection.name(scene.frame.sizes), [&](QPointF at) {
            painter.setPen(QPen(t.accent, 2));
            painter.setBrush(side.plot.category);
            painter.drawEllipse(at + QPointF(9, 0), 4, 4);
        });
    if (side.plot.x.size() <= ScatterPlot::kDetailed)
        entry(u"trail 2 s"_s, [&](QPointF at) {
            QColor faint = side.plot.category;
            faint.setAlphaF(0.5F);
            painter.setPen(QPen(faint, 1.5));
            painter.drawLine(at, at + QPointF(18, 0));
        });
    else if (side.plot.thinning() > 1)
        entry(u"1 of %1"_s.arg(side.plot.thinning()), [&](QPointF at) {
            painter.setPen(QPen(side.plot.category, 2));
            painter.drawPoint(at + QPointF(9, 0));
        });
    painter.restore();
}

} // namespace apical
