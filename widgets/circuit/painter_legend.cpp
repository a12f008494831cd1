// What the colours of the circuit say, where there is room for it.
#include "widgets/circuit/painter.h"

#include <QLinearGradient>
#include <QPainter>

#include <cstddef>

namespace apical {

void CircuitPicture::drawScale(QPainter& painter) const
{
    const QRectF bar = layout.scaleBar();
    if (bar.isEmpty())
        return;
    painter.setFont(uiFont(11));
    painter.setPen(theme().ink2);
    painter.drawText(QPointF(bar.left(), bar.top() - 7), QStringLiteral("Fill = value (1)"));
    QLinearGradient ramp(bar.topLeft(), bar.topRight());
    for (std::size_t i = 0; i < theme().sign.size(); ++i)
        ramp.setColorAt(static_cast<double>(i) / 4, theme().sign[i]);
    painter.setPen(QPen(theme().line, 1));
    painter.setBrush(ramp);
    painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5));
    painter.setFont(uiFont(10));
    painter.setPen(theme().ink3);
    const QRectF ticks(bar.left(), bar.bottom() + 2, bar.width(), 14);
    painter.drawText(ticks, Qt::AlignLeft, QStringLiteral("\u22121"));
    painter.drawText(ticks, Qt::AlignHCenter, QStringLiteral("0"));
    painter.drawText(ticks, Qt::AlignRight, QStringLiteral("+1"));
}

void CircuitPicture::drawLegend(QPainter& painter) const
{
    const QRectF place = layout.legend();
    if (place.isEmpty())
        return;
    painter.setFont(uiFont(11));
    const auto entry = [&](double x, double y, const QColor& color, const QString& text) {
        painter.setPen(QPen(color, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(place.topLeft() + QPointF(x + 5, y), 4, 4);
        painter.setPen(theme().ink2);
        painter.drawText(place.topLeft() + QPointF(x + 14, y + 4), text);
    };
    entry(0, 9, theme().apical, QStringLiteral("apical"));
    entry(65, 9, theme().soma, QStringLiteral("soma"));
    entry(121, 9, theme().basal, QStringLiteral("basal"));
    entry(0, 25, theme().interneuron, QStringLiteral("interneuron"));
    QPen dots(theme().interneuron, 1.2);
    dots.setDashPattern({3, 2});
    painter.setPen(dots);
    painter.drawLine(place.topLeft() + QPointF(98, 25), place.topLeft() + QPointF(116, 25));
    painter.setPen(theme().ink2);
    painter.drawText(place.topLeft() + QPointF(122, 29), QStringLiteral("teaching copy"));
}

} // namespace apical
