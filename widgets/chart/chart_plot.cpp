#include "widgets/chart/chart_plot.h"

#include "widgets/chart/chart_legend.h"
#include "widgets/chart/chart_scene.h"

#include <QFontMetricsF>
#include <QGraphicsLayout>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr double kClosest = 1e-4; // share of the whole range that can fill the plot

} // namespace

void ChartPlot::Parts::clampZoom()
{
    const auto clamp = [](PlaceRange& shown, const PlaceRange& all) {
        const double span = std::clamp(shown.span(), kClosest * all.span(), all.span());
        const double low = std::clamp(shown.low, all.low, all.high - span);
        shown = {low, low + span};
    };
    const PlaceRange allX = wholeRange(content.x), allY = wholeRange(content.y);
    clamp(shownX, allX);
    clamp(shownY, allY);
    zoomed = zoomed && !(shownX.span() >= allX.span() && shownY.span() >= allY.span());
}

ChartPlot::ChartPlot()
    : m(std::make_unique<Parts>())
{
}

ChartPlot::~ChartPlot() = default;
ChartPlot::ChartPlot(ChartPlot&&) noexcept = default;
ChartPlot& ChartPlot::operator=(ChartPlot&&) noexcept = default;

void ChartPlot::setChart(Chart chart)
{
    const bool fits = m->fits(chart);
    m->content = std::move(chart);
    if (!fits)
        m->build();
    m->dirty = true;
}

const Chart& ChartPlot::chart() const
{
    return m->content;
}

void ChartPlot::layOut(const QSizeF& size, const Theme& theme)
{
    if (!m->dirty && size == m->size && &theme == m->theme)
        return;
    const QRectF plot = m->plotIn(size);
    if (!m->plot.isNull() && plot != m->plot) {
        // Axes of Qt Charts leave grid lines and labels where a plot of another size had them.
        auto fresh = std::make_unique<Parts>();
        fresh->content = std::move(m->content);
        fresh->shownX = m->shownX;
        fresh->shownY = m->shownY;
        fresh->zoomed = m->zoomed;
        fresh->build();
        m = std::move(fresh);
    }
    m->dirty = false;
    m->size = size;
    m->plot = plot;
    m->theme = &theme;
    m->dress();
    m->place();
    m->fill();
    m->chart->layout()->activate();
}

void ChartPlot::paint(QPainter& painter, const QRectF& place, const Theme& theme)
{
    layOut(place.size(), theme);
    painter.save();
    painter.translate(place.topLeft());
    const QRectF all(QPointF(), place.size());
    const Chart& chart = m->content;
    const QRectF& plot = m->plot;
    const bool empty = chart.series.empty() && !chart.note.isEmpty(); // a sentence, and no axes
    if (!empty) {
        m->scene.render(&painter, all, all, Qt::IgnoreAspectRatio);
        painter.setPen(theme.line);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(plot);
        paintChartLegend(painter, chart, plot, place.width(), theme);
    }
    painter.setFont(uiFont(12, QFont::DemiBold));
    const double titleWidth = QFontMetricsF(painter.font()).horizontalAdvance(chart.title);
    const QRectF head(12, 4, place.width() - 24, 18);
    painter.setPen(theme.ink);
    painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter, chart.title);
    painter.setFont(uiFont(11));
    painter.setPen(theme.ink3);
    const double noteWidth = QFontMetricsF(painter.font()).horizontalAdvance(chart.note);
    if (!chart.series.empty() && titleWidth + noteWidth + 20 < head.width())
        painter.drawText(head, Qt::AlignRight | Qt::AlignVCenter, chart.note);
    painter.setPen(theme.ink2);
    if (empty) {
        painter.setFont(uiFont(12));
        const QRectF room = all.adjusted(16, 22, -16, -4);
        painter.drawText(room, Qt::AlignCenter | Qt::TextWordWrap, chart.note);
        painter.restore();
        return;
    }
    if (chart.xLabels && chart.xName)
        painter.drawText(QRectF(plot.left(), plot.bottom() + 18, plot.width(), 16), Qt::AlignCenter,
            chart.x.title());
    painter.translate(plot.left() - 48, plot.center().y());
    painter.rotate(-90);
    painter.drawText(
        QRectF(-plot.height(), -8, 2 * plot.height(), 16), Qt::AlignCenter, chart.y.title());
    painter.restore();
}

QRectF ChartPlot::plotArea() const
{
    return m->plot;
}

QPointF ChartPlot::toPixel(double x, double y) const
{
    return m->chart->mapToPosition({m->content.x.place(x), m->content.y.place(y)}, m->mark);
}

double ChartPlot::xAt(double pixel) const
{
    const double place = m->chart->mapToValue({pixel, m->plot.center().y()}, m->mark).x();
    return m->content.x.logarithmic ? std::pow(10, place) : place;
}

void ChartPlot::zoomTo(const QRectF& area)
{
    const QPointF low = m->chart->mapToValue(area.bottomLeft(), m->mark),
                  high = m->chart->mapToValue(area.topRight(), m->mark);
    if (!(high.x() > low.x()) || !(high.y() > low.y()))
        return;
    m->shownX = {low.x(), high.x()};
    m->shownY = {low.y(), high.y()};
    m->zoomed = m->dirty = true;
    m->clampZoom();
}

void ChartPlot::zoomAround(const QPointF& point, double factor)
{
    const QPointF at = m->chart->mapToValue(point, m->mark);
    const auto scale = [factor](PlaceRange& range, double fixed) {
        range = {fixed + (range.low - fixed) * factor, fixed + (range.high - fixed) * factor};
    };
    scale(m->shownX, at.x());
    scale(m->shownY, at.y());
    m->zoomed = m->dirty = true;
    m->clampZoom();
}

void ChartPlot::resetZoom()
{
    m->zoomed = false;
    m->dirty = true;
}

bool ChartPlot::zoomed() const
{
    return m->zoomed;
}

} // namespace apical
