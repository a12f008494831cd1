#include "sim/base/error.h"
#include "sim/circuit/self_prediction.h"
#include "sim/insight/circuit_frame.h"
#include "tests/engine/runner_waits.h"

#include <QTest>

using namespace apical;
using namespace apical::test;

class TestRunner : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void badExperimentsAreRefusedWhereTheyAreMade()
    {
        Experiment e = selfPredicting();
        e.layers = {8};
        QVERIFY_EXCEPTION_THROWN(Runner{e}, InputError);
    }

    void itStartsPausedWithAFrameOfTheFirstState()
    {
        Runner runner(selfPredicting());
        Frame frame;
        QVERIFY(waitForFrame(runner, frame, pausedAt(0)));
        QCOMPARE(frame.sizes, std::vector<int>({8, 6, 3}));
        QCOMPARE(frame.lanes.size(), std::size_t{1});
        QCOMPARE(CircuitFrame(frame.lanes[0]).layers.size(), std::size_t{2});
        QCOMPARE((*frame.lanes[0].matrix("layer1.W_up")).cols, 8);
        QVERIFY(circuitErrors(frame.lanes[0])[0].feedbackWeight > 0);
        QCOMPARE(runner.stepsDone(), std::uint64_t{0});
    }

    void stepsShowAtOnce()
    {
        Runner runner(selfPredicting());
        Frame frame;
        History history;
        for (std::uint64_t step = 1; step <= 5; ++step) {
            runner.stepOnce();
            QVERIFY(waitForFrame(runner, frame, pausedAt(step)));
            runner.drain(history);
            QCOMPARE(history.size(), step);
            QCOMPARE(history.bin(step - 1).firstStep, step - 1);
            QCOMPARE(history.bin(step - 1).steps, 1U);
            const int soma = history.find(0, "layer1.pyr.soma", 3);
            QVERIFY(soma >= 0);
            QCOMPARE(history.minimum(step - 1, soma),
                static_cast<float>(frame.lanes[0].quantity("layer1.pyr.soma")[3]));
            const int error = history.find(0, "layer1.apical_error");
            QCOMPARE(history.maximum(step - 1, error),
                static_cast<float>(circuitErrors(frame.lanes[0])[0].apical));
        }
    }

    void theFrameExplainsTheLastStep()
    {
        Runner runner(selfPredicting());
        runner.stepOnce(40);
        Frame frame;
        QVERIFY(waitForFrame(runner, frame, pausedAt(40)));
        Simulation twin(selfPredicting());
        const auto read = [&](const char* name) {
            const Probe* probe = findProbe(twin.model(), name);
            std::vector<double> values(static_cast<std::size_t>(probe->size()));
            probe->read(values);
            return values;
        };
        for (int i = 0; i < 39; ++i)
            twin.step();
        const LaneFrame& lane = frame.lanes[0];
        const auto list = [](std::span<const double> v) {
            return std::vector<double>(v.begin(), v.end());
        };
        const CircuitFrame circuit(lane);
        QCOMPARE(list(circuit.layers[0].before.soma), read("layer1.pyr.soma"));
        QCOMPARE(list(circuit.layers[0].before.rate), read("layer1.pyr.rate"));
        QCOMPARE(list(circuit.layers[0].before.broadcast), read("layer1.pyr.prospective"));
        QCOMPARE(list(circuit.layers[0].before.innRate), read("layer1.inn.rate"));
        QCOMPARE(list(circuit.layers[1].before.soma), read("layer2.pyr.soma"));
        twin.step();
        QCOMPARE(list(circuit.layers[0].apical), read("layer1.pyr.apical"));
        QCOMPARE(list(circuit.layers[0].apicalLateral), read("layer1.pyr.apical_lateral"));
        QCOMPARE(list(circuit.layers[1].basal), read("layer2.pyr.basal"));
        QCOMPARE(circuit.layers[0].pi->values, read("layer1.W_pi"));
        QCOMPARE(list(circuit.input), read("input.rate"));
        QVERIFY(circuit.layers[1].apical.empty());
        QCOMPARE(lane.clock, twin.clock());
        QCOMPARE(circuitErrors(lane), selfPredictionErrors(twin.model()));
    }

    void weightsOfLargeNetworksAreCopiedOnlyOnDemand()
    {
        Experiment large = selfPredicting();
        large.layers = {1200, 900, 2};
        Runner runner(large);
        Frame frame;
        runner.setWish({.weights = false});
        QVERIFY(waitForFrame(
            runner, frame, [](const Frame& f) { return !f.lanes[0].matrix("layer1.W_up"); }));
        runner.setWish(FrameWish{});
        QVERIFY(waitForFrame(
            runner, frame, [](const Frame& f) { return f.lanes[0].matrix("layer1.W_up"); }));
    }

    void weightsOfSmallNetworksAreAlwaysThere()
    {
        Runner runner(selfPredicting());
        Frame frame;
        runner.setWish({.weights = false});
        runner.stepOnce(7);
        QVERIFY(waitForFrame(runner, frame, pausedAt(7)));
        QVERIFY(frame.lanes[0].matrix("layer1.W_up"));
    }

    void nextPatternStopsAtItsFirstStep()
    {
        Runner runner(selfPredicting());
        Frame frame;
        runner.stepOnce(30);
        runner.stepToNextPattern();
        QVERIFY(waitForFrame(runner, frame, pausedAt(100)));
        QCOMPARE(frame.lanes[0].clock.pattern, std::uint64_t{1});
        runner.stepToNextPattern();
        QVERIFY(waitForFrame(runner, frame, pausedAt(200)));
    }

    void noCommandIsLost()
    {
        Runner runner(selfPredicting());
        constexpr int kCommands = 3000;
        for (int i = 0; i < kCommands; ++i) {
            if (i % 3 == 0)
                runner.edit(-1, "eta.pi", 0.1 + i * 1e-4);
            else
                runner.stepOnce();
        }
        Frame frame;
        QVERIFY(waitForFrame(runner, frame, pausedAt(2000)));
        QVERIFY(frame.revision == 1000
            || waitForFrame(runner, frame, [](const Frame& f) { return f.revision == 1000; }));
        const Experiment e = runner.experiment();
        QCOMPARE(e.edits.size(), std::size_t{1000});
        for (std::size_t i = 0; i < e.edits.size(); ++i)
            QCOMPARE(e.edits[i].value, ParameterValue(0.1 + static_cast<double>(3 * i) * 1e-4));
        QCOMPARE(runner.states(), headless(e, 2000));
    }

    void pausesPacesStepsAndEditsGiveTheBitsOfAHeadlessRun()
    {
        Runner runner(twoLanes());
        Frame frame;
        History history;
        runner.stepOnce(7);
        runner.edit(1, "eta.ip", 0.2);
        runner.stepOnce(143);
        runner.edit(-1, "target.on", false); // at step 150, where the protocol switches it on
        runner.setPace(20);
        runner.run();
        QVERIFY(waitForSteps(runner, 1000));
        runner.edit(0, "eta.pi", std::vector<double>{0.5, 0.1, 0.0});
        runner.pause();
        runner.setPace(kFast);
        runner.run();
        for (int i = 0; i < 50; ++i) {
            QVERIFY(waitForSteps(runner, 2000 + static_cast<std::uint64_t>(i) * 100));
            runner.edit(i % 3 - 1, i % 2 ? "circuit.g_a" : "circuit.noise",
                i % 2 ? 0.05 + i * 1e-3 : 1e-3 * i);
            runner.takeFrame(frame);
            runner.drain(history);
        }
        runner.edit(-1, "dt", 0.05);
        runner.edit(-1, "action.self_predicting", true);
        runner.stepToNextPattern();
        runner.edit(-1, "circuit.latent_equilibrium", false);
        runner.stepOnce(100);
        QVERIFY(waitForFrame(runner, frame, paused));
        const std::vector<State> states = runner.states();
        QVERIFY(states[0].clock.step > 7000);
        QCOMPARE(states[0].clock.step, states[1].clock.step);
        const Experiment e = runner.experiment();
        QCOMPARE(e.edits.size(), std::size_t{3 + 3 + 50 + 3});
        QVERIFY(states == headless(e, states[0].clock.step));
        std::string error;
        QVERIFY2(!runner.takeError(error), error.c_str());
    }
};

QTEST_APPLESS_MAIN(TestRunner)
#include "tst_runner.moc"
