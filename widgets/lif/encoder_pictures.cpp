#include "widgets/lif/encoder_pictures.h"

#include "widgets/look/number_text.h"
#include "widgets/picture/pixel_image.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kLine = 16, kGap = 12, kEdge = 12; // px

struct Picture {
    QString name, below, shortBelow; ///< the short one where space is short
    std::vector<double> values;
};

QString errorText(const EncoderLane& lane, bool chance)
{
    const ReadingError error = readingError(lane);
    if (!(lane.ms > 0))
        return u"no spikes yet"_s;
    QString text = u"error "_s + valueText(error.made, 2);
    if (chance && error.expected > 0)
        text += u", chance "_s + valueText(error.expected, 2);
    return text;
}

std::vector<Picture> picturesOf(const std::vector<EncoderLane>& lanes)
{
    std::vector<Picture> pictures{{u"input"_s, u"x"_s, u"x"_s, lanes.front().inputs}};
    for (const EncoderLane& lane : lanes)
        if (lane.sends())
            pictures.push_back({lane.name.isEmpty() ? lane.kind() : lane.name,
                errorText(lane, true), errorText(lane, false), readBack(lane)});
    double high = 0; // ink of all of them: the brightest input
    for (const double x : lanes.front().inputs)
        high = std::max(high, x);
    for (Picture& picture : pictures)
        for (double& value : picture.values)
            value /= high > 0 ? high : 1;
    return pictures;
}

/// Where pictures stand.
struct Row {
    double each = 0, size = 0; ///< px that one has, and takes
    std::vector<QRectF> places{};
};

Row rowOf(std::size_t pictures, int side, const QRectF& area)
{
    Row row;
    const auto n = static_cast<double>(pictures);
    row.each = (area.width() - 2 * kEdge - (n - 1) * kGap) / n;
    // Whole pixels per cell, as many as fit.
    const double cell = std::floor(std::min(row.each, area.height() - 2 * kLine - 8) / side);
    row.size = std::max(1.0, cell) * side;
    for (std::size_t i = 0; i < pictures; ++i)
        row.places.emplace_back(
            std::round(area.left() + kEdge + static_cast<double>(i) * (row.each + kGap)),
            area.top() + kLine + 4, row.size, row.size);
    return row;
}

} // namespace

int encodedSide(const std::vector<EncoderLane>& lanes)
{
    return lanes.empty() ? 0 : pictureSide(static_cast<int>(lanes.front().inputs.size()));
}

std::optional<int> inputUnder(
    const std::vector<EncoderLane>& lanes, const QRectF& area, const QPointF& at)
{
    const int side = encodedSide(lanes);
    if (side == 0)
        return {};
    const auto senders = static_cast<std::size_t>(
        std::ranges::count_if(lanes, [](const EncoderLane& lane) { return lane.sends(); }));
    for (const QRectF& place : rowOf(1 + senders, side, area).places) {
        if (!place.contains(at))
            continue;
        const auto along = [&](double px) {
            return std::clamp(static_cast<int>(px / place.width() * side), 0, side - 1);
        };
        return along(at.y() - place.top()) * side + along(at.x() - place.left());
    }
    return {};
}

void paintEncoded(QPainter& painter, const std::vector<EncoderLane>& lanes, const QRectF& area,
    const Theme& theme, int marked)
{
    const int side = encodedSide(lanes);
    if (side == 0)
        return;
    painter.save();
    const std::vector<Picture> pictures = picturesOf(lanes);
    const Row row = rowOf(pictures.size(), side, area);
    const double each = row.each, size = row.size;
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        const Picture& picture = pictures[i];
        const QRectF& at = row.places[i];
        painter.setFont(uiFont(11, QFont::DemiBold));
        painter.setPen(theme.ink);
        const QFontMetricsF bold(painter.font());
        painter.drawText(QRectF(at.left(), area.top() + 2, each, kLine),
            Qt::AlignLeft | Qt::AlignVCenter, bold.elidedText(picture.name, Qt::ElideRight, each));
        paintImage(painter, inkImage(picture.values, side, theme), at);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(theme.line);
        painter.drawRect(at);
        if (marked >= 0 && marked < side * side) {
            const double x = at.left() + marked % side * (size / side);
            const int line = marked / side;
            painter.setPen(QPen(theme.accent, 2));
            painter.drawRect(QRectF(x, at.top() + line * (size / side), size / side, size / side));
        }
        painter.setFont(uiFont(11));
        painter.setPen(theme.ink2);
        const QFontMetricsF plain(painter.font());
        const bool fits = plain.horizontalAdvance(picture.below) <= each;
        painter.drawText(QRectF(at.left(), at.bottom() + 3, each, kLine),
            Qt::AlignLeft | Qt::AlignVCenter,
            plain.elidedText(fits ? picture.below : picture.shortBelow, Qt::ElideRight, each));
    }
    painter.restore();
}

} // namespace apical
