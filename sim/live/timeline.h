// What a session computes, without threads and clocks: lanes in lockstep, the edit log, keyframes.
#pragma once

#include "sim/run/keyframes.h"
#include "sim/run/simulation.h"

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace apical {

/// Simulation thread; experiment() any thread. Deterministic: the same calls between the same steps
/// give the same bits, and experiment() replays them headlessly.
/// Lanes end each presentation together: each knows what an edit does to the others, too.
void tellLanes(const Experiment& base, std::vector<Simulation>& lanes, const Edit&);

class Timeline {
public:
    explicit Timeline(Experiment); ///< @throws InputError

    std::span<Simulation> lanes() { return m_lanes; }
    const Experiment& base() const { return m_base; } ///< without this session's edits
    const Clock& clock() const { return m_lanes.front().clock(); }
    /// Any thread: the base with the edit log so far, as one list.
    Experiment experiment() const;

    /// One step of every lane, due log entries first. @return false once a lane is not finite; then
    /// all lanes stand before that step (re-computed from a keyframe where that is needed).
    bool step()
    {
        if (m_applied < m_log.size())
            applyDue();
        for (std::size_t i = 0; i < m_lanes.size(); ++i) {
            if (!m_lanes[i].step())
                return fail(i);
        }
        return true;
    }
    /// The same, and the computing time that each lane took for it is added to `seconds`.
    bool step(std::span<double> seconds);
    int divergedLane() const { return m_divergedLane; } ///< -1: none
    const Stop& stop() const { return m_stop; } ///< why it diverged

    /// Applies and logs an edit, or keeps it for the next reset if its parameter is not live.
    /// @return whether it took effect now @throws InputError, nothing changed
    bool edit(int lane, const std::string& key, const ParameterValue&);

    /// From step 0 with the same or a new seed: what was edited becomes part of the experiment,
    /// whose own edits (its protocol) stay. @throws InputError, nothing changed
    void reset(std::optional<std::uint64_t> seed = {});
    /// @param keepWeights take over the first lane's matrices wherever sizes match @throws
    /// InputError, nothing changed
    void rebuild(Experiment, bool keepWeights);

    /// A second lane with the exact state of the only one, from here and from every keyframe on: as
    /// if there had been two equal lanes from the start. @throws InputError, nothing changed
    void addTwin();
    /// Forgets a lane and its edits. @throws InputError, nothing changed
    void removeLane(int lane);

    /// Positions in experiment()'s list of edits included: fits a Simulation of experiment().
    std::vector<State> states();
    /// States of this session, or of another run of the same experiment. @throws InputError,
    /// nothing changed
    void restore(std::vector<State>);

    void saveKeyframe();
    const Keyframes& keyframes() const { return m_keyframes; }
    /// Back to the nearest keyframe before a step; then step() until it is reached, and
    /// finishRewind().
    void beginRewind(std::uint64_t step);
    void finishRewind(); ///< forgets edits and keyframes from here on

private:
    /// One of this session's edits, and how many of the experiment's own edits were in effect
    /// before it.
    struct Entry {
        Edit edit;
        std::size_t ownBefore = 0;
    };

    void build(Experiment);
    void relane(
        Experiment, const std::vector<State>&, Keyframes, std::vector<Entry>, std::size_t applied);
    void applyDue();
    bool fail(std::size_t lane);
    std::vector<State> rawStates(); ///< positions in the base's own edits only
    void restoreLanes(const std::vector<State>&);
    void applyToLanes(const Edit&);
    std::size_t ownApplied() const;
    Experiment folded() const;

    Experiment m_base;
    std::vector<Entry> m_log;
    std::size_t m_applied = 0; ///< entries of the log in effect
    std::size_t m_ownRestored = 0; ///< own edits in effect when lanes were last restored
    std::vector<Edit> m_atReset; ///< edits that wait for the next reset
    std::vector<Simulation> m_lanes;
    Keyframes m_keyframes;
    int m_divergedLane = -1;
    Stop m_stop;
    mutable std::mutex
        m_mutex; ///< of m_base and m_log, between writes here and experiment() elsewhere
};

} // namespace apical
