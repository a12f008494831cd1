#include "widgets/plot/dots.h"

#include <QPaintEngine>
#include <QPainter>
#include <QPen>

#include <cmath>

namespace apical {
namespace {

void circle(QPainter& painter, const QPointF& at, const QColor& edge, const QColor& fill, double r)
{
    painter.setPen(QPen(edge, 1.5));
    painter.setBrush(fill);
    painter.drawEllipse(at, r, r);
}

} // namespace

Dots::Dots(QPainter& painter)
    : m_painter(painter)
{
    if (painter.paintEngine() && painter.paintEngine()->type() == QPaintEngine::Raster)
        m_ratio = painter.device()->devicePixelRatioF();
}

void Dots::draw(const QPointF& at, const QColor& edge, const QColor& fill, double radius)
{
    if (m_ratio <= 0)
        return circle(m_painter, at, edge, fill, radius);
    const double half = std::ceil(radius) + 2;
    QPixmap& stamp = m_stamps[{edge.rgba(), fill.rgba(), radius}];
    if (stamp.isNull()) {
        stamp = QPixmap((QSizeF(2 * half, 2 * half) * m_ratio).toSize());
        stamp.setDevicePixelRatio(m_ratio);
        stamp.fill(Qt::transparent);
        QPainter painter(&stamp);
        painter.setRenderHint(QPainter::Antialiasing);
        circle(painter, {half, half}, edge, fill, radius);
    }
    m_painter.drawPixmap(at - QPointF(half, half), stamp);
}

} // namespace apical
