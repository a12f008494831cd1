// One lane: state as a value, edits, protocol, divergence, determinism.
#include "sim/base/error.h"
#include "sim/base/random.h"
#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/self_prediction.h"
#include "sim/run/model_table.h"
#include "sim/run/simulation.h"

#include <QTest>

#include <cmath>

using namespace apical;

namespace {

Experiment selfPredicting()
{
    Experiment e = newExperiment();
    e.parameters.inputLow = -3, e.parameters.inputHigh = 3;
    circuit(e.parameters).etaIp = {0.1}, circuit(e.parameters).etaPi = {0.3};
    e.parameters.targetOn = false;
    return e;
}

void run(Simulation& sim, int steps)
{
    for (int k = 0; k < steps; ++k)
        QVERIFY(sim.step());
}

std::vector<double> read(const Simulation& sim, const std::string& name)
{
    const Probe* probe = findProbe(sim.model(), name);
    std::vector<double> values(static_cast<std::size_t>(probe->size()));
    probe->read(values);
    return values;
}

} // namespace

class SimulationTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void continuingASavedStateEqualsTheUninterruptedRun();
    void replayingTheEditLogGivesTheSameBits();
    void sameSeedSameBitsOtherSeedOtherBits();
    void patternsLastTheirPresentationTime();
    void changingTheTimeStepKeepsTimeAndGoesOn();
    void softResetAddsAQuietLeadIn();
    void plasticityWaitsForItsOnset();
    void targetDelayHoldsTheNudgingBack();
    void stepsHoldEachCurrentForItsOwnTime();
    void readoutAveragesFromTheLagOn();
    void aNonFiniteStepLeavesTheLastGoodState();
    void badEditsChangeNothing();
    void jumpingToTheFixedPointSilencesTheApicalDendrites();
    void mimicTargetsAreWhatTheTeacherAnswers();
    void shuffledPatternsVisitEachOncePerEpoch();
    void wrongSizesAreErrorsWithTheirPlace();
    void randomNumbersDependOnTheirAddressOnly();
};

void SimulationTest::continuingASavedStateEqualsTheUninterruptedRun()
{
    for (const char* precision : {"double", "float", "reference"}) {
        Experiment e = selfPredicting();
        e.precision = precision;
        circuit(e.parameters).noise = 0.01;
        Simulation whole(e), first(e);
        run(whole, 2357);
        run(first, 1234); // in the middle of a pattern
        const State saved = first.state();
        Simulation second(e);
        second.restore(saved);
        QVERIFY(second.state() == saved);
        run(second, 2357 - 1234);
        QVERIFY(second.state() == whole.state());
    }
}

void SimulationTest::replayingTheEditLogGivesTheSameBits()
{
    Simulation live(selfPredicting());
    std::vector<Edit> log;
    const auto edit = [&](const std::string& key, ParameterValue value) {
        log.push_back({live.clock().step, key, value});
        live.apply(log.back());
    };
    run(live, 321);
    edit("eta.pi", 0.7);
    edit("target.on", true);
    run(live, 555);
    edit("dt", 0.05);
    run(live, 100);
    edit("action.self_predicting", true);
    edit("stimulus.presentation_time", 3.0);
    run(live, 777);
    Experiment replay = selfPredicting();
    replay.edits = log;
    Simulation again(replay);
    run(again, 321 + 555 + 100 + 777);
    State a = live.state(), b = again.state();
    QCOMPARE(b.editsApplied, log.size());
    b.editsApplied = a.editsApplied; // the live one had them from outside
    QVERIFY(a == b);
}

void SimulationTest::sameSeedSameBitsOtherSeedOtherBits()
{
    Simulation a(selfPredicting()), b(selfPredicting());
    Experiment other = selfPredicting();
    other.seed = 2;
    Simulation c(other);
    run(a, 300), run(b, 300), run(c, 300);
    QVERIFY(a.state() == b.state());
    QVERIFY(a.state().model != c.state().model);
}

