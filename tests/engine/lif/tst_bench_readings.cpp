// What is read off a bench: exact spike times between steps, rates against theory, counts against
// their distribution, the answer of a synapse to one spike; and steps of another length meanwhile.
#include "sim/lif/count_distribution.h"
#include "sim/lif/counts_since.h"
#include "sim/lif/impulse_response.h"
#include "sim/lif/membrane_path.h"
#include "sim/lif/rate_comparison.h"
#include "tests/engine/lif/lif_run.h"

#include <QTest>

#include <cmath>
#include <numeric>

using namespace apical;
using test::lif;
using test::lifExperiment;
using test::readProbe;
using List = std::vector<double>;

namespace {

constexpr double kNever = std::numeric_limits<double>::quiet_NaN();

LifParameters parameters(const char* integrator = "exact")
{
    Experiment e = newExperiment("lif");
    setParameter(e.parameters, "lif.integrator", std::string(integrator), 1);
    return lif(e);
}

struct Trace {
    List voltage, spikes, spikeTime;
    double endMs = 0;
};

Trace traced(const Experiment& e, int steps)
{
    Simulation run(e);
    Trace trace;
    double before = 0;
    for (int k = 0; k < steps && run.step(); ++k) {
        const double now = readProbe(run, "layer1.spikes")[0];
        trace.spikes.push_back(now - before);
        before = now;
        trace.voltage.push_back(readProbe(run, "layer1.voltage")[0]);
        trace.spikeTime.push_back(readProbe(run, "layer1.spike_time")[0]);
        trace.endMs = run.clock().timeMs;
    }
    return trace;
}

/// Rates of a lane of preset rate-curve's currents after so many ms.
RateComparison ratesOf(const char* integrator, double dt, double ms)
{
    const List currents{0, 0.9, 1, 1.05, 1.5, 3, 5, 10};
    Experiment e = lifExperiment({currents}, ms, dt);
    setParameter(e.parameters, "lif.integrator", std::string(integrator), 1);
    Simulation run(e);
    for (long k = 0; k < std::lround(ms / dt); ++k)
        run.step();
    return compareRates(lif(e), currents, readProbe(run, "layer1.spikes"), ms);
}

double sum(const List& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0);
}

} // namespace

