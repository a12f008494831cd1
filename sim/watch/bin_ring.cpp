#include "sim/watch/bin_ring.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace apical {
namespace {

float narrow(double value)
{
    constexpr double most = std::numeric_limits<float>::max();
    return static_cast<float>(std::isfinite(value) ? std::clamp(value, -most, most) : value);
}

} // namespace

BinRing::BinRing(
    std::vector<Channel> channels, std::uint64_t generation, std::size_t slots, std::uint64_t run)
    : m_channels(std::move(channels))
    , m_generation(generation)
    , m_run(run)
    , m_bins(std::max<std::size_t>(slots, 1))
    , m_values(m_bins.size() * m_channels.size() * 2)
{
}

std::size_t BinRing::affordableSlots(std::size_t channels)
{
    constexpr std::size_t bytes = std::size_t{8} << 20;
    return std::clamp<std::size_t>(bytes / (sizeof(Bin) + channels * 2 * sizeof(float)), 256, 8192);
}

bool BinRing::full() const
{
    return m_pushed.load(std::memory_order_relaxed) - m_popped.load(std::memory_order_acquire)
        >= m_bins.size();
}

bool BinRing::push(const Bin& bin, std::span<const double> minimum, std::span<const double> maximum)
{
    assert(minimum.size() == m_channels.size() && maximum.size() == m_channels.size());
    if (full()) {
        drop();
        return false;
    }
    const std::uint64_t pushed = m_pushed.load(std::memory_order_relaxed);
    const std::size_t slot = pushed % m_bins.size();
    m_bins[slot] = bin;
    float* values = m_values.data() + slot * m_channels.size() * 2;
    values = std::transform(minimum.begin(), minimum.end(), values, narrow);
    std::transform(maximum.begin(), maximum.end(), values, narrow);
    m_pushed.store(pushed + 1, std::memory_order_release);
    return true;
}

bool BinRing::pushTruncation(std::uint64_t step)
{
    if (full())
        return false;
    const std::uint64_t pushed = m_pushed.load(std::memory_order_relaxed);
    m_bins[pushed % m_bins.size()] = {.firstStep = step};
    m_pushed.store(pushed + 1, std::memory_order_release);
    return true;
}

std::size_t BinRing::drain(History& history)
{
    const std::size_t n = m_channels.size();
    const std::uint64_t end = m_pushed.load(std::memory_order_acquire);
    std::size_t bins = 0;
    for (std::uint64_t i = m_popped.load(std::memory_order_relaxed); i < end; ++i) {
        const std::size_t slot = i % m_bins.size();
        const Bin& bin = m_bins[slot];
        if (bin.steps == 0) {
            history.truncate(bin.firstStep);
        } else {
            const float* values = m_values.data() + slot * n * 2;
            history.append(bin, {values, n}, {values + n, n});
            ++bins;
        }
        m_popped.store(i + 1, std::memory_order_release);
    }
    return bins;
}

} // namespace apical
