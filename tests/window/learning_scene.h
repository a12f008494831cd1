// A fabricated task for tests of its views: 9-4-3 with three classes, eight samples, no engine.
#pragma once

#include "sim/circuit/circuit_parameters.h"
#include "tests/circuit_lane.h"
#include "widgets/view/view.h"

#include <cmath>
#include <memory>

namespace apical::test {

inline Readout answerOf(Block block, std::uint64_t epoch, int sample, bool right)
{
    Readout r;
    r.presentation = {.epoch = epoch,
        .block = block,
        .ordinal = epoch,
        .index = static_cast<std::uint64_t>(7 - sample), // shown the other way round
        .size = 8,
        .number =
            16 * epoch + (block == Block::Train ? 0 : 8) + static_cast<std::uint64_t>(7 - sample)};
    r.pattern = r.presentation.number;
    r.sample = sample;
    r.hasTarget = true;
    r.target.assign(3, 0.1);
    r.mean.assign(3, 0.25);
    const auto shown = static_cast<std::size_t>(sample < 3 ? 0 : sample < 6 ? 1 : 2);
    r.target[shown] = 1;
    r.mean[right ? shown : (shown + 1) % 3] = 0.75;
    r.loss = 0;
    for (std::size_t i = 0; i < 3; ++i)
        r.loss += (r.mean[i] - r.target[i]) * (r.mean[i] - r.target[i]) / 3;
    return r;
}

struct LearningScene {
    Scene scene;

    /// Loss falls tenfold every hundred epochs; samples from `rightSamples` on are wrong.
    explicit LearningScene(std::size_t lanes = 1, std::uint64_t epochs = 200, int rightSamples = 7)
    {
        Frame& frame = scene.frame;
        frame.sizes = {9, 4, 3};
        frame.state = RunState::Paused;
        Parameters protocol = circuitParameterTable().defaults();
        protocol.protocolValidation = 8;
        for (std::size_t i = 0; i < lanes; ++i) {
            LaneFrame lane;
            lane.parameters = protocol;
            CircuitValues values;
            values.target = {1, 0.1, 0.1};
            values.layers.resize(2);
            values.layers[1].soma = values.layers[1].prospective = {0.5, 0.2, 0.2};
            put(lane, frame.sizes, values);
            lane.nudged = true;
            TaskFrame& task = lane.task;
            task.hasTask = true;
            task.classes = 3;
            task.classNames = {"horizontal", "vertical", "diagonal"};
            task.schedule = Schedule(protocol, 8);
            task.shown = task.schedule.at(16 * epochs);
            std::vector<EpochScore> scores;
            for (std::uint64_t e = 0; e < epochs; ++e) {
                EpochScore score{.epoch = e, .train = {}, .validation = {}, .test = {}};
                const double loss =
                    std::pow(10, -static_cast<double>(e) / 100) / static_cast<double>(i + 1);
                score.train = {loss / 10, 1};
                score.validation = {loss, e < epochs / 2 ? 0.375 : 0.875};
                if (e % 10 == 9)
                    score.test = {loss * 1.1, 0.75};
                scores.push_back(score);
            }
            if (epochs == 0) {
                lane.task = std::move(task);
                frame.lanes.push_back(std::move(lane));
                continue;
            }
            task.epochs = std::make_shared<const std::vector<EpochScore>>(std::move(scores));
            task.confusion.block = Block::Validation;
            task.confusion.epoch = epochs - 1;
            task.confusion.counts = Matrix(3, 3);
            for (const Block block : {Block::Train, Block::Validation}) {
                BlockAnswers answers;
                answers.block = block;
                answers.epoch = epochs - 1;
                for (int s = 7; s >= 0; --s) {
                    // The lanes differ in sample 0.
                    const bool right = s < rightSamples && !(i == 1 && s == 0);
                    answers.answers.push_back(answerOf(block, epochs - 1, s, right));
                    answers.inputs.push_back(std::vector<double>(9, s / 8.0));
                    const Readout& r = answers.answers.back();
                    if (block == Block::Validation)
                        task.confusion.counts(classOf(r.target), classOf(r.mean)) += 1;
                }
                task.answers.assign(answers.answers.begin(), answers.answers.end());
                task.blocks[static_cast<std::size_t>(block)] =
                    std::make_shared<const BlockAnswers>(std::move(answers));
            }
            frame.lanes.push_back(std::move(lane));
        }
    }
};

} // namespace apical::test
