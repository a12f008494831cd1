// Painting of a stack of strips: back to front, all strips, with one raster for all curves.
#include "widgets/look/number_text.h"
#include "widgets/look/rich_text.h"
#include "widgets/strips/axes.h"
#include "widgets/strips/phases.h"
#include "widgets/strips/spike_ticks.h"
#include "widgets/strips/stack.h"
#include "widgets/view/lane_words.h"

#include <QFontMetricsF>
#include <QPaintEngine>
#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kLegendOffset = 12; // px from the now line to the names
constexpr double kChipHeight = 16;
constexpr double kNearNow = 150; // px within which chips stand left of the crosshair

bool isRaster(const QPainter& painter)
{
    return painter.paintEngine() && painter.paintEngine()->type() == QPaintEngine::Raster;
}

void verticalLine(QPainter& painter, double x, const QRectF& plot)
{
    const double at = std::floor(x) + 0.5;
    painter.drawLine(QPointF(at, plot.top()), QPointF(at, plot.bottom()));
}

} // namespace

void StripStack::paint(QPainter& painter, const Scene& scene, const QRectF& area)
{
    layout(scene, area);
    if (m_strips.empty())
        return;
    const Theme& t = *scene.theme;
    m_envelope.begin(painter, m_area);
    gather(scene);
    readFrame(scene);

    const std::vector<Tick> times = m_axis.ticks(uiFont(10));
    for (std::size_t i = 0; i < m_strips.size(); ++i) {
        if (!inSight(i))
            continue;
        const QRectF& plot = m_plots[i];
        painter.fillRect(plot, t.panel);
        painter.save();
        painter.setClipRect(plot);
        paintEventsBehind(painter, scene, m_axis, plot);
        const auto y = scale(i);
        if (scene.gridOn)
            paintGrid(painter, t, *y, times, plot);
        paintGoals(painter, t, m_strips[i], *y, plot);
        painter.restore();
        painter.setPen(t.line);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(plot.adjusted(-0.5, -0.5, 0.5, 0.5));
        for (std::size_t c = 0; c < m_curves[i].size(); ++c)
            drawCurve(m_strips[i].curves[c], m_curves[i][c].columns, *y, plot);
    }
    m_envelope.end();
    if (m_phaseLane) {
        const bool several = scene.frame.lanes.size() > 1;
        const double width = m_axis.right() - m_axis.left();
        const double top = area.top() + 2 + (several ? kLaneLine : 0);
        paintPhaseLane(painter, scene, m_axis, QRectF(m_axis.left(), top, width, kPhaseLane));
        if (several)
            paintLaneNames(painter, scene, QRectF(m_axis.left(), area.top(), width, kLaneLine));
    }
    const std::vector<double> latches = markedLatches(scene, m_axis);
    for (std::size_t i = 0; i < m_strips.size(); ++i) {
        if (inSight(i))
            paintStrip(painter, scene, i, latches);
    }
    paintMargin(painter, scene, area);
    const double flag = scene.crosshairOn ? scene.crosshairMs : -1;
    m_axis.paint(painter, t, m_area.bottom(), area.left(), area.left() + kStripMargin - 8, flag);
}

void StripStack::paintMargin(QPainter& painter, const Scene& scene, const QRectF& area)
{
    const auto paintAll = [&](QPainter& to) {
        for (std::size_t i = 0; i < m_strips.size(); ++i) {
            if (inSight(i))
                paintValueAxis(to, *scene.theme, m_strips[i], *scale(i), m_plots[i]);
        }
        if (m_phaseLane) {
            to.setFont(uiFont(10));
            to.setPen(scene.theme->ink3);
            const double above = scene.frame.lanes.size() > 1 ? kLaneLine : 0;
            to.drawText(QRectF(area.left(), area.top() + above, kStripMargin - 8, kPhaseLane + 4),
                Qt::AlignRight | Qt::AlignVCenter, u"phase"_s);
        }
    };
    if (!isRaster(painter)) {
        paintAll(painter);
        return;
    }
    const double ratio = std::clamp(std::abs(painter.deviceTransform().m11()), 0.25, 8.0);
    QString key = QString::number(ratio) + (scene.theme->dark ? u'd' : u'l');
    for (std::size_t i = 0; i < m_strips.size(); ++i)
        key += m_strips[i].axisName + QString::number(m_ranges[i].low()) + u'|'
            + QString::number(m_ranges[i].high()) + u'|' + QString::number(m_plots[i].top()) + u'|'
            + QString::number(m_plots[i].height());
    const QRectF margin(area.left(), area.top(), kStripMargin, area.height() - kAxisHeight + 4);
    if (key != m_marginKey || m_margin.isNull()) {
        m_marginKey = key;
        m_margin = QPixmap((margin.size() * ratio).toSize().expandedTo({1, 1}));
        m_margin.setDevicePixelRatio(ratio);
        m_margin.fill(scene.theme->panel);
        QPainter to(&m_margin);
        to.translate(-margin.topLeft());
        paintAll(to);
    }
    painter.drawPixmap(margin.topLeft(), m_margin);
}

