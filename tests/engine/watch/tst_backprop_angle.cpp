// How close local plasticity comes to backpropagation: what is compared, when, and that comparing
// disturbs nothing.
#include "sim/circuit/backprop.h"
#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/circuit_weights.h"
#include "sim/circuit/self_prediction.h"
#include "sim/run/model_table.h"
#include "sim/watch/backprop_angle.h"

#include "tests/engine/allocation_counter.h"
#include "tests/engine/angle_runs.h"

#include <QTest>

#include <cmath>

using namespace apical;
using namespace apical::test;

namespace {

// One neuron on three inputs, always the same pattern.
Experiment single()
{
    Experiment e = newExperiment();
    e.layers = {3, 1};
    e.stimulus.kind = "patterns";
    e.stimulus.inputs = {{0.5, -1, 2}};
    e.stimulus.targets = {std::vector<double>{0.8}};
    e.parameters.presentationTime = 2;
    circuit(e.parameters).etaUp = {1e-6};
    e.parameters.angleInterval = 1;
    return e;
}

} // namespace

class BackpropAngleTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anglesAreDegreesBetweenDirections();
    void oneNeuronFollowsItsGradientWithAKnownStep();
    void changeOfAPresentationIsComparedWithTheGradientBeforeIt();
    void outputWeightsFollowTheGradientOfBars();
    void withTransposedFeedbackHiddenLayersFollowTheGradientToo();
    void watchingChangesNoBit();
    void watchingAllocatesNothing();
    void firstPresentationWithATargetOfEachIntervalIsMeasured();
    void noChangeHasNoAngle();
    void anInterruptedPresentationIsLeftOut();
    void rewindingForgetsWhatIsToCome();
    void measurementsGetOldWithoutATarget();
};

void BackpropAngleTest::anglesAreDegreesBetweenDirections()
{
    const std::vector<double> x{1, 0}, diagonal{2, 2}, minus{-3, 0}, none{0, 0};
    QVERIFY(std::abs(angleBetween(x, diagonal) - 45) < 1e-12);
    QCOMPARE(angleBetween(x, x), 0.0);
    QCOMPARE(angleBetween(x, minus), 180.0);
    QVERIFY(std::isnan(angleBetween(x, none)) && std::isnan(angleBetween(none, x)));
    const std::vector<double> tiny{1e-200, 1e-200}, huge{1e200, -1e200};
    QVERIFY(std::abs(angleBetween(tiny, huge) - 90) < 1e-12);
}

void BackpropAngleTest::oneNeuronFollowsItsGradientWithAKnownStep()
{
    const Experiment e = single();
    Simulation sim(e);
    BackpropAngles angles(sim);
    runPresentations(sim, angles, 3); // in the very first step the target is still zero
    const Parameters& p = e.parameters;
    const Matrix up = layerWeights(sim.model(), 1).up;
    const double v = 0.5 * up(0, 0) - up(0, 1) + 2 * up(0, 2);
    const double lambda = circuit(p).basal / (circuit(p).leak + circuit(p).basal), own = lambda * v;
    const double nudged =
        (circuit(p).basal * v + circuit(p).nudging * 0.8) / circuit(p).totalOutput();
    const auto phi = [](double u) { return std::log1p(std::exp(u)); };
    const double ratio =
        2 * 1e-6 * std::abs(phi(nudged) - phi(own)) / (lambda * std::abs(own - 0.8));
    const BackpropAngle& angle = angles.latest()->layers[0];
    QVERIFY2(angle.weights < 1e-4, qPrintable(QString::number(angle.weights)));
    QVERIFY2(std::abs(angle.normRatio / ratio - 1) < 1e-4,
        qPrintable(QStringLiteral("%1 %2").arg(angle.normRatio).arg(ratio)));
    QVERIFY(std::isnan(angle.apical));
}

