// What a raster does with mouse and keys; time is moved as in all strips.
#include "widgets/raster/view.h"
#include "widgets/strips/axes.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr double kNotch = 1.25; // zoom per wheel notch, as of time
constexpr double kClick = 3; // px within which a press is no drag
constexpr double kScrolled = 0.1; // share of the rows in sight per notch

} // namespace

void RasterView::resizeEvent(QResizeEvent* event)
{
    StripPlotView::resizeEvent(event);
    placeButton();
}

void RasterView::zoomRows(double factor, double y)
{
    const auto all = static_cast<double>(rasterRows(m_groups, m_hidden));
    if (!(all > 0) || m_plot.isEmpty())
        return;
    const RowRange now = m_rows.count > 0 ? m_rows : RowRange{0, all};
    // At least one more or less, so that few rows do not stick.
    double count = std::round(now.count * factor);
    if (count == now.count)
        count += factor > 1 ? 1 : -1;
    count = std::clamp(count, 1.0, all);
    double row = now.first + now.count / 2;
    const QPointF at(m_plot.center().x(), std::clamp(y, m_plot.top(), m_plot.bottom() - 1));
    if (const auto spot = spotAt(at))
        row = static_cast<double>(spot->band->firstRow + neuronAt(*spot, at.y()));
    const double share = std::clamp((row - now.first) / now.count, 0.0, 1.0);
    m_rows = {std::clamp(std::round(row - share * count), 0.0, all - count), count};
    if (count >= all)
        m_rows = {};
    update();
}

void RasterView::scrollRows(double rows)
{
    if (!(m_rows.count > 0))
        return;
    const auto all = static_cast<double>(rasterRows(m_groups, m_hidden));
    m_rows.first = std::clamp(m_rows.first + rows, 0.0, std::max(0.0, all - m_rows.count));
    update();
}

void RasterView::showAllRows()
{
    m_rows = {};
    m_cells.refit();
    update();
}

void RasterView::selectNext(int step)
{
    // All that could be in sight, from the top down.
    const std::vector<RasterBand> bands = rasterBands(m_groups, m_hidden, {}, 1 << 20, 0, 1);
    const auto all = static_cast<std::ptrdiff_t>(rasterRows(m_groups, m_hidden));
    if (bands.empty() || !scene()->spikes)
        return;
    const auto [group, neuron] = neuronOf(*scene()->spikes, m_lane, scene()->selection);
    std::ptrdiff_t row = step > 0 ? -1 : all;
    for (const RasterBand& band : bands) {
        if (group && band.group.quantity == group->quantity)
            row = static_cast<std::ptrdiff_t>(band.firstRow + neuron);
    }
    row = std::clamp<std::ptrdiff_t>(row + step, 0, all - 1);
    for (const RasterBand& band : bands) {
        const auto first = static_cast<std::ptrdiff_t>(band.firstRow);
        if (row >= first && row < first + static_cast<std::ptrdiff_t>(band.group.size))
            Q_EMIT selected(selectionOf(band.group, static_cast<std::size_t>(row - first)));
    }
    if (m_rows.count > 0) { // the selected one comes into sight
        const auto at = static_cast<double>(row);
        m_rows.first = std::clamp(m_rows.first, std::max(0.0, at + 1 - m_rows.count), at);
    }
    update();
}

void RasterView::mousePressEvent(QMouseEvent* event)
{
    StripPlotView::mousePressEvent(event);
    m_press.reset();
    if (event->button() == Qt::LeftButton && m_plot.contains(event->position()))
        m_press = Press{event->position(), m_rows};
}

void RasterView::mouseMoveEvent(QMouseEvent* event)
{
    m_hover = event->position();
    if (m_press) {
        const QPointF by = event->position() - m_press->at;
        m_press->moved = m_press->moved || std::max(std::abs(by.x()), std::abs(by.y())) > kClick;
        if (m_press->moved && m_press->rows.count > 0) {
            m_rows = m_press->rows;
            scrollRows(std::round(-by.y() * m_rows.count / m_plot.height()));
        }
        if (!m_press->moved)
            return;
        m_hover.reset();
    }
    StripPlotView::mouseMoveEvent(event);
}

void RasterView::mouseReleaseEvent(QMouseEvent* event)
{
    StripPlotView::mouseReleaseEvent(event);
    const bool click = m_press && !m_press->moved;
    m_press.reset();
    if (!click)
        return;
    if (const auto spot = spotAt(event->position()))
        Q_EMIT selected(selectionOf(spot->band->group, neuronAt(*spot, event->position().y())));
}

void RasterView::mouseDoubleClickEvent(QMouseEvent* event)
{
    m_press.reset();
    StripPlotView::mouseDoubleClickEvent(event);
    if (event->button() == Qt::LeftButton)
        showAllRows();
}

void RasterView::wheelEvent(QWheelEvent* event)
{
    const double notches = event->angleDelta().y() / 120.0;
    if (event->modifiers() & Qt::ControlModifier) {
        zoomRows(std::pow(kNotch, -notches), event->position().y());
    } else if (event->position().x() < m_plot.left() && m_rows.count > 0) {
        scrollRows(-std::copysign(
            std::max(1.0, std::round(std::abs(notches) * kScrolled * m_rows.count)), notches));
    } else {
        StripPlotView::wheelEvent(event);
        return;
    }
    event->accept();
}

void RasterView::leaveEvent(QEvent* event)
{
    m_hover.reset();
    StripPlotView::leaveEvent(event);
}

void RasterView::keyPressEvent(QKeyEvent* event)
{
    const bool control = event->modifiers() & Qt::ControlModifier;
    switch (scene() ? event->key() : 0) {
    case Qt::Key_Up:
        selectNext(-1);
        return;
    case Qt::Key_Down:
        selectNext(1);
        return;
    case Qt::Key_PageUp:
        scrollRows(-std::max(1.0, m_rows.count - 1));
        return;
    case Qt::Key_PageDown:
        scrollRows(std::max(1.0, m_rows.count - 1));
        return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
    case Qt::Key_Minus:
        if (control) {
            zoomRows(event->key() == Qt::Key_Minus ? kNotch : 1 / kNotch, m_plot.center().y());
            return;
        }
        break;
    case Qt::Key_F:
        showAllRows();
        break;
    default:
        break;
    }
    StripPlotView::keyPressEvent(event);
}

} // namespace apical
