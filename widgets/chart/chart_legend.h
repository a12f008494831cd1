// The legend of a chart: a sample of every named curve, its name and its value.
#pragma once

#include "widgets/chart/chart.h"

#include <QPen>
#include <QRectF>

class QPainter;

namespace apical {

/// Pen of a curve, dashes included.
QPen chartPen(const ChartSeries&, const Theme&, double width);

/// Height of the rows above a plot in a place of that width, px; 0 for a legend at the right.
double legendHeight(const Chart&, double width);
/// @param plot inside the frame @param width of the place of the chart. Rows at the right stand
/// closer where there are many: all of them are always there. Qt's own legend hides those that do
/// not fit.
void paintChartLegend(QPainter&, const Chart&, const QRectF& plot, double width, const Theme&);

} // namespace apical
