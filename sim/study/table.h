// Results of a study as CSV, in point order: the same bytes however many threads or machines made
// them.
#pragma once

#include "sim/study/journal.h"

#include <string>
#include <vector>

namespace apical {

/// Every metric that any result has, in the order the points name them; those of the task first.
std::vector<std::string> metricNames(const StudyResults&);

/// One line per result: point, the varied keys, lane (if the preset has lanes), seed, state (done
/// or diverged), steps, metrics. Numbers read back to the same bits; what a run has not is empty.
std::string studyCsv(const Study&, const StudyResults&);

/// One line per point and epoch: point, the varied keys, lane, seed, epoch, metrics.
std::string curvesCsv(const Study&, const StudyResults&);

/// A field of a CSV line, in quotes where it needs them.
std::string csvField(const std::string&);

} // namespace apical
