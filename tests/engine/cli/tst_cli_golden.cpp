// The published reference runs through the headless program: preset in, traces.csv out, within
// 1e-12.
#include "sim/files/preset.h"
#include "tests/cli_process.h"
#include "tests/golden_preset.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;
using namespace apical;

namespace {

constexpr double kTolerance = 1e-12;

/// Writes the preset of a golden file, runs it and keeps the folder of results.
class GoldenRun {
public:
    explicit GoldenRun(const QString& name)
        : golden(golden::read(name.toStdString()))
    {
        const QString preset = m_folder.filePath(u"preset.json"_s);
        QFile file(preset);
        if (!file.open(QIODevice::WriteOnly))
            throw std::runtime_error("cannot write the preset");
        file.write(QByteArray::fromStdString(writePreset(golden::experiment(golden))));
        file.close();
        result = runCli({u"run"_s, preset, u"--steps"_s, QString::number(golden::steps(golden)),
            u"--record"_s, u"all"_s, u"--out"_s, path(u"out"_s), u"--quiet"_s});
    }
    QString path(const QString& name) const { return m_folder.filePath(name); }

    nlohmann::json golden;
    CliResult result;

private:
    QTemporaryDir m_folder;
};

struct Worst {
    double difference = 0;
    QByteArray where;
    int compared = 0;

    void see(double expected, double actual, const QByteArray& place)
    {
        ++compared;
        const double d = std::abs(expected - actual);
        if (!(d <= difference)) { // also for NaN
            difference = std::isnan(d) ? INFINITY : d;
            where = place + ": expected " + QByteArray::number(expected, 'g', 17) + ", got "
                + QByteArray::number(actual, 'g', 17);
        }
    }

    /// A recorded vector or matrix against the columns name[i] or name[i][j] of a row.
    void see(const nlohmann::json& recorded, const CsvTable& table, std::size_t row,
        const QByteArray& name)
    {
        for (std::size_t i = 0; i < recorded.size(); ++i) {
            const QByteArray element = name + '[' + QByteArray::number(qulonglong{i}) + ']';
            if (recorded[i].is_array())
                see(recorded[i], table, row, element);
            else
                see(recorded[i].get<double>(), table.at(row, element),
                    element + " in row " + QByteArray::number(qulonglong{row}));
        }
    }
};

/// Rows of a golden net's matrix, {"rows", "cols", "data"}; the transposed where samples are rows.
nlohmann::json rowsOf(const nlohmann::json& m, bool transposed = false)
{
    const auto rows = m.at("rows").get<std::size_t>(), cols = m.at("cols").get<std::size_t>();
    nlohmann::json out = nlohmann::json::array();
    for (std::size_t i = 0; i < (transposed ? cols : rows); ++i) {
        out.push_back(nlohmann::json::array());
        for (std::size_t j = 0; j < (transposed ? rows : cols); ++j)
            out.back().push_back(m.at("data")[transposed ? j * cols + i : i * cols + j]);
    }
    return out;
}

/// A golden net as a preset that shows its batch once and keeps its weights.
nlohmann::json presetOf(const nlohmann::json& file, const std::string& rule)
{
    const auto& net = file.at("net");
    nlohmann::json up = nlohmann::json::array(), down = up, direct = up;
    for (std::size_t l = 0; l < net.at("W").size(); ++l) {
        up.push_back(rowsOf(net["W"][l]));
        for (std::size_t i = 0; i < up[l].size(); ++i)
            up[l][i].push_back(net["b"][l]["data"][i]);
    }
    for (const auto& f : file.at("fa").at("F"))
        down.push_back(rowsOf(f));
    for (const auto& d : file.at("dfa").at("D"))
        direct.push_back(rowsOf(d));
    return {{"apical", 1}, {"title", "golden net"}, {"summary", "golden net"},
        {"model", "feedforward"}, {"network", {{"layers", net.at("sizes")}}},
        {"parameters",
            {{"activation.hidden", net.at("act").front()},
                {"activation.output", net.at("act").back()}, {"loss.kind", net.at("loss")},
                {"learning.rule", rule}, {"learning.on", false},
                {"batch.size", net.at("X").at("cols")}}},
        {"weights", {{"up", up}, {"down", down}, {"direct", direct}}},
        {"stimulus",
            {{"kind", "patterns"}, {"order", "sequential"}, {"inputs", rowsOf(net.at("X"), true)},
                {"targets", rowsOf(net.at("Y"), true)}}}};
}

} // namespace

class CliGoldenTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tracesAgreeWithTheReferenceRun_data();
    void tracesAgreeWithTheReferenceRun();
    void metricsAgreeWithG4c();
    void twoHiddenLayersAgreeWithThePlainEquations_data();
    void twoHiddenLayersAgreeWithThePlainEquations();
    void netsAgreeWithTheirFile_data();
    void netsAgreeWithTheirFile();
};

void CliGoldenTest::tracesAgreeWithTheReferenceRun_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"G1_le_2-3-2_selfpred", "G1c_le_2-3-2_target",
             "G1e_le_2-3-2_target_bias", "G2_orig_2-3-2_selfpred", "G2c_orig_2-3-2_target",
             "G3_le_bars_9-30-3_tpres100", "G5d_gille_le_as_G1c_target_reset"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void CliGoldenTest::tracesAgreeWithTheReferenceRun()
{
    QFETCH(QString, name);
    const GoldenRun run(name);
    QVERIFY2(run.result.exitCode == 0, run.result.err.constData());
    const CsvTable traces(run.path(u"out/traces.csv"_s));
    const auto& golden = run.golden;
    QCOMPARE(traces.rows.size(), golden::steps(golden));

    const auto stepsOf = [&](const char* key) {
        std::vector<std::size_t> steps;
        for (std::size_t k = 0; k < golden.at("r_in").size(); ++k)
            steps.push_back(k);
        return golden.contains(key) ? golden[key].get<std::vector<std::size_t>>() : steps;
    };
    const auto voltageSteps = stepsOf("voltage_steps"), weightSteps = stepsOf("weight_steps");
    const bool lookAhead = golden["params"].at("latent_eq").get<bool>();
    const std::vector<std::pair<const char*, QByteArray>> quantities{{"pyr_soma", "pyr.soma"},
        {"pyr_forw", "pyr.prospective"}, {"pyr_basal", "pyr.basal"}, {"pyr_apical", "pyr.apical"},
        {"inn_dendrite", "inn.dendrite"}, {"inn_soma", "inn.soma"}, {"inn_forw", "inn.prospective"},
        {"W_up", "W_up"}, {"W_down", "W_down"}, {"W_ip", "W_ip"}, {"W_pi", "W_pi"}};

    Worst worst;
    const auto& layers = golden["layers"];
    for (std::size_t l = 0; l < layers.size(); ++l) {
        const QByteArray prefix = "layer" + QByteArray::number(qulonglong{l} + 1) + '.';
        for (const auto& [key, quantity] : quantities) {
            const bool output = l + 1 == layers.size();
            const QByteArray first =
                prefix + quantity + (quantity.startsWith("W") ? "[0][0]" : "[0]");
            // The reference leaves prospective potentials 0 without look-ahead; outputs have no
            // apical part.
            if (!layers[l].contains(key) || (!lookAhead && quantity.endsWith("prospective"))
                || (output && !traces.column.contains(first)))
                continue;
            const auto& steps = quantity.startsWith("W") ? weightSteps : voltageSteps;
            QCOMPARE(layers[l][key].size(), steps.size());
            for (std::size_t i = 0; i < steps.size(); ++i)
                worst.see(layers[l][key][i], traces, steps[i], prefix + quantity);
        }
    }
    for (std::size_t i = 0; i < voltageSteps.size(); ++i) {
        worst.see(golden["r_in"][i], traces, voltageSteps[i], "input.rate");
        if (golden.contains("u_trgt_used"))
            worst.see(golden["u_trgt_used"][i], traces, voltageSteps[i], "target");
    }
    const CsvTable metrics(run.path(u"out/metrics.csv"_s));
    for (std::size_t k = 0; golden.contains("out_seq") && k < golden["out_seq"].size(); ++k)
        worst.see(golden["out_seq"][k], metrics, k, "output.readout");

    QVERIFY(worst.compared > 1000);
    qInfo("%d values, largest difference %.3g", worst.compared, worst.difference);
    QVERIFY2(worst.difference <= kTolerance, worst.where.constData());
}

