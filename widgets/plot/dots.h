// Round marks, many of them, as pictures of themselves.
#pragma once

#include <QColor>
#include <QPixmap>
#include <QPointF>

#include <map>
#include <tuple>

class QPainter;

namespace apical {

/// A hundred outlined circles in every plot cost more than all curves, so on a screen each kind is
/// drawn once and stamped. Vector formats get the circles themselves. One painter, one picture.
class Dots {
public:
    explicit Dots(QPainter&);
    /// @param radius of the outline's middle; the outline is 1.5 wide
    void draw(const QPointF& at, const QColor& edge, const QColor& fill, double radius);

private:
    QPainter& m_painter;
    double m_ratio = 0; ///< pixels of the screen; 0: no screen
    std::map<std::tuple<QRgb, QRgb, double>, QPixmap> m_stamps;
};

} // namespace apical