void SimulationTest::patternsLastTheirPresentationTime()
{
    Simulation sim(selfPredicting());
    run(sim, 99);
    QCOMPARE(sim.clock().pattern, 0u);
    const auto before = read(sim, "input.rate");
    run(sim, 1);
    QCOMPARE(sim.clock().pattern, 1u);
    run(sim, 1);
    QVERIFY(read(sim, "input.rate") != before);
    QCOMPARE(sim.clock().timeMs, 10.1);
}

void SimulationTest::changingTheTimeStepKeepsTimeAndGoesOn()
{
    Simulation sim(selfPredicting());
    run(sim, 1000);
    QCOMPARE(sim.clock().timeMs, 100.0);
    sim.apply({.key = "dt", .value = 0.05});
    run(sim, 200);
    QCOMPARE(sim.clock().timeMs, 110.0);
    QCOMPARE(sim.clock().pattern, 11u);
}

void SimulationTest::softResetAddsAQuietLeadIn()
{
    Experiment e = selfPredicting();
    e.parameters.stateReset = reset_kind::soft;
    Simulation sim(e);
    QCOMPARE(sim.stepsInPattern(), 250u); // 15 ms + 10 ms
    const LayerWeights before = layerWeights(sim.model(), 1);
    run(sim, 150);
    QVERIFY(read(sim, "input.rate") == std::vector<double>(8, 0.0));
    QVERIFY(layerWeights(sim.model(), 1) == before);
    run(sim, 1);
    QVERIFY(read(sim, "input.rate") != std::vector<double>(8, 0.0));
    QVERIFY(!(layerWeights(sim.model(), 1) == before));
}

void SimulationTest::plasticityWaitsForItsOnset()
{
    Experiment e = selfPredicting();
    e.parameters.plasticityOnset = 4;
    Simulation sim(e);
    const LayerWeights before = layerWeights(sim.model(), 1);
    run(sim, 40);
    QVERIFY(layerWeights(sim.model(), 1) == before);
    run(sim, 1);
    QVERIFY(!(layerWeights(sim.model(), 1) == before));
}

void SimulationTest::targetDelayHoldsTheNudgingBack()
{
    Experiment e = newExperiment();
    e.weights.init = WeightSpec::Init::SelfPredicting;
    e.parameters.targetDelay = 5;
    circuit(e.parameters).latentEquilibrium = false;
    Simulation sim(e), never(e);
    never.apply({.key = "target.on", .value = false});
    run(sim, 50), run(never, 50);
    QVERIFY(read(sim, "layer2.pyr.soma") == read(never, "layer2.pyr.soma"));
    QCOMPARE(read(sim, "target.nudged")[0], 0.0);
    run(sim, 1), run(never, 1);
    QVERIFY(read(sim, "layer2.pyr.soma") != read(never, "layer2.pyr.soma"));
    QCOMPARE(read(sim, "target.nudged")[0], 1.0);
}

void SimulationTest::stepsHoldEachCurrentForItsOwnTime()
{
    Experiment e = newExperiment();
    e.layers = {1, 1};
    e.stimulus.kind = "steps";
    e.stimulus.inputs = {{0.0}, {1.0}, {0.5}};
    e.stimulus.times = {4, 2, 3};
    Simulation sim(e);
    std::vector<double> seen;
    for (int k = 0; k < 95; ++k) {
        QVERIFY(sim.step());
        seen.push_back(read(sim, "input.rate")[0]);
    }
    QCOMPARE(seen[39], 0.0);
    QCOMPARE(seen[40], 1.0);
    QCOMPARE(seen[59], 1.0);
    QCOMPARE(seen[60], 0.5);
    QCOMPARE(seen[89], 0.5);
    QCOMPARE(seen[90], 0.0);
}

