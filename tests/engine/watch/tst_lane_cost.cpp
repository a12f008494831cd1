// What a lane has spent at the points of its scores: simulated time, spikes, computing time.
#include "sim/files/preset.h"
#include "sim/steps/spike_counts.h"
#include "sim/watch/lane_watch.h"
#include "tests/engine/spiking_predictive/golden_net.h"

#include <QTest>

#include <cmath>
#include <map>

using namespace apical;

namespace {

/// Steps until so many presentations have ended; see() after each of them, before the scores.
template <class See>
void until(Simulation& lane, LaneWatch& watch, std::uint64_t presentations, const See& see)
{
    while (lane.clock().pattern < presentations) {
        QVERIFY(lane.step());
        if (!lane.finishedReadouts().empty())
            see();
        watch.afterStep();
    }
}

double countedSpikes(const Simulation& lane)
{
    const SpikeCounts counts(lane.model(), SpikeCounts::Of::neurons);
    double sum = 0;
    for (const SpikeCounts::Population& population : counts.populations())
        sum += SpikeCounts::total(population);
    return sum;
}

Experiment predictive()
{
    Experiment e = test::goldenNet(golden::read("pc_spc_small"));
    test::own(e).batchSize = 2;
    test::own(e).rate = 0.01;
    e.parameters.protocolValidation = 1;
    return e;
}

} // namespace

class LaneCostTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void countedSpikesAreThoseOfTheMoment()
    {
        Experiment e = loadPreset("bars-spiking");
        Simulation lane(e);
        LaneWatch watch(lane);
        std::map<double, double> spikes; // by time
        until(lane, watch, 32 * 3, [&] { spikes[lane.clock().timeMs] = countedSpikes(lane); });
        const auto seen = *watch.score.seen();
        const auto epochs = *watch.score.epochs();
        QVERIFY(seen.size() >= 2 && epochs.size() >= 2);
        for (const SeenScore& point : seen)
            QCOMPARE(point.spent.spikes, spikes.at(point.spent.timeMs));
        for (const EpochScore& point : epochs)
            QCOMPARE(point.spent.spikes, spikes.at(point.spent.timeMs));
        QVERIFY(seen.back().spent.spikes > seen.front().spent.spikes);
        QVERIFY(std::isnan(seen.back().spent.seconds)); // nobody takes the time
    }

    void spikesOfTrainingAreAddedUpByPresentation()
    {
        const Experiment e = predictive();
        Simulation lane(e);
        LaneWatch watch(lane);
        double sum = 0;
        std::map<double, double> spikes;
        until(lane, watch, 90, [&] {
            const std::vector<double> measures = measuresOf(lane.model());
            if (lane.finishedReadouts().back().presentation.block == Block::Train)
                sum += 2 * (measures[0] + measures[1]); // a batch of two
            spikes[lane.clock().timeMs] = sum;
        });
        const auto epochs = *watch.score.epochs();
        QCOMPARE(epochs.size(), std::size_t{30}); // two batches and a validation each
        for (const EpochScore& point : epochs)
            QCOMPARE(point.spent.spikes, spikes.at(point.spent.timeMs));
        // Validation, too, stands where training had brought the weights.
        QCOMPARE(epochs[3].spent.timeMs, 3 * (2 * 100 + 40) + 2 * 100.0);
        QVERIFY(epochs.back().spent.spikes > 0);
    }

    void netsSpendNeitherTimeNorSpikes()
    {
        Simulation lane(loadPreset("backprop"));
        LaneWatch watch(lane);
        until(lane, watch, 100, [] {});
        const Spent spent = watch.score.epochs()->back().spent;
        QVERIFY(std::isnan(spent.timeMs) && std::isnan(spent.spikes) && std::isnan(spent.seconds));
        watch.cost.add(0.25);
        watch.cost.add(0.5);
        QCOMPARE(watch.cost.now(lane).seconds, 0.75);
        until(lane, watch, 200, [] {});
        QCOMPARE(watch.score.epochs()->back().spent.seconds, 0.75);
        QCOMPARE(watch.score.lastSpent().seconds, 0.75);
    }

    void itGoesBackWithItsRun()
    {
        const Experiment e = predictive();
        Simulation lane(e);
        LaneWatch watch(lane);
        const auto take = [&] { watch.cost.add(1); };
        until(lane, watch, 30, take);
        const State past = lane.state();
        const Spent then = watch.score.lastSpent();
        until(lane, watch, 90, take);
        QVERIFY(watch.score.lastSpent().spikes > then.spikes);
        lane.restore(past);
        watch.forgetLater();
        QCOMPARE(watch.cost.now(lane).spikes, then.spikes);
        QCOMPARE(watch.cost.now(lane).seconds, then.seconds);
        until(lane, watch, 33, take);
        QVERIFY(watch.score.lastSpent().spikes > then.spikes);
    }
};

QTEST_GUILESS_MAIN(LaneCostTest)
#include "tst_lane_cost.moc"
