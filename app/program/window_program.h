// The desktop program: command line, application object, main window.
#pragma once

namespace apical {

/// @return exit code as of the headless program
int runWindowProgram(int argc, char** argv);

} // namespace apical