void SimulationTest::readoutAveragesFromTheLagOn()
{
    Experiment e = selfPredicting();
    e.parameters.readoutLag = 9.8;
    e.parameters.readoutQuantity = readout_quantity::soma;
    Simulation sim(e);
    run(sim, 99);
    const auto one = read(sim, "layer2.pyr.soma");
    QVERIFY(sim.finishedReadouts().empty());
    run(sim, 1);
    const auto two = read(sim, "layer2.pyr.soma");
    QCOMPARE(sim.finishedReadouts().size(), std::size_t{1});
    for (std::size_t i = 0; i < one.size(); ++i)
        QVERIFY(std::abs(sim.finishedReadouts().front().mean[i] - (one[i] + two[i]) / 2) < 1e-15);
}

void SimulationTest::aNonFiniteStepLeavesTheLastGoodState()
{
    Experiment e = selfPredicting();
    circuit(e.parameters).etaPi = {2000};
    Simulation sim(e);
    int steps = 0;
    while (sim.step() && steps < 100000)
        ++steps;
    QVERIFY(sim.diverged());
    QVERIFY(steps < 100000);
    QCOMPARE(sim.clock().step, static_cast<std::uint64_t>(steps));
    const Stop& stop = sim.stop();
    QVERIFY2(stop.quantity.starts_with("layer") || stop.quantity.starts_with("input"),
        stop.quantity.c_str());
    QVERIFY(!stop.guarded());
    QCOMPARE(stopText(stop), stop.quantity + " is not finite");
    QVERIFY(sim.model().finite());
    Simulation again(e);
    run(again, steps);
    QVERIFY(again.state() == sim.state());
    QVERIFY(!sim.step());
}

void SimulationTest::badEditsChangeNothing()
{
    Simulation sim(selfPredicting());
    run(sim, 10);
    const State before = sim.state();
    for (const Edit& bad : {Edit{.key = "eta.pj", .value = 1.0}, Edit{.key = "dt", .value = 7.0},
             Edit{.key = "dt", .value = std::string("x")}, Edit{.key = "bias.on", .value = true}}) {
        QVERIFY_EXCEPTION_THROWN(sim.apply(bad), InputError);
        QVERIFY(sim.state() == before);
    }
}

void SimulationTest::jumpingToTheFixedPointSilencesTheApicalDendrites()
{
    Experiment e = selfPredicting();
    e.layers = {8, 6, 5, 3};
    circuit(e.parameters).etaIp = circuit(e.parameters).etaPi = {0};
    Simulation sim(e);
    run(sim, 50);
    QVERIFY(selfPredictionErrors(sim.model())[0].apical > 1e-2);
    sim.apply({.key = "action.self_predicting", .value = true});
    run(sim, 50);
    for (const auto& errors : selfPredictionErrors(sim.model())) {
        QVERIFY(errors.apical < 1e-10);
        QVERIFY(errors.fixedPointDistance < 1e-14);
    }
}

void SimulationTest::mimicTargetsAreWhatTheTeacherAnswers()
{
    Experiment e = newExperiment();
    e.layers = {1, 1, 1};
    e.stimulus.kind = "mimic";
    e.parameters.dt = 0.01, circuit(e.parameters).inputTau = 0.01,
    circuit(e.parameters).targetTau = 0.01;
    e.parameters.presentationTime = 1;
    Simulation student(e);
    QCOMPARE(student.stimulus().samples(Block::Train), 6);
    // A student that has the teacher's own weights answers right.
    Experiment copy = e;
    copy.seed = e.stimulus.teacherSeed;
    copy.weights.init = WeightSpec::Init::SelfPredicting;
    copy.parameters.targetOn = false;
    Simulation twin(copy);
    int answers = 0;
    for (int k = 0; k < 1200; ++k) {
        QVERIFY(twin.step());
        if (const std::span<const Readout> out = twin.finishedReadouts();
            !out.empty() && ++answers > 1)
            QVERIFY2(std::abs(out.front().mean[0] - out.front().target[0]) < 0.02,
                qPrintable(QString::number(out.front().mean[0] - out.front().target[0])));
    }
    QCOMPARE(answers, 12);
}

