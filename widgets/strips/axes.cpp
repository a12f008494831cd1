#include "widgets/strips/axes.h"

#include "widgets/look/rich_text.h"

#include <QFontMetricsF>
#include <QHash>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr double kTickGap = 18; // px between labelled ticks
constexpr double kLabelWidth = 36; // px left of the ticks, up to the axis name
constexpr double kNameOver = 3; // px by which a name may be longer than its strip is high

double crisp(double position)
{
    return std::floor(position) + 0.5;
}

bool clear(const QRectF& box, const std::vector<QRectF>& taken)
{
    return std::none_of(
        taken.begin(), taken.end(), [&](const QRectF& r) { return r.intersects(box); });
}

} // namespace

double leastHeight(const Strip& strip)
{
    constexpr double twoTicks = kTickGap + 16;
    static QHash<QString, double> widths; // asked for every strip in every frame
    double& name = widths[strip.shortAxisName];
    if (name == 0)
        name = QFontMetricsF(uiFont(10)).horizontalAdvance(strip.shortAxisName);
    return std::ceil(std::max(twoTicks, name - kNameOver));
}

void paintValueAxis(QPainter& painter, const Theme& theme, const Strip& strip,
    const PlotScale& scale, const QRectF& plot)
{
    painter.save();
    const QFont tickFont = uiFont(10);
    const QFontMetricsF metrics(tickFont);
    painter.setFont(tickFont);
    for (const Tick& tick : scale.ticks(kTickGap)) {
        const double y = crisp(std::clamp(tick.pixel, plot.top(), plot.bottom() - 1));
        painter.setPen(theme.line);
        painter.drawLine(
            QPointF(plot.left() - (tick.label.isEmpty() ? 2 : 4), y), QPointF(plot.left() - 1, y));
        if (tick.label.isEmpty())
            continue;
        // The outermost labels stay inside their strip, so that neighbours never touch.
        const double centre = std::clamp(tick.pixel, plot.top() + 4, plot.bottom() - 4);
        painter.setPen(theme.ink3);
        // What does not fit even so is of a run that broke: smaller, off the name.
        painter.setFont(metrics.horizontalAdvance(tick.label) > kLabelWidth ? uiFont(8) : tickFont);
        painter.drawText(QRectF(plot.left() - 8 - kLabelWidth, centre - 7, kLabelWidth, 14),
            Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip, tick.label);
    }
    const QFont nameFont = uiFont(11);
    const bool fits =
        QFontMetricsF(nameFont).horizontalAdvance(strip.axisName) <= plot.height() + kNameOver;
    const QString& name = fits ? strip.axisName : strip.shortAxisName;
    // In the lowest strips the names of neighbours must not meet.
    const bool small =
        !fits && QFontMetricsF(nameFont).horizontalAdvance(name) > plot.height() + kNameOver;
    painter.setFont(small ? uiFont(10) : nameFont);
    painter.setPen(theme.ink2);
    painter.translate(plot.left() - kStripMargin + 9, plot.center().y());
    painter.rotate(-90);
    painter.drawText(QRectF(-plot.height(), -8, 2 * plot.height(), 16), Qt::AlignCenter, name);
    painter.restore();
}

void paintGrid(QPainter& painter, const Theme& theme, const PlotScale& scale,
    const std::vector<Tick>& times, const QRectF& plot)
{
    std::vector<QLineF> lines;
    for (const Tick& tick : scale.ticks(kTickGap)) {
        const double y = crisp(tick.pixel);
        if (!tick.label.isEmpty() && y > plot.top() + 1 && y < plot.bottom() - 1)
            lines.emplace_back(plot.left(), y, plot.right(), y);
    }
    for (const Tick& tick : times) {
        const double x = crisp(tick.pixel);
        if (x > plot.left() && x < plot.right())
            lines.emplace_back(x, plot.top(), x, plot.bottom());
    }
    painter.setPen(QPen(theme.grid, 1));
    painter.drawLines(lines.data(), static_cast<int>(lines.size()));
}

void paintGoals(QPainter& painter, const Theme& theme, const Strip& strip, const PlotScale& scale,
    const QRectF& plot)
{
    for (const StripBand& band : strip.bands) {
        const double low = std::clamp(scale.toPixel(band.low), plot.top(), plot.bottom());
        const double high = std::clamp(scale.toPixel(band.high), plot.top(), plot.bottom());
        painter.fillRect(QRectF(plot.left(), high, plot.width(), low - high), band.color);
    }
    QPen pen(theme.good, 1, Qt::CustomDashLine, Qt::FlatCap);
    pen.setDashPattern({4, 3});
    for (const StripGoal& goal : strip.goals) {
        pen.setColor(goal.color.isValid() ? goal.color : theme.good);
        painter.setPen(pen);
        const double y = crisp(scale.toPixel(goal.value));
        if (goal.value > scale.low() && y > plot.top() && y < plot.bottom())
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
    }
}

QRectF titleBox(const Strip& strip, const QRectF& plot)
{
    if (strip.title.isEmpty())
        return {};
    const QSizeF size = richSize(strip.title, uiFont(11, QFont::DemiBold));
    return {plot.right() - 8 - size.width(), plot.top() + 2, size.width(), size.height()};
}

void paintTitles(QPainter& painter, const Theme& theme, const Strip& strip, const PlotScale& scale,
    const QRectF& plot, const std::vector<QRectF>& legend, double curvesEnd, const QColor& paper)
{
    QColor mask = paper;
    mask.setAlpha(225);
    std::vector<QRectF> taken = legend;
    if (QRectF box = titleBox(strip, plot); !box.isEmpty()) {
        if (!clear(box.adjusted(-6, 0, 6, 0), legend))
            box.moveLeft(plot.left() + 7);
        painter.fillRect(box.adjusted(-3, 0, 3, 0), mask);
        drawRich(painter, box.topLeft(), strip.title, uiFont(11, QFont::DemiBold), theme.ink2);
        taken.push_back(box);
    }
    const QFont font = uiFont(10);
    for (const StripGoal& goal : strip.goals) {
        const double y = scale.toPixel(goal.value);
        if (goal.value <= scale.low() || y < plot.top() + 2 || y > plot.bottom() - 2)
            continue;
        // At the right end of its line, above, below or on it; the nearest place that is free of
        // curves, legend and title.
        const auto place = [&](const QString& text) {
            const QSizeF size = richSize(text, font);
            const double x = plot.right() - 8 - size.width();
            for (const double top :
                {y - size.height(), y + 1, y - size.height() / 2, y - size.height() - 5, y + 6}) {
                const QRectF box({x, top}, size);
                if (x > curvesEnd + 2 && top > plot.top() && box.bottom() < plot.bottom() + 2
                    && clear(box.adjusted(-4, 2, 4, -2), taken)) {
                    painter.fillRect(box.adjusted(-3, 1, 3, -1), mask);
                    drawRich(painter, box.topLeft(), text, font,
                        goal.color.isValid() ? goal.color : theme.good);
                    taken.push_back(box);
                    return true;
                }
            }
            return false;
        };
        if (!place(goal.text))
            place(goal.shortText);
    }
}

void paintSentence(QPainter& painter, const Theme& theme, const QString& text, const QRectF& plot)
{
    const QFont font = uiFont(12);
    const QSizeF size = richSize(text, font);
    const QRectF box(plot.center().x() - size.width() / 2, plot.center().y() - size.height() / 2,
        size.width(), size.height());
    drawRich(painter, box.topLeft(), text, font, theme.ink2);
}

} // namespace apical
