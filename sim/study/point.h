// One point of a study, run from start to end.
#pragma once

#include "sim/study/study.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace apical {

/// Metrics at the ends of some epochs, NaN where one has no value. Of a stimulus without epochs,
/// 100 presentations count as one.
struct LearningCurve {
    std::vector<std::string> names;
    std::vector<std::uint64_t> epochs; ///< evenly spaced
    std::vector<std::vector<double>> rows; ///< per epoch, per name
    bool operator==(const LearningCurve&) const = default;
};

/// What a point gave. A run that diverged is a result, too: everything is of its last good step.
struct StudyResult {
    std::size_t point = 0;
    bool diverged = false;
    std::uint64_t steps = 0;
    std::vector<std::pair<std::string, double>> metrics{}; ///< those of the task first
    LearningCurve curve{};
    bool operator==(const StudyResult&) const = default;
};

/// @param progress set to the fraction done, now and then
/// @return nullopt if it was stopped @throws InputError if the point cannot be run
std::optional<StudyResult> runStudyPoint(const Study&, std::size_t index, const std::stop_token&,
    std::atomic<double>& progress, std::atomic<std::uint64_t>& steps);

/// Epochs in a curve at most, so that a large study fits into memory.
std::size_t curveLimit(std::size_t points);

/// Whether a metric belongs to the task (loss, val_accuracy, ...) and not to a layer.
bool isTaskMetric(std::string_view name);

} // namespace apical
