// How Theme reaches the screen: palette, application font and style sheet
// (resources/style/apical.qss). Dynamic properties it understands: changed, error (fields);
// primary, link (QPushButton); framed (QToolButton).
#pragma once

#include <QColor>

class QString;
class QWidget;

namespace apical {

struct Theme;

/// The theme last given to applyTheme(); light before that. Widgets that paint themselves read it
/// when they paint.
const Theme& activeTheme();

/// The style sheet of a theme: the resource with every @name replaced.
QString styleSheetOf(const Theme&);

/// Contrast ratio of two opaque colours, 1 to 21 (WCAG 2.1, relative luminance of sRGB).
double contrastRatio(const QColor&, const QColor&);
/// Black or white, whichever is read better on `fill`: at least 4.58 to 1 on any colour.
QColor inkOn(const QColor& fill);

/// Sets a dynamic property the style sheet looks at and restyles the widget; nothing happens if it
/// is set already.
void setStyleFlag(QWidget&, const char* property, bool on);

} // namespace apical
