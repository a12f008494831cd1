// What part of an axis is shown, and what is written there.
#pragma once

#include "widgets/chart/chart.h"

#include <QString>

#include <vector>

namespace apical {

/// Range of places along an axis.
struct PlaceRange {
    double low = 0, high = 1;
    double span() const { return high - low; }
    bool operator==(const PlaceRange&) const = default;
};

/// All of an axis.
PlaceRange wholeRange(const ChartAxis&);

/// White space marks a place without words.
struct AxisLabel {
    double place;
    QString text;
    bool operator==(const AxisLabel&) const = default;
};

/// @param pixels between the ends of the range @param gap px between two that are read
std::vector<AxisLabel> labelsOf(
    const ChartAxis&, const PlaceRange& shown, double pixels, double gap);

} // namespace apical
