// Which parts of a frame are worth copying now.
#pragma once

#include <cstdint>

namespace apical {

/// Set by what is visible: most views need no weights, and those of a large network are dear. So
/// are the pictures of a thousand answers.
struct FrameWish {
    /// Weights of a lane with so many synapses are copied in any case: whoever looks back later
    /// finds them in every view.
    static constexpr std::uint64_t kAlways = 1'000'000;
    bool weights = true;
    bool examples = true; ///< pictures of the answers of a block (TaskFrame::examples)
    bool operator==(const FrameWish&) const = default;
};

} // namespace apical
