#include "sim/task/strokes.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace apical {
namespace {

constexpr int kPieces = 8; // of the curve between two points

// Catmull-Rom: the curve passes through b and c with the directions of its neighbours.
double between(double a, double b, double c, double d, double t)
{
    return b + t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))) / 2;
}

struct Box {
    double left = std::numeric_limits<double>::infinity(), top = left, right = -left,
           bottom = -left;
    void add(const StrokePoint& p)
    {
        left = std::min(left, p.x);
        right = std::max(right, p.x);
        top = std::min(top, p.y);
        bottom = std::max(bottom, p.y);
    }
};

using Values = std::vector<double>;

std::size_t pixelAt(int x, int y)
{
    return static_cast<std::size_t>(y) * kDigitSide + static_cast<std::size_t>(x);
}

// Takes the squared distance of pixels' middles from a piece where it is the smallest yet: of
// pixels that the pen, there, can reach.
void approach(Values& nearest, const StrokePoint& a, const StrokePoint& b, double reach)
{
    const auto pixel = [](double v) {
        return std::clamp(static_cast<int>(std::floor(v)), 0, kDigitSide - 1);
    };
    const int x0 = pixel(std::min(a.x, b.x) - reach), x1 = pixel(std::max(a.x, b.x) + reach);
    const int y0 = pixel(std::min(a.y, b.y) - reach), y1 = pixel(std::max(a.y, b.y) + reach);
    const double dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
    const double along = square > 0 ? 1 / square : 0;
    for (int y = y0; y <= y1; ++y) {
        const double py = y + 0.5 - a.y;
        double* const row = &nearest[pixelAt(0, y)];
        for (int x = x0; x <= x1; ++x) { // no branch, so that several pixels are done at once
            const double px = x + 0.5 - a.x;
            const double t = std::min(std::max((px * dx + py * dy) * along, 0.0), 1.0);
            const double offX = px - t * dx, offY = py - t * dy;
            row[x] = std::min(row[x], offX * offX + offY * offY);
        }
    }
}

// By whole pixels; what leaves the picture is lost.
Values centred(const Values& in)
{
    double mass = 0, atX = 0, atY = 0;
    for (int y = 0; y < kDigitSide; ++y) {
        for (int x = 0; x < kDigitSide; ++x) {
            const double v = in[pixelAt(x, y)];
            mass += v;
            atX += v * (x + 0.5);
            atY += v * (y + 0.5);
        }
    }
    if (mass <= 0)
        return in;
    const int right = static_cast<int>(std::lround(kDigitSide / 2.0 - atX / mass));
    const int down = static_cast<int>(std::lround(kDigitSide / 2.0 - atY / mass));
    Values out(in.size(), 0.0);
    for (int y = std::max(0, down); y < std::min(kDigitSide, kDigitSide + down); ++y) {
        for (int x = std::max(0, right); x < std::min(kDigitSide, kDigitSide + right); ++x)
            out[pixelAt(x, y)] = in[pixelAt(x - right, y - down)];
    }
    return out;
}

} // namespace

Stroke smoothed(const Stroke& stroke)
{
    if (stroke.size() < 3)
        return stroke;
    Stroke out{stroke.front()};
    for (std::size_t i = 0; i + 1 < stroke.size(); ++i) {
        const StrokePoint &b = stroke[i], &c = stroke[i + 1];
        const StrokePoint &a = i > 0 ? stroke[i - 1] : b,
                          &d = i + 2 < stroke.size() ? stroke[i + 2] : c;
        for (int k = 1; k <= kPieces; ++k) {
            const double t = static_cast<double>(k) / kPieces;
            out.push_back({between(a.x, b.x, c.x, d.x, t), between(a.y, b.y, c.y, d.y, t)});
        }
    }
    return out;
}

std::vector<std::uint8_t> picture(std::span<const Stroke> strokes, const Pen& pen)
{
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(kDigitSide) * kDigitSide, 0);
    Box box;
    for (const Stroke& stroke : strokes) {
        for (const StrokePoint& point : stroke)
            box.add(point);
    }
    if (!(box.left <= box.right))
        return pixels;
    const double larger = std::max(box.right - box.left, box.bottom - box.top);
    const double scale = larger > 0 ? std::max(kDigitBox - pen.width, 1.0) / larger : 0;
    const auto placed = [&](const StrokePoint& p) {
        return StrokePoint{kDigitSide / 2.0 + scale * (p.x - (box.left + box.right) / 2),
            kDigitSide / 2.0 + scale * (p.y - (box.top + box.bottom) / 2)};
    };
    // A pixel is covered by as much as the straight edge of a pen that passes at its distance
    // covers; the nearest piece of any stroke covers most.
    const double reach = pen.width / 2 + 0.5;
    Values values(pixels.size(), std::numeric_limits<double>::infinity());
    for (const Stroke& stroke : strokes) {
        for (std::size_t i = 0; i < stroke.size(); ++i)
            approach(values, placed(stroke[i]), placed(stroke[std::min(i + 1, stroke.size() - 1)]),
                reach);
    }
    for (double& value : values)
        value = std::clamp(reach - std::sqrt(value), 0.0, 1.0) * pen.ink;
    const Values moved = centred(values);
    for (std::size_t i = 0; i < pixels.size(); ++i)
        pixels[i] = static_cast<std::uint8_t>(std::lround(255 * std::clamp(moved[i], 0.0, 1.0)));
    return pixels;
}

} // namespace apical
