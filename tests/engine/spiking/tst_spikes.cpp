// Spikes: their statistics, what learns from them in either scheme, and their state as a value.
#include "sim/base/error.h"
#include "sim/spiking/error_history.h"
#include "sim/spiking/spike_count.h"
#include "tests/spiking_run.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace apical;
using apical::test::SpikingRun;

namespace {

/// 9-30-3 on random patterns, all rules.
/// @param eta with 0.02 and few spikes weights run into their limits within seconds, where the
/// equations amplify rounding: no two ways of computing them agree any more
SpikingRun network(double psi, int scheme, double eta = 0.02)
{
    SpikingRun run;
    std::mt19937 random(11);
    std::uniform_real_distribution<double> rate(0, 1);
    for (int pattern = 0; pattern < 50; ++pattern) {
        run.inputs.emplace_back(9);
        for (double& x : run.inputs.back())
            x = rate(random);
        run.targets.push_back({rate(random), rate(random), rate(random)});
    }
    SpikingParameters& s = run.own();
    s.psi = psi;
    s.scheme = scheme;
    s.etaUp = {eta, eta / 2};
    s.etaIp = {eta};
    s.etaPi = {eta};
    s.etaDown = {eta / 2};
    return run;
}

/// The spikes that a run draws, as a table.
std::shared_ptr<const SpikeTable> recorded(SpikingRun run, int steps)
{
    run.start();
    SpikeTable table;
    std::vector<double> before = run.spikes();
    table.neurons = static_cast<int>(before.size());
    for (int k = 0; k < steps; ++k) {
        run.step();
        const std::vector<double> now = run.spikes();
        for (std::size_t i = 0; i < now.size(); ++i)
            table.counts.push_back(static_cast<std::uint32_t>(now[i] - before[i]));
        before = now;
    }
    return std::make_shared<const SpikeTable>(std::move(table));
}

double largestDifference(const SpikingRun& a, const SpikingRun& b)
{
    double worst = 0;
    for (const char* name :
        {"layer1.W_up", "layer1.W_down", "layer1.W_ip", "layer1.W_pi", "layer2.W_up"}) {
        const auto x = a.read(name), y = b.read(name);
        double difference = 0, size = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
            difference = std::max(difference, std::abs(x[i] - y[i]));
            size = std::max(size, std::abs(x[i]));
        }
        worst = std::max(worst, difference / size);
    }
    return worst;
}

SpikingRun copyOf(const SpikingRun& run)
{
    SpikingRun copy;
    copy.sizes = run.sizes;
    copy.parameters = run.parameters;
    copy.precision = run.precision;
    copy.replay = run.replay;
    copy.inputs = run.inputs;
    copy.targets = run.targets;
    copy.start();
    return copy;
}

} // namespace

class SpikesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void countsArePoisson_data()
    {
        QTest::addColumn<double>("mean");
        for (const double mean : {0.01, 0.07, 0.7, 6.9, 70.0, 213.0, 900.0})
            QTest::addRow("%g", mean) << mean;
    }
    void countsArePoisson()
    {
        QFETCH(double, mean);
        constexpr int n = 40000;
        double sum = 0, squares = 0, zeros = 0;
        std::mt19937_64 random(7);
        const auto draw = [&random](
                              unsigned) { return static_cast<double>(random() >> 11) * 0x1p-53; };
        for (int i = 0; i < n; ++i) {
            const double count = poissonCount(mean, draw);
            sum += count;
            squares += count * count;
            zeros += count == 0;
        }
        const double m = sum / n, variance = squares / n - m * m;
        QVERIFY2(std::abs(m - mean) < 4 * std::sqrt(mean / n), qPrintable(QString::number(m)));
        // The fourth central moment of a Poisson number is mean + 3 mean^2.
        const double error = std::sqrt((mean + 2 * mean * mean) / n);
        QVERIFY2(std::abs(variance - mean) < 4 * error, qPrintable(QString::number(variance)));
        const double p = std::exp(-mean);
        QVERIFY(std::abs(zeros / n - p) < 4 * std::sqrt(p * (1 - p) / n) + 1e-9);
    }

    void ratesOfNeuronsAreThoseOfTheirPotentials_data()
    {
        QTest::addColumn<double>("refractory");
        QTest::newRow("none") << 0.0;
        QTest::newRow("1 ms") << 1.0;
    }
    void ratesOfNeuronsAreThoseOfTheirPotentials()
    {
        QFETCH(double, refractory);
        SpikingRun run;
        run.sizes = {200, 1, 1};
        run.inputs = {std::vector<double>(200, 0.5)};
        run.own().psi = 1;
        run.own().refractory = refractory;
        run.start();
        constexpr int steps = 10000;
        for (int k = 0; k < steps; ++k)
            run.step();
        double sum = 0;
        for (const double count : run.read("input.spikes"))
            sum += count;
        const double rate = 0.5, ms = steps * run.parameters.dt * 200;
        // A step has one spike at most then: silence lasts from the end of that step.
        const double p = -std::expm1(-rate * run.parameters.dt);
        const double expected = refractory == 0 ? rate : 1 / (run.parameters.dt / p + refractory);
        QVERIFY2(std::abs(sum / ms - expected) < 4 * std::sqrt(expected / ms),
            qPrintable(QString::number(sum / ms)));
    }

    void sumsOfErrorsAreThoseOfEveryStep_data()
    {
        QTest::addColumn<double>("decay");
        for (const double decay : {0.2, 0.9, 0.99})
            QTest::addRow("%g", decay) << decay;
    }
    void sumsOfErrorsAreThoseOfEveryStep()
    {
        QFETCH(double, decay);
        ErrorHistory<double> history;
        history.start(2, decay, 5);
        std::vector<double> errors; // of steps 6, 7, ...
        std::mt19937 random(3);
        std::normal_distribution<double> normal;
        const std::size_t bytes = history.bytes();
        const auto sums = [&history](std::uint64_t from, int neuron) {
            ErrorTerm<double> terms[kMostTerms];
            // Less the row of `from` itself.
            std::pair<double, double> sum{-history.plainOf(from)[neuron],
                -history.growth(from) * history.fadedOf(from)[neuron]};
            const int count = history.upTo(history.now(), from, terms);
            for (int k = 0; k < count; ++k) {
                sum.first += terms[k].plain[neuron];
                sum.second += terms[k].power * terms[k].faded[neuron];
            }
            return sum;
        };
        for (int t = 0; t < 3000; ++t) {
            Aligned<double> pair(8, 0.0);
            pair[0] = normal(random);
            pair[1] = 1;
            errors.push_back(2 * pair[0]);
            history.push(pair.data(), 2);
            if (t % 37 != 0)
                continue;
            for (const std::uint64_t back :
                std::initializer_list<std::uint64_t>{0, 1, 2, 30, 31, 33, 390}) {
                if (back > history.reach() || back > errors.size())
                    continue;
                double p = 0, f = 0;
                for (std::uint64_t m = 1; m <= back; ++m) {
                    const double error = errors[errors.size() - back + m - 1];
                    p += error;
                    f += std::pow(decay, static_cast<double>(m)) * error;
                }
                const auto [plain, faded] = sums(history.now() - back, 0);
                QVERIFY(std::abs(plain - p) < 1e-11);
                QVERIFY(std::abs(faded - f) < 1e-12);
                QVERIFY(
                    std::abs(sums(history.now() - back, 1).first - 2 * static_cast<double>(back))
                    < 1e-11);
            }
        }
        QCOMPARE(history.bytes(), bytes);
    }

    void bothSchemesLearnTheSameFromTheSameSpikes_data()
    {
        QTest::addColumn<double>("psi");
        for (const double psi : {1.0, 10.0, 100.0})
            QTest::addRow("psi %g", psi) << psi;
    }
    void bothSchemesLearnTheSameFromTheSameSpikes()
    {
        QFETCH(double, psi);
        constexpr int steps = 100000; // 10 s
        constexpr double eta = 0.002;
        SpikingRun a = network(psi, spiking_scheme::event, eta);
        a.replay = recorded(network(psi, spiking_scheme::event, eta), steps);
        SpikingRun b = network(psi, spiking_scheme::time, eta);
        b.replay = a.replay;
        a.start();
        b.start();
        const auto start = a.read("layer1.W_up");
        for (int k = 0; k < steps; ++k) {
            a.step();
            b.step();
        }
        QVERIFY(a.read("layer1.W_up") != start);
        const double difference = largestDifference(a, b);
        QVERIFY2(difference < 1e-9, qPrintable(QString::number(difference)));
    }

    void aStateIsAValue_data()
    {
        QTest::addColumn<double>("psi");
        QTest::addColumn<int>("delay");
        QTest::addColumn<int>("scheme");
        QTest::addColumn<QString>("precision");
        for (const char* precision : {"double", "float", "reference"})
            for (const int scheme :
                {spiking_scheme::automatic, spiking_scheme::event, spiking_scheme::time}) {
                const auto row = [&](const char* name, double psi, int delay) {
                    QTest::addRow("%s, scheme %d, %s", name, scheme, precision)
                        << psi << delay << scheme << QString::fromLatin1(precision);
                };
                row("many spikes", 100, 1);
                row("few spikes", 1, 1);
                row("delays", 10, 4);
            }
    }
    void aStateIsAValue()
    {
        QFETCH(double, psi);
        QFETCH(int, delay);
        QFETCH(int, scheme);
        QFETCH(QString, precision);
        SpikingRun run = network(psi, scheme);
        run.precision = precision.toStdString();
        run.own().delay = delay;
        run.own().delaySpread = delay - 1;
        run.own().refractory = delay > 1 ? 0.5 : 0;
        run.start();
        SpikingRun other = copyOf(run);
        for (int k = 0; k < 3000; ++k)
            run.step();
        other.model->restore(run.model->save());
        other.done = run.done;
        QVERIFY(other.model->save() == run.model->save());
        for (int k = 0; k < 3000; ++k) {
            run.step();
            other.step();
            if (k % 100 == 0) // reading changes nothing
                static_cast<void>(other.read("layer1.W_up"));
        }
        QVERIFY(other.model->save() == run.model->save());
        auto damaged = (*run.model).save();
        damaged.resize(damaged.size() - 8);
        const auto before = (*run.model).save();
        QVERIFY_THROWS_EXCEPTION(InputError, (*run.model).restore(damaged));
        QVERIFY((*run.model).save() == before);
    }

    void silenceCostsNothing()
    {
        SpikingRun run = network(100, spiking_scheme::event);
        run.inputs = {std::vector<double>(9, 0.0)};
        run.targets.resize(1);
        run.start();
        for (int k = 0; k < 2000; ++k)
            run.step();
        const std::size_t size = (*run.model).save().size();
        for (int k = 0; k < 20000; ++k)
            run.step();
        QCOMPARE((*run.model).save().size(), size);
        for (const double count : run.read("input.spikes"))
            QCOMPARE(count, 0.0);
    }

    void dropoutSilencesItsShareOfEveryPopulation()
    {
        SpikingRun run = network(100, spiking_scheme::time);
        run.own().dropout = 1.0 / 3;
        run.inputs = {std::vector<double>(9, 0.5)};
        run.targets.resize(1);
        run.start();
        for (int k = 0; k < 500; ++k)
            run.step();
        const auto silent = [&](const char* name) {
            const auto counts = run.read(name);
            return std::count(counts.begin(), counts.end(), 0.0);
        };
        QCOMPARE(silent("input.spikes"), std::ptrdiff_t{3});
        QCOMPARE(silent("layer1.pyr.spikes"), std::ptrdiff_t{10});
        QCOMPARE(silent("layer1.inn.spikes"), std::ptrdiff_t{1});
    }

    void aSpikeArrivesAfterItsDelay_data()
    {
        QTest::addColumn<int>("delay");
        for (const int delay : {1, 2, 5, 10})
            QTest::addRow("%d steps", delay) << delay;
    }
    void aSpikeArrivesAfterItsDelay()
    {
        QFETCH(int, delay);
        SpikingRun run;
        run.sizes = {1, 1, 1};
        run.inputs = {{0.0}};
        run.own().psi = 1;
        run.own().delay = delay;
        SpikeTable table;
        table.neurons = 4;
        table.counts.assign(4 * 40, 0);
        table.counts[4 * 3] = 1; // the input, in step 3
        run.replay = std::make_shared<const SpikeTable>(table);
        run.start();
        const double w = run.read("layer1.W_up")[0];
        for (int k = 0; k < 40; ++k) {
            run.step();
            const double v = run.read("layer1.pyr.basal")[0];
            if (k < 3 + delay)
                QCOMPARE(v, 0.0);
            else if (k == 3 + delay)
                QCOMPARE(v, w);
        }
    }
};

QTEST_GUILESS_MAIN(SpikesTest)
#include "tst_spikes.moc"
