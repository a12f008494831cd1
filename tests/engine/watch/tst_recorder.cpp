#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/self_prediction.h"
#include "sim/run/model_table.h"
#include "sim/watch/recorder.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

using namespace apical;

namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

std::vector<Simulation> lanesOf(const Experiment& e)
{
    std::vector<Simulation> lanes;
    for (int lane = 0; lane < e.laneCount(); ++lane)
        lanes.emplace_back(e, lane);
    return lanes;
}

Experiment network(std::vector<int> layers)
{
    Experiment e = newExperiment();
    e.layers = std::move(layers);
    circuit(e.parameters).etaIp = {0.1};
    circuit(e.parameters).etaPi = {0.3};
    return e;
}

double element(Simulation& lane, const char* probe, std::size_t index)
{
    const Probe* p = findProbe(lane.model(), probe);
    std::vector<double> values(static_cast<std::size_t>(p->size()));
    p->read(values);
    return values[index];
}

} // namespace

class TestRecorder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyLaneAndLayerHasItsChannels()
    {
        Experiment e = network({4, 5, 3, 2});
        e.lanes = {{"a", {}}, {"b", {}}};
        e.record = {"layer1.pyr.apical_lateral", "layer1.pyr.soma", "layer1.W_up"};
        auto lanes = lanesOf(e);
        const Recorder recorder(lanes, 4);
        QCOMPARE(recorder.ring()->generation(), std::uint64_t{4});
        const History history(recorder.ring()->channels());
        for (const int lane : {0, 1}) {
            for (const char* probe : {"input.rate", "target", "layer1.pyr.basal",
                     "layer1.pyr.apical", "layer2.pyr.apical", "layer1.inn.soma",
                     "layer2.inn.dendrite", "layer3.pyr.soma", "layer3.pyr.prospective",
                     "layer1.pyr.apical_lateral", "layer2.apical_error",
                     "layer1.feedforward_weight_error", "layer1.feedback_weight_error",
                     "layer1.interneuron_error", "layer2.fixed_point_distance"})
                QVERIFY2(history.find(lane, probe) >= 0, probe);
            QVERIFY(history.find(lane, "layer1.pyr.apical", 4) >= 0);
            QCOMPARE(history.find(lane, "layer1.pyr.apical", 5), -1);
            QCOMPARE(history.find(lane, "layer3.pyr.apical"), -1);
            QCOMPARE(history.find(lane, "layer3.apical_error"), -1);
            QCOMPARE(history.find(lane, "layer1.W_up"), -1);
        }
        std::set<std::tuple<int, std::string, int>> unique;
        for (const Channel& c : history.channels())
            QVERIFY(unique.insert({c.lane, c.probe, c.index}).second);
    }

    void wideNetworksAreCapped()
    {
        auto lanes = lanesOf(network({784, 500, 10}));
        const Recorder recorder(lanes, 0);
        const History history(recorder.ring()->channels(), 16, 1);
        QVERIFY(history.find(0, "layer1.pyr.soma", 31) >= 0);
        QCOMPARE(history.find(0, "layer1.pyr.soma", 32), -1);
        QVERIFY(history.find(0, "layer2.pyr.soma", 9) >= 0);

        Experiment many = network({40, 40, 40, 40, 40, 40});
        many.lanes.resize(4);
        auto manyLanes = lanesOf(many);
        const Recorder capped(manyLanes, 0);
        QVERIFY(capped.ring()->channels().size() <= Recorder::kMostChannels);
        QVERIFY(capped.ring()->channels().size() > Recorder::kMostChannels / 4);
    }

    void slowStepsAreBinsOfTheirOwn()
    {
        auto lanes = lanesOf(network({8, 6, 3}));
        Recorder recorder(lanes, 0);
        History history(recorder.ring()->channels());
        const int soma = history.find(0, "layer1.pyr.soma", 2);
        recorder.setSpeed(100, kNoLimit);
        for (std::size_t i = 0; i < 20; ++i) {
            lanes[0].step();
            recorder.afterStep();
            recorder.ring()->drain(history);
            QCOMPARE(history.size(), i + 1);
            QCOMPARE(history.bin(i).firstStep, i);
            QCOMPARE(history.bin(i).timeMs, lanes[0].clock().timeMs);
            QCOMPARE(history.minimum(i, soma),
                static_cast<float>(element(lanes[0], "layer1.pyr.soma", 2)));
        }
    }

    void aBinHoldsTheExtremesOfWhatWasObserved()
    {
        auto lanes = lanesOf(network({8, 6, 3}));
        Recorder recorder(lanes, 0);
        History history(recorder.ring()->channels());
        const int apical = history.find(0, "layer1.pyr.apical", 1);
        recorder.setSpeed(400000, kNoLimit);
        recorder.startOver(); // the plan takes effect with the next bin
        const std::uint64_t length = recorder.binSteps();
        const std::uint64_t stride = recorder.stride();
        QVERIFY2(
            length >= 200 && stride >= 3 && stride <= length, qPrintable(QString::number(stride)));
        const std::uint64_t first = lanes[0].clock().step;
        double low = kNoLimit;
        double high = -kNoLimit;
        double sampledLow = kNoLimit;
        double sampledHigh = -kNoLimit;
        while (lanes[0].clock().step < first + length) {
            lanes[0].step();
            recorder.afterStep();
            const double value = element(lanes[0], "layer1.pyr.apical", 1);
            low = std::min(low, value);
            high = std::max(high, value);
            const std::uint64_t done = lanes[0].clock().step - first;
            if (done % stride == 0 || done == length) {
                sampledLow = std::min(sampledLow, value);
                sampledHigh = std::max(sampledHigh, value);
            }
        }
        recorder.flush();
        recorder.ring()->drain(history);
        const std::size_t last = history.size() - 1;
        QCOMPARE(history.bin(last).endStep(), first + length);
        QVERIFY(history.minimum(last, apical) >= static_cast<float>(low));
        QVERIFY(history.maximum(last, apical) <= static_cast<float>(high));
        QCOMPARE(history.size(), std::size_t{1});
        QCOMPARE(history.minimum(last, apical), static_cast<float>(sampledLow));
        QCOMPARE(history.maximum(last, apical), static_cast<float>(sampledHigh));
    }

    void flushShowsEveryStepAndTheLatestMetrics()
    {
        auto lanes = lanesOf(network({8, 6, 3}));
        Recorder recorder(lanes, 0);
        History history(recorder.ring()->channels());
        const int error = history.find(0, "layer1.feedback_weight_error");
        recorder.setSpeed(3e6, kNoLimit);
        for (int i = 0; i < 777; ++i) {
            lanes[0].step();
            recorder.afterStep();
        }
        recorder.flush();
        recorder.flush();
        recorder.ring()->drain(history);
        QCOMPARE(history.bin(0).firstStep, std::uint64_t{0});
        QCOMPARE(history.bin(history.size() - 1).endStep(), std::uint64_t{777});
        // The error need not fall from sample to sample, so the newest one lies between the bounds.
        const auto newest =
            static_cast<float>(selfPredictionErrors(lanes[0].model())[0].feedbackWeight);
        QVERIFY(history.minimum(history.size() - 1, error) <= newest);
        QVERIFY(history.maximum(history.size() - 1, error) >= newest);
    }

    void aTruncationIsNotOvertakenByLaterBins()
    {
        auto lanes = lanesOf(network({8, 6, 3}));
        Recorder recorder(lanes, 0);
        History history(recorder.ring()->channels());
        const State start = lanes[0].state();
        recorder.setSpeed(100, kNoLimit);
        const auto go = [&] {
            lanes[0].step();
            recorder.afterStep();
        };
        while (recorder.ring()->dropped() == 0)
            go(); // until the ring is full
        lanes[0].restore(start);
        recorder.forgetLater();
        QVERIFY(!recorder.retry());
        go();
        QCOMPARE(recorder.ring()->dropped(), std::uint64_t{2});
        recorder.ring()->drain(history);
        go();
        recorder.ring()->drain(history);
        QCOMPARE(history.size(), std::size_t{1});
        QCOMPARE(history.bin(0).firstStep, std::uint64_t{1});
    }

    void watchingCostsLittle()
    {
        auto lanes = lanesOf(network({8, 6, 3}));
        Recorder recorder(lanes, 0);
        History history(recorder.ring()->channels());
        constexpr int kSteps = 20000;
        const auto measure = [&](bool observed) {
            QElapsedTimer timer;
            timer.start();
            for (int i = 0; i < kSteps; ++i) {
                lanes[0].step();
                if (observed)
                    recorder.afterStep();
            }
            return static_cast<double>(timer.nsecsElapsed()) / kSteps;
        };
        double bare = kNoLimit;
        double watched = kNoLimit;
        for (int repeat = 0; repeat < 15; ++repeat) { // in turn, for machines under load
            bare = std::min(bare, measure(false));
            recorder.setSpeed(1e9 / bare, kNoLimit);
            watched = std::min(watched, measure(true));
            recorder.ring()->drain(history);
        }
        qInfo("%.0f ns a step, watched %.0f ns (%+.1f %%), %zu channels", bare, watched,
            100 * (watched / bare - 1), history.channels().size());
        QVERIFY(watched < 2 * bare);
    }
};

QTEST_APPLESS_MAIN(TestRecorder)
#include "tst_recorder.moc"