void BackpropAngleTest::changeOfAPresentationIsComparedWithTheGradientBeforeIt()
{
    for (const char* precision : {"double", "float"}) {
        Experiment e = bars(1);
        e.precision = precision;
        Simulation sim(e);
        BackpropAngles angles(sim);
        runPresentations(sim, angles, 11);
        std::vector<Matrix> before{
            layerWeights(sim.model(), 1).up, layerWeights(sim.model(), 2).up};
        Backprop backprop(e.layers, false);
        backprop.compute(sim.parameters(), before, sim.patternInput(), sim.patternTarget());
        const std::uint64_t pattern = sim.clock().pattern;
        runPresentations(sim, angles, 1);
        QCOMPARE(angles.latest()->pattern, pattern);
        for (int l = 1; l <= 2; ++l) {
            const Matrix after = layerWeights(sim.model(), l).up;
            const auto at = static_cast<std::size_t>(l - 1);
            double dot = 0, change = 0, gradient = 0;
            for (std::size_t k = 0; k < after.values.size(); ++k) {
                const double d = after.values[k] - before[at].values[k];
                const double g = backprop.gradient(l).values[k];
                dot -= d * g, change += d * d, gradient += g * g;
            }
            const BackpropAngle& angle = angles.latest()->layers[at];
            QVERIFY(
                std::abs(std::cos(angle.weights / 180 * M_PI) - dot / std::sqrt(change * gradient))
                < 1e-12);
            QVERIFY(std::abs(angle.normRatio / std::sqrt(change / gradient) - 1) < 1e-12);
        }
        const Probe* apical = findProbe(sim.model(), "layer1.pyr.apical");
        std::vector<double> v(30);
        apical->read(v);
        for (double& x : v)
            x = -x;
        QCOMPARE(angles.latest()->layers[0].apical, angleBetween(v, backprop.delta(1)));
    }
}

void BackpropAngleTest::outputWeightsFollowTheGradientOfBars()
{
    Simulation sim(bars(8));
    BackpropAngles angles(sim);
    runPresentations(sim, angles, 100 * 8);
    QCOMPARE(angles.size(), std::size_t{100});
    const std::vector<BackpropAngle> last = angles.mean(8);
    QVERIFY2(last[1].weights < 45, qPrintable(QString::number(last[1].weights)));
    QVERIFY2(last[0].weights < 90, qPrintable(QString::number(last[0].weights)));
    QVERIFY(std::isnan(last[1].apical));
    // The mean is that of the last eight.
    double sum = 0;
    for (std::size_t i = 92; i < 100; ++i)
        sum += angles.at(i).layers[1].weights;
    QCOMPARE(last[1].weights, sum / 8);
}

void BackpropAngleTest::withTransposedFeedbackHiddenLayersFollowTheGradientToo()
{
    // The apical potential then is W_up^T times the output error, but for phi' of the output, which
    // is 1 here: the limit in which the circuit is known to follow backpropagation.
    Experiment e = bars(1);
    e.layers = {9, 20, 3};
    e.weights.rangeUp = 0.2;
    circuit(e.parameters).phiTheta = -8;
    Simulation drawn(e);
    LayerWeights hidden = layerWeights(drawn.model(), 1);
    const LayerWeights output = layerWeights(drawn.model(), 2);
    for (int i = 0; i < 20; ++i) {
        for (int j = 0; j < 3; ++j) {
            hidden.down(i, j) = output.up(j, i);
            hidden.pi(i, j) = -output.up(j, i);
        }
    }
    e.weights.init = WeightSpec::Init::Explicit;
    e.weights.given = namedWeights({hidden, output});
    circuit(e.parameters).etaUp = {1e-6};
    circuit(e.parameters).etaIp = {0};
    Simulation sim(e);
    BackpropAngles angles(sim);
    runPresentations(sim, angles, 16);
    for (const BackpropAngle& angle : angles.mean(8)) {
        QVERIFY2(angle.weights < 3, qPrintable(QString::number(angle.weights)));
        QVERIFY2(!(angle.apical > 3), qPrintable(QString::number(angle.apical)));
    }
}

void BackpropAngleTest::watchingChangesNoBit()
{
    for (const char* precision : {"double", "float"}) {
        Experiment e = bars(1);
        e.precision = precision;
        circuit(e.parameters).etaPi = {0.02};
        circuit(e.parameters).plasticityTau = 3;
        Simulation watched(e), alone(e);
        BackpropAngles angles(watched);
        for (int k = 0; k < 3000; ++k) {
            QVERIFY(watched.step() && alone.step());
            angles.afterStep();
        }
        QCOMPARE(angles.size(), std::size_t{30});
        QVERIFY(watched.state() == alone.state());
    }
}

