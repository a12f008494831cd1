// What stands in words beside the scatters of the alignment view.
#pragma once

#include "widgets/plot/scatter_plot.h"
#include "widgets/weights/view_tables.h"

class QPainter;

namespace apical {

inline constexpr double kAlignmentGap = 18; ///< px between the plots of two lanes
inline constexpr double kAlignmentCaption = 14; ///< px above them

struct AlignmentSide {
    ScatterPlot plot;
    WeightsAxis rows, cols; ///< points are row-major: point = row * columns + column
    int columns = 0;
    AlignmentNumbers numbers{}; ///< of what is printed
    std::size_t outside = 0; ///< points beyond the range
    std::size_t lane = 0;
};

/// Above the plot of one of two lanes: whose it is and how well it lies on the line, as far as
/// there is room.
void paintAlignmentCaption(QPainter&, const Scene&, const QRectF& plot, const AlignmentSide&);
/// Right of the plot: slope, R2, cosine and what the marks mean, as far as there is room.
void paintAlignmentNumbers(
    QPainter&, const Scene&, const QRectF& room, const QRectF& plot, const AlignmentSide&);

} // namespace apical
