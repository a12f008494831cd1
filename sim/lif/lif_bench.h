// LIF neurons by themselves, each driven by an input of its own, as a row of the model table.
#pragma once

#include "sim/lif/lif_parameters.h"
#include "sim/model/model.h"

#include <memory>
#include <vector>

namespace apical {

/// @param sizes one number: so many neurons
Anatomy lifAnatomy(const std::vector<int>& sizes, const Parameters&);
std::unique_ptr<Model> makeLif(const Experiment&, const Parameters&);

} // namespace apical
