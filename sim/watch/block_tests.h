// What validation and test blocks of a run tell when they end, under the names that metrics have.
#pragma once

#include "sim/model/test_watch.h"
#include "sim/watch/evaluation.h"
#include "sim/watch/task_score.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace apical {

/// Looks on while the run goes through its blocks; never changes a bit of it.
class BlockTests {
public:
    explicit BlockTests(const Simulation&);

    /// All that blocks, or a test beside the run, may tell: validation_loss, test_accuracy, ...
    const std::vector<std::string>& names() const { return m_names; }
    void afterStep();
    /// Means over the block that ended with the last step; empty if none did, or if it was not
    /// seen from its beginning.
    const Told& told() const { return m_told; }

private:
    void begin(const Presentation&);
    void see(std::span<const Readout>);
    void end();

    const Simulation& m_run;
    bool m_classes;
    std::vector<std::string> m_names;
    std::unique_ptr<TestWatch> m_watch; ///< of the test block under way, if the model has one
    Block m_block = Block::Train; ///< under way
    std::uint64_t m_ordinal = 0; ///< of that block among those of its kind
    bool m_whole = false; ///< it was seen from its beginning
    double m_loss = 0, m_correct = 0, m_scored = 0; ///< sums, and over how many samples
    std::vector<double> m_targets; ///< of a presentation, [unit][sample]
    Told m_told;
};

} // namespace apical
