// The parameters that all networks of units share: feed-forward nets, predictive coding and what is
// made of them. A family of them extends this struct and adds rows of its own to these.
#pragma once

#include "sim/experiment/parameters.h"

#include <string_view>
#include <vector>

namespace apical {

/// A choice is its index among the choices of its row.
struct NetworkParameters {
    int hidden = 0, output = 0; ///< activation.hidden, activation.output
    int loss = 0, optimizer = 0; ///< loss.kind, learning.optimizer
    int batchSize = 1, batchWatch = 0;
    bool learningOn = true, lockUp = false;
    double rate = 0, decay = 1, momentum = 0, beta1 = 0, beta2 = 0, epsilon = 0; ///< optimizer
    int norm = 0, normStatistics = 0; ///< norm.kind, norm.statistics
    bool normFused = false;
    double normEpsilon = 0, normMomentum = 0;
    double smoothing = 0, tauRc = 0, tRef = 0, threshold = 0, amplitude = 0; ///< of soft-LIF
    bool operator==(const NetworkParameters&) const = default;

    bool entropy() const { return loss != 0; } ///< cross-entropy of the softmax
    bool normalizes() const { return norm != 0; }
    bool batchStatistics() const { return normStatistics == 0; } ///< while learning
};

/// @throws InputError for cross-entropy of outputs that are not linear
void checkNetwork(const Parameters&);

/// activation.*, bias.on, loss.kind, learning.*, lock.up, batch.*, norm.*, softlif.*, lif.* of the
/// rate function, and of every run stimulus.*, protocol.*, angle.interval; in the panel's order.
std::vector<ParameterRow> networkRows();
/// Puts rows behind the one of this key. @throws std::logic_error if there is none
void insertAfter(
    std::vector<ParameterRow>&, std::string_view key, const std::vector<ParameterRow>&);
/// The row of this key, to change what another family has otherwise. @throws std::logic_error
ParameterRow& rowOf(std::vector<ParameterRow>&, std::string_view key);

} // namespace apical
