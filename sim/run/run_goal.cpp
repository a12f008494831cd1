#include "sim/run/run_goal.h"

#include "sim/base/error.h"
#include "sim/experiment/lanes.h"
#include "sim/run/experiment_check.h"
#include "sim/run/model_table.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

constexpr double kDefaultMs = 40'000, kAfterLastEditMs = 10'000;

} // namespace

RunGoal::RunGoal(const RunLength& length, const Simulation& simulation)
    : RunGoal(length, simulation.experiment(), simulation.parameters(), simulation.stimulus())
{
}

RunGoal::RunGoal(const RunLength& length, const Experiment& experiment,
    const Parameters& parameters, const Stimulus& stimulus)
    : m_layers(experiment.layers)
{
    const int given = int{length.steps.has_value()} + int{length.timeMs.has_value()}
        + int{length.samples.has_value()} + int{length.epochs.has_value()};
    if (given > 1)
        throw InputError({.problem = "a run has one length",
            .allowed = "one of --steps, --time, --samples, --epochs"});
    const double dt = parameters.dt;
    if (length.steps) {
        m_unit = Unit::Steps;
        m_amount = static_cast<double>(*length.steps);
    } else if (length.samples) {
        m_unit = Unit::Presentations;
        m_amount = static_cast<double>(*length.samples);
    } else if (length.epochs) {
        // A presentation is a batch.
        const int together =
            modelNamed(parameters.model()).anatomy(experiment.layers, parameters).samples;
        const Schedule schedule(parameters, stimulus.samples(Block::Train) / together);
        if (!schedule.hasEpochs())
            throw InputError({.problem = "--epochs: the stimulus \"" + experiment.stimulus.kind
                    + "\" has no epochs",
                .allowed = "--steps, --time or --samples, or protocol.train above 0"});
        m_unit = Unit::Presentations;
        m_amount = static_cast<double>(schedule.presentations(*length.epochs));
    } else if (length.timeMs) {
        if (!std::isfinite(*length.timeMs) || *length.timeMs < 0)
            throw InputError({.problem = "--time = " + parameterText(*length.timeMs) + " ms",
                .allowed = "a finite number of ms, 0 or more"});
        if (!findRow(experiment, -1, "dt"))
            throw InputError({.problem = "--time: the model " + std::string(experiment.model())
                    + " counts iterations and has no time in ms",
                .allowed = "--steps, --samples or --epochs"});
        m_amount = *length.timeMs;
        m_slack = 1e-3 * dt;
    } else {
        m_amount = kDefaultMs;
        m_slack = 1e-3 * dt;
        for (const Edit& edit : experiment.edits)
            m_amount = std::max(m_amount, static_cast<double>(edit.step) * dt + kAfterLastEditMs);
        const std::uint64_t recorded = recordedSteps(experiment, parameters).steps;
        m_amount = std::min(m_amount, static_cast<double>(recorded) * dt);
    }
    checkReplayLength(experiment, expectedSteps(parameters));
}

double RunGoal::progress(const Clock& clock) const
{
    return reached(clock) ? 1 : done(clock) / m_amount;
}

double RunGoal::expectedSteps(const Parameters& parameters) const
{
    switch (m_unit) {
    case Unit::Steps:
        return m_amount;
    case Unit::Presentations: {
        const int own = ownSteps(m_layers, parameters, true);
        return m_amount
            * (own > 0 ? own
                       : std::max(1.0, std::round(parameters.presentationTime / parameters.dt)));
    }
    case Unit::Milliseconds:
        break;
    }
    return std::ceil(m_amount / parameters.dt);
}

} // namespace apical
