#include "sim/circuit/circuit_parameters.h"
#include "sim/live/pace.h"
#include "sim/live/runner.h"
#include "sim/run/model_table.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <limits>
#include <thread>

using namespace apical;

namespace {

constexpr double kFast = std::numeric_limits<double>::infinity();

Experiment network(std::vector<int> layers)
{
    Experiment e = newExperiment();
    e.layers = std::move(layers);
    circuit(e.parameters).etaIp = {0.01};
    circuit(e.parameters).etaPi = {0.01};
    e.weights.rangeUp = e.weights.rangeDown = e.weights.rangeIp = e.weights.rangePi = 0.1;
    return e;
}

void waitForSteps(const Runner& runner, std::uint64_t steps)
{
    QElapsedTimer timer;
    timer.start();
    while (runner.stepsDone() < steps && timer.elapsed() < 20000)
        std::this_thread::yield();
}

} // namespace

class TestRunnerPace : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void stepsComeDueInProportion()
    {
        Pacer pacer;
        pacer.set(2); // 2 ms simulated per ms: 20000 steps of 0.1 ms a second
        pacer.restart(10, 5);
        QCOMPARE(pacer.due(10, 5, 0.1), std::uint64_t{0});
        QCOMPARE(pacer.due(10.01, 5, 0.1), std::uint64_t{200});
        QCOMPARE(pacer.due(10.01, 25, 0.1), std::uint64_t{0});
        QVERIFY(std::abs(pacer.nextDue(25, 0.1) - 10.01005) < 1e-9);
        QCOMPARE(pacer.stepsPerSecond(0.1), 20000.0);
    }

    void aLongDelayIsForgiven()
    {
        Pacer pacer;
        pacer.restart(0, 0);
        QCOMPARE(pacer.due(0.09, 0, 0.1), std::uint64_t{900});
        QCOMPARE(pacer.due(5, 0, 0.1), std::uint64_t{0});
        QCOMPARE(pacer.due(5.001, 0, 0.1), std::uint64_t{10});
    }

    void slowestPaceStepsAtLast()
    {
        Pacer pacer;
        pacer.set(0);
        QCOMPARE(pacer.factor(), Pacer::kSlowest);
        pacer.restart(0, 0);
        QCOMPARE(pacer.due(1.5, 0, 2), std::uint64_t{0}); // 2 ms at 0.001x: 2 s
        QCOMPARE(pacer.due(2.05, 0, 2), std::uint64_t{1});
        pacer.set(kFast);
        QVERIFY(pacer.unlimited());
        QVERIFY(pacer.due(2.05, 0, 2) > 1000000);
        pacer.set(std::numeric_limits<double>::quiet_NaN());
        QVERIFY(pacer.unlimited());
    }

    void ratesAreThoseOfTheLastHalfSecond()
    {
        SpeedMeter meter;
        QCOMPARE(meter.rate().stepsPerSecond, 0.0);
        meter.restart(0, 0, 0);
        std::uint64_t steps = 0;
        for (int ms = 1; ms <= 2000; ++ms) {
            steps += ms <= 1000 ? 1 : 10;
            meter.add(ms * 1e-3, steps, 0.1 * static_cast<double>(steps));
            if (ms == 1000)
                QVERIFY(std::abs(meter.rate().stepsPerSecond - 1000) < 1);
        }
        QVERIFY(std::abs(meter.rate().stepsPerSecond - 10000) < 1);
        QVERIFY(std::abs(meter.rate().realTimeFactor - 1) < 1e-3);
    }

    void paceIsKept_data()
    {
        QTest::addColumn<double>("pace");
        QTest::newRow("0.05x") << 0.05;
        QTest::newRow("1x") << 1.0;
        QTest::newRow("20x") << 20.0;
    }

    void paceIsKept()
    {
        QFETCH(double, pace);
        Runner runner(network({8, 6, 3}));
        runner.setPace(pace);
        Frame frame;
        while (!runner.takeFrame(frame) || frame.pace != pace)
            std::this_thread::yield();
        QElapsedTimer timer;
        timer.start();
        runner.run();
        const double seconds = 0.6;
        const auto steps = static_cast<std::uint64_t>(pace * 1e4 * seconds);
        waitForSteps(runner, steps);
        const double needed = static_cast<double>(timer.nsecsElapsed()) * 1e-9;
        runner.takeFrame(frame);
        qInfo("%.2fx: %.3f s for %.3f s, shown as %.3fx", pace, needed, seconds,
            frame.realTimeFactor);
        QVERIFY(needed > 0.95 * seconds); // never too fast; how much too slow is up to the machine
    }

    void aRunningThreadStopsSoon_data()
    {
        QTest::addColumn<std::vector<int>>("layers");
        QTest::newRow("8-6-3") << std::vector<int>{8, 6, 3};
        QTest::newRow("100-100-10") << std::vector<int>{100, 100, 10};
        QTest::newRow("784-500-10") << std::vector<int>{784, 500, 10};
    }

    void aRunningThreadStopsSoon()
    {
        QFETCH(std::vector<int>, layers);
        qint64 worstPause = 0;
        for (int i = 0; i < 5; ++i) {
            auto runner = std::make_unique<Runner>(network(layers));
            runner->setPace(i == 0 ? 1.0 : kFast);
            runner->run();
            waitForSteps(*runner, 20 + 30 * static_cast<std::uint64_t>(i));
            QElapsedTimer timer;
            timer.start();
            runner->pause();
            for (Frame frame; !runner->takeFrame(frame) || frame.state != RunState::Paused;)
                std::this_thread::yield();
            worstPause = std::max(worstPause, timer.elapsed());
            runner->run();
            waitForSteps(*runner, 60 + 30 * static_cast<std::uint64_t>(i));
            timer.start();
            runner.reset();
            worstPause = std::max(worstPause, timer.elapsed());
        }
        qInfo("paused or gone within %lld ms (goal: 50 ms)", static_cast<long long>(worstPause));
        QVERIFY(worstPause < 500); // ten times the goal, for machines under load
    }

    void anEditTakesEffectSoon()
    {
        for (const double pace : {0.01, 1.0, kFast}) {
            Runner runner(network({8, 6, 3}));
            runner.setPace(pace);
            runner.run();
            waitForSteps(runner, 10);
            double worst = 0;
            Frame frame;
            for (int i = 1; i <= 10; ++i) {
                QElapsedTimer timer;
                timer.start();
                runner.edit(-1, "eta.pi", 0.01 * i);
                while (runner.experiment().edits.size() < static_cast<std::size_t>(i))
                    std::this_thread::yield();
                const std::uint64_t step = runner.experiment().edits.back().step;
                waitForSteps(runner, step + 1);
                worst = std::max(worst, static_cast<double>(timer.nsecsElapsed()) * 1e-6);
            }
            qInfo(
                "%gx: first step with an edit at most %.1f ms after it (goal: 50 ms)", pace, worst);
            QVERIFY(worst < 500);
        }
    }

    void fullSpeedNeitherDropsFramesForNorFloodsTheWindow()
    {
        Runner runner(network({8, 6, 3}));
        runner.setPace(kFast);
        runner.run();
        History history;
        Frame frame;
        std::uint64_t frames = 0;
        std::size_t bins = 0;
        QElapsedTimer timer;
        timer.start();
        while (timer.elapsed() < 600) {
            if (runner.takeFrame(frame))
                ++frames;
            bins += runner.drain(history);
            std::this_thread::yield();
        }
        const double seconds = static_cast<double>(timer.nsecsElapsed()) * 1e-9;
        qInfo("%.0f frames, %.0f bins, %.0f steps per second",
            static_cast<double>(frames) / seconds, static_cast<double>(bins) / seconds,
            frame.stepsPerSecond);
        QVERIFY(frames > 3);
        QVERIFY(static_cast<double>(frames) <= seconds / 0.004 + 2);
        QVERIFY(static_cast<double>(bins) < 4000 * seconds + 2000);
        QCOMPARE(frame.droppedBins, std::uint64_t{0});
        QVERIFY(frame.stepsPerSecond > 0);
        // Every step is in a bin.
        std::uint64_t next = 0;
        for (std::size_t i = 0; i < history.size(); ++i) {
            QCOMPARE(history.bin(i).firstStep, next);
            next = history.bin(i).endStep();
        }
    }
};

QTEST_APPLESS_MAIN(TestRunnerPace)
#include "tst_runner_pace.moc"
