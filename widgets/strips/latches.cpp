// The moments at which a model goes from predicting to erring, marked on the strips.
#include "widgets/strips/blocks.h"
#include "widgets/strips/phases.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr const char* kPhase = "spc.phase"; // 0 predicts, 1 errs
constexpr const char* kPredicts = "spc.t_a"; // ms, how long it predicts
constexpr double kLineGap = 24; // px from latch to latch at least, so that curves stay readable
constexpr double kLeastGap = 4; // closer ones are not marked at all
constexpr double kTextGap = 60, kNotch = 5; // px

/// px between the two that are closest.
double gapPx(const std::vector<double>& times, const TimeAxis& axis)
{
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 1; i < times.size(); ++i)
        least = std::min(least, times[i] - times[i - 1]);
    return least * (axis.right() - axis.left()) / axis.spanMs();
}

/// The first lane that has phases; nullptr: none.
const LaneFrame* phaseLane(const Scene& scene)
{
    const auto found = std::ranges::find_if(scene.frame.lanes,
        [](const LaneFrame& lane) { return lane.anatomy && lane.anatomy->quantity(kPhase) >= 0; });
    return found == scene.frame.lanes.end() ? nullptr : &*found;
}

/// From the start of a presentation, ms.
double latchOf(const Parameters& p)
{
    const ParameterRow* row = p.table().find(kPredicts);
    return row ? std::max(1.0, std::round(std::get<double>(parameterValue(p, *row)) / p.dt)) * p.dt
               : 0;
}

} // namespace

std::vector<double> latchTimes(const Scene& scene, double beginMs, double endMs)
{
    std::vector<double> times;
    const LaneFrame* lane = phaseLane(scene);
    if (!lane)
        return times;
    const double latch = latchOf(lane->parameters);
    const double from = std::max(beginMs, protocolKnownFrom(scene));
    for (const PresentationSpan& p : presentations(scene, *lane, beginMs, endMs)) {
        const double at = p.beginMs + latch; // no test goes on to the second phase
        if (p.block == Block::Train && at >= from && at <= endMs)
            times.push_back(at);
    }
    return times;
}

std::vector<double> markedLatches(const Scene& scene, const TimeAxis& axis)
{
    std::vector<double> times =
        latchTimes(scene, axis.beginMs(), std::min(axis.endMs(), scene.nowMs));
    return gapPx(times, axis) < kLeastGap ? std::vector<double>() : times;
}

void paintLatches(QPainter& painter, const Theme& t, const TimeAxis& axis,
    const std::vector<double>& times, const QRectF& plot, bool withText)
{
    const double gap = gapPx(times, axis);
    QPen pen(t.ink2, 1, Qt::CustomDashLine, Qt::FlatCap);
    pen.setDashPattern({4, 3});
    for (const double time : times) {
        const double x = std::floor(axis.x(time)) + 0.5;
        painter.setPen(pen);
        painter.drawLine(QPointF(x, gap < kLineGap ? plot.bottom() - kNotch : plot.top()),
            QPointF(x, plot.bottom()));
        if (!withText || (gap < kTextGap && time != times.front()))
            continue;
        painter.setFont(uiFont(10));
        const QString word = gap < kTextGap ? u"latches"_s : u"latch"_s;
        const QRectF text(x + 3, plot.bottom() - 14, 60, 13);
        QColor paper = t.panel; // curves pass behind it
        paper.setAlphaF(0.8F);
        painter.fillRect(QRectF(text.left() - 1, text.top() + 1,
                             QFontMetricsF(painter.font()).horizontalAdvance(word) + 2, 12),
            paper);
        painter.setPen(t.ink2);
        painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter, word);
    }
}

} // namespace apical
