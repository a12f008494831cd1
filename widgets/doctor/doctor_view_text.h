// How the doctor's plain words become type: symbols with subscripts, powers of ten.
#pragma once

#include <QFont>
#include <QString>

namespace apical {

/// "apical error 1.0e-2, W_pi" -> "apical error 1.0·10⁻², <i>W</i><sub>pi</sub>".
QString doctorRich(const QString& plain);

/// The lines of a text within a width: as they were written if they fit, else wrapped anew into at
/// most `lines`, the last one cut with an ellipsis. Plain words in, plain words out.
QStringList doctorLines(const QString& plain, const QFont&, double width, int lines);

} // namespace apical
