#include "app/bench/bench_cases.h"

#include "app/bench/bench_nets.h"
#include "app/bench/bench_spikes.h"
#include "app/cli/lane.h"
#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/initial_weights.h"
#include "sim/circuit/microcircuit.h"
#include "sim/experiment/durations.h"
#include "sim/experiment/experiment.h"
#include "sim/files/preset.h"
#include "sim/model/kernels.h"
#include "sim/model/model.h"
#include "sim/run/model_table.h"
#include "sim/run/simulation.h"

#include <cmath>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace apical {
namespace {

/// A bars-like load: every rule plastic, nudged, a new pattern every 100 steps.
Experiment stepExperiment(std::vector<int> layers)
{
    Experiment experiment = newExperiment(circuitParameterTable().model());
    experiment.layers = std::move(layers);
    CircuitParameters& p = circuit(experiment.parameters);
    // Rates small enough that a long measurement stays finite at every size.
    p.etaUp = {1e-6};
    p.etaIp = {1e-6};
    p.etaPi = {1e-6};
    const double range = 1.0 / experiment.layers.front();
    WeightSpec& weights = experiment.weights;
    weights.rangeUp = weights.rangeDown = weights.rangeIp = weights.rangePi = range;
    return experiment;
}

/// Owns a model and shows it two patterns in turn.
class StepLoad {
public:
    StepLoad(std::unique_ptr<Model> model, const std::vector<int>& layers)
        : m_model(std::move(model))
        , m_target(static_cast<std::size_t>(layers.back()), 0.1)
    {
        for (std::size_t pattern = 0; pattern < 2; ++pattern) {
            for (int i = 0; i < layers.front(); ++i)
                m_inputs[pattern].push_back(
                    (static_cast<std::size_t>(i) + pattern) % 3 == 0 ? 1 : 0);
        }
        m_target.front() = 1;
    }

    void operator()(std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i, ++m_step)
            m_model->step({.input = m_inputs[m_step / 100 % 2],
                .target = m_target,
                .nudged = true,
                .learning = true,
                .step = m_step,
                .presentationTime = 10});
        if (!m_model->finite())
            throw std::runtime_error("a benchmark diverged");
    }

private:
    std::unique_ptr<Model> m_model;
    std::vector<double> m_inputs[2], m_target;
    std::uint64_t m_step = 0;
};

std::unique_ptr<Model> makeModel(Experiment experiment, const std::string& precision)
{
    experiment.precision = precision;
    return modelNamed(experiment.model()).make(experiment, experiment.parameters);
}

Contender stepContender(
    std::string name, std::unique_ptr<Model> model, const std::vector<int>& layers)
{
    return {std::move(name),
        [load = std::make_shared<StepLoad>(std::move(model), layers)](
            std::size_t count) { (*load)(count); }};
}

BenchResult measureStep(const std::vector<int>& layers)
{
    const Experiment experiment = stepExperiment(layers);
    std::vector<Contender> contenders;
    for (const char* precision : {"double", "float", "reference"})
        contenders.push_back(stepContender(precision, makeModel(experiment, precision), layers));
    BenchResult result = measureInTurns(contenders, 0.05, 15, 1e6);
    addRatio(result, 2, 0);
    addRatio(result, 0, 1);
    return result;
}

BenchResult measurePhi()
{
    constexpr int kValues = 1024; // stays in the first cache
    struct Arrays {
        alignas(64) double v[kValues];
        alignas(64) double rate[kValues];
    };
    const auto arrays = std::make_shared<Arrays>();
    for (int i = 0; i < kValues; ++i)
        arrays->v[i] = -4 + 8.0 * i / kValues;
    const auto repeat = [arrays](std::size_t count, const auto& fill) {
        for (std::size_t i = 0; i < count; i += kValues) {
            arrays->v[0] = -4 + 1e-9 * static_cast<double>(i); // not the same work twice
            fill(*arrays);
        }
    };
    std::vector<Contender> contenders;
    contenders.push_back(
        {"kernel", [repeat](std::size_t count) {
             repeat(count, [](Arrays& a) { kernels<double>().transfer({}, a.v, a.rate, kValues); });
         }});
    contenders.push_back({"libm", [repeat](std::size_t count) {
                              repeat(count, [](Arrays& a) {
                                  for (int i = 0; i < kValues; ++i)
                                      a.rate[i] = std::log1p(std::exp(a.v[i]));
                              });
                          }});
    BenchResult result = measureInTurns(contenders, 0.05, 15, 1e9);
    addRatio(result, 1, 0);
    return result;
}

