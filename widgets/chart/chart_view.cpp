#include "widgets/chart/chart_view.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kStep = 0.8; // of the range, per notch of the wheel or key
constexpr double kLeastDrag = 6; // px

} // namespace

ChartView::ChartView(QWidget* parent)
    : View(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
}

void ChartView::setCharts(std::vector<Chart> charts)
{
    if (charts.size() != m_plots.size())
        m_plots = std::vector<ChartPlot>(charts.size());
    for (std::size_t i = 0; i < charts.size(); ++i)
        m_plots[i].setChart(std::move(charts[i]));
    update();
}

std::vector<QRectF> ChartView::places(const QRectF& area) const
{
    std::vector<QRectF> rooms;
    const double each = area.width() / static_cast<double>(std::max<std::size_t>(1, count()));
    double left = area.left();
    for (std::size_t i = 0; i < count(); ++i) {
        const double right = std::round(area.left() + static_cast<double>(i + 1) * each);
        rooms.emplace_back(QPointF(left, area.top()), QPointF(right, area.bottom()));
        left = right;
    }
    return rooms;
}

std::vector<QRectF> ChartView::rows(const QRectF& area, const std::vector<double>& heights)
{
    std::vector<QRectF> rooms;
    const double unit = area.height() / std::accumulate(heights.begin(), heights.end(), 0.0);
    double top = area.top(), sum = 0;
    for (const double height : heights) {
        sum += height;
        const bool last = rooms.size() + 1 == heights.size();
        const double bottom = last ? area.bottom() : std::round(area.top() + sum * unit);
        rooms.emplace_back(QPointF(area.left(), top), QPointF(area.right(), bottom));
        top = bottom;
    }
    return rooms;
}

void ChartView::showAnew()
{
    resetZoom();
    if (scene())
        refresh(*scene());
}

void ChartView::layOut()
{
    const std::vector<QRectF> rooms = places(QRectF(rect()));
    for (std::size_t i = 0; i < count(); ++i)
        m_plots[i].layOut(rooms[i].size(), theme());
}

void ChartView::paint(QPainter& painter, const QRectF& area)
{
    const std::vector<QRectF> rooms = places(area);
    for (std::size_t i = 0; i < count(); ++i)
        m_plots[i].paint(painter, rooms[i], theme());
}

QString ChartView::subtitle() const
{
    return zoomed() ? u"zoomed in, double click shows all"_s : QString();
}

QPointF ChartView::pixelOf(std::size_t chart, double x, double y)
{
    layOut();
    return places(QRectF(rect()))[chart].topLeft() + m_plots.at(chart).toPixel(x, y);
}

QRectF ChartView::plotArea(std::size_t chart)
{
    layOut();
    return m_plots.at(chart).plotArea().translated(places(QRectF(rect()))[chart].topLeft());
}

std::optional<ChartView::Under> ChartView::under(const QPointF& at)
{
    for (std::size_t i = 0; i < count(); ++i)
        if (plotArea(i).contains(at))
            return Under{&m_plots[i], places(QRectF(rect()))[i].topLeft()};
    return {};
}

QString ChartView::valuesAt(const QPointF& at)
{
    const auto here = under(at);
    return here ? chartValues(here->plot->chart(), here->plot->xAt(at.x() - here->origin.x()))
                : QString();
}

bool ChartView::zoomed() const
{
    return std::ranges::any_of(m_plots, &ChartPlot::zoomed);
}

void ChartView::resetZoom()
{
    for (ChartPlot& plot : m_plots)
        plot.resetZoom();
    update();
}

bool ChartView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return View::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    QToolTip::showText(help->globalPos(), valuesAt(help->pos()), this);
    return true;
}

void ChartView::paintEvent(QPaintEvent* event)
{
    View::paintEvent(event);
    QPainter painter(this);
    if (!m_band.isNull()) {
        QColor inside = theme().accent;
        inside.setAlphaF(0.12F);
        painter.setPen(theme().accent);
        painter.setBrush(inside);
        painter.drawRect(m_band);
    }
    if (hasFocus()) {
        painter.setPen(theme().accent);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void ChartView::keyPressEvent(QKeyEvent* event)
{
    const bool closer = event->key() == Qt::Key_Plus || event->key() == Qt::Key_Equal;
    if (event->key() == Qt::Key_Backspace)
        return resetZoom();
    if (!closer && event->key() != Qt::Key_Minus)
        return View::keyPressEvent(event);
    layOut();
    for (ChartPlot& plot : m_plots)
        plot.zoomAround(plot.plotArea().center(), closer ? kStep : 1 / kStep);
    update();
}

void ChartView::wheelEvent(QWheelEvent* event)
{
    const auto here = under(event->position());
    if (!here)
        return View::wheelEvent(event);
    here->plot->zoomAround(
        event->position() - here->origin, std::pow(kStep, event->angleDelta().y() / 120.0));
    event->accept();
    update();
}

void ChartView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && under(event->position()))
        m_pressed = event->position();
    else
        View::mousePressEvent(event);
}

void ChartView::mouseMoveEvent(QMouseEvent* event)
{
    const auto here = m_pressed ? under(*m_pressed) : std::nullopt;
    if (!here)
        return View::mouseMoveEvent(event);
    m_band = QRectF(*m_pressed, event->position()).normalized()
        & here->plot->plotArea().translated(here->origin);
    update();
}

void ChartView::mouseReleaseEvent(QMouseEvent* event)
{
    const auto here = m_pressed ? under(*m_pressed) : std::nullopt;
    if (here && m_band.width() >= kLeastDrag && m_band.height() >= kLeastDrag)
        here->plot->zoomTo(m_band.translated(-here->origin));
    m_pressed.reset();
    m_band = {};
    update();
    View::mouseReleaseEvent(event);
}

void ChartView::mouseDoubleClickEvent(QMouseEvent*)
{
    m_pressed.reset();
    m_band = {};
    resetZoom();
}

} // namespace apical