void CliGoldenTest::metricsAgreeWithG4c()
{
    const GoldenRun run(u"G4c_le_5-8-3_selfpred"_s);
    QVERIFY2(run.result.exitCode == 0, run.result.err.constData());
    const CsvTable metrics(run.path(u"out/metrics.csv"_s));
    const auto& samples = run.golden["metrics_at_end_of_each_sample"];
    QCOMPARE(metrics.rows.size() + 1, samples.size()); // the reference also lists the start
    Worst worst;
    for (std::size_t k = 0; k < metrics.rows.size(); ++k) {
        const auto& expected = samples[k + 1];
        worst.see(expected["ff"], metrics.at(k, "layer1.feedforward_weight_error"), "ff");
        worst.see(expected["fb"], metrics.at(k, "layer1.feedback_weight_error"), "fb");
        worst.see(expected["apical_norm"], metrics.at(k, "layer1.apical_error"), "apical");
        worst.see(expected["intn_mse"], metrics.at(k, "layer1.interneuron_error"), "interneuron");
    }
    const auto expected = golden::weights(run.golden["final_weights"]);
    const auto actual = readWeights(fileBytes(run.path(u"out/weights.json"_s)).toStdString(),
        "weights.json", golden::experiment(run.golden));
    const auto last = [&](const char* pathway) {
        return std::ranges::find(actual, std::string("layer1.W_") + pathway, &NamedMatrix::name)
            ->matrix.values;
    };
    const std::vector<double> ip = last("ip"), pi = last("pi");
    for (std::size_t i = 0; i < expected[0].ip.values.size(); ++i) {
        worst.see(expected[0].ip.values[i], ip[i], "final W_ip");
        worst.see(expected[0].pi.values[i], pi[i], "final W_pi");
    }
    qInfo("%d values, largest difference %.3g", worst.compared, worst.difference);
    QVERIFY2(worst.difference <= kTolerance, worst.where.constData());
}

void CliGoldenTest::twoHiddenLayersAgreeWithThePlainEquations_data()
{
    QTest::addColumn<bool>("lookAhead");
    QTest::newRow("Latent Equilibrium") << true;
    QTest::newRow("Sacramento") << false;
}