class BenchReadings : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void spikesLieBetweenStepsWhereTheCurveMeetsTheThreshold()
    {
        const Experiment e = lifExperiment({{10.0}}, 100);
        const Trace trace = traced(e, 100);
        const MembranePath path = membranePath(e.parameters.family<LifParameters>(), 1, trace.endMs,
            trace.voltage, trace.spikes, trace.spikeTime);
        const double rise = -20 * std::log1p(-0.1), period = 4 + rise;
        QCOMPARE(path.spikes.size(), std::size_t{17}); // the last of them at 99.8 ms
        for (std::size_t i = 0; i < path.spikes.size(); ++i) {
            const double wanted = rise + static_cast<double>(i) * period;
            QVERIFY(std::abs(path.spikes[i] - wanted) < 1e-9);
            QCOMPARE(path.silences[i].begin, path.spikes[i]);
            QVERIFY(std::abs(path.silences[i].end - wanted - 4) < 1e-9);
        }
        QVERIFY(std::is_sorted(path.time.begin(), path.time.end()));
        // The corners of a spike: at the threshold, then at 0, at the same time.
        const auto at = std::find(path.time.begin(), path.time.end(), path.spikes[3]);
        const auto i = static_cast<std::size_t>(at - path.time.begin());
        QCOMPARE(path.time[i + 1], path.spikes[3]);
        QCOMPARE(path.voltage[i], 1.0);
        QCOMPARE(path.voltage[i + 1], 0.0);
        // It leaves 0 where its silence ends, not at the next step.
        QVERIFY(
            std::find(path.time.begin(), path.time.end(), path.silences[3].end) != path.time.end());
    }

    void onAGridSpikesLieOnStepsAndSilenceIsWholeSteps()
    {
        Experiment e = lifExperiment({{10.0}}, 100);
        lif(e).integrator = lif_integrator::grid;
        const Trace trace = traced(e, 70);
        const MembranePath path =
            membranePath(lif(e), 1, trace.endMs, trace.voltage, trace.spikes, trace.spikeTime);
        QCOMPARE(path.spikes.size(), std::size_t{10}); // every 7 ms instead of 6.1
        for (std::size_t i = 0; i < path.spikes.size(); ++i) {
            QCOMPARE(path.spikes[i], 3 + 7.0 * static_cast<double>(i));
            QCOMPARE(path.silences[i].end, path.spikes[i] + 4);
        }
        for (std::size_t k = 0; k < trace.voltage.size(); ++k) {
            const double end = static_cast<double>(k) + 1;
            for (const MembranePath::Silence& s : path.silences)
                if (end > s.begin && end <= s.end)
                    QCOMPARE(trace.voltage[k], 0.0);
        }
        QVERIFY(membranePath(lif(e), 1, 0, {}, {}, {}).time.empty());
    }

    /// Section 4 of the specification: 20 s, dt = 1 ms, j = 10.
    void aGridLosesThirteenPercentOfTheFastestRate()
    {
        const RateComparison grid = ratesOf("grid", 1, 20000);
        QVERIFY(grid.worst());
        QCOMPARE(grid.worst()->current, 10.0);
        QVERIFY(std::abs(grid.worst()->deviation() + 0.128) < 0.0005);
        const RateComparison finer = ratesOf("grid", 0.1, 20000);
        QVERIFY(std::abs(finer.worst()->deviation()) < 0.022);
        const RateComparison exact = ratesOf("exact", 1, 20000);
        QVERIFY(!exact.worst());
        QVERIFY(!exact.fastestBelow());
        QCOMPARE(exact.oneSpike(), 0.05);
        QVERIFY(std::is_sorted(exact.points.begin(), exact.points.end(),
            [](const RatePoint& a, const RatePoint& b) { return a.current < b.current; }));
    }

    void pointsAreCountsOverTime()
    {
        const LifParameters p = parameters();
        const RateComparison rates = compareRates(p, List{2, 0.5, 1}, List{40, 3, 0}, 500);
        QCOMPARE(rates.points[0].current, 0.5);
        QCOMPARE(rates.points[0].rate, 6.0);
        QCOMPARE(rates.points[0].theory, 0.0);
        QCOMPARE(rates.points[2].rate, 80.0);
        QVERIFY(std::abs(rates.points[2].theory - 55.9816) < 1e-3);
        QCOMPARE(rates.oneSpike(), 2.0);
        QCOMPARE(rates.fastestBelow()->current, 0.5);
        QCOMPARE(rates.worst()->current, 2.0);
        QVERIFY(compareRates(p, List{2}, List{1}, 0).points.empty());
        // Off by less than a spike is not off.
        QVERIFY(!compareRates(p, List{2, 0.5}, List{28, 1}, 500).worst());
        QVERIFY(!compareRates(p, List{2, 0.5}, List{28, 1}, 500).fastestBelow());
    }

    void slopesAreThoseOfTheCurves()
    {
        const SoftLif lif{0.1, 20, 4, 1, {}};
        for (const double j : {1.01, 1.5, 3.0, 10.0}) {
            const double h = 1e-6 * (j - 1);
            const double wanted = (hardRate(lif, j + h) - hardRate(lif, j - h)) / (2 * h);
            QVERIFY(std::abs(hardRateSlope(lif, j) - wanted) < 1e-6 * wanted);
        }
        QCOMPARE(hardRateSlope(lif, 1), 0.0);
        QCOMPARE(hardRateSlope(lif, -3), 0.0);
    }

    /// Section 5: 17.0, 11.1, 9.66, 6.69 Hz for g = 0.1, 0.02, 0.01, 0.001.
    void softLifReachesItsLimitAtTheThresholdOnlyLogarithmically()
    {
        const SoftLif lif{0.5, 20, 4, 1, {}};
        const std::pair<double, double> known[]{
            {0.1, 17.0}, {0.02, 11.1}, {0.01, 9.66}, {0.001, 6.69}};
        for (const auto& [g, hz] : known)
            QVERIFY(std::abs(1000 * softRateAtThreshold(lif, g) - hz) < 0.05);
        // A thousand times closer, and not even to a half.
        const double far = softRateAtThreshold(lif, 1e-6);
        QVERIFY(softRateAtThreshold(lif, 1e-9) > far / 2);
        QVERIFY(std::abs(1 / far - (4 + 20 * std::log1p(1 / (1e-6 * std::log(2))))) < 1e-9);
    }

    void curvesAreDrawnDenselyWhereTheyBend()
    {
        const SoftLif lif{0.1, 20, 4, 1, {}};
        const List at = curveCurrents(lif, -1, 10, 50);
        QCOMPARE(at.front(), -1.0);
        QCOMPARE(at.back(), 10.0);
        QVERIFY(std::adjacent_find(at.begin(), at.end(), std::greater_equal<>()) == at.end());
        QVERIFY(std::find(at.begin(), at.end(), 1.0) != at.end());
        QVERIFY(std::any_of(at.begin(), at.end(), [](double j) { return j > 1 && j < 1.0001; }));
        QCOMPARE(curveCurrents(lif, 2, 3, 2), (List{2, 2.5, 3}));
    }

    void countsStartAnewWithEveryChangeOfWhatMakesSpikes()
    {
        LifParameters p = parameters();
        CountsSince since;
        since.see(true, 0, kNever, 1, p, List{0}, List{0}); // no step is done
        QCOMPARE(since.ms(), 0.0);
        since.see(true, 100, kNever, 1, p, List{2}, List{5});
        QCOMPARE(since.ms(), 100.0);
        QCOMPARE(since.counts(), List{5});
        p.smoothing = 0.5; // of the curve only
        since.see(true, 200, 150, 1, p, List{2}, List{11});
        QCOMPARE(since.ms(), 200.0);
        p.integrator = lif_integrator::grid;
        since.see(true, 300, 250, 1, p, List{2}, List{16});
        QCOMPARE(since.ms(), 0.0);
        since.see(true, 400, 250, 1, p, List{2}, List{20});
        QCOMPARE(since.beginMs(), 300.0);
        QCOMPARE(since.counts(), List{4});
        // Back to an earlier moment, as it was then, and to the newest again.
        LifParameters then = parameters();
        since.see(false, 100, 250, 1, then, List{2}, List{5});
        QCOMPARE(since.ms(), 100.0);
        since.see(true, 500, 250, 1, p, List{2}, List{24});
        QCOMPARE(since.ms(), 200.0);
        since.see(true, 600, 250, 0.1, p, List{2}, List{30}); // steps of another length
        QCOMPARE(since.ms(), 0.0);
        since.see(true, 700, 250, 0.1, p, List{3}, List{35}); // another input
        QCOMPARE(since.ms(), 0.0);
        since.see(true, 50, kNever, 1, then, List{2}, List{2}); // rewound
        QCOMPARE(since.ms(), 50.0);
        since.clear(); // seen only after somebody has changed something
        since.see(true, 900, 250, 1, p, List{2}, List{60});
        QCOMPARE(since.ms(), 0.0);
    }

    void distributionsAddUpAndHaveTheirMoments_data()
    {
        QTest::addColumn<int>("encoder");
        QTest::addColumn<int>("trains");
        QTest::addColumn<int>("steps");
        for (const int encoder :
            {encoder_kind::poisson, encoder_kind::bernoulli, encoder_kind::periodic})
            for (const int trains : {1, 10})
                for (const int steps : {1, 50})
                    QTest::addRow("%d, %d, %d", encoder, trains, steps)
                        << encoder << trains << steps;
    }
    void distributionsAddUpAndHaveTheirMoments()
    {
        QFETCH(int, encoder);
        QFETCH(int, trains);
        QFETCH(int, steps);
        SpikeFields p;
        p.encoder = encoder;
        p.trains = trains;
        for (const double x : {0.05, 0.7, 1.0, 4.0}) {
            const CountDistribution d = countDistribution(p, 4, 1, x, steps);
            QVERIFY(std::abs(sum(d.shares) - 1) < 1e-8);
            double mean = 0, squares = 0;
            for (std::size_t n = 0; n < d.shares.size(); ++n) {
                const auto count = static_cast<double>(n);
                mean += count * d.shares[n];
                squares += count * count * d.shares[n];
            }
            QVERIFY(std::abs(d.mean - steps * trains * x / 4) < 1e-9 * (1 + d.mean));
            QVERIFY(std::abs(mean - d.mean) < 1e-5 * (1 + d.mean));
            QVERIFY(std::abs(squares - mean * mean - d.variance) < 1e-3 * (1 + d.variance));
        }
        const CountDistribution none = countDistribution(p, 4, 1, -1, steps);
        QCOMPARE(none.shares, List{1});
        QCOMPARE(none.mean, 0.0);
    }

    /// Section 1: lambda = 0.25, P(>= 2) = 2.65 %; Bernoulli never sends two in a step.
    void twoSpikesOrMoreInAStep()
    {
        SpikeFields p;
        p.encoder = encoder_kind::poisson;
        const CountDistribution poisson = countDistribution(p, 4, 1, 1, 1);
        QVERIFY(std::abs(poisson.several() - (1 - std::exp(-0.25) * 1.25)) < 1e-12);
        QVERIFY(std::abs(poisson.several() - 0.0265) < 5e-5);
        p.encoder = encoder_kind::bernoulli;
        const CountDistribution bernoulli = countDistribution(p, 4, 1, 1, 1);
        QCOMPARE(bernoulli.shares.size(), std::size_t{2});
        QVERIFY(std::abs(bernoulli.several()) < 1e-12);
        QCOMPARE(bernoulli.variance, 0.25 * 0.75);
    }

    void encodersKeepToTheirDistribution_data()
    {
        QTest::addColumn<int>("encoder");
        QTest::newRow("Poisson") << int{encoder_kind::poisson};
        QTest::newRow("Bernoulli") << int{encoder_kind::bernoulli};
    }
    void encodersKeepToTheirDistribution()
    {
        QFETCH(int, encoder);
        Experiment e = lifExperiment({{1.0}}, 1000);
        lif(e).encoder = encoder;
        Simulation run(e);
        List spikes;
        double before = 0;
        for (int k = 0; k < 20000; ++k) {
            QVERIFY(run.step());
            const double now = readProbe(run, "input.spikes")[0];
            spikes.push_back(now - before);
            before = now;
        }
        for (const int steps : {1, 20}) {
            const CountsSeen seen = countsSeen(spikes, steps);
            const CountDistribution law = countDistribution(lif(e), 4, 1, 1, steps);
            QCOMPARE(seen.windows, std::size_t{20000} / static_cast<std::size_t>(steps));
            const auto n = static_cast<double>(seen.windows);
            QVERIFY(std::abs(seen.mean - law.mean) < 4 * std::sqrt(law.variance / n));
            QVERIFY(std::abs(seen.variance / law.variance - 1) < 0.15);
            for (std::size_t k = 0; k < law.shares.size(); ++k) {
                const double share = k < seen.shares.size() ? seen.shares[k] : 0;
                const double sd = std::sqrt(law.share(k) * (1 - law.share(k)) / n);
                QVERIFY(std::abs(share - law.share(k)) < 5 * sd + 2 / n);
            }
        }
    }

    void windowsAreCountedFromTheNewestStepBack()
    {
        const CountsSeen seen = countsSeen({9, 1, 0, 2, 1}, 2); // 1 + 0, 2 + 1
        QCOMPARE(seen.windows, std::size_t{2});
        QCOMPARE(seen.mean, 2.0);
        QCOMPARE(seen.variance, 2.0);
        QCOMPARE(seen.shares, (List{0, 0.5, 0, 0.5}));
        QCOMPARE(seen.several(), 0.5);
        QCOMPARE(countsSeen({1, 2}, 3).windows, std::size_t{0});
    }

    void theAnswerToOneSpikeHasAreaOne_data()
    {
        QTest::addColumn<int>("order");
        QTest::newRow("exponential") << 1;
        QTest::newRow("alpha") << 2;
    }
    void theAnswerToOneSpikeHasAreaOne()
    {
        QFETCH(int, order);
        for (const double tau : {0.3, 5.0, 50.0})
            for (const double dt : {0.1, 1.0}) {
                const ImpulseResponse answer = impulseResponse(dt, tau, order, 40);
                QVERIFY(std::abs(answer.area - 1) < 1e-12);
                QCOMPARE(answer.time.size(), static_cast<std::size_t>(std::lround(40 / dt)));
            }
        const ImpulseResponse fine = impulseResponse(0.001, 5, order, 40);
        double off = 0;
        for (std::size_t k = 0; k < fine.time.size(); ++k)
            off = std::max(off, std::abs(fine.made[k] - fine.closed[k]));
        QVERIFY(off < 2e-4 / 5); // 1/tau is the scale of both
        const ImpulseResponse none = impulseResponse(0.5, 0, order, 2);
        QCOMPARE(none.made, (List{2, 0, 0, 0}));
        QCOMPARE(none.area, 1.0);
    }

    /// Section 7: sampling the alpha function instead loses 0.33 % at tau = 5 dt.
    void samplingTheClosedFormLosesArea()
    {
        QVERIFY(std::abs(impulseResponse(1, 5, 2, 40).sampledArea - 0.9967) < 5e-5);
    }

    void stepsOfAnotherLengthGoOnWhereTheNeuronStood()
    {
        for (const char* integrator : {"exact", "grid", "euler"}) {
            Experiment e = lifExperiment({{10.0}}, 100);
            setParameter(e.parameters, "lif.integrator", std::string(integrator), 1);
            Simulation run(e);
            while (readProbe(run, "layer1.spikes")[0] < 1)
                QVERIFY(run.step());
            const double silent = readProbe(run, "layer1.refractory")[0];
            run.apply({.key = "dt", .value = 0.25});
            // `exact` keeps a step more than what is left.
            const bool exact = std::string(integrator) == "exact";
            QCOMPARE(readProbe(run, "layer1.refractory")[0], exact ? silent - 0.75 : silent);
            const double from = run.clock().timeMs;
            while (readProbe(run, "layer1.voltage")[0] <= 0)
                QVERIFY(run.step());
            // t_ref after the spike, up to a step.
            QVERIFY(std::abs(run.clock().timeMs - from - 4) <= 1.25);
            const double count = readProbe(run, "layer1.count")[0];
            QVERIFY(std::abs(readProbe(run, "layer1.rate")[0] - 1000 * count / run.clock().timeMs)
                < 1e-9);
            for (int k = 0; k < 4000; ++k)
                QVERIFY(run.step());
            run.apply({.key = "dt", .value = 1.0});
            for (int k = 0; k < 1000; ++k)
                QVERIFY(run.step());
            const double rate = readProbe(run, "layer1.rate")[0];
            QVERIFY(rate > 138 && rate < 165);
        }
    }
};

QTEST_GUILESS_MAIN(BenchReadings)
#include "tst_bench_readings.moc"
