// Which sample of its set a presentation shows.
#pragma once

#include "sim/experiment/schedule.h"

#include <array>
#include <cstdint>
#include <mutex>
#include <vector>

namespace apical {

/// In order, or in a fresh permutation for every block. May be asked from several threads at once.
class SampleOrder {
public:
    SampleOrder(bool shuffled, std::uint64_t seed);
    /// @param samples of the set that blocks of this kind show, at least 1
    /// @return 0 ... samples - 1
    int at(const Presentation&, int samples) const;

private:
    int shuffled(Block, std::uint64_t permutation, std::uint64_t index, int samples) const;

    /// A permutation that was drawn, so that only the first presentation of a block draws it.
    struct Order {
        std::uint64_t permutation = 0;
        std::vector<int> samples; ///< empty: none was drawn yet
    };
    bool m_shuffled;
    std::uint64_t m_seed;
    mutable std::mutex m_access;
    /// Per kind of block the permutation asked for last and the one before: views look back over
    /// the end of an epoch, and a test beside the run has an order of its own.
    mutable std::array<std::array<Order, 2>, 3> m_orders;
};

} // namespace apical
