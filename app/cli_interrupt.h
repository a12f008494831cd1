// Ctrl-C: the run ends after the batch of steps it is in, and writes what is there.
#pragma once

namespace apical {

/// While it lives, the first SIGINT or SIGTERM sets a flag; the next one ends the program as usual.
class InterruptGuard {
public:
    InterruptGuard();
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;
};

bool interrupted(); ///< any thread

} // namespace apical
