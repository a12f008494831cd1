// How an image crosses the converted net: rasters of the layers, outputs and decision over one
// axis of simulated time.
#pragma once

#include "sim/spiking_net/conversion_trace.h"
#include "widgets/look/theme.h"

#include <QRectF>
#include <QString>

#include <vector>

class QPainter;

namespace apical {

/// What of a trace is shown, and how.
struct CrossingLook {
    const ConversionTrace* trace = nullptr;
    std::uint32_t steps = 0; ///< up to the time cursor; what comes after it is pale
    bool sorted = true; ///< neurons by their counts, the busiest on top; else by number
    int label = -1; ///< right class; -1: nobody says
    std::vector<QString> classes; ///< short names
};

/// Neurons that share a line of a raster, so that all of them have a place.
int neuronsPerLine(int neurons, double height);

void paintCrossing(QPainter&, const Theme&, const CrossingLook&, const QRectF& area);
/// Between the ends of the time axis.
QRectF crossingPlot(const QRectF& area);

} // namespace apical
