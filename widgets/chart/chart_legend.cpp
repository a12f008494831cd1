#include "widgets/chart/chart_legend.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPolygonF>

#include <algorithm>
#include <cmath>
#include <vector>

namespace apical {
namespace {

constexpr double kRow = 17, kClosestRow = 15; // px
constexpr double kSample = 22, kShortSample = 12, kGap = 5, kBetween = 16; // px
constexpr double kLeft = 12, kRadius = 3.5; // px
constexpr double kValueStep = 16; // px: rows do not break anew with every digit

/// Rectangles of the named series, in their order, from the top left corner.
std::vector<QRectF> rowsAbove(const Chart& chart, double width)
{
    const QFontMetricsF metrics(uiFont(11));
    std::vector<QRectF> rows;
    double x = kLeft, y = 0;
    for (const ChartSeries& series : chart.series) {
        if (series.name.isEmpty() || !series.listed)
            continue;
        double needed = kSample + kGap + metrics.horizontalAdvance(series.name);
        if (!series.value.isEmpty())
            needed +=
                kGap + kValueStep * std::ceil(metrics.horizontalAdvance(series.value) / kValueStep);
        if (x > kLeft && x + needed > width - 4) {
            x = kLeft;
            y += kRow;
        }
        rows.emplace_back(x, y, needed, kRow);
        x += needed + kBetween;
    }
    return rows;
}

void drawMarker(QPainter& painter, QPointF at, ChartSeries::Marker marker)
{
    const double r = kRadius;
    switch (marker) {
    case ChartSeries::Marker::None:
        break;
    case ChartSeries::Marker::Circle:
        painter.drawEllipse(at, r, r);
        break;
    case ChartSeries::Marker::Square:
        painter.drawRect(QRectF(at.x() - r, at.y() - r, 2 * r, 2 * r));
        break;
    case ChartSeries::Marker::Triangle:
        painter.drawPolygon(
            QPolygonF({at + QPointF(0, -r), at + QPointF(r, r), at + QPointF(-r, r)}));
        break;
    case ChartSeries::Marker::Diamond:
        painter.drawPolygon(QPolygonF(
            {at + QPointF(0, -r), at + QPointF(r, 0), at + QPointF(0, r), at + QPointF(-r, 0)}));
    }
}

} // namespace

QPen chartPen(const ChartSeries& series, const Theme& theme, double width)
{
    QPen pen(series.color ? series.color(theme) : theme.ink, width);
    if (series.dash == 1)
        pen.setDashPattern({5, 3});
    else if (series.dash >= 2)
        pen.setDashPattern({1.5, 2.5});
    pen.setCapStyle(Qt::FlatCap);
    pen.setJoinStyle(Qt::RoundJoin);
    return pen;
}

double legendHeight(const Chart& chart, double width)
{
    if (chart.legend != Chart::Legend::Above)
        return 0;
    const std::vector<QRectF> rows = rowsAbove(chart, width);
    return rows.empty() ? 0 : rows.back().bottom() + 6;
}

void paintChartLegend(
    QPainter& painter, const Chart& chart, const QRectF& plot, double width, const Theme& theme)
{
    if (chart.legend == Chart::Legend::None)
        return;
    const bool right = chart.legend == Chart::Legend::Right;
    std::vector<QRectF> rows = rowsAbove(chart, width);
    const double gap =
        std::min(kClosestRow, plot.height() / std::max(1.0, static_cast<double>(rows.size())));
    const double top = right ? plot.top() : plot.top() - legendHeight(chart, width);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(uiFont(11));
    std::size_t next = 0;
    for (const ChartSeries& series : chart.series) {
        if (series.name.isEmpty() || !series.listed)
            continue;
        QRectF row = rows[next].translated(0, top);
        if (right)
            row = QRectF(plot.right() + 6, top + static_cast<double>(next) * gap,
                width - plot.right() - 12, gap);
        ++next;
        const double sample = right ? kShortSample : kSample, middle = row.center().y();
        painter.setPen(chartPen(series, theme, series.width + 0.5));
        painter.drawLine(QPointF(row.left(), middle), QPointF(row.left() + sample, middle));
        painter.setPen(QPen(painter.pen().color(), 1.5));
        painter.setBrush(theme.panel);
        drawMarker(painter, {row.left() + sample / 2, middle}, series.marker);
        row.setLeft(row.left() + sample + kGap);
        row = QRectF(row.left(), middle - 8, row.width() + 2, 16);
        painter.setPen(theme.ink2);
        painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter, series.name);
        painter.setPen(theme.ink);
        if (right)
            painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, series.value);
        else
            painter.drawText(
                row.adjusted(painter.fontMetrics().horizontalAdvance(series.name) + kGap, 0, 2, 0),
                Qt::AlignLeft | Qt::AlignVCenter, series.value);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

} // namespace apical
