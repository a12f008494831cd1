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
/// of dt, one that divides their durations. Other parameters, and a dt that finds none, stay as
/// asked.
ParameterValue roundedToSteps(const Experiment&, std::span<const Parameters> lanes,
    std::string_view key, const ParameterValue& asked);

} // namespace apical
