// What is gathered of spikes: whole numbers against counting by hand, Poisson spikes against their
// theory, and a wish that changes no bit.
#include "sim/base/random.h"
#include "sim/files/preset.h"
#include "sim/run/simulation.h"
#include "sim/spiking/spike_count.h"
#include "sim/steps/running_mean.h"
#include "sim/steps/spike_source.h"
#include "sim/steps/spike_statistics.h"
#include "sim/watch/lane_watch.h"
#include "tests/engine/runner_waits.h"

#include <QFile>
#include <QTest>

#include <nlohmann/json.hpp>

#include <cmath>
#include <numeric>

using namespace apical;
using namespace apical::test;

namespace {

/// Spikes of one neuron, step by step.
SpikeStatistics gather(const std::vector<int>& spikes, double dt, double windowMs)
{
    std::vector<double> count{7}; // where it stood before
    SpikeGatherer gatherer(count, dt, windowMs, 100);
    for (const int n : spikes) {
        count[0] += n;
        gatherer.add(count, {});
    }
    return gatherer.statistics();
}

/// Neuron i draws from Poisson with lambda[i] in each step, or has a refractory time of `silent`.
SpikeStatistics poisson(
    const std::vector<double>& lambda, std::uint64_t steps, std::uint32_t window, int silent = 0)
{
    std::vector<double> count(lambda.size()), expected(lambda);
    std::vector<int> wait(lambda.size());
    SpikeGatherer gatherer(count, 0.1, 0.1 * window, 0);
    for (std::uint64_t k = 0; k < steps; ++k) {
        for (std::size_t i = 0; i < lambda.size(); ++i) {
            const auto draw = [&](unsigned part) {
                return uniform(
                    5, RandomStream::Spikes, k, static_cast<std::uint32_t>(i) + 100 * part);
            };
            const double n = poissonCount(lambda[i], draw);
            if (silent == 0)
                count[i] += n;
            else if (wait[i] > 0)
                --wait[i];
            else if (n > 0) {
                ++count[i];
                wait[i] = silent;
            }
        }
        gatherer.add(count, expected);
    }
    return gatherer.statistics();
}

Experiment spikingExperiment()
{
    return loadPreset("self-predicting-spiking");
}

StepWish everything()
{
    StepWish wish;
    wish.statistics = "layer1.pyr.spikes";
    wish.means = {"layer1.pyr.spikes", "layer1.pyr.rate", "layer1.pyr.basal", "not.there"};
    wish.followed = {{.name = "input.spikes", .row = 2},
        {.name = "layer1.W_ip", .row = 1, .col = 3}, {.name = "layer1.pyr.basal", .row = 99}};
    wish.signalMs = 5;
    return wish;
}

} // namespace

class SpikeStatisticsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void intervalsAreStepsAndSeveralSpikesInOneStepAreNoneApart()
    {
        // Spikes in steps 1, 1, 1, 4, 5, 5, 9.
        const SpikeStatistics s = gather({0, 3, 0, 0, 1, 2, 0, 0, 0, 1}, 0.1, 0.2);
        QCOMPARE(s.firstStep, std::uint64_t{100});
        QCOMPARE(s.steps, std::uint64_t{10});
        QCOMPARE(s.spikes, std::vector<std::uint64_t>{7});
        QCOMPARE(s.intervals[0], std::uint64_t{3});
        QCOMPARE(s.intervals[1], std::uint64_t{1});
        QCOMPARE(s.intervals[3], std::uint64_t{1});
        QCOMPARE(s.intervals[4], std::uint64_t{1});
        QCOMPARE(s.intervalCount(), std::uint64_t{6}); // one fewer than spikes
        QCOMPARE(s.intervalSteps, std::uint64_t{8}); // from the first spike to the last
        QCOMPARE(s.rate(0), 7.0);
        // Windows of two steps: 3, 0, 3, 0, 1.
        QCOMPARE(s.windows, std::uint64_t{5});
        QCOMPARE(s.sum, std::vector<std::uint64_t>{7});
        QCOMPARE(s.squares, std::vector<std::uint64_t>{19});
        QCOMPARE(s.counts[0], std::uint64_t{2});
        QCOMPARE(s.counts[3], std::uint64_t{2});
        QVERIFY(std::abs(s.fano(0) - (19 - 49.0 / 5) / 4 / 1.4) < 1e-12);
    }

    void whatIsTooLongOrTooManyIsCountedTogether()
    {
        std::vector<int> spikes(SpikeStatistics::kPlaces + 10);
        spikes.front() = spikes.back() = 1;
        QCOMPARE(gather(spikes, 1, 1).longIntervals, std::uint64_t{1});
        const SpikeStatistics s = gather({3000}, 1, 1);
        QCOMPARE(s.moreCounts, std::uint64_t{1});
        QCOMPARE(s.squares[0], std::uint64_t{9000000});
        QVERIFY(std::isnan(s.fano(0))); // of one window
    }

    void aWindowUnderWayIsNotCounted()
    {
        const SpikeStatistics s = gather({1, 1, 1, 1, 1}, 0.1, 0.2);
        QCOMPARE(s.windows, std::uint64_t{2});
        QCOMPARE(s.sum[0], std::uint64_t{4});
        QCOMPARE(s.spikes[0], std::uint64_t{5});
        QCOMPARE(s.fano(0), 0.0);
        QVERIFY(std::isnan(gather({0, 0, 0, 0}, 0.1, 0.2).fano(0))); // no spike, no Fano factor
    }

    void poissonSpikesHaveFanoOneAndTheIntervalsOfTheirTheory()
    {
        const std::vector<double> lambda{0.02, 0.1, 0.7, 6.9};
        const SpikeStatistics s = poisson(lambda, 200000, 50);
        const double windows = static_cast<double>(s.windows);
        for (std::size_t i = 0; i < lambda.size(); ++i) {
            // The variance of a sample variance adds 1 / mean for small means.
            const double error = std::sqrt((2 + 1 / (50 * lambda[i])) / windows);
            QVERIFY2(std::abs(s.fano(i) - 1) < 4 * error, qPrintable(QString::number(s.fano(i))));
            QVERIFY(std::abs(s.expectedFano(i) - 1) < 1e-9);
        }
        const double all = static_cast<double>(s.intervalCount());
        for (const unsigned k : {0U, 1U, 2U, 5U, 20U, 60U}) {
            const double share = poissonIntervalShare(s, k);
            const double measured = static_cast<double>(s.intervals[k]) / all;
            QVERIFY2(std::abs(measured - share) < 6 * std::sqrt(share / all) + 1e-6,
                qPrintable(QStringLiteral("%1: %2, %3").arg(k).arg(measured).arg(share)));
        }
        for (const unsigned n : {0U, 1U, 5U, 30U, 345U}) {
            const double share = poissonCountShare(s, n), total = windows * 4;
            const double measured = static_cast<double>(s.counts[n]) / total;
            QVERIFY(std::abs(measured - share) < 6 * std::sqrt(share / total) + 1e-6);
        }
    }

    void expectedSharesAddUpToOne()
    {
        const SpikeStatistics s = poisson({0.05, 0.5, 3}, 2000, 10);
        double intervals = 0, counts = 0;
        for (std::size_t k = 0; k < 2000; ++k) {
            intervals += poissonIntervalShare(s, k);
            counts += poissonCountShare(s, k);
        }
        QVERIFY(std::abs(intervals - 1) < 1e-9);
        QVERIFY(std::abs(counts - 1) < 1e-9);
    }

    void aRefractoryTimeMakesSpikesRegular()
    {
        const SpikeStatistics s = poisson({0.5}, 100000, 100, 20);
        QVERIFY(s.fano(0) < 0.2);
        for (std::size_t k = 0; k <= 20; ++k)
            QCOMPARE(s.intervals[k], std::uint64_t{0});
        QVERIFY(s.intervals[21] > 0);
    }

    void ratesThatChangeAreExpectedToRaiseTheFanoFactor()
    {
        // Rates 1 and 3 in turn, one window each: mean 2, variance 4/3 of four windows.
        std::vector<double> count{0};
        SpikeGatherer gatherer(count, 1, 1, 0);
        for (const double rate : {1.0, 3.0, 1.0, 3.0})
            gatherer.add(count, std::vector<double>{rate});
        QVERIFY(std::abs(gatherer.statistics().expectedFano(0) - (1 + 4.0 / 3 / 2)) < 1e-12);
    }

    void runningMeansWeighAsTheyShould()
    {
        RunningMean exponential(1, MeanFilter::Exponential, 2, 0.5);
        RunningMean boxcar(1, MeanFilter::Boxcar, 2, 0.5);
        QCOMPARE(exponential.means(), std::vector<double>{0});
        double sum = 0, weights = 0;
        for (int k = 0; k < 9; ++k) {
            const std::vector<double> value{static_cast<double>(k * k)};
            exponential.add(value);
            boxcar.add(value);
        }
        for (int k = 0; k < 9; ++k) {
            const double w = std::exp(-0.25 * (8 - k));
            sum += w * k * k;
            weights += w;
        }
        QVERIFY(std::abs(exponential.means()[0] - sum / weights) < 1e-12);
        QCOMPARE(boxcar.means()[0], (25 + 36 + 49 + 64) / 4.0);
        QCOMPARE(boxcar.steps(), 4.0);
        // Of a long exponential filter: 2 tau / dt.
        RunningMean longer(1, MeanFilter::Exponential, 10, 0.1);
        for (int k = 0; k < 5000; ++k)
            longer.add(std::vector<double>{1});
        QVERIFY(std::abs(longer.steps() - 200) < 0.5);
        QVERIFY(std::abs(longer.means()[0] - 1) < 1e-12);
    }

    void aWatchReportsWhatTheModelCounted()
    {
        Simulation lane(spikingExperiment());
        const auto& a = lane.model().anatomy();
        const auto read = [&](const char* name) {
            const int q = a.quantity(name);
            std::vector<double> values(
                static_cast<std::size_t>(a.of(a.quantities[static_cast<std::size_t>(q)]).size));
            lane.model().read(q, values);
            return values;
        };
        for (int k = 0; k < 30; ++k)
            lane.step();
        LaneWatch watch(lane);
        QVERIFY(!watch.steps.report());
        watch.steps.wish(everything());
        const auto before = read("layer1.pyr.spikes"), inputBefore = read("input.spikes");
        double basal = 0;
        std::vector<double> inputs;
        std::vector<double> last = inputBefore;
        for (int k = 0; k < 120; ++k) {
            lane.step();
            watch.afterStep();
            basal = read("layer1.pyr.basal")[1];
            const auto now = read("input.spikes");
            inputs.push_back(now[2] - last[2]);
            last = now;
        }
        const auto report = watch.steps.report();
        QVERIFY(report && report->statistics);
        QCOMPARE(report->step, std::uint64_t{150});
        QCOMPARE(report->statistics->steps, std::uint64_t{120});
        const auto now = read("layer1.pyr.spikes");
        for (std::size_t i = 0; i < now.size(); ++i)
            QCOMPARE(static_cast<double>(report->statistics->spikes[i]), now[i] - before[i]);
        QCOMPARE(report->statistics->expected.size(), now.size());
        QCOMPARE(report->means.size(), std::size_t{3}); // what is not there is left out
        QVERIFY(report->meansOf("layer1.pyr.basal") && !report->meansOf("not.there"));
        QVERIFY(std::isfinite(basal));
        // The last 5 ms of the signals, the oldest first.
        const auto* trace = report->traceOf({.name = "input.spikes", .row = 2});
        QVERIFY(trace && !report->traceOf({.name = "layer1.pyr.basal", .row = 99}));
        QCOMPARE(*trace, std::vector<double>(inputs.end() - 50, inputs.end()));
        QCOMPARE(report->tracedFrom, std::uint64_t{100});
        const auto* weight = report->traceOf({.name = "layer1.W_ip", .row = 1, .col = 3});
        QVERIFY(weight && weight->size() == 50);
        std::vector<double> matrix(3 * 6);
        lane.model().readWeights(a.projection("layer1.W_ip"), matrix);
        QCOMPARE(weight->back(), matrix[1 * 6 + 3]);
        // Another window starts the statistics anew, and nothing else.
        StepWish next = everything();
        next.windowMs = 3;
        watch.steps.wish(next);
        QCOMPARE(watch.steps.report()->statistics->steps, std::uint64_t{0});
        QCOMPARE(watch.steps.report()->traceOf({.name = "input.spikes", .row = 2})->size(),
            std::size_t{50});
        watch.steps.wish({});
        QVERIFY(!watch.steps.report());
    }

    void anEditOfTheTimeStepStartsEverythingAnew()
    {
        Simulation lane(spikingExperiment());
        LaneWatch watch(lane);
        watch.steps.wish(everything());
        lane.step();
        watch.afterStep();
        lane.apply({.step = 1, .key = "dt", .value = 0.05});
        for (int k = 0; k < 3; ++k) {
            lane.step();
            watch.afterStep();
        }
        const auto report = watch.steps.report();
        QCOMPARE(report->dt, 0.05);
        QVERIFY(report->statistics->steps <= 3);
        QCOMPARE(report->statistics->dt, 0.05);
    }

    void wishesThatChangeChangeNoBitOfTheRun()
    {
        const Experiment e = spikingExperiment();
        constexpr int kSteps = 3000;
        Runner runner(e);
        runner.setPace(kFast);
        Frame frame;
        for (int k = 0; k < 30; ++k) {
            runner.watchSteps(k % 3 == 0 ? StepWish{} : everything());
            runner.stepOnce(kSteps / 30);
            QVERIFY(waitForFrame(runner, frame, [&](const Frame& f) {
                return f.step() == static_cast<std::uint64_t>((k + 1) * kSteps / 30)
                    && f.state == RunState::Paused;
            }));
        }
        QVERIFY(runner.states() == headless(e, kSteps));
    }

    void theRunnerHandsOutOneReportPerLaneOrNone()
    {
        Runner runner(loadPreset("rate-vs-spiking"));
        runner.setPace(kFast);
        Frame frame;
        runner.stepOnce(10);
        QVERIFY(waitForFrame(runner, frame, [](const Frame& f) { return f.step() == 10; }));
        QVERIFY(runner.stepReports().empty());
        runner.watchSteps(everything());
        runner.stepOnce(20);
        QVERIFY(waitForFrame(runner, frame, [](const Frame& f) { return f.step() == 30; }));
        QTRY_COMPARE(runner.stepReports().size(), std::size_t{2});
        QTRY_COMPARE(runner.stepReports()[0]->step, std::uint64_t{30});
        const StepReports reports = runner.stepReports();
        QCOMPARE(reports[0]->statistics->steps, std::uint64_t{20});
        QVERIFY(!reports[1]->statistics); // it sends no spikes
        QVERIFY(reports[1]->meansOf("layer1.pyr.basal"));
        // Back to an earlier moment: what was gathered is of another past.
        runner.rewindTo(15);
        QTRY_COMPARE(runner.stepReports()[0]->step, std::uint64_t{15});
        QCOMPARE(runner.stepReports()[0]->statistics->steps, std::uint64_t{0});
        runner.watchSteps({});
        QTRY_VERIFY(runner.stepReports().empty());
    }

    void integralsAreThoseOfThePublishedSynapse()
    {
        QFile file(QStringLiteral(APICAL_SOURCE_DIR "/tests/golden/spiking_single_synapse.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto golden = nlohmann::json::parse(file.readAll().toStdString());
        const auto& final = golden.at("two_spikes_basal_psi1_le").at("final");
        Simulation lane(loadPreset("single-synapse"));
        const Anatomy& a = lane.model().anatomy();
        const auto source = synapseSource(a, lane.parameters(), a.projection("layer1.W_up"));
        QVERIFY(source);
        QCOMPARE(source->spikes, std::string("input.spikes"));
        QCOMPARE(source->error, std::string("layer1.pyr.basal_error"));
        LaneWatch watch(lane);
        StepWish wish;
        wish.followed = {{.name = source->spikes}, {.name = source->error},
            {.name = "layer1.W_up", .row = 0, .col = 0}};
        wish.signalMs = 100;
        watch.steps.wish(wish);
        for (int k = 0; k < 112; ++k) { // the second spike is sent in step 110
            lane.step();
            watch.afterStep();
        }
        const auto report = watch.steps.report();
        const auto* spikes = report->traceOf(wish.followed[0]);
        const auto* errors = report->traceOf(wish.followed[1]);
        const double weight = report->traceOf(wish.followed[2])->back();
        const SynapseIntegrals i = synapseIntegrals(*spikes, *errors, 0.1, source->traceMs);
        // The published ones sum over steps without dt.
        const double plain = final.at("PI_integral").get<double>() * 0.1,
                     faded = final.at("PI_exp_integral").get<double>() * 0.1;
        QVERIFY2(std::abs(i.plain.back() - plain) < 1e-12 * plain,
            qPrintable(QString::number(i.plain.back(), 'g', 17)));
        QVERIFY(std::abs(i.faded.back() - faded) < 1e-12 * plain);
        // Eq. 2.33, with eta = 0.1 and tau = 1 ms.
        QVERIFY(std::abs(weight - (0.3 + 0.1 * (plain - faded))) < 1e-14);
        QVERIFY(std::abs(weight - final.at("weight_norm").get<double>()) < 1e-14);
    }
};

QTEST_APPLESS_MAIN(SpikeStatisticsTest)
#include "tst_spike_statistics.moc"
