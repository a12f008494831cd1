#include "sim/steps/spike_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace apical {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double real(std::uint64_t whole)
{
    return static_cast<double>(whole);
}

} // namespace

std::uint64_t SpikeStatistics::intervalCount() const
{
    return std::accumulate(intervals.begin(), intervals.end(), longIntervals);
}

double SpikeStatistics::fano(std::size_t neuron) const
{
    const double n = real(windows), mean = real(sum[neuron]) / n;
    if (windows < 2 || sum[neuron] == 0)
        return kNaN;
    return (real(squares[neuron]) - real(sum[neuron]) * mean) / (n - 1) / mean;
}

double SpikeStatistics::expectedFano(std::size_t neuron) const
{
    if (expected.empty() || windows < 2 || !(expected[neuron] > 0))
        return 1;
    const double n = real(windows), mean = expected[neuron] / n;
    return 1 + std::max(0.0, expectedSquares[neuron] - expected[neuron] * mean) / (n - 1) / mean;
}

double SpikeStatistics::rate(std::size_t neuron) const
{
    return steps > 0 ? real(spikes[neuron]) / (real(steps) * dt) : 0;
}

double poissonIntervalShare(const SpikeStatistics& s, std::size_t steps)
{
    double share = 0, all = 0;
    for (const std::uint64_t spikes : s.spikes) {
        if (spikes == 0)
            continue;
        const double lambda = real(spikes) / real(s.steps), some = -std::expm1(-lambda);
        const double mine = steps == 0
            ? 1 - some / lambda
            : some * some * std::exp(-lambda * (static_cast<double>(steps) - 1)) / lambda;
        share += real(spikes) * mine;
        all += real(spikes);
    }
    return all > 0 ? share / all : 0;
}

double poissonCountShare(const SpikeStatistics& s, std::size_t spikes)
{
    const double k = static_cast<double>(spikes);
    double share = 0;
    for (const std::uint64_t all : s.spikes) {
        const double mean = real(all) / real(s.steps) * s.windowSteps;
        if (mean > 0)
            share += std::exp(k * std::log(mean) - mean - std::lgamma(k + 1));
        else
            share += spikes == 0 ? 1 : 0;
    }
    return s.spikes.empty() ? 0 : share / static_cast<double>(s.spikes.size());
}

SpikeGatherer::SpikeGatherer(
    std::span<const double> counts, double dt, double windowMs, std::uint64_t step)
    : m_before(counts.begin(), counts.end())
    , m_last(counts.size())
    , m_window(counts.size())
    , m_windowExpected(counts.size())
{
    SpikeStatistics& s = m_statistics;
    s.dt = dt;
    s.firstStep = step;
    s.windowSteps = static_cast<std::uint32_t>(std::clamp(std::round(windowMs / dt), 1.0, 1e9));
    s.spikes.resize(counts.size());
    s.sum.resize(counts.size());
    s.squares.resize(counts.size());
    s.counts.resize(SpikeStatistics::kPlaces);
    s.intervals.resize(SpikeStatistics::kPlaces);
}

void SpikeGatherer::add(std::span<const double> counts, std::span<const double> expected)
{
    SpikeStatistics& s = m_statistics;
    const std::uint64_t now = ++s.steps;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const double come = counts[i] - m_before[i];
        if (!(come > 0))
            continue;
        m_before[i] = counts[i];
        const auto spikes = static_cast<std::uint64_t>(come);
        s.spikes[i] += spikes;
        m_window[i] += spikes;
        s.intervals[0] += spikes - 1;
        if (m_last[i] > 0) {
            const std::uint64_t apart = now - m_last[i];
            s.intervalSteps += apart;
            ++(apart < s.intervals.size() ? s.intervals[apart] : s.longIntervals);
        }
        m_last[i] = now;
    }
    if (expected.size() == counts.size()) {
        s.expected.resize(counts.size());
        s.expectedSquares.resize(counts.size());
        for (std::size_t i = 0; i < expected.size(); ++i)
            m_windowExpected[i] += expected[i];
    }
    if (++m_inWindow == s.windowSteps)
        closeWindow();
}

void SpikeGatherer::closeWindow()
{
    SpikeStatistics& s = m_statistics;
    for (std::size_t i = 0; i < m_window.size(); ++i) {
        const std::uint64_t n = m_window[i];
        s.sum[i] += n;
        s.squares[i] += n * n;
        ++(n < s.counts.size() ? s.counts[n] : s.moreCounts);
    }
    for (std::size_t i = 0; i < s.expected.size(); ++i) {
        s.expected[i] += m_windowExpected[i];
        s.expectedSquares[i] += m_windowExpected[i] * m_windowExpected[i];
    }
    std::fill(m_window.begin(), m_window.end(), std::uint64_t{0});
    std::fill(m_windowExpected.begin(), m_windowExpected.end(), 0.0);
    m_inWindow = 0;
    ++s.windows;
}

} // namespace apical
