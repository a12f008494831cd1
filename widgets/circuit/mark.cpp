#include "widgets/circuit/mark.h"

#include <QPainter>

#include <algorithm>

namespace apical {

const CircuitPathway* PathwayMark::in(const CircuitLayout& layout, const Scene& scene) const
{
    if (selection != scene.selection || generation != scene.frame.generation)
        return nullptr;
    const auto found = std::ranges::find_if(layout.pathways(), [this](const CircuitPathway& p) {
        return pathway == std::string("W_") + p.name() && layer == p.layer;
    });
    return found == layout.pathways().end() ? nullptr : &*found;
}

void drawMarkedSynapses(QPainter& painter, const CircuitLayout& layout,
    const CircuitPathway& pathway, const Theme& theme)
{
    constexpr int mostCurves = 64; // they overlap long before
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.accent, 1.4));
    const auto draw = [&](const CircuitRow& row, auto path) {
        const int step = std::max(1, row.shown / mostCurves);
        for (int i = row.first; i < row.first + row.shown; i += step)
            painter.drawPath(path(i));
    };
    draw(*layout.source(pathway), [&](int i) { return layout.toWaist(pathway, i); });
    draw(*layout.sink(pathway), [&](int i) { return layout.fromWaist(pathway, i); });
    painter.restore();
}

void drawMarkedPill(QPainter& painter, const CircuitPathway& pathway, const Theme& theme)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.accent, 2));
    const QRectF ring = pathway.pill.adjusted(-3, -3, 3, 3);
    painter.drawRoundedRect(ring, ring.height() / 2, ring.height() / 2);
    painter.restore();
}

} // namespace apical
