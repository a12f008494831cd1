#include "widgets/study/plot.h"

#include "widgets/look/style.h"
#include "widgets/plot/scale.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <memory>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kLeft = 56, kRight = 14, kBottom = 38, kTitle = 22, kLegendRow = 17;
constexpr double kSample = 26; // px of a line in the legend
constexpr double kMarker = 3.5;

struct Axes {
    QRectF plot;
    std::unique_ptr<PlotScale> x, y;
    std::vector<double> xValues; ///< labelled in place of round numbers; empty: round numbers
};

QPen linePen(const StudySeries& series, const Theme& theme, double width)
{
    QPen pen(series.color(theme), width);
    if (series.dash == 1)
        pen.setDashPattern({5, 3});
    else if (series.dash >= 2)
        pen.setDashPattern({1.5, 2.5});
    pen.setCapStyle(Qt::FlatCap);
    pen.setJoinStyle(Qt::RoundJoin);
    return pen;
}

void drawMarker(QPainter& painter, QPointF at, const StudySeries& series, const Theme& theme)
{
    painter.setPen(QPen(series.color(theme), 1.5));
    painter.setBrush(theme.panel);
    const double r = kMarker;
    switch (series.index % 4) {
    case 0:
        painter.drawEllipse(at, r, r);
        break;
    case 1:
        painter.drawRect(QRectF(at.x() - r, at.y() - r, 2 * r, 2 * r));
        break;
    case 2:
        painter.drawPolygon(
            QPolygonF({at + QPointF(0, -r - 1), at + QPointF(r + 1, r), at + QPointF(-r - 1, r)}));
        break;
    default:
        painter.drawPolygon(QPolygonF({at + QPointF(0, -r - 1), at + QPointF(r + 1, 0),
            at + QPointF(0, r + 1), at + QPointF(-r - 1, 0)}));
    }
}

/// @return bottom of the legend
double paintLegend(
    QPainter& painter, const QRectF& area, const StudyChart& chart, const Theme& theme)
{
    painter.setFont(uiFont(11));
    const QFontMetricsF metrics(painter.font());
    double x = area.left() + 12, y = area.top() + kTitle;
    for (const StudySeries& series : chart.series) {
        if (series.name.isEmpty())
            continue;
        const double width = kSample + 6 + metrics.horizontalAdvance(series.name) + 16;
        if (x > area.left() + 12 && x + width > area.right() - 4) {
            x = area.left() + 12;
            y += kLegendRow;
        }
        const double middle = y + kLegendRow / 2;
        painter.setPen(linePen(series, theme, 2));
        painter.drawLine(QPointF(x, middle), QPointF(x + kSample, middle));
        if (chart.markers)
            drawMarker(painter, {x + kSample / 2, middle}, series, theme);
        painter.setPen(theme.ink);
        painter.drawText(QRectF(x + kSample + 6, y, area.right() - x - kSample - 6, kLegendRow),
            Qt::AlignVCenter | Qt::AlignLeft, series.name);
        x += width;
    }
    return y + kLegendRow + 6;
}

/// Decades around every mean that can be drawn on a log axis.
std::pair<double, double> decades(const StudyChart& chart)
{
    double low = HUGE_VAL, high = 0;
    for (const StudySeries& series : chart.series) {
        for (const double value : series.mean) {
            if (value > 0 && std::isfinite(value)) {
                low = std::min(low, value);
                high = std::max(high, value);
            }
        }
    }
    if (!(high > 0))
        return {1e-3, 1};
    low = std::max(low, high * 1e-9);
    const double top = std::ceil(std::log10(high) + 1e-9);
    return {
        std::pow(10.0, std::min(std::floor(std::log10(low) - 1e-9), top - 1)), std::pow(10.0, top)};
}

