#include "sim/live/reader.h"

#include "sim/run/model_table.h"

#include <span>
#include <string>
#include <utility>

namespace apical {
namespace {

constexpr int kMostInputs = 64; // of an input that is shown as a little picture
constexpr int kMostPixels = 4096; // of one that is looked at by itself

} // namespace

LaneReader::LaneReader(const LaneWatch& watch)
    : m_watch(watch)
    , m_lane(watch.simulation)
    , m_anatomy(std::make_shared<const Anatomy>(m_lane.model().anatomy()))
    , m_small(synapseCount(*m_anatomy) <= FrameWish::kAlways)
    , m_nudged(m_anatomy->quantity("target.nudged"))
    , m_before(m_anatomy->size())
{
    readBefore();
}

void LaneReader::readValues(std::vector<double>& all, bool onlyBefore)
{
    const Model& model = m_lane.model();
    for (std::size_t i = 0; i < m_anatomy->quantities.size(); ++i) {
        const Anatomy::Quantity& q = m_anatomy->quantities[i];
        if (onlyBefore && !q.before)
            continue;
        const auto size = static_cast<std::size_t>(m_anatomy->of(q).size);
        const std::span<double> out(all.data() + q.at, size);
        const auto samples = static_cast<std::size_t>(m_anatomy->cols(q));
        if (samples == 1) {
            model.read(static_cast<int>(i), out);
            continue;
        }
        m_scratch.resize(size * samples);
        model.read(static_cast<int>(i), m_scratch);
        const auto watched = static_cast<std::size_t>(model.watchedSample());
        for (std::size_t k = 0; k < size; ++k)
            out[k] = m_scratch[k * samples + watched];
    }
}

void LaneReader::readBefore()
{
    readValues(m_before, true);
}

void LaneReader::readBlock(Block block)
{
    const std::span<const Readout> answers = m_watch.score.blockAnswers(block);
    auto& kept = m_blocks[static_cast<std::size_t>(block)];
    if (answers.empty()) {
        kept.reset();
        return;
    }
    // The same block again, unless the run went back in between: then its numbers differ.
    if (kept && kept->epoch == m_watch.score.blockEpoch(block)
        && kept->answers.front().mean == answers.front().mean)
        return;
    BlockAnswers next;
    next.block = block;
    next.epoch = m_watch.score.blockEpoch(block);
    next.answers.assign(answers.begin(), answers.end());
    next.inputs = inputsOf(answers, kMostInputs);
    kept = std::make_shared<const BlockAnswers>(std::move(next));
}

std::vector<std::vector<double>> LaneReader::inputsOf(
    std::span<const Readout> answers, int mostInputs) const
{
    std::vector<std::vector<double>> inputs;
    const auto& sizes = m_lane.experiment().layers;
    if (sizes.front() > mostInputs)
        return inputs;
    std::vector<double> target(static_cast<std::size_t>(sizes.back()));
    for (const Readout& answer : answers) {
        inputs.emplace_back(static_cast<std::size_t>(sizes.front()));
        m_lane.stimulus().pattern(answer.presentation, m_lane.parameters(), inputs.back(), target);
    }
    return inputs;
}

void LaneReader::readExamples()
{
    const Confusion& confusion = m_watch.score.confusion();
    if (confusion.examples == m_readExamples)
        return;
    m_readExamples = confusion.examples;
    m_examples.reset();
    if (!m_readExamples)
        return;
    m_examples = std::make_shared<const BlockAnswers>(BlockAnswers{.block = confusion.block,
        .epoch = confusion.epoch,
        .answers = *m_readExamples,
        .inputs = inputsOf(*m_readExamples, kMostPixels)});
}

void LaneReader::readTask(TaskFrame& task, const FrameWish& wish)
{
    task.hasTask = m_watch.score.hasLoss();
    if (!task.hasTask)
        return;
    task.classes = m_watch.score.classes();
    task.classNames = m_lane.stimulus().classNames();
    task.schedule = m_lane.schedule();
    task.shown = m_lane.presentation();
    task.train = m_watch.score.epochMean();
    task.validation = m_watch.score.lastValidation();
    task.answers.assign(m_watch.score.recentAnswers().begin(), m_watch.score.recentAnswers().end());
    for (const Block block : {Block::Train, Block::Validation, Block::Test})
        readBlock(block);
    task.blocks = m_blocks;
    task.confusion = m_watch.score.confusion();
    if (wish.examples)
        readExamples();
    // Those of an older block would be taken for those of this one.
    task.examples = m_readExamples == task.confusion.examples ? m_examples : nullptr;
    task.seen = m_watch.score.seen();
    task.epochs = m_watch.score.epochs();
    task.epochStride = m_watch.score.epochStride();
}

void LaneReader::readFrame(LaneFrame& frame, const FrameWish& wish)
{
    const Experiment& experiment = m_lane.experiment();
    const Model& model = m_lane.model();
    const auto index = static_cast<std::size_t>(m_lane.lane());
    frame.name = index < experiment.lanes.size() ? experiment.lanes[index].name : std::string();
    frame.clock = m_lane.clock();
    frame.parameters = m_lane.parameters();
    frame.anatomy = m_anatomy;
    frame.values.resize(m_anatomy->size());
    readValues(frame.values, false);
    frame.before = m_before;
    // What the last step did, target delay and shift included, not what the pattern asks for.
    frame.nudged = m_nudged >= 0 && frame.quantity(m_nudged).front() != 0;
    frame.answer = model.answer();
    frame.measures.resize(m_anatomy->measures.size());
    model.measure(frame.measures);
    frame.diverged = m_lane.diverged();
    frame.stop = m_lane.stop();
    m_watch.lag.report(frame.lags);
    const BackpropMeasurement* angles = m_watch.angles.current();
    if (angles)
        frame.angles = angles->layers;
    else
        frame.angles.clear();
    readTask(frame.task, wish);
    const bool wanted = wish.weights || m_small;
    frame.weights.resize(m_anatomy->projections.size());
    for (std::size_t i = 0; i < frame.weights.size(); ++i) {
        const Anatomy::Projection& p = m_anatomy->projections[i];
        Matrix& matrix = frame.weights[i];
        matrix.rows = wanted ? m_anatomy->rows(p) : 0;
        matrix.cols = wanted ? m_anatomy->cols(p) : 0;
        // An empty one keeps its memory for the next time.
        matrix.values.resize(
            static_cast<std::size_t>(matrix.rows) * static_cast<std::size_t>(matrix.cols));
        if (wanted)
            model.readWeights(static_cast<int>(i), matrix.values);
    }
}

} // namespace apical
