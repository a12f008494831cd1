// Whether an experiment can be run at all.
#pragma once

#include "sim/experiment/experiment.h"
#include "sim/model/anatomy.h"

namespace apical {

/// Shapes, sizes and references of the whole experiment. @throws InputError naming the path in the
/// preset
void validate(const Experiment&);

/// Whether a model takes its spikes from the experiment's table.
bool replaysSpikes(const Experiment&, const Anatomy&);

/// The sample of an edit kTeachAction. @throws InputError unless it has as many finite numbers as
/// there are inputs and outputs together
const std::vector<double>& checkTaught(const Experiment&, const ParameterValue&);

} // namespace apical
