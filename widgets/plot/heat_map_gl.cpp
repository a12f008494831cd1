#include "widgets/plot/heat_map_gl.h"

#include "widgets/look/theme.h"
#include "widgets/plot/offscreen_gl.h"

#include <QImage>
#include <QOpenGLExtraFunctions>
#include <QOpenGLFramebufferObject>
#include <QOpenGLShaderProgram>
#include <QVector3D>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace apical {
namespace {

constexpr float kNotANumber = 9; // as in heat_map.frag

QVector3D rgb(const QColor& color)
{
    return {static_cast<float>(color.redF()), static_cast<float>(color.greenF()),
        static_cast<float>(color.blueF())};
}

} // namespace

/// Program of all maps.
struct HeatMapGl::Device {
    std::shared_ptr<OffscreenGl> gl = OffscreenGl::shared();
    std::unique_ptr<QOpenGLShaderProgram> program;

    Device()
    {
        if (!gl->makeCurrent())
            return;
        program = OffscreenGl::program(QStringLiteral(":/shaders/heat_map.frag"));
        gl->doneCurrent();
    }

    ~Device()
    {
        if (program && gl->makeCurrent()) {
            program.reset();
            gl->doneCurrent();
        }
    }

    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    bool makeCurrent() { return program && gl->makeCurrent(); }

    /// The one of all maps alive.
    static std::shared_ptr<Device> shared()
    {
        static std::weak_ptr<Device> current;
        std::shared_ptr<Device> device = current.lock();
        if (!device) {
            device = std::make_shared<Device>();
            current = device;
        }
        return device;
    }
};

/// Texture and frame buffer of one map.
struct HeatMapGl::Target {
    GLuint texture = 0;
    QSize cells;
    std::vector<float> values; ///< as uploaded
    std::unique_ptr<QOpenGLFramebufferObject> buffer;
};

HeatMapGl::HeatMapGl()
    : m_device(Device::shared())
    , m_target(std::make_unique<Target>())
{
}

HeatMapGl::~HeatMapGl()
{
    if (!m_device->makeCurrent())
        return;
    m_device->gl->context().functions()->glDeleteTextures(1, &m_target->texture);
    m_target->buffer.reset();
    m_device->gl->doneCurrent();
}

bool HeatMapGl::draw(
    const Matrix& cells, double range, const Theme& theme, QSize pixels, QImage& out)
{
    Device& device = *m_device;
    if (!device.makeCurrent())
        return false;
    QOpenGLExtraFunctions& gl = *device.gl->context().extraFunctions();
    while (gl.glGetError() != GL_NO_ERROR) { } // only errors of this picture count below
    GLint limit = 0;
    gl.glGetIntegerv(GL_MAX_TEXTURE_SIZE, &limit);
    if (std::max({cells.cols, cells.rows, pixels.width(), pixels.height()}) > limit) {
        device.gl->doneCurrent();
        return false;
    }

    Target& target = *m_target;
    // Before the texture is bound: making a frame buffer binds another one.
    if (!target.buffer || target.buffer->size() != pixels)
        target.buffer = std::make_unique<QOpenGLFramebufferObject>(pixels);
    if (!target.buffer->isValid() || !target.buffer->bind()) {
        device.gl->doneCurrent();
        return false;
    }
    if (!target.texture) {
        gl.glGenTextures(1, &target.texture);
        gl.glBindTexture(GL_TEXTURE_2D, target.texture);
        gl.glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
        gl.glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
    }
    gl.glActiveTexture(GL_TEXTURE0);
    gl.glBindTexture(GL_TEXTURE_2D, target.texture);
    std::vector<float> scaled(cells.values.size());
    std::transform(cells.values.begin(), cells.values.end(), scaled.begin(), [range](double v) {
        return std::isnan(v) ? kNotANumber : static_cast<float>(std::clamp(v / range, -2.0, 2.0));
    });
    const QSize size(cells.cols, cells.rows);
    if (scaled != target.values || size != target.cells) {
        gl.glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
        gl.glTexImage2D(
            GL_TEXTURE_2D, 0, GL_R32F, cells.cols, cells.rows, 0, GL_RED, GL_FLOAT, scaled.data());
        target.values = std::move(scaled);
        target.cells = size;
    }
    gl.glViewport(0, 0, pixels.width(), pixels.height());
    gl.glDisable(GL_BLEND);
    gl.glDisable(GL_DITHER);
    QOpenGLShaderProgram& program = *device.program;
    program.bind();
    std::array<QVector3D, 5> ramp;
    std::transform(theme.sign.begin(), theme.sign.end(), ramp.begin(), rgb);
    program.setUniformValueArray("ramp", ramp.data(), static_cast<int>(ramp.size()));
    program.setUniformValue("notFinite", rgb(theme.ink3));
    program.setUniformValue("values", 0);
    gl.glUniform2i(program.uniformLocation("cells"), cells.cols, cells.rows);
    gl.glUniform2i(program.uniformLocation("pixels"), pixels.width(), pixels.height());
    device.gl->drawAll();

    if (out.size() != pixels || out.format() != QImage::Format_RGB32)
        out = QImage(pixels, QImage::Format_RGB32);
    gl.glPixelStorei(GL_PACK_ALIGNMENT, 4);
    // BGRA bytes are QRgb on little-endian machines and swapped there on the others by GL itself.
    gl.glReadPixels(
        0, 0, pixels.width(), pixels.height(), GL_BGRA, GL_UNSIGNED_INT_8_8_8_8_REV, out.bits());
    const bool good = gl.glGetError() == GL_NO_ERROR;
    program.release();
    target.buffer->release();
    device.gl->doneCurrent();
    return good;
}

} // namespace apical
