// The rows of parameters that more than one family of models has: those of every run, and those of
// models that are clocked in ms.
#pragma once

#include "sim/experiment/parameters.h"

#include <string_view>

namespace apical {

/// The row of a field of Parameters, for the table of a model that has it.
/// Every run: bias.on, stimulus.low and high, stimulus.target_low and target_high, protocol.*,
/// angle.interval. Clocked in ms: dt, stimulus.presentation_time, plasticity.onset, target.on and
/// delay, nudging.rule, state.reset, readout.*.
/// @throws std::logic_error for a key that is none of them
const ParameterRow& runParameter(std::string_view key);

/// What lanes share, as they end each presentation together; models that count iterations have none
/// of these rows.
inline constexpr std::string_view kClockKeys[] = {
    "dt", "stimulus.presentation_time", "state.reset"};

} // namespace apical
