// How well a network answers: loss and accuracy of finished presentations, per block and epoch.
#pragma once

#include "sim/base/matrix.h"
#include "sim/run/simulation.h"
#include "sim/watch/block_examples.h"
#include "sim/watch/lane_cost.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <span>
#include <vector>

namespace apical {

/// Loss and correctness of one answer; NaN where the presentation has none.
struct AnswerScore {
    double loss = std::numeric_limits<double>::quiet_NaN(); ///< Model::loss() of the read-out
    double correct =
        std::numeric_limits<double>::quiet_NaN(); ///< 1 or 0: greatest read-out = greatest target
};

/// @param hasClasses targets stand for classes (one output each)
AnswerScore scoreAnswer(const Readout&, bool hasTarget, bool hasClasses);

/// Index of the greatest entry: the class a target or an answer stands for.
int classOf(const std::vector<double>&);

/// Means over the blocks of one epoch; NaN for a block that the epoch does not have.
struct EpochScore {
    std::uint64_t epoch = 0;
    AnswerScore train, validation, test;
    Spent spent{}; ///< up to the end of its first block that is scored: that of training
};

/// Answers against classes of one block: counts(actual, answered).
struct Confusion {
    Block block = Block::Train;
    std::uint64_t epoch = 0;
    Matrix counts; ///< empty: the task has no classes, or no block is complete yet
    /// Some answers of every cell, in the order shown; nullptr: none.
    std::shared_ptr<const std::vector<Readout>> examples{};
};

/// What training presentations were scored since the point before.
struct SeenScore {
    std::uint64_t seen = 0; ///< training samples from the beginning of the run to this point
    AnswerScore train;
    Spent spent{};
};

/// Scores every finished presentation of a simulation. Blocks seen only in part (after a jump in
/// time) are not scored.
class TaskScore {
public:
    static constexpr std::size_t kMostEpochs = 2048; ///< kept; then every second one goes
    static constexpr std::size_t kRecentAnswers = 24;
    static constexpr std::size_t kBlockAnswers = 32; ///< kept of a block: the first ones
    static constexpr std::size_t kLastEpochs = 10; ///< of lastEpochsError()

    explicit TaskScore(const Simulation&);

    /// After each step; does nothing unless the step ended a presentation. @param cost of the lane,
    /// which goes into the scores; nullptr: nobody measures it @return whether it did
    bool observe(const Simulation&, const LaneCost* cost = nullptr);
    /// The simulation went back: forgets what lies behind its clock.
    void forgetLater(const Simulation&);

    bool hasLoss() const { return m_hasTargets; } ///< the stimulus can have targets
    bool hasAccuracy() const { return m_classes > 0; }
    int classes() const { return m_classes; }
    /// Of a batch: of its last sample.
    const Readout& last() const
    {
        return m_last;
    } ///< mean is empty before the first presentation has finished
    AnswerScore lastScore() const { return m_lastScore; } ///< mean over the samples of a batch
    /// Mean over the last training block's length of training presentations (the last 100 where
    /// training has no epochs); NaN where nothing was scored.
    AnswerScore epochMean() const;
    AnswerScore lastValidation() const { return m_lastValidation; } ///< last complete block
    /// Mean validation error (1 - accuracy) of the last ten epochs; NaN before the first.
    double lastEpochsError() const;
    /// First epoch whose validation had no error, or -1.
    std::int64_t firstEpochWithoutError() const { return m_firstWithoutError; }

    /// Ascending; every epochStride()-th epoch. Shared, so that a copy costs nothing; never changes
    /// once handed out.
    std::shared_ptr<const std::vector<EpochScore>> epochs() const;
    std::uint64_t epochStride() const { return m_stride; }
    /// Training, as it goes on: points whose distance grows with the samples seen, some twenty to
    /// a decade. Without a beginning (after a jump in time) it starts where scoring starts. Shared
    /// as epochs() is.
    std::shared_ptr<const std::vector<SeenScore>> seen() const;
    /// At the last of the points above, NaN before the first.
    Spent lastSpent() const;
    const std::deque<Readout>& recentAnswers() const { return m_answers; }
    const Confusion& confusion() const { return m_confusion; }
    /// Answers of the last complete block of a kind, in the order shown; empty before the first.
    std::span<const Readout> blockAnswers(Block) const;
    std::uint64_t blockEpoch(Block block) const { return kept(block).epoch; }

private:
    /// Answers of a block; memory is used again.
    struct BlockMemory {
        std::uint64_t epoch = 0;
        std::size_t count = 0;
        std::vector<Readout> answers;
        void add(const Readout&);
    };
    const BlockMemory& kept(Block b) const { return m_kept[static_cast<std::size_t>(b)]; }
    struct Sum {
        double loss = 0, correct = 0;
        std::uint64_t losses = 0, corrects = 0, presentations = 0;
        void add(const AnswerScore&);
        AnswerScore mean() const;
    };
    void addToBlock(const Readout&, const AnswerScore&);
    /// Where a lane stands, and what it has spent until then.
    struct Place {
        const Simulation& lane;
        const LaneCost* cost;
        Spent spent() const { return cost ? cost->now(lane) : Spent{}; }
    };
    void finishBlock(const Presentation&, const Place&);
    void addToSeen(const Readout&, const AnswerScore&, const Place&);
    EpochScore& epochEntry(std::uint64_t epoch, const Place&);
    void thin();

    bool m_hasTargets;
    int m_classes;
    std::size_t m_window;
    bool m_hasEpochs;
    std::uint64_t m_samples; ///< of a presentation
    Readout m_last;
    AnswerScore m_lastScore, m_lastValidation;
    std::deque<AnswerScore> m_recent;
    std::deque<Readout> m_answers;
    std::deque<double> m_lastErrors;
    std::int64_t m_firstWithoutError = -1;
    Sum m_block;
    Matrix m_blockCounts;
    BlockExamples m_examples;
    Sum m_sinceSeen;
    std::uint64_t m_nextSeen = 0; ///< 0: not known yet
    std::vector<SeenScore> m_seen;
    mutable std::shared_ptr<const std::vector<SeenScore>> m_sharedSeen;
    Confusion m_confusion;
    BlockMemory m_current;
    std::array<BlockMemory, 3> m_kept;
    std::vector<EpochScore> m_epochs;
    mutable std::shared_ptr<const std::vector<EpochScore>> m_shared;
    std::uint64_t m_stride = 1;
};

} // namespace apical
