// Whether the window may use OpenGL. Without it every view has its QPainter twin.
#pragma once

#include <QString>

namespace apical {

/// Decided before the first view is made (--software).
void forceSoftwareRendering(bool on);

/// True if it was forced, if the platform has no window system that OpenGL could draw on
/// (offscreen, minimal), or if no context can be made. Asked once, then remembered.
bool softwareRendering();

/// "QPainter", or the name of the OpenGL renderer, e.g. "llvmpipe (LLVM 15.0.6, 256 bits)".
QString rendererName();

} // namespace apical
