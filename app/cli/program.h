// The headless program: list, show, params, check, run, bench.
#pragma once

namespace apical {

/// @return exit code: 0 done, 2 bad input, 3 diverged, 1 anything else
int runHeadlessProgram(int argc, char** argv);

} // namespace apical
