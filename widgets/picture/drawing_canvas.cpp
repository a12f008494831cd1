#include "widgets/picture/drawing_canvas.h"

#include <QPainterPath>

#include <algorithm>

namespace apical {
namespace {

constexpr double kPenShare = 0.075; // of the canvas' side
constexpr double kLeastMove = 0.004; // of it: a hand that rests adds no points

StrokePoint inside(QPointF at, const QRectF& canvas)
{
    const auto share = [](double v, double from, double size) {
        return std::clamp((v - from) / std::max(size, 1.0), 0.0, 1.0);
    };
    return {
        share(at.x(), canvas.left(), canvas.width()), share(at.y(), canvas.top(), canvas.height())};
}

} // namespace

void DrawingCanvas::press(QPointF at, const QRectF& canvas)
{
    m_down = true;
    m_strokes.push_back({inside(at, canvas)});
    ++m_version;
}

void DrawingCanvas::move(QPointF at, const QRectF& canvas)
{
    if (!m_down || m_strokes.empty())
        return;
    const StrokePoint next = inside(at, canvas), last = m_strokes.back().back();
    if (std::abs(next.x - last.x) + std::abs(next.y - last.y) < kLeastMove)
        return;
    m_strokes.back().push_back(next);
    ++m_version;
}

void DrawingCanvas::undo()
{
    if (m_strokes.empty())
        return;
    m_strokes.pop_back();
    m_down = false;
    ++m_version;
}

void DrawingCanvas::clear()
{
    m_strokes.clear();
    m_down = false;
    ++m_version;
}

std::vector<double> DrawingCanvas::pixels() const
{
    const std::vector<std::uint8_t> bytes = picture(m_strokes);
    std::vector<double> values(bytes.size());
    std::transform(
        bytes.begin(), bytes.end(), values.begin(), [](std::uint8_t byte) { return byte / 255.0; });
    return values;
}

void DrawingCanvas::paint(QPainter& painter, const Theme& theme, const QRectF& canvas) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.fieldLine, 1));
    painter.setBrush(theme.field);
    painter.drawRoundedRect(canvas.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    painter.setClipRect(canvas.adjusted(1, 1, -1, -1));
    const double pen = kPenShare * canvas.width();
    painter.setPen(QPen(theme.ink, pen, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    const auto at = [&canvas](const StrokePoint& p) {
        return QPointF(canvas.left() + p.x * canvas.width(), canvas.top() + p.y * canvas.height());
    };
    for (const Stroke& stroke : m_strokes) {
        const Stroke line = smoothed(stroke);
        if (line.size() == 1) {
            painter.drawPoint(at(line.front()));
            continue;
        }
        QPainterPath path(at(line.front()));
        for (const StrokePoint& p : line)
            path.lineTo(at(p));
        painter.drawPath(path);
    }
    painter.restore();
}

} // namespace apical
