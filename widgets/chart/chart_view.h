// The view for what changes a few times a second: one or several charts with legend, values under
// the mouse and zoom.
#pragma once

#include "widgets/chart/chart_plot.h"
#include "widgets/view/view.h"

#include <optional>
#include <vector>

namespace apical {

/// Wheel and dragging show less of the chart under the mouse; double click or Backspace shows all
/// again; plus and minus zoom all charts from the keyboard.
class ChartView : public View {
    Q_OBJECT
public:
    explicit ChartView(QWidget* parent = nullptr);

    /// Zooms are kept while the number of charts stays the same.
    void setCharts(std::vector<Chart>);
    std::size_t count() const { return m_plots.size(); }
    const Chart& chart(std::size_t index) const { return m_plots.at(index).chart(); }

    /// In px of the widget as it is now.
    QPointF pixelOf(std::size_t chart, double x, double y);
    QRectF plotArea(std::size_t chart);
    /// What the tooltip says there; "" outside of the plots.
    QString valuesAt(const QPointF&);
    bool zoomed() const;
    void resetZoom();

    void paint(QPainter&, const QRectF& area) override;
    QString subtitle() const override;

protected:
    /// One place per chart inside `area`; side by side unless overridden.
    virtual std::vector<QRectF> places(const QRectF& area) const;
    /// Places under each other. @param heights of each, in any unit
    static std::vector<QRectF> rows(const QRectF& area, const std::vector<double>& heights);
    /// Something else is to be seen: all of it, at once.
    void showAnew();

    bool event(QEvent*) override;
    void paintEvent(QPaintEvent*) override;
    void keyPressEvent(QKeyEvent*) override;
    void wheelEvent(QWheelEvent*) override;
    void mousePressEvent(QMouseEvent*) override;
    void mouseMoveEvent(QMouseEvent*) override;
    void mouseReleaseEvent(QMouseEvent*) override;
    void mouseDoubleClickEvent(QMouseEvent*) override;

private:
    struct Under {
        ChartPlot* plot;
        QPointF origin; ///< top left of its place
    };
    std::optional<Under> under(const QPointF&);
    void layOut();

    std::vector<ChartPlot> m_plots;
    std::optional<QPointF> m_pressed;
    QRectF m_band; ///< being dragged; null = none
};

} // namespace apical
