// Recorded spike counts, shown to a model in place of drawn ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace apical {

/// Row k holds the spikes sent in step k, of every neuron in the order of the anatomy's counts:
/// input, then layer by layer the pyramidal neurons and the interneurons of the layer.
struct SpikeTable {
    int neurons = 0;
    std::vector<std::uint32_t> counts; ///< row-major
    std::uint64_t steps() const
    {
        return neurons > 0 ? counts.size() / static_cast<std::size_t>(neurons) : 0;
    }
    std::span<const std::uint32_t> row(std::uint64_t step) const
    {
        const auto n = static_cast<std::size_t>(neurons);
        return std::span(counts).subspan(static_cast<std::size_t>(step) * n, n);
    }
    bool operator==(const SpikeTable&) const = default;
};

/// What an experiment replays.
struct SpikeReplay {
    std::string file{}; ///< absolute path it came from
    std::uint32_t crc32 = 0; ///< of its bytes
    std::shared_ptr<const SpikeTable> table{}; ///< nullptr: nothing
    bool operator==(const SpikeReplay& other) const
    {
        return file == other.file && crc32 == other.crc32 && !table == !other.table
            && (table == other.table || *table == *other.table);
    }
};

} // namespace apical
