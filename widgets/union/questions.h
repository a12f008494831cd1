// What of a run is traced: the sample that it is shown, or one of the set that it is judged by.
#pragma once

#include "widgets/conversion/samples.h"
#include "widgets/union/worker.h"

#include <memory>
#include <optional>
#include <vector>

namespace apical {

/// The lane whose phases are shown: the one shown, or where that has none the first that has;
/// nullptr: none has.
const LaneFrame* phasesLane(const Scene&);
/// With the weights of the frame; empty while there are none, or no target.
/// @param number of a sample of the set, from 0; -1: the one that the run is shown
std::optional<PhasesQuestion> questionOf(const Scene&, const SampleSet&, int number);
/// The same of whichever of several samples is answered worst.
std::optional<PhasesQuestion> questionOf(
    const Scene&, const SampleSet&, std::shared_ptr<const std::vector<ConversionSample>> among);
/// The first samples of the set: so many that finding the worst takes less than a trace.
std::shared_ptr<const std::vector<ConversionSample>> firstSamples(const SampleSet&);

} // namespace apical
