#include "sim/run/simulation.h"

#include "sim/run/simulation_impl.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace apical {

bool Simulation::Impl::step()
{
    if (diverged)
        return false;
    if (!replaying && clock.step % checkpointInterval == 0 && clock.step != checkpoint.clock.step)
        keepCheckpoint();
    while (
        editsApplied < experiment.edits.size() && experiment.edits[editsApplied].step <= clock.step)
        apply(experiment.edits[editsApplied++]);

    readoutDue = false;
    const std::uint32_t total = leadIn + patternSteps;
    if (clock.stepInPattern == 0 && parameters.stateReset == reset_kind::hard)
        model->resetPotentials();
    const bool lead = clock.stepInPattern < leadIn;
    const std::uint32_t phase = lead ? 0 : clock.stepInPattern - leadIn;
    // A lane may be done before the presentation ends, and holds what it has. A model with steps
    // of its own has no time in which a target or plasticity could come late. If fewer were asked
    // for in the middle of a presentation that only it prolongs, the step that comes is its last.
    const bool nudged = !lead && (own > 0 || phase >= delay) && nudges();
    // Under the "positive" rule values decide, so a target that is off must be zero.
    const bool zero = lead || (parameters.nudgingRule == nudging_rule::positive && !nudged);
    const bool holds = phase >= needed && phase < patternSteps;
    if (!holds) {
        const std::vector<double>& input = lead ? zeroInput : shown.input;
        model->step({.input = input,
            .target = zero ? zeroTarget : shown.target,
            .nudged = nudged,
            .learning = !lead && (own > 0 || phase >= onset) && presentation.block == Block::Train,
            .inputHeld = &input == lastInput,
            .step = clock.step,
            .presentationTime = needed * parameters.dt,
            .epoch = presentation.epoch,
            .stepInPattern = phase,
            .stepsInPattern = needed});
        lastInput = &input;
        if (!model->finite() || runsAway()) {
            fallBack(clock.step,
                model->finite() ? largestQuantity(*model) + ", beyond guard.potential"
                                : firstNonFinite(*model));
            return false;
        }
    }
    if (!lead && own > 0) {
        model->read(model->answer(), answerNow); // what it ends with
    } else if (!lead && phase >= lag && !holds) {
        model->read(model->answer(), answerNow);
        for (std::size_t i = 0; i < answerSum.size(); ++i)
            answerSum[i] += answerNow[i];
        answerCount += 1;
    }
    ++clock.step;
    clock.timeMs = timeAt(clock.step);
    if (++clock.stepInPattern >= total) {
        finishPattern();
        if (!replaying && worstLoss() > parameters.guardLoss) {
            fallBack(clock.step - 1, "loss, beyond guard.loss");
            return false;
        }
    }
    return true;
}

void Simulation::Impl::finishPattern()
{
    const std::size_t n = readouts.size();
    for (std::size_t k = 0; k < n; ++k) {
        Readout& readout = readouts[k];
        readout.pattern = clock.pattern;
        readout.presentation = shown.presentations[k];
        readout.sample = stimulus->sample(readout.presentation);
        readout.nudged = nudges();
        // Targets of a fixed set stay a task when nudging is off (that is a test); freshly
        // drawn ones do not.
        readout.hasTarget = patternHasTarget && (readout.nudged || readout.sample >= 0);
        for (std::size_t i = 0; i < readout.mean.size(); ++i) {
            const std::size_t at = i * n + k;
            readout.mean[i] = answerCount > 0 ? answerSum[at] / answerCount : answerNow[at];
            readout.target[i] = shown.target[at];
        }
        readout.loss = readout.hasTarget ? model->loss(readout.mean, readout.target)
                                         : std::numeric_limits<double>::quiet_NaN();
    }
    std::fill(answerSum.begin(), answerSum.end(), 0.0);
    answerCount = 0;
    readoutDue = true;
    ++clock.pattern;
    clock.stepInPattern = 0;
    loadPattern();
}

Simulation::Simulation(const Experiment& e, int lane)
    : Simulation(e, lane, nullptr)
{
}
Simulation::Simulation(const Experiment& e, int lane, std::unique_ptr<Model> model)
    : m_impl(std::make_unique<Impl>(e, lane, std::move(model)))
{
}
Simulation::~Simulation() = default;
Simulation::Simulation(Simulation&&) noexcept = default;
Simulation& Simulation::operator=(Simulation&&) noexcept = default;

bool Simulation::step()
{
    return m_impl->step();
}

void Simulation::apply(const Edit& edit)
{
    // Falling back needs no edits from outside. Those of other lanes count if they change how long
    // a presentation is; the state is large, and a slider sends many.
    const auto lengths = [this] {
        return std::pair(m_impl->longestOwn(true), m_impl->longestOwn(false));
    };
    const auto before = lengths();
    m_impl->apply(edit);
    if (edit.lane < 0 || edit.lane == m_impl->lane || lengths() != before)
        m_impl->keepCheckpoint();
}

const Experiment& Simulation::experiment() const
{
    return m_impl->experiment;
}
int Simulation::lane() const
{
    return m_impl->lane;
}
Model& Simulation::model()
{
    return *m_impl->model;
}
const Model& Simulation::model() const
{
    return *m_impl->model;
}
const Parameters& Simulation::parameters() const
{
    return m_impl->parameters;
}
const Clock& Simulation::clock() const
{
    return m_impl->clock;
}
std::uint32_t Simulation::stepsInPattern() const
{
    return m_impl->leadIn + m_impl->patternSteps;
}
std::uint64_t Simulation::revision() const
{
    return m_impl->revision;
}
bool Simulation::diverged() const
{
    return m_impl->diverged;
}
const std::string& Simulation::divergedAt() const
{
    return m_impl->divergedAt;
}
const Stimulus& Simulation::stimulus() const
{
    return *m_impl->stimulus;
}
const Schedule& Simulation::schedule() const
{
    return m_impl->schedule;
}
const Presentation& Simulation::presentation() const
{
    return m_impl->presentation;
}
const std::vector<double>& Simulation::patternInput() const
{
    return m_impl->shown.input;
}
const std::vector<double>& Simulation::patternTarget() const
{
    return m_impl->shown.target;
}
bool Simulation::nudged() const
{
    return m_impl->nudges();
}

std::span<const Readout> Simulation::finishedReadouts() const
{
    return m_impl->readoutDue ? std::span<const Readout>(m_impl->readouts)
                              : std::span<const Readout>();
}

State Simulation::state()
{
    return m_impl->state();
}
void Simulation::restore(const State& state)
{
    m_impl->restore(state);
}

} // namespace apical
