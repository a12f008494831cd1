#include "widgets/plot/envelope.h"

#include <QPaintEngine>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace apical {

namespace {

// px: far outside is as good as farther; what a run that breaks reaches fits no pixel number.
constexpr double kFar = 1e6;

/// Adds `amount` to the rows covered by [y0, y1], in parts at the ends.
void cover(std::vector<float>& rows, float y0, float y1, float amount, int top, int bottom)
{
    y0 = std::max(y0, static_cast<float>(top));
    y1 = std::min(y1, static_cast<float>(bottom));
    if (!(y1 > y0))
        return;
    const int first = static_cast<int>(y0);
    const int last = std::min(static_cast<int>(y1), bottom - 1);
    const auto at = [&](int row) -> float& { return rows[static_cast<std::size_t>(row - top)]; };
    if (first == last) {
        at(first) += amount * (y1 - y0);
        return;
    }
    at(first) += amount * (static_cast<float>(first + 1) - y0);
    for (int row = first + 1; row < last; ++row)
        at(row) += amount;
    at(last) += amount * (y1 - static_cast<float>(last));
}

/// Source-over of an opaque colour at coverage a (0..255) on premultiplied ARGB.
QRgb blend(QRgb under, QRgb color, unsigned a)
{
    const unsigned rest = 255 - a;
    const auto mix = [a, rest](unsigned over, unsigned below) {
        return (over * a + below * rest + 127) / 255;
    };
    return (mix(255, under >> 24) << 24) | (mix((color >> 16) & 255, (under >> 16) & 255) << 16)
        | (mix((color >> 8) & 255, (under >> 8) & 255) << 8) | mix(color & 255, under & 255);
}

} // namespace

void EnvelopePainter::begin(QPainter& painter, const QRectF& area)
{
    m_painter = &painter;
    m_area = area;
    const QPaintEngine* engine = painter.paintEngine();
    const auto type = engine ? engine->type() : QPaintEngine::Raster;
    m_raster = type == QPaintEngine::Raster || type == QPaintEngine::OpenGL2
        || type == QPaintEngine::OpenGL;
    m_ratio = m_raster ? std::clamp(std::abs(painter.deviceTransform().m11()), 0.25, 8.0) : 1.0;
    m_columns = std::max(1, static_cast<int>(std::lround(area.width() * m_ratio)));
    m_columnWidth = area.width() / m_columns;
    if (!m_raster)
        return;
    const QSize size(
        m_columns, std::max(1, static_cast<int>(std::lround(area.height() * m_ratio))));
    if (m_image.size() != size)
        m_image = QImage(size, QImage::Format_ARGB32_Premultiplied);
    m_image.fill(0);
    m_image.setDevicePixelRatio(m_ratio);
    m_pixels = reinterpret_cast<QRgb*>(m_image.bits());
    m_stride = m_image.bytesPerLine() / 4;
    m_coverage.assign(static_cast<std::size_t>(size.height()), 0.0f);
}

void EnvelopePainter::draw(std::span<const History::Column> columns, int shift,
    const PlotScale& scale, const QRectF& clip, const EnvelopeStyle& style)
{
    if (!m_painter || columns.empty())
        return;
    if (!m_raster) {
        drawVector(columns, shift, scale, clip, style);
        return;
    }
    const auto row = [this](double y) {
        return static_cast<float>(std::clamp((y - m_area.top()) * m_ratio, -kFar, kFar));
    };
    const int count = static_cast<int>(columns.size());
    m_strokes.resize(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
        Stroke& s = m_strokes[i];
        s.valid = std::isfinite(columns[i].low) && std::isfinite(columns[i].high);
        if (!s.valid)
            continue;
        s.top = row(scale.toPixel(static_cast<double>(columns[i].high)));
        s.bottom = row(scale.toPixel(static_cast<double>(columns[i].low)));
        s.mid = s.left = s.right = (s.top + s.bottom) / 2;
    }
    for (std::size_t i = 1; i < columns.size(); ++i)
        if (m_strokes[i - 1].valid && m_strokes[i].valid)
            m_strokes[i - 1].right = m_strokes[i].left =
                (m_strokes[i - 1].mid + m_strokes[i].mid) / 2;

    const int top = std::clamp(static_cast<int>(std::floor(row(clip.top()))), 0, m_image.height());
    const int bottom =
        std::clamp(static_cast<int>(std::ceil(row(clip.bottom()))), top, m_image.height());
    const double period = (style.dash + style.gap) * m_ratio;
    for (int i = std::max(0, -shift); i < count && i + shift < m_columns; ++i) {
        const Stroke& s = m_strokes[static_cast<std::size_t>(i)];
        if (!s.valid)
            continue;
        const bool inked = period <= 0 || style.gap <= 0
            || std::fmod(static_cast<double>(i + shift), period) < style.dash * m_ratio;
        drawColumn(i + shift, s, top, bottom, style, inked && style.width > 0);
    }
}

