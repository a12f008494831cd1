// The OpenGL side of HeatMap: a float texture and a fragment shader, drawn off screen and read
// back.
#pragma once

#include "sim/base/matrix.h"

#include <QSize>

#include <memory>

class QImage;

namespace apical {

struct Theme;

/// Off screen on purpose: a QOpenGLWidget inside the docks would make the whole window composite
/// through OpenGL. All maps share one context, made with the first and gone with the last. Window
/// thread.
class HeatMapGl {
public:
    HeatMapGl();
    ~HeatMapGl();
    HeatMapGl(const HeatMapGl&) = delete;
    HeatMapGl& operator=(const HeatMapGl&) = delete;

    /// Uploads the cells if they changed, draws and reads back into `out` (RGB32, `pixels` large,
    /// made if needed).
    /// @return false if there is no usable OpenGL 3.3; `out` is then unspecified
    bool draw(const Matrix& cells, double range, const Theme&, QSize pixels, QImage& out);

private:
    struct Device;
    std::shared_ptr<Device> m_device;
    struct Target;
    std::unique_ptr<Target> m_target;
};

} // namespace apical
