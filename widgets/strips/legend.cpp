#include "widgets/strips/legend.h"

#include "widgets/look/rich_text.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace apical {
namespace {

constexpr double kNameGap = 8; // px between name and value
constexpr double kSwatch = 10;
constexpr double kTightRow = 10.5; // px between two rows where space is short

QFont nameFont()
{
    return uiFont(11, QFont::DemiBold);
}

QFont valueFont()
{
    return uiFont(11);
}

std::size_t variants(const Strip& strip)
{
    std::vector<std::size_t> counts(strip.rows.size(), 0);
    for (const StripCurve& curve : strip.curves)
        ++counts[static_cast<std::size_t>(curve.row)];
    return counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
}

double variantWidth(const Strip& strip)
{
    double widest = 0;
    for (const StripCurve& curve : strip.curves)
        if (!curve.variant.isEmpty())
            widest = std::max(widest, richSize(curve.variant, valueFont()).width() + kSwatch + 5);
    return widest;
}

double cellWidth(const Strip& strip)
{
    return variantWidth(strip) + (strip.format == StripFormat::Signed ? 44 : 48);
}

} // namespace

std::vector<QRectF> LegendLayout::boxes() const
{
    std::vector<QRectF> out;
    for (const Row& row : rows)
        out.emplace_back(left - 2, row.y - 7, right - left + 4, 14);
    return out;
}

std::vector<double> spread(const std::vector<double>& wanted, double gap, double top, double bottom)
{
    std::vector<std::size_t> order(wanted.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(
        order.begin(), order.end(), [&](auto a, auto b) { return wanted[a] < wanted[b]; });
    std::vector<double> placed(wanted.size());
    double least = top;
    for (const std::size_t i : order) {
        placed[i] = std::max(wanted[i], least);
        least = placed[i] + gap;
    }
    // Pushed out at the bottom: move the last ones up again.
    double most = bottom;
    for (auto i = order.rbegin(); i != order.rend(); ++i) {
        placed[*i] = std::min(placed[*i], most);
        most = placed[*i] - gap;
    }
    return placed;
}

double legendNameWidth(const std::vector<Strip>& strips)
{
    double widest = 0;
    for (const Strip& strip : strips)
        for (const StripRow& row : strip.rows)
            widest = std::max(widest, richSize(row.name, nameFont()).width());
    return std::ceil(widest);
}

double legendWidth(const std::vector<Strip>& strips)
{
    double widest = 0;
    for (const Strip& strip : strips)
        widest = std::max(widest, cellWidth(strip) * static_cast<double>(variants(strip)));
    return legendNameWidth(strips) + kNameGap + widest;
}

LegendLayout layoutLegend(const Strip& strip, const std::vector<LegendEntry>& entries,
    const PlotScale& scale, const QRectF& plot, double left, double nameWidth, const QRectF& title)
{
    LegendLayout layout;
    layout.left = left;
    layout.valueLeft = left + nameWidth + kNameGap;
    layout.cell = cellWidth(strip);
    layout.right = layout.valueLeft + layout.cell * static_cast<double>(variants(strip));
    std::vector<int> rows;
    std::vector<double> wanted;
    for (std::size_t r = 0; r < strip.rows.size(); ++r) {
        double sum = 0;
        int count = 0;
        for (const LegendEntry& entry : entries) {
            if (entry.curve->row == static_cast<int>(r) && std::isfinite(entry.value)) {
                sum += std::clamp(scale.toPixel(entry.value), plot.top(), plot.bottom());
                ++count;
            }
        }
        if (count > 0) {
            rows.push_back(static_cast<int>(r));
            wanted.push_back(sum / count);
        }
    }
    // A low strip draws its rows closer; what does not fit even then keeps its dot only.
    const double room = plot.height() - 14;
    while (rows.size() > 2 && room / static_cast<double>(rows.size() - 1) < kTightRow) {
        rows.pop_back();
        wanted.pop_back();
    }
    const double gap = rows.size() < 2
        ? kLegendRow
        : std::min(kLegendRow, room / static_cast<double>(rows.size() - 1));
    // Below the title, if the two share columns and the strip is high enough.
    const double below = title.bottom() + 7;
    const bool clear = title.isEmpty() || layout.right + 4 < title.left()
        || below + gap * (static_cast<double>(rows.size()) - 1) > plot.bottom() - 7;
    const std::vector<double> placed =
        spread(wanted, gap, clear ? plot.top() + 7 : below, plot.bottom() - 7);
    for (std::size_t i = 0; i < rows.size(); ++i)
        layout.rows.push_back({rows[i], std::round(placed[i])});
    std::sort(layout.rows.begin(), layout.rows.end(),
        [](const auto& a, const auto& b) { return a.y < b.y; });
    return layout;
}

void paintLegend(QPainter& painter, const Theme& theme, const Strip& strip,
    const std::vector<LegendEntry>& entries, const PlotScale& scale, const QRectF& plot, double x,
    const LegendLayout& layout, const QColor& paper)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    for (const LegendEntry& entry : entries) {
        // Where the instant shown is out of sight, no line may look like a curve.
        if (!std::isfinite(entry.value) || x < plot.left() || x > plot.right())
            continue;
        const QPointF end(x, std::clamp(scale.toPixel(entry.value), plot.top(), plot.bottom()));
        painter.setPen(Qt::NoPen);
        painter.setBrush(entry.curve->color);
        painter.drawEllipse(end, 3, 3);
        const auto at = std::find_if(layout.rows.begin(), layout.rows.end(),
            [&](const LegendLayout::Row& r) { return r.row == entry.curve->row; });
        if (layout.left <= x + 4 || at == layout.rows.end())
            continue;
        painter.setPen(QPen(entry.curve->color, 1));
        painter.drawLine(end, QPointF(layout.left - 2, at->y));
    }
    const double labelWidth = variantWidth(strip);
    QColor mask = paper;
    mask.setAlpha(225);
    for (const auto& [row, y] : layout.rows)
        painter.fillRect(QRectF(layout.left - 2, y - 7, layout.right - layout.left + 4, 14), mask);
    for (const auto& [row, y] : layout.rows) {
        double cell = layout.valueLeft;
        for (const LegendEntry& entry : entries) {
            const StripCurve& curve = *entry.curve;
            if (curve.row != row)
                continue;
            double textLeft = cell;
            if (!curve.variant.isEmpty()) {
                QPen line(curve.color, 2, Qt::SolidLine, Qt::FlatCap);
                if (curve.gap > 0)
                    line.setDashPattern({curve.dash / 3, curve.gap / 3});
                painter.setPen(line);
                painter.drawLine(QPointF(cell, y), QPointF(cell + kSwatch, y));
                const QSizeF size = richSize(curve.variant, valueFont());
                drawRich(painter, {cell + kSwatch + 3, y - size.height() / 2}, curve.variant,
                    valueFont(), theme.ink);
                textLeft += labelWidth;
            }
            const QSizeF size = richSize(entry.text, valueFont());
            drawRich(
                painter, {textLeft, y - size.height() / 2}, entry.text, valueFont(), theme.ink2);
            cell += layout.cell;
        }
        const QString& name = strip.rows[static_cast<std::size_t>(row)].name;
        const QSizeF size = richSize(name, nameFont());
        drawRich(painter, {layout.left, y - std::min(size.height(), 14.0) / 2 - 0.5}, name,
            nameFont(), theme.ink);
    }
    painter.restore();
}

} // namespace apical
