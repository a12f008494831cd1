// How kept spikes are read: bin by bin, or in stripes of what one column of a picture holds.
#include "sim/watch/spike_history.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace apical {
namespace {

/// Times are sums of steps: a bin must not slip into another column because of the last bits.
constexpr double kSlack = 1e-6;

std::uint32_t held(std::uint64_t steps)
{
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(steps, std::numeric_limits<std::uint32_t>::max()));
}

} // namespace

template <typename Visit>
void SpikeHistory::forEachBlock(double beginMs, double endMs, Visit&& visit) const
{
    for (auto level = m_levels.rbegin(); level != m_levels.rend(); ++level) {
        auto block = std::partition_point(level->begin(), level->end(),
            [beginMs](const Block& b) { return b.timeMs <= beginMs; });
        for (; block != level->end(); ++block) {
            if (block->beginMs >= endMs)
                return;
            visit(*block);
        }
    }
}

std::size_t SpikeHistory::bins() const
{
    std::size_t all = 0;
    for (const Level& level : m_levels) {
        for (const Block& block : level)
            all += std::max<std::size_t>(block.bins.size(), 1);
    }
    return all;
}

Bin SpikeHistory::binOf(const Block& block, std::size_t bin) const
{
    const bool whole = block.bins.empty();
    const bool first = whole || bin == 0;
    const std::uint64_t begin =
        first ? block.firstStep : block.firstStep + block.bins[bin - 1].steps;
    const std::uint64_t end = whole ? block.endStep : block.firstStep + block.bins[bin].steps;
    const double beginMs = first ? block.beginMs : block.bins[bin - 1].timeMs;
    const double timeMs = whole ? block.timeMs : block.bins[bin].timeMs;
    return {.firstStep = begin,
        .steps = held(end - begin),
        .samples = 1,
        .timeMs = timeMs,
        .durationMs = timeMs - beginMs};
}

void SpikeHistory::decode(const Block& block, std::size_t bin, std::vector<SpikeEvent>& out) const
{
    out.clear();
    if (block.bins.empty()) {
        for (std::size_t row = 0; row < block.totals.size(); ++row) {
            if (block.totals[row])
                out.push_back({static_cast<std::uint32_t>(row), block.totals[row]});
        }
        return;
    }
    const BinEnd begin = bin ? block.bins[bin - 1] : BinEnd{};
    const BinEnd& end = block.bins[bin];
    auto event = block.events.begin() + begin.events;
    const auto last = block.events.begin() + end.events;
    if (begin.dense == end.dense) {
        out.assign(event, last);
        return;
    }
    for (std::uint32_t row = 0; row < end.dense - begin.dense; ++row) {
        std::uint32_t count = block.dense[begin.dense + row];
        if (event != last && event->row == row)
            count += (event++)->count;
        if (count)
            out.push_back({row, count});
    }
}

void SpikeHistory::forEachBin(double beginMs, double endMs, const BinReader& read) const
{
    std::vector<SpikeEvent> events;
    forEachBlock(beginMs, endMs, [&](const Block& block) {
        for (std::size_t i = 0; i < std::max<std::size_t>(block.bins.size(), 1); ++i) {
            const Bin bin = binOf(block, i);
            if (bin.timeMs <= beginMs || bin.beginMs() >= endMs)
                continue;
            decode(block, i, events);
            read(bin, events);
        }
    });
}

void SpikeHistory::forEachStripe(double beginMs, double endMs, double columnMs,
    std::size_t firstRow, std::size_t rows, const StripeReader& read) const
{
    std::vector<std::uint32_t> counts(rows);
    Bin stripe{};
    double stripeBegin = 0, stripeColumn = 0;
    std::uint64_t stripeEnd = 0;
    const auto columnOf = [columnMs](double ms) {
        return columnMs > 0 ? std::floor(ms / columnMs + kSlack) : 0.0;
    };
    const auto close = [&] {
        if (stripe.samples == 0)
            return;
        stripe.steps = held(stripeEnd - stripe.firstStep);
        stripe.durationMs = stripe.timeMs - stripeBegin;
        read(stripe, counts);
        std::fill(counts.begin(), counts.end(), 0U);
        stripe = {};
    };
    /// Into the stripe of its column, which begins with it if it is the first.
    const auto join = [&](const Bin& bin, std::uint64_t endStep, std::uint32_t bins) {
        const double column = columnOf(bin.beginMs());
        if (stripe.samples > 0 && column != stripeColumn)
            close();
        if (stripe.samples == 0) {
            stripe.firstStep = bin.firstStep;
            stripeBegin = bin.beginMs();
            stripeColumn = column;
        }
        stripe.samples += bins;
        stripe.timeMs = bin.timeMs;
        stripeEnd = endStep;
    };
    forEachBlock(beginMs, endMs, [&](const Block& block) {
        const std::size_t bins = std::max<std::size_t>(block.bins.size(), 1);
        const bool inside = block.bins.empty()
            || (binOf(block, 0).timeMs > beginMs && binOf(block, bins - 1).beginMs() < endMs);
        if (inside && columnOf(block.beginMs) == columnOf(binOf(block, bins - 1).beginMs())) {
            Bin whole{.firstStep = block.firstStep,
                .timeMs = block.timeMs,
                .durationMs = block.timeMs - block.beginMs};
            join(whole, block.endStep, static_cast<std::uint32_t>(bins));
            const std::uint32_t* totals = block.totals.data() + firstRow;
            for (std::size_t row = 0; row < rows; ++row)
                counts[row] += totals[row];
            return;
        }
        for (std::size_t i = 0; i < bins; ++i) {
            const Bin bin = binOf(block, i);
            if (bin.timeMs <= beginMs || bin.beginMs() >= endMs)
                continue;
            join(bin, bin.firstStep + bin.steps, 1);
            const BinEnd begin = i ? block.bins[i - 1] : BinEnd{};
            const BinEnd& end = block.bins[i];
            if (end.dense > begin.dense) {
                const std::uint8_t* dense = block.dense.data() + begin.dense + firstRow;
                for (std::size_t row = 0; row < rows; ++row)
                    counts[row] += dense[row];
            }
            for (std::size_t e = begin.events; e < end.events; ++e) {
                const std::size_t row = block.events[e].row - firstRow; // wraps if it is before
                if (row < rows)
                    counts[row] += block.events[e].count;
            }
        }
    });
    close();
}

std::vector<std::uint64_t> SpikeHistory::sums(double beginMs, double endMs) const
{
    std::vector<std::uint64_t> all(rows());
    std::vector<SpikeEvent> events;
    forEachBlock(beginMs, endMs, [&](const Block& block) {
        const std::size_t bins = std::max<std::size_t>(block.bins.size(), 1);
        if (binOf(block, 0).timeMs > beginMs && binOf(block, bins - 1).beginMs() < endMs) {
            for (std::size_t row = 0; row < rows(); ++row)
                all[row] += block.totals[row];
            return;
        }
        for (std::size_t i = 0; i < bins; ++i) {
            const Bin bin = binOf(block, i);
            if (bin.timeMs <= beginMs || bin.beginMs() >= endMs)
                continue;
            decode(block, i, events);
            for (const SpikeEvent& event : events)
                all[event.row] += event.count;
        }
    });
    return all;
}

} // namespace apical
