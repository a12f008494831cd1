// Numbers as people read them: round steps, signs, powers of ten.
#pragma once

#include <QString>

namespace apical {

/// Smallest of 1, 2, 5 times a power of ten that is at least `atLeast` (> 0).
double niceStep(double atLeast);
/// Digits after the point that tell multiples of `step` apart.
int decimalsOf(double step);
/// "+1", "0", "−0.5" (U+2212), "+2·10⁶", with the digits that `step` needs.
QString signedTick(double value, double step);
/// "⁻³": an integer in superscript characters.
QString superscript(int number);
/// "10⁻³", and "1" or "10" where that is shorter only if `digits`.
QString powerOfTen(int exponent, bool digits = false);
/// "0.012", "2.5·10⁻³": a plain-text value with that many significant digits, U+2212 as minus.
QString valueText(double value, int digits = 2);
/// "20 ms", "0.5 ms": a duration that somebody chose.
QString durationText(double ms);
/// All digits, C locale: for tables that are read back.
QString exactText(double value);

} // namespace apical
