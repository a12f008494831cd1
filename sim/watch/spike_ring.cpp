#include "sim/watch/spike_ring.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace apical {
namespace {

// A record: the number of events or kStand; steps and time; then events, or totals.
constexpr std::uint32_t kStand = ~std::uint32_t{0};
constexpr std::size_t kHeadWords = 5;

} // namespace

SpikeRing::SpikeRing(std::vector<SpikeGroup> groups, std::uint64_t generation, std::uint64_t run,
    std::vector<int> origins, std::size_t words)
    : m_groups(std::move(groups))
    , m_generation(generation)
    , m_run(run)
    , m_origins(std::move(origins))
{
    for (const SpikeGroup& group : m_groups)
        m_rows = std::max(m_rows, group.end());
    if (m_rows == 0)
        return;
    // Room for all rows in one step, and for where the run stands, several times.
    const std::size_t size = std::bit_ceil(std::max(words, 8 * (kHeadWords + 2 * m_rows)));
    m_mask = size - 1;
    m_words.resize(size);
}

void SpikeRing::put64(std::uint64_t value)
{
    put(static_cast<std::uint32_t>(value));
    put(static_cast<std::uint32_t>(value >> 32));
}

std::uint64_t SpikeRing::get64()
{
    const std::uint64_t low = get();
    return low | std::uint64_t{get()} << 32;
}

bool SpikeRing::hasRoom(std::size_t words) const
{
    const std::uint64_t used = m_writing - m_popped.load(std::memory_order_acquire);
    return used + words <= m_words.size();
}

void SpikeRing::finish()
{
    m_pushed.store(m_writing, std::memory_order_release);
}

bool SpikeRing::push(std::uint64_t endStep, double timeMs, std::span<const SpikeEvent> events)
{
    if (!hasRoom(kHeadWords + 2 * events.size()))
        return false;
    put(static_cast<std::uint32_t>(events.size()));
    put64(endStep);
    put64(std::bit_cast<std::uint64_t>(timeMs));
    for (const SpikeEvent& event : events) {
        put(event.row);
        put(event.count);
    }
    finish();
    return true;
}

bool SpikeRing::pushStand(
    std::uint64_t from, std::uint64_t step, double timeMs, std::span<const std::uint64_t> totals)
{
    assert(totals.size() == m_rows);
    if (!hasRoom(kHeadWords + 2 + 2 * totals.size()))
        return false;
    put(kStand);
    put64(step);
    put64(std::bit_cast<std::uint64_t>(timeMs));
    put64(from);
    for (const std::uint64_t total : totals)
        put64(total);
    finish();
    return true;
}

std::size_t SpikeRing::drain(SpikeHistory& history)
{
    const std::uint64_t end = m_pushed.load(std::memory_order_acquire);
    std::size_t bins = 0;
    while (m_reading < end) {
        const std::uint32_t events = get();
        const std::uint64_t step = get64();
        const auto timeMs = std::bit_cast<double>(get64());
        if (events == kStand) {
            const std::uint64_t from = get64();
            m_totals.resize(m_rows);
            for (std::uint64_t& total : m_totals)
                total = get64();
            history.standAt(from, step, timeMs, m_totals);
        } else {
            m_events.resize(events);
            for (SpikeEvent& event : m_events) {
                event.row = get();
                event.count = get();
            }
            history.append(step, timeMs, m_events);
            ++bins;
        }
        m_popped.store(m_reading, std::memory_order_release);
    }
    return bins;
}

} // namespace apical
