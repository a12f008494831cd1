#include "app/cli/bench_cases.h"

#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/initial_weights.h"
#include "sim/experiment/experiment.h"
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

void addRatio(BenchResult& result, std::size_t slow, std::size_t fast)
{
    result.ratios.push_back({result.variants[slow].name + " / " + result.variants[fast].name,
        result.variants[slow].cpu.minimum / result.variants[fast].cpu.minimum});
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
    {"phi", "transfer function, 1024 values at a time", "ns/value", measurePhi},
};

} // namespace

std::span<const BenchCase> benchTable()
{
    return kTable;
}

} // namespace apical
