#include "app/cli_goal.h"

#include "app/cli_commands.h"
#include "sim/error.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace apical {
namespace {

std::string wholeText(double amount)
{
    char buffer[32];
    const auto end =
        std::to_chars(buffer, buffer + sizeof buffer, amount, std::chars_format::fixed, 0).ptr;
    return {buffer, end};
}

constexpr double kDefaultMs = 40'000, kAfterLastEditMs = 10'000;

} // namespace

RunGoal::RunGoal(const RunOptions& options, const Simulation& simulation)
{
    const int given = int{options.steps.has_value()} + int{options.timeMs.has_value()}
        + int{options.samples.has_value()} + int{options.epochs.has_value()};
    if (given > 1)
        throw InputError({.problem = "a run has one length",
            .allowed = "one of --steps, --time, --samples, --epochs"});
    const double dt = simulation.parameters().dt;
    if (options.steps) {
        m_unit = Unit::Steps;
        m_amount = static_cast<double>(*options.steps);
    } else if (options.samples) {
        m_unit = Unit::Presentations;
        m_amount = static_cast<double>(*options.samples);
    } else if (options.epochs) {
        if (!simulation.schedule().hasEpochs())
            throw InputError({.problem = "--epochs: the stimulus \""
                    + simulation.experiment().stimulus.kind + "\" has no epochs",
                .allowed = "--steps, --time or --samples, or protocol.train above 0"});
        m_unit = Unit::Presentations;
        m_amount = static_cast<double>(simulation.schedule().presentations(*options.epochs));
    } else if (options.timeMs) {
        if (!std::isfinite(*options.timeMs) || *options.timeMs < 0)
            throw InputError({.problem = "--time = " + readable(*options.timeMs) + " ms",
                .allowed = "a finite number of ms, 0 or more"});
        m_amount = *options.timeMs;
        m_slack = 1e-3 * dt;
    } else {
        m_amount = kDefaultMs;
        m_slack = 1e-3 * dt;
        for (const Edit& edit : simulation.experiment().edits)
            m_amount = std::max(m_amount, static_cast<double>(edit.step) * dt + kAfterLastEditMs);
    }
}

double RunGoal::progress(const Clock& clock) const
{
    double done = clock.timeMs;
    if (m_unit == Unit::Steps)
        done = static_cast<double>(clock.step);
    else if (m_unit == Unit::Presentations)
        done = static_cast<double>(clock.pattern);
    return done >= m_amount - m_slack ? 1 : done / m_amount;
}

std::string RunGoal::text(const Clock& clock) const
{
    switch (m_unit) {
    case Unit::Steps:
        return std::to_string(clock.step) + " of " + wholeText(m_amount) + " steps";
    case Unit::Presentations:
        return std::to_string(clock.pattern) + " of " + wholeText(m_amount) + " samples";
    case Unit::Milliseconds:
        break;
    }
    return durationText(clock.timeMs) + " of " + durationText(m_amount);
}

std::string durationText(double ms)
{
    return ms != 0 && ms < 1000 ? readable(ms) + " ms" : readable(ms / 1000) + " s";
}

} // namespace apical
