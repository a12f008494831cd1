// Blocks of a task, its scores, and a test beside the run.
#include "sim/base/error.h"
#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/self_prediction.h"
#include "sim/files/preset.h"
#include "sim/watch/evaluation.h"
#include "sim/watch/task_score.h"

#include <QTest>

#include <cmath>
#include <set>

using namespace apical;

namespace {

Experiment bars(const char* overrides = nullptr)
{
    std::vector<std::string> set{"stimulus.presentation_time=1"};
    if (overrides)
        set.emplace_back(overrides);
    return loadPreset("bars", set);
}

/// Runs so many epochs. @return the scores
TaskScore learn(Simulation& simulation, std::uint64_t epochs)
{
    TaskScore score(simulation);
    const std::uint64_t end = simulation.schedule().presentations(epochs);
    while (simulation.clock().pattern < end && simulation.step())
        score.observe(simulation);
    return score;
}

} // namespace

class LearningTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aCircuitAndANetLearnTheSameTaskSideBySide_data()
    {
        QTest::addColumn<bool>("listed");
        QTest::newRow("bars") << false;
        QTest::newRow("patterns") << true;
    }
    void aCircuitAndANetLearnTheSameTaskSideBySide()
    {
        QFETCH(bool, listed);
        Experiment e = loadPreset("bars-beside-backprop");
        e.parameters.presentationTime = 1;
        if (listed) { // the same bars, as a person would list them
            const Simulation shown(e);
            std::vector<std::vector<double>> inputs;
            std::vector<std::optional<std::vector<double>>> targets;
            for (std::uint64_t k = 0; k < 8; ++k) {
                std::vector<double> input(9), target(3);
                shown.stimulus().pattern(shown.schedule().at(k), shown.parameters(), input, target);
                inputs.push_back(input);
                targets.emplace_back(target);
            }
            e.stimulus.kind = "patterns";
            e.stimulus.shuffled = true;
            e.stimulus.inputs = inputs;
            e.stimulus.targets = targets;
        }
        Simulation circuit(e, 0), net(e, 1);
        const TaskScore first = learn(circuit, 1), early = learn(net, 1);
        const TaskScore late = learn(net, 60), last = learn(circuit, 60);
        QVERIFY(last.lastValidation().loss < first.lastValidation().loss / 2);
        QVERIFY(late.lastValidation().loss < early.lastValidation().loss / 10);
        QCOMPARE(late.lastValidation().correct, 1.0);
    }

    void blocksFollowEachOtherInTheOrderOfTheProtocol()
    {
        Parameters p = circuitParameterTable().defaults();
        p.protocolTrain = 2;
        p.protocolValidation = 1;
        p.protocolTest = 2;
        p.protocolTestInterval = 2;
        const Schedule schedule(p, 8);
        std::string order;
        for (std::uint64_t k = 0; k < 16; ++k) {
            const Presentation at = schedule.at(k);
            QCOMPARE(at.number, k);
            QVERIFY(at.index < at.size);
            order += blockName(at.block)[0] == 't' ? (at.block == Block::Train ? 'T' : 'E') : 'v';
            order += static_cast<char>('0' + at.epoch);
        }
        QCOMPARE(order, std::string("T0T0v0T1T1v1E1E1T2T2v2T3T3v3E3E3"));
        QCOMPARE(schedule.presentations(1), std::uint64_t{3});
        QCOMPARE(schedule.presentations(2), std::uint64_t{8});
        QCOMPARE(schedule.presentations(3), std::uint64_t{11});
    }

    void everyBlockShowsEverySampleOnce()
    {
        Simulation simulation(bars());
        std::set<int> shown;
        for (std::uint64_t k = 0; k < 16 * 5; ++k) {
            const Presentation at = simulation.schedule().at(k);
            if (at.index == 0)
                shown.clear();
            shown.insert(simulation.stimulus().sample(at));
            if (at.index + 1 == at.size)
                QCOMPARE(shown.size(), std::size_t{8});
        }
    }

    void validationNeitherNudgesNorLearns()
    {
        Simulation simulation(bars());
        const auto weights = [&] { return layerWeights(simulation.model(), 1); };
        double nudged = 0;
        bool trained = false, validated = false;
        LayerWeights before = weights();
        Block block = Block::Train;
        while (simulation.clock().pattern < 17) {
            block = simulation.presentation().block;
            const std::uint64_t index = simulation.presentation().index;
            before = weights();
            QVERIFY(simulation.step());
            findProbe(simulation.model(), "target.nudged")->read({&nudged, 1});
            if (block == Block::Validation) {
                QVERIFY(weights() == before);
                validated = true;
                // The target comes one step late in LE mode.
                if (index > 0)
                    QCOMPARE(nudged, 0.0);
            } else {
                trained = trained || !(weights() == before);
            }
        }
        QVERIFY(trained && validated);
    }

    void lossAndAccuracyOfAnEpochAreMeansOverItsBlocks()
    {
        Simulation simulation(bars());
        TaskScore score(simulation);
        double loss = 0, correct = 0;
        int n = 0;
        while (simulation.clock().pattern < 16 && simulation.step()) {
            if (score.observe(simulation) && score.last().presentation.block == Block::Validation) {
                loss += score.lastScore().loss;
                correct += score.lastScore().correct;
                ++n;
            }
        }
        QCOMPARE(n, 8);
        QCOMPARE(score.epochs()->size(), std::size_t{1});
        const EpochScore epoch = score.epochs()->front();
        QVERIFY(std::abs(epoch.validation.loss - loss / 8) < 1e-15);
        QVERIFY(std::abs(epoch.validation.correct - correct / 8) < 1e-15);
        QVERIFY(std::isfinite(epoch.train.loss));
        QVERIFY(std::isnan(epoch.test.loss));
        double counted = 0;
        for (const double c : score.confusion().counts.values)
            counted += c;
        QCOMPARE(counted, 8.0);
        QVERIFY(score.confusion().block == Block::Validation);
    }

    void aScoreGoesBackWithItsRun()
    {
        Simulation simulation(bars());
        TaskScore score(simulation);
        const auto until = [&](std::uint64_t pattern) {
            while (simulation.clock().pattern < pattern && simulation.step())
                score.observe(simulation);
        };
        until(16 * 3);
        const State past = simulation.state();
        const auto then = *score.epochs();
        until(16 * 6);
        QCOMPARE(score.epochs()->size(), std::size_t{6});
        simulation.restore(past);
        score.forgetLater(simulation);
        QCOMPARE(score.epochs()->size(), then.size());
        until(16 * 6);
        QCOMPARE(score.epochs()->size(), std::size_t{6});
        QCOMPARE(score.epochs()->at(2).validation.loss, then.at(2).validation.loss);
    }

    void trainingIsScoredAsItGoesOnAtGrowingDistances()
    {
        Simulation simulation(bars());
        TaskScore score(simulation);
        std::vector<double> losses; // of every training presentation
        const auto until = [&](std::uint64_t pattern) {
            while (simulation.clock().pattern < pattern && simulation.step())
                if (score.observe(simulation) && score.last().presentation.block == Block::Train)
                    losses.push_back(score.lastScore().loss);
        };
        until(16 * 100);
        QCOMPARE(losses.size(), std::size_t{800});
        const auto seen = *score.seen();
        QVERIFY(seen.size() > 10 && seen.size() < 40);
        std::uint64_t from = 0;
        for (const SeenScore& point : seen) {
            QVERIFY(point.seen >= from + 20);
            double sum = 0;
            for (std::uint64_t i = from; i < point.seen; ++i)
                sum += losses[i];
            const double mean = sum / static_cast<double>(point.seen - from);
            QVERIFY(std::abs(point.train.loss - mean) <= 1e-12 * mean);
            from = point.seen;
        }
        QVERIFY(seen.back().seen > 700);
        // Going back forgets what lies ahead, and what comes again is the same in its places.
        const State now = simulation.state();
        until(16 * 200);
        simulation.restore(now);
        score.forgetLater(simulation);
        QCOMPARE(score.seen()->size(), seen.size());
        until(16 * 200);
        QVERIFY(score.seen()->back().seen > 1400);
    }

    void aBlockKeepsExamplesOfEveryCellOfItsConfusion()
    {
        Simulation simulation(bars());
        TaskScore score(simulation);
        while (score.epochs()->size() < 3 && simulation.step())
            score.observe(simulation);
        const Confusion& confusion = score.confusion();
        QVERIFY(confusion.examples);
        Matrix counts(score.classes(), score.classes());
        for (const Readout& answer : *confusion.examples) {
            QVERIFY(answer.presentation.block == confusion.block);
            QCOMPARE(answer.presentation.epoch, confusion.epoch);
            counts(classOf(answer.target), classOf(answer.mean)) += 1;
        }
        QCOMPARE(counts.values, confusion.counts.values); // eight samples: all of them are kept
    }

    void examplesAreOnlySoManyOfEachPair()
    {
        BlockExamples examples;
        examples.start(3);
        const Readout answer;
        for (int i = 0; i < 100; ++i) {
            examples.add(answer, 0, 1);
            examples.add(answer, 2, 2);
        }
        examples.add(answer, 1, 0);
        QCOMPARE(examples.finish()->size(), std::size_t{2 * BlockExamples::kOfEachPair + 1});
        QVERIFY(!examples.finish());
        examples.start(BlockExamples::kMostClasses + 1); // too many to look at
        examples.add(answer, 0, 1);
        QVERIFY(!examples.finish());
    }

    void manyEpochsAreThinnedButNeverLostAtTheEnds()
    {
        Experiment e = bars("protocol.train=1");
        e.parameters.protocolValidation = 0;
        e.parameters.presentationTime = 0.1;
        Simulation simulation(e);
        const TaskScore score = learn(simulation, 2 * TaskScore::kMostEpochs + 100);
        const auto& epochs = *score.epochs();
        QVERIFY(epochs.size() <= TaskScore::kMostEpochs);
        QCOMPARE(score.epochStride(), std::uint64_t{4});
        QCOMPARE(epochs.front().epoch, std::uint64_t{0});
        for (std::size_t i = 1; i < epochs.size(); ++i)
            QCOMPARE(epochs[i].epoch - epochs[i - 1].epoch, score.epochStride());
        QVERIFY(epochs.back().epoch >= 2 * TaskScore::kMostEpochs + 96);
    }

    void aTestBesideTheRunChangesNoBit()
    {
        Simulation tested(bars()), left(bars());
        for (int i = 0; i < 333; ++i) {
            QVERIFY(tested.step() && left.step());
            if (i == 200)
                QCOMPARE(evaluate(tested, Block::Test).samples, 8);
        }
        QVERIFY(tested.state() == left.state());
    }

    void barsAreLearnedWithLookAheadAndNotWithout()
    {
        Simulation lookAhead(bars());
        const TaskScore good = learn(lookAhead, 300);
        QCOMPARE(good.lastEpochsError(), 0.0);
        QVERIFY(good.firstEpochWithoutError() > 20);
        QCOMPARE(evaluate(lookAhead, Block::Test).mean.correct, 1.0);

        Simulation slow(bars("circuit.latent_equilibrium=false"));
        const TaskScore bad = learn(slow, 300);
        QVERIFY(bad.lastEpochsError() > 0.4);
        QCOMPARE(bad.firstEpochWithoutError(), std::int64_t{-1});
    }

    void aTeacherIsFollowedOnInputsNeverSeen()
    {
        Simulation simulation(loadPreset("teacher"));
        QCOMPARE(simulation.stimulus().samples(Block::Train), 100);
        QCOMPARE(simulation.stimulus().samples(Block::Test), 25);
        std::set<int> trained, tested;
        for (std::uint64_t k = 0; k < simulation.schedule().presentations(10); ++k) {
            const Presentation at = simulation.schedule().at(k);
            (at.block == Block::Train ? trained : tested).insert(simulation.stimulus().sample(at));
        }
        QCOMPARE(trained.size(), std::size_t{100});
        for (const int sample : tested)
            QVERIFY(!trained.contains(sample));
        const double before = evaluate(simulation, Block::Test).mean.loss;
        const TaskScore score = learn(simulation, 20);
        QVERIFY(std::isnan(score.lastValidation().correct));
        QVERIFY(evaluate(simulation, Block::Test).mean.loss < 0.2 * before);
    }

    void anUnpredictedTargetIsAnErrorUntilItIsPredicted()
    {
        Simulation simulation(loadPreset("unpredicted-stimulus"));
        const auto errorAt = [&](double timeMs) {
            while (simulation.clock().timeMs < timeMs && simulation.step()) { }
            return selfPredictionErrors(simulation.model()).front().apical;
        };
        QVERIFY(errorAt(200) < 1e-2);
        const double surprise = errorAt(210);
        QVERIFY(surprise > 0.3);
        QVERIFY(errorAt(1000) < 0.1 * surprise);
        QVERIFY(errorAt(1990) < 0.02 * surprise);
        QVERIFY(errorAt(2300) < 0.02 * surprise); // and stays silent when the target returns
    }

    void theAnswersOfTheLastCompleteBlocksAreKept()
    {
        Simulation simulation(bars());
        TaskScore score(simulation);
        QVERIFY(score.blockAnswers(Block::Train).empty());
        const auto run = [&](std::uint64_t presentations) {
            while (simulation.clock().pattern < presentations && simulation.step())
                score.observe(simulation);
        };
        run(8); // the first training block is complete, its validation is not
        QCOMPARE(score.blockAnswers(Block::Train).size(), std::size_t{8});
        QVERIFY(score.blockAnswers(Block::Validation).empty());
        run(16 * 3 + 11); // epochs 0 to 2, and a part of the validation of epoch 3
        QCOMPARE(score.blockEpoch(Block::Train), std::uint64_t{3});
        QCOMPARE(score.blockEpoch(Block::Validation), std::uint64_t{2});
        double loss = 0;
        std::set<int> samples;
        for (const Readout& answer : score.blockAnswers(Block::Validation)) {
            QCOMPARE(answer.presentation.epoch, std::uint64_t{2});
            QVERIFY(answer.presentation.block == Block::Validation);
            samples.insert(answer.sample);
            loss += scoreAnswer(answer, true, true).loss / 8;
        }
        QCOMPARE(samples.size(), std::size_t{8});
        QVERIFY(std::abs(loss - score.epochs()->at(2).validation.loss) < 1e-12);
        QCOMPARE(simulation.stimulus().classNames().at(2), std::string("diagonal"));
    }

    void blocksWithoutSamplesAreRefused()
    {
        const auto key = [](const char* preset, const char* set) {
            try {
                Simulation simulation(loadPreset(preset, {set}));
            } catch (const InputError& error) {
                return error.fields().key;
            }
            return std::string("accepted");
        };
        QCOMPARE(key("self-predicting", "protocol.test=5"), std::string("protocol.test"));
        QCOMPARE(
            key("self-predicting", "protocol.validation=5"), std::string("protocol.validation"));
        QCOMPARE(key("teacher", "stimulus.test_samples=0"), std::string("protocol.test"));
        QVERIFY(key("bars", "protocol.train=2.5").ends_with("protocol.train"));
    }
};

QTEST_APPLESS_MAIN(LearningTest)
#include "tst_learning.moc"
