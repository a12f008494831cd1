// Patterns and blocks of the protocol on the time axis of the strips.
#pragma once

#include "widgets/plot/time_axis.h"
#include "widgets/view/view.h"

#include <vector>

namespace apical {

/// Another presentation time or protocol held before the last edit of it: nothing is claimed about
/// what was before this time.
double protocolKnownFrom(const Scene&);
/// How long presentations last: as many steps as the models count, or the time that they have.
double presentationMs(const Scene&, const LaneFrame&, bool taught);
struct PresentationSpan {
    std::uint64_t number = 0;
    Block block = Block::Train;
    std::uint64_t epoch = 0;
    double beginMs = 0, endMs = 0;
};
/// Those of the protocol that touch the range, from the clock of the shown frame; none if they are
/// too many to be told apart.
std::vector<PresentationSpan> presentations(
    const Scene&, const LaneFrame&, double beginMs, double endMs);
/// Times at which the pattern changed (or will), within the range, from the clock of the shown
/// frame.
std::vector<double> patternChanges(const Scene&, double beginMs, double endMs);
/// A stretch of presentations without plasticity: a validation or test block.
struct BlockSpan {
    Block block = Block::Validation;
    std::uint64_t epoch = 0;
    double beginMs = 0, endMs = 0;
};
/// Those within the range, from the clock and the protocol of the shown frame.
std::vector<BlockSpan> blockSpans(const Scene&, double beginMs, double endMs);
/// Those wide enough on this axis to be seen as such; none if they would be mere stripes.
std::vector<BlockSpan> visibleBlocks(const Scene&, const TimeAxis&);

} // namespace apical
