// Which parts of a frame are worth copying now.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

/// Set by what is visible: weights are large, and most views need none or a few pathways.
struct FrameWish {
    bool allWeights = true;
    std::vector<std::string> pathways{}; ///< those, where not all are wanted: "W_pi"
    bool wants(std::string_view pathway) const
    {
        return allWeights || std::find(pathways.begin(), pathways.end(), pathway) != pathways.end();
    }
    bool operator==(const FrameWish&) const = default;
};

} // namespace apical
