// Colours, type and spacing: the only place where they are declared. Light and dark.
#pragma once

#include <QColor>
#include <QFont>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

class QApplication;

namespace apical {

/// Roles of the design; quiet chrome, colour for data only.
struct Theme {
    bool dark = false;
    // chrome
    QColor window, bar, title, panel, field, line, line2, grid, fieldLine, groove;
    QColor ink, ink2, ink3, band, future, accent, accentSoft, hover;
    QColor good, amber, bad; ///< verdicts, goal lines, edit marks; always with an icon or a word
    // data: categories (outline or line, never fill)
    QColor soma, apical, basal, interneuron, target, topdown, lateral, laneA, laneB, edge,
        crosshair;
    std::array<QColor, 5> sign; ///< ramp at -1, -0.5, 0, +0.5, +1
    QColor onAccent; ///< text on an accent button

    /// Piecewise linear ramp for signed values; v is clamped to [-1, 1]; NaN gives ink3.
    QColor signColor(double v) const;
    QRgb signRgb(double v) const;
    /// One hue for shares in [0, 1]: nothing is paper, the least that is something is told from it.
    QColor shareColor(double share) const;
    /// Told apart up to the sixth lane; those after it take turns.
    const QColor& laneColor(int lane) const
    {
        const QColor* colors[] = {&laneA, &laneB, &basal, &interneuron, &ink2, &topdown};
        return *colors[static_cast<std::size_t>(std::max(lane, 0)) % std::size(colors)];
    }

    static const Theme& light();
    static const Theme& darkTheme();
};

/// Type sizes in px (10 ticks, 11 annotations, 12 controls, 13 verdicts, 24 hero); tabular figures.
QFont uiFont(int px, int weight = QFont::Normal, bool italic = false);
inline constexpr int kGrid = 8; ///< spacing grid in px; half step 4

/// Palette, application font and style sheet of the whole program.
void applyTheme(QApplication&, const Theme&);

/// Numbers as the design wants them: signed, fixed digits, U+2212 as minus.
QString signedNumber(double value, int decimals = 3);
/// "1.0·10⁻²"-style rich text for small positive numbers; plain digits from 0.01 to 9999.
QString scientificRich(double value, int digits = 2);

} // namespace apical
