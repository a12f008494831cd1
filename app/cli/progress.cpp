#include "app/cli/progress.h"

#include "app/cli/commands.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

namespace apical {
namespace {

constexpr int kBarWidth = 20;

std::size_t terminalColumns()
{
    winsize size{};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
        return size.ws_col;
    return 120;
}

std::string remainingText(double seconds)
{
    if (!std::isfinite(seconds) || seconds > 359'999)
        return "-";
    const auto whole = static_cast<int>(std::ceil(seconds));
    if (whole < 60)
        return std::to_string(whole) + " s left";
    if (whole < 3600)
        return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s left";
    return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min left";
}

} // namespace

ProgressBar::ProgressBar(std::string name, When when)
    : m_name(std::move(name))
    , m_terminal(isatty(STDERR_FILENO) == 1)
    , m_shown(when == When::Always || (when == When::OnTerminal && m_terminal))
    , m_start(std::chrono::steady_clock::now())
{
}

ProgressBar::~ProgressBar()
{
    if (m_drawn && m_terminal)
        std::fputc('\n', stderr);
}

std::chrono::milliseconds ProgressBar::interval() const
{
    return std::chrono::milliseconds(m_terminal ? 200 : 1000);
}

void ProgressBar::draw(const Progress& progress)
{
    if (!m_shown)
        return;
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
    const double fraction = std::clamp(progress.fraction, 0.0, 1.0);
    const int filled = static_cast<int>(fraction * kBarWidth);
    const std::size_t columns = m_terminal ? terminalColumns() : 0;
    std::string line = m_name + " [" + std::string(static_cast<std::size_t>(filled), '#')
        + std::string(static_cast<std::size_t>(kBarWidth - filled), '.') + "] "
        + std::to_string(static_cast<int>(fraction * 100)) + " %  " + progress.position + "  "
        + rateText(static_cast<double>(progress.steps) / std::max(seconds, 1e-9)) + "  "
        + remainingText(fraction > 0 ? seconds * (1 - fraction) / fraction : INFINITY) + "  "
        + progress.tail;
    if (m_terminal) {
        if (columns < 60) // of a narrow terminal the bar alone would fill the line
            line.erase(0, line.find("] ") + 2);
        line.resize(std::min(line.size(), columns - 1));
        line = '\r' + line + "\x1b[K";
    } else {
        line += '\n';
    }
    std::fwrite(line.data(), 1, line.size(), stderr);
    std::fflush(stderr);
    m_drawn = true;
}

void ProgressBar::say(const std::string& who, const std::string& text)
{
    const bool over = m_drawn && m_terminal; // the bar is drawn anew below
    const std::string line = (over ? "\r" : "") + m_name + (who.empty() ? "" : " (" + who + ')')
        + ": warning: " + text + (over ? "\x1b[K\n" : "\n");
    std::fwrite(line.data(), 1, line.size(), stderr);
    std::fflush(stderr);
}

} // namespace apical
