// What the window looks at: selection, instant, time range.
#include "app/session/session.h"

#include "sim/circuit/circuit_parameters.h"
#include "sim/live/runner.h"
#include "widgets/weights/ranges.h"

#include <algorithm>
#include <cmath>

namespace apical {

void Session::selectFirst()
{
    const std::vector<int>& sizes = m_experiment.layers;
    if (sizes.size() < 3 || !circuitIf(m_experiment.parameters))
        return;
    m_scene.selection = {Selection::Population::Pyramidal, 1, std::min(2, sizes[1] - 1)};
}

bool Session::exists(const Selection& s) const
{
    const std::vector<int>& sizes = m_experiment.layers;
    const int layers = static_cast<int>(sizes.size());
    const auto in = [&s](int size) { return s.index >= 0 && s.index < size; };
    switch (s.population) {
    case Selection::Population::None:
        return true;
    case Selection::Population::Input:
        return in(sizes.front());
    case Selection::Population::Pyramidal:
        return s.layer >= 1 && s.layer < layers && in(sizes[static_cast<std::size_t>(s.layer)]);
    case Selection::Population::Interneuron:
        return s.layer >= 1 && s.layer + 1 < layers
            && in(sizes[static_cast<std::size_t>(s.layer) + 1]);
    }
    return false;
}

void Session::select(const Selection& selection)
{
    if (m_scene.selection == selection)
        return;
    m_scene.selection = selection;
    m_fresh = true;
    Q_EMIT selectionChanged();
}

void Session::choosePair(const ClassPair& pair)
{
    m_scene.pair = pair;
    m_fresh = true;
}

void Session::refitRanges()
{
    if (m_scene.frame.lanes.empty())
        return;
    const std::uint64_t before = m_scene.weightRanges.choice;
    m_scene.weightRanges = fittedRanges(m_scene.frame);
    m_scene.weightRanges.choice = before + 1;
    m_fresh = true;
}

void Session::wish(const FrameWish& next)
{
    if (!m_runner || next == m_wish)
        return;
    m_fresh = m_fresh || (next.weights && !m_wish.weights); // the newest frame may have them
    m_wish = next;
    m_runner->setWish(next);
}

void Session::scrubTo(double timeMs)
{
    const Frame* frame = m_past.nearest(timeMs);
    if (!frame || frame->step() >= m_newest.step() || timeMs >= m_newest.timeMs()) {
        backToLive();
        return;
    }
    m_scene.frame = *frame;
    m_scene.shownMs = frame->timeMs();
    m_scene.live = false;
    if (!m_followLive
        && (m_scene.shownMs < m_scene.viewBeginMs || m_scene.shownMs > m_scene.viewEndMs)) {
        const double span = m_scene.viewEndMs - m_scene.viewBeginMs;
        m_scene.viewBeginMs = std::max(0.0, m_scene.shownMs - span / 2);
        m_scene.viewEndMs = m_scene.viewBeginMs + span;
    }
    m_fresh = true;
    Q_EMIT stateChanged();
}

void Session::scrubBy(int instants)
{
    const std::vector<Frame>& frames = m_past.frames();
    if (frames.empty())
        return;
    const auto at = std::lower_bound(frames.begin(), frames.end(), m_scene.frame.step(),
        [](const Frame& f, std::uint64_t step) { return f.step() < step; });
    const std::ptrdiff_t last = std::ssize(frames) - 1;
    const std::ptrdiff_t now = std::min(at - frames.begin(), last);
    const std::ptrdiff_t to = std::clamp<std::ptrdiff_t>(now + instants, 0, last);
    if (m_scene.live && instants >= 0)
        return;
    scrubTo(frames[static_cast<std::size_t>(to)].timeMs());
}

void Session::backToLive()
{
    if (m_scene.live)
        return;
    m_scene.live = true;
    m_fresh = true;
    Q_EMIT stateChanged();
}

void Session::setTimeRange(double beginMs, double endMs, bool followLive)
{
    if (!std::isfinite(beginMs) || !std::isfinite(endMs) || endMs - beginMs < 1e-3)
        return;
    if (followLive && beginMs == 0 && endMs == m_scene.nowMs) {
        fitTimeRange();
        return;
    }
    m_fitAll = false;
    m_followLive = followLive;
    m_userSpanMs = endMs - beginMs;
    m_scene.viewBeginMs = beginMs;
    m_scene.viewEndMs = endMs;
    m_moved = true;
}

void Session::fitTimeRange()
{
    m_followLive = true;
    m_fitAll = true;
    m_userSpanMs = 0;
    m_moved = true;
}

void Session::setCrosshair(double timeMs)
{
    m_scene.crosshairMs = timeMs;
    m_moved = true;
}

void Session::setCrosshairOn(bool on)
{
    m_scene.crosshairOn = on;
    m_fresh = true;
}

void Session::setGridOn(bool on)
{
    m_scene.gridOn = on;
    m_fresh = true;
}

void Session::setTheme(const Theme& theme)
{
    m_scene.theme = &theme;
    m_fresh = true;
}

std::size_t Session::rememberedBytes() const
{
    return m_history.bytes() + m_spikes.bytes() + m_past.bytes();
}

std::size_t Session::rememberedLimit() const
{
    // The history allocates all it will ever need at once; past frames are bounded by number and by
    // size.
    return m_history.bytes() + m_spikes.bytesLimit()
        + std::min(std::size_t{64} << 20, 512 * frameBytes(m_newest));
}

} // namespace apical
