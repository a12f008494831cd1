#include "app/cli/interrupt.h"

#include "app/cli/ending_signals.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <ctime>

#include <fcntl.h>
#include <unistd.h>

namespace apical {
namespace {

constexpr long kImpatientMs = 1000;

std::atomic<bool> g_interrupted{false};
std::atomic<long> g_firstMs{0};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<long>::is_always_lock_free,
    "used in a signal handler");

void onSignal(int signal)
{
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    const long ms = now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
    if (!g_interrupted.exchange(true)) {
        g_firstMs.store(ms);
    } else if (ms - g_firstMs.load() > kImpatientMs) {
        std::signal(signal, SIG_DFL);
        ::raise(signal); // delivered when this handler returns
    }
}

} // namespace

InterruptGuard::InterruptGuard()
{
    g_interrupted.store(false);
    catchEndings(onSignal, SA_RESTART);
    std::signal(SIGPIPE, SIG_IGN);
}

InterruptGuard::~InterruptGuard()
{
    letGoOfEndings(onSignal);
    std::signal(SIGPIPE, SIG_DFL);
}

bool interrupted()
{
    return g_interrupted.load(std::memory_order_relaxed);
}

void occupyStandardStreams()
{
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
        if (::fcntl(stream, F_GETFD) < 0 && errno == EBADF)
            (void)::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
}

} // namespace apical
