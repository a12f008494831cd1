// Light behind neurons that have just fired.
#include "widgets/circuit/painter.h"

#include <QPainter>
#include <QRadialGradient>

#include <string>

namespace apical {
namespace {

constexpr double kRadius = 21, kCore = 0.45; // px at scale 1; share of it that is lit evenly
constexpr double kBrightest = 0.85; // opacity
constexpr double kBelowCells = 4; // px

std::string populationOf(const CircuitRow& row)
{
    if (row.population == Selection::Population::Input)
        return "input";
    return "layer" + std::to_string(row.layer)
        + (row.population == Selection::Population::Interneuron ? ".inn" : ".pyr");
}

} // namespace

void CircuitPicture::drawFlashes(QPainter& painter) const
{
    if (!flashes)
        return;
    painter.setPen(Qt::NoPen);
    for (const CircuitRow& row : layout.rows()) {
        const std::vector<double> light = flashes->light(populationOf(row), nowMs);
        for (int i = row.first; i < row.first + row.shown; ++i) {
            const auto k = static_cast<std::size_t>(i);
            if (k >= light.size() || light[k] <= SpikeFlashes::kDark)
                continue;
            QColor color = theme().amber;
            color.setAlphaF(static_cast<float>(kBrightest * light[k]));
            const QPointF at = row.centre(i);
            if (row.cells) { // a mark below its column of cells
                const QRectF one = row.extent().translated(at);
                painter.fillRect(
                    QRectF(one.left(), one.bottom() + 1, one.width(), kBelowCells), color);
                continue;
            }
            QColor none = color;
            none.setAlphaF(0);
            QRadialGradient glow(at, kRadius * row.scale);
            glow.setColorAt(0, color);
            glow.setColorAt(kCore, color);
            glow.setColorAt(1, none);
            painter.setBrush(glow);
            painter.drawEllipse(at, kRadius * row.scale, kRadius * row.scale);
        }
    }
}

} // namespace apical