void BackpropAngleTest::watchingAllocatesNothing()
{
    Simulation sim(bars(2));
    BackpropAngles angles(sim);
    runPresentations(sim, angles, 5);
    long most = 0;
    for (int k = 0; k < 100 * 600; ++k) { // the ring comes around
        QVERIFY(sim.step());
        const long before = allocations;
        angles.afterStep();
        most = std::max(most, allocations - before);
    }
    QCOMPARE(most, 0L);
    QVERIFY(angles.size() > 290);
}

void BackpropAngleTest::firstPresentationWithATargetOfEachIntervalIsMeasured()
{
    Experiment e = single();
    circuit(e.parameters).etaUp = {0.01};
    e.parameters.angleInterval = 4;
    e.stimulus.inputs = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    e.stimulus.targets = {std::nullopt, std::vector<double>{0.3}, std::vector<double>{0.8}};
    Simulation sim(e);
    BackpropAngles angles(sim);
    runPresentations(sim, angles, 16);
    std::vector<std::uint64_t> measured;
    for (std::size_t i = 0; i < angles.size(); ++i)
        measured.push_back(angles.at(i).pattern);
    // 0, 3, 6, ... have no target.
    QVERIFY((measured == std::vector<std::uint64_t>{1, 4, 8, 13}));
}

void BackpropAngleTest::noChangeHasNoAngle()
{
    Experiment e = bars(1);
    circuit(e.parameters).lockUp = true;
    Simulation sim(e);
    BackpropAngles angles(sim);
    runPresentations(sim, angles, 3);
    for (const BackpropAngle& angle : angles.latest()->layers)
        QVERIFY(std::isnan(angle.weights) && std::isnan(angle.normRatio));
    QVERIFY(angles.latest()->layers[0].apical > 0);
    const auto mean = angles.mean(8);
    QVERIFY(std::isnan(mean[0].weights) && mean[0].apical > 0);
}

void BackpropAngleTest::anInterruptedPresentationIsLeftOut()
{
    Simulation sim(bars(1));
    BackpropAngles angles(sim);
    runPresentations(sim, angles, 2);
    QCOMPARE(angles.size(), std::size_t{2});
    for (int k = 0; k < 30; ++k) {
        sim.step();
        angles.afterStep();
    }
    sim.apply({.step = sim.clock().step, .key = "eta.up", .value = 0.2});
    runPresentations(sim, angles, 1);
    QCOMPARE(angles.size(), std::size_t{2});
    runPresentations(sim, angles, 1);
    QCOMPARE(angles.size(), std::size_t{3});
}

void BackpropAngleTest::rewindingForgetsWhatIsToCome()
{
    Simulation sim(bars(1));
    BackpropAngles angles(sim);
    runPresentations(sim, angles, 5);
    sim.step();
    const State there = sim.state();
    runPresentations(sim, angles, 4);
    std::vector<BackpropMeasurement> first;
    for (std::size_t i = 0; i < angles.size(); ++i)
        first.push_back(angles.at(i));
    QCOMPARE(first.size(), std::size_t{9});
    sim.restore(there);
    angles.forgetLater();
    QCOMPARE(angles.size(), std::size_t{5});
    runPresentations(sim, angles, 4);
    QCOMPARE(angles.size(), std::size_t{8}); // the one under way is not measured
    for (std::size_t i = 0; i < 5; ++i)
        QVERIFY(same(angles.at(i), first[i]));
    for (std::size_t i = 5; i < 8; ++i)
        QVERIFY(same(angles.at(i), first[i + 1]));
}

void BackpropAngleTest::measurementsGetOldWithoutATarget()
{
    Simulation sim(bars(2));
    BackpropAngles angles(sim);
    QVERIFY(!angles.current());
    runPresentations(sim, angles, 6);
    QVERIFY(angles.current());
    sim.apply({.step = sim.clock().step, .key = "target.on", .value = false});
    runPresentations(sim, angles, 6);
    QVERIFY(!angles.current() && angles.latest());
}

QTEST_APPLESS_MAIN(BackpropAngleTest)
#include "tst_backprop_angle.moc"
