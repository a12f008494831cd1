#include "sim/watch/evaluation.h"

#include "sim/experiment/durations.h"
#include "sim/run/model_table.h"
#include "sim/run/shown_samples.h"

#include <algorithm>
#include <cmath>
#include <memory>

namespace apical {

void tell(Told& all, const Told& newer)
{
    for (const auto& [name, value] : newer) {
        const auto there = std::ranges::find(all, name, &Told::value_type::first);
        if (there == all.end())
            all.emplace_back(name, value);
        else
            there->second = value;
    }
}

Told Evaluation::told() const
{
    Told all;
    if (!std::isnan(mean.loss))
        all.emplace_back("test_loss", mean.loss);
    if (!std::isnan(mean.correct))
        all.emplace_back("test_accuracy", mean.correct);
    tell(all, further);
    return all;
}

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
    const int together = model.anatomy().samples;
    ShownSamples shown(e.layers.front(), e.layers.back(), together);
    std::vector<double> now(shown.target.size()), mean(now.size());
    const std::vector<double> noInput(shown.input.size(), 0.0), noTarget(now.size(), 0.0);
    const int answer = model.answer(), own = ownSteps(e.layers, p, false);
    double loss = 0, correct = 0;
    const std::unique_ptr<TestWatch> watch = classes > 0 ? model.testWatch() : nullptr;
    std::uint64_t step = run.clock().step;
    model.resetPotentials();
    for (int first = 0; first < samples; first += together) {
        // One block of the whole set, in an order of its own; the last batch goes back a little.
        const int begin = std::max(0, std::min(first, samples - together));
        const auto presentation = [&](int i) {
            return Presentation{.epoch = run.presentation().epoch,
                .block = block,
                .ordinal = run.clock().pattern,
                .index = static_cast<std::uint64_t>(i % samples),
                .size = static_cast<std::uint64_t>(samples),
                .number = run.clock().pattern};
        };
        std::vector<bool> hasTarget;
        for (int k = 0; k < together; ++k)
            hasTarget.push_back(shown.loadSample(k, stimulus, presentation(begin + k), p));
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
        const std::uint32_t steps = own > 0
            ? static_cast<std::uint32_t>(own)
            : std::max(1u, stepsOf(stimulus.duration(presentation(begin), p), p.dt));
        const std::uint32_t lag =
            own > 0 ? steps - 1 : std::min(stepsOf(p.readoutLag, p.dt), steps - 1);
        mean.assign(now.size(), 0.0);
        for (std::uint32_t s = 0; s < steps; ++s) {
            model.step({.input = shown.input,
                .target = noTarget,
                .nudged = false,
                .learning = false,
                .inputHeld = s > 0,
                .step = step++,
                .presentationTime = steps * p.dt,
                .stepInPattern = s,
                .stepsInPattern = steps});
            if (watch)
                watch->stepped();
            if (s < lag)
                continue;
            model.read(answer, now);
            for (std::size_t o = 0; o < now.size(); ++o)
                mean[o] += now[o] / (steps - lag);
        }
        if (watch) {
            std::vector<bool> counts = hasTarget;
            for (int k = 0; k < together; ++k)
                if (begin + k < first || begin + k >= samples)
                    counts[static_cast<std::size_t>(k)] = false;
            watch->presented(shown.target, counts);
        }
        for (int k = first - begin; k < together && begin + k < samples; ++k) {
            Readout readout;
            readout.mean = shown.column(mean, k);
            readout.target = shown.column(shown.target, k);
            const bool asked = hasTarget[static_cast<std::size_t>(k)];
            if (asked)
                readout.loss = model.loss(readout.mean, readout.target);
            const AnswerScore score = scoreAnswer(readout, asked, classes > 0);
            if (std::isnan(score.loss))
                continue;
            loss += score.loss;
            ++result.samples;
            if (classes > 0)
                correct += score.correct;
        }
    }
    if (watch)
        result.further = watch->metrics();
    model.restore(before);
    if (result.samples > 0) {
        result.mean.loss = loss / result.samples;
        if (classes > 0)
            result.mean.correct = correct / result.samples;
    }
    return result;
}

} // namespace apical
