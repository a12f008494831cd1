#include "sim/task/teacher.h"

#include "sim/base/random.h"
#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/initial_weights.h"
#include "sim/circuit/microcircuit.h"
#include "sim/experiment/durations.h"
#include "sim/model/transfer.h"

#include <algorithm>
#include <cmath>

namespace apical {

std::vector<TeacherSample> teacherSamples(const Experiment& e)
{
    const std::uint64_t seed = e.stimulus.teacherSeed;
    Parameters p = e.parameters;
    circuit(p).noise = 0;
    Experiment teacher;
    teacher.layers = e.layers;
    teacher.parameters = p;
    teacher.weights = {.init = WeightSpec::Init::SelfPredicting};
    teacher.seed = seed;
    Microcircuit<double> model(e.layers, p, initialWeights(teacher, p), seed);
    const Probe* answer =
        findProbe(model, "layer" + std::to_string(e.targetLayers()) + ".pyr.prospective");

    const auto steps = static_cast<int>(std::max(1u, stepsOf(p.presentationTime, p.dt)));
    const std::vector<double> noTarget(static_cast<std::size_t>(e.layers.back()), 0.0);
    std::vector<double> now(noTarget.size());
    std::vector<TeacherSample> samples;
    for (int k = 0; k < e.stimulus.samples; ++k) {
        TeacherSample s{std::vector<double>(static_cast<std::size_t>(e.layers.front())), noTarget};
        for (std::size_t i = 0; i < s.input.size(); ++i)
            s.input[i] = uniform(seed, RandomStream::Input, static_cast<std::uint64_t>(k),
                static_cast<std::uint32_t>(i));
        for (int step = 0; step < steps; ++step) {
            model.step({.input = s.input, .target = noTarget, .nudged = false, .learning = false});
            answer->read(now);
            for (std::size_t i = 0; i < now.size(); ++i)
                s.output[i] += now[i] / steps;
        }
        samples.push_back(std::move(s));
    }
    return samples;
}

std::vector<TeacherSample> teacherTask(const Experiment& e)
{
    const StimulusSpec& spec = e.stimulus;
    const std::uint64_t seed = spec.teacherSeed;
    const std::vector<int>& sizes = spec.teacherLayers.empty() ? e.layers : spec.teacherLayers;
    std::vector<Matrix> weights;
    for (std::size_t l = 1; l < sizes.size(); ++l) {
        Matrix w(sizes[l], sizes[l - 1]);
        for (std::size_t i = 0; i < w.values.size(); ++i)
            w.values[i] = spec.teacherRange
                * (2 * uniform(seed, RandomStream::TeacherWeights, l, static_cast<std::uint32_t>(i))
                    - 1);
        weights.push_back(std::move(w));
    }
    const Parameters& p = e.parameters;
    const CircuitParameters* own = circuitIf(p);
    const auto phi = own ? own->transfer() : Transfer<double>{};
    std::vector<TeacherSample> samples;
    for (int k = 0; k < spec.samples + spec.validationSamples + spec.testSamples; ++k) {
        TeacherSample s{std::vector<double>(static_cast<std::size_t>(sizes.front())), {}};
        for (std::size_t i = 0; i < s.input.size(); ++i)
            s.input[i] = p.inputLow
                + (p.inputHigh - p.inputLow)
                    * uniform(seed, RandomStream::Input, static_cast<std::uint64_t>(k),
                        static_cast<std::uint32_t>(i));
        s.output = s.input;
        for (const Matrix& w : weights) {
            std::vector<double> next(static_cast<std::size_t>(w.rows));
            for (int i = 0; i < w.rows; ++i) {
                double sum = 0;
                for (int j = 0; j < w.cols; ++j)
                    sum += w(i, j) * s.output[static_cast<std::size_t>(j)];
                next[static_cast<std::size_t>(i)] = transfer(phi, sum);
            }
            s.output = std::move(next);
        }
        samples.push_back(std::move(s));
    }
    return samples;
}

} // namespace apical
