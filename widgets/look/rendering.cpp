#include "widgets/look/rendering.h"

#include <QGuiApplication>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFunctions>

namespace apical {
namespace {

bool forced = false;

/// Name of the OpenGL renderer, "" if there is none.
QString probe()
{
    const QString platform = QGuiApplication::platformName();
    if (platform == QLatin1String("offscreen") || platform.startsWith(QLatin1String("minimal")))
        return {};
    QOpenGLContext context;
    if (!context.create())
        return {};
    QOffscreenSurface surface;
    surface.setFormat(context.format());
    surface.create();
    if (!surface.isValid() || !context.makeCurrent(&surface))
        return {};
    const auto* name = reinterpret_cast<const char*>(context.functions()->glGetString(GL_RENDERER));
    QString result = name ? QString::fromUtf8(name) : QStringLiteral("OpenGL");
    context.doneCurrent();
    return result;
}

const QString& probed()
{
    static const QString name = probe();
    return name;
}

} // namespace

void forceSoftwareRendering(bool on)
{
    forced = on;
}

bool softwareRendering()
{
    return forced || probed().isEmpty();
}

QString rendererName()
{
    return softwareRendering() ? QStringLiteral("QPainter") : probed();
}

} // namespace apical
