#include "app/help/plausibility_equations.h"

#include "app/help/plausibility_text.h"
#include "widgets/look/style.h"
#include "widgets/look/theme.h"

#include <QEvent>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr double kMargin = 12, kNameWidth = 96, kGap = 9;
constexpr QChar kThinSpace(0x202f); ///< where lines are not broken

QFont equationFont()
{
    return uiFont(16); // subscripts have two thirds of it
}

} // namespace

EquationPanel::EquationPanel(QWidget* parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Learning equations"));
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void EquationPanel::show(const PlausibilityMethod& method, const PlausibilityCell& cell)
{
    m_method = &method;
    m_cell = &cell;
    make();
    QStringList texts;
    for (const LearningEquation& equation : method.equations)
        texts << plainEquation(equation, method, cell.marks);
    setAccessibleDescription(texts.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

/// Lays the texts out anew: they hold the colours of the theme.
void EquationPanel::make()
{
    m_lines.clear();
    if (!m_method)
        return;
    const QColor color = colorOf(roleOf(*m_cell), activeTheme());
    for (const LearningEquation& equation : m_method->equations) {
        Line line{equation.name, nullptr, {}, {}};
        QString text;
        QList<QTextLayout::FormatRange> formats;
        int term = -1;
        for (const EquationPiece& piece : equation.pieces) {
            if (piece.term != term) {
                text += kThinSpace; // for the frame
                term = piece.term;
            }
            const int begin = static_cast<int>(text.size());
            text += QString(piece.text).replace(u'/', QStringLiteral("/\u2060")); // no break there
            const int end = static_cast<int>(text.size());
            QTextCharFormat format;
            using Script = EquationPiece::Script;
            if (piece.script != Script::Base)
                format.setVerticalAlignment(piece.script == Script::Sub
                        ? QTextCharFormat::AlignSubScript
                        : QTextCharFormat::AlignSuperScript);
            if (std::ranges::find(m_cell->marks, piece.term) != m_cell->marks.end()) {
                format.setForeground(color);
                format.setFontWeight(QFont::DemiBold);
                const bool goesOn = !line.marked.empty()
                    && QStringView(text)
                           .mid(line.marked.back().end, begin - line.marked.back().end)
                           .trimmed()
                           .isEmpty();
                if (goesOn)
                    line.marked.back().end = end;
                else
                    line.marked.push_back({begin, end});
            }
            formats << QTextLayout::FormatRange{begin, end - begin, format};
        }
        line.text = std::make_unique<QTextLayout>(text, equationFont());
        line.text->setFormats(formats);
        line.text->setCacheEnabled(true);
        m_lines.push_back(std::move(line));
    }
    arrange(width());
}

double EquationPanel::arrange(double width) const
{
    const double room = std::max(80.0, width - 2 * kMargin - kNameWidth);
    double y = kMargin;
    for (Line& line : m_lines) {
        line.at = {kMargin + kNameWidth, y};
        double height = 0;
        line.text->beginLayout();
        for (QTextLine row = line.text->createLine(); row.isValid();
             row = line.text->createLine()) {
            row.setLineWidth(room);
            row.setPosition({0, height});
            height += row.height() + 4;
        }
        line.text->endLayout();
        y += height + kGap - 4;
    }
    return std::ceil(y - kGap + kMargin);
}

int EquationPanel::heightForWidth(int width) const
{
    const double height = arrange(width);
    arrange(this->width());
    return static_cast<int>(height);
}

QSize EquationPanel::sizeHint() const
{
    return {520, heightForWidth(520)};
}

QSize EquationPanel::minimumSizeHint() const
{
    return {320, heightForWidth(std::max(320, width()))};
}

void EquationPanel::framesOf(const Line& line, std::vector<QRectF>& frames) const
{
    for (const Marked& marked : line.marked) {
        for (int i = 0; i < line.text->lineCount(); ++i) {
            const QTextLine row = line.text->lineAt(i);
            const int begin = std::max(marked.begin, row.textStart());
            const int end = std::min(marked.end, row.textStart() + row.textLength());
            if (begin >= end)
                continue;
            const double left = row.cursorToX(begin), right = row.cursorToX(end);
            frames.push_back(
                QRectF(line.at.x() + left, line.at.y() + row.y(), right - left, row.height())
                    .adjusted(-2.5, -1, 2.5, 1));
        }
    }
}

std::vector<QRectF> EquationPanel::frames() const
{
    std::vector<QRectF> frames;
    for (const Line& line : m_lines)
        framesOf(line, frames);
    return frames;
}

void EquationPanel::paintEvent(QPaintEvent*)
{
    const Theme& theme = activeTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), theme.panel);
    if (!m_cell)
        return;
    const QColor color = colorOf(roleOf(*m_cell), theme);
    QColor fill = color;
    fill.setAlphaF(0.06F); // the text on it keeps its contrast
    painter.setPen(QPen(color, 1.5));
    painter.setBrush(fill);
    for (const QRectF& frame : frames())
        painter.drawRoundedRect(frame, 4, 4);
    for (const Line& line : m_lines) {
        painter.setPen(theme.ink2);
        painter.setFont(uiFont(11));
        const double height = line.text->lineAt(0).height();
        painter.drawText(QRectF(kMargin, line.at.y(), kNameWidth - 8, height),
            Qt::AlignLeft | Qt::AlignVCenter, line.name);
        painter.setPen(theme.ink);
        line.text->draw(&painter, line.at);
    }
}

void EquationPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange(width());
}

void EquationPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::StyleChange || event->type() == QEvent::PaletteChange) {
        make();
        update();
    }
}

} // namespace apical
