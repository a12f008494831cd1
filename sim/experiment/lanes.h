// Experiments with a lane more or less, and what tells two lanes apart.
#pragma once

#include "sim/experiment/experiment.h"

#include <optional>
#include <string_view>
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

/// Rows of the second set's model in which two sets differ, the first being taken as
/// Parameters::as() does; one-entry lists count as spread over the layers.
std::vector<const ParameterRow*> differingRows(
    const Parameters&, const Parameters&, int targetLayers);

/// What a lane has for the parameter of this row, whichever model the row is of; nullopt if the
/// lane's model has none of its key and kind.
std::optional<ParameterValue> valueLike(const Parameters&, const ParameterRow&);

/// The row of a key in the lane's model, of lane -1 in the first lane's model that has it; nullptr
/// if there is none.
const ParameterRow* findRow(const Experiment&, int lane, std::string_view key);

/// Writes an edit of `editLane` (-1: all lanes) into the parameters of a lane. What only other
/// lanes' models have passes it by, but for the length of time steps and presentations, which lanes
/// share. @return whether it concerns the lane @throws InputError, nothing changed
bool setInLane(const Experiment&, int lane, Parameters&, int editLane, std::string_view key,
    const ParameterValue&);

/// Makes the value of an edit the one that the run starts with; an action belongs to its moment and
/// is passed over.
void setOver(Experiment&, const Edit&);

/// Whether a parameter may differ between lanes. Lanes step together, so they share the time step.
bool mayDiffer(const ParameterRow&);

} // namespace apical
