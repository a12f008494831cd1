#include "sim/live/pace.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace apical {

void Pacer::set(double realTimeFactor)
{
    if (!std::isnan(realTimeFactor))
        m_factor = std::max(realTimeFactor, kSlowest);
}

bool Pacer::unlimited() const
{
    return std::isinf(m_factor);
}

void Pacer::restart(double now, double simMs)
{
    m_now = now;
    m_simMs = simMs;
}

std::uint64_t Pacer::due(double now, double simMs, double dt)
{
    if (unlimited())
        return std::numeric_limits<std::uint64_t>::max();
    if (now - nextDue(simMs, dt) > kForgiven)
        restart(now, simMs);
    // A little is forgiven for the rounding of sums.
    const double steps = (m_simMs + m_factor * 1000 * (now - m_now) - simMs) / dt + 1e-6;
    return steps >= 1 ? static_cast<std::uint64_t>(std::min(steps, 1e15)) : 0;
}

double Pacer::nextDue(double simMs, double dt) const
{
    return unlimited() ? m_now : m_now + (simMs + dt - m_simMs) / (m_factor * 1000);
}

void SpeedMeter::restart(double now, std::uint64_t steps, double simMs)
{
    m_samples.clear();
    m_newest = {now, steps, simMs};
    m_samples.push_back(m_newest);
}

void SpeedMeter::add(double now, std::uint64_t steps, double simMs)
{
    constexpr double kWindow = 0.5;
    constexpr double kSpacing = 0.025;
    m_newest = {now, steps, simMs};
    if (m_samples.empty() || now - m_samples.back().now >= kSpacing)
        m_samples.push_back(m_newest);
    while (m_samples.size() > 1 && now - m_samples[1].now >= kWindow)
        m_samples.pop_front();
}

SpeedMeter::Rate SpeedMeter::rate() const
{
    if (m_samples.empty())
        return {};
    const Sample& oldest = m_samples.front();
    const double seconds = m_newest.now - oldest.now;
    if (!(seconds > 0) || m_newest.steps < oldest.steps)
        return {};
    return {static_cast<double>(m_newest.steps - oldest.steps) / seconds,
        (m_newest.simMs - oldest.simMs) / (1000 * seconds)};
}

} // namespace apical
