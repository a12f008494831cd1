// metrics.csv, row by row, and the metrics of --json.
#include "sim/files/recording.h"
#include "sim/model/passing_measures.h"
#include "sim/run/shown_samples.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace apical {
namespace {

constexpr std::size_t kFinalAngles = 8; // measurements that the final angles are means of
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

double toldOf(const Told& told, const std::string& name)
{
    const auto there = std::ranges::find(told, name, &Told::value_type::first);
    return there == told.end() ? kUnknown : there->second;
}

/// Measures of what was shown before say nothing of this row: they are unknown.
std::vector<double> measuresOfRow(const Model& model)
{
    std::vector<double> measures = measuresOf(model);
    const auto* passing = dynamic_cast<const PassingMeasures*>(&model);
    for (std::size_t i = 0; passing && i < measures.size(); ++i)
        measures[i] = passing->tells(i) ? measures[i] : kUnknown;
    return measures;
}

} // namespace

std::string Recording::metricsHeader() const
{
    std::string header = "step,t_ms,sample,pattern,epoch,block";
    for (const Anatomy::Measure& measure : m_simulation.model().anatomy().measures) {
        if (measure.recorded)
            header += ',' + measure.name;
    }
    for (const BackpropAngleColumn& column : m_angleColumns)
        header += ',' + column.name;
    for (int i = 0; i < m_simulation.experiment().layers.back(); ++i)
        header += ",output.readout[" + std::to_string(i) + ']';
    if (m_score.hasLoss())
        header += ",loss";
    if (m_score.hasAccuracy())
        header += ",accuracy";
    for (const std::string& name : m_tests.names())
        header += ',' + name;
    return header + '\n';
}

void Recording::writeMetrics(bool sampleFinished)
{
    flush(m_metrics, m_metricText, kBlock); // but the row that comes: it may be told more
    m_row = {.sampleFinished = sampleFinished,
        .angles = m_newAngles ? m_angles.latest() : nullptr,
        .told = std::exchange(m_told, {}),
        .begin = m_metricText.size(),
        .step = m_simulation.clock().step};
    m_newAngles = false;
    appendMetricsRow();
}

/// Of where the run stands.
void Recording::appendMetricsRow()
{
    const Clock& clock = m_simulation.clock();
    std::string& text = m_metricText;
    const auto appendKnown = [&text](double value) { // an unknown one is an empty cell
        text += ',';
        if (!std::isnan(value))
            appendNumber(text, value);
    };
    appendNumber(text, clock.step - 1);
    text += ',';
    appendNumber(text, clock.timeMs);
    text += ',';
    // The presentation this step belonged to.
    const std::uint64_t shown = m_row.sampleFinished ? m_score.last().pattern : clock.pattern;
    appendNumber(text, shown);
    text += ',';
    const Presentation presentation = m_simulation.schedule().at(shown);
    const Model& model = m_simulation.model();
    text += std::to_string(sampleOf(
        m_simulation.stimulus(), presentation, model.anatomy().samples, model.watchedSample()));
    text += ',';
    appendNumber(text, presentation.epoch);
    text += ',';
    text += blockName(presentation.block);
    const std::vector<double> measures = measuresOfRow(model);
    for (std::size_t i = 0; i < measures.size(); ++i) {
        const Anatomy::Measure& measure = model.anatomy().measures[i];
        if (!measure.recorded)
            continue;
        const double told = toldOf(m_row.told, measure.name);
        appendKnown(std::isnan(told) ? measures[i] : told);
    }
    for (const BackpropAngleColumn& column : m_angleColumns)
        appendKnown(m_row.angles ? m_row.angles->layers[column.layer].*column.value : kUnknown);
    const std::vector<double>& mean = m_score.last().mean;
    const auto outputs = static_cast<std::size_t>(m_simulation.experiment().layers.back());
    for (std::size_t i = 0; i < outputs; ++i)
        appendKnown(i < mean.size() ? mean[i] : kUnknown);
    const AnswerScore score = m_score.lastScore();
    if (m_score.hasLoss())
        appendKnown(score.loss);
    if (m_score.hasAccuracy())
        appendKnown(score.correct);
    for (const std::string& name : m_tests.names())
        appendKnown(toldOf(m_row.told, name));
    text += '\n';
}

void Recording::tellFinally(const Told& test)
{
    if (test.empty() || m_row.step != m_simulation.clock().step)
        return;
    m_metricText.resize(m_row.begin);
    tell(m_row.told, test);
    appendMetricsRow();
}

Told currentMetrics(Simulation& simulation, const TaskScore& score)
{
    Told metrics;
    const auto add = [&metrics](const std::string& name, double value) {
        if (!std::isnan(value))
            metrics.emplace_back(name, value);
    };
    const std::vector<double> measures = measuresOf(simulation.model());
    for (std::size_t i = 0; i < measures.size(); ++i) {
        const Anatomy::Measure& measure = simulation.model().anatomy().measures[i];
        if (measure.recorded)
            metrics.emplace_back(measure.name, measures[i]);
    }
    const AnswerScore mean = score.epochMean();
    add("loss", mean.loss);
    add("accuracy", mean.correct);
    add("validation_loss", score.lastValidation().loss);
    add("validation_accuracy", score.lastValidation().correct);
    add("validation_error_last10", score.lastEpochsError());
    if (score.firstEpochWithoutError() >= 0)
        add("first_epoch_without_error", static_cast<double>(score.firstEpochWithoutError()));
    return metrics;
}

Told finalMetrics(Simulation& simulation, const TaskScore& score, const BackpropAngles& angles,
    const Evaluation& test)
{
    Told metrics = currentMetrics(simulation, score);
    const std::vector<BackpropAngle> lastAngles = angles.mean(kFinalAngles);
    for (const BackpropAngleColumn& column : backpropAngleColumns(simulation.model())) {
        if (const double value = lastAngles[column.layer].*column.value; !std::isnan(value))
            metrics.emplace_back(column.name, value);
    }
    tell(metrics, test.told());
    return metrics;
}

Told finalMetrics(Simulation& simulation, const TaskScore& score, const BackpropAngles& angles)
{
    return finalMetrics(simulation, score, angles, evaluate(simulation, Block::Test));
}

} // namespace apical
