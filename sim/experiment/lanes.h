// Experiments with a lane more or less, and what tells two lanes apart.
#pragma once

#include "sim/experiment/experiment.h"

#include <vector>

namespace apical {

/// The experiment with its only lane twice. The twin repeats the lane from the first step on, edits
/// included, so two lanes run from step 0 are at every step what a copy made there would be: a
/// duplicated lane replays without a word for the moment it was duplicated.
/// @throws InputError if there are two lanes already
Experiment withTwin(Experiment);

/// The experiment without a lane and its edits. A lane that is left alone has no name and no
/// parameters of its own: they become the experiment's. @throws InputError if there is no such lane
/// or no other one
Experiment withoutLane(Experiment, int lane);

/// The experiment whose lanes start with these parameters: the first lane's become the experiment's
/// own, the others set apart what differs. Edits are left as they are.
Experiment withLaneParameters(Experiment, const std::vector<Parameters>& lanes);

/// Rows of the parameter table in which two sets differ; one-entry lists count as spread over the
/// layers.
std::vector<const ParameterRow*> differingRows(
    const Parameters&, const Parameters&, int targetLayers);

/// Whether a parameter may differ between lanes. Lanes step together, so they share the time step.
bool mayDiffer(const ParameterRow&);

} // namespace apical
