// Spikes on their way from the simulation thread to the window thread.
#pragma once

#include "sim/watch/spike_history.h"

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

namespace apical {

/// Bounded, lock-free, one pushing (simulation) and one popping (window) thread; neither waits for
/// the other. What finds no room is refused: the recorder then counts it into the next bin.
class SpikeRing {
public:
    static constexpr std::size_t kWords = std::size_t{1} << 21; ///< of 4 bytes

    /// @param generation of what is watched @param run whose spikes these are: rings of one run
    /// continue each other's @param origins per lane, which one it was in the generation before
    SpikeRing(std::vector<SpikeGroup> groups, std::uint64_t generation, std::uint64_t run = 0,
        std::vector<int> origins = {}, std::size_t words = kWords);

    const std::vector<SpikeGroup>& groups() const { return m_groups; }
    std::size_t rows() const { return m_rows; }
    std::uint64_t generation() const { return m_generation; }
    std::uint64_t run() const { return m_run; }
    const std::vector<int>& origins() const { return m_origins; }

    /// Simulation thread. @return false if there was no room
    bool push(std::uint64_t endStep, double timeMs, std::span<const SpikeEvent>);
    /// Simulation thread: for SpikeHistory::standAt(). @return false if there was no room
    bool pushStand(std::uint64_t from, std::uint64_t step, double timeMs,
        std::span<const std::uint64_t> totals);
    /// Window thread: moves everything that is there into the history, in order. @return number of
    /// bins
    std::size_t drain(SpikeHistory&);

private:
    void put(std::uint32_t word) { m_words[m_writing++ & m_mask] = word; }
    void put64(std::uint64_t);
    std::uint32_t get() { return m_words[m_reading++ & m_mask]; }
    std::uint64_t get64();
    bool hasRoom(std::size_t words) const; ///< for a record
    void finish();

    const std::vector<SpikeGroup> m_groups;
    const std::uint64_t m_generation, m_run;
    const std::vector<int> m_origins;
    std::size_t m_rows = 0, m_mask = 0;
    std::vector<std::uint32_t, UnwrittenAllocator<std::uint32_t>> m_words;
    std::uint64_t m_writing = 0; ///< simulation thread
    std::uint64_t m_reading = 0; ///< window thread
    std::vector<SpikeEvent> m_events; ///< window thread
    std::vector<std::uint64_t> m_totals; ///< window thread
    alignas(64) std::atomic<std::uint64_t> m_pushed{0};
    alignas(64) std::atomic<std::uint64_t> m_popped{0};
};

} // namespace apical
