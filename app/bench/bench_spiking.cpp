// Benchmark cases of the spiking microcircuit: every rule plastic, nudged, a new pattern every 100
// steps of 0.1 ms.
#include "app/bench/bench_cases.h"
#include "sim/run/model_table.h"
#include "sim/spiking/spiking_microcircuit.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace apical {
namespace {

constexpr std::uint64_t kHeld = 100; // steps of a pattern
constexpr std::uint64_t kSecond = 10000; // steps

using Patterns = std::vector<std::vector<double>>;

/// Bright and dim inputs in turn, one in three bright.
Patterns bars(int inputs)
{
    Patterns patterns(2);
    for (std::size_t k = 0; k < patterns.size(); ++k)
        for (int i = 0; i < inputs; ++i)
            patterns[k].push_back((static_cast<std::size_t>(i) + k) % 3 == 0 ? 1 : 0.1);
    return patterns;
}

/// A patch of 28 x 28 pixels, a fifth of them: the rest is dark.
Patterns digits()
{
    constexpr int side = 28;
    Patterns patterns(2);
    for (int k = 0; k < 2; ++k)
        for (int row = 0; row < side; ++row)
            for (int column = 0; column < side; ++column)
                patterns[static_cast<std::size_t>(k)].push_back(
                    row >= 5 && row < 18 && column >= 7 + k && column < 19 + k ? 0.8 : 0.0);
    return patterns;
}

Experiment spikingExperiment(std::vector<int> layers, double psi, int scheme, const char* precision)
{
    Experiment e = newExperiment(spikingParameterTable().model());
    e.layers = std::move(layers);
    e.precision = precision;
    SpikingParameters& p = e.parameters.family<SpikingParameters>();
    p.psi = psi;
    p.scheme = scheme;
    // Rates small enough that a long measurement stays finite at every size.
    p.etaUp = p.etaIp = p.etaPi = p.etaDown = {1e-5};
    const double range = 1.0 / e.layers.front();
    e.weights.rangeUp = e.weights.rangeDown = e.weights.rangeIp = e.weights.rangePi = range;
    return e;
}

class SpikingLoad {
public:
    SpikingLoad(const Experiment& e, Patterns patterns)
        : m_model(makeSpikingMicrocircuit(e, e.parameters))
        , m_patterns(std::move(patterns))
        , m_target(static_cast<std::size_t>(e.layers.back()), 0.1)
    {
        m_target.front() = 1;
    }

    void run(std::uint64_t count)
    {
        for (std::uint64_t i = 0; i < count; ++i, ++m_step)
            m_model->step({.input = m_patterns[m_step / kHeld % m_patterns.size()],
                .target = m_target,
                .nudged = true,
                .learning = true,
                .inputHeld = m_step % kHeld != 0,
                .step = m_step,
                .presentationTime = 10});
        if (!m_model->finite())
            throw std::runtime_error("a benchmark diverged");
    }
    /// From here on every run starts at this step.
    void mark()
    {
        m_marked = m_step;
        m_state = m_model->save();
    }
    void back()
    {
        m_step = m_marked;
        m_model->restore(m_state);
    }

private:
    std::unique_ptr<Model> m_model;
    Patterns m_patterns;
    std::vector<double> m_target;
    std::uint64_t m_step = 0, m_marked = 0;
    std::vector<std::byte> m_state;
};

Contender spikingContender(std::string name, const Experiment& e, const Patterns& patterns)
{
    return {
        std::move(name), [load = std::make_shared<SpikingLoad>(e, patterns)](std::size_t count) {
            load->run(count);
        }};
}

/// A second of simulated time again and again, the one that begins at `from`.
Contender secondContender(
    std::string name, const Experiment& e, const Patterns& patterns, std::uint64_t from)
{
    const auto load = std::make_shared<SpikingLoad>(e, patterns);
    load->run(from);
    load->mark();
    return {std::move(name), [load](std::size_t count) {
                for (std::size_t left = count; left > 0;) {
                    const std::size_t now = std::min<std::size_t>(left, kSecond);
                    load->back();
                    load->run(now);
                    left -= now;
                }
            }};
}

} // namespace

BenchResult measureSpiking(double psi)
{
    std::vector<Contender> contenders;
    for (const char* precision : {"double", "float", "reference"})
        contenders.push_back(spikingContender(precision,
            spikingExperiment({9, 30, 3}, psi, spiking_scheme::automatic, precision), bars(9)));
    BenchResult result = measureInTurns(contenders, 0.05, 15, 1e6);
    addRatio(result, 2, 0);
    addRatio(result, 0, 1);
    return result;
}

BenchResult measureSpikingDigits()
{
    const Experiment e = spikingExperiment({784, 100, 10}, 100, spiking_scheme::automatic, "float");
    std::vector<Contender> contenders;
    contenders.push_back(secondContender("second 1", e, digits(), 0));
    contenders.push_back(secondContender("second 10", e, digits(), 9 * kSecond));
    BenchResult result = measureInTurns(contenders, 0.1, 15, 1e6);
    addRatio(result, 1, 0);
    return result;
}

BenchResult measureSpikingSchemes()
{
    const std::vector<int> layers{300, 200, 100, 10};
    std::vector<Contender> contenders;
    const auto add = [&](const char* name, int scheme, const char* precision) {
        contenders.push_back(spikingContender(
            name, spikingExperiment(layers, 1, scheme, precision), bars(layers.front())));
    };
    add("time", spiking_scheme::time, "double");
    add("event", spiking_scheme::event, "double");
    add("reference", spiking_scheme::time, "reference");
    BenchResult result = measureInTurns(contenders, 0.1, 15, 1e6);
    addRatio(result, 0, 1);
    addRatio(result, 2, 1);
    return result;
}

} // namespace apical
