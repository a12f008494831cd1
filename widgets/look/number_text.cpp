#include "widgets/look/number_text.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace apical {
namespace {

constexpr QChar kMinus(0x2212);

QString fixedText(double value, int decimals)
{
    return QString::number(value, 'f', decimals).replace(u'-', kMinus);
}

} // namespace

double niceStep(double atLeast)
{
    if (!(atLeast > 0) || !std::isfinite(atLeast))
        return 1;
    const int exponent = static_cast<int>(std::floor(std::log10(atLeast)));
    for (int e = exponent - 1;; ++e) {
        // Dividing by a power of ten gives the nearest double of 0.2, multiplying by 0.1 does not.
        for (const double m : {1.0, 2.0, 5.0}) {
            const double step = e < 0 ? m / std::pow(10.0, -e) : m * std::pow(10.0, e);
            if (step >= atLeast * (1 - 1e-9))
                return step;
        }
    }
}

int decimalsOf(double step)
{
    if (!(step > 0) || !std::isfinite(step))
        return 0;
    return std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 9);
}

QString signedTick(double value, double step)
{
    if (std::abs(value) < step * 1e-6)
        return QStringLiteral("0");
    QString text = fixedText(value, decimalsOf(step));
    if (std::abs(value) >= 1e5) { // of a run that breaks: the digits that matter
        const int exponent = static_cast<int>(std::floor(std::log10(std::abs(value)) + 1e-9));
        const double unit = std::pow(10.0, exponent);
        text = fixedText(value / unit, std::min(2, decimalsOf(step / unit))) + QChar(0x00b7)
            + powerOfTen(exponent);
    }
    return value > 0 ? u'+' + text : text;
}

QString superscript(int number)
{
    static constexpr std::array<char16_t, 10> digits{
        0x2070, 0x00b9, 0x00b2, 0x00b3, 0x2074, 0x2075, 0x2076, 0x2077, 0x2078, 0x2079};
    QString text;
    for (const QChar c : QString::number(number))
        text += c == u'-' ? QChar(0x207b) : QChar(digits[static_cast<std::size_t>(c.digitValue())]);
    return text;
}

QString powerOfTen(int exponent, bool digits)
{
    if (digits && exponent >= -3 && exponent <= 4)
        return QString::number(std::pow(10.0, exponent), 'f', std::max(0, -exponent));
    return QStringLiteral("10") + superscript(exponent);
}

QString valueText(double value, int digits)
{
    if (std::isnan(value))
        return QStringLiteral("not finite");
    if (std::isinf(value))
        return value > 0 ? QString(QChar(0x221e)) : QString(kMinus) + QChar(0x221e);
    if (value == 0)
        return QStringLiteral("0");
    const double magnitude = std::abs(value);
    int exponent = static_cast<int>(std::floor(std::log10(magnitude)));
    if (magnitude >= 0.01 && magnitude < 1e4)
        return fixedText(value, std::max(0, digits - 1 - exponent));
    double mantissa = value / std::pow(10.0, exponent);
    if (QString::number(std::abs(mantissa), 'f', digits - 1).startsWith(QLatin1String("10"))) {
        mantissa /= 10;
        ++exponent;
    }
    return fixedText(mantissa, digits - 1) + QChar(0x00b7) + powerOfTen(exponent);
}

QString durationText(double ms)
{
    return QString::number(ms, 'g', 6) + QStringLiteral(" ms");
}

QString exactText(double value)
{
    return QString::number(value, 'g', 17);
}

} // namespace apical
