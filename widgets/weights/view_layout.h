// Where the tables of the weights view stand, in logical pixels: pure geometry, for painting and
// for the mouse.
#pragma once

#include "widgets/weights/view_tables.h"

#include <QRectF>

namespace apical {

class WeightsLayout {
public:
    WeightsLayout(
        const QRectF& area, const std::vector<WeightsTable>&, const std::vector<int>& sizes);

    QSizeF cell() const { return m_cell; }
    QRectF cells(std::size_t table) const; ///< all cells of a table
    QRectF cellRect(std::size_t table, int row, int col) const;
    QRectF rowRect(std::size_t table, int row) const; ///< the frame of a selected row
    QRectF columnRect(std::size_t table, int col) const;
    QRectF rowLabel(int row) const; ///< left of the first table
    QRectF columnLabel(std::size_t table, int col) const;
    QRectF title(std::size_t table) const; ///< 15 px high, centred on the table
    double titleEnd(std::size_t table) const; ///< where the next table or the selector begins
    QRectF between(std::size_t table) const; ///< the sign after a table
    QRectF colourBar() const { return m_bar; }
    static QRectF refitButton(const QRectF& area); ///< below the colour bar
    int rowStep() const { return m_rowStep; } ///< every how many-th label is drawn
    int columnStep() const { return m_columnStep; }
    bool numbersFit(bool difference) const;

    struct Hit {
        int table = -1, row = -1, col = -1; ///< row -1: on a column label
    };
    Hit hit(QPointF) const;

private:
    std::size_t m_tables;
    int m_rows, m_cols;
    double m_gap; ///< between two tables
    double m_left, m_top, m_pitch; ///< of the first cells; from table to table
    QSizeF m_cell;
    QRectF m_bar;
    double m_gutter; ///< width of the row labels
    int m_rowStep = 1, m_columnStep = 1;
};

/// "+.21", "−1.8", difference "+.013": what fits a cell.
QString cellText(double value, bool difference);

} // namespace apical
