#include "sim/watch/lane_cost.h"

#include <cmath>

namespace apical {

LaneCost::LaneCost(const Simulation& lane)
    : m_hasTime(lane.model().anatomy().timeUnit == "ms")
    , m_counts(lane.model(), SpikeCounts::Of::neurons)
{
    const auto& measures = lane.model().anatomy().measures;
    for (std::size_t i = 0; i < measures.size(); ++i)
        if (measures[i].trainingSpikes)
            m_measures.push_back(i);
}

void LaneCost::afterStep(const Simulation& lane)
{
    if (m_measures.empty())
        return;
    const std::span<const Readout> finished = lane.finishedReadouts();
    if (finished.empty() || finished.back().presentation.block != Block::Train)
        return;
    const std::vector<double> values = measuresOf(lane.model());
    for (const std::size_t i : m_measures)
        m_spikes += values[i] * static_cast<double>(finished.size());
}

Spent LaneCost::now(const Simulation& lane) const
{
    Spent spent;
    if (m_hasTime)
        spent.timeMs = lane.clock().timeMs;
    if (!m_measures.empty() || m_counts.any())
        spent.spikes = m_spikes;
    m_counts.look(lane.model());
    for (const SpikeCounts::Population& population : m_counts.populations())
        spent.spikes += SpikeCounts::total(population);
    spent.seconds = m_seconds;
    return spent;
}

void LaneCost::goBack(const Spent& then)
{
    m_spikes = m_measures.empty() || std::isnan(then.spikes) ? 0 : then.spikes;
    if (!std::isnan(m_seconds))
        m_seconds = std::isnan(then.seconds) ? 0 : then.seconds;
}

} // namespace apical
