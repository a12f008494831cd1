// What changes a run other than its steps: edits, samples that are taught, states that are
// restored.
#include "sim/run/simulation_impl.h"

#include <utility>

namespace apical {
namespace {

constexpr std::string_view kActionPrefix = "action.";

} // namespace

void Simulation::Impl::set(const Parameters& p)
{
    model->setParameters(p); // may refuse, and then nothing has changed
    if (p.dt != parameters.dt) {
        timeBaseMs = clock.timeMs;
        timeBaseStep = clock.step;
    }
    parameters = p;
    parametersChanged();
    load();
}

// One training presentation of a sample from outside, on top of whatever is shown. The clock
// stands still meanwhile.
void Simulation::Impl::teach(const Edit& edit)
{
    const std::vector<double>& sample = checkTaught(experiment, edit.value);
    const auto samples = static_cast<std::size_t>(model->anatomy().samples);
    const auto inputs = static_cast<std::size_t>(experiment.layers.front());
    std::vector<double> input, target;
    for (std::size_t i = 0; i < sample.size(); ++i) { // [unit][sample], a batch of the same
        std::vector<double>& part = i < inputs ? input : target;
        part.insert(part.end(), samples, sample[i]);
    }
    const int training = ownSteps(experiment.layers, parameters, true);
    const std::uint32_t steps = training > 0
        ? static_cast<std::uint32_t>(training)
        : std::max(1u, stepsOf(parameters.presentationTime, parameters.dt));
    for (std::uint32_t s = 0; s < steps; ++s)
        model->step({.input = input,
            .target = target,
            .nudged = true,
            .learning = training > 0 || s >= onset,
            .inputHeld = s > 0,
            .step = clock.step,
            .presentationTime = steps * parameters.dt,
            .epoch = edit.key == kTeachUndecayedAction ? 0 : presentation.epoch,
            .stepInPattern = s,
            .stepsInPattern = steps});
    lastInput = nullptr;
}

// What an edit of any lane does to its parameters.
void Simulation::Impl::knowEdit(const Edit& edit)
{
    if (edit.key.starts_with(kActionPrefix))
        return;
    for (int i = 0; i < static_cast<int>(beside.size()); ++i) {
        if (edit.lane < 0 || edit.lane == i)
            setInLane(experiment, i, beside[static_cast<std::size_t>(i)], edit.lane, edit.key,
                edit.value);
    }
}

void Simulation::Impl::apply(const Edit& edit)
{
    if (edit.lane >= 0 && edit.lane != lane) {
        knowEdit(edit);
        return updatePatternSteps();
    }
    ++revision;
    if (isTeaching(edit.key))
        return teach(edit);
    if (edit.key.starts_with(kActionPrefix)) {
        const std::string_view action = std::string_view(edit.key).substr(kActionPrefix.size());
        // What is done to all lanes is done to those whose model knows it.
        if (edit.lane >= 0 || experiment.laneCount() == 1 || model->anatomy().hasAction(action))
            actOn(*model, action);
        return;
    }
    Parameters p = parameters;
    if (setInLane(experiment, lane, p, edit.lane, edit.key, edit.value)) {
        if (const ParameterRow* row = p.table().find(edit.key); row && !row->live) {
            throw InputError({.problem = edit.key + " can only change at a reset",
                .key = edit.key,
                .allowed = "parameters that are live"});
        }
        set(p);
    }
    knowEdit(edit);
    updatePatternSteps();
}

// A step that was not finite, or beyond a guard, must leave no trace: go back to the last
// checkpoint and step up to just before it.
void Simulation::Impl::fallBack(std::uint64_t last, const Stop& why)
{
    const State good = checkpoint;
    const std::vector<Parameters> now = beside;
    std::vector<Parameters> then = checkpointBeside;
    restore(good);
    beside = checkpointBeside = std::move(then);
    updatePatternSteps();
    replaying = true;
    while (clock.step < last && step()) { }
    replaying = false;
    beside = now;
    updatePatternSteps();
    diverged = true;
    stop = why;
}

State Simulation::Impl::state()
{
    State s{clock, experiment.seed, parameters, editsApplied, model->save(), answerSum};
    s.readout.push_back(answerCount);
    s.readout.push_back(timeBaseMs);
    s.readout.push_back(static_cast<double>(timeBaseStep));
    return s;
}

void Simulation::Impl::restore(const State& s)
{
    if (s.readout.size() != answerSum.size() + 3)
        throw InputError({.problem = "saved state does not fit this network", .key = "state"});
    // Parameters first: to set them may settle what the state has open.
    const Parameters before = std::exchange(parameters, s.parameters);
    parametersChanged();
    try {
        model->restore(s.model);
    } catch (...) {
        parameters = before;
        parametersChanged();
        throw;
    }
    ++revision;
    clock = s.clock;
    editsApplied = std::min(s.editsApplied, experiment.edits.size());
    for (std::size_t i = 0; i < beside.size(); ++i)
        beside[i] = experiment.laneParameters(static_cast<int>(i));
    for (std::size_t i = 0; i < editsApplied; ++i)
        knowEdit(experiment.edits[i]);
    beside[static_cast<std::size_t>(lane)] = parameters;
    std::copy_n(s.readout.begin(), answerSum.size(), answerSum.begin());
    answerCount = s.readout[answerSum.size()];
    timeBaseMs = s.readout[answerSum.size() + 1];
    timeBaseStep = static_cast<std::uint64_t>(s.readout[answerSum.size() + 2]);
    loadPattern();
    readoutDue = false;
    diverged = false;
    stop = {};
    checkpoint = s;
    checkpointBeside = beside;
}

} // namespace apical
