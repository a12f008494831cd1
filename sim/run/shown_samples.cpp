#include "sim/run/shown_samples.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace apical {

Presentation samplePresentation(const Presentation& shown, int setSize, int samples, int column)
{
    if (samples == 1)
        return shown;
    const auto n = static_cast<std::uint64_t>(samples), set = static_cast<std::uint64_t>(setSize);
    Presentation one = shown;
    one.index = shown.index * n + static_cast<std::uint64_t>(column);
    one.number = shown.number * n + static_cast<std::uint64_t>(column);
    // A block that is one pass through the set has the order of the whole set.
    one.size = set > 0 && shown.size == set / n ? set : shown.size * n;
    return one;
}

int sampleOf(const Stimulus& stimulus, const Presentation& shown, int samples, int column)
{
    return stimulus.sample(
        samplePresentation(shown, stimulus.samples(shown.block), samples, column));
}

bool countsInBlock(const Presentation& one, int setSize, int samples)
{
    const auto set = static_cast<std::uint64_t>(std::max(setSize, 0));
    if (samples == 1 || one.block == Block::Train || set == 0 || one.size < set)
        return true;
    return one.index < one.size / set * set;
}

ShownSamples::ShownSamples(int inputs, int outputs, int samples)
    : input(static_cast<std::size_t>(inputs) * static_cast<std::size_t>(samples))
    , target(static_cast<std::size_t>(outputs) * static_cast<std::size_t>(samples))
    , presentations(static_cast<std::size_t>(samples))
    , m_inputs(static_cast<std::size_t>(inputs))
    , m_input(m_inputs * kTogether)
    , m_target(static_cast<std::size_t>(outputs))
{
}

bool ShownSamples::load(
    const Stimulus& stimulus, const Presentation& shown, const Parameters& parameters)
{
    const std::size_t n = presentations.size();
    if (n == 1) {
        presentations.front() = shown;
        return stimulus.pattern(shown, parameters, input, target);
    }
    bool all = true;
    for (std::size_t first = 0; first < n; first += kTogether) {
        const std::size_t together = std::min(kTogether, n - first);
        for (std::size_t j = 0; j < together; ++j) {
            const std::size_t k = first + j;
            presentations[k] = samplePresentation(
                shown, stimulus.samples(shown.block), samples(), static_cast<int>(k));
            all = stimulus.pattern(presentations[k], parameters, drawn(j), m_target) && all;
            for (std::size_t i = 0; i < m_target.size(); ++i)
                target[i * n + k] = m_target[i];
        }
        for (std::size_t i = 0; i < m_inputs; ++i) {
            for (std::size_t j = 0; j < together; ++j)
                input[i * n + first + j] = m_input[j * m_inputs + i];
        }
    }
    return all;
}

bool ShownSamples::loadSample(
    int column, const Stimulus& stimulus, const Presentation& ofSample, const Parameters& p)
{
    const std::size_t n = presentations.size(), k = static_cast<std::size_t>(column);
    presentations[k] = ofSample;
    const bool hasTarget = stimulus.pattern(ofSample, p, drawn(0), m_target);
    for (std::size_t i = 0; i < m_inputs; ++i)
        input[i * n + k] = m_input[i];
    for (std::size_t i = 0; i < m_target.size(); ++i)
        target[i * n + k] = m_target[i];
    return hasTarget;
}

std::vector<double> ShownSamples::column(const std::vector<double>& values, int sample) const
{
    const std::size_t n = presentations.size();
    std::vector<double> one(values.size() / n);
    for (std::size_t i = 0; i < one.size(); ++i)
        one[i] = values[i * n + static_cast<std::size_t>(sample)];
    return one;
}

} // namespace apical
