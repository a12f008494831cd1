// Durations are whole numbers of time steps, so that what is written is what runs.
#pragma once

#include "sim/experiment/experiment.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace apical {

/// Whole steps in a duration in ms, to the nearest one.
std::uint32_t stepsOf(double ms, double dt);

/// Whether ms / dt is a whole number, up to rounding (0.3 / 0.1 is one).
bool isWholeSteps(double ms, double dt);

/// Presentation time, onset, delay, read-out lag and the times of the stimulus, in every lane and
/// after every edit. @throws InputError with the path of the first that is no multiple of dt, and
/// the two nearest ones
void checkDurations(const Experiment&);

/// An edit of one lane: the duration it sets, or, of dt, all that were whole before.
/// @param before the lane's parameters @throws InputError with the two nearest multiples
void checkDurationEdit(
    const Experiment&, const Parameters& before, std::string_view key, const ParameterValue& value);

/// The value nearest to what a slider asks for that checkDurationEdit() takes in all these lanes;
/// of dt, one that divides their durations, of at most three digits unless there is none within a
/// factor of 2.5. Other parameters, and a dt that finds none, stay as asked.
ParameterValue roundedToSteps(const Experiment&, std::span<const Parameters> lanes,
    std::string_view key, const ParameterValue& asked);

/// The same for a key that goes from one value towards another: the nearest one beyond `from`, so
/// that no key is dead; `from` where there is none.
double steppedInSteps(const Experiment&, std::span<const Parameters> lanes, std::string_view key,
    double from, double asked);

} // namespace apical
