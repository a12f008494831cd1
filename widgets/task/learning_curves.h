// Loss and error of every scored epoch, as values: which curves there are and how far they reach.
#pragma once

#include "widgets/view/view.h"

#include <QColor>
#include <QString>

#include <vector>

namespace apical {

enum class LearningMeasure {
    Loss, ///< mean over outputs and samples of (answer - target)^2
    Error ///< percent of answers in the wrong class
};

enum class LearningAxis {
    Epochs,
    // On those below, training has points within its epochs.
    Seen, ///< training samples from the beginning
    Time, ///< simulated, of lanes whose steps are ms
    Spikes, ///< sent so far, of lanes that send some
    Seconds ///< that the lane has taken to compute
};

struct LearningPoint {
    double at = 0; ///< epoch, samples seen, ms, spikes or s
    double value = 0;
};

/// One block kind of one lane. Epochs without such a block have no point.
struct EpochCurve {
    std::size_t lane = 0;
    Block block = Block::Train;
    /// "validation", "A validation"; "train, nudged" while the target pulls at the outputs: their
    /// error says nothing yet of what the network can do alone.
    QString name;
    QString csvName; ///< "validation_loss", "lane1.validation_loss"
    QColor color;
    std::vector<LearningPoint> points; ///< ascending, finite values
};

/// In the order train, validation, test, lane by lane; kinds without any point are left out.
std::vector<EpochCurve> learningCurves(
    const Scene&, LearningMeasure, LearningAxis = LearningAxis::Epochs);
/// Those along which some lane has points: epochs and samples always.
std::vector<LearningAxis> learningAxes(const Scene&);
/// Training samples that a lane has seen at the moment shown.
double samplesSeen(const LaneFrame&);
/// How many epochs stand between two that are kept.
std::uint64_t learningStride(const Scene&);
/// Value of a curve at an epoch (or after so many samples, ...); NaN if it has none there.
double valueAt(const EpochCurve&, double at);

/// Least and greatest value of the curves as whole decades for a log axis. Zeros, and all below
/// 1e-9, lie on its floor, which stays visible.
struct Decades {
    double low = 1e-3, high = 1;
    void include(const std::vector<EpochCurve>&);
};

} // namespace apical
