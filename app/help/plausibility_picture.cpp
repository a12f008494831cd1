// How verdicts are drawn, in the table and in the picture of the whole.
#include "app/help/plausibility_table.h"
#include "app/help/plausibility_text.h"
#include "widgets/look/style.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace apical {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr double kIcon = 12; ///< px across
constexpr double kIconGap = 4;

QColor colorOf(PlausibilityVerdict verdict, const Theme& theme)
{
    switch (verdict) {
    case PlausibilityVerdict::Solved:
        return theme.good;
    case PlausibilityVerdict::Partly:
        return theme.amber;
    case PlausibilityVerdict::Not:
        return theme.bad;
    case PlausibilityVerdict::NotApplicable:
        break;
    }
    return theme.ink3;
}

/// Told apart by shape: a disc with a tick, a half-filled ring, a ring with a cross, a dash.
void paintIcon(
    QPainter& painter, const QPointF& centre, PlausibilityVerdict verdict, const Theme& theme)
{
    const QColor color = colorOf(verdict, theme);
    const double r = kIcon / 2 - 0.5;
    const QRectF box(centre.x() - r, centre.y() - r, 2 * r, 2 * r);
    painter.setPen(QPen(color, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    switch (verdict) {
    case PlausibilityVerdict::Solved: {
        painter.setBrush(color);
        painter.drawEllipse(box);
        QPainterPath tick(centre + QPointF(-2.6, 0.2));
        tick.lineTo(centre + QPointF(-0.8, 2.2));
        tick.lineTo(centre + QPointF(2.8, -2));
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme.panel, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawPath(tick);
        break;
    }
    case PlausibilityVerdict::Partly:
        painter.drawEllipse(box);
        painter.setBrush(color);
        painter.drawChord(box, 90 * 16, 180 * 16);
        break;
    case PlausibilityVerdict::Not:
        painter.drawEllipse(box);
        painter.drawLine(centre + QPointF(-2.2, -2.2), centre + QPointF(2.2, 2.2));
        painter.drawLine(centre + QPointF(-2.2, 2.2), centre + QPointF(2.2, -2.2));
        break;
    case PlausibilityVerdict::NotApplicable:
        painter.fillRect(
            QRectF(std::round(centre.x()) - 4, std::round(centre.y()) - 1, 8, 2), color);
        break;
    }
}

QString labelOf(PlausibilityVerdict verdict, bool words)
{
    switch (verdict) {
    case PlausibilityVerdict::NotApplicable:
        return u"n/a"_s;
    case PlausibilityVerdict::Not:
        return words ? u"N not"_s : u"N"_s;
    default:
        return words ? letterOf(verdict) + u' ' + wordOf(verdict) : letterOf(verdict);
    }
}

} // namespace

void paintVerdicts(
    QPainter& painter, const QRectF& area, const PlausibilityCell& cell, const Theme& theme)
{
    const QFont font = uiFont(11, QFont::DemiBold);
    const QFontMetricsF metrics(font);
    constexpr double between = 8;
    const auto width = [&](bool words) {
        double sum = between * static_cast<double>(cell.verdicts.size() - 1);
        for (const PlausibilityVerdict verdict : cell.verdicts)
            sum += kIcon + kIconGap + metrics.horizontalAdvance(labelOf(verdict, words));
        return sum;
    };
    const bool words = width(true) <= area.width() - 4;
    double x = area.center().x() - width(words) / 2;
    painter.setFont(font);
    for (const PlausibilityVerdict verdict : cell.verdicts) {
        paintIcon(painter, {x + kIcon / 2, area.center().y()}, verdict, theme);
        x += kIcon + kIconGap;
        const QString label = labelOf(verdict, words);
        const double advance = metrics.horizontalAdvance(label);
        painter.setPen(colorOf(verdict, theme));
        painter.drawText(QRectF(x, area.top(), advance + 2, area.height()),
            Qt::AlignLeft | Qt::AlignVCenter, label);
        x += advance + between;
    }
}

void paintVerdictLegend(QPainter& painter, const QRectF& area, const Theme& theme)
{
    const QFont font = uiFont(11);
    const QFontMetricsF metrics(font);
    double x = area.left();
    for (const PlausibilityVerdict verdict :
        {PlausibilityVerdict::Solved, PlausibilityVerdict::Partly, PlausibilityVerdict::Not,
            PlausibilityVerdict::NotApplicable}) {
        const QString text = verdict == PlausibilityVerdict::NotApplicable
            ? wordOf(verdict)
            : letterOf(verdict) + u' ' + wordOf(verdict);
        paintIcon(painter, {x + kIcon / 2, area.center().y()}, verdict, theme);
        x += kIcon + kIconGap;
        painter.setFont(font);
        painter.setPen(theme.ink2);
        painter.drawText(QRectF(x, area.top(), metrics.horizontalAdvance(text) + 2, area.height()),
            Qt::AlignLeft | Qt::AlignVCenter, text);
        x += metrics.horizontalAdvance(text) + 18;
    }
    const QString two = u"Two verdicts: two forms of the method; the text names them"_s;
    if (x + metrics.horizontalAdvance(two) <= area.right())
        painter.drawText(QRectF(x, area.top(), area.right() - x, area.height()),
            Qt::AlignLeft | Qt::AlignVCenter, two);
}

PlausibilityPicture::PlausibilityPicture(QWidget* parent)
    : View(parent)
{
    setAccessibleName(tr("Plausibility of learning methods"));
    resize(1040, 400);
}

QString PlausibilityPicture::csv() const
{
    return plausibilityCsv();
}

void PlausibilityPicture::paint(QPainter& painter, const QRectF& area)
{
    const Plausibility& table = plausibility();
    constexpr double head = 32, names = 152, legend = 28, margin = 12;
    const QRectF inner = area.adjusted(margin, 4, -margin, 0);
    const double rowHeight =
        (inner.height() - head - legend) / static_cast<double>(table.problems.size());
    const double columnWidth = (inner.width() - names) / static_cast<double>(table.methods.size());
    painter.fillRect(area, theme().panel);
    for (std::size_t m = 0; m < table.methods.size(); ++m) {
        painter.setFont(uiFont(12, QFont::DemiBold));
        painter.setPen(theme().ink);
        const double x = inner.left() + names + columnWidth * static_cast<double>(m);
        painter.drawText(QRectF(x, inner.top(), columnWidth, head), Qt::AlignCenter,
            table.methods[m].title + (table.methods[m].judgement ? u" *"_s : QString()));
    }
    for (std::size_t p = 0; p < table.problems.size(); ++p) {
        const double y = inner.top() + head + rowHeight * static_cast<double>(p);
        painter.setPen(theme().line2);
        painter.drawLine(QPointF(inner.left(), y), QPointF(inner.right(), y));
        painter.setFont(uiFont(12));
        painter.setPen(theme().ink);
        painter.drawText(QRectF(inner.left(), y, names, rowHeight),
            Qt::AlignLeft | Qt::AlignVCenter, u"%1  %2"_s.arg(p + 1).arg(table.problems[p].title));
        for (std::size_t m = 0; m < table.methods.size(); ++m) {
            const double x = inner.left() + names + columnWidth * static_cast<double>(m);
            paintVerdicts(
                painter, {x, y, columnWidth, rowHeight}, table.methods[m].cells[p], theme());
        }
    }
    const QRectF foot(inner.left(), inner.bottom() - legend, inner.width(), legend);
    paintVerdictLegend(painter, foot, theme());
    painter.setFont(uiFont(11));
    painter.setPen(theme().ink2);
    painter.drawText(foot, Qt::AlignRight | Qt::AlignVCenter, u"* a judgement"_s);
}

} // namespace apical
