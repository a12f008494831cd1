// Which part of a task each presentation belongs to: training, validation and test blocks.
#pragma once

#include "sim/experiment/parameters.h"

#include <cstdint>

namespace apical {

/// Training presentations are nudged and plastic, the others neither.
enum class Block { Train, Validation, Test };
const char* blockName(Block); ///< "train", "validation", "test"

/// Place of one presentation in the protocol.
struct Presentation {
    std::uint64_t epoch = 0;
    Block block = Block::Train;
    std::uint64_t ordinal = 0; ///< of its block among the blocks of this kind
    std::uint64_t index = 0; ///< within its block
    std::uint64_t size = 1; ///< of its block
    std::uint64_t number = 0; ///< of the whole run
    bool same = false; ///< shows what the first block of its kind does
    bool operator==(const Presentation&) const = default;
};

/// Every epoch is a training block, then a validation block; every `testInterval`-th epoch ends
/// with a test block. Dynamics run on through all of them (Haider et al. 2021, Net.train). A pure
/// function of the number of the presentation, so that a run can start anywhere.
class Schedule {
public:
    Schedule() = default; ///< one endless training block: epochs of one presentation
    /// @param trainingSamples size of the training set, used where protocol.train is 0; 0 = endless
    Schedule(const Parameters&, int trainingSamples);

    Presentation at(std::uint64_t number) const;
    /// Presentations in the first so many epochs.
    std::uint64_t presentations(std::uint64_t epochs) const;
    bool hasEpochs() const { return m_hasEpochs; } ///< false: training has neither set nor length
    std::uint64_t size(Block) const; ///< presentations in a block of this kind
    std::uint64_t testInterval() const { return m_testInterval; }

private:
    std::uint64_t m_train = 1, m_validation = 0, m_test = 0, m_testInterval = 1;
    bool m_hasEpochs = false, m_testSame = false;
};

} // namespace apical
