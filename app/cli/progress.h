// The bar on standard error.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace apical {

/// What the bar shows.
struct Progress {
    double fraction = 0;
    std::string position; ///< "12.4 s of 40 s"
    std::uint64_t steps = 0; ///< of all lanes, for the rate
    std::string tail{}; ///< what else there is to say
};

/// Redrawn in place on a terminal; elsewhere (forced) one line a second. Not thread-safe.
class ProgressBar {
public:
    enum class When { Never, OnTerminal, Always };
    ProgressBar(std::string name, When);
    ~ProgressBar(); ///< leaves the last state standing

    bool shown() const { return m_shown; }
    std::chrono::milliseconds interval() const;
    void draw(const Progress&);
    /// A line of its own that stays, shown or not. @param who of the run: a lane; "" = all of it
    void say(const std::string& who, const std::string& text);

private:
    std::string m_name;
    bool m_terminal, m_shown, m_drawn = false;
    std::chrono::steady_clock::time_point m_start;
};

} // namespace apical
