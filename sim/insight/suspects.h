// Which edit broke a run: edits with their old values, the first sign of growth, and the remedy
// that takes the likeliest edit back.
#pragma once

#include "sim/experiment/experiment.h"
#include "sim/insight/diagnosis.h"

#include <cstdint>
#include <string>
#include <vector>

namespace apical {

/// A parameter edit of one lane; a drag of a slider counts as one.
struct PastEdit {
    std::uint64_t step = 0; ///< in force from this step on
    double timeMs = 0; ///< its simulated time
    std::string key;
    ParameterValue old = true, value = true;
    int lane = -1; ///< as it was made; -1: all lanes
};

/// The edits of one lane in order, those that changed nothing left out.
std::vector<PastEdit> pastEdits(const Experiment&, int lane);

/// When the weight errors were last near their least value of the last `windowMs`; the end of the
/// series if they do not grow, 0 if it is empty.
double growthBeganMs(const ErrorSeries&, double windowMs);

/// Of a run that diverges: names up to three edits made before the first sign of growth, the
/// likeliest first, and offers to undo it. Without any it says when the start weights are wide,
/// which no smaller dt mends. Other verdicts stay as they are.
void nameSuspects(Diagnosis&, const std::vector<PastEdit>&, const ErrorSeries& past,
    const Parameters& now, const WeightSpec& start);

} // namespace apical
