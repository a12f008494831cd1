#include "sim/run/simulation.h"

#include "sim/base/error.h"
#include "sim/experiment/durations.h"
#include "sim/experiment/lanes.h"
#include "sim/run/experiment_check.h"
#include "sim/run/lane_model.h"
#include "sim/run/shown_samples.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace apical {
namespace {

constexpr std::string_view kActionPrefix = "action.";
constexpr std::uint64_t kMostCheckpointSteps = 4096;

// Steps between checkpoints: few enough that falling back takes no time, and rare enough that a
// copy of the whole state costs a few percent of the steps (which grow with the state, too).
std::uint64_t checkpointSteps(std::size_t stateBytes)
{
    return std::clamp<std::uint64_t>(
        8'000'000'000 / std::max<std::size_t>(stateBytes, 1), 256, kMostCheckpointSteps);
}

} // namespace

struct Simulation::Impl {
    Experiment experiment;
    int lane = 0;
    Parameters parameters;
    std::unique_ptr<Stimulus> stimulus;
    Schedule schedule;
    Presentation presentation;
    std::unique_ptr<Model> model;
    Clock clock;
    std::uint64_t timeBaseStep = 0; // time = base + steps since x dt, so that it does not drift
    double timeBaseMs = 0;
    std::size_t editsApplied = 0;
    std::uint64_t revision = 0;

    ShownSamples shown;
    std::vector<double> zeroInput, zeroTarget;
    const std::vector<double>* lastInput = nullptr; // of the last step, if it is still the same
    bool patternHasTarget = false;
    std::uint32_t leadIn = 0, patternSteps = 1, onset = 0, delay = 0, lag = 0;

    std::vector<double> answerNow, answerSum; // [unit][sample]
    double answerCount = 0;
    std::vector<Readout> readouts; // one per sample
    bool readoutDue = false;

    std::uint64_t checkpointInterval = kMostCheckpointSteps;
    State checkpoint; // the last good state known, to fall back on when a step is not finite
    bool diverged = false, replaying = false;
    std::string divergedAt;

    Impl(const Experiment& e, int laneIndex, std::unique_ptr<Model> own)
        : experiment(e)
        , lane(laneIndex)
    {
        validate(e);
        parameters = e.laneParameters(laneIndex);
        Experiment ofLane = e;
        ofLane.parameters = parameters;
        stimulus = makeStimulus(ofLane);
        model = own ? std::move(own) : makeLaneModel(e, laneIndex, parameters);
        const int samples = model->anatomy().samples;
        schedule = Schedule(parameters, batches(samples));
        shown = ShownSamples(e.layers.front(), e.layers.back(), samples);
        zeroInput = std::vector<double>(shown.input.size(), 0.0);
        zeroTarget = answerNow = answerSum = std::vector<double>(shown.target.size(), 0.0);
        readouts.resize(static_cast<std::size_t>(samples));
        for (Readout& readout : readouts)
            readout.mean = readout.target =
                std::vector<double>(static_cast<std::size_t>(e.layers.back()), 0.0);
        parametersChanged();
        loadPattern();
        checkpoint = state();
        checkpointInterval = checkpointSteps(checkpoint.model.size());
    }

    // Presentations that the training set makes, 0: endless.
    int batches(int samples) const
    {
        const int set = stimulus->samples(Block::Train);
        if (set > 0 && samples > set)
            throw InputError({.problem = "a batch of " + std::to_string(samples)
                    + " is larger than the training set of " + std::to_string(set),
                .key = "parameters.batch.size",
                .allowed = "1 to " + std::to_string(set)});
        return set / samples;
    }

    double timeAt(std::uint64_t step) const
    {
        return timeBaseMs + static_cast<double>(step - timeBaseStep) * parameters.dt;
    }

    void parametersChanged()
    {
        model->setParameters(parameters);
        const double dt = parameters.dt;
        leadIn = parameters.stateReset == reset_kind::soft ? stepsOf(kSoftResetMs, dt) : 0;
        onset = stepsOf(parameters.plasticityOnset, dt);
        delay = stepsOf(parameters.targetDelay, dt);
        lag = stepsOf(parameters.readoutLag, dt);
        updatePatternSteps();
    }

    void updatePatternSteps()
    {
        patternSteps =
            std::max({1u, stepsOf(stimulus->duration(presentation, parameters), parameters.dt),
                static_cast<std::uint32_t>(model->stepsPerPresentation())});
    }

    void load()
    {
        patternHasTarget = shown.load(*stimulus, presentation, parameters);
        lastInput = nullptr;
    }

    void loadPattern()
    {
        presentation = schedule.at(clock.pattern);
        load();
        updatePatternSteps();
    }

    void set(const Parameters& p)
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

    bool nudges() const
    {
        return patternHasTarget && parameters.targetOn && presentation.block == Block::Train;
    }

