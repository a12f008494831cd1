// What was seen, for looking back: min/max bins, fine for the recent past and coarser with age, in
// bounded memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace apical {

/// One recorded scalar.
struct Channel {
    int lane = 0;
    std::string probe; ///< "layer1.pyr.apical", or a metric "layer1.apical_error"
    int index = 0; ///< element; 0 for metrics
    bool count = false; ///< events of a bin, not a least and greatest value: bins add up
    bool operator==(const Channel&) const = default;
};

/// A run of consecutive steps [firstStep, firstStep + steps) and, per channel, the least and
/// greatest value seen in it.
struct Bin {
    std::uint64_t firstStep = 0;
    std::uint32_t steps = 0; ///< how many steps it spans
    std::uint32_t samples = 0; ///< of how many values each min/max was made
    double timeMs = 0; ///< simulated time at its end
    double durationMs = 0;
    std::uint64_t endStep() const { return firstStep + steps; }
    double beginMs() const { return timeMs - durationMs; }
};

/// Leaves what it makes room for as the memory comes: no time is spent on values that are written
/// before they are read.
template <typename T> struct UnwrittenAllocator : std::allocator<T> {
    template <typename U> struct rebind {
        using other = UnwrittenAllocator<U>;
    };
    template <typename U> void construct(U* place) { ::new (static_cast<void*>(place)) U; }
    template <typename U, typename... Arguments> void construct(U* place, Arguments&&... values)
    {
        ::new (static_cast<void*>(place)) U(std::forward<Arguments>(values)...);
    }
};

/// Window thread. Append-only; the oldest bins are merged two by two, level by level, so that
/// memory is fixed from the start and the whole run stays visible. Values are floats: this is for
/// eyes, not for arithmetic.
class History {
public:
    /// Allocates everything now, but touches nothing of it: a hundred megabytes at the start of a
    /// run would stop the window. The bins that come first touch it little by little. With very
    /// many channels the levels get shorter, so that it stays within kMostBytes.
    explicit History(
        std::vector<Channel> channels = {}, int binsPerLevel = kBinsPerLevel, int levels = 8);
    static constexpr int kBinsPerLevel = 4096;
    static constexpr std::size_t kMostBytes = std::size_t{96} << 20;

    const std::vector<Channel>& channels() const { return m_channels; }
    /// @return index of a channel, or -1
    int find(int lane, std::string_view probe, int index = 0) const;

    /// One value per channel in each span. A value that is not finite counts as not seen.
    /// A bin that begins before the end of the last one replaces what was there (see truncate()).
    void append(const Bin&, std::span<const float> minimum, std::span<const float> maximum);
    void clear();
    /// The same past with other channels: those of a lane that was not there get what the first
    /// lane had, others stay empty. Bins of a history that can hold fewer are merged.
    History withChannels(std::vector<Channel>) const;
    /// Forgets everything at and after a step (rewind): bins that reach beyond it go as a whole.
    void truncate(std::uint64_t step);

    std::size_t size() const; ///< number of bins, oldest first
    const Bin& bin(std::size_t i) const;
    float minimum(std::size_t i, int channel) const; ///< NaN: nothing seen
    float maximum(std::size_t i, int channel) const;
    /// Index of the first bin that ends after timeMs; size() if none.
    std::size_t lowerBound(double timeMs) const;
    double beginMs() const;
    double endMs() const;
    std::size_t bytes() const; ///< allocated

    /// One min/max pair per pixel column: column c covers [t0, t1) split evenly. Columns without
    /// data are NaN; a column narrower than a bin repeats its bin. Of a count: events per ms.
    struct Column {
        float low, high;
    };
    void columns(int channel, double t0, double t1, std::span<Column> out) const;

private:
    /// A ring of bins of one coarseness. Values stand channel by channel: low[channel * stride +
    /// slot].
    struct Level {
        std::vector<Bin> bins;
        std::vector<float, UnwrittenAllocator<float>> low, high;
        std::size_t head = 0; ///< slot of the oldest bin
        std::size_t count = 0;
    };
    struct Place {
        const Level* level;
        std::size_t slot;
    };

    std::size_t slot(const Level&, std::size_t i) const; ///< of the i-th oldest bin
    std::size_t value(int channel, std::size_t slotIndex) const;
    Place place(std::size_t i) const;
    std::size_t freeSlot(std::size_t level); ///< makes room at the young end of a level
    void touchSome();
    void merge(
        Level& to, std::size_t toSlot, const Level& from, std::size_t older, std::size_t younger);
    void halve(Level&);

    std::vector<Channel> m_channels;
    std::vector<int> m_sorted; ///< channel indices in order of (lane, probe, index), for find()
    std::vector<std::size_t> m_counts; ///< channels that are counts
    std::size_t m_capacity = 0; ///< bins per level
    std::size_t m_stride = 0; ///< floats from one channel to the next
    std::vector<Level> m_levels; ///< [0] is the youngest and finest
    std::size_t m_touchedLevels = 1, m_touched = 0; ///< whole ones, and floats of the next
};

} // namespace apical
