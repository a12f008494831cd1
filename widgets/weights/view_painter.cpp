#include "widgets/weights/view_painter.h"

#include "widgets/look/number_text.h"
#include "widgets/look/rich_text.h"
#include "widgets/look/style.h"

#include <QPainter>

#include <algorithm>

namespace apical {

using namespace Qt::Literals::StringLiterals;

WeightsPainter::WeightsPainter(QPainter& painter, const WeightsLayout& layout, const Theme& theme,
    const std::vector<int>& sizes, const Selection& selection)
    : m_painter(painter)
    , m_layout(layout)
    , m_theme(theme)
    , m_sizes(sizes)
    , m_selection(selection)
{
}

void WeightsPainter::table(std::size_t i, const WeightsPicture& picture) const
{
    const WeightsTable& table = picture.table;
    const QRectF cells = m_layout.cells(i);
    const double ratio = m_painter.device()->devicePixelRatioF();
    HeatMap& map = picture.map;
    map.setRange(picture.range);
    m_painter.drawImage(cells, map.image((cells.size() * ratio).toSize()));
    const QSizeF cell = m_layout.cell();
    m_painter.setPen(m_theme.panel);
    if (std::min(cell.width(), cell.height()) >= 8) {
        for (int c = 1; c < table.values.cols; ++c) {
            const double x = cells.left() + c * cell.width() - 1;
            m_painter.drawLine(QPointF(x, cells.top()), QPointF(x, cells.bottom() - 1));
        }
        for (int r = 1; r < table.values.rows; ++r) {
            const double y = cells.top() + r * cell.height() - 1;
            m_painter.drawLine(QPointF(cells.left(), y), QPointF(cells.right() - 1, y));
        }
    } else {
        m_painter.setPen(m_theme.line);
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawRect(cells.adjusted(-1, -1, 0, 0));
    }
    numbers(i, picture);
    selection(i, picture);
    labels(i, picture);
}

void WeightsPainter::numbers(std::size_t i, const WeightsPicture& picture) const
{
    const WeightsTable& table = picture.table;
    if (!m_layout.numbersFit(table.difference))
        return;
    m_painter.setFont(uiFont(10));
    for (int r = 0; r < table.values.rows; ++r)
        for (int c = 0; c < table.values.cols; ++c) {
            m_painter.setPen(inkOn(m_theme.signColor(table.values(r, c) / picture.range)));
            m_painter.drawText(m_layout.cellRect(i, r, c).adjusted(-2, 0, 2, 0), Qt::AlignCenter,
                cellText(picture.numbers(r, c), table.difference));
        }
}

void WeightsPainter::selection(std::size_t i, const WeightsPicture& picture) const
{
    const WeightsTable& table = picture.table;
    m_painter.setPen(QPen(m_theme.accent, 2));
    m_painter.setBrush(Qt::NoBrush);
    if (const int row = table.rows.find(m_selection); row >= 0)
        m_painter.drawRect(m_layout.rowRect(i, row));
    if (const int col = table.cols.find(m_selection); col >= 0)
        m_painter.drawRect(m_layout.columnRect(i, col));
}

void WeightsPainter::labels(std::size_t i, const WeightsPicture& picture) const
{
    const WeightsTable& table = picture.table;
    const Theme& t = m_theme;
    const auto pen = [&](bool selected) {
        m_painter.setPen(selected ? t.accent : t.ink2);
        m_painter.setFont(uiFont(10, selected ? QFont::DemiBold : QFont::Normal));
    };
    if (i == 0)
        for (int r = 0; r < table.values.rows; r += m_layout.rowStep()) {
            pen(table.rows.find(m_selection) == r);
            m_painter.drawText(m_layout.rowLabel(r), Qt::AlignRight | Qt::AlignVCenter,
                table.rows.label(r, m_sizes));
        }
    for (int c = 0; c < table.values.cols; c += m_layout.columnStep()) {
        pen(table.cols.find(m_selection) == c);
        m_painter.drawText(
            m_layout.columnLabel(i, c), Qt::AlignCenter, table.cols.label(c, m_sizes));
    }

    const QSize block = picture.map.block();
    const QString blocks = block == QSize(1, 1)
        ? QString()
        : u", mean of %1 \u00d7 %2"_s.arg(block.height()).arg(block.width());
    const QFont titleFont = uiFont(12, QFont::Medium), noteFont = uiFont(10);
    const QSizeF titleSize = richSize(table.title, titleFont);
    const QFontMetricsF metrics(noteFont);
    const QRectF place = m_layout.title(i);
    // The fixed range and how far values go beyond it, as much as fits before the next title.
    const HeatMap& map = picture.map;
    const QString range = u"\u00b1"_s + QString::number(picture.range);
    QStringList notes{range + blocks, range};
    if (map.clipped())
        notes = {
            range + u", max "_s + QString::number(map.largest(), 'g', 2) + u" clipped"_s + blocks,
            range + u" clipped"_s, range + u'+'};
    QString note = notes.last();
    const double room =
        m_layout.titleEnd(i) - std::max(place.left(), m_titleEnd) - 16 - titleSize.width();
    for (const QString& text : notes) {
        if (metrics.horizontalAdvance(text) <= room) {
            note = text;
            break;
        }
    }
    const double noteWidth = metrics.horizontalAdvance(note);
    const double mark = picture.color.isValid() ? 12 : 0;
    const double width = mark + titleSize.width() + 4 + noteWidth;
    double x = std::max(m_titleEnd,
        std::max(
            place.left(), std::min(place.center().x() - width / 2, m_layout.titleEnd(i) - width)));
    m_titleEnd = x + width + 6;
    if (mark > 0) {
        m_painter.fillRect(QRectF(x, place.top() + 4, 8, 8), picture.color);
        x += mark;
    }
    drawRich(m_painter, {x, place.top()}, table.title, titleFont, t.ink);
    m_painter.setFont(noteFont);
    m_painter.setPen(map.clipped() ? t.amber : t.ink3);
    m_painter.drawText(QRectF(x + titleSize.width() + 4, place.top(), noteWidth + 4, 15),
        Qt::AlignLeft | Qt::AlignVCenter, note);
}

void WeightsPainter::colourBar(double range) const
{
    const QRectF bar = m_layout.colourBar();
    QLinearGradient gradient(bar.topLeft(), bar.bottomLeft());
    for (std::size_t i = 0; i < 5; ++i)
        gradient.setColorAt(static_cast<double>(i) / 4, m_theme.sign[4 - i]);
    m_painter.fillRect(bar, gradient);
    m_painter.setPen(m_theme.line);
    m_painter.setBrush(Qt::NoBrush);
    m_painter.drawRect(bar.adjusted(-1, -1, 0, 0));
    m_painter.setPen(m_theme.ink2);
    m_painter.setFont(uiFont(10));
    const QString words[] = {range > 0 ? signedTick(range, range) : u"max"_s, u"0"_s,
        range > 0 ? signedTick(-range, range) : u"min"_s};
    for (int k = 0; k < 3; ++k)
        m_painter.drawText(QRectF(bar.right() + 5, bar.top() + k * bar.height() / 2 - 7, 32, 14),
            Qt::AlignLeft | Qt::AlignVCenter, words[k]);
    m_painter.setPen(m_theme.ink3);
    m_painter.drawText(QRectF(bar.right() + 5, bar.top() + 0.25 * bar.height() - 7, 32, 14),
        Qt::AlignLeft | Qt::AlignVCenter, u"(1)"_s);
}

void WeightsPainter::signs(std::size_t tables) const
{
    m_painter.setFont(uiFont(13));
    m_painter.setPen(m_theme.ink);
    for (std::size_t i = 0; i + 1 < tables; ++i)
        m_painter.drawText(m_layout.between(i), Qt::AlignCenter, i == 0 ? u"\u2212"_s : u"="_s);
}

} // namespace apical
