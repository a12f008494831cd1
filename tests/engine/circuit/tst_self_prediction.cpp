// The promise of the first preset: all four errors vanish, for ten seeds of ten.
#include "sim/circuit/self_prediction.h"
#include "sim/files/preset.h"
#include "sim/run/simulation.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace apical;

class SelfPredictionTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void allFourErrorsVanishForTenSeeds();
    void weightsBroughtInSayHowFarTheyAreFromTheirTarget();
};

void SelfPredictionTest::allFourErrorsVanishForTenSeeds()
{
    Experiment e = loadPreset("self-predicting");
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        e.seed = seed;
        Simulation sim(e);
        const auto until = [&](double ms) {
            while (sim.clock().timeMs < ms - 0.01) {
                if (!sim.step())
                    return false;
            }
            return true;
        };
        QVERIFY(until(15000));
        const auto middle = selfPredictionErrors(sim.model()).front();
        QVERIFY(middle.feedforwardDistance < kWeightGoal);
        QVERIFY(middle.feedbackDistance < kWeightGoal);
        QVERIFY(until(40000));
        const auto end = selfPredictionErrors(sim.model()).front();
        qInfo("seed %d: at 15 s feedforward %.2g %%, feedback %.2g %% off; at 40 s apical "
              "%.2g, interneuron %.2g",
            static_cast<int>(seed), 100 * middle.feedforwardDistance, 100 * middle.feedbackDistance,
            end.apical, end.interneuron);
        QVERIFY(end.apical < 2e-2);
        QVERIFY(end.interneuron < 2e-4);
    }
}

void SelfPredictionTest::weightsBroughtInSayHowFarTheyAreFromTheirTarget()
{
    Experiment e = loadPreset("self-predicting");
    e.weights.init = WeightSpec::Init::SelfPredicting;
    Simulation sim(e);
    LayerWeights own = layerWeights(sim.model(), 1);
    for (double& w : own.ip.values)
        w *= 1.01;
    setLayerWeights(sim.model(), 1, {.up = {}, .down = {}, .ip = own.ip, .pi = {}});
    const SelfPredictionErrors off = selfPredictionErrors(sim.model()).front();
    QVERIFY(std::abs(off.feedforwardDistance - 0.01) < 1e-12);
    QCOMPARE(off.feedbackDistance, 0.0);

    LayerWeights silent = layerWeights(sim.model(), 1);
    std::fill(silent.down.values.begin(), silent.down.values.end(), 0.0);
    std::fill(silent.pi.values.begin(), silent.pi.values.end(), 0.0);
    silent.pi.values.front() = 0.3; // without a target to be measured by, the distance itself
    setLayerWeights(sim.model(), 1, {.up = {}, .down = silent.down, .ip = {}, .pi = silent.pi});
    QVERIFY(std::abs(selfPredictionErrors(sim.model()).front().feedbackDistance - 0.3) < 1e-12);
}

QTEST_APPLESS_MAIN(SelfPredictionTest)
#include "tst_self_prediction.moc"
