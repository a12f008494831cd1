// The shared horizontal axis of all strips: simulated time in s, or in ms when zoomed in far; of
// models without time their iterations.
#pragma once

#include "widgets/plot/scale.h"

#include <QFont>
#include <QString>

#include <vector>

class QPainter;
class QRectF;

namespace apical {

struct Theme;

/// A range of simulated time between two pixels. A plain value; times in ms.
class TimeAxis {
public:
    /// @param iterations a ms is one iteration, and is called so
    TimeAxis(double beginMs, double endMs, double left, double right, bool iterations = false);

    double beginMs() const { return m_begin; }
    double endMs() const { return m_end; }
    double left() const { return m_left; }
    double right() const { return m_right; }
    double spanMs() const { return m_end - m_begin; }
    double x(double timeMs) const;
    double timeMs(double x) const;
    bool contains(double timeMs) const { return timeMs >= m_begin && timeMs <= m_end; }

    bool inMilliseconds() const { return m_iterations || spanMs() < 200; }
    /// Ticks whose labels in `font`, centred on them, keep apart and inside [left - 20, right + 8].
    /// Values in ms.
    std::vector<Tick> ticks(const QFont& font) const;
    /// "3.120 s": a time with the digits that a pixel of this axis resolves.
    QString text(double timeMs) const;
    QString
    name() const; ///< "time t (s)", "time t (ms)", with t in italics (rich text), "iteration"

    /// Ticks and labels below `bottom`; the axis name stands right-aligned at nameRight, without
    /// "time" where it would begin left of nameLeft.
    /// @param flagMs a time whose flag covers the labels below it, or -1 @param flagColor its
    /// background
    void paint(QPainter&, const Theme&, double bottom, double nameLeft, double nameRight,
        double flagMs) const;

    bool operator==(const TimeAxis&) const = default;

private:
    double stepMs(const QFont& font) const;
    double m_begin, m_end, m_left, m_right;
    bool m_iterations = false;
};

/// Where a wheel notch, a drag or a key takes the range: pure arithmetic, kept inside the run.
struct TimeRange {
    double beginMs = 0, endMs = 0;
    bool operator==(const TimeRange&) const = default;
};
/// @param factor new span / old span, around aroundMs; the span stays within [shortestMs, 4 x
/// newest time + 1 s]
TimeRange zoomed(TimeRange, double factor, double aroundMs, double shortestMs, double nowMs);
/// Shifted by deltaMs; never before 0, nor so far that `nowMs` lies left of the range.
TimeRange panned(TimeRange, double deltaMs, double nowMs);

} // namespace apical
