#include "widgets/panel/parameter_icons.h"

#include <QPainter>
#include <QPainterPath>

namespace apical {

void paintResetIcon(QPainter& painter, const QRectF& s, const QColor& color)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(s.center());
    painter.setPen(QPen(color, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    QPainterPath path;
    path.moveTo(-1.8, -5);
    path.lineTo(-4.8, -2);
    path.lineTo(-1.8, 1);
    path.moveTo(-4.8, -2);
    path.lineTo(1.5, -2);
    path.arcTo(QRectF(-1.5, -2, 6, 6), 90, -180);
    path.lineTo(-1.5, 4);
    painter.drawPath(path);
    painter.restore();
}

void paintLockIcon(QPainter& painter, const QRectF& s, const QColor& color, bool open)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(s.topLeft());
    painter.setPen(QPen(color, 1.4, Qt::SolidLine, Qt::RoundCap));
    painter.setBrush(Qt::NoBrush);
    QPainterPath shackle;
    const double shift = open ? 3.4 : 0;
    shackle.moveTo(3.6 + shift, 5.5);
    shackle.lineTo(3.6 + shift, 3.8);
    shackle.arcTo(QRectF(3.6 + shift, 1.4, 4.8, 4.8), 180, -180);
    if (!open)
        shackle.lineTo(8.4, 5.5);
    painter.drawPath(shackle);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawRoundedRect(QRectF(1.8, 5.4, 8.4, 5.8), 1.2, 1.2);
    painter.restore();
}

void paintChevron(QPainter& painter, const QRectF& s, const QColor& color, bool open)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(s.center());
    if (open)
        painter.rotate(90);
    painter.setPen(QPen(color, 1.3, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(QPolygonF({{-1.6, -3.2}, {1.6, 0}, {-1.6, 3.2}}));
    painter.restore();
}

} // namespace apical
