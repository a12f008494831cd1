// What holds of LIF neurons, their rates, filters and encoders whatever the numbers: the property
// tests P13 to P18 of the specification, and what a run of them has to keep.
#include "sim/base/random.h"
#include "sim/lif/alpha_filter.h"
#include "sim/lif/encoder.h"
#include "tests/engine/lif/lif_run.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <numeric>

using namespace apical;
using test::lif;
using test::lifExperiment;
using test::readProbe;
using List = std::vector<double>;

namespace {

double drawn(std::uint64_t seed, std::uint32_t index, double low, double high)
{
    return low + (high - low) * uniform(seed, RandomStream::Perturbation, 7, index);
}

} // namespace

class LifTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// P13, P14: 60 random currents, four random (tau, t_ref, dt), 4 s.
    void spikesAreWithinOneOfTheRate_data()
    {
        QTest::addColumn<int>("integrator");
        QTest::newRow("exact") << int{lif_integrator::exact};
        QTest::newRow("grid") << int{lif_integrator::grid};
    }
    void spikesAreWithinOneOfTheRate()
    {
        QFETCH(int, integrator);
        constexpr double kMs = 4000;
        for (std::uint64_t draw = 1; draw <= 4; ++draw) {
            List j;
            for (std::uint32_t i = 0; i < 60; ++i)
                j.push_back(drawn(draw, i, -2, 12));
            const double dts[]{0.1, 0.25, 0.5, 1};
            const double dt = dts[draw - 1];
            Experiment e = lifExperiment({j}, kMs, dt);
            lif(e).integrator = integrator;
            lif(e).tauRc = drawn(draw, 100, 5, 50);
            lif(e).tRef = std::round(drawn(draw, 101, 1, 10) / dt) * dt;
            Simulation run(e);
            for (int k = 0; k < std::lround(kMs / dt); ++k)
                QVERIFY(run.step());
            const List counts = readProbe(run, "layer1.count");
            const List theory = readProbe(run, "layer1.rate_theory");
            for (std::size_t i = 0; i < j.size(); ++i) {
                double expected = theory[i] * kMs / 1000;
                if (integrator == lif_integrator::grid && j[i] > 1) {
                    const double rise = std::ceil(-lif(e).tauRc / dt * std::log1p(-1 / j[i]));
                    expected = kMs / (dt * (std::round(lif(e).tRef / dt) + rise));
                }
                if (j[i] <= 1)
                    QCOMPARE(counts[i], 0.0);
                else if (j[i] >= 1.001)
                    QVERIFY2(std::abs(counts[i] - expected) <= 1,
                        qPrintable(QStringLiteral("j %1: %2 spikes, %3 expected")
                                       .arg(j[i])
                                       .arg(counts[i])
                                       .arg(expected)));
            }
        }
    }

    /// P15: spikes of a constant current lie where its rate says.
    void spikesLieWhereTheyShould()
    {
        for (const double j : {1.5, 10.0}) {
            Simulation run(lifExperiment({{j}}, 1));
            const double rise = -20 * std::log1p(-1 / j), period = 4 + rise;
            double next = rise, before = 0;
            for (int k = 0; k < 2000; ++k) {
                QVERIFY(run.step());
                const double spikes = readProbe(run, "layer1.spikes")[0] - before;
                before += spikes;
                const bool expected = next <= k + 1;
                QCOMPARE(spikes, expected ? 1.0 : 0.0);
                if (!expected)
                    continue;
                QVERIFY(std::abs(readProbe(run, "layer1.spike_time")[0] - (next - k)) < 1e-9);
                next += period;
            }
        }
    }

    void aNegativeCurrentLeavesAMemoryOnlyBelowALowerBound()
    {
        const auto firstSpike = [](double lowest) {
            std::vector<List> patterns(50, {-3.0});
            patterns.resize(120, {2.0});
            Experiment e = lifExperiment(patterns, 1);
            lif(e).lowest = lowest;
            Simulation run(e);
            for (int k = 0; k < 120; ++k) {
                run.step();
                if (readProbe(run, "layer1.spikes")[0] > 0)
                    return k;
            }
            return 120;
        };
        QCOMPARE(firstSpike(0), 50 + 13); // 20 ln 2 = 13.9 ms
        QVERIFY(firstSpike(-1) > 50 + 20);
    }

    /// P16
    void softRatesAreSmoothMonotoneAndReachTheHardOnes()
    {
        const SoftLif soft{0.02, 20, 4, 1, {}};
        for (const double j : {-2.0, 0.0, 0.26, 0.9, 1.0, 1.2, 5.0}) {
            const double h = 1e-6;
            const double slope = (soft.rate(j + h).value - soft.rate(j - h).value) / (2 * h);
            QVERIFY(std::abs(slope / soft.rate(j).slope - 1) < 1e-5);
            QVERIFY(soft.rate(j + h).value > soft.rate(j).value);
        }
        const double edge = 1 - 37 * 0.02;
        QVERIFY(
            std::abs(soft.rate(edge - 1e-13).value / soft.rate(edge + 1e-13).value - 1) < 1e-12);
        for (const double g : {0.1, 0.02, 1e-3, 1e-5}) {
            const SoftLif one{g, 20, 4, 1, {}};
            const double at = 1 / (4 + 20 * std::log1p(1 / (g * std::log(2.0))));
            QVERIFY(std::abs(one.rate(1.0).value / at - 1) < 1e-12);
            for (const double j : {1 + 20 * g, 2 + 20 * g, 8.0})
                QVERIFY(std::abs(one.rate(j).value - hardRate(one, j)) < 1e-7); // 1e-4 Hz
        }
    }

    /// P17
    void filtersKeepAnArea()
    {
        for (const double dt : {1.0, 0.1, 0.001}) {
            for (const double tau : {0.0, 0.5, 5.0, 40.0}) {
                for (const int order : {1, 2}) {
                    const AlphaSetting a(dt, tau, order);
                    AlphaFilter<double> filter, held;
                    filter.resize(1);
                    held.resize(1);
                    double sum = 0;
                    const double one = 1;
                    filter.decay(a);
                    filter.add(a, 0, 1);
                    for (int k = 0; k < 60 * tau / dt + 2; ++k) {
                        sum += filter.output(a)[0];
                        filter.decay(a);
                        held.step(a, &one);
                    }
                    QVERIFY2(std::abs(sum - 1) < 1e-12, qPrintable(QString::number(sum - 1)));
                    // A recursion that gains dt / tau a step keeps tau / dt times what it rounds.
                    const double rounding =
                        4 * std::numeric_limits<double>::epsilon() * std::max(1.0, tau / dt);
                    QVERIFY2(std::abs(held.output(a)[0] - 1) < std::max(1e-12, rounding),
                        qPrintable(QString::number(held.output(a)[0] - 1)));
                }
            }
        }
    }
    void theMeanOfAPeriodicTrainIsItsRate()
    {
        Experiment e = lifExperiment({{0.2}}, 1);
        lif(e).encoder = encoder_kind::periodic;
        Simulation run(e);
        double sum = 0;
        for (int k = 0; k < 1000; ++k) {
            QVERIFY(run.step());
            if (k >= 980) // one period, long after the start
                sum += readProbe(run, "input.trace")[0];
        }
        QVERIFY(std::abs(sum / 20 - 0.2) < 1e-12);
        QCOMPARE(readProbe(run, "input.spikes")[0], 50.0);
    }

    /// P18
    void encodersHaveTheirMeanAndVariance()
    {
        constexpr int kSteps = 20000;
        const List x{0, 0.05, 0.25, 0.5, 0.75, 1};
        for (const int kind : {encoder_kind::poisson, encoder_kind::bernoulli}) {
            SpikeFields p;
            p.encoder = kind;
            Encoder encoder(static_cast<int>(x.size()), 1, 3, {});
            List sum(x.size(), 0.0), square = sum, more = sum;
            for (int k = 0; k < kSteps; ++k) {
                encoder.step(p, 4, 1, x, static_cast<std::uint64_t>(k));
                for (std::size_t i = 0; i < x.size(); ++i) {
                    const double n = encoder.counts()[i];
                    sum[i] += n;
                    square[i] += n * n;
                    more[i] += n >= 2;
                }
            }
            QCOMPARE(sum[0], 0.0);
            for (std::size_t i = 1; i < x.size(); ++i) {
                const double mean = sum[i] / kSteps, variance = square[i] / kSteps - mean * mean;
                const double l = x[i] / 4;
                const bool poisson = kind == encoder_kind::poisson;
                QVERIFY(std::abs(mean - l) < 4 * std::sqrt(l / kSteps));
                QVERIFY(std::abs(variance - (poisson ? l : l * (1 - l)))
                    < 4 * std::sqrt((l + 2 * l * l) / kSteps));
                const double twice = poisson ? 1 - std::exp(-l) * (1 + l) : 0;
                QVERIFY(std::abs(more[i] / kSteps - twice) <= 4 * std::sqrt(twice / kSteps));
            }
        }
    }

    void severalTrainsAreAveraged()
    {
        Experiment e = lifExperiment({{0.5}}, 1);
        lif(e).encoder = encoder_kind::poisson;
        lif(e).trains = 100;
        lif(e).synapseTau = 0;
        Simulation run(e);
        double sum = 0, square = 0;
        constexpr int kSteps = 2000;
        for (int k = 0; k < kSteps; ++k) {
            QVERIFY(run.step());
            const double x = readProbe(run, "input.trace")[0];
            sum += x;
            square += x * x;
        }
        // A train of mean 0.125 spikes a step, times t_ref / dt: variance 2, of the mean of 100
        // 0.02.
        const double mean = sum / kSteps, variance = square / kSteps - mean * mean;
        QVERIFY(std::abs(mean - 0.5) < 4 * std::sqrt(0.02 / kSteps));
        QVERIFY(std::abs(variance / 0.02 - 1) < 0.2);
    }

    /// Fig. 3b: noise makes neurons fire below the threshold, and many trains take it away.
    void noiseFiresBelowTheThreshold()
    {
        const auto rate = [](int trains, double x) {
            Experiment e = lifExperiment({List(20, x)}, 4000);
            lif(e).encoder = encoder_kind::poisson;
            lif(e).trains = trains;
            Simulation run(e);
            for (int k = 0; k < 4000; ++k)
                run.step();
            const List rates = readProbe(run, "layer1.rate");
            return std::accumulate(rates.begin(), rates.end(), 0.0) / 20;
        };
        // About 5 and 52 Hz against 0 and 56.0 of eq. 8; 20 neurons x 4 s.
        QVERIFY(rate(1, 0.75) > 4 && rate(1, 0.75) < 6.5);
        QVERIFY(rate(1, 2) > 50 && rate(1, 2) < 54.5);
        QCOMPARE(rate(100, 0.75), 0.0);
        QVERIFY(std::abs(rate(100, 2) - 56.0) < 1);
    }

    void anotherIntegratorTakesOverInTheMiddleOfAPeriod()
    {
        Experiment e = lifExperiment({{10.0}}, 1);
        Simulation run(e);
        for (int k = 0; k < 3; ++k) // the third step spikes
            QVERIFY(run.step());
        const std::vector<std::byte> before = run.model().save();
        for (const int to : {lif_integrator::grid, lif_integrator::euler}) {
            run.apply({.key = "lif.integrator", .value = std::string(to == 1 ? "grid" : "euler")});
            QCOMPARE(readProbe(run, "layer1.refractory")[0], 3.0);
            run.apply({.key = "lif.integrator", .value = std::string("exact")});
            QCOMPARE(readProbe(run, "layer1.refractory")[0], 4.0);
            run.model().restore(before);
        }
    }

    void aHardResetStartsACountAnew()
    {
        Experiment e = lifExperiment({{3.0}}, 100);
        e.parameters.stateReset = reset_kind::hard;
        Simulation run(e);
        for (int k = 0; k < 150; ++k)
            QVERIFY(run.step());
        const double total = readProbe(run, "layer1.spikes")[0];
        const double now = readProbe(run, "layer1.count")[0];
        QVERIFY(now > 0 && now < total);
        QCOMPARE(readProbe(run, "layer1.rate")[0], now / 50 * 1000);
    }
};

QTEST_GUILESS_MAIN(LifTest)
#include "tst_lif.moc"
