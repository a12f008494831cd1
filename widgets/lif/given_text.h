// Numbers that somebody gave, as short as he wrote them; measured ones keep their digits.
#pragma once

#include <QString>

namespace apical {

/// "10", "0.9", "−0.25".
inline QString givenText(double value)
{
    return QString::number(value, 'g', 4).replace(u'-', QChar(0x2212));
}

} // namespace apical
