// The newest angles to backpropagation as a table beside their curves, and the look of both.
#pragma once

#include "widgets/view/view.h"

#include <cstddef>

class QPainter;
class QRectF;

namespace apical {

struct CurveDash {
    double on = 0, off = 0; ///< px; 0 = solid
};

/// Look of the curves of one target layer of one lane.
struct AngleLook {
    QString name; ///< "hidden", "out"; before it the lane's letter where there are several
    QColor weights, apical;
    CurveDash dash, apicalDash;
};
AngleLook angleLook(const Scene&, std::size_t lane, int layer);

/// px that the table needs.
double anglesTableWidth(const Frame&);
/// One row per lane and layer. Many lanes: one row per lane, one column per layer.
void paintAnglesTable(QPainter&, const Scene&, const QRectF& side);

} // namespace apical
