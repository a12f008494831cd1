#include "widgets/strips/blocks.h"

#include "sim/run/simulation.h"
#include "widgets/view/lane_words.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr std::size_t kMostPatterns = 4000; // of which marks are worth computing
constexpr double kWidestDense = 8; // px: narrower blocks would be mere stripes

/// What the length of a presentation, or which comes, depends on.
constexpr const char* kOfLength[]{
    "protocol.", "state.reset", "inference.steps", "inference.schedule", "zil.late", "spc.t_"};

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
                || std::ranges::any_of(
                    kOfLength, [&e](const char* key) { return e.text.starts_with(key); })))
            known = std::max(known, e.timeMs);
    return known;
}

double presentationMs(const Scene& scene, const LaneFrame& lane, bool taught)
{
    const Parameters& p = lane.parameters;
    if (const int steps = presentationSteps(scene.frame, taught); steps > 0)
        return steps * p.dt; // models that count them
    return p.presentationTime + (p.stateReset == reset_kind::soft ? kSoftResetMs : 0);
}

std::vector<PresentationSpan> presentations(
    const Scene& scene, const LaneFrame& lane, double beginMs, double endMs)
{
    const Schedule& schedule = lane.task.schedule;
    const double ms[]{
        presentationMs(scene, lane, false), presentationMs(scene, lane, true)}; // tested, taught
    std::vector<PresentationSpan> spans;
    if (!(ms[0] > 0 && ms[1] > 0) || (endMs - beginMs) / std::max(ms[0], ms[1]) > kMostPatterns)
        return spans;
    const auto next = [&](std::uint64_t number, double start) {
        const Presentation p = schedule.at(number);
        return PresentationSpan{
            number, p.block, p.epoch, start, start + ms[p.block == Block::Train ? 1 : 0]};
    };
    const double now = patternStart(lane), from = std::max(beginMs, protocolKnownFrom(scene));
    double start = now;
    for (std::uint64_t n = lane.clock.pattern; n > 0 && start > from;) {
        const PresentationSpan before = next(--n, 0);
        start -= before.endMs;
        spans.push_back({before.number, before.block, before.epoch, start, start + before.endMs});
        if (spans.size() > kMostPatterns)
            return {};
    }
    std::ranges::reverse(spans);
    start = now;
    for (std::uint64_t n = lane.clock.pattern; start < endMs; ++n) {
        spans.push_back(next(n, start));
        start = spans.back().endMs;
        if (spans.size() > kMostPatterns)
            return {};
    }
    std::erase_if(spans, [&](const PresentationSpan& span) { return span.endMs <= from; });
    return spans;
}

std::vector<double> patternChanges(const Scene& scene, double beginMs, double endMs)
{
    std::vector<double> times;
    if (scene.frame.lanes.empty())
        return times;
    const double from = std::max(beginMs, protocolKnownFrom(scene));
    for (const PresentationSpan& span :
        presentations(scene, scene.frame.lanes.front(), beginMs, endMs))
        if (span.beginMs >= from)
            times.push_back(span.beginMs);
    return times;
}

std::vector<BlockSpan> blockSpans(const Scene& scene, double beginMs, double endMs)
{
    std::vector<BlockSpan> spans;
    if (scene.frame.lanes.empty())
        return spans;
    const LaneFrame& lane = scene.frame.lanes.front();
    if (!lane.task.hasTask || !lane.task.schedule.hasEpochs())
        return spans;
    const double from = std::max({beginMs, protocolKnownFrom(scene), 0.0});
    for (const PresentationSpan& p : presentations(scene, lane, beginMs, endMs)) {
        if (p.block == Block::Train)
            continue;
        const double end = std::min(p.endMs, endMs);
        if (!spans.empty() && spans.back().block == p.block && spans.back().epoch == p.epoch)
            spans.back().endMs = end;
        else
            spans.push_back({p.block, p.epoch, std::max(p.beginMs, from), end});
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