/// No published run has two hidden layers: the oracle is the model written down equation by
/// equation, with rates of interneurons given as published configurations give them.
void CliGoldenTest::twoHiddenLayersAgreeWithThePlainEquations()
{
    QFETCH(bool, lookAhead);
    const auto traces = [&](const char* precision, const nlohmann::json& ip) {
        const nlohmann::json preset{{"apical", 1}, {"title", "deep"}, {"summary", "deep"},
            {"model", "microcircuit"}, {"precision", precision},
            {"network", {{"layers", {4, 5, 4, 3}}}},
            {"parameters",
                {{"dt", 0.1}, {"circuit.latent_equilibrium", lookAhead}, {"bias.on", true},
                    {"eta.up", {0.5, 0.3, 0.1}}, {"eta.ip", ip}, {"eta.pi", {0.5, 0.4}},
                    {"eta.down", {0.01, 0.02}}}},
            {"weights", {{"init", "uniform"}, {"range", 1}}},
            {"stimulus", {{"kind", "uniform"}, {"presentation_time", 5}}}, {"seed", 3}};
        const QTemporaryDir folder;
        const QString file = folder.filePath(u"deep.json"_s), out = folder.filePath(u"out"_s);
        QFile written(file);
        if (!written.open(QIODevice::WriteOnly))
            throw std::runtime_error("cannot write the preset");
        written.write(QByteArray::fromStdString(preset.dump()));
        written.close();
        const CliResult result = runCli({u"run"_s, file, u"--steps"_s, u"400"_s, u"--record"_s,
            u"all"_s, u"--out"_s, out, u"--quiet"_s});
        if (result.exitCode != 0)
            throw std::runtime_error(result.err.toStdString());
        return CsvTable(out + u"/traces.csv"_s);
    };
    const CsvTable fast = traces("double", {0.2, 0.1}), plain = traces("reference", {0.2, 0.1});
    QVERIFY(
        fast.column.contains("layer2.inn.soma[2]") && fast.column.contains("layer2.W_ip[2][3]"));
    Worst worst;
    for (const QByteArray& name : fast.column.keys()) {
        for (std::size_t row = 0; row < fast.rows.size(); row += 7)
            worst.see(plain.at(row, name), fast.at(row, name), name);
    }
    QVERIFY(worst.compared > 1000);
    qInfo("%d values, largest difference %.3g", worst.compared, worst.difference);
    QVERIFY2(worst.difference <= kTolerance, worst.where.constData());
    // One rate more, for the outputs that have no interneurons, changes nothing.
    const CsvTable more = traces("double", {0.2, 0.1, 0.7});
    QVERIFY(more.rows == fast.rows);
}

void CliGoldenTest::netsAgreeWithTheirFile_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"pc_net_tanh_se_pre", "pc_net_relu_ce_pre", "pc_net_sigmoid_se_post"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void CliGoldenTest::netsAgreeWithTheirFile()
{
    QFETCH(QString, name);
    const nlohmann::json file = golden::read(name.toStdString());
    Worst worst;
    for (const auto& [key, rule] : {std::pair{"bp", "backprop"}, {"fa", "feedback-alignment"},
             {"dfa", "direct-feedback-alignment"}}) {
        const QTemporaryDir folder;
        const QString preset = folder.filePath(u"net.json"_s), out = folder.filePath(u"out"_s);
        QFile written(preset);
        QVERIFY(written.open(QIODevice::WriteOnly));
        written.write(QByteArray::fromStdString(presetOf(file, rule).dump()));
        written.close();
        const CliResult result = runCli({u"run"_s, preset, u"--steps"_s, u"1"_s, u"--record"_s,
            u"all"_s, u"--out"_s, out, u"--quiet"_s});
        QVERIFY2(result.exitCode == 0, result.err.constData());
        const CsvTable traces(out + u"/traces.csv"_s);
        QCOMPARE(traces.rows.size(), std::size_t{1});
        const auto& expected = file.at(key);
        for (std::size_t l = 0; l < expected.at("delta").size(); ++l) {
            const QByteArray layer = "layer" + QByteArray::number(qulonglong{l} + 1) + '.';
            worst.see(rowsOf(expected["delta"][l]), traces, 0, layer + "delta");
            nlohmann::json gradient = rowsOf(expected.at("gW")[l]);
            for (std::size_t i = 0; expected.contains("gb") && i < gradient.size(); ++i)
                gradient[i].push_back(expected["gb"][l]["data"][i]);
            worst.see(gradient, traces, 0, layer + "G_up");
            if (!expected.contains("z"))
                continue;
            worst.see(rowsOf(expected["z"][l]), traces, 0, layer + "z");
            worst.see(rowsOf(expected["a"][l + 1]), traces, 0, layer + "activation");
        }
        if (expected.contains("loss_mean"))
            worst.see(expected["loss_mean"].get<double>(), traces.at(0, "loss[0]"), "loss");
    }
    QVERIFY(worst.compared > 200);
    qInfo("%d values, largest difference %.3g", worst.compared, worst.difference);
    QVERIFY2(worst.difference <= kTolerance, worst.where.constData());
}

QTEST_GUILESS_MAIN(CliGoldenTest)
#include "tst_cli_golden.moc"
