// Round ranges for the weights of a network.
#pragma once

#include "sim/live/frame.h"
#include "widgets/view/weight_ranges.h"

namespace apical {

/// For weights that a run starts with. Differences get a tenth of the weights' range: they start
/// large and are looked at when they are small.
WeightRanges startingRanges(const Frame&);
/// What is only looked at, like a gradient, starts at zero and changes by powers of ten: its ranges
/// follow it, with some play.
void followRanges(WeightRanges&, const Frame&);
/// For weights and differences as they are.
WeightRanges fittedRanges(const Frame&);

} // namespace apical
