// The model of a lane, with the weights it starts from.
#pragma once

#include "sim/model/model.h"

#include <memory>
#include <string_view>

namespace apical {

/// A model of the experiment's kind as the model table makes it. One of another kind starts with
/// the weights of the experiment's model wherever it has a projection of that name, and draws the
/// rest itself; a bias that only one of the two has is 0.
/// @throws InputError if biases that are not 0 would get lost
std::unique_ptr<Model> makeLaneModel(const Experiment&, int lane, const Parameters&);

/// Whether any lane's model has a quantity or projection of this name or pattern.
bool someLaneHas(const Experiment&, std::string_view probe);

} // namespace apical
