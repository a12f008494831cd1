// NEST's runs of the published spiking models through the headless program: preset and table of
// spikes in, traces.csv and weights.json out, within 1e-12; and the ends of tables.
#include "sim/files/preset.h"
#include "tests/cli_process.h"
#include "tests/spiking_run.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;
using namespace apical;
using apical::test::SpikingRun;

namespace {

constexpr double kTolerance = 1e-12;

void write(const QString& path, const QByteArray& text)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        throw std::runtime_error("cannot write " + path.toStdString());
}

/// A run by itself as preset and table, run for as many steps as the table has.
class CliRun {
public:
    CliRun(const SpikingRun& run, const char* scheme)
    {
        write(path("counts.csv"), table(*run.replay));
        preset = presetOf(run, scheme);
        start({u"--steps"_s, QString::number(run.replay->steps())});
    }
    void start(const QStringList& more)
    {
        write(path("preset.json"), QByteArray::fromStdString(preset.dump()));
        result = runCli(QStringList{u"run"_s, path("preset.json"), u"--record"_s, u"all"_s,
                            u"--out"_s, path("out"), u"--quiet"_s}
            + more);
    }
    QString path(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }

    nlohmann::json preset;
    CliResult result;

private:
    static QByteArray table(const SpikeTable& spikes)
    {
        QByteArray text("step");
        for (int i = 0; i < spikes.neurons; ++i)
            text += ",n" + QByteArray::number(i);
        text += '\n';
        for (std::uint64_t k = 0; k < spikes.steps(); ++k) {
            text += QByteArray::number(qulonglong{k});
            for (const std::uint32_t count : spikes.row(k))
                text += ',' + QByteArray::number(count);
            text += '\n';
        }
        return text;
    }
    static nlohmann::json presetOf(const SpikingRun& run, const char* scheme)
    {
        Experiment e = newExperiment("spiking-microcircuit");
        e.name = e.title = e.summary = "golden";
        e.layers = run.sizes;
        e.parameters = run.parameters;
        e.parameters.presentationTime =
            static_cast<double>(run.stepsPerPattern) * run.parameters.dt;
        if (run.hardReset)
            e.parameters.stateReset = reset_kind::hard;
        e.weights.init = WeightSpec::Init::Explicit;
        e.weights.given = namedWeights(run.weights);
        e.stimulus.kind = "patterns";
        e.stimulus.shuffled = false;
        e.stimulus.inputs = run.inputs;
        std::vector<std::optional<std::vector<double>>> targets(run.inputs.size());
        for (std::size_t k = 0; k < run.targets.size(); ++k)
            targets[k] = run.targets[k];
        e.stimulus.targets = std::move(targets);
        nlohmann::json json = nlohmann::json::parse(writePreset(e));
        json["parameters"]["spiking.scheme"] = scheme;
        json["replay"]["spikes"] = "counts.csv";
        return json;
    }
    QTemporaryDir m_folder;
};

struct Worst {
    double difference = 0;
    QByteArray where;
    int compared = 0;

    void see(double expected, double actual, const QByteArray& place)
    {
        ++compared;
        const double d = std::abs(expected - actual) / std::max(1.0, std::abs(expected));
        if (!(d <= difference)) { // also for NaN
            difference = std::isnan(d) ? INFINITY : d;
            where = place + ": expected " + QByteArray::number(expected, 'g', 17) + ", got "
                + QByteArray::number(actual, 'g', 17);
        }
    }
};

QByteArray element(const char* name, std::size_t index)
{
    return QByteArray(name) + '[' + QByteArray::number(qulonglong{index}) + ']';
}

} // namespace

class CliSpikingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aSingleSynapseLearnsAsInNest_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("scheme");
        const nlohmann::json cases = golden::read("spiking_single_synapse");
        QCOMPARE(cases.size(), std::size_t{5});
        for (const auto& [name, one] : cases.items())
            for (const char* scheme : {"event", "time"})
                QTest::addRow("%s, %s", name.c_str(), scheme)
                    << QString::fromStdString(name) << QByteArray(scheme);
    }
    void aSingleSynapseLearnsAsInNest()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, scheme);
        const nlohmann::json golden = golden::read("spiking_single_synapse").at(name.toStdString());
        const auto& inputs = golden.at("inputs");
        const CliRun run(test::goldenSynapse(inputs), scheme);
        QVERIFY2(run.result.exitCode == 0, run.result.err.constData());
        const CsvTable traces(run.path("out/traces.csv"));
        const bool apical = inputs.at("compartment").get<std::string>() != "basal";
        const bool look = inputs.at("latent_equilibrium").get<bool>();
        const double psi = inputs.at("psi").get<double>();
        const std::size_t before = apical ? 2 : 0; // until the dendrite has its first potential
        const auto& states = golden.at("post_state_each_step");
        const auto& weights = golden.at("trace_after_each_step");
        QCOMPARE(traces.rows.size(), states.size() + before);
        Worst worst;
        for (std::size_t k = 0; k < states.size(); ++k) {
            const auto see = [&](double expected, const char* column) {
                worst.see(expected, traces.at(k + before, column),
                    QByteArray(column) + " in row " + QByteArray::number(qulonglong{k}));
            };
            see(states[k][1].get<double>(), "layer1.pyr.soma[0]");
            if (apical) {
                see(states[k][4].get<double>(), "layer1.pyr.apical[0]");
            } else {
                see(states[k][3].get<double>(), "layer1.pyr.basal[0]");
                see(states[k][5].get<double>() / psi, "layer1.pyr.basal_error[0]");
            }
            if (look)
                see(states[k][2].get<double>(), "layer1.pyr.prospective[0]");
            see(weights[k][1].get<double>() * psi,
                apical ? "layer1.W_pi[0][0]" : "layer1.W_up[0][0]");
        }
        QVERIFY(worst.compared > 100);
        qInfo("%d values, largest difference %.3g", worst.compared, worst.difference);
        QVERIFY2(worst.difference <= kTolerance, worst.where.constData());
    }

    void aNetworkReplaysNest_data()
    {
        QTest::addColumn<QByteArray>("scheme");
        for (const char* scheme : {"event", "time", "auto"})
            QTest::newRow(scheme) << QByteArray(scheme);
    }
    void aNetworkReplaysNest()
    {
        QFETCH(QByteArray, scheme);
        const nlohmann::json golden = golden::read("spiking_replay_psi100_le");
        const CliRun run(test::goldenReplay(golden), scheme);
        QVERIFY2(run.result.exitCode == 0, run.result.err.constData());
        const CsvTable traces(run.path("out/traces.csv"));
        QCOMPARE(traces.rows.size(), golden.at("n_steps").get<std::size_t>());
        Worst worst;
        const std::vector<std::tuple<const char*, const char*, const char*>> rows{
            {"inp", "V_m.s", "input.potential"}, {"hid", "V_m.s", "layer1.pyr.soma"},
            {"hid", "V_forw.s", "layer1.pyr.prospective"}, {"hid", "V_m.b", "layer1.pyr.basal"},
            {"hid", "V_m.a_lat", "layer1.pyr.apical"}, {"intn", "V_m.s", "layer1.inn.soma"},
            {"intn", "V_forw.s", "layer1.inn.prospective"},
            {"intn", "V_m.b", "layer1.inn.dendrite"}, {"out", "V_m.s", "layer2.pyr.soma"},
            {"out", "V_forw.s", "layer2.pyr.prospective"}, {"out", "V_m.b", "layer2.pyr.basal"}};
        for (const auto& [population, variable, probe] : rows)
            for (const auto& [step, values] :
                golden.at("potentials").at(population).at(variable).items()) {
                const std::size_t row = std::stoul(step) - 1; // a key is the time after the step
                for (std::size_t i = 0; row < traces.rows.size() && i < values.size(); ++i)
                    worst.see(values[i].get<double>(), traces.at(row, element(probe, i)),
                        element(probe, i) + " in row " + QByteArray::number(qulonglong{row}));
            }
        QVERIFY(worst.compared > 500);
        const auto finals = readWeights(fileBytes(run.path("out/weights.json")).toStdString(),
            "weights.json", readPreset(run.preset.dump(), run.path("preset.json").toStdString()));
        for (const auto& [key, name] : {std::pair{"up", "layer1.W_up"}, {"pi", "layer1.W_pi"},
                 {"ip", "layer1.W_ip"}, {"up_out", "layer2.W_up"}}) {
            const Matrix expected = golden::matrix(golden.at("w_final_norm").at(key));
            const auto found = std::ranges::find(finals, std::string(name), &NamedMatrix::name);
            QVERIFY2(found != finals.end(), name);
            QCOMPARE(found->matrix.values.size(), expected.values.size());
            for (std::size_t i = 0; i < expected.values.size(); ++i)
                worst.see(expected.values[i], found->matrix.values[i], element(name, i));
        }
        qInfo("%d values, largest difference %.3g", worst.compared, worst.difference);
        QVERIFY2(worst.difference <= kTolerance, worst.where.constData());
    }

    void aTableThatEndsBeforeTheRunIsRefused_data()
    {
        QTest::addColumn<QStringList>("length");
        QTest::newRow("steps") << QStringList{u"--steps"_s, u"401"_s};
        QTest::newRow("time") << QStringList{u"--time"_s, u"41"_s};
        QTest::newRow("samples") << QStringList{u"--samples"_s, u"3"_s};
    }
    void aTableThatEndsBeforeTheRunIsRefused()
    {
        QFETCH(QStringList, length);
        CliRun run(test::goldenReplay(golden::read("spiking_replay_psi100_le")), "time");
        run.start(length);
        QCOMPARE(run.result.exitCode, 2);
        for (const char* word : {"counts.csv", "400 steps", "--steps 400"})
            QVERIFY2(run.result.err.contains(word), run.result.err.constData());
    }

    void withoutALengthTheTableIsTheLength()
    {
        CliRun run(test::goldenReplay(golden::read("spiking_replay_psi100_le")), "time");
        run.start({});
        QCOMPARE(run.result.exitCode, 0);
        const nlohmann::json summary =
            nlohmann::json::parse(fileBytes(run.path("out/summary.json")).toStdString());
        QCOMPARE(summary.at("steps").get<int>(), 400);
    }

    void delaysPerPathwayAreAnObjectToo()
    {
        CliRun run(test::goldenReplay(golden::read("spiking_replay_psi100_le")), "time");
        const QStringList length{u"--steps"_s, u"400"_s};
        run.preset["parameters"].erase("spiking.delay");
        for (const char* part : {"up", "ip", "pi", "down"})
            run.preset["parameters"].erase(std::string("spiking.delay.") + part);
        run.preset["parameters"]["spiking.delay"] = {{"up", 1}, {"pi", 3}, {"down", 2}};
        run.start(length);
        QVERIFY2(run.result.exitCode == 0, run.result.err.constData());
        const QByteArray object = fileBytes(run.path("out/traces.csv"));
        run.preset["parameters"]["spiking.delay"] = 1;
        run.start(length);
        QVERIFY(fileBytes(run.path("out/traces.csv")) != object);
        run.preset["parameters"]["spiking.delay.pi"] = 3;
        run.preset["parameters"]["spiking.delay.down"] = 2;
        run.start(length);
        QVERIFY(fileBytes(run.path("out/traces.csv")) == object);
        // A pathway that is none, a delay that is none, and one that is given twice.
        const std::vector<std::pair<nlohmann::json, const char*>> wrong{
            {{{"upp", 1}}, "spiking.delay.up"}, {{{"up", -1}}, "spiking.delay.up"},
            {{{"up", 1.5}}, "spiking.delay.up"}, {{{"up", 1001}}, "1000"}, {{{"pi", 3}}, "twice"},
            {nlohmann::json::object(), "spiking.delay"}};
        for (const auto& [value, problem] : wrong) {
            run.preset["parameters"]["spiking.delay"] = value;
            run.start(length);
            QCOMPARE(run.result.exitCode, 2);
            QVERIFY2(run.result.err.contains(problem), run.result.err.constData());
        }
    }

    void whatCannotBeIsRefused_data()
    {
        QTest::addColumn<QString>("setting");
        QTest::addColumn<QByteArray>("problem");
        QTest::newRow("psi 0") << u"spiking.psi=0"_s << QByteArray("spiking.psi");
        QTest::newRow("psi -1") << u"spiking.psi=-1"_s << QByteArray("spiking.psi");
        QTest::newRow("delay") << u"spiking.delay=1001"_s << QByteArray("1000");
        QTest::newRow("no delay") << u"spiking.delay=0"_s << QByteArray("spiking.delay");
        QTest::newRow("half a step") << u"spiking.delay=1.5"_s << QByteArray("spiking.delay");
        QTest::newRow("refractory") << u"spiking.t_ref=0.25"_s << QByteArray("spiking.t_ref");
        QTest::newRow("negative rate") << u"eta.up=-1"_s << QByteArray("eta.up");
        QTest::newRow("tau") << u"spiking.tau_delta=0"_s << QByteArray("spiking.tau_delta");
        QTest::newRow("scheme") << u"spiking.scheme=evnt"_s << QByteArray("event");
    }
    void whatCannotBeIsRefused()
    {
        QFETCH(QString, setting);
        QFETCH(QByteArray, problem);
        const CliResult result =
            runCli({u"run"_s, u"bars-spiking"_s, u"--set"_s, setting, u"--steps"_s, u"1"_s});
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(result.err.contains(problem), result.err.constData());
    }
};

QTEST_GUILESS_MAIN(CliSpikingTest)
#include "tst_cli_spiking.moc"
