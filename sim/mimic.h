// The teacher of the mimic task: a microcircuit of the same sizes in its self-predicting state.
#pragma once

#include "sim/experiment.h"

#include <vector>

namespace apical {

struct TeacherSample {
    std::vector<double> input; ///< U[0, 1)
    std::vector<double> output; ///< mean prospective output potential over one presentation
};

/// Runs the teacher over all samples in order, potentials 0 at the start (Haider et al. 2021).
std::vector<TeacherSample> teacherSamples(const Experiment&);

} // namespace apical
