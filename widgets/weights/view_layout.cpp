#include "widgets/weights/view_layout.h"

#include "widgets/weights/refit_button.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr double kTop = 38, kBottom = 9, kRight = 56;
constexpr double kGap = 38, kNarrowGap = 24; ///< with a sign in it, and without
constexpr double kMaxCellWidth = 64, kMaxCellHeight = 28;

/// Whole pixels while cells are large enough to be counted by eye, so that all are of one size.
double even(double size)
{
    return size >= 3 ? std::floor(size) : size;
}

} // namespace

WeightsLayout::WeightsLayout(
    const QRectF& area, const std::vector<WeightsTable>& tables, const std::vector<int>& sizes)
    : m_tables(std::max<std::size_t>(1, tables.size()))
    , m_rows(tables.empty() ? 1 : tables.front().values.rows)
    , m_cols(tables.empty() ? 1 : tables.front().values.cols)
    , m_gap(!tables.empty() && tables.front().lane >= 0 ? kNarrowGap : kGap)
{
    const QFontMetricsF metrics(uiFont(10, QFont::DemiBold));
    double rowLabel = 20, columnLabel = 10;
    if (!tables.empty()) {
        rowLabel = metrics.horizontalAdvance(tables.front().rows.label(m_rows - 1, sizes));
        for (const WeightsTable& table : tables) // the last of them may be the bias, "b"
            columnLabel = std::max(columnLabel,
                metrics.horizontalAdvance(
                    table.cols.label(std::max(table.cols.size, 1) - 1, sizes)));
    }
    m_gutter = std::max(28.0, rowLabel + 14);
    const auto n = static_cast<double>(m_tables);
    const double room = area.width() - m_gutter - kRight - (n - 1) * m_gap - 6;
    const double widest = m_tables == 1 ? room : kMaxCellWidth * m_cols;
    const double width = std::min(room / n, widest), height = area.height() - kTop - kBottom;
    m_cell = {even(std::max(width, 1.0) / m_cols),
        even(std::min(std::max(height, 1.0) / m_rows, kMaxCellHeight))};
    m_left = area.left() + m_gutter;
    m_top = area.top() + kTop;
    // What rounding left over goes between the tables.
    m_pitch = std::min(room / n, m_cell.width() * m_cols + 12) + m_gap;
    m_rowStep = std::max(1, static_cast<int>(std::ceil(11 / m_cell.height())));
    m_columnStep = std::max(1, static_cast<int>(std::ceil((columnLabel + 3) / m_cell.width())));
    const double barRoom = std::max(20.0, refitButton(area).top() - m_top - 8);
    m_bar = {area.right() - kRight + 8, m_top, 8,
        std::min(std::max(m_cell.height() * m_rows, 60.0), barRoom)};
}

QRectF WeightsLayout::cells(std::size_t table) const
{
    return {m_left + static_cast<double>(table) * m_pitch, m_top, m_cell.width() * m_cols,
        m_cell.height() * m_rows};
}

QRectF WeightsLayout::cellRect(std::size_t table, int row, int col) const
{
    const QRectF all = cells(table);
    return {all.left() + col * m_cell.width(), all.top() + row * m_cell.height(),
        m_cell.width() - 1, m_cell.height() - 1};
}

QRectF WeightsLayout::rowRect(std::size_t table, int row) const
{
    const QRectF all = cells(table);
    return QRectF(
        all.left(), all.top() + row * m_cell.height() - 1, all.width(), m_cell.height() + 1)
        .adjusted(-1, 0, 1, 0);
}

QRectF WeightsLayout::columnRect(std::size_t table, int col) const
{
    const QRectF all = cells(table);
    return QRectF(
        all.left() + col * m_cell.width() - 1, all.top(), m_cell.width() + 1, all.height())
        .adjusted(0, -1, 0, 1);
}

QRectF WeightsLayout::rowLabel(int row) const
{
    return {m_left - m_gutter, m_top + (row + 0.5) * m_cell.height() - 8, m_gutter - 7, 15};
}

QRectF WeightsLayout::columnLabel(std::size_t table, int col) const
{
    const double centre = cells(table).left() + (col + 0.5) * m_cell.width();
    return {centre - 40, m_top - 17, 80, 14};
}

QRectF WeightsLayout::title(std::size_t table) const
{
    const QRectF all = cells(table);
    const double left = table == 0 ? m_left - m_gutter + 4 : all.left() - m_gap - 8;
    const double half = std::max(20.0, all.center().x() - left);
    return {all.center().x() - half, m_top - 34, 2 * half, 15};
}

double WeightsLayout::titleEnd(std::size_t table) const
{
    constexpr double kButton = 24; // px that the pathway's button reaches beyond the colour bar
    return table + 1 == m_tables ? m_bar.left() - kButton : cells(table + 1).left() - 4;
}

QRectF WeightsLayout::between(std::size_t table) const
{
    const QRectF here = cells(table), next = cells(table + 1);
    return {here.right(), here.center().y() - 10, next.left() - here.right(), 20};
}

QRectF WeightsLayout::refitButton(const QRectF& area)
{
    return {area.right() - kRight + 2, area.bottom() - RefitButton::kSize - 3, RefitButton::kSize,
        RefitButton::kSize};
}

bool WeightsLayout::numbersFit(bool difference) const
{
    const QFontMetricsF metrics(uiFont(10));
    return m_cell.height() >= 13
        && m_cell.width() >= metrics.horizontalAdvance(difference ? u"+.000"_s : u"+.00"_s) + 2;
}

WeightsLayout::Hit WeightsLayout::hit(QPointF at) const
{
    Hit out;
    for (std::size_t t = 0; t < m_tables; ++t) {
        const QRectF all = cells(t);
        const QRectF wide = all.adjusted(t == 0 ? -m_gutter : 0, -18, 0, 0);
        if (!wide.contains(at))
            continue;
        const int row = static_cast<int>(std::floor((at.y() - all.top()) / m_cell.height()));
        const int col = static_cast<int>(std::floor((at.x() - all.left()) / m_cell.width()));
        if ((row < 0 && col < 0) || row >= m_rows || col >= m_cols)
            continue;
        out = {static_cast<int>(t), std::max(row, -1), std::max(col, -1)};
    }
    return out;
}

QString cellText(double value, bool difference)
{
    if (!std::isfinite(value))
        return QString(QChar(0x2013));
    const double magnitude = std::abs(value);
    const int decimals = difference ? 3 : 2;
    const QChar sign = std::signbit(value) ? QChar(0x2212) : QChar(u'+');
    if (magnitude >= 999.5) { // of a circuit that runs away; the cell keeps its width
        const auto exponent = static_cast<int>(std::floor(std::log10(magnitude)));
        return sign + QString::number(std::floor(magnitude / std::pow(10.0, exponent))) + u'e'
            + QString::number(exponent);
    }
    if (magnitude >= 9.95)
        return sign + QString::number(magnitude, 'f', 0);
    if (magnitude + 0.5 * std::pow(10, -decimals) >= 1)
        return sign + QString::number(magnitude, 'f', difference ? 2 : 1);
    return sign + QString::number(magnitude, 'f', decimals).mid(1);
}

} // namespace apical
