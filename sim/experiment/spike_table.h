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
/// input, then layer by layer the pyramidal neurons and the interneurons of the layer; or of the
/// input alone, [input][sample], of models that replay it alone (ModelRow::replayed).
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

/// Row k holds the uniform numbers that an encoder uses in step k, one per input, sample and train.
struct UniformTable {
    int columns = 0;
    std::vector<double> values; ///< row-major, in [0, 1)
    std::uint64_t steps() const
    {
        return columns > 0 ? values.size() / static_cast<std::size_t>(columns) : 0;
    }
    std::span<const double> row(std::uint64_t step) const
    {
        const auto n = static_cast<std::size_t>(columns);
        return std::span(values).subspan(static_cast<std::size_t>(step) * n, n);
    }
    bool operator==(const UniformTable&) const = default;
};

/// What an experiment replays.
struct SpikeReplay {
    std::string file{}; ///< absolute path it came from
    std::uint32_t crc32 = 0; ///< of its bytes
    std::shared_ptr<const SpikeTable> table{}; ///< nullptr: nothing
    std::string uniformsFile{}; ///< the same of the numbers of the encoder
    std::uint32_t uniformsCrc32 = 0;
    std::shared_ptr<const UniformTable> uniforms{};
    bool operator==(const SpikeReplay& other) const
    {
        const auto same = [](const auto& a, const auto& b) {
            return a == b || (a && b && *a == *b);
        };
        return file == other.file && crc32 == other.crc32 && same(table, other.table)
            && uniformsFile == other.uniformsFile && uniformsCrc32 == other.uniformsCrc32
            && same(uniforms, other.uniforms);
    }
};

} // namespace apical
