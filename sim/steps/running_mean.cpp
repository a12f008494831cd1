#include "sim/steps/running_mean.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr std::size_t kMostValues = std::size_t{1} << 22; // in a boxcar: it gets shorter

} // namespace

RunningMean::RunningMean(std::size_t size, MeanFilter filter, double tauMs, double dt)
    : m_filter(filter)
    , m_decay(std::exp(-dt / std::max(tauMs, 1e-9)))
    , m_sums(size)
{
    if (filter == MeanFilter::Boxcar) {
        const std::size_t most = kMostValues / std::max<std::size_t>(size, 1);
        m_length = static_cast<std::size_t>(
            std::clamp(std::round(tauMs / dt), 1.0, static_cast<double>(most)));
        m_ring.resize(m_length * size);
    }
}

void RunningMean::add(std::span<const double> values)
{
    if (m_filter == MeanFilter::Exponential) {
        m_weight = m_decay * m_weight + 1;
        m_squares = m_decay * m_decay * m_squares + 1;
        for (std::size_t i = 0; i < m_sums.size(); ++i)
            m_sums[i] = m_decay * m_sums[i] + values[i];
        return;
    }
    std::copy(values.begin(), values.end(),
        m_ring.begin() + static_cast<std::ptrdiff_t>(m_next * m_sums.size()));
    m_filled = std::min(m_filled + 1, m_length);
    m_weight = m_squares = static_cast<double>(m_filled);
    m_next = (m_next + 1) % m_length;
}

std::vector<double> RunningMean::means() const
{
    std::vector<double> out(m_sums.size());
    if (m_weight <= 0)
        return out;
    if (m_filter == MeanFilter::Exponential) {
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = m_sums[i] / m_weight;
        return out;
    }
    for (std::size_t k = 0; k < m_filled; ++k)
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] += m_ring[k * out.size() + i];
    for (double& sum : out)
        sum /= m_weight;
    return out;
}

double RunningMean::steps() const
{
    return m_squares > 0 ? m_weight * m_weight / m_squares : 0;
}

} // namespace apical
