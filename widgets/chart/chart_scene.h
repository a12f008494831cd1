// The inside of ChartPlot: the objects of Qt Charts and how values reach them.
#pragma once

#include "widgets/chart/chart_labels.h"
#include "widgets/chart/chart_plot.h"

#include <QAreaSeries>
#include <QCategoryAxis>
#include <QChart>
#include <QGraphicsScene>
#include <QLineSeries>
#include <QScatterSeries>

#include <vector>

namespace apical {

/// What draws one ChartSeries. The chart owns the series.
struct ChartCurve {
    QLineSeries *line, *bandLow, *bandHigh;
    QAreaSeries* band;
    QScatterSeries* markers;
    std::vector<QLineSeries*> whiskers;
};

/// Fields are set by ChartPlot; `chart` and what is in it live as long as `scene`.
struct ChartPlot::Parts {
    QGraphicsScene scene;
    QChart* chart = new QChart; // the scene's
    QCategoryAxis *x = new QCategoryAxis, *y = new QCategoryAxis; // the chart's
    QLineSeries* mark = nullptr;
    std::vector<ChartCurve> curves;
    Chart content;
    PlaceRange shownX, shownY;
    bool zoomed = false;
    std::vector<AxisLabel> labelsX, labelsY;
    QRectF plot;
    QSizeF size;
    const Theme* theme = nullptr;
    bool dirty = true;

    Parts();
    void build();
    bool fits(const Chart&) const;
    PlaceRange padded(const PlaceRange&, const ChartAxis&, double pixels) const;
    QRectF plotIn(const QSizeF& whole) const; ///< px; beside names, labels and legend
    void place();
    void fill();
    void fillSeries(const ChartSeries&, const ChartCurve&) const;
    void dress();
    void dressSeries(const ChartSeries&, const ChartCurve&) const;
    void clampZoom();
};

} // namespace apical
