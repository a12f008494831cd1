#include "sim/live/timeline.h"

#include "sim/base/error.h"
#include "sim/base/thread_clock.h"
#include "sim/experiment/durations.h"
#include "sim/experiment/lanes.h"
#include "sim/run/experiment_check.h"
#include "sim/run/model_table.h"

#include <algorithm>
#include <cassert>
#include <memory>
#include <utility>

namespace apical {

void tellLanes(const Experiment& base, std::vector<Simulation>& lanes, const Edit& edit)
{
    if (edit.key.starts_with("action."))
        return;
    for (int of = 0; of < static_cast<int>(lanes.size()); ++of) {
        if ((edit.lane >= 0 && edit.lane != of) || !findRow(base, of, edit.key))
            continue;
        Edit known = edit;
        known.lane = of;
        for (int to = 0; to < static_cast<int>(lanes.size()); ++to) {
            if (to != of)
                lanes[static_cast<std::size_t>(to)].apply(known);
        }
    }
}

Timeline::Timeline(Experiment experiment)
{
    build(std::move(experiment));
}

void Timeline::build(Experiment experiment)
{
    std::vector<Simulation> lanes;
    for (int lane = 0; lane < experiment.laneCount(); ++lane)
        lanes.emplace_back(experiment, lane);
    // Nothing below throws: a bad experiment leaves the old one as it was.
    {
        const std::lock_guard lock(m_mutex);
        m_base = std::move(experiment);
        m_log.clear();
    }
    m_lanes = std::move(lanes);
    m_atReset.clear();
    m_applied = m_ownRestored = 0;
    m_divergedLane = -1;
    m_stop = {};
    m_keyframes.clear();
    saveKeyframe();
}

Experiment Timeline::experiment() const
{
    const std::lock_guard lock(m_mutex);
    Experiment merged = m_base;
    merged.edits.clear();
    merged.edits.reserve(m_base.edits.size() + m_log.size());
    auto own = m_base.edits.begin();
    for (const Entry& entry : m_log) {
        const auto until = m_base.edits.begin() + static_cast<std::ptrdiff_t>(entry.ownBefore);
        if (own < until) {
            merged.edits.insert(merged.edits.end(), own, until);
            own = until;
        }
        merged.edits.push_back(entry.edit);
    }
    merged.edits.insert(merged.edits.end(), own, m_base.edits.end());
    return merged;
}

std::size_t Timeline::ownApplied() const
{
    // Edits are due in the step they name, so those of the step to come are not in effect yet,
    // unless they were when the state that was restored was saved.
    const auto due = std::lower_bound(m_base.edits.begin(), m_base.edits.end(), clock().step,
        [](const Edit& e, std::uint64_t step) { return e.step < step; });
    return std::max(m_ownRestored, static_cast<std::size_t>(due - m_base.edits.begin()));
}

void Timeline::applyToLanes(const Edit& edit)
{
    const auto meant = [&](std::size_t i) {
        return edit.lane < 0 || edit.lane == static_cast<int>(i);
    };
    std::vector<std::pair<std::size_t, State>> before;
    try {
        for (std::size_t i = 0; i < m_lanes.size(); ++i) {
            if (!meant(i))
                continue;
            if (m_lanes.size() > 1)
                before.emplace_back(i, m_lanes[i].state());
            m_lanes[i].apply(edit);
        }
        tellLanes(m_base, m_lanes, edit);
    } catch (...) {
        for (const auto& [lane, state] : before)
            m_lanes[lane].restore(state);
        for (std::size_t i = 0; i < m_applied; ++i)
            tellLanes(m_base, m_lanes, m_log[i].edit);
        throw;
    }
}

bool Timeline::edit(int lane, const std::string& key, const ParameterValue& value)
{
    const Edit edit{.step = clock().step, .key = key, .value = value, .lane = lane};
    if (lane < -1 || lane >= static_cast<int>(m_lanes.size()))
        throw InputError({.problem = "edit of lane " + std::to_string(lane),
            .key = key,
            .allowed = "lanes 0 to " + std::to_string(m_lanes.size() - 1) + ", or -1 for all"});
    const ParameterRow* row = findRow(m_base, lane, key);
    if (row && lane >= 0 && m_lanes.size() > 1 && !mayDiffer(*row))
        throw InputError({.problem = key + " cannot be set in one lane only",
            .key = key,
            .allowed = "all lanes at once, because they step together"});
    if (row && !row->live) {
        Experiment trial = m_base;
        setOver(trial, edit);
        trial.laneParameters(std::max(lane, 0));
        m_atReset.push_back(edit);
        return false;
    }
    for (std::size_t i = 0; i < m_lanes.size(); ++i) {
        if (lane < 0 || lane == static_cast<int>(i))
            checkDurationEdit(m_base, m_lanes[i].parameters(), key, value);
    }
    applyToLanes(edit);
    const std::lock_guard lock(m_mutex);
    m_log.resize(m_applied); // an interrupted rewind leaves entries that are no longer to come
    m_log.push_back({edit, ownApplied()});
    m_applied = m_log.size();
    return true;
}

void Timeline::applyDue()
{
    while (m_applied < m_log.size() && m_log[m_applied].edit.step <= clock().step)
        applyToLanes(m_log[m_applied++].edit);
}

Experiment Timeline::folded() const
{
    Experiment next = m_base;
    for (std::size_t i = 0; i < m_applied; ++i)
        setOver(next, m_log[i].edit);
    for (const Edit& edit : m_atReset)
        setOver(next, edit);
    return next;
}

void Timeline::reset(std::optional<std::uint64_t> seed)
{
    Experiment next = folded();
    next.seed = seed.value_or(next.seed);
    m_atReset.clear(); // also when they turn out not to fit, or no reset would ever succeed
    build(std::move(next));
}

void Timeline::rebuild(Experiment experiment, bool keepWeights)
{
    if (keepWeights) {
        validate(experiment);
        const std::unique_ptr<Model> drawn =
            modelNamed(experiment.model()).make(experiment, experiment.laneParameters(-1));
        setWeightsOf(*drawn, weightsOf(m_lanes.front().model()));
        experiment.weights = {.init = WeightSpec::Init::Explicit, .given = weightsOf(*drawn)};
    }
    build(std::move(experiment));
}

std::vector<State> Timeline::rawStates()
{
    std::vector<State> all;
    for (Simulation& lane : m_lanes)
        all.push_back(lane.state());
    return all;
}

std::vector<State> Timeline::states()
{
    std::vector<State> all = rawStates();
    for (State& state : all)
        state.editsApplied += m_applied;
    return all;
}

void Timeline::restoreLanes(const std::vector<State>& states)
{
    for (std::size_t i = 0; i < m_lanes.size(); ++i)
        m_lanes[i].restore(states[i]);
    for (std::size_t i = 0; i < m_applied; ++i)
        tellLanes(m_base, m_lanes, m_log[i].edit);
    m_ownRestored = states.front().editsApplied;
    m_divergedLane = -1;
    m_stop = {};
}

void Timeline::restore(std::vector<State> states)
{
    if (states.size() != m_lanes.size())
        throw InputError({.problem = std::to_string(states.size()) + " saved states",
            .key = "state",
            .allowed = "one for each of the " + std::to_string(m_lanes.size()) + " lanes"});
    // The first so many entries of the merged list of edits are in the state: how many of them are
    // this session's?
    std::size_t session = 0;
    while (
        session < m_log.size() && m_log[session].ownBefore + session < states.front().editsApplied)
        ++session;
    for (State& state : states)
        state.editsApplied -= std::min(session, state.editsApplied);
    const std::vector<State> before = rawStates();
    const std::size_t own = m_ownRestored, applied = std::exchange(m_applied, session);
    try {
        restoreLanes(states);
    } catch (...) {
        m_applied = applied;
        restoreLanes(before);
        m_ownRestored = own;
        throw;
    }
    m_keyframes.dropFrom(clock().step); // what stood there may have been another state
    finishRewind();
}

void Timeline::saveKeyframe()
{
    if (!m_keyframes.all().empty() && m_keyframes.all().back().step == clock().step)
        return;
    m_keyframes.add({.step = clock().step, .edits = m_applied, .lanes = rawStates()});
}

void Timeline::beginRewind(std::uint64_t step)
{
    // Edits made at that very step come after the state that was first there.
    const auto later = std::find_if(
        m_log.begin(), m_log.end(), [step](const Entry& e) { return e.edit.step >= step; });
    const Keyframe* from =
        m_keyframes.before(step, static_cast<std::size_t>(later - m_log.begin()));
    assert(from);
    m_applied = from->edits;
    restoreLanes(from->lanes);
}

void Timeline::finishRewind()
{
    {
        const std::lock_guard lock(m_mutex);
        m_log.resize(m_applied);
    }
    m_keyframes.dropAfter(clock().step, m_applied);
    saveKeyframe();
}

bool Timeline::step(std::span<double> seconds)
{
    if (m_applied < m_log.size())
        applyDue();
    double before = threadSeconds();
    for (std::size_t i = 0; i < m_lanes.size(); ++i) {
        if (!m_lanes[i].step())
            return fail(i);
        const double after = threadSeconds();
        seconds[i] += after - before;
        before = after;
    }
    return true;
}

bool Timeline::fail(std::size_t lane)
{
    const Stop why = m_lanes[lane].stop();
    if (lane == 0) {
        restoreLanes(rawStates()); // so that stepping may be tried again after an edit
    } else {
        // The lanes before it are one step ahead: compute all of them again, up to this step, edits
        // of it included.
        const std::uint64_t last = m_lanes[lane].clock().step;
        const std::size_t applied = m_applied;
        const Keyframe* from = m_keyframes.before(last, applied);
        assert(from);
        m_applied = from->edits;
        restoreLanes(from->lanes);
        while (clock().step < last && step()) { }
        while (m_applied < applied)
            applyToLanes(m_log[m_applied++].edit);
    }
    m_divergedLane = static_cast<int>(lane);
    m_stop = why;
    return false;
}

} // namespace apical
