// Finished min/max bins on their way from the simulation thread to the window thread.
#pragma once

#include "sim/watch/history.h"

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

namespace apical {

/// Bounded, lock-free, one pushing (simulation) and one popping (window) thread. All memory is
/// allocated at construction. A full ring drops the new bin and counts it: the simulation never
/// waits for the window.
class BinRing {
public:
    /// @param generation of what is watched @param run whose bins these are: rings of one run
    /// continue each other's, though their lanes may differ
    BinRing(std::vector<Channel> channels, std::uint64_t generation, std::size_t slots,
        std::uint64_t run = 0);
    /// As many slots as a few megabytes hold, at most a few seconds' worth.
    static std::size_t affordableSlots(std::size_t channels);

    const std::vector<Channel>& channels() const { return m_channels; }
    std::uint64_t generation() const { return m_generation; }
    std::uint64_t run() const { return m_run; }

    /// Simulation thread: one value per channel; what is beyond a float's range is held at its end.
    /// @return false if there was no room and the bin was dropped
    bool push(const Bin&, std::span<const double> minimum, std::span<const double> maximum);
    void drop()
    {
        m_dropped.fetch_add(1, std::memory_order_relaxed);
    } ///< simulation thread: counts a lost bin
    /// Simulation thread: tells the reader to forget everything at and after a step. @return false
    /// if there was no room
    bool pushTruncation(std::uint64_t step);
    /// Window thread: moves everything that is there into the history, in order. @return number of
    /// bins
    std::size_t drain(History&);

    std::uint64_t dropped() const { return m_dropped.load(std::memory_order_relaxed); }

private:
    bool full() const;

    const std::vector<Channel> m_channels;
    const std::uint64_t m_generation, m_run;
    std::vector<Bin> m_bins; ///< a bin of no steps is a truncation at its first step
    std::vector<float> m_values; ///< per slot: minima, then maxima
    alignas(64) std::atomic<std::uint64_t> m_pushed{0};
    alignas(64) std::atomic<std::uint64_t> m_popped{0};
    std::atomic<std::uint64_t> m_dropped{0};
};

} // namespace apical
