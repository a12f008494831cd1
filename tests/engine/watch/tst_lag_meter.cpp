// The lag meter against closed forms, and that watching changes nothing.
#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/self_prediction.h"
#include "sim/run/model_table.h"
#include "sim/watch/lag_meter.h"

#include "tests/engine/runner_waits.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace apical;

namespace {

constexpr double kLastTwentieth = 2.995732273553991; // ln 20: an exponential is within 5 %

constexpr double kAlways = std::numeric_limits<double>::infinity();

/// Input, `hidden` neurons one behind another, output; potentials large enough for phi(v) = v.
Experiment chain(int hidden)
{
    Experiment e = newExperiment();
    e.layers.assign(static_cast<std::size_t>(hidden) + 2, 1);
    e.parameters.dt = 0.01;
    circuit(e.parameters).inputTau = 0.01;
    e.parameters.presentationTime = 80;
    e.parameters.targetOn = false;
    e.weights.init = WeightSpec::Init::Explicit;
    std::vector<LayerWeights> weights;
    for (int l = 0; l <= hidden; ++l) {
        LayerWeights w;
        w.up = Matrix(1, 1, 2.0);
        if (l < hidden)
            w.down = w.ip = w.pi = Matrix(1, 1, 0.0);
        weights.push_back(w);
    }
    e.weights.given = namedWeights(weights);
    e.stimulus.kind = "patterns";
    e.stimulus.inputs = {{20.0}, {30.0}};
    return e;
}

LagReport measured(const Experiment& e, int patterns = 4)
{
    Simulation lane(e);
    LagMeter meter(lane, kAlways);
    while (lane.clock().pattern < static_cast<std::uint64_t>(patterns) && lane.step())
        meter.afterStep();
    LagReport report;
    meter.report(report);
    return report;
}

bool near(double a, double b, double tolerance)
{
    return std::abs(a - b) <= tolerance;
}

} // namespace

class LagMeterTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anExponentialArrivesAfterThreeTimeConstants()
    {
        const double tau = 5.0, dt = 0.1;
        Settling settling;
        const std::vector<double> from{1, 4}, to{2, -3};
        settling.start(from, to, from);
        QVERIFY(settling.jumped());
        QVERIFY(std::isnan(settling.lagMs()));
        for (int k = 1; k < 400; ++k) {
            const double left = std::exp(-k * dt / tau);
            const std::vector<double> now{2 - left, -3 + 7 * left};
            settling.add(k * dt, now);
        }
        QVERIFY2(near(settling.lagMs(), kLastTwentieth * tau, 0.01),
            qPrintable(QString::number(settling.lagMs())));
    }

    void whatLeavesAgainHasNotArrived()
    {
        Settling settling;
        const std::vector<double> from{0}, to{1};
        settling.start(from, to, from);
        for (const auto& [time, value] : {std::pair{1.0, 1.0}, {2.0, 1.5}, {3.0, 1.0}})
            settling.add(time, std::vector<double>{value});
        QVERIFY(near(settling.lagMs(), 2.9, 1e-12)); // 1.05 on the way from 1.5 to 1
        settling.add(4, std::vector<double>{2});
        QVERIFY(std::isnan(settling.lagMs()));
    }

    void withoutAJumpThereIsNoLag()
    {
        Settling settling;
        const std::vector<double> same{0.3, 0.2};
        settling.start(same, same, same);
        settling.add(1, same);
        QVERIFY(!settling.jumped());
        QVERIFY(std::isnan(settling.lagMs()));
    }

    void lookingAheadTheSomaLagsByThreeTimeConstantsAtEveryDepth()
    {
        const Experiment e = chain(2);
        const double tau = 1 / circuit(e.parameters).totalHidden();
        const LagReport report = measured(e);
        QCOMPARE(report.layers.size(), std::size_t{4});
        for (std::size_t l = 1; l < report.layers.size(); ++l) {
            QVERIFY2(near(report.layers[l].somaMs, kLastTwentieth * tau, 0.05),
                qPrintable(QString::number(report.layers[l].somaMs)));
            // What is broadcast arrives one step later per layer.
            QVERIFY(report.layers[l].broadcastMs <= static_cast<double>(l) * 0.01 + 1e-9);
            QCOMPARE(report.layers[l].somaMissed, 0);
        }
        QCOMPARE(report.changes, 3);
        QVERIFY(near(report.presentationMs, 80, 1e-6));
    }

    void withoutLookAheadTheLagGrowsWithDepth()
    {
        Experiment e = chain(1);
        circuit(e.parameters).latentEquilibrium = false;
        const double tau = 1 / circuit(e.parameters).totalHidden();
        const LagReport report = measured(e);
        // One low-pass: exp(-t/tau) = 0.05; two: (1 + t/tau) exp(-t/tau) = 0.05.
        QVERIFY(near(report.layers[1].somaMs, kLastTwentieth * tau, 0.05));
        QVERIFY2(near(report.layers[2].somaMs, 4.743865 * tau, 0.05),
            qPrintable(QString::number(report.layers[2].somaMs)));
        QVERIFY(near(report.layers[2].broadcastMs, report.layers[2].somaMs, 1e-9));
    }

    void anInputThatLooksAheadLeavesTheFilterOfTheInputOnly()
    {
        Experiment e = chain(1);
        circuit(e.parameters).inputTau = 0.8;
        circuit(e.parameters).inputLookAhead = true;
        e.stimulus.inputs = {{100.0}, {110.0}}; // so large that phi never cuts a spike downwards
        const LagReport report = measured(e);
        for (const LayerLag& layer : report.layers)
            QVERIFY2(near(layer.somaMs, kLastTwentieth * 0.8, 0.05),
                qPrintable(QString::number(layer.somaMs)));
    }

    void shortPresentationsAreMissedNotGuessed()
    {
        Experiment e = chain(1);
        circuit(e.parameters).latentEquilibrium = false;
        e.parameters.presentationTime = 10;
        const LagReport report = measured(e, 9);
        QCOMPARE(report.changes, 8);
        QCOMPARE(report.layers[2].somaCount, 0);
        QCOMPARE(report.layers[2].somaMissed, 8);
        QVERIFY(std::isnan(report.layers[2].somaMs));
        QVERIFY(report.layers[0].somaCount == 8);
    }

    void atFullSpeedTheRunnerPublishesTheSameLags()
    {
        Experiment e = chain(1);
        e.lanes = {{"Sacramento", {{"circuit.latent_equilibrium", false}}}, {"LE", {}}};
        const double tau = 1 / circuit(e.parameters).totalHidden();
        Runner runner(e);
        runner.setPace(test::kFast);
        runner.run();
        Frame frame;
        QVERIFY(test::waitForFrame(runner, frame, [](const Frame& f) {
            return f.lanes[0].lags.changes >= 3 && f.lanes[1].lags.changes >= 3;
        }));
        const auto& slow = frame.lanes[0].lags.layers;
        const auto& ahead = frame.lanes[1].lags.layers;
        QVERIFY(near(slow[2].somaMs, 4.743865 * tau, 0.05));
        QVERIFY(near(ahead[2].somaMs, kLastTwentieth * tau, 0.05));
        QVERIFY(ahead[2].broadcastMs < 0.03);
        // Another run has no measurements of this one.
        runner.pause();
        runner.reset();
        QVERIFY(test::waitForFrame(runner, frame, [](const Frame& f) { return f.step() == 0; }));
        QCOMPARE(frame.lanes[0].lags.changes, 0);
    }

    void measuringChangesNoBit()
    {
        Experiment e = newExperiment();
        e.layers = {4, 6, 3};
        circuit(e.parameters).etaUp = {0.02}, circuit(e.parameters).etaIp = {0.1},
        circuit(e.parameters).etaPi = {0.1};
        e.parameters.presentationTime = 2;
        circuit(e.parameters).noise = 0.01;
        Simulation watched(e), alone(e);
        LagMeter meter(watched, kAlways);
        for (int k = 0; k < 400; ++k) {
            QVERIFY(watched.step() && alone.step());
            meter.afterStep();
        }
        LagReport report;
        meter.report(report);
        QVERIFY(report.changes > 0);
        QVERIFY(watched.state() == alone.state());
    }

    void anEditSpoilsThePresentationUnderWayOnly()
    {
        Experiment e = chain(1);
        Simulation lane(e);
        LagMeter meter(lane, kAlways);
        const auto run = [&](int steps) {
            for (int k = 0; k < steps && lane.step(); ++k)
                meter.afterStep();
        };
        run(12000); // half of the second pattern
        lane.apply({.step = 12000, .key = "circuit.g_b", .value = 0.2});
        meter.skip();
        run(12000);
        LagReport report;
        meter.report(report);
        QCOMPARE(report.changes, 1);
        meter.startOver();
        meter.report(report);
        QCOMPARE(report.changes, 0);
        QVERIFY(std::isnan(report.layers[1].somaMs));
    }

    void largeNetworksAndResetsSayThatNothingIsMeasured()
    {
        Experiment e = newExperiment();
        e.layers = {400, 400, 100};
        Simulation large(e);
        LagReport report;
        LagMeter(large).report(report);
        QVERIFY(report.blocked == LagReport::Blocked::TooLarge);
        e = chain(1);
        e.parameters.stateReset = reset_kind::hard;
        QVERIFY(measured(e).blocked == LagReport::Blocked::Resets);
        QCOMPARE(measured(e).changes, 0);
    }
};

QTEST_APPLESS_MAIN(LagMeterTest)
#include "tst_lag_meter.moc"
