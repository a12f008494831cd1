// How spikes are kept: bins come in, grow old and are merged.
#include "sim/watch/spike_history.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <limits>
#include <utility>

namespace apical {
namespace {

constexpr std::uint32_t kMostOfByte = std::numeric_limits<std::uint8_t>::max();
constexpr std::size_t kFewestBlocks = 4; // of a level, whatever the memory

std::uint64_t newRevision()
{
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

void forgetUnused(auto&... vectors)
{
    (vectors.shrink_to_fit(), ...);
}

} // namespace

SpikeHistory::SpikeHistory(
    std::vector<SpikeGroup> groups, std::size_t fineBytes, std::size_t coarseBytes)
    : m_groups(std::move(groups))
    , m_fineMost(fineBytes)
    , m_coarseMost(coarseBytes)
    , m_levels(1 + kLevels)
    , m_revision(newRevision())
{
    for (const SpikeGroup& group : m_groups)
        m_totals.resize(std::max(m_totals.size(), group.end()));
    m_before = m_totals;
}

const SpikeGroup* SpikeHistory::group(int lane, std::string_view quantity) const
{
    for (const SpikeGroup& group : m_groups) {
        if (group.lane == lane && group.quantity == quantity)
            return &group;
    }
    return nullptr;
}

bool SpikeHistory::empty() const
{
    return std::all_of(
        m_levels.begin(), m_levels.end(), [](const Level& level) { return level.empty(); });
}

std::size_t SpikeHistory::Block::bytes() const
{
    return sizeof(Block) + totals.capacity() * sizeof(totals[0]) + bins.capacity() * sizeof(bins[0])
        + events.capacity() * sizeof(events[0]) + dense.capacity();
}

std::size_t SpikeHistory::bytes() const
{
    std::size_t all = m_fineBytes;
    if (!m_levels.front().empty())
        all += m_levels.front().back().bytes();
    for (std::size_t level = 1; level < m_levels.size(); ++level)
        all += m_levels[level].size() * (sizeof(Block) + rows() * sizeof(std::uint32_t));
    return all;
}

std::size_t SpikeHistory::bytesLimit() const
{
    return rows()
        ? m_fineMost + coarseBlocks() * kLevels * (sizeof(Block) + rows() * sizeof(std::uint32_t))
        : 0;
}

std::size_t SpikeHistory::coarseBlocks() const
{
    const std::size_t each = sizeof(Block) + rows() * sizeof(std::uint32_t);
    return std::max(std::min(m_coarseMost / each, kCoarseBlocks) / kLevels, kFewestBlocks);
}

void SpikeHistory::clear()
{
    startAt(0, 0, std::vector<std::uint64_t>(rows()));
}

void SpikeHistory::startAt(std::uint64_t step, double timeMs, std::span<const std::uint64_t> totals)
{
    for (Level& level : m_levels)
        level.clear();
    m_fineBytes = 0;
    m_totals.assign(totals.begin(), totals.end());
    m_before = m_totals;
    m_beginStep = m_endStep = step;
    m_beginMs = m_endMs = timeMs;
    m_revision = newRevision();
}

void SpikeHistory::addBin(
    Block& block, std::uint64_t endStep, double timeMs, std::span<const SpikeEvent> events) const
{
    if (events.size_bytes() > rows()) {
        const std::size_t from = block.dense.size();
        block.dense.resize(from + rows());
        for (const SpikeEvent& event : events) {
            const std::uint32_t held = std::min(event.count, kMostOfByte);
            block.dense[from + event.row] = static_cast<std::uint8_t>(held);
            if (event.count > held)
                block.events.push_back({event.row, event.count - held});
        }
    } else {
        block.events.insert(block.events.end(), events.begin(), events.end());
    }
    for (const SpikeEvent& event : events)
        block.totals[event.row] += event.count;
    block.endStep = endStep;
    block.timeMs = timeMs;
    block.bins.push_back({.timeMs = timeMs,
        .steps = static_cast<std::uint32_t>(endStep - block.firstStep),
        .events = static_cast<std::uint32_t>(block.events.size()),
        .dense = static_cast<std::uint32_t>(block.dense.size())});
}

void SpikeHistory::append(std::uint64_t endStep, double timeMs, std::span<const SpikeEvent> events)
{
    assert(endStep > m_endStep);
    constexpr std::uint64_t mostSteps = std::numeric_limits<std::uint32_t>::max();
    Level& young = m_levels.front();
    if (young.empty() || young.back().bins.size() >= kBlockBins
        || endStep - young.back().firstStep > mostSteps) {
        if (!young.empty()) {
            Block& full = young.back();
            forgetUnused(full.bins, full.events, full.dense);
            m_fineBytes += full.bytes();
        }
        makeRoom();
        Block& block = young.emplace_back();
        block.firstStep = m_endStep;
        block.beginMs = m_endMs;
        block.totals.resize(rows());
    }
    addBin(young.back(), endStep, timeMs, events);
    for (const SpikeEvent& event : events)
        m_totals[event.row] += event.count;
    m_endStep = endStep;
    m_endMs = timeMs;
}

void SpikeHistory::makeRoom()
{
    Level& young = m_levels.front();
    while (m_fineBytes > m_fineMost && young.size() > 1) {
        Block oldest = std::move(young.front());
        young.pop_front();
        m_fineBytes -= oldest.bytes();
        oldest.bins.clear();
        oldest.events.clear();
        oldest.dense.clear();
        forgetUnused(oldest.bins, oldest.events, oldest.dense);
        age(std::move(oldest), 1);
    }
}

void SpikeHistory::age(Block&& block, std::size_t levelIndex)
{
    Level& level = m_levels[levelIndex];
    if (level.size() >= coarseBlocks()) {
        if (levelIndex + 1 < m_levels.size()) {
            Block oldest = std::move(level.front());
            level.pop_front();
            if (merge(oldest, level.front()))
                level.pop_front();
            age(std::move(oldest), levelIndex + 1);
        } else {
            Level halved;
            for (std::size_t i = 0; i < level.size(); ++i) {
                if (i % 2 == 0 || !merge(halved.back(), level[i]))
                    halved.push_back(std::move(level[i]));
            }
            level = std::move(halved);
            if (level.size() >= coarseBlocks())
                forgetOldest();
        }
    }
    level.push_back(std::move(block));
}

bool SpikeHistory::merge(Block& into, const Block& younger)
{
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    for (std::size_t row = 0; row < into.totals.size(); ++row) {
        if (std::uint64_t{into.totals[row]} + younger.totals[row] > most)
            return false;
    }
    for (std::size_t row = 0; row < into.totals.size(); ++row)
        into.totals[row] += younger.totals[row];
    into.endStep = younger.endStep;
    into.timeMs = younger.timeMs;
    return true;
}

void SpikeHistory::forgetOldest()
{
    Level& oldest = m_levels.back();
    const Block& gone = oldest.front();
    for (std::size_t row = 0; row < rows(); ++row)
        m_before[row] += gone.totals[row];
    m_beginStep = gone.endStep;
    m_beginMs = gone.timeMs;
    oldest.pop_front();
}

void SpikeHistory::truncate(std::uint64_t step)
{
    std::vector<SpikeEvent> events;
    for (std::size_t index = 0; index < m_levels.size(); ++index) {
        Level& level = m_levels[index];
        while (!level.empty() && level.back().endStep > step) {
            Block& last = level.back();
            while (!last.bins.empty() && last.endStep > step) {
                decode(last, last.bins.size() - 1, events);
                for (const SpikeEvent& event : events) {
                    last.totals[event.row] -= event.count;
                    m_totals[event.row] -= event.count;
                }
                last.bins.pop_back();
                const BinEnd end =
                    last.bins.empty() ? BinEnd{.timeMs = last.beginMs} : last.bins.back();
                last.events.resize(end.events);
                last.dense.resize(end.dense);
                last.endStep = last.firstStep + end.steps;
                last.timeMs = end.timeMs;
            }
            if (!last.bins.empty())
                break;
            for (std::size_t row = 0; row < rows(); ++row)
                m_totals[row] -= last.totals[row]; // of a block that was one bin
            level.pop_back();
            if (index == 0 && !level.empty())
                m_fineBytes -= level.back().bytes();
        }
        if (!level.empty()) {
            m_endStep = level.back().endStep;
            m_endMs = level.back().timeMs;
            return;
        }
    }
    m_endStep = m_beginStep;
    m_endMs = m_beginMs;
}

void SpikeHistory::standAt(
    std::uint64_t from, std::uint64_t step, double timeMs, std::span<const std::uint64_t> totals)
{
    assert(totals.size() == rows() && from <= step);
    const bool known = !empty();
    truncate(from);
    m_revision = newRevision();
    std::vector<SpikeEvent> events;
    bool follows = known && step >= m_endStep;
    for (std::size_t row = 0; follows && row < rows(); ++row) {
        constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
        follows = totals[row] >= m_totals[row] && totals[row] - m_totals[row] <= most;
        if (totals[row] != m_totals[row])
            events.push_back({static_cast<std::uint32_t>(row),
                static_cast<std::uint32_t>(totals[row] - m_totals[row])});
    }
    if (!follows || (step == m_endStep && !events.empty()))
        startAt(step, timeMs, totals);
    else if (step > m_endStep)
        append(step, timeMs, events);
}

void SpikeHistory::regroup(std::vector<SpikeGroup> groups, std::span<const int> origins)
{
    SpikeHistory fresh(std::move(groups), m_fineMost, m_coarseMost);
    struct Source {
        std::size_t from, to, size;
    };
    std::vector<Source> sources;
    for (const SpikeGroup& to : fresh.m_groups) {
        const auto lane = static_cast<std::size_t>(to.lane);
        const SpikeGroup* from =
            lane < origins.size() ? group(origins[lane], to.quantity) : nullptr;
        if (from && from->size == to.size)
            sources.push_back({from->first, to.first, to.size});
    }
    const auto copy = [&](const auto& from, auto& to) {
        for (const Source& source : sources)
            std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(source.from), source.size,
                to.begin() + static_cast<std::ptrdiff_t>(source.to));
    };
    copy(m_totals, fresh.m_totals);
    copy(m_before, fresh.m_before);
    std::vector<SpikeEvent> events, mapped;
    for (std::size_t level = 0; level < m_levels.size(); ++level) {
        for (const Block& old : m_levels[level]) {
            Block& block = fresh.m_levels[level].emplace_back();
            block.firstStep = old.firstStep;
            block.beginMs = old.beginMs;
            block.endStep = old.endStep;
            block.timeMs = old.timeMs;
            block.totals.resize(fresh.rows());
            if (old.bins.empty())
                copy(old.totals, block.totals);
            for (std::size_t bin = 0; bin < old.bins.size(); ++bin) {
                decode(old, bin, events);
                mapped.clear();
                for (const Source& source : sources) {
                    for (const SpikeEvent& event : events) {
                        if (event.row - source.from < source.size)
                            mapped.push_back(
                                {static_cast<std::uint32_t>(event.row - source.from + source.to),
                                    event.count});
                    }
                }
                std::sort(mapped.begin(), mapped.end(),
                    [](const SpikeEvent& a, const SpikeEvent& b) { return a.row < b.row; });
                fresh.addBin(
                    block, old.firstStep + old.bins[bin].steps, old.bins[bin].timeMs, mapped);
            }
            forgetUnused(block.bins, block.events, block.dense);
            if (level == 0)
                fresh.m_fineBytes += block.bytes();
        }
    }
    if (!fresh.m_levels.front().empty())
        fresh.m_fineBytes -= fresh.m_levels.front().back().bytes();
    fresh.m_beginStep = m_beginStep;
    fresh.m_beginMs = m_beginMs;
    fresh.m_endStep = m_endStep;
    fresh.m_endMs = m_endMs;
    *this = std::move(fresh);
}

} // namespace apical
