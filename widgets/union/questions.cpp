#include "widgets/union/questions.h"

#include "sim/spiking_predictive/spiking_predictive.h"
#include "sim/watch/task_score.h"
#include "widgets/view/lane_words.h"

#include <algorithm>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

constexpr int kSearched = 200; ///< samples

/// Step of the run at which the presentation began whose sample the frame holds.
std::uint64_t firstStepOf(const LaneFrame& lane, const std::vector<int>& sizes)
{
    const Clock& clock = lane.clock;
    if (clock.stepInPattern > 0 || clock.pattern == 0)
        return clock.step - clock.stepInPattern;
    // It has just ended: the clock stands at the next one.
    const bool taught = lane.task.schedule.at(clock.pattern - 1).block == Block::Train;
    const auto length =
        static_cast<std::uint64_t>(spikingPredictiveSteps(sizes, lane.parameters, taught));
    return clock.step - std::min(clock.step, length);
}

bool takeSample(PhasesQuestion& question, const LaneFrame& lane, const SampleSet& set, int number)
{
    PhasesCase& asked = question.asked;
    if (number >= 0) {
        ConversionSample sample = set.at(number);
        asked.input = std::move(sample.input);
        asked.target = std::move(sample.target);
        question.label = sample.label;
        question.name = sample.name;
        return !asked.target.empty();
    }
    const auto target = lane.quantity("target");
    ConversionSample sample = shownNow(lane);
    asked.input = std::move(sample.input);
    asked.target.assign(target.begin(), target.end());
    question.label = sample.label;
    question.name = sample.name;
    return !asked.input.empty() && !asked.target.empty() && lane.clock.step > 0;
}

/// A question with the weights of the frame and no sample.
std::optional<PhasesQuestion> blankQuestion(
    const LaneFrame* lane, const Scene& scene, const SampleSet& set)
{
    if (!lane)
        return {};
    std::optional<ConversionNet> net = netOf(*lane, scene.frame, set.precision());
    if (!net)
        return {};
    PhasesQuestion question;
    question.asked = {.sizes = std::move(net->sizes),
        .parameters = std::move(net->parameters),
        .weights = std::move(net->weights),
        .precision = std::move(net->precision),
        .seed = net->seed};
    return question;
}

} // namespace

const LaneFrame* phasesLane(const Scene& scene)
{
    const auto found = shownLaneThat(
        scene, [](const LaneFrame& lane) { return lane.anatomy && hasTwoPhases(*lane.anatomy); });
    return found ? &scene.frame.lanes[*found] : nullptr;
}

std::optional<PhasesQuestion> questionOf(const Scene& scene, const SampleSet& set, int number)
{
    const LaneFrame* lane = phasesLane(scene);
    std::optional<PhasesQuestion> question = blankQuestion(lane, scene, set);
    if (!question)
        return {};
    if (number < 0)
        question->asked.firstStep = firstStepOf(*lane, scene.frame.sizes);
    if (!takeSample(*question, *lane, set, number))
        return {};
    return question;
}

std::optional<PhasesQuestion> questionOf(const Scene& scene, const SampleSet& set,
    std::shared_ptr<const std::vector<ConversionSample>> among)
{
    std::optional<PhasesQuestion> question = blankQuestion(phasesLane(scene), scene, set);
    if (question)
        question->among = std::move(among);
    return question;
}

std::shared_ptr<const std::vector<ConversionSample>> firstSamples(const SampleSet& set)
{
    auto samples = std::make_shared<std::vector<ConversionSample>>();
    for (int i = 0; i < std::min(set.size(), kSearched); ++i)
        if (ConversionSample sample = set.at(i); !sample.target.empty())
            samples->push_back(std::move(sample));
    return samples;
}

} // namespace apical
