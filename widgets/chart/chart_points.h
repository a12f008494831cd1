// Which points of a series are worth drawing: none that a log axis cannot bear, none too many.
#pragma once

#include "widgets/chart/chart.h"

#include <QList>
#include <QPointF>

#include <utility>

namespace apical {

/// Places along both axes (ChartAxis::place), x ascending.
struct ChartPoints {
    QList<QPointF> line, low, high;
};

/// Points inside `shown` (places along x) and one beyond either end. Where more of them than
/// `columns` are inside, the line gives way to a band from the least to the greatest of each
/// column, so that nothing is left out.
ChartPoints pointsOf(const ChartSeries&, const ChartAxis& x, const ChartAxis& y,
    std::pair<double, double> shown, int columns);

/// Those points of a line that carry a marker. @param pixel width of a pixel as place along x
QList<QPointF> markersOf(const QList<QPointF>& line, const ChartSeries&, double pixel);

} // namespace apical
