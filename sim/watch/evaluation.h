// A test of the network as it stands now, beside the run: nothing of the run changes.
#pragma once

#include "sim/watch/task_score.h"

#include <string>
#include <utility>
#include <vector>

namespace apical {

/// Metrics by their names, each once.
using Told = std::vector<std::pair<std::string, double>>;
/// Adds what is new, and takes the place of what has the name of it.
void tell(Told&, const Told& newer);

/// Shows every sample of a block's set once, in a fresh order: neither nudged nor plastic,
/// potentials 0 before the first one (before each one with a hard reset), read-outs as in the run
/// (Haider et al. 2021, Net.evaluate).
struct Evaluation {
    AnswerScore mean; ///< NaN where the set has no targets or is empty
    int samples = 0;
    Told further{}; ///< what the model tells beyond it
    /// test_loss, test_accuracy and what the model tells beyond them, as far as there are any.
    Told told() const;
};
Evaluation evaluate(Simulation&, Block);

} // namespace apical
