// The moments at which a model goes from predicting to erring, marked on the strips.
#pragma once

#include "widgets/plot/time_axis.h"
#include "widgets/view/view.h"

#include <QRectF>

#include <vector>

class QPainter;

namespace apical {

/// When "spc.phase" of a lane went from 0 to 1 within a stretch of time, as its history says;
/// ascending. Empty where no lane has phases, or the bins of the history are as long as they are.
std::vector<double> latchTimes(const Scene&, double beginMs, double endMs);

/// Thin dashed lines, while latches are far enough apart. @param withText names the first
void paintLatches(QPainter&, const Scene&, const TimeAxis&, const QRectF& plot, bool withText);

} // namespace apical
