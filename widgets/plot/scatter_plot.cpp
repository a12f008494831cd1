#include "widgets/plot/scatter_plot.h"

#include "widgets/look/number_text.h"
#include "widgets/look/rich_text.h"
#include "widgets/plot/dots.h"
#include "widgets/plot/scale.h"

#include <QPaintEngine>
#include <QPainter>
#include <QPixmap>

#include <algorithm>
#include <cmath>
#include <limits>

namespace apical {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr double kRadius = 3;

QColor faded(QColor color, double alpha)
{
    color.setAlphaF(static_cast<float>(std::clamp(alpha, 0.0, 1.0)));
    return color;
}

} // namespace

std::size_t ScatterPlot::outside() const
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i)
        count += std::isfinite(x[i]) && std::isfinite(y[i])
            && std::max(std::abs(x[i]), std::abs(y[i])) > range * (1 + 1e-9);
    return count;
}

QPointF ScatterPlot::place(const QRectF& square, std::size_t i) const
{
    const auto part = [this](double v) { return (std::clamp(v / range, -1.0, 1.0) + 1) / 2; };
    return {square.left() + part(x[i]) * square.width(),
        square.bottom() - part(y[i]) * square.height()};
}

int ScatterPlot::pointAt(const QRectF& square, QPointF mouse) const
{
    int best = -1;
    double nearest = 8 * 8;
    if (!square.adjusted(-8, -8, 8, 8).contains(mouse))
        return best;
    for (std::size_t i = 0; i < std::min(x.size(), y.size());
         i += std::max<std::size_t>(1, thinning())) {
        if (!std::isfinite(x[i]) || !std::isfinite(y[i]))
            continue;
        const QPointF d = place(square, i) - mouse;
        // The last drawn lies on top.
        if (const double distance = QPointF::dotProduct(d, d); distance <= nearest)
            nearest = distance, best = static_cast<int>(i);
    }
    return best;
}

void ScatterPlot::paint(QPainter& painter, const QRectF& square, const Theme& theme) const
{
    painter.save();
    paintAxes(painter, square, theme);
    painter.setClipRect(square.adjusted(-kRadius - 2, -kRadius - 2, kRadius + 2, kRadius + 2));
    if (x.size() == y.size()) {
        if (x.size() <= kDetailed)
            paintTrails(painter, square);
        paintPoints(painter, square, theme);
    }
    painter.restore();
}

void ScatterPlot::paintAxes(QPainter& painter, const QRectF& square, const Theme& theme) const
{
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(theme.grid);
    for (int k = 1; k < 4; ++k) {
        const double dx = std::round(square.width() * k / 4),
                     dy = std::round(square.height() * k / 4);
        painter.drawLine(square.topLeft() + QPointF(dx, 0), square.bottomLeft() + QPointF(dx, 0));
        painter.drawLine(square.topLeft() + QPointF(0, dy), square.topRight() + QPointF(0, dy));
    }
    painter.setPen(theme.line);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(square);
    painter.setRenderHint(QPainter::Antialiasing, true);
    QPen dash(theme.ink3, 1);
    dash.setDashPattern({3, 3});
    painter.setPen(dash);
    painter.drawLine(square.bottomLeft(), square.topRight());

    painter.setPen(theme.ink2);
    painter.setFont(uiFont(10));
    for (int k = -1; k <= 1; ++k) {
        const QString label = signedTick(k * range, range);
        const double dx = square.left() + (k + 1) * square.width() / 2;
        const double dy = square.bottom() - (k + 1) * square.height() / 2;
        const double nudge = k < 0 ? -6 : k > 0 ? 6 : 0; // ends stay inside the axis
        if (yAxis)
            painter.drawText(QRectF(square.left() - 44, dy - 7 + nudge, 38, 14),
                Qt::AlignRight | Qt::AlignVCenter, label);
        painter.drawText(QRectF(dx - 30, square.bottom() + 4, 60, 13), Qt::AlignCenter, label);
    }
    const QFont font = uiFont(11);
    const QSizeF xSize = richSize(xName, font), ySize = richSize(yName, font);
    drawRich(painter, {square.center().x() - xSize.width() / 2, square.bottom() + 15}, xName, font,
        theme.ink2);
    if (!yAxis)
        return;
    painter.save();
    painter.translate(square.left() - 30, square.center().y() + ySize.width() / 2);
    painter.rotate(-90);
    drawRich(painter, {0, -ySize.height() / 2}, yName, font, theme.ink2);
    painter.restore();
}

