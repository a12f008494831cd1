// Digits that look written by hand, drawn by the program: no data set is needed, and there is no
// last one.
#pragma once

#include "sim/task/strokes.h"

#include <cstdint>
#include <vector>

namespace apical {

inline constexpr int kDigitClasses = 10;

struct Digit {
    int label = 0; ///< 0 to 9
    std::vector<std::uint8_t> pixels; ///< kDigitSide x kDigitSide, row by row
};

/// The n-th digit of a seed, whatever was asked for before. Its strokes are one of a few ways to
/// write it, distorted point by point, bent by a slow wave, turned, slanted and stretched, then
/// drawn with a pen of a width of its own and a little noise.
Digit generatedDigit(std::uint64_t seed, std::uint64_t n);

} // namespace apical
