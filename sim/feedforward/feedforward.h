// Feed-forward nets with three ways to carry the error back, as a row of the model table.
#pragma once

#include "sim/model/model.h"

#include <memory>
#include <vector>

namespace apical {

/// What only these nets have. A choice is its index among the choices of its row.
struct FeedforwardParameters {
    int hidden = 0, output = 0; ///< activation.hidden, activation.output
    int loss = 0, rule = 0, optimizer = 0; ///< loss.kind, learning.rule, learning.optimizer
    int batchSize = 1, batchWatch = 0;
    bool learningOn = true, lockUp = false;
    double rate = 0, decay = 1, momentum = 0, beta1 = 0, beta2 = 0, epsilon = 0; ///< optimizer
    double smoothing = 0, tauRc = 0, tRef = 0, threshold = 0, amplitude = 0; ///< of soft-LIF
    bool operator==(const FeedforwardParameters&) const = default;
};

const ParameterTable& feedforwardParameterTable();
Anatomy feedforwardAnatomy(const std::vector<int>& sizes, const Parameters&);
std::unique_ptr<Model> makeFeedforward(const Experiment&, const Parameters&);

} // namespace apical
