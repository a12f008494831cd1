#include "sim/experiment/durations.h"

#include "sim/base/error.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>
#include <vector>

namespace apical {
namespace {

constexpr double kTolerance = 1e-6; // of a step: far above rounding, far below what is seen
constexpr double kSearch = 10000; // divisors that a dt is looked for among
constexpr double kNear = 2.5; // a round dt further away than this is not what was asked for
constexpr double kFurther = 1.3; // how a key that finds nothing reaches out
constexpr int kReaches = 40;
constexpr std::string_view kPresentation = "stimulus.presentation_time";

struct Duration {
    std::string key;
    double ms;
};

std::vector<Duration> durationsOf(const Experiment& e, const Parameters& p)
{
    std::vector<Duration> all;
    for (const ParameterRow& row : p.table()) {
        if (row.rule == ParameterRule::WholeSteps
            && (row.key != kPresentation || e.stimulus.times.empty()))
            all.push_back({std::string(row.key), std::get<double>(parameterValue(p, row))});
    }
    for (std::size_t i = 0; i < e.stimulus.times.size(); ++i)
        all.push_back({"stimulus.times[" + std::to_string(i) + ']', e.stimulus.times[i]});
    return all;
}

// 3 x 0.1 is 0.3 to whoever reads it.
double multiple(double steps, double dt)
{
    char text[40];
    std::snprintf(text, sizeof text, "%.12g", steps * dt);
    return std::strtod(text, nullptr);
}

[[noreturn]] void fail(const Duration& d, double dt, std::string path)
{
    const double below = std::floor(d.ms / dt), above = below + 1;
    const bool canBeZero = d.key != kPresentation && !d.key.starts_with("stimulus.times");
    std::string allowed;
    if (below > 0 || canBeZero)
        allowed = parameterText(multiple(below, dt)) + " or ";
    throw InputError({.problem = d.key + " = " + parameterText(d.ms)
            + " ms is no whole number of time steps of dt = " + parameterText(dt) + " ms",
        .key = std::move(path),
        .allowed = allowed + parameterText(multiple(above, dt)) + " ms"});
}

std::optional<Duration> firstNotWhole(const Experiment& e, const Parameters& p)
{
    for (const Duration& d : durationsOf(e, p)) {
        if (!isWholeSteps(d.ms, p.dt))
            return d;
    }
    return std::nullopt;
}

std::string pathOf(const Experiment& e, int lane, const std::string& key)
{
    if (static_cast<std::size_t>(lane) < e.lanes.size()) {
        const std::string own = "lanes[" + std::to_string(lane) + "].parameters.";
        for (const std::string& name : {key, std::string("dt")}) {
            for (const auto& entry : e.lanes[static_cast<std::size_t>(lane)].parameters) {
                if (entry.first == name)
                    return own + name;
            }
        }
    }
    return key.starts_with("stimulus.") ? key : "parameters." + key;
}

} // namespace

std::uint32_t stepsOf(double ms, double dt)
{
    return static_cast<std::uint32_t>(std::max(0L, std::lround(ms / dt)));
}

bool isWholeSteps(double ms, double dt)
{
    const double steps = ms / dt;
    return std::abs(steps - std::round(steps)) <= kTolerance;
}

void checkDurations(const Experiment& e)
{
    std::vector<Parameters> lanes;
    for (int lane = 0; lane < e.laneCount(); ++lane) {
        lanes.push_back(e.laneParameters(lane));
        if (const auto d = firstNotWhole(e, lanes.back()))
            fail(*d, lanes.back().dt, pathOf(e, lane, d->key));
    }
    for (std::size_t i = 0; i < e.edits.size(); ++i) {
        const Edit& edit = e.edits[i];
        for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
            if (edit.lane >= 0 && edit.lane != static_cast<int>(lane))
                continue;
            const ParameterRow* row = lanes[lane].table().find(edit.key);
            if (!row) // an action
                continue;
            setParameter(lanes[lane], *row, edit.value, e.targetLayers());
            // Edits before the same step are one change: dt and a time may move together.
            if (i + 1 < e.edits.size() && e.edits[i + 1].step == edit.step)
                continue;
            for (std::size_t any = 0; any < lanes.size(); ++any) {
                if (const auto d = firstNotWhole(e, lanes[any]))
                    fail(*d, lanes[any].dt, "edits[" + std::to_string(i) + "].value");
            }
        }
    }
}

void checkDurationEdit(const Experiment& e, const Parameters& before, std::string_view key,
    const ParameterValue& value)
{
    const ParameterRow* row = before.table().find(key);
    const bool step = key == "dt";
    if (!row || !(step || row->rule == ParameterRule::WholeSteps))
        return;
    Parameters after = before;
    setParameter(after, *row, value, e.targetLayers());
    for (const Duration& d : durationsOf(e, after)) {
        if ((step ? isWholeSteps(d.ms, before.dt) : d.key == key) && !isWholeSteps(d.ms, after.dt))
            fail(d, after.dt, std::string(key));
    }
}

ParameterValue roundedToSteps(const Experiment& e, std::span<const Parameters> lanes,
    std::string_view key, const ParameterValue& asked)
{
    const ParameterRow* row = lanes.empty() ? nullptr : lanes.front().table().find(key);
    const double* number = std::get_if<double>(&asked);
    if (!row || !number || !(*number >= row->low && *number <= row->high))
        return asked;
    const auto fits = [&](double value) {
        try {
            for (const Parameters& p : lanes)
                checkDurationEdit(e, p, key, value);
        } catch (const InputError&) {
            return false;
        }
        return true;
    };
    if (fits(*number))
        return asked;
    const double dt = lanes.front().dt;
    if (key != "dt") {
        const double least = row->low > 0 ? 1 : 0;
        return multiple(std::max(least, std::round(*number / dt)), dt);
    }
    double shortest = kNone;
    for (const Parameters& p : lanes) {
        for (const Duration& d : durationsOf(e, p)) {
            if (d.ms > 0 && isWholeSteps(d.ms, dt))
                shortest = std::min(shortest, d.ms);
        }
    }
    // What a person would type: three digits.
    const int exponent = static_cast<int>(std::floor(std::log10(*number))) - 2;
    const double unit = std::pow(10.0, exponent), digits = std::round(*number / unit);
    for (double away = 0; away <= (kNear - 1) * digits; ++away) {
        for (const double many : {digits + away, digits - away}) {
            const double candidate = multiple(std::max(many, 1.0), unit);
            if (candidate >= *number / kNear && candidate >= row->low && candidate <= row->high
                && isWholeSteps(shortest, candidate) && fits(candidate))
                return candidate;
        }
    }
    const double nearest = std::round(shortest / *number);
    for (double away = 0; away < kSearch; ++away) {
        for (const double divisor : {nearest + away, nearest - away}) {
            const double candidate = divisor >= 1 ? shortest / divisor : row->high;
            if (candidate >= row->low && candidate <= row->high && fits(candidate))
                return candidate;
        }
    }
    return asked;
}

double steppedInSteps(const Experiment& e, std::span<const Parameters> lanes, std::string_view key,
    double from, double asked)
{
    const ParameterRow* row = lanes.front().table().find(key);
    const double step = asked - from;
    double reach = step;
    for (int i = 0; row && i < kReaches; ++i, reach *= kFurther) {
        const double wanted = std::clamp(from + reach, row->low, row->high);
        const double found = std::get<double>(roundedToSteps(e, lanes, key, wanted));
        if ((found - from) * step > 0)
            return found;
    }
    return from;
}

} // namespace apical