void ScatterPlot::paintTrails(QPainter& painter, const QRectF& square) const
{
    painter.setRenderHint(QPainter::Antialiasing, false);
    const auto at = [&](double px, double py) {
        const auto part = [this](double v) { return (std::clamp(v / range, -1.0, 1.0) + 1) / 2; };
        return QPointF(square.left() + part(px) * square.width(),
            square.bottom() - part(py) * square.height());
    };
    std::vector<QLineF> lines;
    for (std::size_t k = 0; k < trails.size(); ++k) {
        const bool newest = k + 1 == trails.size();
        const std::vector<double>& nextX = newest ? x : trails[k + 1].x;
        const std::vector<double>& nextY = newest ? y : trails[k + 1].y;
        if (trails[k].x.size() != x.size() || nextX.size() != x.size()
            || trails[k].y.size() != y.size() || nextY.size() != y.size())
            continue;
        lines.clear();
        for (std::size_t i = 0; i < x.size(); ++i) {
            const QLineF line(at(trails[k].x[i], trails[k].y[i]), at(nextX[i], nextY[i]));
            if (std::isfinite(trails[k].x[i] + trails[k].y[i] + nextX[i] + nextY[i])
                && line.p1().toPoint() != line.p2().toPoint())
                lines.push_back(line);
        }
        painter.setPen(QPen(faded(category, 0.65 * (1 - trails[k].age)), 0));
        painter.drawLines(lines.data(), static_cast<int>(lines.size()));
    }
}

void ScatterPlot::paintPoints(QPainter& painter, const QRectF& square, const Theme& theme) const
{
    const auto drawable = [this](
                              std::size_t i) { return std::isfinite(x[i]) && std::isfinite(y[i]); };
    const auto isMarked = [this](std::size_t i) { return i < marked.size() && marked[i]; };
    if (x.size() > kDetailed) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        std::vector<QPointF> dots;
        dots.reserve(std::min(x.size(), kDrawn));
        for (std::size_t i = 0; i < x.size(); i += thinning())
            if (drawable(i))
                dots.push_back(place(square, i));
        painter.setPen(QPen(category, 2, Qt::SolidLine, Qt::SquareCap));
        painter.drawPoints(dots.data(), static_cast<int>(dots.size()));
    }
    painter.setRenderHint(QPainter::Antialiasing, true);
    if (x.size() <= kDetailed) {
        Dots dots(painter);
        for (std::size_t i = 0; i < x.size(); ++i)
            if (drawable(i) && !isMarked(i))
                dots.draw(place(square, i), category, faded(category, 0.45), kRadius - 0.5);
    }
    // The selected unit's on top: category inside, accent ring around.
    for (std::size_t i = 0; i < std::min(x.size(), marked.size()); ++i)
        if (marked[i] && drawable(i)) {
            painter.setPen(QPen(theme.accent, 2));
            painter.setBrush(category);
            painter.drawEllipse(place(square, i), kRadius + 1, kRadius + 1);
        }
}

QString alignmentText(double value, int decimals)
{
    if (!std::isfinite(value))
        return u"n/a"_s;
    if (std::abs(value) >= 1000)
        return QString::number(value, 'g', 3).replace(u'-', QChar(0x2212));
    return QString::number(value, 'f', decimals).replace(u'-', QChar(0x2212));
}

} // namespace apical
