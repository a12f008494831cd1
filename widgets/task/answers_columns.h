// What the outputs answered to which sample, as values: columns in blocks.
#pragma once

#include "widgets/view/view.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace apical {

/// One sample, answered by every lane.
struct AnswerColumn {
    std::uint64_t number = 0; ///< presentation of the run
    int sample = -1; ///< -1: not one of a set
    std::vector<double> input; ///< empty: too large to be looked at
    std::vector<double> target; ///< empty: there was none
    std::vector<std::vector<double>> answers; ///< per lane; empty: none yet
    std::vector<AnswerScore> scores; ///< per lane
};

/// A block that is complete, the newest presentations, or the one that is shown now.
struct AnswerGroup {
    enum class Kind { Now, Block, Newest };
    Kind kind = Kind::Block;
    Block block = Block::Train;
    std::uint64_t epoch = 0;
    std::uint64_t size = 0; ///< presentations in it; there may be fewer columns
    std::vector<AnswerColumn> columns; ///< ordered by sample, so that every sample keeps its place
};

/// The pattern of this moment and the outputs as they are.
AnswerGroup answerNow(const Frame&);
/// Last complete blocks in the order validation, training, test (most telling first); before the
/// first one, or without epochs, the newest presentations.
std::vector<AnswerGroup> answerBlocks(const Frame&);
/// "validation, epoch 41, 7 of 8 right", "now", "newest presentations"; then shorter ones for less
/// room.
QStringList groupTitles(const AnswerGroup&, const Frame&);
/// How many of the lane's answers are right; NaN where there are no classes.
double rightAnswers(const AnswerGroup&, std::size_t lane);

} // namespace apical
