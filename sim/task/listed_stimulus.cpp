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

ListedStimulus::ListedStimulus(std::vector<Sample> samples, bool shuffled, std::uint64_t seed)
    : m_samples(std::move(samples))
    , m_shuffled(shuffled)
    , m_seed(seed)
{
    m_sets.fill({0, static_cast<int>(m_samples.size())});
}

void ListedStimulus::split(int validation, int test)
{
    const int train = static_cast<int>(m_samples.size()) - validation - test;
    m_sets = {Set{0, train}, Set{train, validation}, Set{train + validation, test}};
}

bool ListedStimulus::pattern(const Presentation& shown, const Parameters& p,
    std::span<double> input, std::span<double> target) const
{
    const Sample& s = m_samples[static_cast<std::size_t>(sample(shown))];
    std::copy(s.input.begin(), s.input.end(), input.begin());
    std::fill(target.begin(), target.end(), 0.0);
    if (!s.on.empty()) {
        for (std::size_t i = 0; i < s.on.size(); ++i)
            target[i] = s.on[i] ? p.targetHigh : p.targetLow;
        return true;
    }
    if (s.target)
        std::copy(s.target->begin(), s.target->end(), target.begin());
    return s.target.has_value();
}

double ListedStimulus::duration(const Presentation& shown, const Parameters& p) const
{
    const double own = m_samples[static_cast<std::size_t>(sample(shown))].duration;
    return own > 0 ? own : p.presentationTime;
}

int ListedStimulus::sample(const Presentation& shown) const
{
    const Set& in = set(shown.block);
    const auto n = static_cast<std::uint64_t>(in.size);
    if (!m_shuffled)
        return in.first + static_cast<int>((shown.ordinal * shown.size + shown.index) % n);
    // A fresh permutation for every block (several, where it is longer than the set): Fisher-Yates
    // with numbers addressed by it, so that any presentation can be asked for directly.
    const std::uint64_t perBlock = (shown.size + n - 1) / n;
    const std::uint64_t permutation = shown.ordinal * perBlock + shown.index / n;
    return in.first + shuffled(shown.block, permutation, shown.index % n);
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
    return std::any_of(m_samples.begin(), m_samples.end(),
        [](const Sample& s) { return s.target.has_value() || !s.on.empty(); });
}

} // namespace apical
