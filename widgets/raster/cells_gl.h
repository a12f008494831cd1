// The OpenGL side of RasterCells: shades as a texture, looked up by a fragment shader, drawn off
// screen and read back.
#pragma once

#include <QRgb>
#include <QSize>

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

class QImage;

namespace apical {

/// Window thread.
class RasterGl {
public:
    RasterGl();
    ~RasterGl();
    RasterGl(const RasterGl&) = delete;
    RasterGl& operator=(const RasterGl&) = delete;

    /// @param shades indices into the palette, [cell][column] @param cellOfLine per device px from
    /// the top, -1: paper @param ratio device px of a column
    /// @param out premultiplied, `pixels` large, made if needed; paper is transparent
    /// @return false if there is no usable OpenGL 3.3; `out` is then unspecified
    bool draw(const std::vector<std::uint8_t>& shades, QSize cells,
        const std::vector<std::int32_t>& cellOfLine, const std::array<QRgb, 256>& palette,
        double ratio, QSize pixels, QImage& out);

private:
    struct Device;
    std::unique_ptr<Device> m_device;
};

} // namespace apical
