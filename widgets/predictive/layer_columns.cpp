#include "widgets/predictive/layer_columns.h"

#include "widgets/look/number_text.h"
#include "widgets/look/rich_text.h"
#include "widgets/picture/pixel_image.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kHead = 34, kFoot = 32, kRowGap = 8, kColumnGap = 12; // px
constexpr double kNames = 84, kWideEnough = 420; // px: below that rows have short names
constexpr double kShortNames = 16;
constexpr double kLargest = 26, kRound = 7; // px of a node; smaller ones are squares
constexpr double kLeast = 10; // px of a block

/// "±0.05".
QString rangeText(double range)
{
    return u'\u00b1' + valueText(range, 1);
}

} // namespace

LayerColumns::LayerColumns(const InferencePicture& picture, const QRectF& area, const Unit& ringed)
    : m_picture(picture)
    , m_area(area)
    , m_ringed(ringed)
    , m_left(area.width() < kWideEnough ? kShortNames : kNames)
{
}

bool LayerColumns::fits() const
{
    const QRectF least = block(0, Value);
    return least.width() >= kLeast && least.height() >= kLeast;
}

int LayerColumns::unitCount(int layer) const
{
    return layer == 0 ? static_cast<int>(m_picture.input.size())
                      : m_picture.layer(layer).value.cols;
}

double LayerColumns::node(int layer, int row, int unit) const
{
    if (layer == 0)
        return m_picture.input[static_cast<std::size_t>(unit)];
    const InferenceTrace::Layer& l = m_picture.layer(layer);
    return (row == Value ? l.value : row == Prediction ? l.prediction : l.error)(m_picture.t, unit);
}

double LayerColumns::range(int layer, int row) const
{
    return (row == Error ? m_picture.errorRange
                         : m_picture.valueRange)[static_cast<std::size_t>(layer)];
}

QRectF LayerColumns::block(int layer, int row) const
{
    const double each = (m_area.width() - m_left) / (m_picture.layers() + 1);
    const double height = (m_area.height() - kHead - kFoot - (kRows - 1) * kRowGap) / kRows;
    return {m_area.left() + m_left + layer * each + kColumnGap / 2,
        m_area.top() + kHead + row * (height + kRowGap), each - kColumnGap, height};
}

/// As many columns as make the nodes largest; inputs that are a square stay one.
LayerColumns::Grid LayerColumns::grid(int layer, int row) const
{
    const QRectF room = block(layer, row);
    const int units = unitCount(layer);
    const auto cellOf = [&](int columns) {
        const int rows = (units + columns - 1) / columns;
        return std::min({kLargest, room.width() / columns, room.height() / rows});
    };
    Grid best;
    const int side = static_cast<int>(std::lround(std::sqrt(static_cast<double>(units))));
    const int picture = layer == 0 && side * side == units ? side : 0;
    best.columns = picture > 0 ? picture : 1;
    best.cell = cellOf(best.columns);
    for (int columns = 2; columns <= units && picture == 0; ++columns) {
        if (const double cell = cellOf(columns); cell > best.cell) {
            best.cell = cell;
            best.columns = columns;
        }
    }
    const int rows = (units + best.columns - 1) / best.columns;
    const QSizeF size(best.columns * best.cell, rows * best.cell);
    best.area = QRectF(
        QPointF(room.center().x() - size.width() / 2, room.center().y() - size.height() / 2), size);
    return best;
}

void LayerColumns::paintRing(QPainter& painter, const Theme& t, int row) const
{
    if (m_ringed.index >= unitCount(m_ringed.layer))
        return;
    const Grid g = grid(m_ringed.layer, row);
    const int line = m_ringed.index / g.columns, column = m_ringed.index % g.columns;
    const QRectF node(
        g.area.left() + column * g.cell, g.area.top() + line * g.cell, g.cell, g.cell);
    painter.setPen(QPen(t.accent, 2));
    painter.setBrush(Qt::NoBrush);
    if (g.cell < kRound)
        painter.drawRect(node.adjusted(-2, -2, 2, 2));
    else
        painter.drawEllipse(node.adjusted(0.5, 0.5, -0.5, -0.5));
}

