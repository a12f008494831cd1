#include "widgets/network/norm_samples.h"

#include "sim/base/error.h"
#include "sim/run/shown_samples.h"
#include "widgets/view/task_words.h"

#include <algorithm>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace apical {
namespace {

std::uint64_t lastLearned(const LaneFrame& lane)
{
    const Clock& clock = lane.clock;
    // After the last step of a presentation the clock stands at the next one.
    const bool ended = clock.stepInPattern == 0 && clock.pattern > 0;
    for (std::uint64_t number = clock.pattern - (ended ? 1 : 0); number > 0; --number)
        if (lane.task.schedule.at(number).block == Block::Train)
            return number;
    return 0;
}

} // namespace

NormSamples::NormSamples(const Experiment& experiment)
    : m_experiment(experiment)
{
    m_experiment.weights.given.clear(); // samples do not depend on them
    try {
        m_stimulus = makeStimulus(m_experiment);
    } catch (const InputError&) {
        return;
    }
}

SampleColumns NormSamples::batch(const LaneFrame& lane) const
{
    if (!m_stimulus || !lane.anatomy)
        return {};
    const Presentation shown = lane.task.schedule.at(lastLearned(lane));
    ShownSamples columns(
        m_experiment.layers.front(), m_experiment.layers.back(), lane.anatomy->samples);
    columns.load(*m_stimulus, shown, lane.parameters);
    return {std::move(columns.input), columns.samples(),
        u"batch %1 of epoch %2"_s.arg(shown.index + 1).arg(shown.epoch)};
}

SampleColumns NormSamples::judged(const Parameters& parameters, int most) const
{
    if (!m_stimulus)
        return {};
    for (const Block block : {Block::Test, Block::Validation, Block::Train}) {
        const int size = m_stimulus->samples(block), count = std::min(size, most);
        if (count < 1)
            continue;
        ShownSamples columns(m_experiment.layers.front(), m_experiment.layers.back(), count);
        for (int k = 0; k < count; ++k) {
            const auto number = static_cast<std::uint64_t>(k);
            columns.loadSample(k, *m_stimulus,
                {.block = block,
                    .index = number,
                    .size = static_cast<std::uint64_t>(size),
                    .number = number},
                parameters);
        }
        return {std::move(columns.input), count,
            u"%1 %2 samples"_s.arg(count).arg(
                block == Block::Train ? u"training"_s : blockText(block))};
    }
    return {};
}

} // namespace apical
