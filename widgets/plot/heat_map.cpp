#include "widgets/plot/heat_map.h"

#include "widgets/look/rendering.h"
#include "widgets/plot/heat_map_gl.h"

#include <algorithm>
#include <cmath>

namespace apical {

HeatMap::HeatMap()
    : m_backend(softwareRendering() ? Backend::Painter : Backend::OpenGl)
{
}

HeatMap::~HeatMap() = default;
HeatMap::HeatMap(HeatMap&&) noexcept = default;
HeatMap& HeatMap::operator=(HeatMap&&) noexcept = default;

void HeatMap::setBackend(Backend backend)
{
    if (m_backend == backend)
        return;
    m_backend = backend;
    m_gl.reset();
    m_dirty = true;
}

void HeatMap::setMatrix(const Matrix& matrix)
{
    if (matrix == m_matrix)
        return;
    m_matrix = matrix;
    m_largest = 0;
    for (double v : m_matrix.values)
        m_largest = std::max(m_largest, std::abs(v));
    m_dirty = true;
}

void HeatMap::setRange(double range)
{
    if (range == m_range || !(range > 0))
        return;
    m_range = range;
    m_dirty = true;
}

void HeatMap::setTheme(const Theme& theme)
{
    if (&theme == m_theme)
        return;
    m_theme = &theme;
    m_dirty = true;
}

const QImage& HeatMap::image(QSize pixels)
{
    if (!m_dirty && m_image.size() == pixels)
        return m_image;
    m_dirty = false;
    if (m_matrix.empty() || pixels.isEmpty()) {
        m_image = QImage(pixels, QImage::Format_RGB32);
        m_image.fill(m_theme->panel);
        return m_image;
    }
    const auto perPixel = [](int cells, int px) { return (cells + px - 1) / px; };
    m_block = {perPixel(m_matrix.cols, pixels.width()), perPixel(m_matrix.rows, pixels.height())};
    if (m_block != QSize(1, 1))
        m_reduced = blockMeans(m_matrix, m_block);

    if (m_backend == Backend::OpenGl) {
        if (!m_gl)
            m_gl = std::make_unique<HeatMapGl>();
        if (m_gl->draw(
                m_block != QSize(1, 1) ? m_reduced : m_matrix, m_range, *m_theme, pixels, m_image))
            return m_image;
        m_gl.reset();
        m_backend = Backend::Painter;
    }
    drawByPainter(pixels);
    return m_image;
}

void HeatMap::drawByPainter(QSize pixels)
{
    const Matrix& cells = m_block != QSize(1, 1) ? m_reduced : m_matrix;
    if (m_image.size() != pixels || m_image.format() != QImage::Format_RGB32)
        m_image = QImage(pixels, QImage::Format_RGB32);
    const int w = pixels.width(), h = pixels.height();
    int drawn = -1; // matrix row that the picture row above shows
    for (int y = 0; y < h; ++y) {
        auto* line = reinterpret_cast<QRgb*>(m_image.scanLine(y));
        const int row = y * cells.rows / h;
        if (row == drawn) {
            const auto* above = reinterpret_cast<const QRgb*>(m_image.constScanLine(y - 1));
            std::copy(above, above + w, line);
            continue;
        }
        drawn = row;
        for (int x = 0, last = -1; x < w; ++x) {
            const int col = static_cast<int>(static_cast<qint64>(x) * cells.cols / w);
            line[x] = col == last ? line[x - 1] : m_theme->signRgb(cells(row, col) / m_range);
            last = col;
        }
    }
}

Matrix blockMeans(const Matrix& matrix, QSize block)
{
    const int down = block.height(), across = block.width();
    Matrix out((matrix.rows + down - 1) / down, (matrix.cols + across - 1) / across);
    for (int r = 0; r < matrix.rows; ++r)
        for (int c = 0; c < matrix.cols; ++c)
            out(r / down, c / across) += matrix(r, c);
    for (int r = 0; r < out.rows; ++r)
        for (int c = 0; c < out.cols; ++c)
            out(r, c) /=
                std::min(down, matrix.rows - r * down) * std::min(across, matrix.cols - c * across);
    return out;
}

} // namespace apical
