// The part of the circuit's geometry that answers the mouse and the keyboard, and the curves of the
// pathways.
#include "widgets/circuit/layout.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

using Population = Selection::Population;
using Kind = CircuitPathway::Kind;

/// A point of a glyph given at scale 1; in a strip of cells, the middle of its upper or lower edge.
QPointF anchor(const CircuitRow& row, int index, QPointF offset)
{
    if (!row.cells)
        return row.centre(index) + offset * row.scale;
    const QRectF cell = row.extent();
    return row.centre(index) + QPointF(0, offset.y() < 0 ? cell.top() : cell.bottom());
}

QPainterPath vertical(QPointF from, QPointF to)
{
    QPainterPath path(from);
    const double bend = (to.y() - from.y()) * 0.6;
    path.cubicTo({from.x(), from.y() + bend}, {to.x(), to.y() - bend}, to);
    return path;
}

/// Leaves the waist level and arrives from above or below.
QPainterPath levelThenTurn(QPointF level, QPointF end)
{
    QPainterPath path(level);
    path.cubicTo({level.x() + (end.x() - level.x()) * 0.75, level.y()},
        {end.x(), level.y() + (end.y() - level.y()) * 0.2}, end);
    return path;
}

} // namespace

const CircuitRow* CircuitLayout::source(const CircuitPathway& p) const
{
    switch (p.kind) {
    case Kind::Up:
        return row(p.layer == 1 ? Population::Input : Population::Pyramidal, p.layer - 1);
    case Kind::Down:
        return row(Population::Pyramidal, p.layer + 1);
    case Kind::Ip:
        return row(Population::Pyramidal, p.layer);
    case Kind::Pi:
        return row(Population::Interneuron, p.layer);
    }
    return nullptr;
}

const CircuitRow* CircuitLayout::sink(const CircuitPathway& p) const
{
    return row(p.kind == Kind::Ip ? Population::Interneuron : Population::Pyramidal, p.layer);
}

QPainterPath CircuitLayout::toWaist(const CircuitPathway& p, int from) const
{
    const CircuitRow& r = *source(p);
    const QPointF waist = p.pill.center();
    switch (p.kind) {
    case Kind::Up: {
        const QPointF start =
            r.population == Population::Input ? QPointF(0, -8.5) : QPointF(-6, -3);
        return vertical(anchor(r, from, start), waist);
    }
    case Kind::Down:
        return vertical(anchor(r, from, {8, 9}), waist);
    case Kind::Ip:
        return levelThenTurn(waist, anchor(r, from, {10, 6})).toReversed();
    case Kind::Pi:
        return levelThenTurn(waist, anchor(r, from, {0, -11})).toReversed();
    }
    return {};
}

QPainterPath CircuitLayout::fromWaist(const CircuitPathway& p, int to) const
{
    const CircuitRow& r = *sink(p);
    const QPointF waist = p.pill.center();
    switch (p.kind) {
    case Kind::Up:
        return vertical(waist, anchor(r, to, {0, 22}));
    case Kind::Down:
        return vertical(waist, anchor(r, to, {0, -35}));
    case Kind::Ip:
        return levelThenTurn(waist, anchor(r, to, {0, 18}));
    case Kind::Pi:
        return levelThenTurn(waist, anchor(r, to, {11, -34}));
    }
    return {};
}

QPainterPath CircuitLayout::teachingCopy(int layer, int index) const
{
    const CircuitRow* above = row(Population::Pyramidal, layer + 1);
    const CircuitRow* copies = row(Population::Interneuron, layer);
    if (!above || !copies || !above->shows(index) || !copies->shows(index))
        return {};
    const QPointF from = anchor(*above, index, {13, 2});
    const QPointF to = anchor(*copies, index, {0, -12});
    QPainterPath path(from);
    path.cubicTo({from.x() + (to.x() - from.x()) * 0.75, from.y() - 6},
        {to.x(), from.y() + (to.y() - from.y()) * 0.35}, to);
    return path;
}

Selection CircuitLayout::unitAt(const QPointF& at) const
{
    for (const CircuitRow& r : m_rows) {
        const QRectF one = r.extent();
        const double reach = std::max(one.width() / 2, std::min(r.spacing / 2, 12.0));
        if (at.y() < r.y + one.top() - 2 || at.y() > r.y + one.bottom() + 2)
            continue;
        const int index = r.first + static_cast<int>(std::lround((at.x() - r.x) / r.spacing));
        if (r.shows(index) && std::abs(at.x() - r.centre(index).x()) <= reach)
            return r.unit(index);
    }
    return {};
}

const CircuitPathway* CircuitLayout::pathwayAt(const QPointF& at) const
{
    const auto found = std::ranges::find_if(m_pathways,
        [&](const CircuitPathway& p) { return p.pill.adjusted(-2, -2, 2, 2).contains(at); });
    return found == m_pathways.end() ? nullptr : &*found;
}

QRectF CircuitLayout::frameOf(const Selection& unit) const
{
    const CircuitRow* r = row(unit.population, unit.layer);
    if (!r || !r->shows(unit.index))
        return {};
    const QPointF c = r->centre(unit.index);
    if (r->cells)
        return r->extent().translated(c).adjusted(-2, -2, 2, 2);
    if (unit.population == Population::Pyramidal) {
        const double half = std::min(22 * r->scale, std::max(r->spacing / 2 - 1, 15 * r->scale));
        const double top = r->apical ? -42.5 : -19;
        return {c.x() - half, c.y() + top * r->scale, 2 * half, (27 - top) * r->scale};
    }
    return r->extent().translated(c).adjusted(-4, -4, 4, 4);
}

Selection CircuitLayout::neighbour(const Selection& unit, Qt::Key key) const
{
    const CircuitRow* r = row(unit.population, unit.layer);
    if (!r || r->count == 0) {
        const CircuitRow* start = row(Population::Pyramidal, m_last > 1 ? 1 : m_last);
        return start ? start->unit(0) : Selection();
    }
    const CircuitRow* partner = nullptr; // beside it in the same layer
    if (unit.population != Population::Input)
        partner = row(unit.population == Population::Pyramidal ? Population::Interneuron
                                                               : Population::Pyramidal,
            unit.layer);
    if (key == Qt::Key_Left || key == Qt::Key_Right) {
        const int index = unit.index + (key == Qt::Key_Right ? 1 : -1);
        if (index >= 0 && index < r->count)
            return r->unit(index);
        if (partner && index < 0 && unit.population == Population::Interneuron)
            return partner->unit(partner->count - 1);
        if (partner && index >= r->count && unit.population == Population::Pyramidal)
            return partner->unit(0);
        return unit;
    }
    const int layer = unit.layer + (key == Qt::Key_Up ? 1 : -1);
    const CircuitRow* next = row(unit.population, layer);
    if (!next)
        next = row(layer == 0 ? Population::Input : Population::Pyramidal, layer);
    if (!next)
        return unit;
    const int index = static_cast<int>((unit.index + 0.5) * next->count / r->count);
    return next->unit(std::clamp(index, 0, next->count - 1));
}

} // namespace apical
