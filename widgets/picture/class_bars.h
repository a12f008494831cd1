// What the outputs say of one sample: a bar per class, with the target where there is one.
#pragma once

#include "widgets/look/theme.h"
#include "widgets/view/view.h"

#include <QRectF>
#include <QString>

#include <span>
#include <vector>

namespace apical {

/// The same in every view of a task.
QColor classColor(int index, int classes, bool dark);

/// As what the outputs of a lane are compared: shares of a softmax where it learned with one, since
/// what that is taken of has no bounds and no unit; else the outputs themselves, on an axis with
/// room for the targets and for whatever was answered of late.
struct ClassScale {
    double low = 0, high = 1;
    bool shares = false;
    void include(std::span<const double> outputs);
    std::vector<double> shown(std::span<const double> outputs) const;
    QString name() const; ///< "output (1)"
    QColor color(const Theme&, double value) const; ///< of what shown() gives: the more, the fuller
};
ClassScale classScale(const LaneFrame&);

struct ClassBars {
    std::span<const double> output;
    std::span<const double> target{}; ///< empty: none
    ClassScale scale{};
};

/// @param before output of before a change, as thin marks; empty: none
/// @return the height of a class' row
double paintClassBars(QPainter&, const Scene&, const ClassBars&, const QRectF& area,
    std::span<const double> before = {});

} // namespace apical
