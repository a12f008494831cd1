#include "widgets/circuit/layout.h"

#include "widgets/view/neuron_glyph.h"

#include <QFontMetricsF>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace apical {
namespace {

using Population = Selection::Population;

constexpr double kCaptionWidth = 102;
constexpr double kPillColumn = 66; ///< between pyramidal neurons and interneurons
constexpr double kBetweenPills = 3;
constexpr double kRightMargin = 24;
constexpr double kTopPad = 8, kBottomPad = 6;
// Heights at scale 1: output with its target ring, a hidden layer, the inputs.
constexpr double kOutputAbove = 28.5, kBasalBelow = 21, kHiddenAbove = 34, kInputHalf = 8;
constexpr double kSmallestGlyph = 0.4;
constexpr double kSmallestCell = 4; ///< px, so that one can still be clicked
constexpr double kMoreWidth = 64; ///< "+470 more"

double glyphWidth(Population population)
{
    switch (population) {
    case Population::Input:
        return 19;
    case Population::Interneuron:
        return 25;
    default:
        return 27;
    }
}

double comfortableSpacing(Population population)
{
    switch (population) {
    case Population::Input:
        return 44;
    case Population::Interneuron:
        return 52;
    default:
        return 62;
    }
}

} // namespace

QRectF CircuitRow::extent() const
{
    if (cells) {
        const double half = population == Population::Pyramidal ? (apical ? 1.5 : 1.0) : 0.5;
        return {-cellWidth() / 2, -half * kCellHeight, cellWidth(), 2 * half * kCellHeight};
    }
    QRectF shape = population == Population::Input ? NeuronGlyph::inputExtent()
        : population == Population::Interneuron    ? NeuronGlyph::interneuronExtent()
                                                   : NeuronGlyph::pyramidalExtent(apical);
    return {shape.topLeft() * scale, shape.size() * scale};
}

QRectF CircuitRow::bounds() const
{
    const QRectF one = extent();
    return one.translated(centre(first)).united(one.translated(centre(first + shown - 1)));
}

const char* CircuitPathway::name() const
{
    switch (kind) {
    case Kind::Up:
        return "up";
    case Kind::Down:
        return "down";
    case Kind::Ip:
        return "ip";
    case Kind::Pi:
        return "pi";
    }
    return "";
}

QString CircuitPathway::html(int hiddenLayers) const
{
    QString index = QString::fromLatin1(name());
    if (kind == Kind::Up || hiddenLayers > 1)
        index += u',' + QString::number(layer);
    return QStringLiteral("<i>W</i><sub>") + index + QStringLiteral("</sub>");
}

CircuitLayout::CircuitLayout(
    const QRectF& area, const std::vector<int>& sizes, const Selection& selection)
    : m_area(area)
    , m_last(static_cast<int>(sizes.size()) - 1)
{
    if (m_last < 1)
        return;
    const int hidden = m_last - 1;
    const double wantedGap = hidden <= 1 ? 37 : std::max(20.0, 37.0 - 11.0 * (hidden - 1));
    const double content =
        kOutputAbove + kBasalBelow + (kHiddenAbove + kBasalBelow) * hidden + 2 * kInputHalf;
    const double room = area.height() - kTopPad - kBottomPad;
    m_scale = std::clamp((room - wantedGap * m_last) / content, 0.35, 1.6);
    if (hidden <= 1)
        m_scale = std::min(m_scale, std::max(1.0, area.height() / 240));
    m_gap = std::max(4.0, (room - content * m_scale) / m_last);
    placeRows(sizes, selection);
    placePathways();
}

double CircuitLayout::rowY(int layer) const
{
    const double top = m_area.top() + kTopPad;
    double y = top + kOutputAbove * m_scale;
    if (layer == m_last)
        return y;
    y += kBasalBelow * m_scale;
    for (int l = m_last - 1; l >= 1; --l) {
        y += m_gap + kHiddenAbove * m_scale;
        if (l == layer)
            return y;
        y += kBasalBelow * m_scale;
    }
    return y + m_gap + kInputHalf * m_scale;
}

