// The moments at which a model goes from predicting to erring, marked on the strips.
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
constexpr double kLineGap = 24; // px from latch to latch at least, so that curves stay readable
constexpr double kLeastGap = 4; // closer ones are not marked at all
constexpr double kTextGap = 60, kNotch = 5; // px
constexpr std::size_t kMostBins = 20000; // looked at for a picture

/// px between the two that are closest.
double gapPx(const std::vector<double>& times, const TimeAxis& axis)
{
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 1; i < times.size(); ++i)
        least = std::min(least, times[i] - times[i - 1]);
    return least * (axis.right() - axis.left()) / axis.spanMs();
}

/// The first lane that has phases; -1: none.
int phaseLane(const Scene& scene)
{
    for (std::size_t lane = 0; lane < scene.frame.lanes.size(); ++lane) {
        const auto& anatomy = scene.frame.lanes[lane].anatomy;
        if (anatomy && anatomy->quantity(kPhase) >= 0)
            return static_cast<int>(lane);
    }
    return -1;
}

/// ms; infinite where nobody says.
double shortestPhase(const Parameters& p)
{
    double least = std::numeric_limits<double>::infinity();
    for (const char* key : {"spc.t_a", "spc.t_b"})
        if (const ParameterRow* row = p.table().find(key))
            least = std::min(least, std::get<double>(parameterValue(p, *row)));
    return least;
}

} // namespace

std::vector<double> latchTimes(const Scene& scene, double beginMs, double endMs)
{
    std::vector<double> times;
    const int lane = phaseLane(scene);
    const int channel = lane >= 0 && scene.history ? scene.history->find(lane, kPhase) : -1;
    if (channel < 0)
        return times;
    // Longer bins may hold the end of one phase and of the next: of some latches nothing is known.
    const double longest =
        shortestPhase(scene.frame.lanes[static_cast<std::size_t>(lane)].parameters) / 2;
    const History& history = *scene.history;
    // One bin more before, so that a latch at the very beginning is seen.
    const std::size_t first = std::max<std::size_t>(history.lowerBound(beginMs), 1) - 1;
    bool predicted = false; // in all of the bin before
    for (std::size_t i = first; i < history.size(); ++i) {
        const Bin& bin = history.bin(i);
        if (bin.beginMs() > endMs)
            break;
        if (i - first > kMostBins || bin.durationMs > longest)
            return {};
        const float low = history.minimum(i, channel), high = history.maximum(i, channel);
        // Where a bin holds both, it is known up to the length of the bin.
        const double at = low > 0.5F ? bin.beginMs() : bin.timeMs - bin.durationMs / 2;
        if (predicted && high > 0.5F && at >= beginMs && at <= endMs)
            times.push_back(at);
        predicted = high < 0.5F;
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
