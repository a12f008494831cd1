// The texts people read in the window: help, equations, parameter reference, shortcuts, about.
#pragma once

#include <QKeySequence>
#include <QString>

#include <vector>

namespace apical {

class ParameterTable;

/// A row of the shortcut sheet; the caller makes them from its table of actions.
struct ShortcutHelp {
    QString text; ///< "Run or pause"
    std::vector<QKeySequence> keys;
    QString help;
};

struct AboutFacts {
    QString version; ///< "0.1.0"
    QString instructionSet; ///< of the kernels in use, "AVX2"
    QString renderer; ///< "OpenGL 4.5 (llvmpipe)" or "QPainter"
};

/// Markdown of resources/help/NAME.md: "views", "equations". @return "" if there is no such page
QString helpMarkdown(const QString& name);
QString shortcutSheetHtml(const std::vector<ShortcutHelp>&); ///< rows without keys are left out
QString parameterReferenceHtml(const ParameterTable&); ///< every row, by group
QString aboutHtml(const AboutFacts&);

} // namespace apical
