#include "widgets/picture/drawing_layout.h"

#include <algorithm>
#include <cstddef>

namespace apical {
namespace {

using Part = DrawingLayout::Part;
using Pictures = std::vector<DrawingLayout::Picture>;

constexpr double kCanvas = 0.35; // of the width, at most
constexpr double kSmallest = 28, kLargest = 96; // a picture
constexpr double kBetween = 12; // captions are a little wider than their pictures
constexpr double kBars = 104; // at least
constexpr int kMostColumns = 3;

/// All of them, then fewer: of many hidden layers the first, and that before all others.
std::vector<Pictures> choices(const DrawingParts& parts)
{
    std::vector<Pictures> all;
    for (int layers = parts.hiddenLayers; layers >= std::min(1, parts.hiddenLayers); --layers) {
        Pictures some{{Part::Seen}};
        for (int l = 0; l < layers; ++l)
            some.push_back({Part::Hidden, l});
        if (parts.error)
            some.push_back({Part::Error});
        if (parts.delta)
            some.push_back({Part::Delta});
        all.push_back(std::move(some));
    }
    if (parts.hiddenLayers > 0) {
        all.push_back({{Part::Seen}, {Part::Hidden}});
        all.push_back({{Part::Hidden}});
    }
    return all;
}

} // namespace

DrawingLayout drawingLayout(const QRectF& room, const DrawingParts& parts)
{
    constexpr double kPad = DrawingLayout::kPad, kCaption = DrawingLayout::kCaption;
    DrawingLayout layout;
    const double side = std::max(40.0, std::min(room.height(), room.width() * kCanvas));
    layout.canvas = QRectF(room.left(), room.top() + (room.height() - side) / 2, side, side);
    double left = layout.canvas.right() + kPad + 2;
    const double width = room.right() - left - kBars;
    for (Pictures& some : choices(parts)) {
        double size = 0;
        int columns = 1;
        const int count = static_cast<int>(some.size());
        for (int c = 1; c <= std::min(kMostColumns, count); ++c) {
            const int rows = (count + c - 1) / c;
            const double fits =
                std::min({kLargest, room.height() / rows - kCaption, width / c - kBetween});
            if (fits > size) {
                size = fits;
                columns = c;
            }
        }
        if (size < kSmallest)
            continue;
        for (int i = 0; i < count; ++i) {
            const int row = i / columns, column = i % columns;
            some[static_cast<std::size_t>(i)].at = QRectF(left + column * (size + kBetween),
                room.top() + row * (size + kCaption), size, size);
        }
        layout.pictures = std::move(some);
        left += columns * (size + kBetween);
        break;
    }
    layout.bars = QRectF(left, room.top(), room.right() - left, room.height());
    return layout;
}

} // namespace apical
