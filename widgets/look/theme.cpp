#include "widgets/look/theme.h"

#include "widgets/look/number_text.h"

#include <QApplication>
#include <QPalette>

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

QColor mix(const QColor& a, const QColor& b, double t)
{
    const auto part = [t](int x, int y) { return static_cast<int>(std::lround(x + (y - x) * t)); };
    return {part(a.red(), b.red()), part(a.green(), b.green()), part(a.blue(), b.blue())};
}

Theme makeLight()
{
    Theme t;
    t.window = "#E9EBEE";
    t.bar = "#F6F7F9";
    t.title = "#F3F4F6";
    t.panel = "#FFFFFF";
    t.field = "#FFFFFF";
    t.line = "#D7DADF";
    t.line2 = "#E8EAED";
    t.grid = "#ECEEF1";
    t.fieldLine = "#C6CAD1";
    t.groove = "#D3D7DD";
    t.ink = "#1B1F24";
    t.ink2 = "#4D545E";
    t.ink3 = "#69707B";
    t.band = "#F4F5F8";
    t.future = "#FAFAFB";
    t.accent = "#5A55D6";
    t.accentSoft = "#ECEBFB";
    t.hover = "#E9EBEF";
    t.onAccent = "#FFFFFF";
    t.good = "#1A7F4B";
    t.amber = "#9A5700";
    t.bad = "#BF2F26";
    t.soma = "#0072B2";
    t.apical = "#D55E00";
    t.basal = "#009E73";
    t.interneuron = "#CC79A7";
    t.target = "#E69F00";
    t.topdown = "#56B4E9";
    t.lateral = "#CC79A7";
    t.laneA = "#E69F00";
    t.laneB = "#0072B2";
    t.edge = "#8C94A0";
    t.crosshair = "#4D545E";
    t.sign = {QColor("#0A4F8F"), QColor("#6FA8D6"), QColor("#FFFFFF"), QColor("#F3B070"),
        QColor("#C2560A")};
    return t;
}

Theme makeDark()
{
    Theme t;
    t.dark = true;
    t.window = "#101214";
    t.bar = "#1F2226";
    t.title = "#212429";
    t.panel = "#191B1F";
    t.field = "#121416";
    t.line = "#32363C";
    t.line2 = "#282B30";
    t.grid = "#26292E";
    t.fieldLine = "#42474F";
    t.groove = "#3A3F46";
    t.ink = "#E7E9EC";
    t.ink2 = "#B4BAC3";
    t.ink3 = "#939AA5";
    t.band = "#1F2226";
    t.future = "#16181B";
    t.accent = "#938FF8";
    t.accentSoft = "#2A2945";
    t.hover = "#2C3036";
    t.onAccent = "#101214";
    t.good = "#4CC38A";
    t.amber = "#EBB04E";
    t.bad = "#F0746A";
    t.soma = "#3F9FDB";
    t.apical = "#F07B2E";
    t.basal = "#1FB88C";
    t.interneuron = "#DD94BD";
    t.target = "#F0B23A";
    t.topdown = "#6CC1F2";
    t.lateral = "#DD94BD";
    t.laneA = "#F0B23A";
    t.laneB = "#4FA9E4";
    t.edge = "#737B87";
    t.crosshair = "#B4BAC3";
    t.sign = {QColor("#7CC0F5"), QColor("#3F7FB5"), QColor("#2C3036"), QColor("#B86C24"),
        QColor("#FFB266")};
    return t;
}

} // namespace

const Theme& Theme::light()
{
    static const Theme theme = makeLight();
    return theme;
}

const Theme& Theme::darkTheme()
{
    static const Theme theme = makeDark();
    return theme;
}

QColor Theme::signColor(double v) const
{
    if (std::isnan(v))
        return ink3;
    const double x = (std::clamp(v, -1.0, 1.0) + 1.0) * 2.0;
    const auto i = std::min<std::size_t>(static_cast<std::size_t>(x), 3);
    return mix(sign[i], sign[i + 1], x - static_cast<double>(i));
}

QRgb Theme::signRgb(double v) const
{
    return signColor(v).rgb();
}

QColor Theme::shareColor(double share) const
{
    constexpr double kLeast = 0.12;
    if (std::isnan(share))
        return ink3;
    return share > 0 ? mix(panel, sign.front(), kLeast + (1 - kLeast) * std::min(share, 1.0))
                     : panel;
}

QFont uiFont(int px, int weight, bool italic)
{
    QFont font(QStringLiteral("Inter"));
    font.setPixelSize(px);
    font.setWeight(static_cast<QFont::Weight>(weight));
    font.setItalic(italic);
    return font;
}

QString signedNumber(double value, int decimals)
{
    if (!std::isfinite(value))
        return std::isnan(value)
            ? QStringLiteral("not finite")
            : (value > 0 ? QStringLiteral("+\u221e") : QStringLiteral("\u2212\u221e"));
    QString digits = QString::number(std::abs(value), 'f', decimals);
    if (std::abs(value) >= 1e5) { // of a circuit that runs away
        const auto exponent = static_cast<int>(std::floor(std::log10(std::abs(value))));
        digits = QString::number(std::abs(value) / std::pow(10.0, exponent), 'f', 1)
            + QStringLiteral("\u00b710") + superscript(exponent);
    }
    return (std::signbit(value) ? QChar(0x2212) : QChar(u'+')) + digits;
}

QString scientificRich(double value, int digits)
{
    if (!std::isfinite(value))
        return QStringLiteral("not finite");
    if (value == 0)
        return QStringLiteral("0");
    const double magnitude = std::abs(value);
    if (magnitude >= 0.01 && magnitude < 1e4)
        return QString::number(value, 'g', digits + 1).replace(u'-', QChar(0x2212));
    int exponent = static_cast<int>(std::floor(std::log10(magnitude)));
    double mantissa = value / std::pow(10.0, exponent);
    if (std::abs(mantissa) >= 9.95) { // would print as 10.0
        mantissa /= 10;
        ++exponent;
    }
    const QString power = QString::number(exponent).replace(u'-', QChar(0x2212));
    return QString::number(mantissa, 'f', digits - 1).replace(u'-', QChar(0x2212)) + QChar(0x00b7)
        + QStringLiteral("10<sup>") + power + QStringLiteral("</sup>");
}

} // namespace apical
