#include "widgets/plot/offscreen_gl.h"

#include <QOpenGLExtraFunctions>
#include <QOpenGLShaderProgram>

namespace apical {

OffscreenGl::OffscreenGl()
{
    QSurfaceFormat format;
    format.setVersion(3, 3);
    format.setProfile(QSurfaceFormat::CoreProfile);
    m_surface.setFormat(format);
    m_surface.create();
    m_context.setFormat(format);
    if (!m_surface.isValid() || !m_context.create() || !m_context.makeCurrent(&m_surface))
        return;
    m_usable = !m_context.isOpenGLES() && m_context.format().version() >= qMakePair(3, 3);
    if (m_usable)
        m_context.extraFunctions()->glGenVertexArrays(1, &m_vertexArray);
    m_context.doneCurrent();
}

OffscreenGl::~OffscreenGl()
{
    if (makeCurrent()) {
        m_context.extraFunctions()->glDeleteVertexArrays(1, &m_vertexArray);
        m_context.doneCurrent();
    }
}

std::shared_ptr<OffscreenGl> OffscreenGl::shared()
{
    static std::weak_ptr<OffscreenGl> current;
    std::shared_ptr<OffscreenGl> gl = current.lock();
    if (!gl) {
        gl = std::make_shared<OffscreenGl>();
        current = gl;
    }
    return gl;
}

std::unique_ptr<QOpenGLShaderProgram> OffscreenGl::program(const QString& fragmentFile)
{
    auto program = std::make_unique<QOpenGLShaderProgram>();
    const bool good = program->addShaderFromSourceFile(
                          QOpenGLShader::Vertex, QStringLiteral(":/shaders/heat_map.vert"))
        && program->addShaderFromSourceFile(QOpenGLShader::Fragment, fragmentFile)
        && program->link();
    return good ? std::move(program) : nullptr;
}

void OffscreenGl::drawAll() const
{
    QOpenGLExtraFunctions& gl = *m_context.extraFunctions();
    gl.glBindVertexArray(m_vertexArray);
    gl.glDrawArrays(GL_TRIANGLES, 0, 3);
}

} // namespace apical
