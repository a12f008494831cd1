// How messages name a parameter together with what it is set to.
#pragma once

#include "sim/experiment/none_word.h"

#include <string>
#include <string_view>

namespace apical {

/// "activation.output = sigmoid". @throws InputError for a key that the model does not have
inline std::string settingText(const Parameters& p, std::string_view key)
{
    const ParameterRow& row = p.table().at(key);
    return std::string(key) + " = " + parameterText(row, parameterValue(p, row));
}

} // namespace apical