/// A run over many patterns, each held for ten steps, so that what a pattern change costs shows.
Contender orderContender(std::string name, bool shuffled)
{
    constexpr std::size_t kPatterns = 12000;
    Experiment experiment = stepExperiment({4, 30, 3});
    experiment.parameters.presentationTime = 1;
    StimulusSpec& stimulus = experiment.stimulus;
    stimulus.kind = "patterns";
    stimulus.shuffled = shuffled;
    std::vector<std::vector<double>> inputs;
    std::vector<std::optional<std::vector<double>>> targets;
    for (std::size_t k = 0; k < kPatterns; ++k) {
        inputs.emplace_back(4, 0.0);
        inputs.back()[k % 4] = 1;
        targets.emplace_back(std::vector<double>(3, 0.1));
        targets.back()->at(k % 3) = 1;
    }
    stimulus.inputs = std::move(inputs);
    stimulus.targets = std::move(targets);
    return {std::move(name), [run = std::make_shared<Simulation>(experiment)](std::size_t count) {
                for (std::size_t i = 0; i < count; ++i) {
                    if (!run->step())
                        throw std::runtime_error("a benchmark diverged");
                }
            }};
}

BenchResult measureOrder()
{
    std::vector<Contender> contenders;
    contenders.push_back(orderContender("shuffled", true));
    contenders.push_back(orderContender("sequential", false));
    BenchResult result = measureInTurns(contenders, 0.2, 9, 1e6);
    addRatio(result, 0, 1);
    return result;
}

/// Training on digits as the preset of that name does, a presentation of so many steps.
Experiment digitsExperiment(const char* preset, std::uint32_t steps)
{
    Experiment experiment = loadPreset(preset);
    Parameters& p = experiment.parameters;
    p.presentationTime = steps * p.dt;
    p.angleInterval = 0;
    return experiment;
}

/// Owns a model and shows it a thousand digits in turn, nothing else around it.
class DigitLoad {
public:
    DigitLoad(const Experiment& e, std::unique_ptr<Model> model, std::uint32_t steps)
        : m_parameters(e.parameters)
        , m_model(std::move(model))
        , m_steps(steps)
        , m_onset(stepsOf(e.parameters.plasticityOnset, e.parameters.dt))
    {
        Experiment set = e;
        set.stimulus.samples = kDigits;
        const auto stimulus = makeStimulus(set);
        for (std::uint64_t i = 0; i < kDigits; ++i) {
            m_digits.emplace_back(std::vector<double>(static_cast<std::size_t>(e.layers.front())),
                std::vector<double>(static_cast<std::size_t>(e.layers.back())));
            stimulus->pattern({.index = i, .size = kDigits, .number = i}, e.parameters,
                m_digits.back().first, m_digits.back().second);
        }
    }

    void presentation()
    {
        const auto& [input, target] = m_digits[m_shown++ % kDigits];
        for (std::uint32_t s = 0; s < m_steps; ++s)
            m_model->step({.input = input,
                .target = target,
                .nudged = true,
                .learning = s >= m_onset,
                .inputHeld = s > 0,
                .presentationTime = m_steps * m_parameters.dt,
                .stepInPattern = s,
                .stepsInPattern = m_steps});
        if (!m_model->finite())
            throw std::runtime_error("a benchmark diverged");
    }

private:
    static constexpr int kDigits = 1000;
    Parameters m_parameters;
    std::unique_ptr<Model> m_model;
    std::uint32_t m_steps, m_onset;
    std::vector<std::pair<std::vector<double>, std::vector<double>>> m_digits;
    std::size_t m_shown = 0;
};

/// Counts steps if `perStep`, else presentations.
Contender digitContender(std::string name, const Experiment& e, std::unique_ptr<Model> model,
    std::uint32_t steps, bool perStep)
{
    return {std::move(name),
        [load = std::make_shared<DigitLoad>(e, std::move(model), steps), steps, perStep](
            std::size_t count) {
            const std::size_t each = perStep ? steps : 1;
            for (std::size_t i = 0; i < count; i += each)
                load->presentation();
        }};
}

std::unique_ptr<Model> makeFloat(const Experiment& e, FirstLayer first)
{
    return std::make_unique<Microcircuit<float>>(
        e.layers, e.parameters, initialWeights(e, e.parameters), e.seed, first);
}

