// The raster: who spiked when, neuron by neuron.
#pragma once

#include "widgets/raster/cells.h"
#include "widgets/strips/plot_view.h"

#include <QSet>

#include <optional>

class QToolButton;

namespace apical {

/// Rows are neurons, inputs at the bottom; the time axis is that of the strips, and is moved the
/// same way. With Ctrl the wheel, + and - zoom the rows; over the names the wheel, a drag and
/// PageUp and PageDown scroll them; a click, Up and Down select a neuron; F and a double click show
/// all.
class RasterView : public StripPlotView {
    Q_OBJECT
public:
    explicit RasterView(QWidget* parent);
    QSize sizeHint() const override { return {716, 262}; }

    void refresh(const Scene&) override;
    void paint(QPainter&, const QRectF& area) override;
    QString csv() const override; ///< as spikes.csv, and over how many steps
    QString subtitle() const override;

    RasterCells& cells() { return m_cells; } ///< of the last paint
    const std::vector<RasterBand>& bands() const { return m_bands; }
    QRectF plot() const { return m_plot; }
    RowRange rows() const { return m_rows; }
    void showPopulation(const QString& name, bool on);
    /// What is under the pointer, exactly; "" if that is nothing.
    QString hoverText() const;

protected:
    std::vector<Strip> describe(const Scene&) const override { return {}; }
    QRectF stackArea(const QRectF& area) const override;

    void resizeEvent(QResizeEvent*) override;
    void mousePressEvent(QMouseEvent*) override;
    void mouseMoveEvent(QMouseEvent*) override;
    void mouseReleaseEvent(QMouseEvent*) override;
    void mouseDoubleClickEvent(QMouseEvent*) override;
    void wheelEvent(QWheelEvent*) override;
    void leaveEvent(QEvent*) override;
    void keyPressEvent(QKeyEvent*) override;

private:
    struct Spot {
        const RasterBand* band;
        std::size_t cell;
    };
    std::optional<Spot> spotAt(const QPointF&) const;
    std::size_t neuronAt(const Spot&, double y) const;
    QString sentence() const; ///< instead of marks; "" if there are some
    void buildMenu();
    void placeButton();
    void zoomRows(double factor, double y);
    void scrollRows(double rows);
    void showAllRows();
    void selectNext(int step);
    std::optional<QRectF> rowOfSelected() const;
    void paintOver(QPainter&) const;

    RasterCells m_cells;
    std::vector<RasterGroup> m_groups; ///< of the lane shown
    std::vector<RasterBand> m_bands;
    QSet<QString> m_hidden; ///< populations that are switched off, by name
    RowRange m_rows;
    QRectF m_plot; ///< of the last paint
    double m_ratio = 1; ///< device px of a logical one, at the last paint
    int m_lane = -1;
    std::uint64_t m_run = 0;
    QToolButton* m_button;
    std::optional<QPointF> m_hover;
    struct Press {
        QPointF at;
        RowRange rows;
        bool moved = false;
    };
    std::optional<Press> m_press;
};

View* makeRasterView(QWidget* parent);

} // namespace apical
