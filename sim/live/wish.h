// Which parts of a frame are worth copying now.
#pragma once

#include <cstddef>

namespace apical {

/// Set by what is visible: most views need no weights, and those of a large network are dear.
struct FrameWish {
    /// So many values are copied in any case: 60 frames a second carry them without being noticed,
    /// and whoever looks back later finds them in every view.
    static constexpr std::size_t kAlways = 1'000'000;
    bool weights = true;
    bool operator==(const FrameWish&) const = default;
};

} // namespace apical
