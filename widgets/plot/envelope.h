// Curves as min/max envelopes: per pixel column one stroke from least to greatest, and a mid line
// over it.
#pragma once

#include "sim/watch/history.h"
#include "widgets/plot/scale.h"

#include <QColor>
#include <QImage>
#include <QRectF>

#include <span>
#include <vector>

class QPainter;

namespace apical {

struct EnvelopeStyle {
    QColor color;
    double width = 1.5; ///< of the mid line, logical px; 0 = none
    double dash = 0, gap = 0; ///< logical px along x; 0 = solid
    double fill = 0.28; ///< opacity between minimum and maximum
};

/// Rasterises columns itself (a wide QPainter polyline is ten times slower) and falls back to
/// vector paths on devices that are not rasters (SVG, PDF). Nothing is smoothed or dropped: a
/// column is inked from its minimum to its maximum, NaN columns stay empty. Use: begin(), draw()
/// for each curve, end().
class EnvelopePainter {
public:
    /// @param area logical px; everything is clipped to it
    void begin(QPainter&, const QRectF& area);
    /// Device columns that fit into the area: how many columns a curve should have.
    int columnCount() const { return m_columns; }
    double columnWidth() const { return m_columnWidth; } ///< logical px
    /// @param shift whole device columns by which column 0 lies right of the area's left edge (may
    /// be negative)
    /// @param scale vertical, in logical px of the painter
    /// @param clip logical px, inside the area
    void draw(std::span<const History::Column> columns, int shift, const PlotScale& scale,
        const QRectF& clip, const EnvelopeStyle& style);
    void end();

private:
    /// One column in device rows (y downwards).
    struct Stroke {
        float top = 0, bottom = 0; ///< maximum and minimum
        float left = 0, mid = 0,
              right = 0; ///< mid line where it enters, in the middle, where it leaves
        bool valid = false;
    };
    void drawColumn(int x, const Stroke&, int top, int bottom, const EnvelopeStyle&, bool midLine);
    void drawVector(std::span<const History::Column>, int shift, const PlotScale&,
        const QRectF& clip, const EnvelopeStyle&);

    QPainter* m_painter = nullptr;
    QRectF m_area;
    int m_columns = 0;
    double m_columnWidth = 1;
    double m_ratio = 1; ///< device px per logical px
    bool m_raster = true;
    QImage m_image;
    QRgb* m_pixels = nullptr; ///< of m_image, from begin() to end()
    qsizetype m_stride = 0;
    std::vector<float> m_coverage; ///< of one column, per device row
    std::vector<Stroke> m_strokes;
};

} // namespace apical