void LayerColumns::paintNodes(QPainter& painter, const Theme& t, int layer, int row) const
{
    const Grid g = grid(layer, row);
    const int units = unitCount(layer);
    const double most = range(layer, row);
    if (g.cell < kRound) {
        const int rows = (units + g.columns - 1) / g.columns;
        QImage image(g.columns, rows, QImage::Format_RGB32);
        image.fill(t.panel);
        for (int i = 0; i < units; ++i)
            image.setPixel(i % g.columns, i / g.columns, t.signRgb(node(layer, row, i) / most));
        paintImage(painter, image, g.area);
        painter.setPen(QPen(t.line, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(g.area.adjusted(-0.5, -0.5, 0.5, 0.5));
        return;
    }
    const double radius = g.cell / 2 - std::clamp(g.cell / 10, 0.75, 2.0);
    for (int i = 0; i < units; ++i) {
        const double x = node(layer, row, i);
        const int line = i / g.columns;
        const QPointF at(
            g.area.left() + (i % g.columns + 0.5) * g.cell, g.area.top() + (line + 0.5) * g.cell);
        // A silent error is told from a small one by more than a shade.
        const bool silent = row == Error && x == 0;
        painter.setPen(QPen(silent ? t.groove : row == Error ? t.ink2 : t.edge, 1));
        painter.setBrush(t.signColor(x / most));
        painter.drawEllipse(at, radius, radius);
    }
}

void LayerColumns::paintFrame(QPainter& painter, const Theme& t, int layer) const
{
    const QRectF top = block(layer, Value), bottom = block(layer, Error);
    const QRectF column(top.left() - kColumnGap / 2 + 2, m_area.top(), top.width() + kColumnGap - 4,
        m_area.height());
    const auto line = [&](double y, const QString& text, int px, int weight, const QColor& ink) {
        const QFont font = uiFont(px, weight);
        const QSizeF size = richSize(text, font);
        drawRich(painter, {column.center().x() - size.width() / 2, y}, text, font, ink);
    };
    const QString name = m_picture.layerName(layer);
    line(column.top(), name, 12, QFont::DemiBold, t.ink);
    line(column.top() + 16, u"%1 units"_s.arg(unitCount(layer)), 10, QFont::Normal, t.ink3);
    if (layer == 0) {
        line(top.bottom() + 2, u"held, "_s + rangeText(range(0, Value)), 10, QFont::Normal, t.ink3);
        return;
    }
    painter.fillRect(QRectF(column.left(), column.top() + 30, column.width(), 2),
        inferenceColor(t, layer, m_picture.layers()));
    const double energy = m_picture.energy(layer);
    line(bottom.bottom() + 2, energy > 0 ? u"<i>F</i> "_s + valueText(energy, 3) : u"no error"_s,
        11, energy > 0 ? QFont::DemiBold : QFont::Normal, energy > 0 ? t.ink : t.ink3);
    line(bottom.bottom() + 17,
        u"<i>x</i> %1, \u03b5 %2"_s.arg(
            rangeText(range(layer, Value)), rangeText(range(layer, Error))),
        10, QFont::Normal, t.ink3);
}

void LayerColumns::paintRowNames(QPainter& painter, const Theme& t) const
{
    const bool brief = m_left < kNames;
    struct Name {
        QString symbol, name, more;
    };
    const Name names[] = {{u"<i>x</i>"_s, u"values <i>x</i>"_s, u"what settles"_s},
        {u"\u03bc"_s, u"predictions \u03bc"_s, u"from below"_s},
        {u"\u03b5"_s, u"errors \u03b5"_s, u"<i>x</i> \u2212 \u03bc"_s}};
    for (int row = 0; row < kRows; ++row) {
        const QRectF at = block(0, row);
        const Name& n = names[row];
        const double y = at.center().y() - (brief ? 9 : 17);
        drawRich(painter, {m_area.left(), y}, brief ? n.symbol : n.name,
            uiFont(12, QFont::DemiBold), t.ink);
        if (!brief)
            drawRich(painter, {m_area.left(), y + 17}, n.more, uiFont(10), t.ink3);
    }
    bool squares = false;
    for (int layer = 0; layer <= m_picture.layers(); ++layer)
        squares = squares || grid(layer, Value).cell < kRound;
    if (squares) // below the input, which has no errors
        drawRich(painter, {m_area.left(), block(0, Error).bottom() + 17}, u"one square per unit"_s,
            uiFont(10), t.ink3);
    constexpr double kRoomForLine = 20; // px of a block: a lower one has the line below so near
    if (m_picture.entropy && !brief && block(0, Error).height() >= kRoomForLine)
        drawRich(painter, {m_area.left(), block(0, Error).center().y() + 14},
            u"<i>y</i> \u2212 softmax \u03bc"_s, uiFont(10), t.ink3);
}

void LayerColumns::paint(QPainter& painter, const Theme& t) const
{
    if (!fits())
        return;
    painter.setRenderHint(QPainter::Antialiasing);
    paintRowNames(painter, t);
    for (int layer = 0; layer <= m_picture.layers(); ++layer) {
        paintFrame(painter, t, layer);
        for (int row = 0; row < (layer == 0 ? 1 : kRows); ++row)
            paintNodes(painter, t, layer, row);
    }
    for (int row = 0; m_ringed.layer >= 0 && row < (m_ringed.layer == 0 ? 1 : kRows); ++row)
        paintRing(painter, t, row);
}

std::optional<LayerColumns::Unit> LayerColumns::unitAt(const QPointF& at) const
{
    for (int layer = 0; layer <= m_picture.layers() && fits(); ++layer) {
        for (int row = 0; row < (layer == 0 ? 1 : kRows); ++row) {
            const Grid g = grid(layer, row);
            if (!g.area.contains(at))
                continue;
            const int unit = static_cast<int>((at.y() - g.area.top()) / g.cell) * g.columns
                + std::min(g.columns - 1, static_cast<int>((at.x() - g.area.left()) / g.cell));
            if (unit >= unitCount(layer))
                return {};
            return Unit{layer, unit, row};
        }
    }
    return {};
}

QString LayerColumns::tip(const QPointF& at) const
{
    const QString names[] = {u"value"_s, u"prediction"_s, u"error"_s};
    const auto unit = unitAt(at);
    return unit ? u"%1 of unit %2, %3: %4"_s.arg(names[unit->row])
                      .arg(unit->index + 1)
                      .arg(m_picture.layerName(unit->layer),
                          signedNumber(node(unit->layer, unit->row, unit->index), 4))
                : QString();
}

} // namespace apical
