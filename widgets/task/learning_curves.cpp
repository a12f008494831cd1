#include "widgets/task/learning_curves.h"

#include "widgets/view/task_words.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr double kLowestFloor = 1e-9;

const AnswerScore& scoreOf(const EpochScore& epoch, Block block)
{
    return block == Block::Train     ? epoch.train
        : block == Block::Validation ? epoch.validation
                                     : epoch.test;
}

QColor blockColor(const Theme& theme, Block block)
{
    return block == Block::Train     ? theme.target
        : block == Block::Validation ? theme.soma
                                     : theme.basal;
}

double valueOf(const AnswerScore& score, LearningMeasure measure)
{
    return measure == LearningMeasure::Loss ? score.loss : 100 * (1 - score.correct);
}

/// Training samples of an epoch.
double samplesOfEpoch(const LaneFrame& lane)
{
    return static_cast<double>(lane.task.schedule.size(Block::Train))
        * (lane.anatomy ? lane.anatomy->samples : 1);
}

/// Where a point stands on an axis of what was spent; NaN: nowhere.
double spentAt(const Spent& spent, LearningAxis axis)
{
    const double at = axis == LearningAxis::Time ? spent.timeMs
        : axis == LearningAxis::Spikes           ? spent.spikes
        : axis == LearningAxis::Seconds          ? spent.seconds
                                                 : std::numeric_limits<double>::quiet_NaN();
    return at > 0 ? at : std::numeric_limits<double>::quiet_NaN(); // these axes are logarithmic
}

std::vector<LearningPoint> pointsOf(
    const LaneFrame& lane, Block block, LearningMeasure measure, LearningAxis axis)
{
    std::vector<LearningPoint> points;
    const auto add = [&](double at, const AnswerScore& score) {
        const double value = valueOf(score, measure);
        if (!std::isfinite(value) || !std::isfinite(at))
            return;
        if (!points.empty() && points.back().at == at) // of one batch: the later one
            points.pop_back();
        points.push_back({at, value});
    };
    const bool seen = axis == LearningAxis::Seen;
    if (axis != LearningAxis::Epochs && block == Block::Train) {
        if (lane.task.seen)
            for (const SeenScore& score : *lane.task.seen)
                add(seen ? static_cast<double>(score.seen) : spentAt(score.spent, axis),
                    score.train);
        return points;
    }
    for (const EpochScore& epoch : *lane.task.epochs) {
        const auto number = static_cast<double>(epoch.epoch);
        const double at = axis == LearningAxis::Epochs ? number
            : seen                                     ? (number + 1) * samplesOfEpoch(lane)
                                                       : spentAt(epoch.spent, axis);
        add(at, scoreOf(epoch, block));
    }
    return points;
}

/// Whether a lane has a point on an axis of what was spent.
bool has(const TaskFrame& task, LearningAxis axis)
{
    const auto on = [axis](const auto& score) { return std::isfinite(spentAt(score.spent, axis)); };
    return (task.seen && std::ranges::any_of(*task.seen, on))
        || (task.epochs && std::ranges::any_of(*task.epochs, on));
}

} // namespace

double samplesSeen(const LaneFrame& lane)
{
    const Presentation& p = lane.task.shown;
    const double samples = lane.anatomy ? lane.anatomy->samples : 1;
    if (!lane.task.schedule.hasEpochs())
        return static_cast<double>(p.number) * samples;
    return p.block == Block::Train ? static_cast<double>(p.ordinal) * samplesOfEpoch(lane)
            + static_cast<double>(p.index) * samples
                                   : (static_cast<double>(p.epoch) + 1) * samplesOfEpoch(lane);
}

std::vector<LearningAxis> learningAxes(const Scene& scene)
{
    std::vector<LearningAxis> axes{LearningAxis::Epochs, LearningAxis::Seen};
    for (const LearningAxis axis :
        {LearningAxis::Time, LearningAxis::Spikes, LearningAxis::Seconds})
        if (std::ranges::any_of(
                scene.frame.lanes, [axis](const LaneFrame& lane) { return has(lane.task, axis); }))
            axes.push_back(axis);
    return axes;
}

std::vector<EpochCurve> learningCurves(
    const Scene& scene, LearningMeasure measure, LearningAxis axis)
{
    const bool loss = measure == LearningMeasure::Loss;
    std::vector<EpochCurve> curves;
    const Frame& frame = scene.frame;
    for (std::size_t lane = 0; lane < frame.lanes.size(); ++lane) {
        const TaskFrame& task = frame.lanes[lane].task;
        if (!task.epochs || (!loss && task.classes == 0))
            continue;
        const QString mark = laneMark(frame, lane);
        for (const Block block : kBlocks) {
            EpochCurve curve;
            curve.lane = lane;
            curve.block = block;
            curve.name = mark.isEmpty() ? blockText(block) : mark + u' ' + blockText(block);
            const Parameters& p = frame.lanes[lane].parameters;
            if (block == Block::Train && p.targetOn && p.table().find("target.on"))
                curve.name += u", nudged"_s;
            curve.csvName = blockText(block) + (loss ? u"_loss"_s : u"_error"_s);
            if (!mark.isEmpty())
                curve.csvName.prepend(u"lane"_s + QString::number(lane + 1) + u'.');
            curve.color =
                mark.isEmpty() ? blockColor(*scene.theme, block) : laneMarkColor(scene, lane);
            curve.points = pointsOf(frame.lanes[lane], block, measure, axis);
            if (!curve.points.empty())
                curves.push_back(std::move(curve));
        }
    }
    return curves;
}

std::uint64_t learningStride(const Scene& scene)
{
    std::uint64_t stride = 1;
    for (const LaneFrame& lane : scene.frame.lanes)
        stride = std::max(stride, lane.task.epochStride);
    return stride;
}

double valueAt(const EpochCurve& curve, double at)
{
    const auto point = std::ranges::lower_bound(curve.points, at, {}, &LearningPoint::at);
    return point != curve.points.end() && point->at == at
        ? point->value
        : std::numeric_limits<double>::quiet_NaN();
}

void Decades::include(const std::vector<EpochCurve>& curves)
{
    for (const EpochCurve& curve : curves)
        for (const LearningPoint& point : curve.points) {
            while (point.value > high && high < 1e9)
                high *= 10;
            while (point.value > 0 && point.value < low && low > 1.5 * kLowestFloor)
                low /= 10;
        }
}

} // namespace apical