Axes axesOf(const QRectF& plot, const StudyChart& chart)
{
    Axes axes;
    axes.plot = plot;
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (const StudySeries& series : chart.series) {
        for (const double x : series.x) {
            low = std::min(low, x);
            high = std::max(high, x);
            if (chart.markers)
                axes.xValues.push_back(x);
        }
    }
    if (!(low <= high))
        low = chart.logX ? 1 : 0, high = chart.logX ? 10 : 1;
    std::sort(axes.xValues.begin(), axes.xValues.end());
    axes.xValues.erase(std::unique(axes.xValues.begin(), axes.xValues.end()), axes.xValues.end());
    const double inset = chart.markers ? 14 : 0;
    if (!chart.markers)
        low = 0;
    if (low == high)
        low -= chart.logX ? low / 2 : 0.5, high += high > 0 ? high / 2 : 0.5;
    const double left = plot.left() + inset, right = plot.right() - inset;
    if (chart.logX)
        axes.x = std::make_unique<LogScale>(low, high, left, right, LogScale::Labels::Digits);
    else
        axes.x = std::make_unique<LinearScale>(low, high, left, right);
    if (chart.logY) {
        const auto [bottom, top] = decades(chart);
        axes.y = std::make_unique<LogScale>(bottom, top, plot.bottom(), plot.top());
    } else {
        axes.y = std::make_unique<LinearScale>(chart.yLow, chart.yHigh, plot.bottom(), plot.top());
    }
    return axes;
}

QString unsignedLabel(const QString& label)
{
    return label.startsWith(u'+') ? label.mid(1) : label;
}

