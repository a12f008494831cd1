#include "sim/files/recording.h"

#include "sim/base/error.h"
#include "sim/base/words.h"
#include "sim/experiment/parameters.h"
#include "sim/files/preset.h"
#include "sim/json/source.h"
#include "sim/run/lane_model.h"
#include "sim/watch/evaluation.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

namespace apical {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 16; // bytes gathered before they are written

constexpr std::size_t kFinalAngles = 8; // measurements that the final angles are means of

bool measuresAngles(const Simulation& simulation)
{
    const auto& edits = simulation.experiment().edits;
    return simulation.parameters().angleInterval > 0
        || std::any_of(edits.begin(), edits.end(),
            [](const Edit& edit) { return edit.key == "angle.interval"; });
}

std::string metricsHeader(const Simulation& simulation, const TaskScore& score,
    const std::vector<BackpropAngleColumn>& angles)
{
    std::string header = "step,t_ms,sample,pattern,epoch,block";
    const auto& layers = simulation.experiment().layers;
    for (const Anatomy::Measure& measure : simulation.model().anatomy().measures) {
        if (measure.recorded)
            header += ',' + measure.name;
    }
    for (const BackpropAngleColumn& column : angles)
        header += ',' + column.name;
    for (int i = 0; i < layers.back(); ++i)
        header += ",output.readout[" + std::to_string(i) + ']';
    if (score.hasLoss())
        header += ",loss";
    if (score.hasAccuracy())
        header += ",accuracy";
    return header + '\n';
}

} // namespace

std::vector<const Probe*> selectProbes(
    const Simulation& simulation, const std::vector<std::string>& names)
{
    const Model& model = simulation.model();
    std::vector<const Probe*> probes;
    for (const std::string& name : names) {
        if (name == "all") {
            probes.clear();
            for (const Probe& probe : model.probes())
                probes.push_back(&probe);
            return probes;
        }
        const Probe* probe = findProbe(model, name);
        if (!probe && someLaneHas(simulation.experiment(), name))
            continue;
        if (!probe) {
            std::vector<std::string_view> known{"all"};
            for (const Probe& candidate : model.probes())
                known.push_back(candidate.name);
            throw InputError({.problem = "unknown probe \"" + name + '"',
                .key = "record",
                .allowed = known.size() < 50
                    ? wordList(known)
                    : "all, or names such as " + model.probes().front().name,
                .nearest = nearest(name, known)});
        }
        if (std::find(probes.begin(), probes.end(), probe) == probes.end())
            probes.push_back(probe);
    }
    return probes;
}

void appendColumns(std::string& header, const Probe& probe)
{
    for (int row = 0; row < probe.rows; ++row) {
        for (int col = 0; col < probe.cols; ++col) {
            header += ',' + probe.name + '[' + std::to_string(row) + ']';
            if (probe.cols > 1 || probe.isWeights)
                header += '[' + std::to_string(col) + ']';
        }
    }
}

Recording::Recording(Simulation& simulation, RecordingOptions options)
    : m_simulation(simulation)
    , m_options(std::move(options))
    , m_score(simulation)
    , m_angles(simulation)
    , m_probes(selectProbes(simulation, m_options.probes))
    , m_traces(m_options.directory / "traces.csv")
    , m_metrics(m_options.directory / "metrics.csv")
    , m_spikes(m_options.directory / "spikes.csv")
{
    if (measuresAngles(simulation))
        m_angleColumns = backpropAngleColumns(simulation.model());
    std::string header = "step,t_ms";
    std::size_t largest = 0;
    for (const Probe* probe : m_probes) {
        appendColumns(header, *probe);
        largest = std::max(largest, static_cast<std::size_t>(probe->size()));
    }
    m_values.resize(largest);
    m_traces.append(header + '\n');
    m_metrics.append(metricsHeader(simulation, m_score, m_angleColumns));
    m_spikes.append("step,layer,population,index,count\n");
}

Recording::~Recording() = default;

void Recording::afterStep()
{
    const bool sampleFinished = m_score.observe(m_simulation);
    m_newAngles = m_angles.afterStep() || m_newAngles;
    const Clock& clock = m_simulation.clock();
    const bool due = clock.step % m_options.every == 0;
    if (due && !m_probes.empty()) {
        appendNumber(m_traceText, clock.step - 1);
        m_traceText += ',';
        appendNumber(m_traceText, clock.timeMs);
        for (const Probe* probe : m_probes) {
            const std::span values(m_values.data(), static_cast<std::size_t>(probe->size()));
            probe->read(values);
            for (const double value : values) {
                m_traceText += ',';
                appendNumber(m_traceText, value);
            }
        }
        m_traceText += '\n';
        flush(m_traces, m_traceText, kBlock);
    }
    if (m_options.metricsEvery ? due : sampleFinished)
        writeMetrics(sampleFinished);
}

