// What the models that count their own steps say beyond their rows of the model table.
#pragma once

#include "sim/experiment/parameters.h"

#include <vector>

namespace apical {

/// Steps that a presentation has for the model of these parameters, whatever the time: while it is
/// learned from, and else. A lane beside one that needs more holds its state then. 0: as many as
/// the presentation's time has.
int ownSteps(const std::vector<int>& sizes, const Parameters&, bool training);

/// @throws InputError for parameters that do not go together, with the key of one of them
void checkTogether(const Parameters&);

} // namespace apical
