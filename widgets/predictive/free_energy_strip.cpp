#include "widgets/predictive/free_energy_strip.h"

#include "widgets/look/number_text.h"
#include "widgets/look/rich_text.h"

#include <QPainter>
#include <QSizeF>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kPlain = 1e6; // larger ones are powers of ten
constexpr double kFirst = 3, kSecond = 21; // px below the line

/// Digits after the point that show three of F, so that sums add up as they are read.
int decimalsFor(double energy)
{
    const double size = std::clamp(std::abs(energy), 1e-4, 1e4);
    return std::clamp(2 - static_cast<int>(std::floor(std::log10(size))), 1, 6);
}

QString text(double value, int decimals)
{
    if (!(std::abs(value) < kPlain)) // beyond the limit of the rate it grows to any size
        return valueText(value, 3);
    const QString digits = QString::number(std::abs(value), 'f', decimals);
    return value < 0 ? u"\u2212"_s + digits : digits;
}

} // namespace

void FreeEnergyStrip::paint(QPainter& painter, const Theme& t) const
{
    painter.fillRect(QRectF(m_area.left(), m_area.top(), m_area.width(), 1), t.line);
    const QFont large = uiFont(12, QFont::DemiBold), small = uiFont(11);
    const QPointF first = m_area.topLeft() + QPointF(0, kFirst),
                  second = m_area.topLeft() + QPointF(0, kSecond);
    const FreeEnergy free = m_picture.freeEnergy();
    if (!free.exists()) {
        const QString why = m_picture.entropy
            ? u"with \u03c0<sub>N</sub> other than 1 or predictions held"_s
            : u"while predictions are held"_s;
        return drawRich(painter, first, u"<i>F</i> is no \u2212ln p "_s + why, small, t.ink2);
    }
    const int d = decimalsFor(free.f());
    const QString parts =
        u"<i>F</i> %1 + const %2"_s.arg(text(free.f(), d), text(free.constants(), d));
    const QString sum = text(free.minusLogDensity(), d);
    const auto fits = [&](const QString& line) {
        return richSize(line, large).width() <= m_area.width();
    };
    const QString whole = u"%1 = %2 = \u2212ln p(x, y | input), nat"_s.arg(parts, sum),
                  brief = u"%1 = %2 = \u2212ln p, nat"_s.arg(parts, sum);
    if (!fits(brief)) { // what it comes to takes the second line
        drawRich(painter, first, parts, large, t.ink);
        return drawRich(painter, second, u"= \u2212ln p = %1 nat"_s.arg(sum), large, t.ink);
    }
    drawRich(painter, first, fits(whole) ? whole : brief, large, t.ink);
    const QString law = u"const = \u03a3 n/2 ln(2\u03c0/\u03c0<sub>l</sub>)"_s;
    QString each = law + u": "_s;
    for (int l = 1; l <= m_picture.layers(); ++l)
        each += u"%1%2 %3"_s.arg(l > 1 ? u" + "_s : QString(), m_picture.layerName(l),
            text(free.constant[static_cast<std::size_t>(l - 1)], 2));
    const bool all = richSize(each, small).width() <= m_area.width();
    drawRich(painter, second, all ? each : law, small, t.ink2);
}

} // namespace apical
