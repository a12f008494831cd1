#include "sim/experiment/synapses.h"

#include <cstddef>

namespace apical {

std::uint64_t synapseCount(const std::vector<int>& layers, bool bias)
{
    const auto size = [&](std::size_t l) { return static_cast<std::uint64_t>(layers[l]); };
    const std::uint64_t extra = bias ? 1 : 0;
    std::uint64_t count = 0;
    for (std::size_t l = 1; l < layers.size(); ++l) {
        count += size(l) * (size(l - 1) + extra); // up
        if (l + 1 < layers.size())
            count += size(l + 1) * (3 * size(l) + extra); // down, pi, ip
    }
    return count;
}

} // namespace apical
