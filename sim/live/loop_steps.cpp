// Stepping: what every step is followed by, and how long each lane took for it.
#include "sim/live/loop.h"

namespace apical {
namespace {

/// A look at the clock costs about a microsecond, little for a step that is longer than this.
constexpr double kLongStep = 200e-6; ///< s
/// Of shorter ones every so-many-th is timed and stands for those before it. A prime, so that all
/// steps of a presentation have their turn.
constexpr std::uint32_t kClockedEvery = 61;

} // namespace

/// One step of every lane. Looking at a clock is all that is more than Timeline::step().
bool RunnerLoop::stepLanes()
{
    if (m_mode == Mode::Rewinding || ++m_unclocked < m_clockedEvery)
        return m_timeline.step();
    m_laneSeconds.assign(m_watches.size(), 0.0);
    const bool good = m_timeline.step(m_laneSeconds);
    for (std::size_t i = 0; i < m_watches.size(); ++i)
        m_watches[i].cost.add(m_laneSeconds[i] * m_unclocked);
    m_unclocked = 0;
    return good;
}

bool RunnerLoop::advance(std::uint64_t steps)
{
    // What stood before the last step is kept, so that a frame can follow any batch.
    const auto last = [this] {
        for (LaneReader& reader : m_readers)
            reader.readBefore();
        return stepLanes();
    };
    if (m_mode == Mode::Rewinding) {
        for (; steps > 1; --steps) {
            if (!m_timeline.step())
                return false;
        }
        return last();
    }
    m_clockedEvery = m_stepSeconds > kLongStep ? 1 : kClockedEvery;
    const auto afterStep = [this, &recorder = *m_recorder] {
        for (LaneWatch& watch : m_watches)
            watch.afterStep();
        recorder.afterStep();
    };
    for (; steps > 1; --steps) {
        if (!stepLanes())
            return false;
        afterStep();
    }
    if (!last())
        return false;
    afterStep();
    return true;
}

} // namespace apical
