// An axis of angles.
#pragma once

#include "widgets/plot/scale.h"

namespace apical {

/// Linear in degrees; ticks at multiples of 15, 45 or 90 degrees with labels as "45°".
class AngleScale : public LinearScale {
public:
    using LinearScale::LinearScale;
    std::vector<Tick> ticks(double minimumGap) const override;
    std::unique_ptr<PlotScale> between(double pixelLow, double pixelHigh) const override;
};

/// "67.4°", "" if not a number.
QString angleText(double degrees);

} // namespace apical
