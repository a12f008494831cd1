// Some past instants of a run, for scrubbing and trails.
#pragma once

#include "sim/base/words.h"
#include "sim/live/frame.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace apical {

/// Frames oldest first, within 512 frames and 64 MB. When it is full the frame goes whose
/// neighbours are nearest for its age: dense lately, thinner towards the start, never empty
/// anywhere.
class PastFrames {
public:
    explicit PastFrames(
        std::size_t maximumFrames = 512, std::size_t maximumBytes = std::size_t{64} << 20);

    void append(const Frame&); ///< ignored unless it is later than the last one
    /// A lane more has the past of the first one; one less is forgotten.
    void setLanes(std::size_t lanes, std::uint64_t generation);
    void truncate(std::uint64_t step); ///< forgets everything after a step (rewind)
    void clear();

    const std::vector<Frame>& frames() const { return m_frames; }
    const Frame* nearest(double timeMs) const; ///< nullptr if there is none
    std::size_t bytes() const { return m_frames.size() * m_frameBytes; }

private:
    void thin();
    std::vector<Frame> m_frames;
    std::size_t m_maximumFrames, m_maximumBytes, m_frameBytes = 0;
};

/// Memory a frame holds, without the allocator's own.
std::size_t frameBytes(const Frame&);

} // namespace apical
