#include "widgets/strips/blocks.h"

#include "sim/run/simulation.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr double kMostPatterns = 2000; // of which marks are worth computing
constexpr double kWidestDense = 8; // px: narrower blocks would be mere stripes

double patternPeriod(const Parameters& p)
{
    return p.presentationTime + (p.stateReset == reset_kind::soft ? kSoftResetMs : 0);
}

/// When the pattern shown now began.
double patternStart(const LaneFrame& lane)
{
    return lane.clock.timeMs - lane.clock.stepInPattern * lane.parameters.dt;
}

} // namespace

double protocolKnownFrom(const Scene& scene)
{
    double known = 0;
    for (const Event& e : scene.events)
        if (e.kind == Event::Kind::Edit
            && (e.text.find("presentation_time") != std::string::npos
                || e.text.starts_with("protocol.") || e.text.starts_with("state.reset")))
            known = std::max(known, e.timeMs);
    return known;
}

std::vector<double> patternChanges(const Scene& scene, double beginMs, double endMs)
{
    std::vector<double> times;
    if (scene.frame.lanes.empty())
        return times;
    const LaneFrame& lane = scene.frame.lanes.front();
    const double period = patternPeriod(lane.parameters);
    const double last = patternStart(lane);
    if (!(period > 0) || (endMs - beginMs) / period > kMostPatterns)
        return times;
    const double from = std::max(beginMs, protocolKnownFrom(scene));
    for (double k = std::ceil((from - last) / period); last + k * period <= endMs; ++k)
        times.push_back(last + k * period);
    return times;
}

std::vector<BlockSpan> blockSpans(const Scene& scene, double beginMs, double endMs)
{
    std::vector<BlockSpan> spans;
    if (scene.frame.lanes.empty())
        return spans;
    const LaneFrame& lane = scene.frame.lanes.front();
    const Schedule& schedule = lane.task.schedule;
    const double period = patternPeriod(lane.parameters);
    if (!lane.task.hasTask || !schedule.hasEpochs() || !(period > 0)
        || (endMs - beginMs) / period > kMostPatterns)
        return spans;
    const double start = patternStart(lane);
    const double from = std::max({beginMs, protocolKnownFrom(scene), 0.0});
    const auto shown = static_cast<double>(lane.task.shown.number);
    const auto at = [&](double number) { return start + (number - shown) * period; };
    for (double n = std::max(0.0, shown + std::floor((from - start) / period)); at(n) < endMs;
         ++n) {
        const Presentation p = schedule.at(static_cast<std::uint64_t>(n));
        if (p.block == Block::Train)
            continue;
        if (!spans.empty() && spans.back().block == p.block && spans.back().epoch == p.epoch)
            spans.back().endMs = std::min(at(n + 1), endMs);
        else
            spans.push_back({p.block, p.epoch, std::max(at(n), from), std::min(at(n + 1), endMs)});
    }
    return spans;
}

std::vector<BlockSpan> visibleBlocks(const Scene& scene, const TimeAxis& axis)
{
    auto spans = blockSpans(scene, axis.beginMs(), std::min(axis.endMs(), scene.nowMs));
    const double pixel = axis.spanMs() / (axis.right() - axis.left());
    const bool dense = std::ranges::any_of(spans, [&](const BlockSpan& b) {
        const bool cut = b.beginMs <= axis.beginMs() || b.endMs >= scene.nowMs;
        return !cut && b.endMs - b.beginMs < kWidestDense * pixel;
    });
    if (dense)
        spans.clear();
    return spans;
}

} // namespace apical
