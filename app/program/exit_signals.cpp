#include "app/program/exit_signals.h"

#include "app/cli/ending_signals.h"

#include <QSocketNotifier>

#include <atomic>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

namespace apical {
namespace {

std::atomic<int> g_pipe{-1};

void onSignal(int signal)
{
    const int before = errno;
    const auto byte = static_cast<char>(signal);
    const auto written = ::write(g_pipe.load(), &byte, 1);
    (void)written;
    errno = before;
}

} // namespace

ExitSignals::ExitSignals(QObject* parent)
    : QObject(parent)
{
    if (::pipe2(m_ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return; // then signals do what they always do
    g_pipe.store(m_ends[1]);
    auto* notifier = new QSocketNotifier(m_ends[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, &ExitSignals::read);
    catchEndings(onSignal, SA_RESTART | static_cast<int>(SA_RESETHAND));
}

ExitSignals::~ExitSignals()
{
    letGoOfEndings(onSignal);
    g_pipe.store(-1);
    for (const int end : m_ends) {
        if (end >= 0)
            ::close(end);
    }
}

void ExitSignals::read()
{
    char signal = 0;
    while (::read(m_ends[0], &signal, 1) == 1)
        Q_EMIT asked(signal);
}

} // namespace apical
