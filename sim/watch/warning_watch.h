// What a lane's model has to say of a presentation though the run goes on: heard once, with its
// moment, until something else is changed.
#pragma once

#include "sim/model/warns.h"
#include "sim/run/simulation.h"

#include <cstdint>
#include <string>
#include <utility>

namespace apical {

/// Watches one lane; never changes a bit of it.
class WarningWatch {
public:
    explicit WarningWatch(const Simulation& lane)
        : m_lane(&lane)
        , m_model(dynamic_cast<const Warns*>(&lane.model()))
        , m_presentation(lane.clock().pattern)
    {
    }

    /// After every step forward: asks once a presentation has ended.
    void afterStep()
    {
        if (m_model && m_lane->clock().pattern != m_presentation)
            heed();
    }
    /// The presentation ended, or the run with it.
    void heed();
    /// Another parameter, or another moment: what was said may be true no longer.
    void startOver()
    {
        m_said = false;
        m_text.clear();
        m_presentation = m_lane->clock().pattern;
    }
    /// What the model warned of first, with its moment: told once, then "".
    std::string take() { return std::exchange(m_text, {}); }
    bool waiting() const { return !m_text.empty(); }

private:
    const Simulation* m_lane;
    const Warns* m_model; ///< nullptr: it never warns
    std::uint64_t m_presentation;
    std::string m_text; ///< still to be told
    bool m_said = false;
};

} // namespace apical
