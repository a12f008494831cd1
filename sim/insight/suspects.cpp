#include "sim/insight/suspects.h"

#include "sim/base/error.h"
#include "sim/insight/diagnosis_words.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <variant>

namespace apical {
namespace {

constexpr double kDragMs = 500; // edits of one key that follow each other as fast are one drag
constexpr double kGrowth = 2; // times the least error: more than the wandering of a weight error
constexpr double kSeen = 10; // times the least error at the end: below it may still be wandering
constexpr double kSwitched = 1.5; // weight of what was 0 before: some 30-fold
constexpr double kOther = 0.3; // weight of a flag, a choice, or a number of unknown direction
constexpr double kHarmless = 0.02; // weight of a change that calms the loop
constexpr double kWideStart = 2; // a usual range is 1
constexpr std::size_t kNamed = 3;

double magnitude(const ParameterValue& value)
{
    if (const auto* number = std::get_if<double>(&value))
        return std::abs(*number);
    double out = 0;
    if (const auto* list = std::get_if<std::vector<double>>(&value))
        for (double entry : *list)
            out = std::max(out, std::abs(entry));
    else
        return std::numeric_limits<double>::quiet_NaN();
    return out;
}

/// How much a change can amplify: decades by which it was raised.
double severity(const PastEdit& edit)
{
    const double old = magnitude(edit.old), value = magnitude(edit.value);
    if (!std::isfinite(old) || !std::isfinite(value))
        return kOther;
    const bool amplifies = edit.key == "dt" || edit.key.starts_with("eta.")
        || edit.key.starts_with("stimulus.") || edit.key.starts_with("circuit.")
        || edit.key.starts_with("clip.");
    if (!amplifies || edit.key == "stimulus.presentation_time")
        return kOther;
    if (value <= old)
        return kHarmless;
    return old == 0 ? kSwitched : std::max(kHarmless, std::log10(value / old));
}

std::string wordFor(const ParameterTable& table, const std::string& key)
{
    if (key.starts_with("eta."))
        return "eta " + key.substr(4);
    if (key == "circuit.noise")
        return "sigma";
    const ParameterRow* row = table.find(key);
    return row && key != "dt" ? std::string(row->name) : key;
}

std::string changeText(const ParameterTable& table, const PastEdit& edit)
{
    return wordFor(table, edit.key) + " from " + parameterText(edit.old) + " to "
        + parameterText(edit.value) + " at " + secondsText(edit.timeMs);
}

double onset(const std::vector<double>& time, const std::vector<double>& values, double from)
{
    double least = std::numeric_limits<double>::infinity(), newest = 0;
    for (std::size_t i = 0; i < time.size(); ++i)
        if (time[i] >= from && std::isfinite(values[i])) {
            least = std::min(least, values[i]);
            newest = values[i];
        }
    double last = time.back();
    if (newest <= kSeen * std::max(least, 1e-12))
        return last; // a run that breaks within a bin leaves no growth behind
    for (std::size_t i = 0; i < time.size(); ++i)
        if (time[i] >= from && values[i] <= kGrowth * std::max(least, 1e-12))
            last = time[i];
    return last;
}

} // namespace

std::vector<PastEdit> pastEdits(const Experiment& experiment, int lane)
{
    Parameters p = experiment.laneParameters(lane);
    std::vector<PastEdit> out;
    std::uint64_t step = 0;
    double time = 0;
    for (const Edit& edit : experiment.edits) {
        time += p.dt * static_cast<double>(edit.step - step);
        step = edit.step;
        const ParameterRow* row = p.table().find(edit.key);
        if (!row || (edit.lane >= 0 && edit.lane != lane))
            continue;
        PastEdit past{step, time, edit.key, parameterValue(p, *row), edit.value, edit.lane};
        try {
            setParameter(p, *row, edit.value, experiment.targetLayers());
        } catch (const InputError&) {
            continue; // it was refused when it was due, too
        }
        past.value = parameterValue(p, *row);
        if (!out.empty() && out.back().key == past.key && out.back().lane == past.lane
            && past.timeMs - out.back().timeMs < kDragMs) {
            out.back().value = past.value;
            if (out.back().value == out.back().old)
                out.pop_back();
        } else if (past.value != past.old)
            out.push_back(std::move(past));
    }
    return out;
}

double growthBeganMs(const ErrorSeries& past, double windowMs)
{
    if (past.timeMs.empty())
        return 0;
    const double from = past.timeMs.back() - windowMs;
    return std::min(
        onset(past.timeMs, past.feedforward, from), onset(past.timeMs, past.feedback, from));
}

void nameSuspects(Diagnosis& diagnosis, const std::vector<PastEdit>& edits, const ErrorSeries& past,
    const Parameters& now, const WeightSpec& start)
{
    if (diagnosis.verdict != Verdict::Diverging && diagnosis.verdict != Verdict::Diverged)
        return;
    const double window = diagnosisWindowMs(now);
    // Bins and patterns are coarse: growth shows as early as the bin that holds the edit.
    double began = growthBeganMs(past, window);
    const auto next = std::upper_bound(past.timeMs.begin(), past.timeMs.end(), began);
    began = next == past.timeMs.end() ? std::numeric_limits<double>::infinity()
                                      : *next + now.presentationTime;
    const double until = past.timeMs.empty() ? 0 : std::min(began, past.timeMs.back());

    std::vector<std::pair<double, const PastEdit*>> suspects;
    for (const PastEdit& edit : edits)
        if (edit.timeMs <= began)
            suspects.emplace_back(
                severity(edit) / (1 + std::max(0.0, until - edit.timeMs) / window), &edit);
    // Of equal ones the later: it is nearer to the harm.
    std::stable_sort(suspects.begin(), suspects.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first > b.first : a.second->step > b.second->step;
    });
    if (suspects.empty()) {
        const double range = std::max({start.rangeUp.largest(), start.rangeDown.largest(),
            start.rangeIp.largest(), start.rangePi.largest()});
        if (start.init == WeightSpec::Init::Uniform && range > kWideStart) {
            const std::vector<Evidence> wide{
                {false, "weights start within +-" + parameterText(range)}};
            diagnosis.evidence.insert(diagnosis.evidence.begin(), wide.begin(), wide.end());
            diagnosis.remedy = {};
            diagnosis.why += " The weights of this run start so wide that rewinding cannot help: "
                             "start it anew with a smaller range of weights.";
        }
        return;
    }
    const PastEdit& first = *suspects.front().second;
    diagnosis.text = "Suspect: " + wordFor(now.table(), first.key) + " from "
        + parameterText(first.old) + " to " + parameterText(first.value) + "\nat "
        + secondsText(first.timeMs) + ", before the errors grew.";
    std::vector<Evidence> named;
    for (std::size_t i = 0; i < std::min(kNamed, suspects.size()); ++i)
        named.push_back({false, changeText(now.table(), *suspects[i].second)});
    diagnosis.evidence.insert(diagnosis.evidence.begin(), named.begin(), named.end());
    diagnosis.remedy = {Remedy::Kind::UndoAndRewind,
        "Undo " + wordFor(now.table(), first.key) + " and rewind", first.key, first.old, first.step,
        first.lane};
    diagnosis.why += " The latest edits before the first sign of growth are the suspects. The "
                     "button sets "
        + wordFor(now.table(), first.key) + " to " + parameterText(first.old)
        + " again and goes on from just before that edit.";
}

} // namespace apical
