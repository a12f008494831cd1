// How many images per second a run is shown, whatever its model makes of a step.
#pragma once

#include "sim/live/frame.h"

#include <cstdint>
#include <optional>

namespace apical {

/// Counts what the first lane has been shown from frame to frame: a presentation may take one step
/// or hundreds, and show a batch.
class ImageRate {
public:
    /// A newer frame of the run, or the first of another. @return images per second; nullopt until
    /// a presentation has ended
    std::optional<double> see(const Frame&);

private:
    std::uint64_t m_run = 0, m_generation = 0;
    std::uint64_t m_step = 0, m_presentation = 0; ///< from where on it counts
    double m_perStep = 0; ///< images; 0: not known yet
    bool m_begun = false;
};

} // namespace apical
