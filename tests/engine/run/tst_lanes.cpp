// A lane more or less in the middle of a run.
#include "sim/base/error.h"
#include "sim/circuit/circuit_parameters.h"
#include "sim/experiment/lanes.h"
#include "sim/files/preset.h"
#include "sim/files/session_file.h"
#include "sim/live/timeline.h"
#include "sim/run/experiment_check.h"
#include "tests/engine/runner_waits.h"

#include <QTest>

using namespace apical;
using namespace apical::test;

namespace {

void stepTo(Timeline& timeline, std::uint64_t step)
{
    while (timeline.clock().step < step && timeline.step()) { }
}

Experiment withProtocol()
{
    Experiment e = selfPredicting();
    e.edits = {{.step = 100, .key = "eta.pi", .value = std::vector<double>{0.2}, .lane = 0},
        {.step = 700, .key = "target.on", .value = true, .lane = -1}};
    return e;
}

double pi(Simulation& lane)
{
    return circuit(lane.parameters()).etaPi.front();
}

} // namespace

class TestLanes : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aCopyWithoutEditsStaysEqualToTheLastBit()
    {
        Timeline timeline(withProtocol());
        timeline.edit(-1, "circuit.noise", 0.05);
        stepTo(timeline, 333);
        timeline.addTwin();
        QCOMPARE(timeline.lanes().size(), std::size_t{2});
        QCOMPARE(timeline.experiment().lanes[0].name, std::string("A"));
        QCOMPARE(timeline.experiment().lanes[1].name, std::string("B"));
        QCOMPARE(timeline.clock().step, std::uint64_t{333});
        stepTo(timeline, 5000);
        const std::vector<State> states = timeline.states();
        QVERIFY(states[0] == states[1]);
    }

    void theRunWithACopyIsReplayedHeadlessly()
    {
        Timeline timeline(withProtocol());
        stepTo(timeline, 50);
        timeline.edit(0, "eta.ip", std::vector<double>{0.3});
        stepTo(timeline, 150);
        timeline.addTwin();
        timeline.edit(1, "circuit.latent_equilibrium", false);
        stepTo(timeline, 400);
        timeline.edit(0, "action.self_predicting", true);
        stepTo(timeline, 1000);
        QVERIFY(timeline.states() == headless(timeline.experiment(), 1000));
        QVERIFY(timeline.states()[0].model != timeline.states()[1].model);
        // Also as a preset and as a session on disk.
        const SavedSession saved{timeline.experiment(), timeline.states(), {}};
        const SavedSession read = readSession(writeSession(saved), "saved.apical");
        QVERIFY(read.states == saved.states);
        QCOMPARE(read.experiment.edits, saved.experiment.edits);
        Timeline again(read.experiment);
        again.restore(read.states);
        stepTo(again, 1500);
        stepTo(timeline, 1500);
        QVERIFY(again.states() == timeline.states());
        QVERIFY(again.states() == headless(again.experiment(), 1500));
    }

    void rewindingBeforeTheCopyKeepsBothLanesEqual()
    {
        Timeline timeline(withProtocol());
        stepTo(timeline, 200);
        timeline.saveKeyframe();
        stepTo(timeline, 600);
        timeline.addTwin();
        timeline.edit(1, "eta.pi", std::vector<double>{0.05});
        stepTo(timeline, 900);
        timeline.beginRewind(300);
        stepTo(timeline, 300);
        timeline.finishRewind();
        QCOMPARE(timeline.lanes().size(), std::size_t{2});
        const std::vector<State> states = timeline.states();
        QVERIFY(states[0] == states[1]); // the edit of B was taken back, the lane was not
        QVERIFY(states == headless(timeline.experiment(), 300));
        stepTo(timeline, 900);
        QVERIFY(timeline.states() == headless(timeline.experiment(), 900));
    }

    void aLaneIsRemovedWithItsEdits()
    {
        Timeline timeline(withProtocol());
        Timeline alone(withProtocol());
        for (Timeline* t : {&timeline, &alone}) {
            stepTo(*t, 20);
            t->edit(-1, "eta.ip", std::vector<double>{0.2});
            stepTo(*t, 150);
        }
        timeline.addTwin();
        timeline.edit(1, "eta.pi", std::vector<double>{0.05});
        stepTo(timeline, 300);
        timeline.edit(1, "bias.on", true); // at the next reset
        timeline.saveKeyframe();
        timeline.removeLane(1);
        stepTo(timeline, 900);
        stepTo(alone, 900);
        QCOMPARE(timeline.lanes().size(), std::size_t{1});
        QVERIFY(timeline.states() == alone.states());
        QVERIFY(timeline.states() == headless(timeline.experiment(), 900));
        timeline.beginRewind(400);
        stepTo(timeline, 400);
        timeline.finishRewind();
        QVERIFY(timeline.states() == headless(timeline.experiment(), 400));
        timeline.reset();
        QVERIFY(!timeline.lanes()[0].parameters().biasOn);
    }

    void theOtherLaneCanBeTheOneThatStays()
    {
        Timeline timeline(withProtocol());
        timeline.addTwin();
        timeline.edit(1, "eta.pi", std::vector<double>{0.05});
        stepTo(timeline, 50);
        timeline.removeLane(0);
        QCOMPARE(pi(timeline.lanes()[0]), 0.05);
        stepTo(timeline, 900);
        QVERIFY(timeline.states() == headless(timeline.experiment(), 900));
    }

    void aResetKeepsWhatWasSetApart()
    {
        Timeline timeline(selfPredicting());
        stepTo(timeline, 50);
        timeline.addTwin();
        timeline.edit(1, "circuit.latent_equilibrium", false);
        timeline.edit(1, "bias.on", true);
        timeline.edit(1, "stimulus.low", -1.0);
        stepTo(timeline, 80);
        timeline.reset();
        QVERIFY(circuit(timeline.lanes()[0].parameters()).latentEquilibrium);
        QVERIFY(!circuit(timeline.lanes()[1].parameters()).latentEquilibrium);
        QVERIFY(!timeline.lanes()[0].parameters().biasOn);
        QVERIFY(timeline.lanes()[1].parameters().biasOn);
        stepTo(timeline, 300);
        const Experiment written = readPreset(writePreset(timeline.experiment()), "written.json");
        QVERIFY(headless(written, 300) == timeline.states());
    }

    void aThirdLaneAndALonelyOneAreRefused()
    {
        Timeline timeline(selfPredicting());
        QVERIFY_EXCEPTION_THROWN(timeline.removeLane(1), InputError);
        QVERIFY_EXCEPTION_THROWN(timeline.removeLane(0), InputError);
        timeline.addTwin();
        QVERIFY_EXCEPTION_THROWN(timeline.addTwin(), InputError);
        QVERIFY_EXCEPTION_THROWN(timeline.removeLane(2), InputError);
        stepTo(timeline, 30);
        QVERIFY(timeline.states() == headless(timeline.experiment(), 30));
    }

    void lanesShareTheTimeStep()
    {
        Timeline timeline(selfPredicting());
        timeline.addTwin();
        QVERIFY_EXCEPTION_THROWN(timeline.edit(1, "dt", 0.05), InputError);
        QVERIFY(timeline.edit(-1, "dt", 0.05));
        stepTo(timeline, 20);
        QCOMPARE(timeline.lanes()[1].clock().timeMs, timeline.lanes()[0].clock().timeMs);

        Experiment e = twoLanes();
        e.lanes[1].parameters.emplace_back("dt", 0.05);
        QVERIFY_EXCEPTION_THROWN(validate(e), InputError);
        e = twoLanes();
        e.edits = {{.step = 5, .key = "dt", .value = 0.05, .lane = 1}};
        QVERIFY_EXCEPTION_THROWN(validate(e), InputError);
    }

    void differencesCountListsAsSpreadOverTheLayers()
    {
        Parameters a = circuitParameterTable().defaults(), b = a;
        QVERIFY(differingRows(a, b, 2).empty());
        circuit(a).etaPi = {0.1};
        circuit(b).etaPi = {0.1, 0.1};
        QVERIFY(differingRows(a, b, 2).empty());
        circuit(a).etaPi = {0.1, 0.2};
        circuit(b).etaPi = {0.1, 0.2, 0.7}; // the output layer's entry has no effect
        QVERIFY(differingRows(a, b, 3).empty());
        circuit(b).etaPi = {0.1, 0.3, 0.7};
        QCOMPARE(differingRows(a, b, 3).size(), std::size_t{1});
        circuit(a).etaPi = {0.1};
        circuit(b).etaPi = {0.1, 0.2};
        b.targetOn = !a.targetOn;
        const auto rows = differingRows(a, b, 2);
        QCOMPARE(rows.size(), std::size_t{2});
        Experiment e = withLaneParameters(withTwin(selfPredicting()), {a, b});
        QCOMPARE(e.laneParameters(0), a);
        QVERIFY(differingRows(e.laneParameters(1), b, 2).empty());
    }

    void theRunnersHistoryGoesOnForBothLanes()
    {
        Runner runner(selfPredicting());
        runner.stepOnce(400);
        Frame frame;
        QVERIFY(waitForFrame(runner, frame, pausedAt(400)));
        History history(runner.channels());
        runner.drain(history);
        const std::size_t before = history.size();
        QVERIFY(before > 0);
        const std::uint64_t generation = frame.generation;
        runner.duplicateLane();
        QVERIFY(waitForFrame(runner, frame, [](const Frame& f) { return f.lanes.size() == 2; }));
        QVERIFY(frame.generation > generation);
        QCOMPARE(frame.run, std::uint64_t{0});
        QCOMPARE(frame.step(), std::uint64_t{400});
        runner.drain(history);
        QCOMPARE(history.size(), before);
        const int a = history.find(0, "layer1.pyr.soma", 2);
        const int b = history.find(1, "layer1.pyr.soma", 2);
        QVERIFY(a >= 0 && b >= 0);
        for (std::size_t i = 0; i < history.size(); ++i) {
            QCOMPARE(history.minimum(i, b), history.minimum(i, a));
            QCOMPARE(history.maximum(i, b), history.maximum(i, a));
        }
        runner.edit(1, "circuit.latent_equilibrium", false);
        runner.stepOnce(400);
        QVERIFY(waitForFrame(runner, frame, pausedAt(800)));
        runner.drain(history);
        QVERIFY(history.size() > before);
        const std::size_t last = history.size() - 1;
        QVERIFY(history.maximum(last, a) != history.maximum(last, b));
        QVERIFY(runner.states() == headless(runner.experiment(), 800));

        runner.removeLane(1);
        QVERIFY(waitForFrame(runner, frame, [](const Frame& f) { return f.lanes.size() == 1; }));
        const std::size_t both = history.size();
        runner.drain(history);
        QCOMPARE(history.size(), both);
        QCOMPARE(history.find(1, "layer1.pyr.soma", 2), -1);
        runner.removeLane(1);
        std::string error;
        QVERIFY(waitForError(runner, error));
        QVERIFY(runner.states() == headless(runner.experiment(), 800));
    }

    void whatWasLearnedSoFarIsRememberedOfBothLanes()
    {
        Runner runner(loadPreset("bars", {"stimulus.presentation_time=1"}));
        runner.stepOnce(160 * 3); // three epochs of 8 + 8 presentations of ten steps
        Frame frame;
        QVERIFY(waitForFrame(runner, frame, pausedAt(480)));
        const auto epochs = *frame.lanes[0].task.epochs;
        QCOMPARE(epochs.size(), std::size_t{3});
        runner.duplicateLane();
        runner.stepOnce(160);
        QVERIFY(waitForFrame(
            runner, frame, [](const Frame& f) { return f.lanes.size() == 2 && pausedAt(640)(f); }));
        for (const LaneFrame& lane : frame.lanes) {
            QCOMPARE(lane.task.epochs->size(), std::size_t{4});
            for (std::size_t i = 0; i < epochs.size(); ++i)
                QCOMPARE(lane.task.epochs->at(i).validation.loss, epochs[i].validation.loss);
        }
        runner.removeLane(0);
        QVERIFY(waitForFrame(runner, frame,
            [](const Frame& f) { return f.lanes.size() == 1 && f.lanes[0].task.epochs; }));
        QTRY_COMPARE(([&] {
            runner.takeFrame(frame);
            return frame.lanes[0].task.epochs->size();
        }()),
            std::size_t{4});
    }

    void coarserMemoryKeepsTheWholePast()
    {
        History history({{0, "a", 0}}, 8, 3);
        for (int i = 0; i < 30; ++i) {
            const float value = static_cast<float>(i);
            Bin bin;
            bin.firstStep = static_cast<std::uint64_t>(i);
            bin.steps = bin.samples = 1;
            bin.timeMs = i + 1;
            bin.durationMs = 1;
            history.append(bin, {&value, 1}, {&value, 1});
        }
        const History twice = history.withChannels({{0, "a", 0}, {1, "a", 0}, {0, "b", 0}});
        QCOMPARE(twice.beginMs(), history.beginMs());
        QCOMPARE(twice.endMs(), history.endMs());
        QCOMPARE(twice.minimum(0, 1), 0.0F);
        QCOMPARE(twice.maximum(twice.size() - 1, 1), 29.0F);
        QVERIFY(std::isnan(twice.maximum(0, 2)));
    }
};

QTEST_APPLESS_MAIN(TestLanes)
#include "tst_lanes.moc"
