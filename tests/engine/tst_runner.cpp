#include "sim/error.h"
#include "sim/preset.h"
#include "sim/runner.h"

#include <QElapsedTimer>
#include <QTest>

#include <cmath>
#include <limits>
#include <thread>

using namespace apical;

namespace {

constexpr double kFast = std::numeric_limits<double>::infinity();

Experiment selfPredicting()
{
    Experiment e;
    e.title = "Self-predicting state";
    e.parameters.etaIp = {0.1};
    e.parameters.etaPi = {0.3};
    e.parameters.targetOn = false;
    e.parameters.inputLow = -3;
    e.parameters.inputHigh = 3;
    return e;
}

Experiment twoLanes()
{
    Experiment e = selfPredicting();
    e.layers = {4, 5, 3, 2};
    e.lanes = {{"LE", {}}, {"Sacramento", {{"circuit.latent_equilibrium", false}}}};
    e.edits = {{.step = 150, .key = "target.on", .value = true, .lane = -1},
        {.step = 150, .key = "eta.up", .value = std::vector<double>{0.01}, .lane = 1},
        {.step = 4000, .key = "target.on", .value = false, .lane = -1}};
    return e;
}

/// Headless states of every lane of an experiment after so many steps.
std::vector<State> headless(const Experiment& e, std::uint64_t steps)
{
    std::vector<State> states;
    for (int lane = 0; lane < e.laneCount(); ++lane) {
        Simulation simulation(e, lane);
        while (simulation.clock().step < steps && simulation.step()) { }
        states.push_back(simulation.state());
    }
    return states;
}

/// Pulls frames until one fulfils a condition. @return whether that happened in time
template <typename Condition>
bool waitForFrame(Runner& runner, Frame& frame, Condition condition, int ms = 20000)
{
    QElapsedTimer timer;
    timer.start();
    do {
        if (runner.takeFrame(frame) && condition(frame))
            return true;
        std::this_thread::yield();
    } while (timer.elapsed() < ms);
    return false;
}

bool waitForSteps(const Runner& runner, std::uint64_t steps)
{
    QElapsedTimer timer;
    timer.start();
    while (runner.stepsDone() < steps && timer.elapsed() < 20000)
        std::this_thread::yield();
    return runner.stepsDone() >= steps;
}

bool waitForError(Runner& runner, std::string& error)
{
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 20000) {
        if (runner.takeError(error))
            return true;
        std::this_thread::yield();
    }
    return false;
}

auto pausedAt(std::uint64_t step)
{
    return [step](const Frame& f) { return f.state == RunState::Paused && f.step() == step; };
}

bool paused(const Frame& f)
{
    return f.state == RunState::Paused;
}

std::vector<Event> events(Runner& runner)
{
    std::vector<Event> all;
    for (Event event; runner.takeEvent(event);)
        all.push_back(event);
    return all;
}

} // namespace

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
        QCOMPARE(frame.lanes[0].layers.size(), std::size_t{2});
        QCOMPARE(frame.lanes[0].layers[0].weights.up.cols, 8);
        QVERIFY(frame.lanes[0].errors[0].feedbackWeight > 0);
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
                static_cast<float>(frame.lanes[0].layers[0].soma[3]));
            const int error = history.find(0, "layer1.apical_error");
            QCOMPARE(history.maximum(step - 1, error),
                static_cast<float>(frame.lanes[0].errors[0].apical));
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
        QCOMPARE(lane.before[0].soma, read("layer1.pyr.soma"));
        QCOMPARE(lane.before[0].rate, read("layer1.pyr.rate"));
        QCOMPARE(lane.before[0].broadcast, read("layer1.pyr.prospective"));
        QCOMPARE(lane.before[0].innRate, read("layer1.inn.rate"));
        QCOMPARE(lane.before[1].soma, read("layer2.pyr.soma"));
        twin.step();
        QCOMPARE(lane.layers[0].apical, read("layer1.pyr.apical"));
        QCOMPARE(lane.layers[0].apicalLateral, read("layer1.pyr.apical_lateral"));
        QCOMPARE(lane.layers[1].basal, read("layer2.pyr.basal"));
        QCOMPARE(lane.layers[0].weights.pi.values, read("layer1.W_pi"));
        QCOMPARE(lane.input, read("input.rate"));
        QVERIFY(lane.layers[1].apical.empty());
        QCOMPARE(lane.clock, twin.clock());
        QCOMPARE(lane.errors, twin.errors());
    }

    void weightsAreCopiedOnlyOnDemand()
    {
        Runner runner(selfPredicting());
        Frame frame;
        runner.setWish({.weights = false});
        QVERIFY(waitForFrame(
            runner, frame, [](const Frame& f) { return f.lanes[0].layers[0].weights.up.empty(); }));
        runner.setWish({.weights = true});
        QVERIFY(waitForFrame(runner, frame,
            [](const Frame& f) { return !f.lanes[0].layers[0].weights.up.empty(); }));
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
        expected.parameters.latentEquilibrium = true;
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
        QCOMPARE(frame.lanes[0].layers[0].weights.up.cols, 9);
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
        QCOMPARE(after.lanes[0].layers[0].weights.up, before.lanes[0].layers[0].weights.up);
        QCOMPARE(after.lanes[0].layers[1].weights.up.rows, 5);
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
        QVERIFY2(frame.lanes[1].divergedAt.starts_with("layer"), frame.lanes[1].divergedAt.c_str());
        QCOMPARE(frame.lanes[0].clock.step, frame.lanes[1].clock.step);
        for (const double u : frame.lanes[1].layers[0].soma)
            QVERIFY(std::isfinite(u));
        const std::vector<Event> all = events(runner);
        QVERIFY(!all.empty() && all.back().kind == Event::Kind::Diverged);
        QCOMPARE(all.back().lane, 1);
        QVERIFY(all.back().text.starts_with(frame.lanes[1].divergedAt));
        const std::uint64_t last = frame.step();
        qInfo("diverged at step %d: %s", static_cast<int>(last), all.back().text.c_str());
        QVERIFY(runner.states() == headless(e, last));

        // Back a little and gentler: it goes on.
        runner.rewindTo(last / 100);
        QVERIFY(waitForFrame(runner, frame, pausedAt(last / 100)));
        QVERIFY(!frame.lanes[1].diverged);
        runner.edit(1, "eta.pi", 0.0);
        runner.edit(1, "eta.ip", 0.0);
        runner.stepOnce(static_cast<int>(last));
        QVERIFY(waitForFrame(runner, frame, pausedAt(last / 100 + last)));
        QVERIFY(runner.states() == headless(runner.experiment(), last / 100 + last));
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

QTEST_APPLESS_MAIN(TestRunner)
#include "tst_runner.moc"