void StripStack::paintStrip(
    QPainter& painter, const Scene& scene, std::size_t strip, const std::vector<double>& latches)
{
    const Theme& t = *scene.theme;
    const QRectF& plot = m_plots[strip];
    const Strip& shown = m_strips[strip];
    painter.save();
    painter.setClipRect(plot);
    if (!shown.emptyText.isEmpty()) {
        paintTitles(painter, t, shown, *scale(strip), plot, {}, plot.left(), t.panel);
        paintSentence(painter, t, shown.emptyText, plot);
    }
    const auto y = scale(strip);
    paintSpikeTicks(painter, scene, shown, m_axis, plot);
    const bool top = plot.top() == m_area.top();
    paintLatches(painter, t, m_axis, latches, plot, top);
    paintEventsOver(painter, scene, m_axis, plot, top);
    if (scene.crosshairOn && scene.crosshairMs >= 0 && m_axis.contains(scene.crosshairMs)) {
        painter.setPen(QPen(t.crosshair, 1));
        verticalLine(painter, m_axis.x(scene.crosshairMs), plot);
    }
    const double now = m_axis.x(scene.shownMs);
    if (m_axis.contains(scene.shownMs)) {
        painter.setPen(QPen(scene.live ? t.ink : t.amber, 1));
        verticalLine(painter, now, plot);
    }
    if (!shown.emptyText.isEmpty()) {
        painter.restore();
        return;
    }
    std::vector<LegendEntry> entries;
    for (std::size_t c = 0; c < m_curves[strip].size(); ++c)
        entries.push_back({&shown.curves[c], m_curves[strip][c].value, m_curves[strip][c].text});
    const bool visible = m_axis.contains(scene.shownMs);
    // Where the end of the curves is out of sight or too far right, names and values stand at the
    // right edge.
    const double left = std::max(plot.left() + 4,
        visible ? std::min(now + kLegendOffset, plot.right() - m_legendWidth - 4)
                : plot.right() - m_legendWidth - 4);
    const QColor paper = scene.nowMs < m_axis.timeMs(left) ? t.future : t.panel;
    const LegendLayout legend = shown.legend
        ? layoutLegend(shown, entries, *y, plot, left, m_nameWidth, titleBox(shown, plot))
        : LegendLayout{};
    paintTitles(painter, t, shown, *y, plot, legend.boxes(), visible ? now : plot.left(), paper);
    paintPrediction(painter, scene, strip, *y);
    painter.setClipRect(plot.adjusted(-4, 0, 4, 0));
    paintLegend(painter, t, shown, entries, *y, plot, now, legend, paper);
    painter.restore();
    paintCrosshair(painter, scene, strip, *y);
}

