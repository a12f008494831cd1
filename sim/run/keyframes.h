// States kept along a run, to go back to.
#pragma once

#include "sim/run/simulation.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace apical {

/// All lanes at one step, between two steps.
struct Keyframe {
    std::uint64_t step = 0;
    std::size_t edits = 0; ///< entries of the session's edit log that are in it
    std::vector<State> lanes{};
};

/// Keyframes in ascending order, bounded in number and bytes. When there are too many, the one
/// whose neighbours are closest for its age goes, so that spacing grows with age. The first and the
/// newest always stay.
class Keyframes {
public:
    explicit Keyframes(std::size_t most = 128, std::size_t mostBytes = std::size_t{64} << 20);

    void add(Keyframe); ///< after the newest one (steps and edits not less)
    void clear();
    void dropFrom(std::uint64_t step); ///< forgets those at and after a step
    /// Forgets those after a step, or with more than so many edits.
    void dropAfter(std::uint64_t step, std::size_t edits);
    /// The newest one before `step`, with at most so many edits; else the first. nullptr if there
    /// is none.
    const Keyframe* before(std::uint64_t step, std::size_t edits) const;
    /// The same moments with something changed in each.
    Keyframes changed(const std::function<void(Keyframe&)>&) const;
    const std::vector<Keyframe>& all() const { return m_all; }
    std::size_t bytes() const { return m_bytes; }

private:
    void thin();

    std::size_t m_most, m_mostBytes;
    std::size_t m_bytes = 0;
    std::vector<Keyframe> m_all;
};

} // namespace apical
