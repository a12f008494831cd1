// Feed-forward nets with three ways to carry the error back, as a row of the model table.
#pragma once

#include "sim/model/model.h"
#include "sim/network/network_parameters.h"

#include <memory>
#include <vector>

namespace apical {

/// What these nets have beside all networks. A choice is its index among the choices of its row.
struct FeedforwardParameters : NetworkParameters {
    using Extends = NetworkParameters;
    int rule = 0; ///< learning.rule
    bool operator==(const FeedforwardParameters&) const = default;
};

const ParameterTable& feedforwardParameterTable();
Anatomy feedforwardAnatomy(const std::vector<int>& sizes, const Parameters&);
int feedforwardSteps(const std::vector<int>& sizes, const Parameters&, bool training);
std::unique_ptr<Model> makeFeedforward(const Experiment&, const Parameters&);

} // namespace apical
