// Labelled grey pictures of one size, as bytes: a tenth of what they take as numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace apical {

struct ImageSet {
    int rows = 0, cols = 0; ///< pixels of a picture
    int classes = 0; ///< largest label + 1
    std::vector<std::uint8_t> pixels; ///< picture by picture, row by row
    std::vector<std::uint8_t> labels; ///< one per picture

    int size() const { return static_cast<int>(labels.size()); }
    int pixelsEach() const { return rows * cols; }
    std::span<const std::uint8_t> image(int i) const
    {
        const auto each = static_cast<std::size_t>(pixelsEach());
        return std::span(pixels).subspan(static_cast<std::size_t>(i) * each, each);
    }
    bool operator==(const ImageSet&) const = default;
};

/// Images that never change, shared by their copies, compared by what they are.
class SharedImages {
public:
    SharedImages() = default;
    SharedImages(ImageSet set) // NOLINT(google-explicit-constructor): it holds nothing else
        : m_set(std::make_shared<const ImageSet>(std::move(set)))
    {
    }
    const ImageSet& operator*() const
    {
        static const ImageSet none;
        return m_set ? *m_set : none;
    }
    const ImageSet* operator->() const { return &**this; }
    bool operator==(const SharedImages& other) const
    {
        return m_set == other.m_set || **this == *other;
    }

private:
    std::shared_ptr<const ImageSet> m_set;
};

} // namespace apical
