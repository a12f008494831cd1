#include "sim/circuit/circuit_parameters.h"
#include "sim/live/runner.h"
#include "sim/live/timeline.h"
#include "sim/run/model_table.h"

#include <QElapsedTimer>
#include <QTest>

#include <limits>
#include <map>
#include <thread>

using namespace apical;

namespace {

Experiment twoLanes()
{
    Experiment e = newExperiment();
    e.layers = {4, 5, 3, 2};
    circuit(e.parameters).etaIp = {0.1};
    circuit(e.parameters).etaPi = {0.3};
    circuit(e.parameters).etaUp = {0.01};
    circuit(e.parameters).noise = 0.01;
    e.lanes = {{"LE", {}}, {"Sacramento", {{"circuit.latent_equilibrium", false}}}};
    e.edits = {{.step = 150, .key = "target.on", .value = false, .lane = -1}};
    return e;
}

bool waitForRest(Runner& runner, Frame& frame, std::uint64_t step)
{
    QElapsedTimer timer;
    timer.start();
    do {
        if (runner.takeFrame(frame) && frame.state == RunState::Paused && frame.step() == step)
            return true;
        std::this_thread::yield();
    } while (timer.elapsed() < 20000);
    return false;
}

void rewind(Timeline& timeline, std::uint64_t step)
{
    timeline.beginRewind(step);
    while (timeline.clock().step < step && timeline.step()) { }
    timeline.finishRewind();
}

} // namespace

class TestRunnerRewind : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anEarlierStateComesBackToTheBit()
    {
        Timeline timeline(twoLanes());
        std::map<std::uint64_t, std::vector<State>> seen;
        for (std::uint64_t step = 0; step <= 1000; ++step) {
            if (step % 100 == 0)
                seen[step] = timeline.states();
            if (step % 130 == 40)
                timeline.saveKeyframe();
            if (step % 200 == 0)
                timeline.edit(static_cast<int>(step / 200) % 3 - 1, "eta.pi",
                    0.01 * static_cast<double>(step / 200 + 1));
            if (step % 130 == 70)
                timeline.saveKeyframe();
            timeline.step();
        }
        for (const std::uint64_t step : {900U, 800U, 300U, 200U, 100U, 0U}) {
            rewind(timeline, step);
            QCOMPARE(timeline.clock().step, step);
            QVERIFY2(timeline.states() == seen[step], qPrintable(QString::number(step)));
            for (const Edit& edit : timeline.experiment().edits)
                QVERIFY(edit.step < step || edit.key == "target.on");
        }
    }

    void whatCameLaterIsForgottenAndANewBranchReplays()
    {
        Timeline timeline(twoLanes());
        const auto go = [&](int steps) {
            for (int i = 0; i < steps; ++i)
                timeline.step();
        };
        go(300);
        timeline.edit(-1, "eta.pi", 0.1);
        go(300);
        rewind(timeline, 450);
        timeline.edit(1, "eta.ip", 0.4);
        go(200);
        rewind(timeline, 500);
        go(50);
        const Experiment e = timeline.experiment();
        QCOMPARE(e.edits.size(), std::size_t{3});
        Simulation twin(e, 1);
        for (int i = 0; i < 550; ++i)
            twin.step();
        QVERIFY(twin.state() == timeline.states()[1]);
    }

    void theWindowIsTakenBackAsWell()
    {
        Runner runner(twoLanes());
        Frame frame;
        History history;
        runner.stepOnce(200);
        QVERIFY(waitForRest(runner, frame, 200));
        const std::vector<State> states = runner.states();
        runner.setPace(std::numeric_limits<double>::infinity());
        runner.run();
        while (runner.stepsDone() < 20000)
            std::this_thread::yield();
        runner.pause();
        runner.edit(-1, "dt", 0.05);
        runner.drain(history);
        QVERIFY(history.size() > 0);
        runner.rewindTo(200);
        QVERIFY(waitForRest(runner, frame, 200));
        QCOMPARE(frame.generation, std::uint64_t{0});
        QVERIFY(runner.states() == states);
        QCOMPARE(runner.stepsDone(), std::uint64_t{200});
        runner.drain(history);
        QVERIFY(history.size() > 0);
        QVERIFY(history.bin(history.size() - 1).endStep() <= 200);
        QCOMPARE(runner.experiment(), twoLanes());
        std::vector<Event> rewinds;
        for (Event event; runner.takeEvent(event);) {
            if (event.kind == Event::Kind::Rewind)
                rewinds.push_back(event);
        }
        QCOMPARE(rewinds.size(), std::size_t{1});
        QCOMPARE(rewinds[0].step, std::uint64_t{200});
        // Not a step is computed forwards by it.
        runner.rewindTo(300);
        runner.stepOnce();
        QVERIFY(waitForRest(runner, frame, 201));
    }

    void aLaterRewindCutsAnEarlierOneShort()
    {
        Runner runner(twoLanes());
        Frame frame;
        runner.stepOnce(100);
        QVERIFY(waitForRest(runner, frame, 100));
        const std::vector<State> states = runner.states();
        runner.stepOnce(200000);
        QVERIFY(waitForRest(runner, frame, 200100));
        runner.rewindTo(200000);
        runner.rewindTo(50);
        runner.rewindTo(100); // beyond where the last one would have ended
        runner.stepOnce(5);
        QElapsedTimer timer;
        timer.start();
        while (
            !runner.takeFrame(frame) || frame.state != RunState::Paused || frame.step() == 200100)
            QVERIFY(timer.elapsed() < 20000);
        const std::uint64_t end = runner.states()[0].clock.step;
        QVERIFY2(end == 105 || end == 55, qPrintable(QString::number(end)));
        Simulation twin(runner.experiment(), 1);
        for (std::uint64_t i = 0; i < end; ++i)
            twin.step();
        QVERIFY(twin.state() == runner.states()[1]);
    }

    void keyframesThinOutWithAge()
    {
        Keyframes keyframes(16, 1 << 20);
        for (std::uint64_t step = 0; step <= 10000; step += 10)
            keyframes.add({.step = step, .lanes = std::vector<State>(1)});
        const auto& all = keyframes.all();
        QCOMPARE(all.size(), std::size_t{16});
        QCOMPARE(all.front().step, std::uint64_t{0});
        QCOMPARE(all.back().step, std::uint64_t{10000});
        QVERIFY(all[15].step - all[14].step < 200);
        QVERIFY(all[1].step - all[0].step > 500);
        QCOMPARE(keyframes.before(10000, 0)->step, all[14].step);
        QCOMPARE(keyframes.before(0, 0)->step, std::uint64_t{0});
    }

    void keyframesStayWithinTheirBytes()
    {
        Keyframes keyframes(100, 100000);
        for (std::uint64_t step = 0; step < 100; ++step) {
            State state;
            state.model.resize(10000);
            Keyframe keyframe{.step = step};
            keyframe.lanes.push_back(state);
            keyframes.add(std::move(keyframe));
            QVERIFY(keyframes.bytes() <= 100000);
        }
        QVERIFY(keyframes.all().size() >= 8);
        keyframes.dropAfter(50, 0);
        QVERIFY(keyframes.all().back().step <= 50);
        keyframes.clear();
        QCOMPARE(keyframes.bytes(), std::size_t{0});
    }
};

QTEST_APPLESS_MAIN(TestRunnerRewind)
#include "tst_runner_rewind.moc"
