// The spiking microcircuit's kernels and schemes against plain forms: numbers, networks, and what
// silence costs.
#include "sim/model/kernels.h"
#include "sim/spiking/spike_count.h"
#include "sim/spiking/spiking_kernels.h"
#include "tests/spiking_run.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace apical;
using apical::test::SpikingRun;

namespace {

/// 9-30-4-3 on two patterns, all rules.
SpikingRun network(double psi, int scheme)
{
    SpikingRun run;
    run.sizes = {9, 30, 4, 3};
    for (int pattern = 0; pattern < 2; ++pattern) {
        run.inputs.emplace_back();
        for (int i = 0; i < 9; ++i)
            run.inputs.back().push_back((i + pattern) % 3 == 0 ? 1 : 0.1);
        run.targets.push_back({1, 0.1, 0.5});
    }
    SpikingParameters& s = run.own();
    s.psi = psi;
    s.scheme = scheme;
    s.etaUp = s.etaIp = s.etaPi = s.etaDown = {0.02};
    return run;
}

double largest(const std::vector<double>& values)
{
    double most = 0;
    for (const double v : values)
        most = std::max(most, std::abs(v));
    return most;
}

/// Largest difference over the larger of 1 and the largest value.
double difference(const std::vector<double>& a, const std::vector<double>& b)
{
    double worst = a.size() == b.size() ? 0 : HUGE_VAL;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        const double d = std::abs(a[i] - b[i]);
        worst = std::max(worst, std::isnan(d) ? HUGE_VAL : d);
    }
    return worst / std::max(1.0, largest(b));
}

} // namespace

class SpikingEngineTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void drawnNumbersArePoisson_data()
    {
        QTest::addColumn<double>("mean");
        for (const double mean : {0.01, 0.07, 0.7, 6.9, 31.0, 70.0, 213.0})
            QTest::addRow("%g", mean) << mean;
    }
    void drawnNumbersArePoisson()
    {
        QFETCH(double, mean);
        constexpr int neurons = kQuad * kQuads, steps = 6250, n = neurons * steps;
        Aligned<double> rates(neurons, mean), sent(neurons, 0.0), counted(neurons, 0.0);
        std::vector<std::int32_t> quads(kQuads);
        std::iota(quads.begin(), quads.end(), 0);
        std::vector<double> seen(1000, 0.0);
        double sum = 0, squares = 0;
        for (std::uint64_t step = 0; step < steps; ++step) {
            QVERIFY(!spikingKernels<double>().draw({.seed = 5, .step = step, .stream = 21},
                quads.data(), kQuads, rates.data(), sent.data(), counted.data()));
            for (const double count : sent) {
                sum += count;
                squares += count * count;
                seen[static_cast<std::size_t>(count)] += 1;
            }
        }
        QCOMPARE(std::accumulate(counted.begin(), counted.end(), 0.0), sum);
        const double m = sum / n, variance = squares / n - m * m;
        QVERIFY2(std::abs(m - mean) < 4 * std::sqrt(mean / n), qPrintable(QString::number(m)));
        // The fourth central moment of a Poisson number is mean + 3 mean^2.
        const double error = std::sqrt((mean + 2 * mean * mean) / n);
        QVERIFY2(std::abs(variance - mean) < 4 * error, qPrintable(QString::number(variance)));
        // Cells of at least ten numbers; what is left at the ends is one cell each.
        double chi = 0, cells = -1, expected = 0, found = 0, left = n;
        for (std::size_t k = 0; k < seen.size(); ++k) {
            const double p = std::exp(static_cast<double>(k) * std::log(mean) - mean
                - std::lgamma(static_cast<double>(k) + 1));
            expected += n * p;
            found += seen[k];
            if (expected < 10 || left - expected < 10)
                continue;
            chi += (found - expected) * (found - expected) / expected;
            left -= expected;
            expected = found = 0;
            cells += 1;
        }
        chi += (found - left) * (found - left) / left;
        cells += 1;
        // Four standard deviations of chi square, and a little where cells are few.
        QVERIFY2(chi < cells + 4 * std::sqrt(2 * std::max(cells, 4.0)),
            qPrintable(QStringLiteral("chi square %1 of %2").arg(chi).arg(cells)));
    }

    void everyInstructionSetDrawsThePlainNumbers_data()
    {
        QTest::addColumn<QString>("target");
        for (const std::string& target : simdTargets())
            QTest::newRow(target.c_str()) << QString::fromStdString(target);
    }
    void everyInstructionSetDrawsThePlainNumbers()
    {
        QFETCH(QString, target);
        const auto wide = spikingKernelsFor<double>(target.toStdString());
        const auto narrow = spikingKernelsFor<float>(target.toStdString());
        constexpr int places = 64;
        Aligned<double> rates(places, 0.0), sent(places, -1.0), counted(places, 0.0);
        Aligned<float> ratesF(places, 0.0F), sentF(places, -1.0F);
        for (int i = 0; i < places; ++i) {
            const auto k = static_cast<std::size_t>(i);
            ratesF[k] = static_cast<float>(i) / 16;
            rates[k] = static_cast<double>(ratesF[k]);
        }
        rates[9] = 30; // beyond what a kernel draws
        const std::vector<std::int32_t> quads{0, 2, 3, 5, 9, 10, 15, 12};
        for (std::uint64_t step = 1U << 31U; step < (1U << 31U) + 200; ++step) {
            const SpikeDraw draw{
                .seed = 0x123456789ABCDEF, .step = step << 3U, .stream = 21, .scale = 10};
            QVERIFY(wide.draw(draw, quads.data(), kQuads, rates.data(), sent.data(), nullptr));
            QVERIFY(!narrow.draw(draw, quads.data(), kQuads, ratesF.data(), sentF.data(), nullptr));
            for (int i = 0; i < places; ++i) {
                const auto k = static_cast<std::size_t>(i);
                if (std::find(quads.begin(), quads.end(), i / kQuad) == quads.end()) {
                    QCOMPARE(sent[k], -1.0);
                    continue;
                }
                const double plain = poissonCount(10 * static_cast<double>(ratesF[k]),
                    [&](unsigned) { return spikeUniform(draw.seed, draw.step, i); });
                QCOMPARE(static_cast<double>(sentF[k]), plain);
                QCOMPARE(sent[k], i == 9 ? 0.0 : plain);
            }
        }
    }

    void transferIsThatOfOneNeuron_data()
    {
        QTest::addColumn<int>("kind");
        for (const int kind : {phi_kind::softplus, phi_kind::logistic, phi_kind::tanh,
                 phi_kind::relu, phi_kind::hard_sigmoid})
            QTest::addRow("%d", kind) << kind;
    }
    void transferIsThatOfOneNeuron()
    {
        QFETCH(int, kind);
        const Transfer<double> phi{.kind = kind, .gamma = 1.3, .beta = 0.8, .theta = 0.2};
        Aligned<double> u(16), v(16), zero(16, 0.0), rate(16), forward(16), error(16);
        for (int part = -400; part < 400; ++part) {
            for (std::size_t i = 0; i < 16; ++i)
                u[i] = v[i] = part * 0.05 + 0.003 * static_cast<double>(i);
            const NeuronUpdate<double> update{.n = 16,
                .lookAhead = false,
                .total = 1,
                .attenuation = 1,
                .basalKeep = 1,
                .soma = u.data(),
                .forward = forward.data(),
                .rate = rate.data(),
                .dendrite = v.data(),
                .current = zero.data(),
                .input = zero.data(),
                .error = error.data()};
            spikingKernels<double>().neurons(phi, &update, 1);
            for (std::size_t i = 0; i < 16; ++i) {
                const double expected = transfer(phi, u[i]);
                QVERIFY(std::abs(rate[i] - expected) <= 1e-15 * std::max(1.0, std::abs(u[i])));
                QCOMPARE(error[i], 0.0);
            }
        }
    }

    void thePlainFormDoesTheSame_data()
    {
        QTest::addColumn<double>("psi");
        QTest::addColumn<int>("variant");
        QTest::addColumn<int>("scheme");
        for (const double psi : {1.0, 10.0, 100.0, 5000.0}) // the last beyond the kernel's numbers
            for (int variant = 0; variant < 6; ++variant)
                for (const int scheme :
                    {spiking_scheme::event, spiking_scheme::time, spiking_scheme::automatic})
                    QTest::addRow("psi %g, variant %d, scheme %d", psi, variant, scheme)
                        << psi << variant << scheme;
    }
    /// The same spikes, potentials within 1e-11 and weights within 1e-12, in either scheme.
    void thePlainFormDoesTheSame()
    {
        QFETCH(double, psi);
        QFETCH(int, variant);
        QFETCH(int, scheme);
        SpikingRun fast = network(psi, scheme);
        SpikingParameters& p = fast.own();
        if (variant == 1) {
            p.delay = 3;
            p.delaySpread = 2;
        } else if (variant == 2) {
            p.refractory = 0.5;
            p.dropout = 0.2;
            p.noise = 0.1;
        } else if (variant == 3) {
            p.delayPi = 4;
            p.latentEquilibrium = false;
            p.untargeted = untargeted_leak::released;
            p.inputTau = 2;
        } else if (variant == 4) {
            p.tauDelta = 0.3;
            p.apicalCapacitance = 5;
        }
        SpikingRun plain = network(psi, scheme);
        plain.parameters = fast.parameters;
        plain.precision = "reference";
        fast.start();
        plain.start();
        const Anatomy& a = fast.model->anatomy();
        std::vector<double> spikes;
        for (int k = 0; k < 1500; ++k) {
            for (SpikingRun* run : {&fast, &plain}) {
                if (k == 800 && variant == 4) { // other settings in mid-run
                    run->own().tauDelta = 1;
                    run->own().etaUp = {0.01};
                    run->model->setParameters(run->parameters);
                }
                if (k == 450 && variant == 5) { // while changes are under way
                    const int up = run->model->anatomy().projection("layer1.W_up");
                    std::vector<double> weights = run->read("layer1.W_up");
                    std::ranges::reverse(weights);
                    run->model->setWeights(up, weights);
                }
                if (variant == 5 && (k == 700 || k == 900)) {
                    const int now = run->own().scheme;
                    run->own().scheme =
                        now == spiking_scheme::event ? spiking_scheme::time : spiking_scheme::event;
                    run->model->setParameters(run->parameters);
                }
                run->model->step({.input = run->inputs[static_cast<std::size_t>(k / 100 % 2)],
                    .target = run->targets.front(),
                    .nudged = k % 400 < 300,
                    .learning = k % 700 < 500,
                    .inputHeld = k % 100 != 0,
                    .step = static_cast<std::uint64_t>(k)});
            }
            if (k % 50 != 0)
                continue;
            QCOMPARE(fast.spikes(), plain.spikes());
            for (const Anatomy::Quantity& q : a.quantities) {
                const double d = difference(fast.read(q.name), plain.read(q.name));
                QVERIFY2(d < 1e-11, (q.name + " in step " + std::to_string(k)).c_str());
            }
            for (const Anatomy::Projection& w : a.projections) {
                const auto expected = plain.read(w.name);
                const double d = difference(fast.read(w.name), expected);
                QVERIFY2(d < 1e-12 * std::min(1.0, largest(expected)),
                    (w.name + " in step " + std::to_string(k)).c_str());
            }
        }
        spikes = fast.spikes();
        QVERIFY(std::accumulate(spikes.begin(), spikes.end(), 0.0) > 100);
    }

    /// A synapse that is touched after a long time looks at no more than a fixed number of sums of
    /// errors, and nothing at all while its sender is silent.
    void silenceIsNotCounted()
    {
        constexpr std::uint64_t minute = 600000; // steps
        SpikeTrains<double> trains;
        SpikingPathway<double> synapses;
        trains.start(2);
        trains.set(0.9, 1);
        synapses.start(5, 2, 0, {});
        synapses.set({.decay = 0.9, .psi = 1, .clip = 4, .eta = 0.1, .events = true}, trains);
        Aligned<double> none(8, 0.0), one(8, 0.0), errors(8, 0.1), dendrite(8, 0.0);
        one[0] = 1;
        const auto step = [&](bool spike) {
            trains.step(spike ? one.data() : none.data());
            synapses.step(trains, errors.data(), 0.1, dendrite.data());
        };
        for (const std::uint64_t silence :
            {std::uint64_t{3}, std::uint64_t{50}, std::uint64_t{200}, std::uint64_t{389}, minute}) {
            step(true);
            const std::uint64_t columns = synapses.columnsVisited(), sums = synapses.sumsVisited();
            for (std::uint64_t k = 1; k < silence; ++k)
                step(false);
            const bool asleep = silence > traceLifetime(0.9);
            QCOMPARE(synapses.columnsVisited() - columns, std::uint64_t{asleep ? 1U : 0U});
            step(true);
            QCOMPARE(synapses.columnsVisited() - columns, std::uint64_t{asleep ? 2U : 1U});
            QVERIFY(synapses.sumsVisited() - sums <= std::uint64_t{kMostTerms});
        }
    }

    void aMinuteOfSilenceNeedsNoMemory_data()
    {
        QTest::addColumn<int>("scheme");
        QTest::newRow("event") << int{spiking_scheme::event};
        QTest::newRow("time") << int{spiking_scheme::time};
        QTest::newRow("auto") << int{spiking_scheme::automatic};
    }
    void aMinuteOfSilenceNeedsNoMemory()
    {
        QFETCH(int, scheme);
        SpikingRun run = network(1, scheme);
        run.sizes = {9, 6, 3};
        run.inputs = {std::vector<double>(9, 0.0)};
        run.targets = {{1, 0.1, 0.5}};
        run.start();
        for (int k = 0; k < 10000; ++k)
            run.step();
        const std::size_t size = (*run.model).save().size();
        for (int k = 0; k < 590000; ++k)
            run.step();
        QCOMPARE((*run.model).save().size(), size);
        QCOMPARE(largest(run.read("input.spikes")), 0.0);
        QVERIFY(largest(run.read("layer1.pyr.spikes")) > 0);
    }

    void theApicalPotentialIsQuieterWithMoreSpikesAndCharge_data()
    {
        QTest::addColumn<double>("psi");
        QTest::addColumn<double>("capacitance");
        for (const double psi : {1.0, 10.0, 100.0})
            for (const double capacitance : {1.0, 5.0, 15.0})
                QTest::addRow("psi %g, C %g", psi, capacitance) << psi << capacitance;
    }
    /// Poisson input through weights W onto a leaky dendrite: variance sum W^2 r dt / psi over
    /// 1 - (1 - g/C)^2, times 1 / C^2: 1 / (psi C) but for a share of g / (2 C). Interneurons and
    /// outputs are shut off from the dendrites, so that their rates are constant.
    void theApicalPotentialIsQuieterWithMoreSpikesAndCharge()
    {
        QFETCH(double, psi);
        QFETCH(double, capacitance);
        SpikingRun run;
        run.inputs = {std::vector<double>(9, 0.5)};
        run.own().psi = psi;
        run.own().apicalCapacitance = capacitance;
        run.own().etaUp = run.own().etaIp = run.own().etaPi = run.own().etaDown = {0};
        run.start();
        const auto shut = [&run](const char* name) {
            const std::vector<double> zeros(run.read(name).size(), 0.0);
            run.model->setWeights(run.model->anatomy().projection(name), zeros);
        };
        shut("layer1.W_ip");
        shut("layer2.W_up");
        for (int k = 0; k < 2000; ++k)
            run.step();
        constexpr int steps = 20000;
        std::vector<double> sum(30, 0.0), squares(30, 0.0);
        for (int k = 0; k < steps; ++k) {
            run.step();
            const auto v = run.read("layer1.pyr.apical");
            for (std::size_t i = 0; i < v.size(); ++i) {
                sum[i] += v[i];
                squares[i] += v[i] * v[i];
            }
        }
        const auto down = run.read("layer1.W_down"), pi = run.read("layer1.W_pi");
        const auto r = run.read("layer2.pyr.rate"), s = run.read("layer1.inn.rate");
        const double dt = run.parameters.dt, keep = 1 - dt / capacitance;
        double measured = 0, expected = 0;
        for (std::size_t i = 0; i < 30; ++i) {
            measured += squares[i] / steps - sum[i] / steps * sum[i] / steps;
            double input = 0;
            for (std::size_t j = 0; j < 3; ++j)
                input +=
                    down[i * 3 + j] * down[i * 3 + j] * r[j] + pi[i * 3 + j] * pi[i * 3 + j] * s[j];
            expected += input * dt / psi / (capacitance * capacitance) / (1 - keep * keep);
        }
        // Thirty neurons share six senders: as many independent spans of a time constant as there
        // are, six times, give the error of a variance.
        const double spans = steps * dt / (2 * capacitance) * 6;
        const double ratio = measured / expected;
        QVERIFY2(std::abs(ratio - 1) < 4 * std::sqrt(2 / spans) + 0.01,
            qPrintable(QString::number(ratio)));
        qInfo("standard deviation %.4f, ratio of variances %.3f", std::sqrt(measured / 30), ratio);
    }
};

QTEST_GUILESS_MAIN(SpikingEngineTest)
#include "tst_spiking_engine.moc"
