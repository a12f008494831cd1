#include "widgets/chart/chart_scene.h"

#include "widgets/chart/chart_legend.h"
#include "widgets/chart/chart_points.h"

#include <QGraphicsLayout>
#include <QLegend>
#include <QPen>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kMarker = 8, kCap = 4; // px
constexpr double kTickGapX = 44, kTickGapY = 28; // px between labels

QScatterSeries::MarkerShape shapeOf(ChartSeries::Marker marker)
{
    switch (marker) {
    case ChartSeries::Marker::Square:
        return QScatterSeries::MarkerShapeRectangle;
    case ChartSeries::Marker::Triangle:
        return QScatterSeries::MarkerShapeTriangle;
    case ChartSeries::Marker::Diamond:
        return QScatterSeries::MarkerShapeRotatedRectangle;
    case ChartSeries::Marker::None:
    case ChartSeries::Marker::Circle:
        break;
    }
    return QScatterSeries::MarkerShapeCircle;
}

std::size_t whiskersOf(const ChartSeries& series)
{
    return series.spread == ChartSeries::Spread::Whiskers ? series.low.size() : 0;
}

/// The outline of bars, as a band that stands on the axis.
void makeBars(ChartPoints& points, double width, double foot)
{
    points.low.clear();
    points.high.clear();
    for (const QPointF& at : points.line)
        for (const double x : {at.x() - width / 2, at.x() + width / 2}) {
            points.low.append({x, foot});
            points.high.append({x, at.y()});
        }
}

} // namespace

ChartPlot::Parts::Parts()
{
    scene.setItemIndexMethod(QGraphicsScene::NoIndex);
    scene.addItem(chart);
    chart->setAnimationOptions(QChart::NoAnimation);
    chart->setMargins({});
    chart->layout()->setContentsMargins(0, 0, 0, 0);
    chart->setBackgroundVisible(false);
    chart->addAxis(x, Qt::AlignBottom);
    chart->addAxis(y, Qt::AlignLeft);
    for (QCategoryAxis* axis : {x, y}) {
        axis->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
        axis->setTruncateLabels(false);
        axis->setLineVisible(false);
    }
    chart->legend()->hide(); // see paintChartLegend()
    build();
}

bool ChartPlot::Parts::fits(const Chart& other) const
{
    return std::ranges::equal(curves, other.series, [](const ChartCurve& a, const ChartSeries& b) {
        return a.whiskers.size() == whiskersOf(b);
    });
}

/// The series of the content, still empty and undressed.
void ChartPlot::Parts::build()
{
    chart->removeAllSeries();
    curves.clear();
    const auto add = [this](auto* series) {
        chart->addSeries(series);
        series->attachAxis(x);
        series->attachAxis(y);
        series->setUseOpenGL(false); // such series are missing in exported pictures
        return series;
    };
    mark = add(new QLineSeries);
    for (const ChartSeries& series : content.series) {
        ChartCurve curve{};
        curve.bandLow = new QLineSeries;
        curve.bandHigh = new QLineSeries;
        curve.band = add(new QAreaSeries(curve.bandHigh, curve.bandLow));
        curve.bandLow->setParent(curve.band);
        curve.bandHigh->setParent(curve.band);
        curve.whiskers.resize(whiskersOf(series));
        curves.push_back(std::move(curve));
    }
    for (ChartCurve& curve : curves) { // over all bands
        for (QLineSeries*& whisker : curve.whiskers)
            whisker = add(new QLineSeries);
        curve.line = add(new QLineSeries);
    }
    for (ChartCurve& curve : curves)
        curve.markers = add(new QScatterSeries);
    theme = nullptr;
}

PlaceRange ChartPlot::Parts::padded(
    const PlaceRange& range, const ChartAxis& axis, double pixels) const
{
    const double each = range.span() / std::max(1.0, pixels - 2 * axis.inset);
    return {range.low - axis.inset * each, range.high + axis.inset * each};
}

QRectF ChartPlot::Parts::plotIn(const QSizeF& whole) const
{
    QRectF inside = QRectF(QPointF(), whole).marginsRemoved(content.margins);
    inside.setTop(inside.top() + legendHeight(content, whole.width()));
    inside.setWidth(std::max(20.0, inside.width()));
    inside.setHeight(std::max(10.0, inside.height()));
    return inside;
}

