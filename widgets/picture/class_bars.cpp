#include "widgets/picture/class_bars.h"

#include "sim/network/network_parameters.h"
#include "sim/spiking_net/conversion_trace.h"
#include "widgets/look/number_text.h"
#include "widgets/view/task_words.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kMargin = 0.05; // of the range, beyond its ends: targets there can be seen
constexpr double kOvershoot = 0.5; // of the range: more than the target says nothing more

} // namespace

QColor classColor(int i, int classes, bool dark)
{
    // Neighbours differ in lightness, too.
    const double light = (dark ? 0.6 : 0.42) + (i % 2 ? 0.1 : -0.04);
    return QColor::fromHslF(static_cast<float>(i) / static_cast<float>(std::max(1, classes)), 0.62F,
        static_cast<float>(light));
}

void ClassScale::include(std::span<const double> outputs)
{
    // To a round number, so that the axis stands still while the outputs move.
    const double room = shares ? HUGE_VAL : kOvershoot * (high - low);
    for (const double v : outputs) {
        if (std::isfinite(v) && v < low - room)
            low = v < 0 ? -niceStep(-v) : 0;
        if (std::isfinite(v) && v > high + room)
            high = v > 0 ? niceStep(v) : 0;
    }
}

std::vector<double> ClassScale::shown(std::span<const double> outputs) const
{
    if (shares && !outputs.empty())
        return softmax(outputs);
    return {outputs.begin(), outputs.end()};
}

QString ClassScale::name() const
{
    return shares ? u"softmax share (1)"_s : u"output (1)"_s;
}

QColor ClassScale::color(const Theme& t, double value) const
{
    return t.shareColor(std::clamp((value - low) / std::max(1e-9, high - low), 0.0, 1.0));
}

ClassScale classScale(const LaneFrame& lane)
{
    const auto* net = lane.parameters.familyIf<NetworkParameters>();
    ClassScale scale;
    if (net && net->entropy()) {
        scale.shares = true;
        return scale;
    }
    const double low = lane.parameters.targetLow, high = lane.parameters.targetHigh;
    const double half = std::max(0.5, (high - low) / 2);
    scale.low = (low + high) / 2 - half;
    scale.high = scale.low + 2 * half;
    scale.include(lane.quantity(lane.answer));
    for (const Readout& answer : lane.task.answers)
        scale.include(answer.mean);
    return scale;
}

double paintClassBars(QPainter& painter, const Scene& scene, const ClassBars& bars,
    const QRectF& area, std::span<const double> before)
{
    const Theme& t = *scene.theme;
    const std::vector<double> output = bars.scale.shown(bars.output),
                              earlier = bars.scale.shown(before);
    const std::size_t n = output.size();
    if (n == 0 || scene.frame.lanes.empty())
        return 0;
    constexpr double kName = 30, kNumber = 44, kMostHeight = 22, kLine = 11;
    const double height = std::min(kMostHeight, area.height() / static_cast<double>(n));
    const QRectF track(
        area.left() + kName, area.top(), std::max(20.0, area.width() - kName - kNumber), height);
    const auto xOf = [&](double v) {
        const double span = bars.scale.high - bars.scale.low;
        const double share =
            (v - bars.scale.low + kMargin * span) / std::max(1e-9, (1 + 2 * kMargin) * span);
        return track.left()
            + std::clamp(std::isfinite(share) ? share : 0.0, 0.0, 1.0) * track.width();
    };
    const auto winner =
        static_cast<std::size_t>(std::max_element(output.begin(), output.end()) - output.begin());
    const TaskFrame& task = scene.frame.lanes.front().task;
    painter.setFont(uiFont(height < 13 ? 10 : 11));
    const std::size_t asked = bars.target.empty()
        ? winner
        : static_cast<std::size_t>(
            std::max_element(bars.target.begin(), bars.target.end()) - bars.target.begin());
    const double gap = std::min(2.0, height / 5);
    for (std::size_t i = 0; i < n; ++i) {
        const double top = area.top() + static_cast<double>(i) * height;
        const QRectF row(track.left(), top + gap, track.width(), height - 2 * gap);
        const bool best = i == winner;
        // Rows lower than a line have words where it matters: the answer, and what was asked.
        const bool near =
            static_cast<double>(i > winner ? i - winner : winner - i) * height < kLine;
        const bool named = height >= kLine || best || (i == asked && !near);
        const auto write = [&](const QRectF& at, const QString& text) {
            painter.setPen(best ? t.ink : t.ink2);
            painter.drawText(at, Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip, text);
        };
        painter.setFont(uiFont(height < 13 ? 10 : 11, best ? QFont::Bold : QFont::Normal));
        if (named)
            write({area.left(), top, kName - 6, height}, shortClassName(task, static_cast<int>(i)));
        painter.fillRect(row, t.band);
        const double zero = xOf(0), at = xOf(output[i]);
        painter.fillRect(QRectF(QPointF(zero, row.top()), QPointF(at, row.bottom())).normalized(),
            best ? t.accent : t.soma);
        if (i < earlier.size())
            painter.fillRect(
                QRectF(xOf(earlier[i]) - 1, row.top() - 1, 2, row.height() + 2), t.amber);
        if (i < bars.target.size())
            painter.fillRect(
                QRectF(xOf(bars.target[i]) - 1, row.top() - 2, 2, row.height() + 4), t.target);
        if (named)
            write({track.right() + 4, top, kNumber - 4, height}, signedNumber(output[i], 2));
    }
    painter.fillRect(QRectF(xOf(0) - 0.5, area.top(), 1, static_cast<double>(n) * height), t.edge);
    return height;
}

} // namespace apical
