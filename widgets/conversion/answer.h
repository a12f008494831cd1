// What the spikes say of an image beside what the rates say: bars of the classes, and the verdict.
#pragma once

#include "widgets/conversion/crossing.h"

namespace apical {

/// Of the outputs as people compare them: shares of a softmax where the net learned with one, else
/// the outputs themselves.
struct ClassShares {
    std::vector<double> spikes; ///< mean of o up to the cursor; empty: nothing was heard yet
    std::vector<double> rates;
    double low = 0, high = 1; ///< what fits on the bars
    bool shares = true;
};
ClassShares sharesAt(const ConversionTrace&, std::uint32_t steps);

/// Bars of the spikes in the colours of the classes before wide pale bars of the rates.
void paintAnswers(QPainter&, const Theme&, const CrossingLook&, const QRectF& area);

} // namespace apical
