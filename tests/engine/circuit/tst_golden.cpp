// Replays the published reference runs: every recorded quantity within 1e-12.
#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/self_prediction.h"
#include "sim/run/simulation.h"
#include "tests/golden_preset.h"

#include <QTest>

#include <cmath>

using namespace apical;

namespace {

constexpr double kTolerance = 1e-12;

struct Worst {
    double difference = 0;
    std::string where;
    void see(double expected, double actual, const std::string& place)
    {
        const double d = std::abs(expected - actual);
        if (!(d <= difference)) { // also true for NaN
            difference = std::isnan(d) ? INFINITY : d;
            where = place + ": expected " + std::to_string(expected) + ", got "
                + std::to_string(actual);
        }
    }
};

// Compares one probe with a recorded row (a vector or a matrix as a list of rows).
void compare(
    const Simulation& sim, const std::string& name, const nlohmann::json& row, Worst& worst)
{
    const Probe* probe = findProbe(sim.model(), name);
    if (!probe)
        throw std::runtime_error("no probe " + name);
    std::vector<double> values(static_cast<std::size_t>(probe->size()));
    probe->read(values);
    std::vector<double> expected;
    for (const auto& entry : row) {
        if (entry.is_array())
            expected.insert(expected.end(), entry.begin(), entry.end());
        else
            expected.push_back(entry.get<double>());
    }
    if (expected.size() != values.size())
        throw std::runtime_error("size of " + name);
    for (std::size_t i = 0; i < values.size(); ++i)
        worst.see(expected[i], values[i],
            name + '[' + std::to_string(i) + "] after step " + std::to_string(sim.clock().step));
}

} // namespace

class GoldenTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyRecordedQuantityAgrees_data();
    void everyRecordedQuantityAgrees();
    void selfPredictionErrorsAgreeWithG4c_data();
    void selfPredictionErrorsAgreeWithG4c();
};

void GoldenTest::everyRecordedQuantityAgrees_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("precision");
    for (const char* name : {"G1_le_2-3-2_selfpred", "G1c_le_2-3-2_target",
             "G1e_le_2-3-2_target_bias", "G2_orig_2-3-2_selfpred", "G2c_orig_2-3-2_target",
             "G3_le_bars_9-30-3_tpres100", "G5d_gille_le_as_G1c_target_reset"}) {
        for (const char* precision : {"double", "reference"})
            QTest::addRow("%s, %s", name, precision) << name << precision;
    }
}

