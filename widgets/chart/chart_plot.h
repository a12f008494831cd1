// One chart as a graphics scene of Qt Charts, painted wherever it is wanted.
#pragma once

#include "widgets/chart/chart.h"

#include <QPointF>
#include <QRectF>
#include <QSizeF>

#include <memory>

class QPainter;

namespace apical {

/// Window thread. Values are replaced, never appended, and nothing is animated: that is what Qt
/// Charts can do several times a second. Its own log axis is not used: places along the axis are
/// logarithms already, so that zeros stand on the floor and labels are those of all other pictures.
class ChartPlot {
public:
    ChartPlot();
    ~ChartPlot();
    ChartPlot(ChartPlot&&) noexcept;
    ChartPlot& operator=(ChartPlot&&) noexcept;

    void setChart(Chart);
    const Chart& chart() const;

    void paint(QPainter&, const QRectF& place, const Theme&);
    /// As paint(), without ink: what follows is about a chart of this size.
    void layOut(const QSizeF&, const Theme&);
    QRectF plotArea() const; ///< px from the top left of the place
    QPointF toPixel(double x, double y) const;
    double xAt(double pixel) const;

    /// Shows what is inside the rectangle (px), as far as it lies inside the whole chart.
    void zoomTo(const QRectF&);
    /// Around a point (px). @param factor of the ranges shown: below 1 shows less
    void zoomAround(const QPointF&, double factor);
    void resetZoom();
    bool zoomed() const;

private:
    struct Parts;
    std::unique_ptr<Parts> m;
};

} // namespace apical
