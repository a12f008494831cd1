#include "sim/watch/spike_recorder.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

namespace apical {
namespace {

constexpr double kShare = 0.02; // of the stepping time that looking may take
constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();
constexpr double kMostSteps = 1 << 30;
constexpr std::uint64_t kTimedEvery = 64; // bins: a clock costs as much as a small network

using Steady = std::chrono::steady_clock;

double secondsSince(Steady::time_point begin)
{
    return std::chrono::duration<double>(Steady::now() - begin).count();
}

std::vector<SpikeGroup> groupsOf(std::span<const Simulation> lanes)
{
    std::vector<SpikeGroup> groups;
    std::size_t row = 0;
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
        const Anatomy& a = lanes[lane].model().anatomy();
        for (const Anatomy::Quantity& q : a.quantities) {
            // Of a batch each sample would count for itself: no model has that yet.
            if (q.form != Anatomy::Form::Count || q.perSample)
                continue;
            const Anatomy::Population& of = a.of(q);
            groups.push_back({.lane = static_cast<int>(lane),
                .quantity = q.name,
                .population = of.name,
                .kind = of.kind,
                .layer = of.layer,
                .first = row,
                .size = static_cast<std::size_t>(of.size)});
            row = groups.back().end();
        }
    }
    return groups;
}

} // namespace

SpikeRecorder::SpikeRecorder(std::span<Simulation> lanes, std::uint64_t generation,
    std::uint64_t run, std::vector<int> origins)
    : m_lanes(lanes)
{
    std::vector<SpikeGroup> groups = groupsOf(lanes);
    for (const SpikeGroup& group : groups) {
        const Model& model = lanes[static_cast<std::size_t>(group.lane)].model();
        m_sources.push_back(
            {&model, model.anatomy().quantity(group.quantity), group.first, group.size});
        m_now.resize(group.end());
    }
    m_kept = m_now;
    m_totals.resize(m_now.size());
    m_events.reserve(m_now.size());
    m_ring = std::make_shared<SpikeRing>(std::move(groups), generation, run, std::move(origins));
    if (m_sources.empty()) {
        m_left = kNever;
        return;
    }
    calibrate();
    forgetLater();
}

void SpikeRecorder::calibrate()
{
    constexpr int kTrials = 20;
    double best = std::numeric_limits<double>::infinity();
    for (int trial = 0; trial < kTrials; ++trial) {
        const auto begin = Steady::now();
        look();
        best = std::min(best, secondsSince(begin));
    }
    m_lookSeconds = best;
}

void SpikeRecorder::setSpeed(double stepsPerSecond, double mostSteps)
{
    if (m_sources.empty())
        return;
    const double wanted =
        std::max(stepsPerSecond / kBinsPerSecond, stepsPerSecond * m_lookSeconds / kShare);
    // Comparisons with NaN are false.
    const double steps = wanted > 1 ? std::min({wanted, mostSteps, kMostSteps}) : 1.0;
    m_binSteps = steps > 1 ? static_cast<std::uint64_t>(std::ceil(steps)) : 1;
    m_left = std::min(m_left, m_binSteps);
}

void SpikeRecorder::read()
{
    for (const Source& source : m_sources)
        source.model->read(source.quantity, {m_now.data() + source.first, source.size});
}

void SpikeRecorder::keep()
{
    m_kept = m_now;
    m_keptStep = m_lanes.front().clock().step;
}

bool SpikeRecorder::stand()
{
    const Clock& clock = m_lanes.front().clock();
    std::transform(m_now.begin(), m_now.end(), m_totals.begin(),
        [](double count) { return static_cast<std::uint64_t>(count); });
    m_from = std::min(m_from, clock.step);
    if (!m_ring->pushStand(m_from, clock.step, clock.timeMs, m_totals))
        return false;
    m_elsewhere = false;
    keep();
    return true;
}

bool SpikeRecorder::look()
{
    read();
    m_events.clear();
    bool grew = true;
    for (std::size_t row = 0; row < m_now.size(); ++row) {
        const double count = m_now[row] - m_kept[row];
        grew = grew && count >= 0;
        if (count > 0)
            m_events.push_back(
                {static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(count)});
    }
    return grew;
}

void SpikeRecorder::close()
{
    m_left = m_binSteps;
    const bool timed = ++m_looks % kTimedEvery == 0;
    const Steady::time_point begin = timed ? Steady::now() : Steady::time_point();
    const bool grew = look();
    const Clock& clock = m_lanes.front().clock();
    if (!m_elsewhere && (!grew || clock.step < m_keptStep)) {
        m_elsewhere = true;
        m_from = std::min(clock.step, m_keptStep);
    }
    if (m_elsewhere)
        stand();
    else if (clock.step > m_keptStep && m_ring->push(clock.step, clock.timeMs, m_events))
        keep();
    // What came between, such as another thread's turn, is no cost of looking.
    if (timed)
        m_lookSeconds = std::min(secondsSince(begin), 1.1 * m_lookSeconds);
}

void SpikeRecorder::flush()
{
    if (!m_sources.empty())
        close();
}

void SpikeRecorder::forgetLater()
{
    if (m_sources.empty())
        return;
    const std::uint64_t now = m_lanes.front().clock().step;
    m_from = m_elsewhere ? std::min(m_from, now) : now;
    m_elsewhere = true;
    m_left = m_binSteps;
    retry();
}

bool SpikeRecorder::retry()
{
    if (!m_elsewhere)
        return true;
    read();
    return stand();
}

} // namespace apical
