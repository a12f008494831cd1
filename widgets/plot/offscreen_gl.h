// The one OpenGL context of all pictures that are drawn off screen and read back.
#pragma once

#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QString>

#include <memory>

class QOpenGLShaderProgram;

namespace apical {

/// Made with the first picture and gone with the last. Window thread.
class OffscreenGl {
public:
    OffscreenGl();
    ~OffscreenGl();
    OffscreenGl(const OffscreenGl&) = delete;
    OffscreenGl& operator=(const OffscreenGl&) = delete;

    static std::shared_ptr<OffscreenGl> shared();

    bool usable() const { return m_usable; } ///< OpenGL 3.3, no OpenGL ES
    bool makeCurrent() { return m_usable && m_context.makeCurrent(&m_surface); }
    void doneCurrent() { m_context.doneCurrent(); }
    const QOpenGLContext& context() const { return m_context; }
    /// While current: a fragment shader that covers the whole picture; nullptr if it does not
    /// compile.
    static std::unique_ptr<QOpenGLShaderProgram> program(const QString& fragmentFile);
    void drawAll() const; ///< while current and a program is bound: the triangle that covers it

private:
    QOffscreenSurface m_surface;
    QOpenGLContext m_context;
    unsigned m_vertexArray = 0;
    bool m_usable = false;
};

} // namespace apical
