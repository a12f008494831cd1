// What a study says: one metric, its mean and spread over the seeds of every combination.
#pragma once

#include "sim/study/journal.h"

#include <string>
#include <vector>

namespace apical {

/// The seeds of one combination and lane.
struct StudyGroup {
    std::size_t combination = 0;
    int lane = 0;
    std::size_t count = 0; ///< results with this metric
    std::size_t diverged = 0;
    double mean = 0, deviation = 0; ///< sample standard deviation, 0 of a single value
    double low = 0, high = 0;
};

/// The metric people ask for first: test, validation, training accuracy; then losses; then an
/// apical error. "" without results.
std::string leadingMetric(const std::vector<std::string>& names);

/// Accuracies are shown as errors, 1 - accuracy. @param metric as in the results
double shownValue(const std::string& metric, double value);
std::string shownName(const std::string& metric); ///< "test_error"

/// Groups in point order; those without any result are left out.
std::vector<StudyGroup> summarize(const Study&, const StudyResults&, const std::string& metric);

} // namespace apical
