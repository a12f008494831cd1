// Line icons of resources/icons in the ink of the theme.
#pragma once

#include <QColor>
#include <QIcon>

namespace apical {

/// The icon `name` (without ".svg") in `color`, sharp up to 3x scale; at 50 % where it is disabled.
QIcon lineIcon(const QString& name, const QColor& color, int px = 16);

} // namespace apical
