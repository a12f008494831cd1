#include "app/bench/bench_nets.h"

#include "app/cli/lane.h"
#include "sim/files/preset.h"
#include "sim/run/model_table.h"
#include "sim/run/shown_samples.h"
#include "sim/run/simulation.h"
#include "sim/task/stimulus.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace apical {
namespace {

constexpr int kBatches = 16; // shown in turn
using Shown = std::pair<std::vector<double>, std::vector<double>>; // input, target: [unit][sample]

std::vector<Shown> batchesOf(const Experiment& e, int samples)
{
    Experiment set = e;
    set.stimulus.samples = kBatches * samples;
    const auto stimulus = makeStimulus(set);
    ShownSamples shown(e.layers.front(), e.layers.back(), samples);
    std::vector<Shown> all;
    for (std::uint64_t i = 0; i < kBatches; ++i) {
        shown.load(*stimulus, {.index = i, .size = kBatches, .number = i}, e.parameters);
        all.emplace_back(shown.input, shown.target);
    }
    return all;
}

class ModelLoad {
public:
    explicit ModelLoad(const Experiment& e)
        : m_model(modelNamed(e.model()).make(e, e.parameters))
        , m_steps(ownSteps(e.layers, e.parameters, true))
        , m_batches(batchesOf(e, m_model->anatomy().samples))
    {
    }
    void batch()
    {
        const auto& [input, target] = m_batches[m_shown++ % m_batches.size()];
        for (int t = 0; t < m_steps; ++t)
            m_model->step({.input = input,
                .target = target,
                .nudged = true,
                .learning = true,
                .inputHeld = t > 0,
                .stepInPattern = static_cast<std::uint32_t>(t)});
        if (!m_model->finite())
            throw std::runtime_error("a benchmark diverged");
    }

private:
    std::unique_ptr<Model> m_model;
    int m_steps;
    std::vector<Shown> m_batches;
    std::size_t m_shown = 0;
};

/// Backprop with rectifiers, cross-entropy and Adam as one writes it down: three nested loops, the
/// innermost along memory.
class PlainLoad {
public:
    PlainLoad(const Experiment& e, int samples)
        : m_sizes(e.layers.begin(), e.layers.end())
        , m_samples(static_cast<std::size_t>(samples))
        , m_batches(batchesOf(e, samples))
    {
        const auto model = modelNamed(e.model()).make(e, e.parameters);
        const std::vector<NamedMatrix> weights = weightsOf(*model);
        for (std::size_t l = 0; l < m_sizes.size(); ++l) {
            m_rates.emplace_back((m_sizes[l] + 1) * m_samples, 1.0F);
            m_deltas.emplace_back(m_sizes[l] * m_samples);
            if (l == 0)
                continue;
            const auto up = std::ranges::find(
                weights, "layer" + std::to_string(l) + ".W_up", &NamedMatrix::name);
            m_weights.emplace_back(up->matrix.values.begin(), up->matrix.values.end());
            m_mean.emplace_back(m_weights.back().size());
            m_square.emplace_back(m_weights.back().size());
        }
    }
    void batch()
    {
        const auto& [input, target] = m_batches[m_shown++ % m_batches.size()];
        const std::size_t layers = m_weights.size(), n = m_samples;
        std::copy(input.begin(), input.end(), m_rates[0].begin());
        for (std::size_t l = 1; l <= layers; ++l) {
            std::vector<float>& a = m_rates[l];
            std::fill_n(a.begin(), m_sizes[l] * n, 0.0F);
            for (std::size_t i = 0; i < m_sizes[l]; ++i) {
                for (std::size_t j = 0; j <= m_sizes[l - 1]; ++j) {
                    const float w = m_weights[l - 1][i * (m_sizes[l - 1] + 1) + j];
                    for (std::size_t k = 0; k < n; ++k)
                        a[i * n + k] += w * m_rates[l - 1][j * n + k];
                }
                for (std::size_t k = 0; l < layers && k < n; ++k)
                    a[i * n + k] = std::max(a[i * n + k], 0.0F);
            }
        }
        outputDelta(target);
        ++m_step;
        for (std::size_t l = layers; l >= 1; --l) {
            if (l > 1)
                deltaBelow(l);
            update(l);
        }
    }

private:
    void outputDelta(const std::vector<double>& target)
    {
        const std::size_t n = m_samples;
        const std::vector<float>& z = m_rates.back();
        for (std::size_t k = 0; k < n; ++k) {
            float sum = 0;
            for (std::size_t i = 0; i < m_sizes.back(); ++i)
                sum += std::exp(z[i * n + k]);
            for (std::size_t i = 0; i < m_sizes.back(); ++i)
                m_deltas.back()[i * n + k] =
                    std::exp(z[i * n + k]) / sum - static_cast<float>(target[i * n + k]);
        }
    }
    void deltaBelow(std::size_t l)
    {
        const std::size_t n = m_samples;
        std::vector<float>& below = m_deltas[l - 1];
        std::ranges::fill(below, 0.0F);
        for (std::size_t i = 0; i < m_sizes[l]; ++i) {
            for (std::size_t j = 0; j < m_sizes[l - 1]; ++j) {
                const float w = m_weights[l - 1][i * (m_sizes[l - 1] + 1) + j];
                for (std::size_t k = 0; k < n; ++k)
                    below[j * n + k] += w * m_deltas[l][i * n + k];
            }
        }
        for (std::size_t i = 0; i < below.size(); ++i)
            below[i] = m_rates[l - 1][i] > 0 ? below[i] : 0.0F;
    }
    void update(std::size_t l)
    {
        const std::size_t n = m_samples, cols = m_sizes[l - 1] + 1;
        const float mean = 1 / (1 - std::pow(0.9F, m_step));
        const float square = 1 / (1 - std::pow(0.999F, m_step));
        for (std::size_t i = 0; i < m_sizes[l]; ++i) {
            for (std::size_t j = 0; j < cols; ++j) {
                float g = 0;
                for (std::size_t k = 0; k < n; ++k)
                    g += m_deltas[l][i * n + k] * m_rates[l - 1][j * n + k];
                g /= static_cast<float>(n);
                float &m = m_mean[l - 1][i * cols + j], &v = m_square[l - 1][i * cols + j];
                m = 0.9F * m + 0.1F * g;
                v = 0.999F * v + 0.001F * g * g;
                m_weights[l - 1][i * cols + j] -=
                    0.001F * mean * m / (std::sqrt(square * v) + 1e-8F);
            }
        }
    }