void SimulationTest::shuffledPatternsVisitEachOncePerEpoch()
{
    Experiment e = newExperiment();
    e.layers = {9, 5, 3};
    e.stimulus.kind = "bars";
    const auto bars = makeStimulus(e);
    QCOMPARE(bars->samples(Block::Train), 8);
    std::vector<int> firstOrder, order;
    for (std::uint64_t epoch = 0; epoch < 5; ++epoch) {
        order.clear();
        for (std::uint64_t k = 0; k < 8; ++k)
            order.push_back(bars->sample({.ordinal = epoch, .index = k, .size = 8}));
        if (epoch == 0)
            firstOrder = order;
        else
            QVERIFY(order != firstOrder || epoch > 1);
        std::sort(order.begin(), order.end());
        QVERIFY(order == (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7}));
    }
}

void SimulationTest::wrongSizesAreErrorsWithTheirPlace()
{
    const auto keyOf = [](const Experiment& e) -> std::string {
        try {
            Simulation sim(e);
        } catch (const InputError& error) {
            return error.fields().key;
        }
        return "none";
    };
    Experiment e = selfPredicting();
    e.layers = {8};
    QCOMPARE(keyOf(e), std::string("network.layers"));
    e = selfPredicting();
    e.layers = {8, 0, 3};
    QCOMPARE(keyOf(e), std::string("network.layers[1]"));
    e = selfPredicting();
    e.layers = {100000, 100000, 10};
    QCOMPARE(keyOf(e), std::string("network.layers"));
    e = selfPredicting();
    e.stimulus.kind = "patterns";
    e.stimulus.inputs = {{1, 2, 3}};
    QCOMPARE(keyOf(e), std::string("stimulus.inputs[0]"));
    e = selfPredicting();
    e.weights.init = WeightSpec::Init::Explicit;
    e.weights.given = {{"layer1.W_up", Matrix(3, 2)}};
    QCOMPARE(keyOf(e), std::string("weights.up[0]"));
    e = selfPredicting();
    e.parameters = Parameters();
    QCOMPARE(keyOf(e), std::string("model"));
    e = selfPredicting();
    e.parameters.dt = std::nan("");
    QCOMPARE(keyOf(e), std::string("dt"));
}

void SimulationTest::randomNumbersDependOnTheirAddressOnly()
{
    const double a = uniform(7, RandomStream::Input, 3, 5);
    static_cast<void>(uniform(7, RandomStream::Input, 4, 5));
    QCOMPARE(uniform(7, RandomStream::Input, 3, 5), a);
    QVERIFY(uniform(8, RandomStream::Input, 3, 5) != a);
    QVERIFY(uniform(7, RandomStream::Target, 3, 5) != a);
    QVERIFY(uniform(7, RandomStream::Input, 3, 6) != a);
    QVERIFY(uniform(7, RandomStream::Input, (std::uint64_t{1} << 40) + 3, 5) != a);
    double sum = 0, squares = 0, normals = 0, normalSquares = 0;
    const int n = 100000;
    for (std::uint32_t i = 0; i < n; ++i) {
        const double u = uniform(1, RandomStream::Input, 0, i),
                     z = normal(1, RandomStream::SomaticNoise, 0, i);
        QVERIFY(u >= 0 && u < 1);
        sum += u, squares += u * u, normals += z, normalSquares += z * z;
    }
    QVERIFY(std::abs(sum / n - 0.5) < 0.005);
    QVERIFY(std::abs(squares / n - 1.0 / 3) < 0.005);
    QVERIFY(std::abs(normals / n) < 0.015);
    QVERIFY(std::abs(normalSquares / n - 1) < 0.02);
    for (std::uint64_t seed : {0u, 1u, 9999u})
        QVERIFY(nextSeed(seed) != seed && nextSeed(seed) > 0);
}

QTEST_APPLESS_MAIN(SimulationTest)
#include "tst_simulation.moc"
