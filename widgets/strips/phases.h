// What happened when: phases of a run, marks of events and pattern changes, drawn behind and above
// the strips.
#pragma once

#include "widgets/plot/time_axis.h"
#include "widgets/view/view.h"

#include <QRectF>
#include <QString>

#include <vector>

class QPainter;

namespace apical {

struct Phase {
    enum class Kind { WarmUp, TargetOff, TargetOn };
    Kind kind = Kind::TargetOff;
    double beginMs = 0, endMs = 0;
    QString text;
};

/// From the start of the run to now, without gaps.
std::vector<Phase> runPhases(const Scene&);
/// "η<sub>pi</sub> edit" for an edit of a parameter; "reset", "rewind", ... for the rest. Rich
/// text.
QString eventLabel(const Event&, const ParameterTable&);

/// The 12 px lane above the first strip: phases and the labels of edits.
void paintPhaseLane(QPainter&, const Scene&, const TimeAxis&, const QRectF& lane);
/// Behind the curves of one strip: warm-up band, future, pattern changes, target switches.
void paintEventsBehind(QPainter&, const Scene&, const TimeAxis&, const QRectF& plot);
/// Over the curves: edits (amber, dashed), resets, rewinds, jumps and the step of a divergence.
void paintEventsOver(QPainter&, const Scene&, const TimeAxis&, const QRectF& plot, bool withText);
/// When a lane goes from predicting to erring within a stretch of time, from the clock and the
/// protocol of the shown frame; ascending. Empty where no lane has phases.
std::vector<double> latchTimes(const Scene&, double beginMs, double endMs);
/// Those in sight; none where they are too close to each other to be marked.
std::vector<double> markedLatches(const Scene&, const TimeAxis&);
/// Thin dashed lines at these times. @param withText names them
void paintLatches(QPainter&, const Theme&, const TimeAxis&, const std::vector<double>& times,
    const QRectF& plot, bool withText);
/// The event within 4 px of x, as plain text for a tool tip; "" if there is none.
QString eventAt(const Scene&, const TimeAxis&, double x);

} // namespace apical
