// Where the parts of "Draw a digit" stand.
#pragma once

#include <QRectF>

#include <vector>

namespace apical {

struct DrawingLayout {
    enum class Part { Seen, Hidden, Error, Delta };
    struct Picture {
        Part part = Part::Seen;
        int layer = 0; ///< of Part::Hidden: 0 is the first hidden one
        QRectF at{};
    };
    static constexpr double kPad = 8, kCaption = 15; ///< below a picture

    QRectF canvas, bars;
    std::vector<Picture> pictures; ///< those that have room
};

/// What there is to see beside the canvas.
struct DrawingParts {
    int hiddenLayers = 0;
    bool error = false, delta = false;
};
DrawingLayout drawingLayout(const QRectF& room, const DrawingParts&);

} // namespace apical
