// What the outputs say of one sample: a bar per class, with the target where there is one.
#pragma once

#include "widgets/look/theme.h"
#include "widgets/view/view.h"

#include <QRectF>

#include <span>

namespace apical {

/// The same in every view of a task.
QColor classColor(int index, int classes, bool dark);

struct ClassBars {
    std::span<const double> output;
    std::span<const double> target{}; ///< empty: none
    double low = 0, high = 1; ///< what fits on the bars
};

/// @param before output of before a change, as thin marks; empty: none
/// @return the height of a class' row
double paintClassBars(QPainter&, const Scene&, const ClassBars&, const QRectF& area,
    std::span<const double> before = {});

} // namespace apical
