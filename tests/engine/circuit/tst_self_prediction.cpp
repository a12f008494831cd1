// The promise of the first preset: all four errors vanish, for ten seeds of ten.
#include "sim/circuit/self_prediction.h"
#include "sim/files/preset.h"
#include "sim/run/simulation.h"

#include <QTest>

using namespace apical;

class SelfPredictionTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void allFourErrorsVanishForTenSeeds();
};

void SelfPredictionTest::allFourErrorsVanishForTenSeeds()
{
    Experiment e = loadPreset("self-predicting");
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        e.seed = seed;
        Simulation sim(e);
        const auto start = selfPredictionErrors(sim.model()).front();
        const auto until = [&](double ms) {
            while (sim.clock().timeMs < ms - 0.01) {
                if (!sim.step())
                    return false;
            }
            return true;
        };
        QVERIFY(until(15000));
        const auto middle = selfPredictionErrors(sim.model()).front();
        QVERIFY(middle.feedforwardWeight < 0.01 * start.feedforwardWeight);
        QVERIFY(middle.feedbackWeight < 0.01 * start.feedbackWeight);
        QVERIFY(until(40000));
        const auto end = selfPredictionErrors(sim.model()).front();
        qInfo("seed %d: at 15 s feedforward %.2g %%, feedback %.2g %% of start; at 40 s apical "
              "%.2g, interneuron %.2g",
            static_cast<int>(seed), 100 * middle.feedforwardWeight / start.feedforwardWeight,
            100 * middle.feedbackWeight / start.feedbackWeight, end.apical, end.interneuron);
        QVERIFY(end.apical < 2e-2);
        QVERIFY(end.interneuron < 2e-4);
    }
}

QTEST_APPLESS_MAIN(SelfPredictionTest)
#include "tst_self_prediction.moc"
