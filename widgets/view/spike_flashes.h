// Which neurons have just fired, as light that fades.
#pragma once

#include "sim/live/frame.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

/// Of one lane. A frame holds how many spikes each neuron has sent since the start; what came since
/// the last frame lights it up: fully at as many as the most of any neuron of late, in proportion
/// below. Light fades with the time of the wall, to a twentieth in a tenth of a second. Models that
/// count nothing stay dark.
class SpikeFlashes {
public:
    static constexpr double kFadeMs = 33;
    static constexpr double kDark = 0.02; ///< too little to be seen

    /// A frame is shown. @param nowMs time of the wall
    void see(const LaneFrame&, std::uint64_t run, int lane, double nowMs);
    /// Light of each neuron of a population now, in [0, 1]; empty: it sends no spikes.
    std::vector<double> light(std::string_view population, double nowMs) const;
    bool any(double nowMs) const; ///< something is still to fade

private:
    struct Population {
        std::string name;
        int quantity = 0;
        std::vector<double> counts, light;
    };
    void start(const LaneFrame&, std::uint64_t run, int lane);
    double left(double nowMs) const; ///< of the light at m_seenMs

    std::vector<Population> m_populations;
    std::uint64_t m_run = 0, m_step = 0;
    int m_lane = -1;
    double m_most = 0; ///< spikes of a neuron between two frames, of late
    double m_seenMs = 0;
};

} // namespace apical
