#include "app/window/image_rate.h"

namespace apical {
namespace {

constexpr double kSeconds = 0.5; ///< counted together, so that blocks do not flicker

} // namespace

std::optional<double> ImageRate::see(const Frame& frame)
{
    if (frame.lanes.empty())
        return {};
    const LaneFrame& lane = frame.lanes.front();
    const Clock& clock = lane.clock;
    if (!m_begun || frame.run != m_run || frame.generation != m_generation || clock.step < m_step) {
        *this = {};
        m_begun = true;
        m_run = frame.run;
        m_generation = frame.generation;
        m_step = clock.step;
        m_presentation = clock.pattern;
        return {};
    }
    const auto steps = static_cast<double>(clock.step - m_step);
    const auto presentations = static_cast<double>(clock.pattern - m_presentation);
    if (presentations > 0 && (m_perStep == 0 || steps >= kSeconds * frame.stepsPerSecond)) {
        m_perStep = presentations * (lane.anatomy ? lane.anatomy->samples : 1) / steps;
        m_step = clock.step;
        m_presentation = clock.pattern;
    }
    if (m_perStep == 0)
        return {};
    return m_perStep * frame.stepsPerSecond;
}

} // namespace apical
