#include "widgets/picture/pixel_image.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr int kSmallestSide = 8;
constexpr double kUsual = 0.99;

template <class Color> QImage image(std::span<const double> values, int side, const Color& color)
{
    QImage picture(side, side, QImage::Format_RGB32);
    for (int y = 0; y < side; ++y) {
        auto* line = reinterpret_cast<QRgb*>(picture.scanLine(y));
        for (int x = 0; x < side; ++x) {
            const auto i = static_cast<std::size_t>(y) * static_cast<std::size_t>(side)
                + static_cast<std::size_t>(x);
            line[x] = color(i < values.size() ? values[i] : 0);
        }
    }
    return picture;
}

} // namespace

int pictureSide(int inputs)
{
    const int side = static_cast<int>(std::lround(std::sqrt(static_cast<double>(inputs))));
    return side >= kSmallestSide && side * side == inputs ? side : 0;
}

int pictureSide(const Anatomy& a)
{
    const int input = a.quantity("input.rate");
    return input < 0 ? 0 : pictureSide(a.of(a.quantities[static_cast<std::size_t>(input)]).size);
}

QImage inkImage(std::span<const double> values, int side, const Theme& theme)
{
    const auto mix = [](int paper, int ink, double share) {
        return static_cast<int>(std::lround(paper + (ink - paper) * share));
    };
    return image(values, side, [&](double v) {
        const double share = std::isfinite(v) ? std::clamp(v, 0.0, 1.0) : 0;
        return qRgb(mix(theme.field.red(), theme.ink.red(), share),
            mix(theme.field.green(), theme.ink.green(), share),
            mix(theme.field.blue(), theme.ink.blue(), share));
    });
}

QImage signedImage(std::span<const double> values, int side, double range, const Theme& theme)
{
    return image(values, side, [&](double v) { return theme.signRgb(range > 0 ? v / range : 0); });
}

void paintImage(QPainter& painter, const QImage& picture, const QRectF& at)
{
    const bool smooth = painter.testRenderHint(QPainter::SmoothPixmapTransform);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.drawImage(at, picture);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, smooth);
}

std::vector<double> seenThrough(const Matrix& up, std::span<const double> values, int inputs)
{
    std::vector<double> seen(static_cast<std::size_t>(inputs), 0.0);
    const auto columns = static_cast<std::size_t>(up.cols);
    for (std::size_t i = 0; i < values.size() && i < static_cast<std::size_t>(up.rows); ++i) {
        const double value = values[i];
        if (value == 0)
            continue;
        const double* row = up.values.data() + i * columns;
        for (std::size_t j = 0; j < seen.size(); ++j)
            seen[j] += value * row[j];
    }
    return seen;
}

double usualMagnitude(std::span<const double> values)
{
    std::vector<double> sizes;
    sizes.reserve(values.size());
    for (const double v : values) {
        if (std::isfinite(v))
            sizes.push_back(std::abs(v));
    }
    if (sizes.empty())
        return 0;
    const auto at =
        sizes.begin() + static_cast<std::ptrdiff_t>(kUsual * static_cast<double>(sizes.size() - 1));
    std::nth_element(sizes.begin(), at, sizes.end());
    return *at;
}

} // namespace apical
