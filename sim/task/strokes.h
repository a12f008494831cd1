// Pen strokes as pictures of the kind that sets of handwritten digits have.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace apical {

/// x to the right, y downwards, in any unit.
struct StrokePoint {
    double x = 0, y = 0;
};
/// Where the pen went without being lifted; a single point is a dot.
using Stroke = std::vector<StrokePoint>;

inline constexpr int kDigitSide = 28; ///< pixels of a digit's picture, as in MNIST
inline constexpr int kDigitBox = 20; ///< the larger side of what is drawn is fitted into

struct Pen {
    double width = 2.6; ///< pixels
    double ink = 1; ///< value under the middle of the stroke, 0 to 1
};

/// A smooth curve through the points of a stroke, as short straight pieces.
Stroke smoothed(const Stroke&);

/// The picture, row by row, 0 to 255: scaled so that the larger side with the pen fills kDigitBox
/// pixels, its proportions kept, smoothed at the edges, and moved by whole pixels until its centre
/// of mass is in the middle (LeCun et al. 1998). Without strokes all pixels are 0.
std::vector<std::uint8_t> picture(std::span<const Stroke>, const Pen& = {});

} // namespace apical
