// Numbers and places as the doctor says them: plain ASCII, C locale.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace apical {

std::string errorText(double value); ///< "0.31", "4.7e-2"
std::string percentText(double fraction); ///< 0.023 -> "2.3 %", 0.37 -> "37 %"
std::string timeSpanText(double ms); ///< "0.40 ms", "32 ms", "0.32 s", "2.4 s", "34 s", "5 min"
double asTyped(double value); ///< with two significant digits, as a person would type it
std::string secondsText(double ms); ///< an instant: "4.118 s"
/// "layer1.pyr.apical[2]" -> "h3, v_A"; names as in Selection::name. Unknown forms come back
/// unchanged.
std::string placeText(std::string_view probeElement, const std::vector<int>& sizes);

} // namespace apical
