// A square scatter of weights against what they should be: y = x, points, trails, symmetric fixed
// ranges.
#pragma once

#include "sim/circuit/alignment.h"
#include "widgets/look/theme.h"

#include <QPointF>
#include <QRectF>
#include <QString>

#include <vector>

class QPainter;

namespace apical {

/// Where the points were a while ago.
struct ScatterTrail {
    double age = 0; ///< 0 = now, 1 = so old that it has faded
    std::vector<double> x, y; ///< same order as the points; other sizes are not drawn
};

/// What is drawn; no history of its own. What lies beyond the range stands at its rim.
class ScatterPlot {
public:
    QString xName, yName; ///< rich text with unit: "&minus;W<sub>down</sub> (1)"
    std::vector<double> x, y;
    std::vector<bool> marked; ///< points of the selected unit, or empty
    std::vector<ScatterTrail> trails; ///< oldest first
    QColor category; ///< outline of the points
    bool yAxis = true; ///< false: the plot at its left has the same

    double range = 1; ///< both axes span [-range, range]; > 0
    std::size_t outside() const; ///< finite points beyond the range

    /// @param square the plot itself; tick labels and names stand left of and below it
    void paint(QPainter&, const QRectF& square, const Theme&) const;
    QPointF place(const QRectF& square, std::size_t point) const;
    /// The point under the mouse, or -1.
    int pointAt(const QRectF& square, QPointF mouse) const;

    /// More points than this are drawn as dots without trails.
    static constexpr std::size_t kDetailed = 400;
    /// More points than this are thinned evenly; every thinning()-th is drawn.
    static constexpr std::size_t kDrawn = 20000;
    std::size_t thinning() const { return (x.size() + kDrawn - 1) / kDrawn; }

private:
    void paintAxes(QPainter&, const QRectF&, const Theme&) const;
    void paintTrails(QPainter&, const QRectF&) const;
    void paintPoints(QPainter&, const QRectF&, const Theme&) const;
};

/// "1.003", "0.9995", "n/a": in the digits a text column shows.
QString alignmentText(double value, int decimals);

} // namespace apical