void CircuitLayout::placeRows(const std::vector<int>& sizes, const Selection& selection)
{
    const auto size = [&](int layer) { return sizes[static_cast<std::size_t>(layer)]; };
    double zoneNeed = 240, sideNeed = 0;
    int zoneCount = 1, sideCount = 0;
    for (int l = 0; l <= m_last; ++l) {
        zoneNeed = std::max(zoneNeed,
            size(l) * comfortableSpacing(l == 0 ? Population::Input : Population::Pyramidal));
        zoneCount = std::max(zoneCount, size(l));
        if (l >= 1 && l < m_last) {
            sideNeed =
                std::max(sideNeed, size(l + 1) * comfortableSpacing(Population::Interneuron));
            sideCount = std::max(sideCount, size(l + 1));
        }
    }
    const double middle = sideCount > 0 ? kPillColumn : 0;
    const double room = std::max(120.0, m_area.width() - kCaptionWidth - middle - kRightMargin);
    if (zoneNeed + sideNeed <= room) {
        const double grow = std::min(1.35, room / (zoneNeed + sideNeed));
        m_zoneWidth = zoneNeed * grow;
        m_sideWidth = sideNeed * grow;
    } else {
        const double share = room * sideCount / (zoneCount + sideCount);
        m_sideWidth =
            std::clamp(share, std::min(sideNeed, 0.3 * room), std::max(sideNeed, 0.3 * room));
        m_sideWidth = std::min(m_sideWidth, sideNeed);
        m_zoneWidth = room - m_sideWidth;
    }
    const double slack = std::max(0.0, room - m_zoneWidth - m_sideWidth);
    m_zoneLeft = m_area.left() + kCaptionWidth + slack * 0.4;
    m_sideLeft = m_zoneLeft + m_zoneWidth + middle;

    const auto place = [&](Population population, int layer, int count, double left, double width) {
        CircuitRow row;
        row.population = population;
        row.layer = layer;
        row.count = row.shown = count;
        row.y = rowY(layer);
        row.apical = population == Population::Pyramidal && layer < m_last;
        const double widest = population == Population::Pyramidal && layer == m_last ? 104 : 86;
        row.spacing = std::min(widest, width / count);
        row.scale = std::min(m_scale, row.spacing / glyphWidth(population));
        row.cells = row.scale < kSmallestGlyph;
        if (row.cells && row.spacing < kSmallestCell) {
            row.spacing = kSmallestCell;
            row.shown =
                std::clamp(static_cast<int>((width - kMoreWidth) / kSmallestCell), 1, count);
            if (selection.population == population && selection.layer == layer)
                row.first = std::clamp(selection.index - row.shown / 2, 0, count - row.shown);
        }
        row.named = !row.cells && population != Population::Input
            && row.spacing > glyphWidth(population) * row.scale + 22;
        const double used = row.spacing * (row.shown - 1);
        row.x = row.shown < count ? left + row.spacing / 2 : left + (width - used) / 2;
        m_rows.push_back(row);
    };
    for (int l = 0; l <= m_last; ++l)
        place(l == 0 ? Population::Input : Population::Pyramidal, l, size(l), m_zoneLeft,
            m_zoneWidth);
    for (int l = 1; l < m_last; ++l)
        place(Population::Interneuron, l, size(l + 1), m_sideLeft, m_sideWidth);
}