void StripStack::paintPrediction(
    QPainter& painter, const Scene& scene, std::size_t strip, const PlotScale& y)
{
    const Strip& shown = m_strips[strip];
    const double goalMs = scene.diagnosis.goalMs;
    if (shown.id != u"errors"_s || shown.goals.empty() || !scene.live || !(goalMs > scene.nowMs)
        || m_curves[strip].empty() || scene.frame.lanes.size() > 1)
        return;
    const StripGoal& goal = shown.goals.front();
    // The slowest layer decides when the goal is reached.
    double value = 0;
    QColor color;
    for (std::size_t c = 0; c < m_curves[strip].size(); ++c) {
        if (shown.curves[c].row == goal.row && m_curves[strip][c].value > value) {
            value = m_curves[strip][c].value;
            color = shown.curves[c].color;
        }
    }
    if (!(value > goal.value))
        return;
    painter.setRenderHint(QPainter::Antialiasing);
    QPen pen(color, 1.2, Qt::CustomDashLine, Qt::FlatCap);
    pen.setDashPattern({4, 3});
    painter.setPen(pen);
    const QPointF end(m_axis.x(goalMs), y.toPixel(goal.value));
    painter.drawLine(QPointF(m_axis.x(scene.nowMs), y.toPixel(value)), end);
    painter.setPen(QPen(scene.theme->good, 1.5));
    painter.setBrush(scene.theme->panel);
    painter.drawEllipse(end, 3, 3);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void StripStack::paintCrosshair(
    QPainter& painter, const Scene& scene, std::size_t strip, const PlotScale& y)
{
    const double time = scene.crosshairMs;
    if (!scene.crosshairOn || time < 0 || !m_axis.contains(time))
        return;
    const Theme& t = *scene.theme;
    const QRectF& plot = m_plots[strip];
    const QFont font = uiFont(10);
    const double x = m_axis.x(time);
    struct Cell {
        const StripCurve* curve;
        QString text;
        double width, y;
    };
    std::vector<Cell> cells;
    double width = 6;
    for (std::size_t c = 0; c < m_curves[strip].size(); ++c) {
        const double value = valueAt(static_cast<int>(strip), static_cast<int>(c), time);
        if (!std::isfinite(value))
            continue;
        Cell cell{&m_strips[strip].curves[c],
            m_strips[strip].format == StripFormat::Signed ? signedNumber(value, 2)
                                                          : m_strips[strip].valueText(value),
            0, std::clamp(y.toPixel(value), plot.top(), plot.bottom())};
        cell.width = 10 + QFontMetricsF(font).horizontalAdvance(cell.text) + 8;
        width += cell.width;
        cells.push_back(cell);
    }
    if (cells.empty())
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(t.panel);
    for (const Cell& cell : cells) {
        painter.setPen(QPen(cell.curve->color, 1.5));
        painter.drawEllipse(QPointF(x, cell.y), 3.5, 3.5);
    }
    const double now = m_axis.x(scene.shownMs);
    const bool left = (now > x && now - x < kNearNow) || x + 8 + width > plot.right();
    double at = left ? x - 8 - width : x + 8;
    at = std::clamp(at, plot.left() + 2, std::max(plot.left() + 2, plot.right() - 2 - width));
    // The freer of top and bottom: the one whose nearest ring is farther away.
    double fromTop = 1e9, fromBottom = 1e9;
    for (const Cell& cell : cells) {
        fromTop = std::min(fromTop, cell.y - plot.top());
        fromBottom = std::min(fromBottom, plot.bottom() - cell.y);
    }
    const double top = fromTop > fromBottom ? plot.top() + 2 : plot.bottom() - 2 - kChipHeight;
    const QRectF chip(std::round(at), std::round(top), std::ceil(width), kChipHeight);
    painter.setPen(t.fieldLine);
    painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    painter.setFont(font);
    double cellLeft = chip.left() + 6;
    for (const Cell& cell : cells) {
        painter.fillRect(QRectF(cellLeft, chip.center().y() - 3, 6, 6), cell.curve->color);
        painter.setPen(t.ink);
        painter.drawText(QRectF(cellLeft + 10, chip.top(), cell.width, chip.height()),
            Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, cell.text);
        cellLeft += cell.width;
    }
    painter.restore();
}

void StripStack::drawCurve(const StripCurve& curve, const std::vector<History::Column>& columns,
    const PlotScale& y, const QRectF& plot)
{
    EnvelopeStyle style;
    style.color = curve.color;
    style.dash = curve.dash;
    style.gap = curve.gap;
    if (curve.filled) {
        m_other = columns;
        for (History::Column& column : m_other)
            column = {std::min(column.low, 0.0F), std::max(column.high, 0.0F)};
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (!(columns[i].low <= columns[i].high))
                m_other[i] = columns[i]; // nothing there
        }
        EnvelopeStyle area = style;
        area.width = 0;
        m_envelope.draw(m_other, m_shift, y, plot, area);
    }
    m_envelope.draw(columns, m_shift, y, plot, style);
}

/// Who is who, in what they differ, and what they share.
void StripStack::paintLaneNames(QPainter& painter, const Scene& scene, const QRectF& line)
{
    const Theme& t = *scene.theme;
    const QFont font = uiFont(11, QFont::DemiBold), small = uiFont(11);
    const auto put = [&](double x, const QString& text, const QFont& with, const QColor& color) {
        const QSizeF size = richSize(text, with);
        drawRich(painter, {x, line.center().y() - size.height() / 2}, text, with, color);
        return x + size.width();
    };
    double x = line.left();
    for (std::size_t i = 0; i < scene.frame.lanes.size(); ++i) {
        const QString phrase = lanePhrase(scene.frame, i);
        const double width = 15 + richSize(laneTitle(scene.frame, i), font).width();
        if (x + width > line.right())
            return;
        painter.fillRect(QRectF(x, line.center().y() - 5, 10, 10), laneColor(t, scene.frame, i));
        x = put(x + 15, laneTitle(scene.frame, i), font, t.ink);
        if (!phrase.isEmpty() && x + 8 + richSize(phrase, small).width() < line.right())
            x = put(x + 8, phrase, small, t.ink2);
        x += 20;
    }
    const QString shared = lanesShare(scene.frame);
    const double width = richSize(shared, small).width();
    if (x + width <= line.right())
        put(line.right() - width, shared, small, t.ink3);
}

} // namespace apical