void Recording::writeMetrics(bool sampleFinished)
{
    const Clock& clock = m_simulation.clock();
    std::string& text = m_metricText;
    appendNumber(text, clock.step - 1);
    text += ',';
    appendNumber(text, clock.timeMs);
    text += ',';
    // The presentation this step belonged to.
    appendNumber(text, sampleFinished ? m_score.last().pattern : clock.pattern);
    text += ',';
    const std::uint64_t shown = sampleFinished ? m_score.last().pattern : clock.pattern;
    const Presentation presentation = m_simulation.schedule().at(shown);
    text += std::to_string(m_simulation.stimulus().sample(presentation));
    text += ',';
    appendNumber(text, presentation.epoch);
    text += ',';
    text += blockName(presentation.block);
    const std::vector<double> measures = measuresOf(m_simulation.model());
    for (std::size_t i = 0; i < measures.size(); ++i) {
        if (!m_simulation.model().anatomy().measures[i].recorded)
            continue;
        text += ',';
        appendNumber(text, measures[i]);
    }
    const auto appendKnown = [&](bool known, double value) {
        text += ',';
        if (known)
            appendNumber(text, value);
    };
    const BackpropMeasurement* angles = m_newAngles ? m_angles.latest() : nullptr;
    for (const BackpropAngleColumn& column : m_angleColumns) {
        const double value =
            angles ? angles->layers[column.layer].*column.value : BackpropAngle::kNone;
        appendKnown(!std::isnan(value), value);
    }
    m_newAngles = false;
    const std::vector<double>& mean = m_score.last().mean;
    for (int i = 0; i < m_simulation.experiment().layers.back(); ++i) {
        const auto index = static_cast<std::size_t>(i);
        appendKnown(index < mean.size(), index < mean.size() ? mean[index] : 0);
    }
    const AnswerScore score = m_score.lastScore();
    if (m_score.hasLoss())
        appendKnown(!std::isnan(score.loss), score.loss);
    if (m_score.hasAccuracy())
        appendKnown(!std::isnan(score.correct), score.correct);
    text += '\n';
    flush(m_metrics, text, kBlock);
}

void Recording::flush(OutputFile& file, std::string& text, std::size_t limit) const
{
    if (text.size() < limit)
        return;
    file.append(text);
    text.clear();
}

void Recording::finish()
{
    flush(m_traces, m_traceText, 0);
    flush(m_metrics, m_metricText, 0);
    m_traces.commit();
    m_metrics.commit();
    m_spikes.commit();
    writeFinalWeights();
}

void Recording::writeFinalWeights()
{
    writeWholeFile(
        m_options.directory / "weights.json", writeWeights(weightsOf(m_simulation.model())));
    m_weightsWritten = true;
}

void Recording::salvage()
{
    const auto attempt = [](auto&& write) {
        try {
            write();
        } catch (const OutputError&) { // the first failure is the one that was reported
        }
    };
    const std::pair<OutputFile*, std::string*> files[]{
        {&m_traces, &m_traceText}, {&m_metrics, &m_metricText}, {&m_spikes, nullptr}};
    for (const auto& entry : files) {
        OutputFile& file = *entry.first;
        if (!file.open())
            continue;
        if (entry.second)
            attempt([&] { flush(file, *entry.second, 0); });
        attempt([&] { file.commit(); });
    }
    if (!m_weightsWritten)
        attempt([&] { writeFinalWeights(); });
}

std::vector<std::pair<std::string, double>> currentMetrics(
    Simulation& simulation, const TaskScore& score)
{
    std::vector<std::pair<std::string, double>> metrics;
    const std::vector<double> measures = measuresOf(simulation.model());
    for (std::size_t i = 0; i < measures.size(); ++i) {
        const Anatomy::Measure& measure = simulation.model().anatomy().measures[i];
        if (measure.recorded)
            metrics.emplace_back(measure.name, measures[i]);
    }
    const AnswerScore mean = score.epochMean();
    if (!std::isnan(mean.loss))
        metrics.emplace_back("loss", mean.loss);
    const auto add = [&metrics](const char* name, double value) {
        if (!std::isnan(value))
            metrics.emplace_back(name, value);
    };
    add("accuracy", mean.correct);
    add("validation_loss", score.lastValidation().loss);
    add("validation_accuracy", score.lastValidation().correct);
    add("validation_error_last10", score.lastEpochsError());
    if (score.firstEpochWithoutError() >= 0)
        add("first_epoch_without_error", static_cast<double>(score.firstEpochWithoutError()));
    return metrics;
}

std::vector<std::pair<std::string, double>> finalMetrics(
    Simulation& simulation, const TaskScore& score, const BackpropAngles& angles)
{
    auto metrics = currentMetrics(simulation, score);
    const std::vector<BackpropAngle> lastAngles = angles.mean(kFinalAngles);
    for (const BackpropAngleColumn& column : backpropAngleColumns(simulation.model())) {
        if (const double value = lastAngles[column.layer].*column.value; !std::isnan(value))
            metrics.emplace_back(column.name, value);
    }
    const AnswerScore test = evaluate(simulation, Block::Test).mean;
    if (!std::isnan(test.loss))
        metrics.emplace_back("test_loss", test.loss);
    if (!std::isnan(test.correct))
        metrics.emplace_back("test_accuracy", test.correct);
    return metrics;
}

} // namespace apical
