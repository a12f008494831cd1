// Ctrl-C: the run ends after the batch of steps it is in, and writes what is there.
#pragma once

namespace apical {

/// While it lives, the first SIGINT, SIGTERM or SIGHUP sets a flag. A later one ends the program as
/// usual, but not before the run had a second to finish: fingers and terminals send two at a time.
/// A pipe that nobody reads any more is an error of that stream, not the end of the run.
class InterruptGuard {
public:
    InterruptGuard();
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;
};

bool interrupted(); ///< any thread

/// Opens what is closed of standard input, output and error, so that no file of the run takes their
/// number and receives what is meant for them. Writing to them still fails.
void occupyStandardStreams();

} // namespace apical
