// Strokes as a hand draws them, and the picture that a network sees of them.
#pragma once

#include "sim/task/strokes.h"
#include "widgets/look/theme.h"

#include <QPainter>
#include <QPointF>
#include <QRectF>

#include <cstdint>
#include <vector>

namespace apical {

/// In units of the canvas' side, so that the canvas may grow under them.
class DrawingCanvas {
public:
    /// A stroke begins, goes on and ends.
    void press(QPointF at, const QRectF& canvas);
    void move(QPointF at, const QRectF& canvas);
    void release() { m_down = false; }
    bool drawing() const { return m_down; }
    void undo(); ///< the last stroke
    void clear();
    bool empty() const { return m_strokes.empty(); }
    const std::vector<Stroke>& strokes() const { return m_strokes; }
    std::uint64_t version() const { return m_version; } ///< differs when the strokes do

    /// 0 to 1, kDigitSide x kDigitSide; centred and smoothed as sets of digits are.
    std::vector<double> pixels() const;
    void paint(QPainter&, const Theme&, const QRectF& canvas) const;

private:
    std::vector<Stroke> m_strokes;
    bool m_down = false;
    std::uint64_t m_version = 0;
};

} // namespace apical
