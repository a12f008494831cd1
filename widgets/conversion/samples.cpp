#include "widgets/conversion/samples.h"

#include "sim/base/error.h"
#include "widgets/view/lane_words.h"
#include "widgets/view/task_words.h"

#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

/// @return its class; -1: nobody says @param target empty where nobody asks
int writeSample(const Stimulus& stimulus, Block block, int number, const Experiment& e,
    std::span<double> input, std::vector<double>& target)
{
    target.assign(static_cast<std::size_t>(e.layers.back()), 0.0);
    const bool asked =
        stimulus.pattern({.block = block,
                             .index = static_cast<std::uint64_t>(number),
                             .size = static_cast<std::uint64_t>(stimulus.samples(block)),
                             .number = static_cast<std::uint64_t>(number)},
            e.parameters, input, target);
    if (!asked)
        target.clear();
    return asked && stimulus.classes() > 0 ? classOf(target) : -1;
}

} // namespace

SampleSet::SampleSet(const Experiment& experiment)
{
    Experiment own = experiment;
    own.weights.given.clear(); // a copy of them is dear, and samples do not depend on them
    m_experiment = std::make_shared<const Experiment>(std::move(own));
    try {
        m_stimulus = makeStimulus(*m_experiment);
    } catch (const InputError&) {
        return; // the run says why; there are no samples to choose from
    }
    for (const Block block : {Block::Test, Block::Validation, Block::Train})
        if (m_stimulus->samples(block) > 0) {
            m_block = block;
            break;
        }
}

QString SampleSet::name() const
{
    return (m_block == Block::Train ? u"training"_s : blockText(m_block)) + u" images"_s;
}

ConversionSample SampleSet::at(int number) const
{
    ConversionSample sample;
    if (number < 0 || number >= size())
        return sample;
    sample.input.resize(static_cast<std::size_t>(m_experiment->layers.front()));
    sample.label =
        writeSample(*m_stimulus, m_block, number, *m_experiment, sample.input, sample.target);
    sample.name = name().chopped(1) + u' ' + QString::number(number + 1);
    return sample;
}

LabelledImage SampleSet::images() const
{
    return [experiment = m_experiment, block = m_block,
               stimulus = std::shared_ptr<const Stimulus>(makeStimulus(*m_experiment))](
               int number, std::span<double> input) {
        std::vector<double> target;
        return writeSample(*stimulus, block, number, *experiment, input, target);
    };
}

bool answersTwice(const Anatomy& a)
{
    return a.quantity("readout.ann") >= 0 && a.quantity("readout.running") >= 0;
}

const LaneFrame* convertedLane(const Scene& scene)
{
    const auto found = shownLaneThat(
        scene, [](const LaneFrame& lane) { return lane.anatomy && answersTwice(*lane.anatomy); });
    return found ? &scene.frame.lanes[*found] : nullptr;
}

std::optional<ConversionNet> netOf(
    const LaneFrame& lane, const Frame& frame, const std::string& precision)
{
    if (!lane.anatomy || lane.weights.size() != lane.anatomy->projections.size())
        return {};
    ConversionNet net{.sizes = frame.sizes,
        .parameters = lane.parameters,
        .weights = {},
        .precision = precision,
        .seed = frame.seed};
    for (std::size_t i = 0; i < lane.weights.size(); ++i) {
        const Anatomy::Projection& p = lane.anatomy->projections[i];
        if (!p.isWeight)
            continue;
        if (lane.weights[i].empty())
            return {};
        net.weights.push_back({p.name, lane.weights[i]});
    }
    return net;
}

ConversionSample shownNow(const LaneFrame& lane)
{
    const auto input = lane.quantity("input.rate"), target = lane.quantity("target");
    ConversionSample sample{
        .input = {input.begin(), input.end()}, .label = -1, .name = u"shown to the run"_s};
    if (lane.task.classes > 0 && !target.empty())
        sample.label = classOf({target.begin(), target.end()});
    return sample;
}

} // namespace apical
