// The spiking microcircuit replays NEST's runs of the published models to 1e-12, by events and in
// every step alike.
#include "tests/spiking_run.h"

#include <QTest>

#include <cmath>

using namespace apical;
using apical::test::SpikingRun;

namespace {

constexpr double kTolerance = 1e-12;

class Worst {
public:
    void see(double expected, double actual, const std::string& where)
    {
        const double d = std::abs(expected - actual) / std::max(1.0, std::abs(expected));
        if (d <= m_worst)
            return;
        m_worst = std::isnan(d) ? HUGE_VAL : d;
        m_where = where + ": expected " + std::to_string(expected) + ", got "
            + std::to_string(actual) + ", off by " + std::to_string(d * 1e12) + "e-12";
    }
    double value() const { return m_worst; }
    const char* where() const { return m_where.c_str(); }

private:
    double m_worst = 0;
    std::string m_where;
};

} // namespace

class SpikingGoldenTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aSingleSynapseLearnsAsInNest_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("scheme");
        const nlohmann::json cases = golden::read("spiking_single_synapse");
        QCOMPARE(cases.size(), std::size_t{5});
        for (const auto& [name, one] : cases.items())
            for (const int scheme : {spiking_scheme::event, spiking_scheme::time})
                QTest::addRow(
                    "%s, %s", name.c_str(), scheme == spiking_scheme::event ? "event" : "time")
                    << QString::fromStdString(name) << scheme;
    }
    void aSingleSynapseLearnsAsInNest()
    {
        QFETCH(QString, name);
        QFETCH(int, scheme);
        const nlohmann::json golden = golden::read("spiking_single_synapse").at(name.toStdString());
        const auto& inputs = golden.at("inputs");
        SpikingRun run = test::goldenSynapse(inputs);
        run.own().scheme = scheme;
        run.start();
        const bool apical = inputs.at("compartment").get<std::string>() != "basal";
        if (apical) { // until the dendrite has its first potential
            run.step();
            run.step();
        }
        Worst worst;
        const auto& states = golden.at("post_state_each_step");
        const auto& traces = golden.at("trace_after_each_step");
        for (std::size_t k = 0; k < states.size(); ++k) {
            run.step();
            const std::string step = "step " + std::to_string(k) + ' ';
            worst.see(states[k][1].get<double>(), run.read("layer1.pyr.soma")[0], step + "u");
            if (apical) {
                worst.see(
                    states[k][4].get<double>(), run.read("layer1.pyr.apical")[0], step + "v_A");
            } else {
                worst.see(
                    states[k][3].get<double>(), run.read("layer1.pyr.basal")[0], step + "v_B");
                const double psi = inputs.at("psi").get<double>();
                worst.see(states[k][5].get<double>() / psi, run.read("layer1.pyr.basal_error")[0],
                    step + "D");
            }
            if (inputs.at("latent_equilibrium").get<bool>())
                worst.see(
                    states[k][2].get<double>(), run.read("layer1.pyr.prospective")[0], step + "p");
            const double psi = inputs.at("psi").get<double>();
            worst.see(traces[k][1].get<double>() * psi,
                run.read(apical ? "layer1.W_pi" : "layer1.W_up")[0], step + "W");
        }
        QVERIFY2(worst.value() <= kTolerance, worst.where());
    }

    void aNetworkReplaysNest_data()
    {
        QTest::addColumn<int>("scheme");
        QTest::newRow("event") << int{spiking_scheme::event};
        QTest::newRow("time") << int{spiking_scheme::time};
        QTest::newRow("auto") << int{spiking_scheme::automatic};
    }
    void aNetworkReplaysNest()
    {
        QFETCH(int, scheme);
        const nlohmann::json golden = golden::read("spiking_replay_psi100_le");
        SpikingRun run = test::goldenReplay(golden);
        run.own().scheme = scheme;
        run.start();
        const int steps = golden.at("n_steps").get<int>();
        Worst worst;
        const std::vector<std::tuple<const char*, const char*, const char*>> rows{
            {"inp", "V_m.s", "input.potential"}, {"hid", "V_m.s", "layer1.pyr.soma"},
            {"hid", "V_forw.s", "layer1.pyr.prospective"}, {"hid", "V_m.b", "layer1.pyr.basal"},
            {"hid", "V_m.a_lat", "layer1.pyr.apical"}, {"intn", "V_m.s", "layer1.inn.soma"},
            {"intn", "V_forw.s", "layer1.inn.prospective"},
            {"intn", "V_m.b", "layer1.inn.dendrite"}, {"out", "V_m.s", "layer2.pyr.soma"},
            {"out", "V_forw.s", "layer2.pyr.prospective"}, {"out", "V_m.b", "layer2.pyr.basal"}};
        int compared = 0;
        for (int k = 1; k <= steps; ++k) {
            run.step();
            for (const auto& [population, variable, probe] : rows) {
                const auto& all = golden.at("potentials").at(population).at(variable);
                const auto at = all.find(std::to_string(k));
                if (at == all.end())
                    continue;
                const auto values = run.read(probe);
                QCOMPARE(values.size(), at->size());
                for (std::size_t i = 0; i < values.size(); ++i, ++compared)
                    worst.see((*at)[i].get<double>(), values[i],
                        std::string(probe) + " in step " + std::to_string(k));
            }
        }
        QVERIFY(compared > 500);
        const auto& finals = golden.at("w_final_norm");
        for (const auto& [key, probe] : {std::pair{"up", "layer1.W_up"}, {"pi", "layer1.W_pi"},
                 {"ip", "layer1.W_ip"}, {"up_out", "layer2.W_up"}}) {
            const Matrix expected = golden::matrix(finals.at(key));
            const auto weights = run.read(probe);
            QCOMPARE(weights.size(), expected.values.size());
            for (std::size_t i = 0; i < weights.size(); ++i)
                worst.see(expected.values[i], weights[i], probe);
        }
        QVERIFY2(worst.value() <= kTolerance, worst.where());
    }
};

QTEST_GUILESS_MAIN(SpikingGoldenTest)
#include "tst_spiking_golden.moc"
