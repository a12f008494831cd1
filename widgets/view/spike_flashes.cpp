#include "widgets/view/spike_flashes.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr double kMemoryMs = 1000; // how long the most of late is remembered

} // namespace

void SpikeFlashes::start(const LaneFrame& frame, std::uint64_t run, int lane)
{
    m_populations.clear();
    m_run = run;
    m_lane = lane;
    m_most = 0;
    if (!frame.anatomy)
        return;
    const Anatomy& a = *frame.anatomy;
    for (std::size_t i = 0; i < a.quantities.size(); ++i) {
        const Anatomy::Quantity& q = a.quantities[i];
        if (q.form != Anatomy::Form::Count || q.perSample)
            continue;
        const auto counts = frame.quantity(static_cast<int>(i));
        m_populations.push_back({.name = a.of(q).name,
            .quantity = static_cast<int>(i),
            .counts = {counts.begin(), counts.end()},
            .light = std::vector<double>(counts.size())});
    }
}

double SpikeFlashes::left(double nowMs) const
{
    return std::exp(-std::max(0.0, nowMs - m_seenMs) / kFadeMs);
}

void SpikeFlashes::see(const LaneFrame& frame, std::uint64_t run, int lane, double nowMs)
{
    const bool same = run == m_run && lane == m_lane && frame.clock.step >= m_step
        && std::ranges::all_of(m_populations, [&](const Population& p) {
               return frame.quantity(p.quantity).size() == p.counts.size();
           });
    if (!same || m_populations.empty())
        start(frame, run, lane); // nothing is known of what came before
    const double fade = left(nowMs);
    m_most *= std::exp(-std::max(0.0, nowMs - m_seenMs) / kMemoryMs);
    for (const Population& p : m_populations) {
        const auto counts = frame.quantity(p.quantity);
        for (std::size_t i = 0; i < p.counts.size(); ++i)
            m_most = std::max(m_most, counts[i] - p.counts[i]);
    }
    for (Population& p : m_populations) {
        const auto counts = frame.quantity(p.quantity);
        for (std::size_t i = 0; i < p.counts.size(); ++i) {
            const double come = counts[i] - p.counts[i];
            p.light[i] *= fade;
            if (come > 0)
                p.light[i] = std::max(p.light[i], come / m_most);
            p.counts[i] = counts[i];
        }
    }
    m_step = frame.clock.step;
    m_seenMs = nowMs;
}

std::vector<double> SpikeFlashes::light(std::string_view population, double nowMs) const
{
    const auto found = std::ranges::find(m_populations, population, &Population::name);
    if (found == m_populations.end())
        return {};
    std::vector<double> now = found->light;
    for (double& each : now)
        each *= left(nowMs);
    return now;
}

bool SpikeFlashes::any(double nowMs) const
{
    const double fade = left(nowMs);
    return std::ranges::any_of(m_populations, [fade](const Population& p) {
        return std::ranges::any_of(p.light, [fade](double l) { return l * fade > kDark; });
    });
}

} // namespace apical