    std::vector<std::size_t> m_sizes;
    std::size_t m_samples;
    std::vector<Shown> m_batches;
    std::vector<std::vector<float>> m_rates, m_deltas, m_weights, m_mean, m_square;
    std::size_t m_shown = 0;
    float m_step = 0;
};

template <class Load> Contender contender(std::string name, std::shared_ptr<Load> load)
{
    return {std::move(name), [load = std::move(load)](std::size_t count) {
                for (std::size_t i = 0; i < count; ++i)
                    load->batch();
            }};
}

} // namespace

BenchResult measureNet(const char* preset, bool plain)
{
    Experiment e = loadPreset(preset);
    e.parameters.angleInterval = 0;
    e.stimulus.samples = 2000;
    e.stimulus.testSamples = 128;
    e.parameters.protocolTest = 1;
    Simulation simulation(e);
    const int samples = simulation.model().anatomy().samples;
    RunLength endless;
    endless.epochs = 1000000;
    const RunGoal goal(endless, simulation);
    const int steps = ownSteps(e.layers, e.parameters, true);
    std::vector<Contender> contenders;
    contenders.push_back({"run",
        [run = std::make_shared<LaneRun>(std::move(simulation), goal, std::nullopt), steps](
            std::size_t count) {
            for (std::size_t i = 0; i < count; ++i)
                run->advance(steps);
        }});
    contenders.push_back(contender("model", std::make_shared<ModelLoad>(e)));
    if (plain)
        contenders.push_back(contender("reference", std::make_shared<PlainLoad>(e, samples)));
    BenchResult result = measureInTurns(contenders, 0.1, 9, kBatchesOfEpoch);
    const auto ratio = [&](std::size_t slow, std::size_t fast) {
        result.ratios.push_back({result.variants[slow].name + " / " + result.variants[fast].name,
            result.variants[slow].cpu.minimum / result.variants[fast].cpu.minimum});
    };
    ratio(0, 1);
    if (plain)
        ratio(2, 1);
    return result;
}

} // namespace apical
