// What the two pictures of a study show: a metric against the epoch, and its final value against
// one of the varied keys; mean and spread over the seeds.
#pragma once

#include "sim/study/journal.h"
#include "widgets/chart/chart.h"

#include <QString>

#include <string>
#include <vector>

namespace apical {

/// What is drawn of a study; names as in the results.
struct ChartChoice {
    std::string metric; ///< "" = the leading one
    std::string xKey; ///< "" = the first of xKeys()
};

/// Varied keys whose values are numbers; those with the most values first.
std::vector<std::string> xKeys(const Study&);

/// @param metric of a curve that belongs to a final metric: test_accuracy is followed by
/// validation_accuracy. Means over the seeds with their spread: the standard deviation, or the
/// range on a log axis. Without any result the chart has no series, and a note.
Chart curveChart(const Study&, const StudyResults&, const ChartChoice&);
Chart finalChart(const Study&, const StudyResults&, const ChartChoice&);

/// "validation error", "apical error, layer 1": for people.
QString metricTitle(const std::string& metric);

} // namespace apical
