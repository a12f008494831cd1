// Names and values beside the ends of the curves, instead of a floating legend.
#pragma once

#include "widgets/plot/scale.h"
#include "widgets/strips/model.h"

#include <QPointF>
#include <QRectF>

#include <vector>

class QPainter;

namespace apical {

inline constexpr double kLegendRow = 13; ///< px between two rows, less in a low strip

/// One curve as the legend shows it.
struct LegendEntry {
    const StripCurve* curve = nullptr;
    double value = 0; ///< as shown; NaN = no value yet
    QString text; ///< of the value; may be a little older than the picture
};

/// Where everything stands, so that titles and goals can keep clear of it.
struct LegendLayout {
    struct Row {
        int row = 0;
        double y = 0; ///< centre
    };
    std::vector<Row> rows; ///< top to bottom
    double left = 0, valueLeft = 0, right = 0;
    double cell = 0; ///< width of one value
    std::vector<QRectF> boxes() const; ///< of the rows
};

/// Orders `wanted` (ascending not required) into positions at least `gap` apart inside [top,
/// bottom], as near to the wanted ones as order allows. @return positions in the order given
std::vector<double> spread(
    const std::vector<double>& wanted, double gap, double top, double bottom);

/// Width that the legend of these strips needs in all, px.
double legendWidth(const std::vector<Strip>&);
/// Width of the name column common to these strips, px.
double legendNameWidth(const std::vector<Strip>&);

/// @param left of the names @param title rectangle to keep clear of where there is room
LegendLayout layoutLegend(const Strip&, const std::vector<LegendEntry>&, const PlotScale&,
    const QRectF& plot, double left, double nameWidth, const QRectF& title);
void paintLegend(QPainter&, const Theme&, const Strip&, const std::vector<LegendEntry>&,
    const PlotScale&, const QRectF& plot, double x, const LegendLayout&, const QColor& paper);

} // namespace apical