void paintAxes(QPainter& painter, const Axes& axes, const StudyChart& chart, const Theme& theme)
{
    const QRectF& plot = axes.plot;
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setFont(uiFont(10));
    for (const Tick& tick : axes.y->ticks(28)) {
        painter.setPen(QPen(theme.grid, 1));
        painter.drawLine(QPointF(plot.left(), tick.pixel), QPointF(plot.right(), tick.pixel));
        painter.setPen(theme.ink3);
        painter.drawText(QRectF(plot.left() - 46, tick.pixel - 8, 40, 16),
            Qt::AlignRight | Qt::AlignVCenter, unsignedLabel(tick.label));
    }
    std::vector<Tick> ticks;
    for (const double x : axes.xValues)
        ticks.push_back({x, axes.x->toPixel(x), QString::number(x)});
    if (ticks.empty() || ticks.size() > 12)
        ticks = axes.x->ticks(56);
    double free = -HUGE_VAL;
    for (const Tick& tick : ticks) {
        painter.setPen(QPen(theme.grid, 1));
        painter.drawLine(QPointF(tick.pixel, plot.top()), QPointF(tick.pixel, plot.bottom()));
        const QString label = unsignedLabel(tick.label);
        const double half = QFontMetricsF(painter.font()).horizontalAdvance(label) / 2 + 3;
        if (tick.pixel - half < free)
            continue;
        free = tick.pixel + half;
        painter.setPen(theme.ink3);
        painter.drawText(
            QRectF(tick.pixel - 30, plot.bottom() + 4, 60, 13), Qt::AlignCenter, label);
    }
    painter.setPen(QPen(theme.line, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(plot);
    painter.setFont(uiFont(11));
    painter.setPen(theme.ink2);
    painter.drawText(
        QRectF(plot.left(), plot.bottom() + 18, plot.width(), 16), Qt::AlignCenter, chart.xName);
    painter.save();
    painter.translate(plot.left() - 48, plot.center().y());
    painter.rotate(-90);
    painter.drawText(
        QRectF(-plot.height(), -8, 2 * plot.height(), 16), Qt::AlignCenter, chart.yName);
    painter.restore();
}

void paintBand(QPainter& painter, const Axes& axes, const StudySeries& series, const Theme& theme)
{
    QPolygonF band;
    for (std::size_t i = 0; i < series.x.size(); ++i)
        band << QPointF(axes.x->toPixel(series.x[i]), axes.y->toPixel(series.high[i]));
    for (std::size_t i = series.x.size(); i-- > 0;)
        band << QPointF(axes.x->toPixel(series.x[i]), axes.y->toPixel(series.low[i]));
    QColor color = series.color(theme);
    color.setAlphaF(0.14F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(band);
}

void paintLine(QPainter& painter, const Axes& axes, const StudySeries& series, const Theme& theme)
{
    QPolygonF line;
    for (std::size_t i = 0; i < series.x.size(); ++i)
        line << QPointF(axes.x->toPixel(series.x[i]), axes.y->toPixel(series.mean[i]));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(linePen(series, theme, 1.5));
    painter.drawPolyline(line);
}

void paintSpread(QPainter& painter, const Axes& axes, const StudySeries& series, const Theme& theme)
{
    painter.setPen(QPen(series.color(theme), 1.5));
    for (std::size_t i = 0; i < series.x.size(); ++i) {
        const double x = axes.x->toPixel(series.x[i]);
        const double high = axes.y->toPixel(series.high[i]), low = axes.y->toPixel(series.low[i]);
        if (std::abs(high - low) < 1)
            continue;
        painter.drawLine(QPointF(x, low), QPointF(x, high));
        painter.drawLine(QPointF(x - 4, low), QPointF(x + 4, low));
        painter.drawLine(QPointF(x - 4, high), QPointF(x + 4, high));
    }
}

} // namespace

void paintChart(QPainter& painter, const QRectF& area, const StudyChart& chart, const Theme& theme)
{
    painter.save();
    painter.setFont(uiFont(12, QFont::DemiBold));
    painter.setPen(theme.ink);
    const QRectF head(area.left() + 12, area.top() + 4, area.width() - 24, kTitle - 4);
    painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter, chart.title);
    const double titleWidth = QFontMetricsF(painter.font()).horizontalAdvance(chart.title);
    painter.setFont(uiFont(11));
    const double noteWidth = QFontMetricsF(painter.font()).horizontalAdvance(chart.note);
    painter.setPen(theme.ink3);
    if (!chart.series.empty() && titleWidth + noteWidth + 20 < head.width())
        painter.drawText(head, Qt::AlignRight | Qt::AlignVCenter, chart.note);
    painter.setRenderHint(QPainter::Antialiasing, true);
    const double top = paintLegend(painter, area, chart, theme);
    const QRectF plot(
        area.left() + kLeft, top, area.width() - kLeft - kRight, area.bottom() - kBottom - top);
    if (plot.width() < 40 || plot.height() < 30) {
        painter.restore();
        return;
    }
    const Axes axes = axesOf(plot, chart);
    paintAxes(painter, axes, chart, theme);
    if (chart.series.empty()) {
        painter.setFont(uiFont(12));
        painter.setPen(theme.ink2);
        painter.drawText(plot, Qt::AlignCenter | Qt::TextWordWrap, chart.note);
        painter.restore();
        return;
    }
    // A little air, so that a line on the axis itself is seen in full.
    painter.setClipRect(plot.adjusted(-2, -2, 2, 2));
    painter.setRenderHint(QPainter::Antialiasing, true);
    if (!chart.markers) {
        for (const StudySeries& series : chart.series)
            paintBand(painter, axes, series, theme);
    }
    for (const StudySeries& series : chart.series) {
        paintLine(painter, axes, series, theme);
        if (!chart.markers)
            continue;
        paintSpread(painter, axes, series, theme);
    }
    painter.setClipRect(plot.adjusted(-8, -8, 8, 8));
    for (const StudySeries& series : chart.series) {
        for (std::size_t i = 0; chart.markers && i < series.x.size(); ++i)
            drawMarker(painter,
                {axes.x->toPixel(series.x[i]),
                    std::clamp(axes.y->toPixel(series.mean[i]), plot.top(), plot.bottom())},
                series, theme);
    }
    painter.restore();
}

StudyPlot::StudyPlot(QWidget* parent)
    : View(parent)
{
    setObjectName(u"study_plot"_s);
    setAccessibleName(u"Learning curves and final values of the study"_s);
    setMinimumSize(420, 200);
}

void StudyPlot::setCharts(StudyChart curves, StudyChart finals)
{
    m_curves = std::move(curves);
    m_finals = std::move(finals);
    update();
}

void StudyPlot::paint(QPainter& painter, const QRectF& area)
{
    const Theme& theme = activeTheme();
    const double middle = area.left() + std::round(area.width() * 0.5);
    paintChart(painter, QRectF(area.topLeft(), QPointF(middle, area.bottom())), m_curves, theme);
    paintChart(painter, QRectF(QPointF(middle, area.top()), area.bottomRight()), m_finals, theme);
    painter.setPen(QPen(theme.line2, 1));
    painter.drawLine(QPointF(middle, area.top()), QPointF(middle, area.bottom()));
}

void StudyPlot::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), activeTheme().panel);
    paint(painter, QRectF(rect()));
}

} // namespace apical
