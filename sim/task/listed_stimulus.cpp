#include "sim/task/listed_stimulus.h"

#include <algorithm>
#include <numeric>

namespace apical {
namespace {

RandomStream orderOf(Block block)
{
    switch (block) {
    case Block::Train:
        return RandomStream::PatternOrder;
    case Block::Validation:
        return RandomStream::ValidationOrder;
    case Block::Test:
        break;
    }
    return RandomStream::TestOrder;
}

// Fisher-Yates.
std::vector<int> permutationOf(
    std::uint64_t seed, RandomStream stream, std::uint64_t number, int samples)
{
    std::vector<int> order(static_cast<std::size_t>(samples));
    std::iota(order.begin(), order.end(), 0);
    for (std::size_t i = order.size(); i-- > 1;) {
        const double u = uniform(seed, stream, number, static_cast<std::uint32_t>(i));
        std::swap(order[i], order[static_cast<std::size_t>(u * static_cast<double>(i + 1))]);
    }
    return order;
}

} // namespace

ListedStimulus::ListedStimulus(
    InputList inputs, TargetList targets, bool shuffled, std::uint64_t seed)
    : m_samples(static_cast<int>(inputs.size()))
    , m_shuffled(shuffled)
    , m_seed(seed)
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
    const auto n = static_cast<std::uint64_t>(in.size);
    if (!m_shuffled)
        return in.number + static_cast<int>((shown.ordinal * shown.size + shown.index) % n);
    // A fresh permutation for every block (several, where it is longer than the set): Fisher-Yates
    // with numbers addressed by it, so that any presentation can be asked for directly.
    const std::uint64_t perBlock = (shown.size + n - 1) / n;
    const std::uint64_t permutation = shown.ordinal * perBlock + shown.index / n;
    return in.number + shuffled(shown.block, permutation, shown.index % n);
}

int ListedStimulus::shuffled(Block block, std::uint64_t permutation, std::uint64_t index) const
{
    const std::lock_guard lock(m_orderAccess);
    auto& [last, before] = m_orders[static_cast<std::size_t>(block)];
    if (last.samples.empty() || last.permutation != permutation) {
        std::swap(last, before);
        if (last.samples.empty() || last.permutation != permutation) {
            last.permutation = permutation;
            last.samples = permutationOf(m_seed, orderOf(block), permutation, set(block).size);
        }
    }
    return last.samples[static_cast<std::size_t>(index)];
}

bool ListedStimulus::hasTargets() const
{
    return !m_classOfSample.empty() || std::any_of(m_sets.begin(), m_sets.end(), [](const Set& in) {
        return std::any_of(in.targets.begin(), in.targets.end(),
            [](const auto& target) { return target.has_value(); });
    });
}

} // namespace apical
