// Neurons, filters, encoders and rate functions against the golden files, to 1e-12 and spikes
// exactly.
#include "sim/experiment/spike_table.h"
#include "tests/engine/lif/lif_run.h"
#include "tests/golden_preset.h"

#include <QTest>

#include <cmath>
#include <memory>
#include <random>

using namespace apical;
using test::lif;
using test::lifExperiment;
using test::readProbe;
using List = std::vector<double>;

namespace {

constexpr double kTolerance = 1e-12;
constexpr double kHertz = 1000; // a rate per ms in Hz

bool close(double expected, double actual)
{
    return std::abs(expected - actual) <= kTolerance * std::max(1.0, std::abs(expected));
}

#define COMPARE_CLOSE(expected, actual, where)                                                     \
    QVERIFY2(close(expected, actual),                                                              \
        qPrintable(QStringLiteral("%1: expected %2, got %3")                                       \
                       .arg(where)                                                                 \
                       .arg(expected, 0, 'g', 17)                                                  \
                       .arg(actual, 0, 'g', 17)))

} // namespace

class LifGoldenTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void potentialsAndSpikesOfThreeIntegrators_data()
    {
        QTest::addColumn<QString>("drive");
        QTest::addColumn<int>("integrator");
        for (const char* drive : {"const_1.5", "const_10", "sine", "negative_then_pos"})
            for (const int integrator : {0, 1, 2})
                QTest::addRow("%s %d", drive, integrator)
                    << QString::fromLatin1(drive) << integrator;
    }
    void potentialsAndSpikesOfThreeIntegrators()
    {
        QFETCH(QString, drive);
        QFETCH(int, integrator);
        const auto golden = golden::read("pc_lif").at("traces").at(drive.toStdString());
        const char* names[]{"exact", "grid", "euler"};
        const auto& expected = golden.at(names[integrator]);
        std::vector<List> patterns;
        for (const auto& j : golden.at("j"))
            patterns.push_back({j.get<double>()});
        const std::size_t steps = patterns.size();
        Experiment e = lifExperiment(std::move(patterns), 1);
        lif(e).integrator = integrator;
        Simulation run(e);
        double before = 0;
        // The file has seconds, or steps of 1 ms.
        const double ms = integrator == lif_integrator::exact ? kHertz : 1;
        for (std::size_t k = 0; k < steps; ++k) {
            QVERIFY(run.step());
            const double spikes = readProbe(run, "layer1.spikes")[0];
            QCOMPARE(spikes - before, expected.at("spike")[k].get<double>());
            before = spikes;
            COMPARE_CLOSE(expected.at("v_after_step")[k].get<double>(),
                readProbe(run, "layer1.voltage")[0], k);
            COMPARE_CLOSE(ms * expected.at("refractory_state_after_step")[k].get<double>(),
                readProbe(run, "layer1.refractory")[0], k);
        }
    }

    void countsOverFiveSeconds()
    {
        const auto golden = golden::read("pc_lif").at("rate_sweep");
        const List j = golden.at("j").get<List>();
        for (const double dt : {1.0, 0.1}) {
            for (const int integrator : {0, 1, 2}) {
                Experiment e = lifExperiment({j}, 5000, dt);
                lif(e).integrator = integrator;
                Simulation run(e);
                for (int k = 0; k < std::lround(5000 / dt); ++k)
                    run.step();
                const std::string name = std::string(integrator == 0 ? "exact"
                                                 : integrator == 1   ? "grid"
                                                                     : "euler")
                    + (dt == 1 ? "_dt0.001" : "_dt0.0001");
                const List expected = golden.at("spike_counts").at(name).get<List>();
                const List counts = readProbe(run, "layer1.count");
                const List theory = readProbe(run, "layer1.rate_theory");
                for (std::size_t i = 0; i < j.size(); ++i) {
                    COMPARE_CLOSE(golden.at("eq8_hz")[i].get<double>(), theory[i], i);
                    if (j[i] != 1) // on the threshold
                        QCOMPARE(counts[i], expected[i]);
                }
            }
        }
    }

    void filters()
    {
        const auto golden = golden::read("pc_alpha");
        auto table = std::make_shared<SpikeTable>();
        table->neurons = 1;
        for (const auto& n : golden.at("spikes"))
            table->counts.push_back(n.get<std::uint32_t>());
        for (const auto& [name, tau] :
            {std::pair{"tau_s=0", 0.0}, {"tau_s=0.002", 2.0}, {"tau_s=0.005", 5.0}}) {
            Experiment e = lifExperiment({{0.0}}, 1);
            e.replay.table = table;
            lif(e).synapseTau = tau;
            const double unit = lif(e).tRef / kHertz; // the file filters spikes / dt, in 1/s
            Simulation run(e);
            const auto& out = golden.at("out").at(name);
            for (std::size_t k = 0; k < table->counts.size(); ++k) {
                QVERIFY(run.step());
                COMPARE_CLOSE(
                    out.at("y")[k].get<double>(), readProbe(run, "input.trace")[0] / unit, k);
                if (tau > 0)
                    COMPARE_CLOSE(
                        out.at("u")[k].get<double>(), readProbe(run, "input.trace_u")[0] / unit, k);
            }
        }
        const List impulse = golden.at("impulse_response_tau5ms").get<List>();
        auto one = std::make_shared<SpikeTable>();
        one->neurons = 1;
        one->counts.assign(impulse.size(), 0);
        one->counts[0] = 1;
        Experiment e = lifExperiment({{0.0}}, 1);
        e.replay.table = one;
        Simulation run(e);
        for (std::size_t k = 0; k < impulse.size(); ++k) {
            QVERIFY(run.step());
            COMPARE_CLOSE(impulse[k], readProbe(run, "input.trace")[0] * kHertz / 4, k);
        }
    }

    void theClosedFormOfPeriodicSpikes()
    {
        const auto golden = golden::read("pc_alpha").at("periodic_closed_form");
        const List times = golden.at("t").get<List>(), s = golden.at("s").get<List>();
        Experiment e = lifExperiment({{4.0 / 20}}, 0.5, 0.5); // t_ref / x = 20 ms
        lif(e).encoder = encoder_kind::periodic;
        Simulation run(e);
        for (std::size_t k = 0; k + 1 < times.size(); ++k) {
            QVERIFY(run.step());
            COMPARE_CLOSE(s[k], readProbe(run, "input.trace_theory")[0] * kHertz / 4, k);
        }
    }

    void encodersWithTheNumbersOfTheFile() // P18
    {
        const auto golden = golden::read("pc_encoders");
        const List x = golden.at("x").get<List>();
        std::mt19937_64 numbers(golden.at("seed").get<std::uint64_t>());
        auto table = std::make_shared<UniformTable>();
        table->columns = static_cast<int>(x.size());
        const std::size_t steps = golden.at("poisson").size();
        for (std::size_t i = 0; i < steps * x.size(); ++i)
            table->values.push_back(static_cast<double>(numbers() >> 11) * 0x1.0p-53);
        for (std::size_t i = 0; i < x.size(); ++i)
            QCOMPARE(table->values[i], golden.at("uniforms_first_row")[i].get<double>());
        for (const auto& [name, kind] : {std::pair{"poisson", int{encoder_kind::poisson}},
                 {"bernoulli", int{encoder_kind::bernoulli}}}) {
            Experiment e = lifExperiment({x}, 1);
            lif(e).encoder = kind;
            e.replay.uniforms = table;
            Simulation run(e);
            List before(x.size(), 0.0);
            for (std::size_t k = 0; k < steps; ++k) {
                QVERIFY(run.step());
                const List now = readProbe(run, "input.spikes");
                for (std::size_t i = 0; i < x.size(); ++i)
                    QCOMPARE(now[i] - before[i], golden.at(name)[k][i].get<double>());
                before = now;
            }
        }
    }

    void rateFunctions()
    {
        const auto golden = golden::read("pc_softlif");
        const List j = golden.at("j").get<List>();
        const auto check = [&j](double threshold, double g, const List& soft, const List& slope,
                               const List& hard) {
            Experiment e = lifExperiment({j}, 1);
            lif(e).threshold = threshold;
            lif(e).smoothing = g;
            Simulation run(e);
            QVERIFY(run.step());
            for (std::size_t i = 0; i < j.size(); ++i) {
                COMPARE_CLOSE(soft[i], readProbe(run, "layer1.rate_soft")[i], j[i]);
                COMPARE_CLOSE(slope[i], readProbe(run, "layer1.rate_soft_slope")[i], j[i]);
                COMPARE_CLOSE(hard[i], readProbe(run, "layer1.rate_theory")[i], j[i]);
            }
        };
        const List hard = golden.at("lif_rate_hz").get<List>();
        for (const auto& [g, rates] : golden.at("gammas").items())
            check(1, std::stod(g), rates.at("r").get<List>(), rates.at("dr_dj").get<List>(), hard);
        const auto& two = golden.at("vth2");
        check(two.at("v_th").get<double>(), two.at("gamma").get<double>(), two.at("r").get<List>(),
            two.at("dr_dj").get<List>(), two.at("lif").get<List>());
    }
};

QTEST_GUILESS_MAIN(LifGoldenTest)
#include "tst_lif_golden.moc"
