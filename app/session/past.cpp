#include "app/session/past.h"

#include "sim/base/words.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace apical {
namespace {

constexpr std::size_t kFew = 64; // frames, each of a megabyte or more
constexpr double kCrowded = 4; // frames of a moment, for each of an average one

template <typename T> std::size_t bytesOf(const std::vector<T>& v)
{
    return v.size() * sizeof(T);
}

/// Which frame is missed least once one of time `now` has come to the end: the one whose
/// neighbours are nearest for its age. Never the first.
std::size_t leastMissed(const std::vector<Frame>& frames, double now)
{
    const double span = std::max(now - frames.front().timeMs(), 1e-9);
    std::size_t worst = 1;
    double least = HUGE_VAL;
    for (std::size_t i = 1; i < frames.size(); ++i) {
        const double next = i + 1 < frames.size() ? frames[i + 1].timeMs() : now;
        const double gap = next - frames[i - 1].timeMs();
        const double score = gap / (now - frames[i].timeMs() + 0.02 * span);
        if (score < least) {
            least = score;
            worst = i;
        }
    }
    return worst;
}

} // namespace

std::size_t frameBytes(const Frame& frame)
{
    std::size_t sum = sizeof(Frame) + bytesOf(frame.sizes);
    for (const LaneFrame& lane : frame.lanes) {
        sum += sizeof(LaneFrame) + bytesOf(lane.values) + bytesOf(lane.before)
            + bytesOf(lane.measures) + bytesOf(lane.lags.layers) + bytesOf(lane.angles);
        for (const Matrix& m : lane.weights)
            sum += sizeof m + bytesOf(m.values);
        for (const Readout& r : lane.task.answers)
            sum += sizeof r + 2 * bytesOf(r.mean);
        for (const auto& block : lane.task.blocks) {
            if (!block)
                continue;
            for (const Readout& r : block->answers)
                sum += sizeof r + 2 * bytesOf(r.mean);
            for (const auto& input : block->inputs)
                sum += sizeof(std::vector<double>) + bytesOf(input);
        }
    }
    return sum;
}

PastFrames::PastFrames(std::size_t maximumFrames, std::size_t maximumBytes)
    : m_maximumFrames(std::max<std::size_t>(maximumFrames, 3))
    , m_maximumBytes(maximumBytes)
{
    m_frames.reserve(m_maximumFrames + 1);
}

void PastFrames::append(const Frame& frame)
{
    if (frame.lanes.empty() || (!m_frames.empty() && frame.step() <= m_frames.back().step()))
        return;
    const std::size_t each = frameBytes(frame);
    const std::size_t fit = std::clamp<std::size_t>(m_maximumBytes / each, 3, m_maximumFrames);
    if (m_frames.size() >= fit) {
        // Few large frames: one that comes soon after the last would be the next to go.
        const double span = frame.timeMs() - m_frames.front().timeMs();
        const double gap = frame.timeMs() - m_frames.back().timeMs();
        if (fit < kFew && frame.state == RunState::Running
            && gap * kCrowded * static_cast<double>(fit) < span)
            return;
        while (m_frames.size() > fit)
            thin();
        // What goes lends its memory to what comes: weights are large.
        const auto gone =
            m_frames.begin() + static_cast<std::ptrdiff_t>(leastMissed(m_frames, frame.timeMs()));
        std::rotate(gone, gone + 1, m_frames.end());
        m_frames.back() = frame;
    } else {
        m_frames.push_back(frame);
    }
    m_frameBytes = each;
    // What happened per epoch is kept once, in the newest frame.
    for (LaneFrame& lane : m_frames.back().lanes)
        lane.task.epochs.reset();
}

void PastFrames::thin()
{
    const double now = m_frames.back().timeMs();
    Frame last = std::move(m_frames.back());
    m_frames.pop_back();
    const std::size_t gone = leastMissed(m_frames, now);
    m_frames.erase(m_frames.begin() + static_cast<std::ptrdiff_t>(gone));
    m_frames.push_back(std::move(last));
}

void PastFrames::setLanes(std::size_t lanes, std::uint64_t generation)
{
    for (Frame& frame : m_frames) {
        frame.generation = generation;
        while (frame.lanes.size() < lanes) {
            LaneFrame copy = frame.lanes.front(); // not of the vector that grows
            copy.name.clear();
            frame.lanes.push_back(std::move(copy));
        }
        frame.lanes.resize(lanes);
        m_frameBytes = frameBytes(frame);
    }
    while (m_frames.size() > 3 && bytes() > m_maximumBytes)
        thin();
}

void PastFrames::truncate(std::uint64_t step)
{
    while (!m_frames.empty() && m_frames.back().step() > step)
        m_frames.pop_back();
}

void PastFrames::clear()
{
    m_frames.clear();
}

const Frame* PastFrames::nearest(double timeMs) const
{
    if (m_frames.empty())
        return nullptr;
    const auto after = std::lower_bound(m_frames.begin(), m_frames.end(), timeMs,
        [](const Frame& f, double t) { return f.timeMs() < t; });
    if (after == m_frames.begin())
        return &m_frames.front();
    if (after == m_frames.end())
        return &m_frames.back();
    const auto before = after - 1;
    return timeMs - before->timeMs() < after->timeMs() - timeMs ? &*before : &*after;
}

} // namespace apical
