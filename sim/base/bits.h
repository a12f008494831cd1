// Lists of what is marked in words of bits.
#pragma once

#include <bit>
#include <cstdint>

namespace apical {

/// Writes the places of the bits that are set, counted from `first` on, in ascending order.
/// @return how many
template <class Index> int listBits(std::uint64_t bits, int first, Index* to)
{
    int count = 0;
    for (; bits != 0; bits &= bits - 1)
        to[count++] = static_cast<Index>(first + std::countr_zero(bits));
    return count;
}

} // namespace apical
