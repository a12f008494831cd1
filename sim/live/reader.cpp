#include "sim/live/reader.h"

#include "sim/circuit/circuit_parameters.h"

#include <span>
#include <string>
#include <utility>

namespace apical {
namespace {

constexpr int kMostInputs = 64; // of an input that is shown as a little picture

void readVector(const Probe* probe, std::vector<double>& out)
{
    out.resize(probe ? static_cast<std::size_t>(probe->size()) : 0);
    if (probe)
        probe->read(out);
}

void readMatrix(const Probe* probe, Matrix& out)
{
    out.rows = probe ? probe->rows : 0;
    out.cols = probe ? probe->cols : 0;
    readVector(probe, out.values);
}

void clearMatrix(Matrix& m)
{
    m.rows = m.cols = 0;
    m.values.clear(); // keeps its memory for the next time
}

} // namespace

LaneReader::LaneReader(Simulation& lane)
    : m_lane(lane)
    , m_score(lane)
    , m_input(findProbe(lane.model(), "input.rate"))
    , m_target(findProbe(lane.model(), "target"))
    , m_nudged(findProbe(lane.model(), "target.nudged"))
{
    const Model& model = lane.model();
    for (int l = 1; l <= lane.experiment().targetLayers(); ++l) {
        const auto probe = [&](const char* name) {
            return findProbe(model, "layer" + std::to_string(l) + '.' + name);
        };
        m_layers.push_back({.basal = probe("pyr.basal"),
            .apical = probe("pyr.apical"),
            .apicalTopdown = probe("pyr.apical_topdown"),
            .apicalLateral = probe("pyr.apical_lateral"),
            .soma = probe("pyr.soma"),
            .prospective = probe("pyr.prospective"),
            .rate = probe("pyr.rate"),
            .innDendrite = probe("inn.dendrite"),
            .innSoma = probe("inn.soma"),
            .innProspective = probe("inn.prospective"),
            .innRate = probe("inn.rate"),
            .up = probe("W_up"),
            .down = probe("W_down"),
            .ip = probe("W_ip"),
            .pi = probe("W_pi")});
    }
    m_before.resize(m_layers.size());
    readBefore();
}

void LaneReader::readBefore()
{
    const CircuitParameters* own = circuitIf(m_lane.parameters());
    const bool lookAhead = own && own->latentEquilibrium;
    for (std::size_t l = 0; l < m_layers.size(); ++l) {
        const Layer& probes = m_layers[l];
        LaneFrame::Before& before = m_before[l];
        readVector(probes.soma, before.soma);
        readVector(probes.rate, before.rate);
        readVector(probes.innSoma, before.innSoma);
        readVector(probes.innRate, before.innRate);
        readVector(lookAhead ? probes.prospective : probes.soma, before.broadcast);
    }
}

void LaneReader::readBlock(Block block)
{
    const std::span<const Readout> answers = m_score.blockAnswers(block);
    auto& kept = m_blocks[static_cast<std::size_t>(block)];
    if (answers.empty()) {
        kept.reset();
        return;
    }
    // The same block again, unless the run went back in between: then its numbers differ.
    if (kept && kept->epoch == m_score.blockEpoch(block)
        && kept->answers.front().mean == answers.front().mean)
        return;
    BlockAnswers next;
    next.block = block;
    next.epoch = m_score.blockEpoch(block);
    next.answers.assign(answers.begin(), answers.end());
    const Stimulus& stimulus = m_lane.stimulus();
    const auto& sizes = m_lane.experiment().layers;
    if (sizes.front() <= kMostInputs) {
        std::vector<double> target(static_cast<std::size_t>(sizes.back()));
        for (const Readout& answer : answers) {
            next.inputs.emplace_back(static_cast<std::size_t>(sizes.front()));
            stimulus.pattern(answer.presentation, m_lane.parameters(), next.inputs.back(), target);
        }
    }
    kept = std::make_shared<const BlockAnswers>(std::move(next));
}

void LaneReader::readTask(TaskFrame& task)
{
    task.hasTask = m_score.hasLoss();
    if (!task.hasTask)
        return;
    task.classes = m_score.classes();
    task.classNames = m_lane.stimulus().classNames();
    task.schedule = m_lane.schedule();
    task.shown = m_lane.presentation();
    task.train = m_score.epochMean();
    task.validation = m_score.lastValidation();
    task.answers.assign(m_score.recentAnswers().begin(), m_score.recentAnswers().end());
    for (const Block block : {Block::Train, Block::Validation, Block::Test})
        readBlock(block);
    task.blocks = m_blocks;
    task.confusion = m_score.confusion();
    task.epochs = m_score.epochs();
    task.epochStride = m_score.epochStride();
}

void LaneReader::readFrame(LaneFrame& frame, bool weights)
{
    const Experiment& experiment = m_lane.experiment();
    const auto index = static_cast<std::size_t>(m_lane.lane());
    frame.name = index < experiment.lanes.size() ? experiment.lanes[index].name : std::string();
    frame.clock = m_lane.clock();
    frame.parameters = m_lane.parameters();
    // What the last step did, target delay and shift included, not what the pattern asks for.
    double nudged = 0;
    if (m_nudged)
        m_nudged->read({&nudged, 1});
    frame.nudged = nudged != 0;
    frame.diverged = m_lane.diverged();
    frame.divergedAt = m_lane.divergedAt();
    frame.errors = m_lane.errors();
    frame.before = m_before;
    readTask(frame.task);
    readVector(m_input, frame.input);
    readVector(m_target, frame.target);
    frame.layers.resize(m_layers.size());
    for (std::size_t l = 0; l < m_layers.size(); ++l) {
        const Layer& probes = m_layers[l];
        LayerFrame& layer = frame.layers[l];
        readVector(probes.basal, layer.basal);
        readVector(probes.apical, layer.apical);
        readVector(probes.apicalTopdown, layer.apicalTopdown);
        readVector(probes.apicalLateral, layer.apicalLateral);
        readVector(probes.soma, layer.soma);
        readVector(probes.prospective, layer.prospective);
        readVector(probes.rate, layer.rate);
        readVector(probes.innDendrite, layer.innDendrite);
        readVector(probes.innSoma, layer.innSoma);
        readVector(probes.innProspective, layer.innProspective);
        readVector(probes.innRate, layer.innRate);
        if (weights) {
            readMatrix(probes.up, layer.weights.up);
            readMatrix(probes.down, layer.weights.down);
            readMatrix(probes.ip, layer.weights.ip);
            readMatrix(probes.pi, layer.weights.pi);
        } else {
            for (Matrix* m :
                {&layer.weights.up, &layer.weights.down, &layer.weights.ip, &layer.weights.pi})
                clearMatrix(*m);
        }
    }
}

} // namespace apical