void CircuitLayout::placePathways()
{
    using Kind = CircuitPathway::Kind;
    const double height = std::clamp(m_gap - 2, 14.0, 18.0);
    const QFontMetricsF metrics(uiFont(12));
    const auto widthOf = [&](const CircuitPathway& pathway) {
        const bool numbered = pathway.kind == Kind::Up || hiddenLayers() > 1;
        const double letters =
            static_cast<double>(std::string_view(pathway.name()).size()) * 6.0 + (numbered ? 9 : 0);
        return 26 + metrics.horizontalAdvance(u'W') + letters;
    };
    const auto pill = [&](Kind kind, int layer, QPointF centre) {
        CircuitPathway pathway{kind, layer, {}};
        const double width = widthOf(pathway);
        pathway.pill = {
            std::round(centre.x() - width / 2), std::round(centre.y() - height / 2), width, height};
        m_pathways.push_back(pathway);
    };
    const double centre = m_zoneLeft + m_zoneWidth / 2;
    const double aside = std::min(m_zoneWidth * 0.25, 120.0);
    const double column = m_sideLeft - kPillColumn / 2;
    for (int l = 1; l <= m_last; ++l) {
        const double above =
            l == 1 ? rowY(0) - kInputHalf * m_scale : rowY(l - 1) - kHiddenAbove * m_scale;
        const double y = above - m_gap / 2;
        if (l == 1) {
            pill(Kind::Up, l, {centre, y});
        } else {
            // Where it is narrow they make room for each other, and for those of the column.
            const double up = widthOf({Kind::Up, l, {}}), down = widthOf({Kind::Down, l - 1, {}});
            const double right = column - widthOf({Kind::Pi, l - 1, {}}) / 2 - kBetweenPills;
            const double downAt = std::min(centre + aside, right - down / 2);
            pill(Kind::Up, l,
                {std::min(centre - aside, downAt - (up + down) / 2 - kBetweenPills), y});
            pill(Kind::Down, l - 1, {downAt, y});
        }
        if (l < m_last) {
            const double middle = rowY(l) - 10 * m_scale;
            const double apart = std::max(24.5 * m_scale, height / 2 + 1.5);
            pill(Kind::Pi, l, {column, middle - apart});
            pill(Kind::Ip, l, {column, middle + apart});
        }
    }
}

const CircuitRow* CircuitLayout::row(Population population, int layer) const
{
    const auto found = std::ranges::find_if(m_rows,
        [&](const CircuitRow& r) { return r.population == population && r.layer == layer; });
    return found == m_rows.end() ? nullptr : &*found;
}

QRectF CircuitLayout::tagOf(const Selection& unit, const QSizeF& size) const
{
    const QRectF frame = frameOf(unit);
    const CircuitRow* of = row(unit.population, unit.layer);
    if (!of || frame.isEmpty())
        return {};
    const double x = frame.center().x() - size.width() / 2;
    const double beside = of->centre(unit.index).y() - 14;
    const QPointF right(frame.right() + 3, beside);
    // Beside the neuron only where names have room.
    const std::array corners{of->named ? right : QPointF(x, frame.bottom() + 2),
        QPointF(x, frame.bottom() + 2), QPointF(x, frame.top() - 17),
        QPointF(frame.left() - size.width() - 3, beside), right};
    const auto covered = [&](const QPointF& corner) {
        const QRectF box(corner, size);
        return !m_area.contains(box)
            || std::ranges::any_of(
                m_pathways, [&](const CircuitPathway& p) { return p.pill.intersects(box); });
    };
    const auto place = std::ranges::find_if_not(corners, covered);
    return {place == corners.end() ? corners.front() : *place, size};
}

bool CircuitLayout::isFree(const QRectF& place) const
{
    return std::ranges::none_of(m_rows,
        [&](const CircuitRow& r) { return r.bounds().adjusted(-6, 0, 6, 2).intersects(place); });
}

QRectF CircuitLayout::scaleBar() const
{
    const QRectF bar(m_area.right() - 132, m_area.top() + 24, 120, 8);
    return isFree(bar.adjusted(0, -18, 0, 16)) ? bar : QRectF(); // with its words
}

QRectF CircuitLayout::legend() const
{
    const QRectF place(m_area.right() - 214, m_area.bottom() - 42, 210, 34);
    return isFree(place) ? place : QRectF();
}

} // namespace apical
