#include "sim/task/sample_order.h"

#include "sim/base/random.h"

#include <cstddef>
#include <numeric>
#include <utility>

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

SampleOrder::SampleOrder(bool shuffled, std::uint64_t seed)
    : m_shuffled(shuffled)
    , m_seed(seed)
{
}

int SampleOrder::at(const Presentation& shown, int samples) const
{
    const auto n = static_cast<std::uint64_t>(samples);
    const std::uint64_t ordinal = shown.same ? 0 : shown.ordinal;
    if (!m_shuffled)
        return static_cast<int>((ordinal * shown.size + shown.index) % n);
    // A fresh permutation for every block (several, where it is longer than the set): Fisher-Yates
    // with numbers addressed by it, so that any presentation can be asked for directly.
    const std::uint64_t perBlock = (shown.size + n - 1) / n;
    const std::uint64_t permutation = ordinal * perBlock + shown.index / n;
    return shuffled(shown.block, permutation, shown.index % n, samples);
}

int SampleOrder::shuffled(
    Block block, std::uint64_t permutation, std::uint64_t index, int samples) const
{
    const std::lock_guard lock(m_access);
    auto& [last, before] = m_orders[static_cast<std::size_t>(block)];
    if (last.samples.empty() || last.permutation != permutation) {
        std::swap(last, before);
        if (last.samples.empty() || last.permutation != permutation) {
            last.permutation = permutation;
            last.samples = permutationOf(m_seed, orderOf(block), permutation, samples);
        }
    }
    return last.samples[static_cast<std::size_t>(index)];
}

} // namespace apical
