// Who spiked when: the events of every neuron of a run, for looking back, in bounded memory and
// without losing one.
#pragma once

#include "sim/watch/history.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

/// The neurons of one quantity that counts (Anatomy::Form::Count), as rows that follow each other.
struct SpikeGroup {
    int lane = 0;
    std::string quantity; ///< "layer1.pyr.spikes"
    std::string population; ///< "layer1.pyr"
    std::string kind; ///< "pyramidal"
    int layer = 0; ///< 0 = input
    std::size_t first = 0; ///< row of its first neuron
    std::size_t size = 0;
    std::size_t end() const { return first + size; }
    bool operator==(const SpikeGroup&) const = default;
};

/// So many events of one neuron within a bin.
struct SpikeEvent {
    std::uint32_t row = 0;
    std::uint32_t count = 0; ///< at least 1
    bool operator==(const SpikeEvent&) const = default;
};

/// Window thread. Bins follow each other without a gap: the young ones as they came (a step each
/// where the run is slow enough to be watched), older ones in blocks of kBlockBins, the oldest in
/// blocks of blocks. Merging adds up, and a bin that was lost on its way is in the next one: at any
/// coarseness, what stands in here is what the model counted.
class SpikeHistory {
public:
    static constexpr std::size_t kBlockBins = 64;
    static constexpr std::size_t kFineBytes = std::size_t{48} << 20; ///< of bins as they came
    static constexpr std::size_t kCoarseBytes = std::size_t{16} << 20; ///< of what is older
    static constexpr std::size_t kCoarseBlocks = 16384; ///< at most
    static constexpr std::size_t kLevels = 8; ///< of older blocks, each twice as coarse

    explicit SpikeHistory(std::vector<SpikeGroup> groups = {}, std::size_t fineBytes = kFineBytes,
        std::size_t coarseBytes = kCoarseBytes);

    const std::vector<SpikeGroup>& groups() const { return m_groups; }
    const SpikeGroup* group(int lane, std::string_view quantity) const; ///< nullptr: none
    std::size_t rows() const { return m_totals.size(); } ///< neurons of all groups

    // What is known.
    bool empty() const; ///< no bin
    double beginMs() const { return m_beginMs; }
    double endMs() const { return m_endMs; }
    std::uint64_t beginStep() const { return m_beginStep; }
    std::uint64_t endStep() const { return m_endStep; }
    /// Per row, what the model had counted at endMs(), and at beginMs(): all bins add up to the
    /// difference.
    std::span<const std::uint64_t> totals() const { return m_totals; }
    std::span<const std::uint64_t> totalsBefore() const { return m_before; }
    /// Another number whenever something else happened than bins being added at the end or merged;
    /// no two histories that were made for themselves share one.
    std::uint64_t revision() const { return m_revision; }
    /// From here on bins are as they came; what is older may be merged, endMs() if all of it is.
    double fineBeginMs() const
    {
        return m_levels.front().empty() ? m_endMs : m_levels.front().front().beginMs;
    }
    std::size_t bins() const;
    std::size_t bytes() const; ///< allocated
    std::size_t bytesLimit() const; ///< the most they become

    // Reading. A bin is [beginMs, timeMs); a range takes every bin of which a part lies in it.
    using BinReader = std::function<void(const Bin&, std::span<const SpikeEvent>)>;
    /// Every bin of a range in order, with those who spiked, rows ascending.
    void forEachBin(double beginMs, double endMs, const BinReader&) const;

    using StripeReader = std::function<void(const Bin&, std::span<const std::uint32_t> counts)>;
    /// The same in stripes: bins that begin in the same column of a grid (whole multiples of
    /// columnMs) are taken together, a bin wider than that is a stripe by itself. Every bin is in
    /// one stripe; counts are those of the rows [firstRow, firstRow + rows). Costs little however
    /// much a column holds. @param columnMs 0: the whole range is one
    void forEachStripe(double beginMs, double endMs, double columnMs, std::size_t firstRow,
        std::size_t rows, const StripeReader&) const;
    /// Events per row in all bins of a range.
    std::vector<std::uint64_t> sums(double beginMs, double endMs) const;

    // Writing.
    void clear();
    /// A bin from endStep() to its end: what it says of its beginning is not looked at.
    void append(std::uint64_t endStep, double timeMs, std::span<const SpikeEvent>);
    /// The run stands at `step` with `totals`, and nothing is left of what was seen of it after
    /// `from`, which may be earlier. Bins that reach beyond go; their spikes up to there, which are
    /// the difference to `totals`, are one bin. Totals that cannot follow from what is known start
    /// a new past.
    void standAt(std::uint64_t from, std::uint64_t step, double timeMs,
        std::span<const std::uint64_t> totals);
    /// The same past of other lanes. @param origins per new lane, which one it was
    void regroup(std::vector<SpikeGroup> groups, std::span<const int> origins);

private:
    struct BinEnd {
        double timeMs = 0;
        std::uint32_t steps = 0; ///< from the block's first
        std::uint32_t events = 0; ///< end of its own in Block::events
        std::uint32_t dense = 0; ///< end of its own in Block::dense
    };
    /// Bins that follow each other, and their sum. Once it is old only the sum.
    struct Block {
        std::uint64_t firstStep = 0, endStep = 0;
        double beginMs = 0, timeMs = 0;
        std::vector<std::uint32_t> totals; ///< per row
        std::vector<BinEnd> bins; ///< empty: the block is one bin
        std::vector<SpikeEvent> events;
        std::vector<std::uint8_t> dense; ///< a byte per row of bins in which many spiked
        std::size_t bytes() const;
    };
    using Level = std::deque<Block>;

    std::size_t coarseBlocks() const; ///< that a level holds
    void addBin(Block&, std::uint64_t endStep, double timeMs, std::span<const SpikeEvent>) const;
    void decode(const Block&, std::size_t bin, std::vector<SpikeEvent>& out) const;
    Bin binOf(const Block&, std::size_t bin) const;
    void startAt(std::uint64_t step, double timeMs, std::span<const std::uint64_t> totals);
    void truncate(std::uint64_t step);
    void makeRoom();
    void age(Block&&, std::size_t level);
    static bool merge(Block& into, const Block& younger); ///< false: more than a count can hold
    void forgetOldest();
    template <typename Visit> void forEachBlock(double beginMs, double endMs, Visit&&) const;

    std::vector<SpikeGroup> m_groups;
    std::size_t m_fineMost, m_coarseMost;
    std::vector<Level> m_levels; ///< [0] the young blocks with their bins; higher = older, coarser
    std::size_t m_fineBytes = 0; ///< of all but the youngest block
    std::vector<std::uint64_t> m_totals, m_before;
    std::uint64_t m_beginStep = 0, m_endStep = 0;
    double m_beginMs = 0, m_endMs = 0;
    std::uint64_t m_revision;
};

} // namespace apical
