#include "widgets/view/neuron_glyph.h"

#include "widgets/look/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr double kInterneuronRadius = 11;
constexpr double kInputSide = 16;
constexpr double kRingRadius = 4.5;
constexpr double kRingHeight = 24; ///< of the target ring above the soma

QPainterPath lines(std::initializer_list<std::pair<QPointF, QPointF>> pieces)
{
    QPainterPath path;
    for (const auto& [from, to] : pieces) {
        path.moveTo(from);
        path.lineTo(to);
    }
    return path;
}

QPainterPath stroked(const QPainterPath& path, double width)
{
    QPainterPathStroker stroker;
    stroker.setWidth(width);
    stroker.setCapStyle(Qt::RoundCap);
    stroker.setJoinStyle(Qt::RoundJoin);
    QPainterPath outline = stroker.createStroke(path);
    outline.setFillRule(Qt::WindingFill); // the branches of one dendrite overlap
    return outline;
}

} // namespace

NeuronGlyph::Branches NeuronGlyph::branches(
    const QPainterPath& path, double scale, double categoryWidth, double valueWidth)
{
    const QTransform grow = QTransform::fromScale(scale, scale);
    return {grow.map(stroked(path, categoryWidth)), grow.map(stroked(path, valueWidth))};
}

NeuronGlyph::NeuronGlyph(double scale)
    : m_scale(scale)
{
    m_basal = branches(
        lines({{{-7, 8}, {-12, 19}}, {{0, 8}, {0, 21}}, {{7, 8}, {12, 19}}}), scale, 6, 3.6);
    m_apical = branches(lines({{{0, -9}, {0, -21}}, {{0, -20}, {-11, -33}}, {{0, -20}, {0, -34}},
                            {{0, -20}, {11, -33}}}),
        scale, 6, 3.6);
    m_stub = branches(lines({{{0, 11}, {0, 17}}}), scale, 5, 2.4);
    QPainterPath triangle;
    triangle.addPolygon(QPolygonF({{0, -12}, {12, 9}, {-12, 9}}));
    triangle.closeSubpath();
    const QTransform grow = QTransform::fromScale(scale, scale);
    m_soma = grow.map(triangle);
    m_somaOutline = grow.map(stroked(triangle, std::max(1.6, 1.0 / scale)));
}

QRectF NeuronGlyph::pyramidalExtent(bool withApical)
{
    return withApical ? QRectF(-15, -37, 30, 61) : QRectF(-15, -13, 30, 37);
}

void NeuronGlyph::drawPyramidal(
    QPainter& painter, const QPointF& soma, const PyramidalValues& values, const Theme& theme) const
{
    painter.translate(soma);
    painter.fillPath(m_basal.category, theme.basal);
    painter.fillPath(m_basal.value, theme.signColor(values.basal));
    if (values.apical) {
        painter.fillPath(m_apical.category, theme.apical);
        painter.fillPath(m_apical.value, theme.signColor(*values.apical));
    }
    painter.fillPath(m_soma, theme.signColor(values.soma));
    painter.fillPath(m_somaOutline, theme.soma);
    painter.translate(-soma);
}

void NeuronGlyph::drawInterneuron(
    QPainter& painter, const QPointF& soma, double value, double dendrite, const Theme& theme) const
{
    painter.translate(soma);
    painter.fillPath(m_stub.category, theme.interneuron);
    painter.fillPath(m_stub.value, theme.signColor(dendrite));
    const double r = kInterneuronRadius * m_scale;
    painter.setPen(QPen(theme.interneuron, std::max(1.0, 2 * m_scale)));
    painter.setBrush(theme.signColor(value));
    painter.drawEllipse(QPointF(0, 0), r, r);
    painter.translate(-soma);
}

void NeuronGlyph::drawInput(
    QPainter& painter, const QPointF& centre, double value, double range, const Theme& theme) const
{
    const double side = kInputSide * m_scale;
    const QRectF box(centre.x() - side / 2, centre.y() - side / 2, side, side);
    painter.setPen(QPen(theme.edge, 1));
    painter.setBrush(theme.field);
    painter.drawRoundedRect(box, 2, 2);
    const double share = std::isfinite(value) ? std::clamp(std::abs(value) / range, 0.0, 1.0) : 1.0;
    const double gap = m_scale < 0.6 ? 1 : 2;
    QRectF fill = box.adjusted(gap, gap, -gap, -gap);
    fill.setTop(fill.bottom() - share * fill.height());
    painter.fillRect(fill,
        value < 0                  ? theme.signColor(-0.6)
            : std::isfinite(value) ? theme.edge
                                   : theme.bad);
}

void NeuronGlyph::drawTargetRing(
    QPainter& painter, const QPointF& soma, bool nudged, const Theme& theme) const
{
    const double r = kRingRadius * std::max(m_scale, 0.5);
    QPen pen(theme.target, 1.5);
    if (!nudged)
        pen.setDashPattern({1.2, 1.2});
    pen.setCapStyle(Qt::FlatCap);
    painter.setPen(pen);
    painter.setBrush(nudged ? QBrush(theme.target) : QBrush(Qt::NoBrush));
    painter.drawEllipse(soma - QPointF(0, kRingHeight * m_scale), r, r);
}

} // namespace apical
