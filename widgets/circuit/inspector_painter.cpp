#include "widgets/circuit/inspector_painter.h"

#include "widgets/look/number_text.h"
#include "widgets/look/rich_text.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr double kPad = 12;
constexpr double kRow = 18, kSynapseRow = 16, kHeading = 20, kGap = 8;
constexpr double kTitle = 48, kTerm = 42, kSum = 20;
constexpr double kNumber = 56; ///< px for a signed value at the right
constexpr double kFooter = 20; ///< "4 more, scroll"

QString rangeText(double range)
{
    const QString number = range < 1e5 ? QString::number(range, 'g', 2) : valueText(range);
    return u"\u00b1"_s + number + u' ';
}

/// Right-aligned; what a run that breaks makes of it gets smaller, not longer.
void drawNumber(QPainter& painter, const QRectF& place, const QString& text)
{
    constexpr int kSmallest = 7; // px
    QFont font = painter.font();
    while (
        font.pixelSize() > kSmallest && QFontMetricsF(font).horizontalAdvance(text) > place.width())
        font.setPixelSize(font.pixelSize() - 1);
    painter.setFont(font);
    painter.drawText(place, Qt::AlignVCenter | Qt::AlignRight, text);
}

const InspectorBar& barOf(
    const InspectorSection& live, const InspectorSection& shown, std::size_t i)
{
    // The order follows the digits; the bar of the same synapse is looked for in the live content.
    const InspectorBar& wanted = shown.bars[i];
    if (i < live.bars.size() && live.bars[i].label == wanted.label)
        return live.bars[i];
    const auto found = std::ranges::find_if(
        live.bars, [&](const InspectorBar& b) { return b.label == wanted.label; });
    return found == live.bars.end() ? wanted : *found;
}

} // namespace

InspectorPicture::InspectorPicture(const InspectorContent& live, const InspectorContent& shown,
    const Theme& theme, std::vector<int> sizes)
    : m_live(live)
    , m_shown(shown)
    , m_theme(theme)
    , m_sizes(std::move(sizes))
{
}

InspectorPicture::Places InspectorPicture::places(double width) const
{
    Places p;
    const auto rows = [](const InspectorSection& s, double row) {
        return static_cast<double>(s.bars.size()) * row + (s.sentence.isEmpty() ? 0 : row + 2);
    };
    p.compartments = kTitle;
    double y = p.compartments + kHeading + rows(m_shown.compartments, kRow) + kGap;
    p.equation = y;
    if (!m_shown.terms.empty()) {
        p.termColumns = width < 260 ? 2 : m_shown.terms.size() == 4 ? 2 : 3;
        const auto columns = static_cast<std::size_t>(p.termColumns);
        const std::size_t lines = (m_shown.terms.size() + columns - 1) / columns;
        p.sum = y + kHeading + 4 + static_cast<double>(lines) * kTerm + 4;
        y = p.sum + kSum + kGap + 2;
    }
    p.why = y;
    if (!m_shown.why.bars.empty())
        y += kHeading + rows(m_shown.why, kRow) + kGap;
    p.synapses = y;
    y += kHeading + rows(m_shown.synapses, kSynapseRow) + 6;
    p.link = y;
    p.end = y + 24;
    return p;
}

double InspectorPicture::height(double width) const
{
    return places(width).end;
}

int InspectorPicture::synapsesBelow(const QRectF& area, double scroll) const
{
    const Places p = places(area.width());
    if (p.end <= area.height())
        return 0;
    const double seen = scroll + area.height() - kFooter - p.synapses - kHeading;
    const int visible = std::max(0, static_cast<int>(seen / kSynapseRow));
    return std::max(0, static_cast<int>(m_shown.synapses.bars.size()) - visible);
}

InspectorTarget InspectorPicture::targetAt(
    const QPointF& at, const QRectF& area, double scroll) const
{
    using Kind = InspectorTarget::Kind;
    const Places p = places(area.width());
    const double y = at.y() - area.top() + scroll;
    if (synapsesBelow(area, scroll) > 0 && at.y() > area.bottom() - kFooter)
        return {Kind::More, {}};
    if (y >= p.link && y < p.end && at.x() < area.left() + 170)
        return {Kind::Help, {}};
    const double row = std::floor((y - p.synapses - kHeading) / kSynapseRow);
    if (row >= 0 && row < static_cast<double>(m_shown.synapses.bars.size()))
        return {Kind::Neuron, m_shown.synapses.bars[static_cast<std::size_t>(row)].link};
    return {};
}