void ChartPlot::Parts::place()
{
    chart->resize(size);
    scene.setSceneRect(QRectF(QPointF(), size));
    chart->setPlotArea(plot);
    if (!zoomed) {
        shownX = wholeRange(content.x);
        shownY = wholeRange(content.y);
    }
    clampZoom();
    const auto renew = [](QCategoryAxis& axis, std::vector<AxisLabel>& old,
                           std::vector<AxisLabel> labels) {
        if (old == labels)
            return;
        for (const QString& label : axis.categoriesLabels())
            axis.remove(label);
        if (!labels.empty())
            axis.setStartValue(labels.front().place);
        for (const AxisLabel& label : labels)
            axis.append(label.text, label.place);
        old = std::move(labels);
    };
    const double width = plot.width() - 2 * content.x.inset,
                 height = plot.height() - 2 * content.y.inset;
    renew(*x, labelsX, labelsOf(content.x, shownX, width, kTickGapX));
    renew(*y, labelsY, labelsOf(content.y, shownY, height, std::min(kTickGapY, height / 2)));
    x->setLabelsVisible(content.xLabels);
    const PlaceRange rangeX = padded(shownX, content.x, plot.width()),
                     rangeY = padded(shownY, content.y, plot.height());
    x->setRange(rangeX.low, rangeX.high);
    y->setRange(rangeY.low, rangeY.high);
}

void ChartPlot::Parts::fillSeries(const ChartSeries& series, const ChartCurve& curve) const
{
    ChartPoints points = pointsOf(
        series, content.x, content.y, {x->min(), x->max()}, static_cast<int>(plot.width()));
    if (series.bar > 0)
        makeBars(points, series.bar, content.y.place(content.y.low));
    curve.line->replace(series.joined && series.bar <= 0 ? points.line : QList<QPointF>());
    curve.bandLow->replace(points.low);
    curve.bandHigh->replace(points.high);
    curve.band->setVisible(!points.low.isEmpty());
    const double pixel = (x->max() - x->min()) / plot.width();
    curve.markers->replace(markersOf(points.line, series, pixel));
    for (std::size_t i = 0; i < curve.whiskers.size(); ++i) {
        QList<QPointF> path;
        if (series.high[i] > series.low[i]) {
            const double at = content.x.place(series.x[i]), cap = kCap * pixel;
            const double low = content.y.place(series.low[i]),
                         high = content.y.place(series.high[i]);
            path = {{at - cap, low}, {at + cap, low}, {at, low}, {at, high}, {at - cap, high},
                {at + cap, high}};
        }
        curve.whiskers[i]->replace(path);
    }
}

void ChartPlot::Parts::fill()
{
    for (std::size_t i = 0; i < curves.size(); ++i)
        fillSeries(content.series[i], curves[i]);
    QList<QPointF> line;
    if (std::isfinite(content.mark)) {
        const double at = content.x.place(content.mark);
        line = {{at, y->min()}, {at, y->max()}};
    }
    mark->replace(line);
}

void ChartPlot::Parts::dressSeries(const ChartSeries& series, const ChartCurve& curve) const
{
    const QPen pen = chartPen(series, *theme, series.width);
    const QColor color = pen.color();
    curve.line->setPen(pen);
    QColor pale = color;
    pale.setAlphaF(static_cast<float>(series.fill));
    curve.band->setBrush(pale);
    curve.band->setPen(series.low.empty() ? QPen(color, 1) : QPen(Qt::NoPen));
    curve.markers->setMarkerShape(shapeOf(series.marker));
    curve.markers->setMarkerSize(kMarker);
    curve.markers->setBrush(theme->panel);
    curve.markers->setPen(QPen(color, 1.5));
    for (QLineSeries* whisker : curve.whiskers)
        whisker->setPen(QPen(color, 1.5));
}

void ChartPlot::Parts::dress()
{
    const QFont small = uiFont(10);
    for (QCategoryAxis* axis : {x, y}) {
        axis->setLabelsFont(small);
        axis->setLabelsBrush(theme->ink3);
        axis->setGridLinePen(QPen(theme->grid, 1));
    }
    mark->setPen(QPen(theme->crosshair, 1));
    for (std::size_t i = 0; i < curves.size(); ++i)
        dressSeries(content.series[i], curves[i]);
}

} // namespace apical
