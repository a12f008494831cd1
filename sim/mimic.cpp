#include "sim/mimic.h"

#include "sim/initial_weights.h"
#include "sim/microcircuit.h"
#include "sim/random.h"

#include <algorithm>
#include <cmath>

namespace apical {

std::vector<TeacherSample> teacherSamples(const Experiment& e)
{
    const std::uint64_t seed = e.stimulus.teacherSeed;
    Parameters p = e.parameters;
    p.noise = 0;
    Experiment teacher;
    teacher.layers = e.layers;
    teacher.parameters = p;
    teacher.weights = {.init = WeightSpec::Init::SelfPredicting};
    teacher.seed = seed;
    Microcircuit<double> model(e.layers, p, initialWeights(teacher, p), seed);
    const Probe* answer =
        findProbe(model, "layer" + std::to_string(e.targetLayers()) + ".pyr.prospective");

    const auto steps = static_cast<int>(std::max(1L, std::lround(p.presentationTime / p.dt)));
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

} // namespace apical
