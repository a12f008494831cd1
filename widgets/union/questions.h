// What of a run is traced: the sample that it is shown, or one of the set that it is judged by.
#pragma once

#include "widgets/conversion/samples.h"
#include "widgets/union/worker.h"

#include <optional>

namespace apical {

/// The lane whose phases are shown: the one shown, or where that has none the first that has;
/// nullptr: none has.
const LaneFrame* phasesLane(const Scene&);
/// With the weights of the frame; empty while there are none, or no target.
/// @param number of a sample of the set, from 0; -1: the one that the run is shown
std::optional<PhasesQuestion> questionOf(const Scene&, const SampleSet&, int number);

} // namespace apical
