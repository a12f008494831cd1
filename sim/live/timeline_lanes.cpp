// A lane more or less in the middle of a run.
#include "sim/experiment/lanes.h"
#include "sim/live/timeline.h"

#include <algorithm>

namespace apical {

void Timeline::relane(Experiment base, const std::vector<State>& now, Keyframes keyframes,
    std::vector<Entry> log, std::size_t applied)
{
    std::vector<Simulation> lanes;
    for (std::size_t i = 0; i < now.size(); ++i) {
        lanes.emplace_back(base, static_cast<int>(i));
        lanes.back().restore(now[i]);
    }
    // Nothing below throws.
    {
        const std::lock_guard lock(m_mutex);
        m_base = std::move(base);
        m_log = std::move(log);
    }
    m_lanes = std::move(lanes);
    m_applied = applied;
    for (std::size_t i = 0; i < m_applied; ++i)
        tellLanes(m_base, m_lanes, m_log[i].edit);
    m_keyframes = std::move(keyframes);
    m_divergedLane = -1;
    m_stop = {};
}

void Timeline::addTwin()
{
    Experiment base = withTwin(m_base);
    std::vector<State> now = rawStates();
    now.push_back(now.front());
    std::vector<Entry> log = m_log;
    for (Entry& entry : log)
        entry.edit.lane = -1; // whatever was done to the only lane was done to both
    relane(std::move(base), now, m_keyframes.changed([](Keyframe& keyframe) {
        keyframe.lanes.push_back(keyframe.lanes.front());
    }),
        std::move(log), m_applied);
    for (Edit& edit : m_atReset)
        edit.lane = -1;
}

void Timeline::removeLane(int lane)
{
    Experiment base = withoutLane(m_base, lane);
    // Positions in the lists of edits, once the lane's own are gone.
    const auto keptAmong = [lane](const auto& list, std::size_t first, const auto& laneOf) {
        const auto end = list.begin() + static_cast<std::ptrdiff_t>(std::min(first, list.size()));
        return static_cast<std::size_t>(
            std::count_if(list.begin(), end, [&](const auto& e) { return laneOf(e) != lane; }));
    };
    const auto ownKept = [&](std::size_t first) {
        return keptAmong(m_base.edits, first, [](const Edit& e) { return e.lane; });
    };
    const auto logKept = [&](std::size_t first) {
        return keptAmong(m_log, first, [](const Entry& e) { return e.edit.lane; });
    };
    const bool alone = base.laneCount() == 1;
    const auto renumber = [&](Edit& edit) {
        edit.lane = alone ? -1 : edit.lane - (edit.lane > lane ? 1 : 0);
    };
    const auto reduce = [&](std::vector<State>& states) {
        states.erase(states.begin() + lane);
        for (State& state : states)
            state.editsApplied = ownKept(state.editsApplied);
    };
    std::vector<State> now = rawStates();
    reduce(now);
    Keyframes keyframes = m_keyframes.changed([&](Keyframe& keyframe) {
        keyframe.edits = logKept(keyframe.edits);
        reduce(keyframe.lanes);
    });
    std::vector<Entry> log;
    for (const Entry& entry : m_log) {
        if (entry.edit.lane == lane)
            continue;
        log.push_back({entry.edit, ownKept(entry.ownBefore)});
        renumber(log.back().edit);
    }
    const std::size_t applied = logKept(m_applied), own = ownKept(m_ownRestored);
    relane(std::move(base), now, std::move(keyframes), std::move(log), applied);
    m_ownRestored = own;
    std::erase_if(m_atReset, [lane](const Edit& edit) { return edit.lane == lane; });
    std::for_each(m_atReset.begin(), m_atReset.end(), renumber);
}

} // namespace apical
