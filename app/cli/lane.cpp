#include "app/cli/lane.h"

#include <iterator>
#include <utility>

namespace apical {
namespace {

constexpr double kMilestones[]{0.025, 0.05, 0.125, 0.25, 0.5};

} // namespace

LaneRun::LaneRun(Simulation simulation, const RunGoal& goal, std::optional<RecordingOptions> files)
    : m_simulation(std::move(simulation))
    , m_goal(goal)
    , m_warnings(m_simulation)
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
        if (!m_simulation.step()) {
            m_warnings.heed();
            m_stop = m_simulation.stop();
            if (m_stop->quantity.empty())
                m_stop->quantity = "state";
            return false;
        }
        m_warnings.afterStep();
        if (m_recording) {
            m_recording->afterStep();
        } else {
            m_score->observe(m_simulation);
            m_angles->afterStep();
        }
    }
    return true;
}

void LaneRun::finish()
{
    if (m_milestones.back().clock != m_simulation.clock())
        addMilestone();
    if (m_recording)
        m_recording->finish(test());
}

const Evaluation& LaneRun::test()
{
    if (!m_test)
        m_test = evaluate(m_simulation, Block::Test);
    return *m_test;
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
