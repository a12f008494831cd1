// Paints the tables of the weights view into a layout.
#pragma once

#include "widgets/plot/heat_map.h"
#include "widgets/weights/view_layout.h"

class QPainter;

namespace apical {

/// One table as it is to be painted.
struct WeightsPicture {
    const WeightsTable& table;
    HeatMap& map; ///< holds the table's values
    const Matrix& numbers; ///< the values as printed in the cells, same shape
    double range; ///< of the colours
    QColor color{}; ///< of the lane it belongs to, if two are shown
};

/// References its arguments: lives for one painting.
class WeightsPainter {
public:
    WeightsPainter(QPainter&, const WeightsLayout&, const Theme&, const std::vector<int>& sizes,
        const Selection&);

    void table(std::size_t, const WeightsPicture&) const;
    void signs(std::size_t tables) const; ///< minus and equals between them
    /// @param range at its ends where all tables have the same, else 0: they say it themselves
    void colourBar(double range) const;

private:
    void numbers(std::size_t, const WeightsPicture&) const;
    void selection(std::size_t, const WeightsPicture&) const;
    void labels(std::size_t, const WeightsPicture&) const;

    QPainter& m_painter;
    const WeightsLayout& m_layout;
    const Theme& m_theme;
    const std::vector<int>& m_sizes;
    const Selection& m_selection;
    mutable double m_titleEnd = 0; ///< of the table painted last: titles never touch
};

} // namespace apical
