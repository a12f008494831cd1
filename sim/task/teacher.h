// Teachers: networks whose answers are the targets of a task.
#pragma once

#include "sim/experiment/experiment.h"

#include <vector>

namespace apical {

struct TeacherSample {
    std::vector<double> input;
    std::vector<double> output; ///< target potentials
};

/// The teacher of the mimic task: a microcircuit of the same sizes in its self-predicting state,
/// run over all samples (inputs U[0, 1)) in order, potentials 0 at the start; the answer is the
/// mean prospective output potential over one presentation (Haider et al. 2021).
std::vector<TeacherSample> teacherSamples(const Experiment&);

/// The samples of a teacher regression: training, then validation, then test samples. Inputs
/// U[stimulus.low, stimulus.high), targets phi(W_n ... phi(W_1 x)) with W in U(-range, range)
/// (Gille, published code, teacher mode). Sizes and range are those of the stimulus.
std::vector<TeacherSample> teacherTask(const Experiment&);

} // namespace apical
