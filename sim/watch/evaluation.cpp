#include "sim/watch/evaluation.h"

#include "sim/experiment/durations.h"

#include <algorithm>
#include <cmath>

namespace apical {

Evaluation evaluate(Simulation& run, Block block)
{
    Evaluation result;
    const Stimulus& stimulus = run.stimulus();
    const int samples = stimulus.samples(block);
    if (samples == 0 || !stimulus.hasTargets())
        return result;
    const int classes = stimulus.classes();

    Model& model = run.model();
    const std::vector<std::byte> before = model.save();
    const Parameters& p = run.parameters();
    const Experiment& e = run.experiment();
    const Probe& answer = run.answer();
    std::vector<double> input(static_cast<std::size_t>(e.layers.front()));
    std::vector<double> now(static_cast<std::size_t>(e.layers.back()));
    const std::vector<double> noInput(input.size(), 0.0), noTarget(now.size(), 0.0);
    Readout readout;
    readout.target = noTarget;
    double loss = 0, correct = 0;
    std::uint64_t step = run.clock().step;
    model.resetPotentials();
    for (int i = 0; i < samples; ++i) {
        // One block of the whole set, in an order of its own.
        const Presentation shown{.epoch = run.presentation().epoch,
            .block = block,
            .ordinal = run.clock().pattern,
            .index = static_cast<std::uint64_t>(i),
            .size = static_cast<std::uint64_t>(samples),
            .number = run.clock().pattern};
        const bool hasTarget = stimulus.pattern(shown, p, input, readout.target);
        if (p.stateReset == reset_kind::hard)
            model.resetPotentials();
        const std::uint32_t silence =
            p.stateReset == reset_kind::soft ? stepsOf(kSoftResetMs, p.dt) : 0;
        for (std::uint32_t s = 0; s < silence; ++s)
            model.step({.input = noInput,
                .target = noTarget,
                .nudged = false,
                .learning = false,
                .step = step++});
        const std::uint32_t steps = std::max(1u, stepsOf(stimulus.duration(shown, p), p.dt));
        const std::uint32_t lag = std::min(stepsOf(p.readoutLag, p.dt), steps - 1);
        readout.mean.assign(now.size(), 0.0);
        for (std::uint32_t s = 0; s < steps; ++s) {
            model.step({.input = input,
                .target = noTarget,
                .nudged = false,
                .learning = false,
                .step = step++,
                .presentationTime = steps * p.dt});
            if (s < lag)
                continue;
            answer.read(now);
            for (std::size_t o = 0; o < now.size(); ++o)
                readout.mean[o] += now[o] / (steps - lag);
        }
        const AnswerScore score = scoreAnswer(readout, hasTarget, classes > 0);
        if (std::isnan(score.loss))
            continue;
        loss += score.loss;
        ++result.samples;
        if (classes > 0)
            correct += score.correct;
    }
    model.restore(before);
    if (result.samples > 0) {
        result.mean.loss = loss / result.samples;
        if (classes > 0)
            result.mean.correct = correct / result.samples;
    }
    return result;
}

} // namespace apical
