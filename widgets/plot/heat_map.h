// A matrix as a picture: flat cells, one colour per value, drawn with OpenGL or by its QPainter
// twin (the same pixels either way).
#pragma once

#include "sim/base/matrix.h"
#include "widgets/look/theme.h"

#include <QImage>
#include <QSize>

#include <memory>

namespace apical {

class HeatMapGl;

/// Keeps what was drawn last and redraws only when values, range, theme or size changed. Window
/// thread.
class HeatMap {
public:
    enum class Backend { Painter, OpenGl };

    HeatMap();
    ~HeatMap();
    HeatMap(HeatMap&&) noexcept;
    HeatMap& operator=(HeatMap&&) noexcept;

    /// By default OpenGL unless softwareRendering(). OpenGL that fails falls back to the twin for
    /// good.
    void setBackend(Backend);
    Backend backend() const { return m_backend; }

    void setMatrix(const Matrix&);
    const Matrix& matrix() const { return m_matrix; }
    void setRange(double range); ///< the ramp spans [-range, range]; > 0
    void setTheme(const Theme&);

    /// The picture in device pixels. Where cells would be smaller than a pixel, square blocks of
    /// the matrix are averaged first: see block().
    const QImage& image(QSize pixels);
    QSize block() const
    {
        return m_block;
    } ///< a cell of the last picture is the mean of so many columns x rows

    double largest() const { return m_largest; } ///< greatest magnitude in the matrix
    bool clipped() const { return m_largest > m_range; }

private:
    void drawByPainter(QSize pixels);

    Matrix m_matrix;
    Matrix m_reduced; ///< block means, when block() is more than one value
    double m_range = 1;
    double m_largest = 0;
    const Theme* m_theme = &Theme::light();
    Backend m_backend;
    QSize m_block{1, 1};
    bool m_dirty = true;
    QImage m_image;
    std::unique_ptr<HeatMapGl> m_gl;
};

/// Means of blocks (smaller ones at the right and bottom edge); a NaN makes its block NaN.
Matrix blockMeans(const Matrix&, QSize block);

} // namespace apical
