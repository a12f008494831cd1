// A view as a file: PNG, SVG, PDF, or its numbers as CSV, each with what it came from written
// inside.
#pragma once

#include "widgets/view/view.h"

#include <QString>

class QImage;

namespace apical {

/// What is written into every exported file.
struct Provenance {
    QString title; ///< "Alignment, Self-predicting state, t = 4.12 s"
    QString description; ///< version, preset, seed, parameters
};

/// The suffix of `path` chooses: .png (2x), .svg, .pdf, .csv.
/// @throws InputError naming the file: unknown suffix, not writable, or nothing to write
void exportView(View&, const QString& path, const Provenance&);

/// A picture with title, program, seed and parameters in its text keys. @throws InputError
void exportImage(QImage, const QString& path, const Provenance&);

/// "Images (*.png);;..." for a file dialog.
QString exportFilters(bool numbers);

} // namespace apical
