// The quiet parts of a raster: names of the populations, what the shades mean, the text at the
// pointer.
#pragma once

#include "widgets/raster/bands.h"

#include <QRectF>

class QPainter;

namespace apical {

class TimeAxis;

inline constexpr double kRasterHead = 22; ///< above the plot

/// Left of the plot: a bar in each population's colour, its name, its size where there is room.
/// @param taken where no text may stand
void paintBandNames(QPainter&, const Theme&, const std::vector<RasterBand>&, const QRectF& plot,
    double ratio, const QRectF& taken);
/// Above the plot: from the mark of one spike to the darkest.
void paintShades(QPainter&, const Theme&, const std::vector<RasterBand>&, std::uint32_t full,
    const QRectF& head);
/// Which part of all rows is in sight, at the right edge.
void paintRowRange(QPainter&, const Theme&, RowRange, double allRows, const QRectF& plot);
/// The neuron that is selected, in the margin beside its row.
QRectF rowTagBox(const QString& name, double y, const QRectF& plot);
void paintRowTag(QPainter&, const Theme&, const QString& name, const QRectF& box);
/// Beside the pointer, inside the plot.
void paintHover(
    QPainter&, const Theme&, const QString& text, const QPointF& at, const QRectF& plot);

} // namespace apical
