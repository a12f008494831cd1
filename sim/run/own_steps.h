// How many steps the models that count their own need of a presentation.
#pragma once

#include "sim/experiment/parameters.h"

#include <vector>

namespace apical {

/// Steps that a presentation has for the model of these parameters, whatever the time: while it is
/// learned from, and else. A lane beside one that needs more holds its state then. 0: as many as
/// the presentation's time has.
int ownSteps(const std::vector<int>& sizes, const Parameters&, bool training);

} // namespace apical
