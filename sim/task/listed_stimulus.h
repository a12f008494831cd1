// A stimulus that shows a fixed list of samples.
#pragma once

#include "sim/task/sample_order.h"
#include "sim/task/stimulus.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace apical {

/// Shows its samples in order, or in a fresh permutation for every block. May be asked from several
/// threads at once.
class ListedStimulus final : public Stimulus {
public:
    /// All blocks show the same samples. @param targets one per input, or empty
    ListedStimulus(InputList inputs, TargetList targets, bool shuffled, std::uint64_t seed);
    /// Training samples come first, then validation, then test samples.
    void split(int validation, int test);
    /// Blocks of this kind show samples of their own, numbered after those there are.
    void setSamples(Block, InputList inputs, TargetList targets);
    /// Each sample is held for its own time in ms.
    void setDurations(std::vector<double> durations) { m_durations = std::move(durations); }
    /// Outputs stand for classes.
    void setClasses(int classes) { m_classes = classes; }
    /// The same, with names; targets are made of target.high for a sample's class and target.low.
    void setClasses(std::vector<std::string> names, std::vector<std::size_t> classOfSample);

    bool pattern(const Presentation&, const Parameters&, std::span<double> input,
        std::span<double> target) const override;
    double duration(const Presentation&, const Parameters&) const override;
    int samples(Block block) const override { return set(block).size; }
    int sample(const Presentation&) const override;
    int classes() const override { return m_classes; }
    std::vector<std::string> classNames() const override { return m_classNames; }
    bool hasTargets() const override;

private:
    /// Samples `first`, `first` + 1, ... of lists; their numbers begin with `number`.
    struct Set {
        InputList inputs;
        TargetList targets;
        int first = 0, size = 0, number = 0;
    };
    std::size_t row(const Presentation&) const; ///< in the lists of the set
    const Set& set(Block block) const { return m_sets[static_cast<std::size_t>(block)]; }

    std::array<Set, 3> m_sets{};
    std::vector<double> m_durations; ///< empty: the presentation time
    std::vector<std::size_t> m_classOfSample;
    int m_classes = 0;
    int m_samples;
    SampleOrder m_order;
    std::vector<std::string> m_classNames;
};

} // namespace apical
