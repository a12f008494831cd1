#include "sim/task/listed_stimulus.h"

#include <algorithm>

namespace apical {

ListedStimulus::ListedStimulus(
    InputList inputs, TargetList targets, bool shuffled, std::uint64_t seed)
    : m_samples(static_cast<int>(inputs.size()))
    , m_order(shuffled, seed)
{
    m_sets.fill({std::move(inputs), std::move(targets), 0, m_samples, 0});
}

void ListedStimulus::split(int validation, int test)
{
    const int train = m_samples - validation - test;
    const std::array<int, 4> bounds{0, train, train + validation, m_samples};
    for (std::size_t i = 0; i < m_sets.size(); ++i) {
        m_sets[i].first = m_sets[i].number = bounds[i];
        m_sets[i].size = bounds[i + 1] - bounds[i];
    }
}

void ListedStimulus::setSamples(Block block, InputList inputs, TargetList targets)
{
    const int size = static_cast<int>(inputs.size());
    m_sets[static_cast<std::size_t>(block)] = {
        std::move(inputs), std::move(targets), 0, size, m_samples};
    m_samples += size;
}

void ListedStimulus::setClasses(
    std::vector<std::string> names, std::vector<std::size_t> classOfSample)
{
    m_classes = static_cast<int>(names.size());
    m_classNames = std::move(names);
    m_classOfSample = std::move(classOfSample);
}

std::size_t ListedStimulus::row(const Presentation& shown) const
{
    const Set& in = set(shown.block);
    return static_cast<std::size_t>(in.first + sample(shown) - in.number);
}

bool ListedStimulus::pattern(const Presentation& shown, const Parameters& p,
    std::span<double> input, std::span<double> target) const
{
    const Set& in = set(shown.block);
    const std::size_t r = row(shown);
    std::copy(in.inputs[r].begin(), in.inputs[r].end(), input.begin());
    if (!m_classOfSample.empty()) {
        std::fill(target.begin(), target.end(), p.targetLow);
        target[m_classOfSample[r]] = p.targetHigh;
        return true;
    }
    std::fill(target.begin(), target.end(), 0.0);
    if (in.targets.empty() || !in.targets[r])
        return false;
    std::copy(in.targets[r]->begin(), in.targets[r]->end(), target.begin());
    return true;
}

double ListedStimulus::duration(const Presentation& shown, const Parameters& p) const
{
    return m_durations.empty() ? p.presentationTime : m_durations[row(shown)];
}

int ListedStimulus::sample(const Presentation& shown) const
{
    const Set& in = set(shown.block);
    return in.number + m_order.at(shown, in.size);
}

bool ListedStimulus::hasTargets() const
{
    return !m_classOfSample.empty() || std::any_of(m_sets.begin(), m_sets.end(), [](const Set& in) {
        return std::any_of(in.targets.begin(), in.targets.end(),
            [](const auto& target) { return target.has_value(); });
    });
}

} // namespace apical