void InspectorPicture::draw(QPainter& painter, const QRectF& area, double scroll) const
{
    const Places p = places(area.width());
    painter.save();
    painter.setClipRect(area, Qt::IntersectClip);
    const QRectF content(area.left(), area.top() - scroll, area.width(), p.end);
    const auto rule = [&](double y) {
        painter.fillRect(QRectF(content.left(), content.top() + y - kGap / 2, content.width(), 1),
            m_theme.line2);
    };
    drawTitle(painter, content);
    drawCompartments(painter, content, p);
    if (!m_shown.terms.empty()) {
        rule(p.equation);
        drawEquation(painter, content, p);
    }
    if (!m_shown.why.bars.empty()) {
        rule(p.why);
        drawHeading(painter, content, p.why, m_shown.why.title,
            rangeText(m_live.why.range) + m_shown.why.unit);
        drawRows(painter, content, p.why + kHeading, m_live.why, m_shown.why);
    }
    rule(p.synapses);
    drawHeading(painter, content, p.synapses, m_shown.synapses.title,
        (m_shown.synapses.bars.empty() ? QString() : rangeText(m_live.synapses.range))
            + m_shown.synapses.unit);
    drawRows(painter, content, p.synapses + kHeading, m_live.synapses, m_shown.synapses);
    painter.setFont(uiFont(11, QFont::Medium));
    painter.setPen(m_theme.accent);
    painter.drawText(QRectF(content.left() + kPad, content.top() + p.link, 200, 20),
        Qt::AlignVCenter, u"Open equation and source"_s);
    if (const int below = synapsesBelow(area, scroll); below > 0) {
        const QRectF footer(area.left(), area.bottom() - kFooter, area.width() - 8, kFooter);
        painter.fillRect(footer, m_theme.panel);
        painter.setPen(m_theme.accent);
        painter.drawText(
            footer.adjusted(kPad, 0, 0, 0), Qt::AlignVCenter, u"%1 more, scroll"_s.arg(below));
    }
    painter.restore();
}

void InspectorPicture::drawTitle(QPainter& painter, const QRectF& content) const
{
    painter.setFont(uiFont(m_shown.badge.size() > 3 ? 10 : 12, QFont::Bold));
    const double wide =
        std::max(28.0, painter.fontMetrics().horizontalAdvance(m_shown.badge) + 10.0);
    const QRectF badge(content.left() + kPad, content.top() + 11, wide, 28);
    painter.setPen(QPen(m_theme.accent, 1.5));
    painter.setBrush(m_theme.accentSoft);
    painter.drawRoundedRect(badge, 6, 6);
    painter.setPen(m_theme.accent);
    painter.drawText(badge, Qt::AlignCenter, m_shown.badge);
    const double x = badge.right() + 8;
    painter.setFont(uiFont(13, QFont::DemiBold));
    painter.setPen(m_theme.ink);
    painter.drawText(QPointF(x, content.top() + 23), m_shown.title);
    painter.setFont(uiFont(11));
    painter.setPen(m_theme.ink3);
    painter.drawText(QPointF(x, content.top() + 38), m_shown.subtitle);
}

void InspectorPicture::drawHeading(QPainter& painter, const QRectF& content, double y,
    const QString& title, const QString& unit) const
{
    const QRectF line(
        content.left() + kPad, content.top() + y, content.width() - 2 * kPad, kHeading);
    const auto width = [](const QFont& font, const QString& text) {
        return QFontMetricsF(font).horizontalAdvance(text);
    };
    const QFont small = uiFont(10);
    // A long title leaves the range only, as it matters more than the unit, and a longer one gets
    // smaller letters.
    QFont heading = uiFont(12, QFont::DemiBold);
    const QString range = unit.section(u' ', 0, 0);
    const bool fits = width(heading, title) + width(small, unit) + 4 < line.width();
    const QString& right = fits ? unit : range;
    if (width(heading, title) + width(small, right) + 4 > line.width())
        heading = uiFont(11, QFont::DemiBold);
    painter.setFont(heading);
    painter.setPen(m_theme.ink);
    painter.drawText(line, Qt::AlignVCenter | Qt::AlignLeft,
        QFontMetricsF(heading).elidedText(
            title, Qt::ElideRight, line.width() - width(small, right) - 4));
    painter.setFont(small);
    painter.setPen(m_theme.ink3);
    painter.drawText(line, Qt::AlignVCenter | Qt::AlignRight, right);
}

