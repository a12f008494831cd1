// How late a lane answers: the time from a pattern change until a layer stays within 5 % of its new
// steady state.
#pragma once

#include "sim/run/simulation.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace apical {

/// Follows one vector through one presentation. Pure arithmetic, allocates nothing after start().
class Settling {
public:
    static constexpr double kShare = 0.05; ///< of the jump

    /// @param from, to steady states before and after the change; ||to - from|| is the jump
    /// @param now where the vector stands at the change (it need not have reached `from`)
    void start(
        std::span<const double> from, std::span<const double> to, std::span<const double> now);
    /// @param timeMs since the change, ascending
    void add(double timeMs, std::span<const double> now);
    bool jumped() const { return m_limit > 0; } ///< false: there was nothing to follow
    /// ms from the change until ||u - to|| <= 5 % of the jump for good, linear between two values;
    /// NaN if it has not been reached, or nothing jumped
    double lagMs() const;

private:
    std::vector<double> m_to;
    double m_limit = 0, m_distance = 0, m_timeMs = 0, m_lagMs = 0;
    bool m_inside = false;
};

/// Mean lags of one layer over the last presentations, in ms; NaN as long as there is none.
struct LayerLag {
    double somaMs, broadcastMs;
    int somaCount = 0, broadcastCount = 0; ///< presentations in which it was reached
    int somaMissed = 0, broadcastMissed = 0; ///< in which it was not, before the next change
};

struct LagReport {
    std::vector<LayerLag> layers{}; ///< 0 = input, 1..N
    int changes = 0; ///< pattern changes that the means were made of, at most kLagWindow
    double presentationMs = 0; ///< of the last one
    enum class Blocked { No, TooLarge, Resets };
    Blocked blocked = Blocked::No; ///< why nothing is measured: the size, or state.reset
};

inline constexpr int kLagWindow = 16;

/// Simulation thread. Watches one lane; never changes a bit of it. The steady state of a pattern is
/// computed, not waited for: a copy of the network relaxes under it with its weights held (damped,
/// so it finds the same fixed point with and without look-ahead). At full speed only some
/// presentations are followed, but those with every step.
class LagMeter {
public:
    static constexpr double kWallShare = 0.02;
    /// @param wallShare of the time that measuring may take; infinity: follow every presentation
    explicit LagMeter(Simulation&, double wallShare = kWallShare);

    /// After every step of the lane.
    void afterStep()
    {
        if (--m_untilLook == 0)
            look();
    }
    /// Something else than a pattern changed (an edit): the presentation under way does not count.
    void skip();
    /// The lane stands elsewhere now (rewind, restore).
    void startOver();
    void report(LagReport&) const;

private:
    struct Quantity {
        const Probe* probe = nullptr;
        std::vector<double> now{}, from{}, to{};
        Settling settling{};
        std::array<double, kLagWindow> lags{}; ///< ms, NaN = not reached, -1 = no jump
    };
    void look();
    bool begin();
    void finish();
    void aim();
    bool relax(std::uint64_t pattern, bool to);
    void read(Quantity&);

    Simulation& m_lane;
    double m_wallShare;
    std::unique_ptr<Model> m_copy; ///< nullptr: the network is too large
    std::vector<Quantity> m_quantities; ///< soma and broadcast of layer 0, 1, ...
    Parameters m_parameters{}; ///< at the beginning of the presentation
    std::uint64_t m_pattern = 0, m_untilLook = 1;
    double m_beginMs = 0, m_presentationMs = 0;
    bool m_following = false, m_lastFollowed = false;
    int m_changes = 0; ///< all that were counted
    double m_spentSeconds = 0; ///< on the presentation that is followed
    std::chrono::steady_clock::time_point m_beganAt{}, m_notBefore{};
};

} // namespace apical
