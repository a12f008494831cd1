#include "widgets/raster/cells.h"

#include "widgets/look/rendering.h"
#include "widgets/raster/cells_gl.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace apical {
namespace {

constexpr double kHalf = 0.5;

QRgb mixed(const QColor& paper, const QColor& ink, double share)
{
    const auto part = [share](int from, int to) {
        return static_cast<int>(std::lround(from + (to - from) * share));
    };
    return qRgb(part(paper.red(), ink.red()), part(paper.green(), ink.green()),
        part(paper.blue(), ink.blue()));
}

} // namespace

RasterCells::RasterCells()
    : m_backend(softwareRendering() ? Backend::Painter : Backend::OpenGl)
{
}

RasterCells::~RasterCells() = default;

void RasterCells::setBackend(Backend backend)
{
    if (m_backend == backend)
        return;
    m_backend = backend;
    m_gl.reset();
    m_painted = false;
}

void RasterCells::refit()
{
    m_fullRate = 0;
    m_settled = false;
    m_key = {};
}

std::uint64_t RasterCells::drawn() const
{
    return std::accumulate(m_counts.begin(), m_counts.end(), std::uint64_t{0});
}

int RasterCells::stripeAt(int column) const
{
    const auto after = std::partition_point(
        m_stripes.begin(), m_stripes.end(), [column](const Stripe& s) { return s.from <= column; });
    if (after == m_stripes.begin() || std::prev(after)->to <= column)
        return -1;
    return static_cast<int>(after - m_stripes.begin()) - 1;
}

std::uint32_t RasterCells::fullOf(const Stripe& stripe, std::size_t neurons) const
{
    const double spikes =
        std::ceil(m_fullRate * stripe.bin.durationMs * static_cast<double>(neurons));
    return static_cast<std::uint32_t>(std::clamp(spikes, double{kFullAtLeast}, 4e9));
}

std::uint32_t RasterCells::full() const
{
    return m_stripes.empty() ? kFullAtLeast : fullOf(m_stripes[m_stripes.size() / 2], 1);
}

void RasterCells::shade()
{
    const auto width = static_cast<std::size_t>(m_key.columns);
    m_shades.assign(cells() * width, 0);
    for (std::size_t s = 0; s < m_stripes.size(); ++s) {
        const Stripe& stripe = m_stripes[s];
        const int from = std::max(stripe.from, 0), to = std::min(stripe.to, m_key.columns);
        if (from >= to)
            continue;
        const std::uint32_t* counts = m_counts.data() + s * cells();
        std::size_t known = 0; // neurons of a cell, and what follows from them
        double one = 0, perSpike = 0;
        for (std::size_t cell = 0; cell < m_parts.size(); ++cell) {
            if (counts[cell] == 0)
                continue;
            const Part& part = m_parts[cell];
            if (part.neurons != known) {
                known = part.neurons;
                const std::uint32_t most = fullOf(stripe, known);
                one = shadeOfOne(most);
                perSpike = (kShades - 1.0 - one) / (most - 1.0);
            }
            // Cut off where it is made whole: half more, so that it is rounded.
            const double level =
                std::min(one + (counts[cell] - 1.0) * perSpike, kShades - 1.0) + kHalf;
            std::uint8_t* line = m_shades.data() + cell * width;
            std::fill(line + from, line + to,
                static_cast<std::uint8_t>(1 + part.hue * kShades + static_cast<int>(level)));
        }
    }
    m_shaded = true;
    m_painted = false;
}

std::array<QRgb, 256> RasterCells::palette(const Theme& theme)
{
    std::array<QRgb, 256> colors{};
    const std::vector<QColor> hues = rasterHues(theme);
    for (std::size_t hue = 0; hue < hues.size(); ++hue) {
        for (int level = 0; level < kShades; ++level)
            colors[1 + hue * kShades + static_cast<std::size_t>(level)] = mixed(
                theme.panel, hues[hue], kLightest + (1 - kLightest) * level / (kShades - 1.0));
    }
    return colors;
}

const QImage& RasterCells::image(QSize pixels, double ratio, const Theme& theme)
{
    if (!m_shaded)
        shade();
    if (m_painted && m_image.size() == pixels && m_ratio == ratio && m_theme == &theme)
        return m_image;
    m_painted = true;
    m_theme = &theme;
    m_ratio = ratio;
    m_cellOfLine.resize(static_cast<std::size_t>(std::max(pixels.height(), 0)), -1);
    const std::array<QRgb, 256> colors = palette(theme);
    if (m_backend == Backend::OpenGl && cells() > 0 && !pixels.isEmpty()) {
        if (!m_gl)
            m_gl = std::make_unique<RasterGl>();
        if (m_gl->draw(m_shades, {m_key.columns, static_cast<int>(cells())}, m_cellOfLine, colors,
                ratio, pixels, m_image))
            return m_image;
        m_gl.reset();
        m_backend = Backend::Painter;
    }
    paintBy(pixels, ratio, colors);
    return m_image;
}

void RasterCells::paintBy(QSize pixels, double ratio, const std::array<QRgb, 256>& colors)
{
    if (m_image.size() != pixels || m_image.format() != QImage::Format_ARGB32_Premultiplied)
        m_image = QImage(pixels, QImage::Format_ARGB32_Premultiplied);
    if (cells() == 0) {
        m_image.fill(Qt::transparent);
        return;
    }
    const int columns = m_key.columns, width = pixels.width();
    std::vector<int> columnOf(static_cast<std::size_t>(width));
    for (int x = 0; x < width; ++x)
        columnOf[static_cast<std::size_t>(x)] =
            std::min(static_cast<int>((x + 0.5) / ratio), columns - 1);
    std::int32_t drawn = -2; // cell that the line above shows
    for (int y = 0; y < pixels.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(m_image.scanLine(y));
        const std::int32_t cell = m_cellOfLine[static_cast<std::size_t>(y)];
        if (cell == drawn) {
            const auto* above = reinterpret_cast<const QRgb*>(m_image.constScanLine(y - 1));
            std::copy(above, above + width, line);
            continue;
        }
        drawn = cell;
        if (cell < 0) {
            std::fill(line, line + width, QRgb{0});
            continue;
        }
        const std::uint8_t* shades =
            m_shades.data() + static_cast<std::size_t>(cell) * static_cast<std::size_t>(columns);
        for (int x = 0; x < width; ++x)
            line[x] = colors[shades[columnOf[static_cast<std::size_t>(x)]]];
    }
}

} // namespace apical
