#include "sim/base/error.h"
#include "sim/circuit/circuit_parameters.h"
#include "tests/engine/runner_waits.h"

#include <QTest>

#include <cmath>

using namespace apical;
using namespace apical::test;

class TestRunnerChanges : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void resetReplaysExactlyWithWhatWasSet()
    {
        Runner runner(twoLanes());
        runner.stepOnce(500);
        runner.edit(0, "eta.pi", 0.7);
        runner.edit(-1, "circuit.latent_equilibrium", true);
        runner.stepOnce(500);
        runner.reset();
        runner.stepOnce(5000);
        Frame frame;
        QVERIFY(waitForFrame(runner, frame, pausedAt(5000)));
        QCOMPARE(frame.generation, std::uint64_t{1});
        Experiment expected = twoLanes();
        expected.lanes[0].parameters.emplace_back("eta.pi", 0.7);
        expected.lanes[1].parameters.clear();
        circuit(expected.parameters).latentEquilibrium = true;
        QCOMPARE(runner.experiment().edits, expected.edits);
        QVERIFY(runner.states() == headless(expected, 5000));
        runner.reset();
        runner.stepOnce(100);
        QVERIFY(waitForFrame(runner, frame, pausedAt(100)));
        QVERIFY(runner.states() == headless(expected, 100));

        runner.reset(77);
        runner.stepOnce(100);
        QVERIFY(waitForFrame(
            runner, frame, [](const Frame& f) { return f.seed == 77 && f.step() == 100; }));
        expected.seed = 77;
        QVERIFY(runner.states() == headless(expected, 100));
    }

    void atResetParametersWaitForTheReset()
    {
        Runner runner(selfPredicting());
        runner.stepOnce(10);
        runner.edit(-1, "bias.on", true);
        Frame frame;
        QVERIFY(waitForFrame(runner, frame, [](const Frame& f) { return f.revision == 1; }));
        QVERIFY(!frame.lanes[0].parameters.biasOn);
        QVERIFY(!runner.experiment().parameters.biasOn);
        QVERIFY(runner.states() == headless(selfPredicting(), 10));
        runner.reset();
        QVERIFY(waitForFrame(runner, frame, pausedAt(0)));
        QVERIFY(frame.lanes[0].parameters.biasOn);
        QCOMPARE((*frame.lanes[0].matrix("layer1.W_up")).cols, 9);
    }

    void badEditsAreReportedAndChangeNothing()
    {
        Runner runner(selfPredicting());
        runner.edit(-1, "eta.pj", 1.0);
        runner.edit(-1, "dt", 1e9);
        runner.edit(3, "dt", 0.1);
        runner.edit(-1, "dt", true);
        runner.stepOnce(50);
        Frame frame;
        QVERIFY(waitForFrame(runner, frame, pausedAt(50)));
        std::string error;
        QVERIFY(runner.takeError(error));
        QVERIFY2(error.find("eta.pi") != std::string::npos, error.c_str());
        for (int i = 0; i < 3; ++i)
            QVERIFY(runner.takeError(error));
        QVERIFY(!runner.takeError(error));
        QCOMPARE(frame.revision, std::uint64_t{0});
        QCOMPARE(runner.experiment(), selfPredicting());
        QVERIFY(runner.states() == headless(selfPredicting(), 50));
    }

    void rebuildKeepsWeightsWhereSizesMatch()
    {
        Runner runner(selfPredicting());
        runner.stepOnce(1000);
        Frame before;
        QVERIFY(waitForFrame(runner, before, pausedAt(1000)));
        Experiment e = selfPredicting();
        e.layers = {8, 6, 5};
        runner.rebuild(e, true);
        Frame after;
        QVERIFY(waitForFrame(runner, after, [](const Frame& f) { return f.generation == 1; }));
        QCOMPARE(after.sizes, e.layers);
        QCOMPARE(after.step(), std::uint64_t{0});
        QCOMPARE((*after.lanes[0].matrix("layer1.W_up")), (*before.lanes[0].matrix("layer1.W_up")));
        QCOMPARE((*after.lanes[0].matrix("layer2.W_up")).rows, 5);
        runner.stepOnce(10);
        QVERIFY(waitForFrame(runner, after, pausedAt(10)));
        QVERIFY(runner.states() == headless(runner.experiment(), 10));
        History history(runner.channels());
        runner.drain(history);
        QVERIFY(history.find(0, "layer2.pyr.soma", 4) >= 0);

        e.layers = {8};
        runner.rebuild(e, false);
        std::string error;
        QVERIFY(waitForError(runner, error));
        QVERIFY(runner.states() == headless(runner.experiment(), 10)); // the old one goes on
    }

    void aRunThatExplodesStopsAtItsLastGoodState()
    {
        Experiment e = twoLanes();
        e.lanes[1].parameters = {{"eta.pi", 1e4}, {"eta.ip", 1e4}};
        Runner runner(e);
        runner.setPace(kFast);
        runner.run();
        Frame frame;
        QVERIFY(waitForFrame(
            runner, frame, [](const Frame& f) { return f.state == RunState::Diverged; }));
        QVERIFY(!frame.lanes[0].diverged);
        QVERIFY(frame.lanes[1].diverged);
        const Stop& stop = frame.lanes[1].stop;
        QVERIFY2(stop.quantity.starts_with("layer"), stop.quantity.c_str());
        QVERIFY(frame.lanes[0].stop == Stop());
        QCOMPARE(frame.lanes[0].clock.step, frame.lanes[1].clock.step);
        for (const double u : frame.lanes[1].quantity("layer1.pyr.soma"))
            QVERIFY(std::isfinite(u));
        const std::vector<Event> all = events(runner);
        QVERIFY(!all.empty() && all.back().kind == Event::Kind::Diverged);
        QCOMPARE(all.back().lane, 1);
        QCOMPARE(all.back().text, stopText(stop));
        const std::uint64_t last = frame.step();
        qInfo("diverged at step %d: %s", static_cast<int>(last), all.back().text.c_str());
        QVERIFY(runner.states() == headless(e, last));

        // Back and gentler: it goes on.
        runner.rewindTo(last / 100);
        QVERIFY(waitForFrame(runner, frame, pausedAt(last / 100)));
        QVERIFY(!frame.lanes[1].diverged);
        runner.edit(1, "eta.pi", 0.0);
        runner.edit(1, "eta.ip", 0.0);
        runner.stepOnce(3);
        QVERIFY(waitForFrame(runner, frame, pausedAt(last / 100 + 3)));
        QVERIFY(runner.states() == headless(runner.experiment(), last / 100 + 3));
    }

    void experimentsOwnEditsAreToldWhenTheyComeDue()
    {
        Runner runner(twoLanes());
        runner.stepOnce(5000);
        Frame frame;
        QVERIFY(waitForFrame(runner, frame, pausedAt(5000)));
        const std::vector<Event> all = events(runner);
        QCOMPARE(all.size(), std::size_t{3});
        QCOMPARE(all[0].kind, Event::Kind::TargetOn);
        QCOMPARE(all[1].text, std::string("eta.up = 0.01"));
        QCOMPARE(all[2].kind, Event::Kind::TargetOff);
        QCOMPARE(all[0].step, std::uint64_t{150});
        QCOMPARE(all[2].step, std::uint64_t{4000});
    }

    void statesGoOnWhereTheyWereSaved()
    {
        Runner runner(twoLanes());
        runner.stepOnce(300);
        runner.edit(0, "eta.pi", 0.5);
        Frame frame;
        QVERIFY(waitForFrame(runner, frame, pausedAt(300)));
        const Experiment saved = runner.experiment();
        const std::vector<State> states = runner.states();

        Runner other(saved);
        other.restore(states);
        other.edit(0, "eta.pi", 0.6); // at the step of an edit that is already in effect
        other.stepOnce(200);
        QVERIFY(waitForFrame(other, frame, pausedAt(500)));
        std::string error;
        QVERIFY2(!other.takeError(error), error.c_str());
        QVERIFY(other.states() == headless(other.experiment(), 500));
        other.rewindTo(300);
        QVERIFY(waitForFrame(other, frame, pausedAt(300)));
        other.restore(std::vector<State>(1));
        QVERIFY(waitForError(other, error));
        QCOMPARE(other.states()[0].clock.step, std::uint64_t{300});
    }
};

QTEST_APPLESS_MAIN(TestRunnerChanges)
#include "tst_runner_changes.moc"
