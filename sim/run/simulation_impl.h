// What a simulation is inside; only its own sources see it.
#pragma once

#include "sim/run/lane_model.h"
#include "sim/run/model_table.h"
#include "sim/run/shown_samples.h"
#include "sim/run/simulation.h"

#include "sim/base/error.h"
#include "sim/experiment/durations.h"
#include "sim/experiment/lanes.h"
#include "sim/run/experiment_check.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace apical {

inline constexpr std::uint64_t kMostCheckpointSteps = 8192;

// Steps between checkpoints: few enough that falling back takes no time, and rare enough that a
// copy of the whole state costs a percent or two of the steps, also of those that an input that
// stands still makes cheap.
inline std::uint64_t checkpointSteps(std::size_t stateBytes)
{
    return std::clamp<std::uint64_t>(
        32'000'000'000 / std::max<std::size_t>(stateBytes, 1), 256, kMostCheckpointSteps);
}

struct Simulation::Impl {
    Experiment experiment;
    int lane = 0;
    Parameters parameters;
    std::vector<Parameters> beside; // of all lanes: they end each presentation together
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
    std::uint32_t own = 0; // steps that the model counts by itself; 0: it has those of the time
    std::uint32_t needed = 1; // steps of the pattern after which this lane holds its state

    std::vector<double> answerNow, answerSum; // [unit][sample]
    double answerCount = 0;
    std::vector<Readout> readouts; // one per sample
    bool readoutDue = false;

    std::uint64_t checkpointInterval = kMostCheckpointSteps;
    std::vector<Parameters> checkpointBeside;
    State checkpoint; // the last good state known, to fall back on when a step is not finite
    bool diverged = false, replaying = false;
    RecordedSteps recorded; // what is replayed ends there
    Stop stop;

    Impl(const Experiment& e, int laneIndex, std::unique_ptr<Model> given)
        : experiment(e)
        , lane(laneIndex)
    {
        validate(e);
        for (int i = 0; i < e.laneCount(); ++i)
            beside.push_back(e.laneParameters(i));
        parameters = beside[static_cast<std::size_t>(lane)];
        Experiment ofLane = e;
        ofLane.parameters = parameters;
        stimulus = makeStimulus(ofLane);
        model = given ? std::move(given) : makeLaneModel(e, laneIndex, parameters);
        recorded = recordedSteps(e, parameters);
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
        keepCheckpoint();
        checkpointInterval = checkpointSteps(checkpoint.model.size());
    }

    // Presentations that the training set makes, 0: endless.
    int batches(int samples) const { return stimulus->samples(Block::Train) / samples; }

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
        const bool training = presentation.block == Block::Train;
        own = static_cast<std::uint32_t>(ownSteps(experiment.layers, parameters, training));
        needed = stepsOfLane(parameters, training);
        patternSteps = needed;
        for (const Parameters& p : beside)
            patternSteps = std::max(patternSteps, stepsOfLane(p, training));
    }

    // What a lane's model needs of this presentation: as many as it counts by itself, or its time.
    std::uint32_t stepsOfLane(const Parameters& p, bool training) const
    {
        const int counted = ownSteps(experiment.layers, p, training);
        return counted > 0 ? static_cast<std::uint32_t>(counted)
                           : std::max(1u, stepsOf(stimulus->duration(presentation, p), p.dt));
    }

    // Steps that some lane's model counts by itself, the most of them.
    std::uint32_t longestOwn(bool training) const
    {
        int longest = 0;
        for (const Parameters& p : beside)
            longest = std::max(longest, ownSteps(experiment.layers, p, training));
        return static_cast<std::uint32_t>(longest);
    }

    void keepCheckpoint()
    {
        checkpoint = state();
        checkpointBeside = beside;
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

    void set(const Parameters& p);

    bool nudges() const
    {
        return patternHasTarget && parameters.targetOn && presentation.block == Block::Train;
    }

    void teach(const Edit&);

    void knowEdit(const Edit& edit);

    void apply(const Edit& edit);

    bool step();

    void finishPattern();

    bool runsAway() const
    {
        return parameters.guardPotential != kNone
            && model->largestPotential() > parameters.guardPotential;
    }

    double worstLoss() const
    {
        double worst = 0;
        for (const Readout& readout : readouts)
            worst = std::isnan(readout.loss) ? worst : std::max(worst, readout.loss);
        return worst;
    }

    void fallBack(std::uint64_t last, const Stop& why);

    State state();

    void restore(const State& s);
};

} // namespace apical
