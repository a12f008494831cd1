#include "widgets/predictive/free_energy_strip.h"

#include "widgets/look/rich_text.h"

#include <QPainter>
#include <QSizeF>
#include <QStringList>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kFirst = 3, kSecond = 21; // px below the line

/// Digits after the point that show three of F, so that sums add up as they are read.
int decimalsFor(double energy)
{
    const double size = std::clamp(std::abs(energy), 1e-4, 1e4);
    return std::clamp(2 - static_cast<int>(std::floor(std::log10(size))), 1, 6);
}

QString text(double value, int decimals)
{
    const QString digits = QString::number(std::abs(value), 'f', decimals);
    return value < 0 ? u"\u2212"_s + digits : digits;
}

/// The first of the texts that is not too wide, else the last.
QString fitting(const QStringList& texts, const QFont& font, double width)
{
    const auto fits = std::ranges::find_if(
        texts, [&](const QString& t) { return richSize(t, font).width() <= width; });
    return fits == texts.end() ? texts.back() : *fits;
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
    const QString sum = u"<i>F</i> %1 + const %2 = %3"_s.arg(
        text(free.f(), d), text(free.constants(), d), text(free.minusLogDensity(), d));
    drawRich(painter, first,
        fitting({sum + u" = \u2212ln p(x, y | input), nat"_s, sum + u" = \u2212ln p, nat"_s, sum},
            large, m_area.width()),
        large, t.ink);
    QString parts;
    for (int l = 1; l <= m_picture.layers(); ++l)
        parts += u"%1 %2 %3"_s.arg(l > 1 ? u" +"_s : u":"_s, m_picture.layerName(l),
            text(free.constant[static_cast<std::size_t>(l - 1)], 2));
    const QString law = u"const = \u03a3 n/2 ln(2\u03c0/\u03c0<sub>l</sub>)"_s;
    drawRich(painter, second,
        fitting({law + parts, law + u", whatever moves"_s, law}, small, m_area.width()), small,
        t.ink2);
}

} // namespace apical
