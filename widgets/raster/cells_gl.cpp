#include "widgets/raster/cells_gl.h"

#include "widgets/plot/offscreen_gl.h"

#include <QImage>
#include <QOpenGLExtraFunctions>
#include <QOpenGLFramebufferObject>
#include <QOpenGLShaderProgram>

#include <algorithm>

namespace apical {

struct RasterGl::Device {
    std::shared_ptr<OffscreenGl> gl = OffscreenGl::shared();
    std::unique_ptr<QOpenGLShaderProgram> program;
    std::unique_ptr<QOpenGLFramebufferObject> buffer;
    std::array<GLuint, 3> textures{}; ///< shades, cells of lines, palette

    Device()
    {
        if (!gl->makeCurrent())
            return;
        program = OffscreenGl::program(QStringLiteral(":/shaders/raster.frag"));
        QOpenGLExtraFunctions& f = *gl->context().extraFunctions();
        f.glGenTextures(static_cast<GLsizei>(textures.size()), textures.data());
        for (const GLuint texture : textures) {
            f.glBindTexture(GL_TEXTURE_2D, texture);
            f.glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
            f.glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
        }
        gl->doneCurrent();
    }

    ~Device()
    {
        if (!gl->makeCurrent())
            return;
        gl->context().functions()->glDeleteTextures(
            static_cast<GLsizei>(textures.size()), textures.data());
        buffer.reset();
        program.reset();
        gl->doneCurrent();
    }

    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;
};

RasterGl::RasterGl()
    : m_device(std::make_unique<Device>())
{
}

RasterGl::~RasterGl() = default;

bool RasterGl::draw(const std::vector<std::uint8_t>& shades, QSize cells,
    const std::vector<std::int32_t>& cellOfLine, const std::array<QRgb, 256>& palette, double ratio,
    QSize pixels, QImage& out)
{
    Device& device = *m_device;
    if (!device.program || !device.gl->makeCurrent())
        return false;
    QOpenGLExtraFunctions& gl = *device.gl->context().extraFunctions();
    while (gl.glGetError() != GL_NO_ERROR) { } // only errors of this picture count below
    GLint limit = 0;
    gl.glGetIntegerv(GL_MAX_TEXTURE_SIZE, &limit);
    const bool fits =
        std::max({cells.width(), cells.height(), pixels.width(), pixels.height()}) <= limit;
    // Before a texture is bound: making a frame buffer binds another one.
    if (fits && (!device.buffer || device.buffer->size() != pixels))
        device.buffer = std::make_unique<QOpenGLFramebufferObject>(pixels);
    if (!fits || !device.buffer->isValid() || !device.buffer->bind()) {
        device.gl->doneCurrent();
        return false;
    }
    const auto upload = [&](std::size_t unit, GLint kept, QSize size, GLenum format, GLenum type,
                            const void* data) {
        gl.glActiveTexture(GL_TEXTURE0 + static_cast<GLenum>(unit));
        gl.glBindTexture(GL_TEXTURE_2D, device.textures[unit]);
        gl.glTexImage2D(GL_TEXTURE_2D, 0, kept, size.width(), size.height(), 0, format, type, data);
    };
    gl.glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    upload(0, GL_R8UI, cells, GL_RED_INTEGER, GL_UNSIGNED_BYTE, shades.data());
    upload(1, GL_R32I, {1, static_cast<int>(cellOfLine.size())}, GL_RED_INTEGER, GL_INT,
        cellOfLine.data());
    upload(2, GL_RGBA8, {256, 1}, GL_BGRA, GL_UNSIGNED_INT_8_8_8_8_REV, palette.data());
    gl.glViewport(0, 0, pixels.width(), pixels.height());
    gl.glDisable(GL_BLEND);
    gl.glDisable(GL_DITHER);
    QOpenGLShaderProgram& program = *device.program;
    program.bind();
    program.setUniformValue("shades", 0);
    program.setUniformValue("cellOfLine", 1);
    program.setUniformValue("palette", 2);
    program.setUniformValue("columns", cells.width());
    program.setUniformValue("ratio", static_cast<float>(ratio));
    device.gl->drawAll();
    if (out.size() != pixels || out.format() != QImage::Format_ARGB32_Premultiplied)
        out = QImage(pixels, QImage::Format_ARGB32_Premultiplied);
    gl.glPixelStorei(GL_PACK_ALIGNMENT, 4);
    // BGRA bytes are QRgb on little-endian machines and swapped there on the others by GL itself.
    gl.glReadPixels(
        0, 0, pixels.width(), pixels.height(), GL_BGRA, GL_UNSIGNED_INT_8_8_8_8_REV, out.bits());
    const bool good = gl.glGetError() == GL_NO_ERROR;
    gl.glActiveTexture(GL_TEXTURE0);
    program.release();
    device.buffer->release();
    device.gl->doneCurrent();
    return good;
}

} // namespace apical
