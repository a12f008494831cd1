#include "widgets/picture/unit_map.h"

#include "widgets/look/number_text.h"
#include "widgets/picture/pixel_image.h"

#include <QImage>
#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {

void UnitMap::show(std::span<const double> values)
{
    m_values.assign(values.begin(), values.end());
    double most = 0;
    for (const double v : values) {
        if (!std::isfinite(v))
            continue;
        most = std::max(most, std::abs(v));
        m_signed = m_signed || v < 0;
    }
    if (most > m_high || most < 0.5 * m_high)
        m_high = most > 0 ? niceStep(most) : 0;
}

int UnitMap::columns() const
{
    return std::max(
        1, static_cast<int>(std::ceil(std::sqrt(static_cast<double>(m_values.size())))));
}

QRectF UnitMap::grid(const QRectF& box) const
{
    constexpr double kOver = 0.15; // of a pixel per unit: so far the grid may exceed its box
    const double across = columns();
    const double down = std::ceil(static_cast<double>(m_values.size()) / across);
    const double fits = box.width() / across;
    const double cell = fits < 1 ? fits : std::floor(fits + kOver);
    const QPointF corner(std::round(box.center().x() - cell * across / 2),
        std::round(box.center().y() - cell * down / 2));
    return {corner, QSizeF(cell * across, cell * down)};
}

void UnitMap::paint(QPainter& painter, const Theme& theme, const QRectF& box) const
{
    if (m_values.empty() || box.isEmpty())
        return;
    const int across = columns(), units = static_cast<int>(m_values.size());
    QImage picture(across, (units + across - 1) / across, QImage::Format_RGB32);
    picture.fill(theme.band);
    for (int i = 0; i < units; ++i) {
        const double v = m_values[static_cast<std::size_t>(i)];
        const double share = m_high > 0 ? v / m_high : 0 * v;
        picture.setPixel(i % across, i / across,
            m_signed ? theme.signRgb(share) : theme.shareColor(share).rgb());
    }
    const QRectF at = grid(box);
    paintImage(painter, picture, at);
    painter.setPen(theme.fieldLine);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(at.adjusted(-0.5, -0.5, 0.5, 0.5));
}

QString UnitMap::rangeText(bool tight) const
{
    const QString high = valueText(m_high, 1);
    return m_signed ? QChar(0xB1) + high : (tight ? u"0\u2026"_s : u"0 \u2026 "_s) + high;
}

int UnitMap::unitAt(QPointF point, const QRectF& box) const
{
    const QRectF at = grid(box);
    if (m_values.empty() || !at.contains(point))
        return -1;
    const int across = columns();
    const double cell = at.width() / across;
    const int column = std::min(across - 1, static_cast<int>((point.x() - at.left()) / cell));
    const int unit = static_cast<int>((point.y() - at.top()) / cell) * across + column;
    return unit < static_cast<int>(m_values.size()) ? unit : -1;
}

} // namespace apical
