// Nets of spikes: an image for a converted net, a batch for spiking predictive coding.
#include "app/bench/bench_spikes.h"

#include "sim/experiment/durations.h"
#include "sim/files/preset.h"
#include "sim/run/model_table.h"
#include "sim/task/stimulus.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace apical {
namespace {

/// Owns a model and shows it a few batches of digits in turn, nothing else around it.
class SpikeLoad {
public:
    SpikeLoad(Experiment e, bool learns)
        : m_learns(learns)
    {
        constexpr std::uint64_t kDigits = 256;
        e.stimulus.samples = kDigits;
        const Parameters& p = e.parameters;
        m_model = modelNamed(p.model()).make(e, p);
        m_samples = static_cast<std::size_t>(m_model->anatomy().samples);
        const int own = ownSteps(e.layers, p, learns);
        m_steps = own > 0 ? static_cast<std::uint32_t>(own) : stepsOf(p.presentationTime, p.dt);
        const auto stimulus = makeStimulus(e);
        const auto inputs = static_cast<std::size_t>(e.layers.front()),
                   outputs = static_cast<std::size_t>(e.layers.back());
        std::vector<double> input(inputs), target(outputs);
        for (std::size_t first = 0; first + m_samples <= kDigits && m_batches.size() < 16;
             first += m_samples) {
            auto& [x, y] = m_batches.emplace_back(
                std::vector<double>(inputs * m_samples), std::vector<double>(outputs * m_samples));
            for (std::size_t k = 0; k < m_samples; ++k) {
                const std::uint64_t i = first + k;
                stimulus->pattern({.index = i, .size = kDigits, .number = i}, p, input, target);
                for (std::size_t j = 0; j < inputs; ++j)
                    x[j * m_samples + k] = input[j];
                for (std::size_t j = 0; j < outputs; ++j)
                    y[j * m_samples + k] = target[j];
            }
        }
    }

    std::size_t samples() const { return m_samples; }
    void presentation()
    {
        const auto& [input, target] = m_batches[m_shown++ % m_batches.size()];
        for (std::uint32_t s = 0; s < m_steps; ++s)
            m_model->step({.input = input,
                .target = target,
                .nudged = m_learns,
                .learning = m_learns,
                .inputHeld = s > 0,
                .step = m_step++,
                .stepInPattern = s,
                .stepsInPattern = m_steps});
        if (!m_model->finite())
            throw std::runtime_error("a benchmark diverged");
    }

private:
    bool m_learns;
    std::unique_ptr<Model> m_model;
    std::size_t m_samples = 1, m_shown = 0;
    std::uint32_t m_steps = 1;
    std::uint64_t m_step = 0;
    std::vector<std::pair<std::vector<double>, std::vector<double>>> m_batches;
};

Contender contender(std::string name, Experiment e, bool learns, bool perImage)
{
    return {std::move(name),
        [load = std::make_shared<SpikeLoad>(std::move(e), learns), perImage](std::size_t count) {
            const std::size_t each = perImage ? load->samples() : 1;
            for (std::size_t i = 0; i < count; i += each)
                load->presentation();
        }};
}

} // namespace

BenchResult measureConversion()
{
    const auto net = [](const char* encoder, double together) {
        Experiment e = loadPreset("conversion");
        const auto set = [&e](const char* key, const ParameterValue& value) {
            setParameter(e.parameters, key, value, e.targetLayers());
        };
        set("learning.on", false);
        set("spiking.batch", together);
        set("encoder.kind", std::string(encoder));
        return e;
    };
    std::vector<Contender> contenders;
    contenders.push_back(contender("current", net("current", 1), false, true));
    contenders.push_back(contender("current x 16", net("current", 16), false, true));
    contenders.push_back(contender("poisson", net("poisson", 1), false, true));
    return measureInTurns(contenders, 0.1, 9, 1e3);
}

BenchResult measureSpikingPredictive()
{
    std::vector<Contender> contenders;
    contenders.push_back(contender("float", loadPreset("spiking-pc-mnist"), true, false));
    Experiment exact = loadPreset("spiking-pc-mnist");
    exact.precision = "double";
    contenders.push_back(contender("double", std::move(exact), true, false));
    return measureInTurns(contenders, 0.1, 9, 1e3);
}

} // namespace apical
