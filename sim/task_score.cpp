#include "sim/task_score.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

std::ptrdiff_t greatest(const std::vector<double>& values)
{
    return std::distance(values.begin(), std::max_element(values.begin(), values.end()));
}

} // namespace

AnswerScore scoreAnswer(const Readout& answer, bool hasTarget, bool hasClasses)
{
    AnswerScore score;
    if (!hasTarget || answer.mean.empty() || answer.mean.size() != answer.target.size())
        return score;
    double sum = 0;
    for (std::size_t i = 0; i < answer.mean.size(); ++i) {
        const double difference = answer.mean[i] - answer.target[i];
        sum += difference * difference;
    }
    score.loss = sum / static_cast<double>(answer.mean.size());
    if (hasClasses)
        score.correct = greatest(answer.mean) == greatest(answer.target) ? 1 : 0;
    return score;
}

TaskScore::TaskScore(const Simulation& simulation)
    : m_hasTargets(simulation.stimulus().hasTargets())
    , m_hasClasses(simulation.experiment().stimulus.kind == "bars")
    , m_window(simulation.stimulus().patternsPerEpoch() > 0
              ? static_cast<std::size_t>(simulation.stimulus().patternsPerEpoch())
              : 100)
    , m_input(static_cast<std::size_t>(simulation.experiment().layers.front()))
    , m_target(static_cast<std::size_t>(simulation.experiment().layers.back()))
{
}

bool TaskScore::observe(const Simulation& simulation)
{
    const Readout* finished = simulation.finishedReadout();
    if (!finished)
        return false;
    m_last = *finished;
    // Targets of a fixed set stay a task when nudging is off (that is a test); freshly drawn ones
    // do not.
    const bool hasTarget = finished->nudged
        || (finished->sample >= 0
            && simulation.stimulus().pattern(
                finished->pattern, simulation.parameters(), m_input, m_target));
    m_lastScore = scoreAnswer(m_last, hasTarget, m_hasClasses);
    m_recent.push_back(m_lastScore);
    if (m_recent.size() > m_window)
        m_recent.pop_front();
    return true;
}

AnswerScore TaskScore::epochMean() const
{
    const auto mean = [&](double AnswerScore::*field) {
        double sum = 0;
        int count = 0;
        for (const AnswerScore& score : m_recent) {
            if (!std::isnan(score.*field)) {
                sum += score.*field;
                ++count;
            }
        }
        return count ? sum / count : std::numeric_limits<double>::quiet_NaN();
    };
    return {.loss = mean(&AnswerScore::loss), .correct = mean(&AnswerScore::correct)};
}

} // namespace apical
