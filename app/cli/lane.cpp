#include "app/cli/lane.h"

#include "sim/model/warns.h"

#include <iterator>
#include <utility>

namespace apical {
namespace {

constexpr double kMilestones[]{0.025, 0.05, 0.125, 0.25, 0.5};

} // namespace

LaneRun::LaneRun(Simulation simulation, const RunGoal& goal, std::optional<RecordingOptions> files)
    : m_simulation(std::move(simulation))
    , m_goal(goal)
{
    if (files) {
        m_recording.emplace(m_simulation, std::move(*files));
    } else {
        m_score.emplace(m_simulation);
        m_angles.emplace(m_simulation);
    }
    addMilestone();
}

bool LaneRun::advance(int steps)
{
    for (; steps > 0; --steps) {
        if (m_simulation.clock().pattern >= m_pauseAt)
            return false;
        const double progress = this->progress();
        if (m_nextMilestone < std::size(kMilestones) && progress >= kMilestones[m_nextMilestone]) {
            // A short run may pass several at once.
            while (m_nextMilestone < std::size(kMilestones)
                && progress >= kMilestones[m_nextMilestone])
                ++m_nextMilestone;
            if (progress < 1)
                addMilestone();
        }
        if (progress >= 1)
            return false;
        const std::uint64_t presentation = m_simulation.clock().pattern;
        if (!m_simulation.step()) {
            heed(presentation);
            m_stop = m_simulation.stop();
            if (m_stop->quantity.empty())
                m_stop->quantity = "state";
            return false;
        }
        if (m_simulation.clock().pattern != presentation)
            heed(presentation);
        if (m_recording) {
            m_recording->afterStep();
        } else {
            m_score->observe(m_simulation);
            m_angles->afterStep();
        }
    }
    return true;
}

/// Of a presentation that ended, or the run with it.
void LaneRun::heed(std::uint64_t presentation)
{
    if (m_warned)
        return;
    const auto* model = dynamic_cast<const Warns*>(&m_simulation.model());
    const std::string text = model ? model->warning() : std::string();
    if (text.empty())
        return;
    m_warned = true;
    m_warning = "presentation " + std::to_string(presentation + 1) + ", step "
        + std::to_string(m_simulation.clock().step) + ": " + text;
}

std::string LaneRun::takeWarning()
{
    return std::exchange(m_warning, {});
}

void LaneRun::finish()
{
    if (m_milestones.back().clock != m_simulation.clock())
        addMilestone();
    if (m_recording)
        m_recording->finish();
}

void LaneRun::salvage()
{
    if (m_recording)
        m_recording->salvage();
}

void LaneRun::addMilestone()
{
    m_milestones.push_back({m_simulation.clock(), measuresOf(m_simulation.model())});
}

} // namespace apical
