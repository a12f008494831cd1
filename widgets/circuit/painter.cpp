#include "widgets/circuit/painter.h"

#include "sim/circuit/circuit_parameters.h"
#include "sim/insight/circuit_frame.h"
#include "widgets/circuit/synapses.h"
#include "widgets/look/rich_text.h"
#include "widgets/view/neuron_glyph.h"
#include "widgets/view/neuron_selection.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <map>

namespace apical {
namespace {

using Population = Selection::Population;
using Kind = CircuitPathway::Kind;

constexpr int kMostCurves = 64; ///< drawn per population and pathway; they overlap long before

/// Glyphs are shaped once per scale; a few scales are in use at a time.
const NeuronGlyph& glyphAt(double scale)
{
    static std::map<int, NeuronGlyph> glyphs;
    const int key = static_cast<int>(std::lround(scale * 1000));
    const auto found = glyphs.find(key);
    if (found != glyphs.end())
        return found->second;
    if (glyphs.size() > 40)
        glyphs.clear();
    return glyphs.emplace(key, NeuronGlyph(scale)).first->second;
}

double valueAt(std::span<const double> values, int i)
{
    return i >= 0 && static_cast<std::size_t>(i) < values.size()
        ? values[static_cast<std::size_t>(i)]
        : 0;
}

/// The values of a row's layer; nullptr for inputs and before the first frame.
const CircuitLayerFrame* layerOf(const CircuitFrame& circuit, const CircuitRow& row)
{
    const auto i = static_cast<std::size_t>(row.layer);
    return row.layer >= 1 && i <= circuit.layers.size() ? &circuit.layers[i - 1] : nullptr;
}

void drawLock(QPainter& painter, QPointF at, bool open, const QColor& color, bool hollow)
{
    const QRectF body(at.x(), at.y() - 1, 9, 6.5);
    painter.setPen(QPen(color, 1.4));
    painter.setBrush(Qt::NoBrush);
    QPainterPath shackle;
    const double x = body.left() + (open ? 4.5 : 1.8);
    shackle.moveTo(x, body.top());
    shackle.lineTo(x, body.top() - 2);
    shackle.arcTo(QRectF(x, body.top() - 5, 5.4, 6), 180, -180);
    shackle.lineTo(x + 5.4, body.top() - (open ? 1.2 : 0));
    painter.drawPath(shackle);
    if (hollow) {
        painter.setPen(QPen(color, 1.2));
        painter.drawRoundedRect(body.adjusted(0.6, 0.6, -0.6, -0.6), 1, 1);
    } else {
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawRoundedRect(body, 1.2, 1.2);
    }
}

QString count(int n, const QString& noun)
{
    return QString::number(n) + u' ' + noun + (n == 1 ? QString() : QStringLiteral("s"));
}

} // namespace

PathwayPlasticity plasticityOf(const CircuitPathway& pathway, const Parameters& p)
{
    const CircuitParameters& c = circuit(p);
    const int l = pathway.layer - 1;
    switch (pathway.kind) {
    case Kind::Up:
        return {c.lockUp, layerValue(c.etaUp, l)};
    case Kind::Down:
        return {c.lockDown, layerValue(c.etaDown, l)};
    case Kind::Ip:
        return {c.lockIp, layerValue(c.etaIp, l)};
    case Kind::Pi:
        return {c.lockPi, layerValue(c.etaPi, l)};
    }
    return {};
}

void CircuitPicture::drawChrome(QPainter& painter) const
{
    painter.setRenderHint(QPainter::Antialiasing);
    drawPathways(painter);
    drawCaptions(painter);
    drawScale(painter);
    drawLegend(painter);
    drawSelection(painter);
    drawNames(painter);
}

void CircuitPicture::drawSlow(QPainter& painter) const
{
    painter.setRenderHint(QPainter::Antialiasing);
    drawSynapses(painter);
    for (const CircuitPathway& pathway : layout.pathways())
        drawPill(painter, pathway);
}

void CircuitPicture::drawLive(QPainter& painter) const
{
    painter.setRenderHint(QPainter::Antialiasing);
    drawFlashes(painter);
    for (const CircuitRow& row : layout.rows())
        row.cells ? drawCells(painter, row) : drawRow(painter, row);
    drawNameTag(painter);
    const QRectF frame = hovered == scene.selection ? QRectF() : layout.frameOf(hovered);
    if (!frame.isEmpty()) {
        painter.setPen(QPen(theme().fieldLine, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(frame, 6, 6);
    }
}

void CircuitPicture::drawCaptions(QPainter& painter) const
{
    const double x = layout.area().left() + 12;
    const int hidden = layout.hiddenLayers();
    for (const CircuitRow& row : layout.rows()) {
        if (row.population == Population::Interneuron)
            continue;
        QString title, detail;
        if (row.layer == 0) {
            title = QStringLiteral("Input");
            detail = count(row.count, QStringLiteral("rate"));
            if (inputRange > 1)
                detail += QStringLiteral(", \u00b1") + QString::number(inputRange);
        } else if (row.layer > hidden) {
            title = QStringLiteral("Output");
            detail = QString::number(row.count) + QStringLiteral(" pyramidal");
        } else {
            title = QStringLiteral("Hidden");
            if (hidden > 1)
                title += u' ' + QString::number(row.layer);
            const CircuitRow* copies = layout.row(Population::Interneuron, row.layer);
            detail = QStringLiteral("%1 + %2 inter").arg(row.count).arg(copies ? copies->count : 0);
        }
        // The lowest row has little below it.
        const double lift =
            std::max(row.layer == 0 ? 4.0 : 0.0, row.y + 14 - (layout.area().bottom() - 4));
        painter.setFont(uiFont(12, QFont::DemiBold));
        painter.setPen(theme().ink);
        painter.drawText(QPointF(x, row.y - lift), title);
        painter.setFont(uiFont(11));
        painter.setPen(theme().ink3);
        painter.drawText(QPointF(x, row.y - lift + 14), detail);
    }
}

void CircuitPicture::drawPathways(QPainter& painter) const
{
    QColor edge = theme().edge;
    edge.setAlphaF(0.45F);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(edge, 0.8));
    const auto step = [](const CircuitRow& row) { return std::max(1, row.shown / kMostCurves); };
    for (const CircuitPathway& pathway : layout.pathways()) {
        const CircuitRow* from = layout.source(pathway);
        const CircuitRow* to = layout.sink(pathway);
        for (int i = from->first; i < from->first + from->shown; i += step(*from))
            painter.drawPath(layout.toWaist(pathway, i));
        for (int i = to->first; i < to->first + to->shown; i += step(*to))
            painter.drawPath(layout.fromWaist(pathway, i));
    }
    QColor copy = theme().interneuron;
    copy.setAlphaF(0.75F);
    QPen dots(copy, 1);
    dots.setDashPattern({3, 3});
    painter.setPen(dots);
    for (const CircuitRow& row : layout.rows()) {
        if (row.population != Population::Interneuron)
            continue;
        for (int i = row.first; i < row.first + row.shown; i += step(row))
            painter.drawPath(layout.teachingCopy(row.layer, i));
    }
}

void CircuitPicture::drawSelection(QPainter& painter) const
{
    const QRectF frame = layout.frameOf(scene.selection);
    if (frame.isEmpty())
        return;
    painter.setPen(QPen(theme().accent, 1.5));
    painter.setBrush(theme().accentSoft);
    painter.drawRoundedRect(
        frame, std::min(6.0, frame.width() / 3), std::min(6.0, frame.width() / 3));
}

void CircuitPicture::drawNames(QPainter& painter) const
{
    const auto& sizes = scene.frame.sizes;
    const QFont font = uiFont(11);
    for (const CircuitRow& row : layout.rows()) {
        painter.setFont(font);
        painter.setPen(theme().ink2);
        const double aside = (row.population == Population::Interneuron ? 14 : 15) * row.scale;
        for (int i = row.first; row.named && i < row.first + row.shown; ++i) {
            if (row.unit(i) == scene.selection)
                continue;
            const double lift = row.population == Population::Interneuron ? -3 : 2;
            painter.drawText(row.centre(i) + QPointF(aside + 1, -lift), row.unit(i).name(sizes));
        }
        if (row.shown < row.count) {
            painter.setPen(theme().ink3);
            const double x = row.centre(row.first + row.shown - 1).x() + row.spacing + 4;
            painter.drawText(
                QPointF(x, row.y + 4), QStringLiteral("+%1 more").arg(row.count - row.shown));
        }
    }
}

void CircuitPicture::drawSynapses(QPainter& painter) const
{
    painter.setBrush(Qt::NoBrush);
    for (const SynapseBundle& bundle : synapsesOf(scene.selection, lane, layout)) {
        double net = 0;
        for (const auto& synapse : bundle.synapses)
            net += synapse.weight;
        const auto color = [&](double share) { // never so pale that the line is lost on the paper
            return theme().signColor(std::copysign(0.45 + 0.4 * std::abs(share), share));
        };
        const auto half = [&](bool source, int index) {
            return source ? layout.toWaist(bundle.pathway, index)
                          : layout.fromWaist(bundle.pathway, index);
        };
        for (auto s = bundle.synapses.rbegin(); s != bundle.synapses.rend(); ++s) {
            const double share = bundle.largest > 0 ? s->weight / bundle.largest : 0;
            painter.setPen(QPen(color(share), 1 + 1.6 * std::abs(share)));
            painter.drawPath(half(!bundle.unitIsSource, s->partner));
        }
        painter.setPen(QPen(color(net >= 0 ? 1 : -1), 2.2));
        painter.drawPath(half(bundle.unitIsSource, scene.selection.index));
    }
}

void CircuitPicture::drawRow(QPainter& painter, const CircuitRow& row) const
{
    const NeuronGlyph& glyph = glyphAt(row.scale);
    const CircuitFrame circuit(lane);
    const CircuitLayerFrame* layer = layerOf(circuit, row);
    for (int i = row.first; i < row.first + row.shown; ++i) {
        const QPointF at = row.centre(i);
        if (row.population == Population::Input) {
            glyph.drawInput(painter, at, valueAt(circuit.input, i), inputRange, theme());
        } else if (row.population == Population::Interneuron) {
            glyph.drawInterneuron(painter, at, layer ? valueAt(layer->innSoma, i) : 0,
                layer ? valueAt(layer->innDendrite, i) : 0, theme());
        } else {
            PyramidalValues values;
            if (layer) {
                values.soma = valueAt(layer->soma, i);
                values.basal = valueAt(layer->basal, i);
            }
            if (row.apical)
                values.apical = layer ? valueAt(layer->apical, i) : 0;
            glyph.drawPyramidal(painter, at, values, theme());
            if (!row.apical)
                glyph.drawTargetRing(painter, at, lane.nudged, theme());
        }
    }
}

void CircuitPicture::drawNameTag(QPainter& painter) const
{
    const Selection& unit = scene.selection;
    if (layout.frameOf(unit).isEmpty())
        return;
    const QString name = unit.name(scene.frame.sizes);
    const double width = QFontMetricsF(uiFont(11, QFont::Bold)).horizontalAdvance(name) + 8;
    const QRectF tag = layout.tagOf(unit, {width, 16});
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme().accent);
    painter.drawRoundedRect(tag, 3, 3);
    painter.setFont(uiFont(11, QFont::Bold));
    painter.setPen(theme().onAccent);
    painter.drawText(tag, Qt::AlignCenter, name);
}

void CircuitPicture::drawCells(QPainter& painter, const CircuitRow& row) const
{
    const CircuitFrame circuit(lane);
    const CircuitLayerFrame* layer = layerOf(circuit, row);
    const QRectF one = row.extent();
    painter.setRenderHint(QPainter::Antialiasing, false);
    const auto cell = [&](int index, int from, int rows, const QColor& color) {
        const QPointF c = row.centre(index);
        painter.fillRect(QRectF(c.x() + one.left(), c.y() + one.top() + from * kCellHeight,
                             one.width(), rows * kCellHeight),
            color);
    };
    for (int i = row.first; i < row.first + row.shown; ++i) {
        if (row.population == Population::Input) {
            cell(i, 0, 1, theme().signColor(valueAt(circuit.input, i) / inputRange));
        } else if (!layer) {
            cell(i, 0, 1, theme().groove);
        } else if (row.population == Population::Interneuron) {
            cell(i, 0, 1, theme().signColor(valueAt(layer->innSoma, i)));
        } else {
            if (row.apical)
                cell(i, 0, 1, theme().signColor(valueAt(layer->apical, i)));
            cell(i, row.apical ? 1 : 0, 1, theme().signColor(valueAt(layer->soma, i)));
            cell(i, row.apical ? 2 : 1, 1, theme().signColor(valueAt(layer->basal, i)));
        }
    }
    painter.setRenderHint(QPainter::Antialiasing);
    // Category as the outline of each band.
    const QRectF all = row.bounds();
    painter.setBrush(Qt::NoBrush);
    const auto band = [&](int from, const QColor& color) {
        painter.setPen(QPen(color, 1));
        painter.drawRect(
            QRectF(all.left() - 0.5, all.top() + from * kCellHeight, all.width() + 1, kCellHeight));
    };
    if (row.population == Population::Pyramidal) {
        band(row.apical ? 2 : 1, theme().basal);
        band(row.apical ? 1 : 0, theme().soma);
        if (row.apical)
            band(0, theme().apical);
    } else {
        band(0, row.population == Population::Input ? theme().edge : theme().interneuron);
    }
}

void CircuitPicture::drawPill(QPainter& painter, const CircuitPathway& pathway) const
{
    const PathwayPlasticity plasticity = plasticityOf(pathway, lane.parameters);
    const QColor ink = plasticity.plastic() ? theme().accent : theme().ink3;
    const QRectF& pill = pathway.pill;
    painter.setPen(QPen(plasticity.plastic() ? theme().accent : theme().fieldLine, 1));
    painter.setBrush(theme().panel);
    painter.drawRoundedRect(
        pill.adjusted(0.5, 0.5, -0.5, -0.5), pill.height() / 2, pill.height() / 2);
    // Hollow: not locked, but there is no learning rate either.
    drawLock(painter, {pill.left() + 8, pill.center().y() + 0.5}, plasticity.plastic(), ink,
        !plasticity.locked && !plasticity.plastic());
    const QString name = pathway.html(layout.hiddenLayers());
    const QFont font = uiFont(pill.height() < 17 ? 11 : 12);
    const QSizeF size = richSize(name, font);
    drawRich(painter, {pill.left() + 20, pill.center().y() - size.height() / 2 + 1}, name, font,
        theme().ink);
}

} // namespace apical
