#include "sim/lif/encoder.h"

#include "sim/base/random.h"
#include "sim/spiking/spike_count.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace apical {
namespace {

/// Spikes of a train of this period before a time, up to rounding.
double before(double time, double period)
{
    constexpr double kRounding = 1e-9;
    return std::ceil(time / period - kRounding);
}

} // namespace

Encoder::Encoder(int inputs, int samples, std::uint64_t seed, SpikeReplay replay)
    : m_seed(seed)
    , m_replay(std::move(replay))
    , m_counts(static_cast<std::size_t>(inputs) * static_cast<std::size_t>(samples), 0.0)
{
}

int Encoder::uniforms(const SpikeFields& p, int inputs, int samples)
{
    const bool draws = p.encoder == encoder_kind::poisson || p.encoder == encoder_kind::bernoulli;
    return draws ? inputs * samples * p.trains : 0;
}

void Encoder::step(
    const SpikeFields& p, double tRef, double dt, std::span<const double> input, std::uint64_t step)
{
    if (replays(step)) {
        std::ranges::copy(m_replay.table->row(step), m_counts.begin());
        return;
    }
    const auto trains = static_cast<std::uint32_t>(p.trains);
    const bool recorded = m_replay.uniforms && step < m_replay.uniforms->steps()
        && m_replay.uniforms->columns == static_cast<int>(m_counts.size()) * p.trains;
    const std::span<const double> row =
        recorded ? m_replay.uniforms->row(step) : std::span<const double>();
    const std::uint32_t each = static_cast<std::uint32_t>(m_counts.size()) * trains;
    const auto draw = [&](std::uint32_t train, unsigned part) {
        return recorded && part == 0
            ? row[train]
            : uniform(m_seed, RandomStream::Spikes, step, train + part * each);
    };
    for (std::size_t i = 0; i < m_counts.size(); ++i) {
        const double mean = input[i] > 0 ? input[i] * dt / tRef : 0;
        double sum = 0;
        if (p.encoder == encoder_kind::periodic) {
            const auto k = static_cast<double>(step);
            const double period = tRef / input[i];
            sum = mean > 0 ? (before((k + 1) * dt, period) - before(k * dt, period)) * p.trains : 0;
        } else if (mean > 0 && p.encoder != encoder_kind::current) {
            const std::uint32_t first = static_cast<std::uint32_t>(i) * trains;
            for (std::uint32_t m = first; m < first + trains; ++m) {
                if (p.encoder == encoder_kind::bernoulli)
                    sum += draw(m, 0) < mean ? 1 : 0;
                else
                    sum += poissonCount(mean, [&](unsigned part) { return draw(m, part); });
            }
        }
        m_counts[i] = sum;
    }
}

} // namespace apical
