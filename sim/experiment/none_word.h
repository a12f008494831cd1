// What people write where a parameter has no number of its own.
#pragma once

#include "sim/experiment/parameters.h"

#include <string>
#include <string_view>

namespace apical {

/// "none" of a limit that is off. A row that may be none and whose value is worked out then says so
/// in its choices: "auto". Both words are read everywhere.
inline std::string_view noneWord(const ParameterRow& row)
{
    return row.kind != ParameterKind::Choice && !row.choices.empty() ? row.choices.front() : "none";
}

inline bool isNoneWord(const ParameterRow& row, std::string_view text)
{
    return row.mayBeNone && (text == "none" || text == noneWord(row));
}

/// parameterText() in the words of this row.
inline std::string parameterText(const ParameterRow& row, const ParameterValue& value)
{
    const auto* number = std::get_if<double>(&value);
    return number && *number == kNone ? std::string(noneWord(row)) : parameterText(value);
}

} // namespace apical
