// A stimulus that shows a fixed list of samples.
#pragma once

#include "sim/base/random.h"
#include "sim/task/stimulus.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace apical {

/// Shows its samples in order, or in a fresh permutation for every block. May be asked from several
/// threads at once.
class ListedStimulus final : public Stimulus {
public:
    struct Sample {
        std::vector<double> input;
        std::optional<std::vector<double>> target;
        double duration = 0; ///< ms; 0 = presentation time
        std::vector<bool> on{}; ///< not empty: the target is made of target.high and target.low
    };
    /// All blocks show the same samples.
    ListedStimulus(std::vector<Sample> samples, bool shuffled, std::uint64_t seed);
    /// Training samples come first, then validation, then test samples.
    void split(int validation, int test);
    void setClasses(std::vector<std::string> names) { m_classNames = std::move(names); }

    bool pattern(const Presentation&, const Parameters&, std::span<double> input,
        std::span<double> target) const override;
    double duration(const Presentation&, const Parameters&) const override;
    int samples(Block block) const override { return set(block).size; }
    int sample(const Presentation&) const override;
    int classes() const override { return static_cast<int>(m_classNames.size()); }
    std::vector<std::string> classNames() const override { return m_classNames; }
    bool hasTargets() const override;

private:
    struct Set {
        int first = 0, size = 0;
    };
    const Set& set(Block block) const { return m_sets[static_cast<std::size_t>(block)]; }
    int shuffled(Block, std::uint64_t permutation, std::uint64_t index) const;

    /// A permutation that was drawn, so that only the first presentation of a block draws it.
    struct Order {
        std::uint64_t permutation = 0;
        std::vector<int> samples; ///< empty: none was drawn yet
    };
    std::vector<Sample> m_samples;
    std::array<Set, 3> m_sets{};
    bool m_shuffled;
    std::uint64_t m_seed;
    std::vector<std::string> m_classNames;
    mutable std::mutex m_orderAccess;
    /// Per kind of block the permutation asked for last and the one before: views look back over
    /// the end of an epoch, and a test beside the run has an order of its own.
    mutable std::array<std::array<Order, 2>, 3> m_orders;
};

} // namespace apical