void EnvelopePainter::drawColumn(
    int x, const Stroke& s, int top, int bottom, const EnvelopeStyle& style, bool midLine)
{
    const float half = static_cast<float>(style.width * m_ratio / 2);
    float low = std::min(s.top, s.mid - half);
    float high = std::max(s.bottom, s.mid + half);
    if (s.bottom - s.top > 2 * half)
        cover(m_coverage, s.top, s.bottom, static_cast<float>(style.fill), top, bottom);
    if (midLine) {
        // Four slices across the column, each as thick as the slope asks, never beyond the points
        // they join.
        const float reachTop = std::min({s.left, s.mid, s.right}) - half;
        const float reachBottom = std::max({s.left, s.mid, s.right}) + half;
        const auto slice = [&](float y0, float y1) {
            const float slope = 4 * (y1 - y0);
            const float thick = half * std::sqrt(1 + slope * slope);
            cover(m_coverage, std::max((y0 + y1) / 2 - thick, reachTop),
                std::min((y0 + y1) / 2 + thick, reachBottom), 0.25f, top, bottom);
        };
        if (std::abs(s.left - s.mid) + std::abs(s.right - s.mid) < 0.2f) { // level: one slice does
            cover(m_coverage, s.mid - half, s.mid + half, 1.0f, top, bottom);
        } else {
            const float a = (s.left + s.mid) / 2, b = (s.mid + s.right) / 2;
            slice(s.left, a), slice(a, s.mid), slice(s.mid, b), slice(b, s.right);
        }
        low = std::min(low, reachTop);
        high = std::max(high, reachBottom);
    }
    const int first = std::clamp(static_cast<int>(std::floor(low)), top, bottom);
    const int last = std::clamp(static_cast<int>(std::ceil(high)), top, bottom);
    const QRgb color = style.color.rgb();
    constexpr float kRounding = 0.5f; // lround would be called for every pixel
    QRgb* pixel = m_pixels + first * m_stride + x;
    for (int y = first; y < last; ++y, pixel += m_stride) {
        float& c = m_coverage[static_cast<std::size_t>(y - top)];
        const auto a = static_cast<unsigned>(std::min(1.0f, c) * 255.0f + kRounding);
        if (a == 255)
            *pixel = color;
        else if (a > 0)
            *pixel = blend(*pixel, color, a);
        c = 0;
    }
}

void EnvelopePainter::drawVector(std::span<const History::Column> columns, int shift,
    const PlotScale& scale, const QRectF& clip, const EnvelopeStyle& style)
{
    m_painter->save();
    m_painter->setClipRect(clip);
    QPainterPath mid;
    std::vector<QLineF> envelope;
    bool open = false;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto [low, high] = columns[i];
        if (!std::isfinite(low) || !std::isfinite(high)) {
            open = false;
            continue;
        }
        const double x = m_area.left() + (static_cast<double>(i) + shift + 0.5) * m_columnWidth;
        const auto row = [&](float value) {
            return std::clamp(scale.toPixel(static_cast<double>(value)), -kFar, kFar);
        };
        const double y0 = row(low), y1 = row(high);
        if (std::abs(y1 - y0) > style.width)
            envelope.emplace_back(x, y0, x, y1);
        const QPointF point(x, (y0 + y1) / 2);
        open ? mid.lineTo(point) : mid.moveTo(point);
        open = true;
    }
    QColor faint = style.color;
    faint.setAlphaF(static_cast<float>(style.fill));
    m_painter->setPen(QPen(faint, m_columnWidth, Qt::SolidLine, Qt::FlatCap));
    m_painter->drawLines(envelope.data(), static_cast<int>(envelope.size()));
    QPen pen(style.color, style.width);
    if (style.gap > 0)
        pen.setDashPattern({style.dash / style.width, style.gap / style.width});
    m_painter->setPen(pen);
    m_painter->setBrush(Qt::NoBrush);
    if (style.width > 0)
        m_painter->drawPath(mid);
    m_painter->restore();
}

void EnvelopePainter::end()
{
    if (m_painter && m_raster)
        m_painter->drawImage(m_area.topLeft(), m_image);
    m_painter = nullptr;
}

} // namespace apical
