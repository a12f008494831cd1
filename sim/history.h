// What was seen, for looking back: min/max bins, fine for the recent past and coarser with age, in bounded memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace apical {

/// One recorded scalar.
struct Channel {
    int lane = 0;
    std::string probe; ///< "layer1.pyr.apical", or a metric "layer1.apical_error"
    int index = 0; ///< element; 0 for metrics
    bool operator==(const Channel&) const = default;
};

/// A run of consecutive steps and, per channel, the least and greatest value seen in it.
struct Bin {
    std::uint64_t firstStep = 0;
    std::uint32_t steps = 0; ///< how many steps it spans
    std::uint32_t samples = 0; ///< of how many values each min/max was made
    double timeMs = 0; ///< simulated time at its end
    double durationMs = 0;
};

/// Window thread. Append-only; the oldest bins are merged two by two, level by level, so that memory is fixed from the
/// start and the whole run stays visible. Values are floats: this is for eyes, not for arithmetic.
class History {
public:
    explicit History(std::vector<Channel> channels = {}, int binsPerLevel = 4096, int levels = 8);

    const std::vector<Channel>& channels() const { return m_channels; }
    /// @return index of a channel, or -1
    int find(int lane, std::string_view probe, int index = 0) const;

    void append(const Bin&, std::span<const float> minimum, std::span<const float> maximum);
    void clear();
    /// Forgets everything at and after a step (rewind).
    void truncate(std::uint64_t step);

    std::size_t size() const; ///< number of bins, oldest first
    const Bin& bin(std::size_t i) const;
    float minimum(std::size_t i, int channel) const;
    float maximum(std::size_t i, int channel) const;
    /// Index of the first bin that ends after timeMs; size() if none.
    std::size_t lowerBound(double timeMs) const;
    double beginMs() const;
    double endMs() const;
    std::size_t bytes() const; ///< allocated

    /// One min/max pair per pixel column: column c covers [t0, t1) split evenly. Columns without data are NaN.
    struct Column {
        float low, high;
    };
    void columns(int channel, double t0, double t1, std::span<Column> out) const;

private:
    struct Level;
    std::vector<Channel> m_channels;
    // (private layout belongs to history.cpp's author; keep memory allocated once)
    std::vector<Level> m_levels;
};

} // namespace apical
