// Whether an experiment can be run at all.
#pragma once

#include "sim/experiment/experiment.h"

namespace apical {

/// Shapes, sizes and references of the whole experiment. @throws InputError naming the path in the
/// preset
void validate(const Experiment&);

} // namespace apical
