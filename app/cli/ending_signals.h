// Signals that ask a program to end, caught alike by the window and the headless program.
#pragma once

#include <csignal>

namespace apical {

inline constexpr int kEndingSignals[]{SIGINT, SIGTERM, SIGHUP};

/// @param flags of sigaction()
inline void catchEndings(void (*handler)(int), int flags)
{
    struct sigaction action { };
    action.sa_handler = handler;
    action.sa_flags = flags;
    for (const int signal : kEndingSignals) {
        struct sigaction before { };
        sigaction(signal, nullptr, &before);
        if (signal == SIGHUP && before.sa_handler == SIG_IGN)
            continue; // nohup
        sigaction(signal, &action, nullptr);
    }
}

/// Signals that this handler still has do what they always do.
inline void letGoOfEndings(void (*handler)(int))
{
    for (const int signal : kEndingSignals) {
        struct sigaction now { };
        sigaction(signal, nullptr, &now);
        if (now.sa_handler == handler)
            std::signal(signal, SIG_DFL);
    }
}

} // namespace apical