void InspectorPicture::drawBar(
    QPainter& painter, const QRectF& track, double value, double range, const QColor& color) const
{
    painter.fillRect(track, m_theme.band);
    const double zero = track.center().x();
    if (std::isfinite(value)) {
        const double share = std::clamp(value / range, -1.0, 1.0);
        const double end = zero + share * track.width() / 2;
        painter.fillRect(
            QRectF(std::min(zero, end), track.top(), std::abs(end - zero), track.height()), color);
        if (std::abs(value) > range * 1.0001) { // beyond the printed range: the end is torn open
            const double x = end - std::copysign(5, value);
            for (const double step : {0.0, 3.0})
                painter.fillRect(
                    QRectF(x + std::copysign(step, value) - 0.5, track.top(), 1.5, track.height()),
                    m_theme.panel);
        }
    }
    painter.fillRect(QRectF(zero - 0.75, track.top() - 1, 1.5, track.height() + 2), m_theme.edge);
}

void InspectorPicture::drawCompartments(
    QPainter& painter, const QRectF& content, const Places& p) const
{
    const InspectorSection& shown = m_shown.compartments;
    const QString range = QString::number(m_live.compartments.range);
    drawHeading(painter, content, p.compartments, shown.title,
        u"\u2212%1 \u2026 +%1 "_s.arg(range) + shown.unit);
    const double left = content.left() + kPad;
    const double right = content.right() - kPad;
    for (std::size_t i = 0; i < shown.bars.size(); ++i) {
        const InspectorBar& bar = shown.bars[i];
        const InspectorBar& live = barOf(m_live.compartments, shown, i);
        const double middle =
            content.top() + p.compartments + kHeading + kRow * (static_cast<double>(i) + 0.5);
        const QColor color = tintColor(bar.tint, m_theme);
        painter.setPen(QPen(color, 2));
        painter.setBrush(m_theme.signColor(live.value));
        painter.drawEllipse(QPointF(left + 4.5, middle), 4, 4);
        const QFont symbol = uiFont(13, QFont::Medium);
        drawRich(painter,
            {left + 14,
                middle - richSize(bar.symbol, symbol).height() / 2
                    + (bar.symbol.contains(u"sub") ? 1 : 0)},
            bar.symbol, symbol, m_theme.ink);
        painter.setFont(uiFont(12));
        painter.setPen(m_theme.ink2);
        painter.drawText(QRectF(left + 34, middle - 9, 60, 18), Qt::AlignVCenter, bar.label);
        drawBar(painter, {left + 88, middle - 4, right - kNumber - left - 92, 8}, live.value,
            m_live.compartments.range, color);
        painter.setFont(uiFont(12, QFont::DemiBold));
        painter.setPen(m_theme.ink);
        drawNumber(
            painter, QRectF(right - kNumber, middle - 9, kNumber, 18), signedNumber(bar.value));
    }
}

