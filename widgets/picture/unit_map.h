// Units of a layer as small squares: how the layer responds, seen at once.
#pragma once

#include "widgets/look/theme.h"

#include <QRectF>
#include <QString>

#include <span>
#include <vector>

class QPainter;

namespace apical {

/// Row by row in a grid that is nearly a square. The range stands still while the values fit and
/// use half of it; it has two signs once a value was negative.
class UnitMap {
public:
    void show(std::span<const double> values);
    void paint(QPainter&, const Theme&, const QRectF& box) const;
    /// "0 … 1", "±2"; tight: without spaces
    QString rangeText(bool tight = false) const;
    int unitAt(QPointF, const QRectF& box) const; ///< -1: none
    const std::vector<double>& values() const { return m_values; }

private:
    int columns() const;
    QRectF grid(const QRectF& box) const; ///< whole pixels per unit, where there are any

    std::vector<double> m_values;
    double m_high = 0;
    bool m_signed = false;
};

} // namespace apical
