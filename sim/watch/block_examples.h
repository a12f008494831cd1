// Some answers of every kind in a block: who was taken for whom.
#pragma once

#include "sim/run/simulation.h"

#include <memory>
#include <vector>

namespace apical {

/// Collects the first answers of every pair (asked, answered) of classes.
class BlockExamples {
public:
    static constexpr int kOfEachPair = 12;
    static constexpr std::size_t kMost = 1200; ///< of all pairs together
    static constexpr int kMostClasses = 64; ///< with more of them nothing is kept

    /// A block begins.
    void start(int classes);
    /// @param asked, answered classes of its target and of its mean
    void add(const Readout&, int asked, int answered);
    /// What was collected, in the order shown; ends the block. nullptr: nothing.
    std::shared_ptr<const std::vector<Readout>> finish();

private:
    int m_classes = 0;
    std::vector<int> m_counts; ///< per pair
    std::vector<Readout> m_kept;
};

} // namespace apical
