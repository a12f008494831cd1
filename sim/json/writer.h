// JSON as a person would lay it out, with numbers that read back to the same bits.
// Internal to sim: it shows nlohmann-json.
#pragma once

#include "sim/json/source.h"

#include <string>

namespace apical {

/// Lists of plain values and whatever fits into one line stay on one line; the rest is indented by
/// two spaces. Doubles in their shortest text that reads back equal. Ends with a line break.
std::string layOut(const Json&);

} // namespace apical
