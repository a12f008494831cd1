// How fast a run should go, and how fast it does go. Times are seconds of a steady clock; nothing
// here reads one.
#pragma once

#include <cstdint>
#include <deque>

namespace apical {

/// Turns a wanted real-time factor (simulated ms per ms on the wall) into steps that are due.
class Pacer {
public:
    static constexpr double kSlowest = 0.001;
    /// Longer delays than this (s) are forgotten, not caught up with.
    static constexpr double kForgiven = 0.1;

    void set(double realTimeFactor); ///< clamped to [kSlowest, infinity]; NaN changes nothing
    double factor() const { return m_factor; }
    bool unlimited() const;
    /// Counts from here on: at `now` the run stands at simMs.
    void restart(double now, double simMs);
    /// Whole steps of length dt (ms) owed by now.
    std::uint64_t due(double now, double simMs, double dt);
    double nextDue(double simMs, double dt) const; ///< when the step after simMs should be done
    double stepsPerSecond(double dt) const { return m_factor * 1000 / dt; }

private:
    double m_factor = 1;
    double m_now = 0, m_simMs = 0;
};

/// Rates over about the last half second.
class SpeedMeter {
public:
    struct Rate {
        double stepsPerSecond = 0, realTimeFactor = 0;
    };
    void restart(double now, std::uint64_t steps, double simMs);
    void add(double now, std::uint64_t steps, double simMs);
    Rate rate() const;

private:
    struct Sample {
        double now = 0;
        std::uint64_t steps = 0;
        double simMs = 0;
    };
    std::deque<Sample> m_samples; ///< some tens of ms apart, oldest first
    Sample m_newest;
};

} // namespace apical
