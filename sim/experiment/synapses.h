// How many synapses a network has.
#pragma once

#include <cstdint>
#include <vector>

namespace apical {

/// Most synapses a network may have: 1.6 GB of weights in double precision.
inline constexpr std::uint64_t kMostSynapses = 200'000'000;

/// Entries of all matrices in the LayerWeights of a network.
/// @param layers sizes of at least 1: input, hidden..., output
/// @param bias up and ip have one more column
std::uint64_t synapseCount(const std::vector<int>& layers, bool bias);

} // namespace apical
