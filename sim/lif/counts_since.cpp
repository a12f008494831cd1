#include "sim/lif/counts_since.h"

#include <algorithm>
#include <utility>

namespace apical {
namespace {

constexpr std::size_t kMostMarks = 200; // of inputs that change often the oldest are forgotten

} // namespace

void CountsSince::clear()
{
    m_marks.clear();
    m_counts.clear();
    m_beginMs = m_ms = 0;
}

void CountsSince::see(bool live, double timeMs, double changedMs, double dt,
    const LifParameters& parameters, std::span<const double> drive, std::span<const double> spikes)
{
    m_counts.clear();
    m_beginMs = m_ms = 0;
    if (!(timeMs > 0)) // no step is done: there is no input yet
        return;
    Cause cause{dt, parameters, {drive.begin(), drive.end()}};
    cause.parameters.smoothing = cause.parameters.amplitude = 0;
    const auto after = std::ranges::upper_bound(m_marks, timeMs, {}, &Mark::timeMs);
    const auto known = static_cast<std::size_t>(after - m_marks.begin());
    if (live) // what was later has been taken back
        m_marks.erase(after, m_marks.end());
    const bool fits = known > 0 && m_marks[known - 1].cause == cause
        && std::ranges::equal(m_marks[known - 1].spikes, spikes, std::less_equal<>());
    if (!fits && (live || m_marks.empty())) {
        const bool fromStart = m_marks.empty() && !(changedMs > 0);
        Mark mark{fromStart ? 0 : timeMs, std::move(cause), {spikes.begin(), spikes.end()}};
        if (fromStart)
            std::ranges::fill(mark.spikes, 0.0);
        if (m_marks.size() >= kMostMarks)
            m_marks.erase(m_marks.begin());
        m_marks.push_back(std::move(mark));
    } else if (!fits) {
        return;
    }
    const Mark& from = fits ? m_marks[known - 1] : m_marks.back();
    m_beginMs = from.timeMs;
    m_ms = timeMs - from.timeMs;
    for (std::size_t i = 0; i < spikes.size(); ++i)
        m_counts.push_back(spikes[i] - from.spikes[i]);
}

} // namespace apical
