// `apical --screenshot FILE.png [--after SECONDS]`: the whole window as a picture, then quit.
#pragma once

#include <QString>

namespace apical {

class MainWindow;

/// Saves the window after `seconds` of wall time and ends the program: 0, or 2 if the file cannot
/// be written.
void screenshotAndQuit(MainWindow&, const QString& path, double seconds);

} // namespace apical
