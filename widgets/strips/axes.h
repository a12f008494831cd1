// The quiet parts of a strip: frame, grid, value axis, title and goals.
#pragma once

#include "widgets/plot/scale.h"
#include "widgets/plot/time_axis.h"
#include "widgets/strips/model.h"

#include <QRectF>

#include <optional>
#include <vector>

class QPainter;

namespace apical {

inline constexpr double kStripMargin = 60; ///< left of every strip
inline constexpr double kStripRight = 10;
inline constexpr double kStripGap = 5;
inline constexpr double kAxisHeight = 22;
inline constexpr double kPhaseLane = 12;
inline constexpr double kLaneLine = 18; ///< above the phases, with several lanes

/// The height in which a strip's short name and two labelled ticks can be read.
double leastHeight(const Strip&);
/// Name, ticks and labels in the margin left of the plot.
void paintValueAxis(QPainter&, const Theme&, const Strip&, const PlotScale&, const QRectF& plot);
void paintGrid(
    QPainter&, const Theme&, const PlotScale&, const std::vector<Tick>& times, const QRectF& plot);
/// Tinted bands, and dashed lines at the goals (no text).
void paintGoals(QPainter&, const Theme&, const Strip&, const PlotScale&, const QRectF& plot);
/// Where the title stands, if nothing is in its way.
QRectF titleBox(const Strip&, const QRectF& plot);
/// Title at the top right, or top left if the legend stands there, and the goals' texts at the
/// right end of their lines where they cover nothing. @param curvesEnd x of the newest values
void paintTitles(QPainter&, const Theme&, const Strip&, const PlotScale&, const QRectF& plot,
    const std::vector<QRectF>& legend, double curvesEnd, const QColor& paper);

/// One full-width line of text in the middle of a plot.
void paintSentence(QPainter&, const Theme&, const QString&, const QRectF& plot);

} // namespace apical