    // One training presentation of a sample from outside, on top of whatever is shown. The clock
    // stands still meanwhile.
    void teach(const ParameterValue& value)
    {
        const std::vector<double>& sample = checkTaught(experiment, value);
        const auto samples = static_cast<std::size_t>(model->anatomy().samples);
        const auto inputs = static_cast<std::size_t>(experiment.layers.front());
        std::vector<double> input, target;
        for (std::size_t i = 0; i < sample.size(); ++i) { // [unit][sample], a batch of the same
            std::vector<double>& part = i < inputs ? input : target;
            part.insert(part.end(), samples, sample[i]);
        }
        const int own = model->stepsPerPresentation();
        const std::uint32_t steps = own > 0
            ? static_cast<std::uint32_t>(own)
            : std::max(1u, stepsOf(parameters.presentationTime, parameters.dt));
        for (std::uint32_t s = 0; s < steps; ++s)
            model->step({.input = input,
                .target = target,
                .nudged = true,
                .learning = own > 0 || s >= onset,
                .inputHeld = s > 0,
                .step = clock.step,
                .presentationTime = steps * parameters.dt,
                .epoch = presentation.epoch,
                .stepInPattern = s,
                .stepsInPattern = steps});
        lastInput = nullptr;
    }

    void apply(const Edit& edit)
    {
        if (edit.lane >= 0 && edit.lane != lane)
            return;
        ++revision;
        if (edit.key == kTeachAction)
            return teach(edit.value);
        if (edit.key.starts_with(kActionPrefix)) {
            const std::string_view action = std::string_view(edit.key).substr(kActionPrefix.size());
            // What is done to all lanes is done to those whose model knows it.
            if (edit.lane >= 0 || experiment.laneCount() == 1 || model->anatomy().hasAction(action))
                actOn(*model, action);
            return;
        }
        Parameters p = parameters;
        if (!setInLane(experiment, lane, p, edit.lane, edit.key, edit.value))
            return;
        if (const ParameterRow* row = p.table().find(edit.key); row && !row->live) {
            throw InputError({.problem = edit.key + " can only change at a reset",
                .key = edit.key,
                .allowed = "parameters that are live"});
        }
        set(p);
    }

    bool step()
    {
        if (diverged)
            return false;
        if (!replaying && clock.step % checkpointInterval == 0
            && clock.step != checkpoint.clock.step)
            checkpoint = state();
        while (editsApplied < experiment.edits.size()
            && experiment.edits[editsApplied].step <= clock.step)
            apply(experiment.edits[editsApplied++]);

        readoutDue = false;
        const std::uint32_t total = leadIn + patternSteps;
        if (clock.stepInPattern == 0 && parameters.stateReset == reset_kind::hard)
            model->resetPotentials();
        const bool lead = clock.stepInPattern < leadIn;
        const std::uint32_t phase = lead ? 0 : clock.stepInPattern - leadIn;
        // A model with steps of its own is done before the presentation ends, and holds what it
        // has; it has no time in which a target or plasticity could come late.
        const int own = model->stepsPerPresentation();
        const bool nudged = !lead && (own > 0 || phase >= delay) && nudges();
        // Under the "positive" rule values decide, so a target that is off must be zero.
        const bool zero = lead || (parameters.nudgingRule == nudging_rule::positive && !nudged);
        const bool holds = own > 0 && phase >= static_cast<std::uint32_t>(own);
        if (!holds) {
            const std::vector<double>& input = lead ? zeroInput : shown.input;
            model->step({.input = input,
                .target = zero ? zeroTarget : shown.target,
                .nudged = nudged,
                .learning =
                    !lead && (own > 0 || phase >= onset) && presentation.block == Block::Train,
                .inputHeld = &input == lastInput,
                .step = clock.step,
                .presentationTime = patternSteps * parameters.dt,
                .epoch = presentation.epoch,
                .stepInPattern = phase,
                .stepsInPattern = own > 0 ? static_cast<std::uint32_t>(own) : patternSteps});
            lastInput = &input;
            if (!model->finite()) {
                fallBack();
                return false;
            }
        }
        if (!lead && own > 0) {
            model->read(model->answer(), answerNow); // what it ends with
        } else if (!lead && phase >= lag) {
            model->read(model->answer(), answerNow);
            for (std::size_t i = 0; i < answerSum.size(); ++i)
                answerSum[i] += answerNow[i];
            answerCount += 1;
        }
        ++clock.step;
        clock.timeMs = timeAt(clock.step);
        if (++clock.stepInPattern >= total)
            finishPattern();
        return true;
    }

    void finishPattern()
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

    // The step that was not finite must leave no trace: go back to the last checkpoint and step up
    // to just before it.
    void fallBack()
    {
        const std::string where = firstNonFinite(*model);
        const std::uint64_t last = clock.step;
        const State good = checkpoint;
        restore(good);
        replaying = true;
        while (clock.step < last && step()) { }
        replaying = false;
        diverged = true;
        divergedAt = where;
    }

    State state()
    {
        State s{clock, experiment.seed, parameters, editsApplied, model->save(), answerSum};
        s.readout.push_back(answerCount);
        s.readout.push_back(timeBaseMs);
        s.readout.push_back(static_cast<double>(timeBaseStep));
        return s;
    }

    void restore(const State& s)
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
        std::copy_n(s.readout.begin(), answerSum.size(), answerSum.begin());
        answerCount = s.readout[answerSum.size()];
        timeBaseMs = s.readout[answerSum.size() + 1];
        timeBaseStep = static_cast<std::uint64_t>(s.readout[answerSum.size() + 2]);
        loadPattern();
        readoutDue = false;
        diverged = false;
        divergedAt.clear();
        checkpoint = s;
    }
};

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
    m_impl->apply(edit);
    m_impl->checkpoint = m_impl->state(); // so that falling back needs no edits from outside
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
