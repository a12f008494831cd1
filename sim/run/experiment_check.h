// Whether an experiment can be run at all.
#pragma once

#include "sim/experiment/experiment.h"

#include <cstdint>
#include <limits>
#include <string>

namespace apical {

/// Shapes, sizes and references of the whole experiment. @throws InputError naming the path in the
/// preset
void validate(const Experiment&);

/// How long a model of these parameters can run on what the experiment has recorded for it.
struct RecordedSteps {
    std::uint64_t steps = std::numeric_limits<std::uint64_t>::max(); ///< without an end: it draws
    std::string key{}, file{}; ///< of the table that ends first
};
RecordedSteps recordedSteps(const Experiment&, const Parameters&);

/// The sample of an edit that isTeaching(). @throws InputError unless it has as many finite numbers
/// as there are inputs and outputs together
const std::vector<double>& checkTaught(const Experiment&, const ParameterValue&);

/// Row k of what is replayed belongs to step k. @param steps of the whole run, from step 0 on
/// @throws InputError if a table ends before
void checkReplayLength(const Experiment&, double steps);

} // namespace apical