BenchResult measureHeldInput(const char* preset)
{
    constexpr std::uint32_t kSteps = 20;
    Experiment e = digitsExperiment(preset, kSteps);
    e.parameters.plasticityOnset = 0; // every step learns
    circuit(e.parameters).etaUp = circuit(e.parameters).etaIp = {1e-6};
    std::vector<Contender> contenders;
    contenders.push_back(
        digitContender("once", e, makeFloat(e, FirstLayer::oncePerInput), kSteps, true));
    contenders.push_back(
        digitContender("fused", e, makeFloat(e, FirstLayer::everyStep), kSteps, true));
    contenders.push_back(digitContender("reference", e, makeModel(e, "reference"), kSteps, true));
    BenchResult result = measureInTurns(contenders, 0.05, 15, 1e6);
    addRatio(result, 2, 0);
    addRatio(result, 1, 0);
    return result;
}

/// One image of training: the model alone, and the run with order, data, scores and metrics.
BenchResult measureTraining(const char* preset)
{
    constexpr std::uint32_t kSteps = 5;
    const Experiment e = digitsExperiment(preset, kSteps);
    std::vector<Contender> contenders;
    RunLength endless;
    endless.epochs = 1000000;
    Experiment whole = loadPreset(preset);
    whole.stimulus.samples = 1000;
    whole.stimulus.testSamples = 100;
    whole.parameters.protocolTest = 100;
    Simulation simulation(whole);
    const RunGoal goal(endless, simulation);
    contenders.push_back({"run",
        [run = std::make_shared<LaneRun>(std::move(simulation), goal, std::nullopt)](
            std::size_t count) {
            for (std::size_t i = 0; i < count; ++i)
                run->advance(kSteps);
        }});
    contenders.push_back(
        digitContender("model", e, makeFloat(e, FirstLayer::oncePerInput), kSteps, false));
    BenchResult result = measureInTurns(contenders, 0.1, 15, 1e6);
    addRatio(result, 0, 1);
    return result;
}

constexpr BenchCase kTable[]{
    {"step-9-30-3", "one learning step of the Bars network", "us/step",
        [] {
            return measureStep({9, 30, 3});
        }},
    {"step-8-6-3", "one learning step of the self-predicting preset's network", "us/step",
        [] {
            return measureStep({8, 6, 3});
        }},
    {"step-100-150-10", "one learning step at 10x10 pixels", "us/step",
        [] {
            return measureStep({100, 150, 10});
        }},
    {"step-784-100-10", "one learning step at 28x28 pixels", "us/step",
        [] {
            return measureStep({784, 100, 10});
        }},
    {"order-4-30-3", "one step of a run over 12,000 patterns, ten steps each", "us/step",
        measureOrder},
    {"held-784-100-10", "one learning step of a digit shown for 20", "us/step",
        [] { return measureHeldInput("mnist-small"); }},
    {"held-784-500-10", "one learning step of a digit shown for 20", "us/step",
        [] { return measureHeldInput("mnist"); }},
    {"train-784-100-10", "one digit of training, five steps", "us/image",
        [] { return measureTraining("mnist-small"); }},
    {"train-784-500-10", "one digit of training, five steps", "us/image",
        [] { return measureTraining("mnist"); }},
    {"spiking-9-30-3", "one step with spikes, psi 100, all rules", "us/step",
        [] { return measureSpiking(100); }},
    {"spiking-9-30-3-psi-1", "one step with spikes, psi 1, all rules", "us/step",
        [] { return measureSpiking(1); }},
    {"spiking-784-100-10", "one step with spikes, psi 100, float, 80 % dark pixels", "us/step",
        measureSpikingDigits},
    {"spiking-300-200-100-10", "one step with spikes, psi 1, all rules", "us/step",
        measureSpikingSchemes},
    {"epoch-backprop", "60,000 digits in batches of 64, 784-256-256-10, Adam", "s/epoch",
        [] { return measureNet("backprop-mnist", true); }},
    {"epoch-zil", "the same by Z-IL", "s/epoch", [] { return measureNet("zil-mnist", false); }},
    {"epoch-il", "the same by inference learning, 20 moves", "s/epoch",
        [] { return measureNet("il-mnist", false); }},
    {"convert-784-256-256-10", "one digit for a converted net, 200 ms", "ms/image",
        measureConversion},
    {"spc-784-256-256-10", "64 digits of spiking predictive coding, 110 steps", "ms/batch",
        measureSpikingPredictive},
    {"phi", "transfer function, 1024 values at a time", "ns/value", measurePhi},
};

} // namespace

std::span<const BenchCase> benchTable()
{
    return kTable;
}

} // namespace apical