void GoldenTest::everyRecordedQuantityAgrees()
{
    QFETCH(QString, file);
    QFETCH(QString, precision);
    const auto golden = golden::read(file.toStdString());
    Experiment experiment = golden::experiment(golden);
    experiment.precision = precision.toStdString();
    Simulation sim(experiment);

    const std::vector<std::pair<std::string, std::string>> potentials{{"pyr_soma", "pyr.soma"},
        {"pyr_forw", "pyr.prospective"}, {"pyr_basal", "pyr.basal"}, {"pyr_apical", "pyr.apical"},
        {"inn_dendrite", "inn.dendrite"}, {"inn_soma", "inn.soma"},
        {"inn_forw", "inn.prospective"}};
    const std::vector<std::string> weights{"W_up", "W_down", "W_ip", "W_pi"};
    const auto rowsOf = [&](const char* key) {
        std::vector<std::uint64_t> rows;
        if (golden.contains(key)) {
            rows = golden[key].get<std::vector<std::uint64_t>>();
        } else {
            for (std::uint64_t k = 0; k < golden.at("r_in").size(); ++k)
                rows.push_back(k);
        }
        return rows;
    };
    const auto voltageSteps = rowsOf("voltage_steps"), weightSteps = rowsOf("weight_steps");
    const bool lookAhead = circuit(experiment.parameters).latentEquilibrium;
    Worst worst;
    std::size_t v = 0, w = 0, compared = 0;
    for (std::uint64_t k = 0; k < golden::steps(golden); ++k) {
        QVERIFY(sim.step());
        const bool voltages = v < voltageSteps.size() && voltageSteps[v] == k;
        const bool matrices = w < weightSteps.size() && weightSteps[w] == k;
        for (std::size_t l = 0; l < golden["layers"].size(); ++l) {
            const auto& layer = golden["layers"][l];
            const std::string prefix = "layer" + std::to_string(l + 1) + '.';
            for (const auto& [key, probe] : potentials) {
                const bool skip = !lookAhead && key.ends_with("_forw");
                if (voltages && layer.contains(key) && !skip
                    && findProbe(sim.model(), prefix + probe)) {
                    compare(sim, prefix + probe, layer[key].at(v), worst);
                    ++compared;
                }
            }
            for (const std::string& name : weights) {
                if (matrices && layer.contains(name) && findProbe(sim.model(), prefix + name)) {
                    compare(sim, prefix + name, layer[name].at(w), worst);
                    ++compared;
                }
            }
        }
        if (voltages)
            compare(sim, "input.rate", golden["r_in"].at(v), worst);
        if (voltages && golden.contains("u_trgt_used"))
            compare(sim, "target", golden["u_trgt_used"].at(v), worst);
        if (const std::span<const Readout> out = sim.finishedReadouts();
            !out.empty() && golden.contains("out_seq")) {
            for (std::size_t i = 0; i < out.front().mean.size(); ++i)
                worst.see(golden["out_seq"].at(out.front().pattern).at(i), out.front().mean[i],
                    "read-out");
        }
        v += voltages ? 1 : 0;
        w += matrices ? 1 : 0;
    }
    const auto last = golden::weights(golden.at("final_weights"));
    for (std::size_t l = 0; l < last.size(); ++l) {
        const LayerWeights now = layerWeights(sim.model(), static_cast<int>(l) + 1);
        for (std::size_t i = 0; i < last[l].up.values.size(); ++i)
            worst.see(last[l].up.values[i], now.up.values[i], "final W_up");
        for (std::size_t i = 0; i < last[l].ip.values.size(); ++i)
            worst.see(last[l].ip.values[i], now.ip.values[i], "final W_ip");
        for (std::size_t i = 0; i < last[l].pi.values.size(); ++i)
            worst.see(last[l].pi.values[i], now.pi.values[i], "final W_pi");
    }
    QVERIFY(v == voltageSteps.size() && w == weightSteps.size() && compared > 100);
    qInfo("%s: largest difference %.3g", qPrintable(file), worst.difference);
    QVERIFY2(worst.difference <= kTolerance, worst.where.c_str());
}

void GoldenTest::selfPredictionErrorsAgreeWithG4c_data()
{
    QTest::addColumn<QString>("precision");
    QTest::newRow("double") << "double";
    QTest::newRow("reference") << "reference";
}

void GoldenTest::selfPredictionErrorsAgreeWithG4c()
{
    QFETCH(QString, precision);
    const auto golden = golden::read("G4c_le_5-8-3_selfpred");
    Experiment experiment = golden::experiment(golden);
    experiment.precision = precision.toStdString();
    Simulation sim(experiment);
    Worst worst;
    const auto& rows = golden["metrics_at_end_of_each_sample"];
    for (std::size_t sample = 0; sample < rows.size(); ++sample) {
        const auto errors = selfPredictionErrors(sim.model()).front();
        const std::string place = " after sample " + std::to_string(sample);
        worst.see(rows[sample]["ff"], errors.feedforwardWeight, "feedforward" + place);
        worst.see(rows[sample]["fb"], errors.feedbackWeight, "feedback" + place);
        worst.see(rows[sample]["apical_norm"], errors.apical, "apical" + place);
        worst.see(rows[sample]["intn_mse"], errors.interneuron, "interneuron" + place);
        for (int k = 0; sample + 1 < rows.size() && k < golden["steps_per_sample"].get<int>(); ++k)
            QVERIFY(sim.step());
    }
    const auto last = golden::weights(golden.at("final_weights"));
    const LayerWeights now = layerWeights(sim.model(), 1);
    for (std::size_t i = 0; i < last[0].ip.values.size(); ++i)
        worst.see(last[0].ip.values[i], now.ip.values[i], "final W_ip");
    for (std::size_t i = 0; i < last[0].pi.values.size(); ++i)
        worst.see(last[0].pi.values[i], now.pi.values[i], "final W_pi");
    qInfo("G4c: largest difference %.3g", worst.difference);
    QVERIFY2(worst.difference <= kTolerance, worst.where.c_str());
}

QTEST_APPLESS_MAIN(GoldenTest)
#include "tst_golden.moc"