void InspectorPicture::drawEquation(QPainter& painter, const QRectF& content, const Places& p) const
{
    drawHeading(painter, content, p.equation, u"Equation, live"_s,
        u"terms in ms\u207b\u00b9, "_s + rangeText(m_shown.termRange).trimmed());
    const double left = content.left() + kPad;
    const double right = content.right() - kPad;
    const double top = content.top() + p.equation + kHeading + 4;
    painter.setPen(m_theme.ink);
    painter.setFont(uiFont(12));
    painter.drawText(QRectF(left, top - 5, 18, 15), Qt::AlignCenter, u"du"_s);
    painter.fillRect(QRectF(left, top + 10.5, 18, 1), m_theme.ink);
    painter.drawText(QRectF(left, top + 12, 18, 15), Qt::AlignCenter, u"dt"_s);
    painter.drawText(QRectF(left + 20, top + 2, 12, 18), Qt::AlignCenter, u"="_s);
    const double width = (right - left - 34) / p.termColumns;
    QFont font = uiFont(12);
    for (const InspectorTerm& term : m_shown.terms)
        while (font.pixelSize() > 10 && richSize(term.symbol, font).width() > width + 2)
            font.setPixelSize(font.pixelSize() - 1);
    for (std::size_t i = 0; i < m_shown.terms.size(); ++i) {
        const auto columns = static_cast<std::size_t>(p.termColumns);
        const std::size_t row = i / columns, column = i % columns;
        const QRectF box(left + 34 + static_cast<double>(column) * width,
            top - 6 + static_cast<double>(row) * kTerm, width, kTerm);
        const InspectorTerm& term = m_shown.terms[i];
        const QSizeF size = richSize(term.symbol, font);
        drawRich(painter, {box.center().x() - size.width() / 2, box.top()}, term.symbol, font,
            m_theme.ink2);
        painter.setFont(uiFont(12, QFont::DemiBold));
        painter.setPen(m_theme.ink);
        painter.drawText(QRectF(box.left(), box.top() + 17, width, 16), Qt::AlignCenter,
            signedNumber(term.value, 4));
        const double live = i < m_live.terms.size() ? m_live.terms[i].value : term.value;
        drawBar(painter, {box.left() + 6, box.top() + 34, width - 12, 5}, live, m_live.termRange,
            tintColor(term.tint, m_theme));
    }
    const QRectF sum(left, content.top() + p.sum, right - left, kSum);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.band);
    painter.drawRoundedRect(sum, 3, 3);
    // A state that was just restored comes without the step before it: there is nothing to compare.
    const bool stepSeen = m_shown.measured != 0 || m_shown.sum == 0;
    const bool isTrue = m_shown.sumIsTrue();
    const QString claim = isTrue ? u"sum = true du/dt"_s
        : stepSeen               ? u"sum; measured "_s + signedNumber(m_shown.measured, 4)
                                 : u"sum; step once to compare"_s;
    painter.setFont(uiFont(11));
    painter.setPen(isTrue || !stepSeen ? m_theme.ink2 : m_theme.amber);
    painter.drawText(sum.adjusted(8, 0, 0, 0), Qt::AlignVCenter, claim);
    painter.setFont(uiFont(12, QFont::Bold));
    painter.setPen(m_theme.ink);
    painter.drawText(sum.adjusted(0, 0, -8, 0), Qt::AlignVCenter | Qt::AlignRight,
        signedNumber(m_shown.sum, 4) + u" ms\u207b\u00b9"_s);
}

void InspectorPicture::drawRows(QPainter& painter, const QRectF& content, double y,
    const InspectorSection& live, const InspectorSection& shown) const
{
    const double left = content.left() + kPad;
    const double right = content.right() - kPad;
    const double height = shown.synapses ? kSynapseRow : kRow;
    const double indent = shown.synapses && m_sizes.size() > 3 ? 118 : 88;
    for (std::size_t i = 0; i < shown.bars.size(); ++i) {
        const InspectorBar& bar = shown.bars[i];
        const QRectF row(
            left, content.top() + y + height * static_cast<double>(i), right - left, height);
        if (row.top() > painter.clipBoundingRect().bottom()
            || row.bottom() < painter.clipBoundingRect().top())
            continue;
        painter.setFont(uiFont(12, bar.bold ? QFont::DemiBold : QFont::Normal));
        painter.setPen(bar.bold ? m_theme.ink : m_theme.ink2);
        double x = row.left();
        if (!bar.symbol.isEmpty()) {
            const QFont font = uiFont(12);
            drawRich(painter, {x, row.center().y() - 8}, bar.symbol, font, m_theme.ink);
            x += 30;
        }
        painter.drawText(QRectF(x, row.top(), indent, row.height()), Qt::AlignVCenter, bar.label);
        if (bar.weight) {
            const double used = x + QFontMetricsF(painter.font()).horizontalAdvance(bar.label) + 4;
            painter.setFont(uiFont(10));
            painter.setPen(m_theme.ink3);
            drawNumber(painter,
                QRectF(used, row.top(), row.left() + indent - 8 - used, row.height()),
                signedNumber(*bar.weight, 2));
        }
        drawBar(painter,
            {row.left() + indent, row.center().y() - (shown.synapses ? 3.5 : 4.5),
                right - kNumber - left - indent - 4, shown.synapses ? 7.0 : 9.0},
            barOf(live, shown, i).value, live.range, tintColor(bar.tint, m_theme));
        painter.setFont(uiFont(12,
            bar.bold             ? QFont::Bold
                : shown.synapses ? QFont::Normal
                                 : QFont::Medium));
        painter.setPen(m_theme.ink);
        drawNumber(painter, QRectF(right - kNumber, row.top(), kNumber, row.height()),
            signedNumber(bar.value));
    }
    if (!shown.sentence.isEmpty()) {
        painter.setFont(uiFont(11));
        painter.setPen(m_theme.ink3);
        painter.drawText(
            QRectF(left, content.top() + y + height * static_cast<double>(shown.bars.size()),
                right - left, height + 2),
            Qt::AlignVCenter, shown.sentence);
    }
}

} // namespace apical
