// What presets of LIF neurons and spiking nets must not say, and what the errors tell.
#include "sim/base/error.h"
#include "sim/files/preset.h"
#include "sim/files/recording.h"
#include "sim/run/experiment_check.h"
#include "sim/run/simulation.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace apical;

namespace {

std::string lifPreset(const char* parameters, const char* more = "", const char* layers = "[2]")
{
    return std::string(R"({"apical": 1, "title": "t", "model": "lif", "network": {"layers": )")
        + layers + R"(}, "parameters": {)" + parameters
        + R"(}, "stimulus": {"kind": "patterns", "inputs": [[0.5, 1]], "presentation_time": 5})"
        + more + "}";
}

} // namespace

class LifInputTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

    void write(const char* name, const QByteArray& text) const
    {
        QFile file(m_folder.filePath(QString::fromLatin1(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    std::string preset() const { return m_folder.filePath(QStringLiteral("p.json")).toStdString(); }
    InputError::Fields errorOf(const std::string& text) const
    {
        try {
            static_cast<void>(Simulation(readPreset(text, preset())));
        } catch (const InputError& error) {
            return error.fields();
        }
        return {};
    }

private Q_SLOTS:
    void layers()
    {
        QVERIFY(errorOf(lifPreset("")).problem.empty());
        QVERIFY(QString::fromStdString(errorOf(lifPreset("", "", "[2, 2]")).allowed)
                    .contains(QStringLiteral("one number")));
        QVERIFY(!errorOf(lifPreset("", "", "[3]")).problem.empty()); // the inputs are two
        std::string net = lifPreset("");
        net.replace(net.find("\"lif\""), 5, "\"spiking-net\"");
        QVERIFY(QString::fromStdString(errorOf(net).allowed).startsWith(QStringLiteral("2 to ")));
        // Lanes of a model with layers have no place beside neurons one by one.
        QVERIFY(!errorOf(
            lifPreset("", R"(, "lanes": [{"name": "a"}, {"name": "b", "model": "feedforward"}])"))
                     .problem.empty());
    }

    void parameters_data()
    {
        QTest::addColumn<QByteArray>("parameters");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("encoder") << QByteArray(R"("encoder.kind": "poison")")
                                 << QByteArray("poisson");
        QTest::newRow("integrator")
            << QByteArray(R"("lif.integrator": "rk4")") << QByteArray("exact, grid, euler");
        QTest::newRow("trains") << QByteArray(R"("encoder.inputs": 0)")
                                << QByteArray("encoder.inputs");
        QTest::newRow("order") << QByteArray(R"("synapse.order": 3)")
                               << QByteArray("synapse.order");
        QTest::newRow("foreign") << QByteArray(R"("spc.quantum": 3)")
                                 << QByteArray("belongs to model spiking-predictive-coding");
        QTest::newRow("typing error")
            << QByteArray(R"("synapse.tao": 3)") << QByteArray("synapse.tau");
    }
    void parameters()
    {
        QFETCH(QByteArray, parameters);
        QFETCH(QByteArray, says);
        try {
            readPreset(lifPreset(parameters), preset());
            QFAIL("it was read");
        } catch (const InputError& error) {
            QVERIFY2(QByteArray(error.what()).contains(says), error.what());
            QVERIFY(QByteArray(error.what()).contains("p.json"));
        }
    }

    void tables_data()
    {
        QTest::addColumn<QByteArray>("table");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("parameters");
        QTest::addColumn<QByteArray>("says");
        const QByteArray poisson = R"("encoder.kind": "poisson")";
        QTest::newRow("width") << QByteArray("step,inp0\n0,1\n") << QByteArray("spikes")
                               << QByteArray() << QByteArray("2");
        QTest::newRow("no spikes")
            << QByteArray("step,inp0,inp1\n0,1,0.5\n") << QByteArray("spikes") << QByteArray()
            << QByteArray("no number of spikes");
        QTest::newRow("not uniform")
            << QByteArray("step,inp0,inp1\n0,1,0.5\n") << QByteArray("uniforms") << poisson
            << QByteArray("no uniform number");
        QTest::newRow("trains") << QByteArray("step,inp0,inp1\n0,0.1,0.5\n")
                                << QByteArray("uniforms") << poisson + R"(, "encoder.inputs": 2)"
                                << QByteArray("4");
        QTest::newRow("nothing drawn")
            << QByteArray("step,inp0,inp1\n0,0.1,0.5\n") << QByteArray("uniforms") << QByteArray()
            << QByteArray("encoder.kind");
    }
    void tables()
    {
        QFETCH(QByteArray, table);
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, parameters);
        QFETCH(QByteArray, says);
        write("t.csv", table);
        const QByteArray replay = ", \"replay\": {\"" + key + "\": \"t.csv\"}";
        try {
            readPreset(lifPreset(parameters, replay), preset());
            QFAIL("it was read");
        } catch (const InputError& error) {
            QVERIFY2(QByteArray(error.what()).contains(says), error.what());
            QVERIFY2(QByteArray(error.what()).contains(".csv")
                    || QByteArray(error.what()).contains("replay"),
                error.what());
        }
    }
    void bothTablesAndMissingOnes()
    {
        write("t.csv", "step,inp0,inp1\n0,1,0\n");
        QVERIFY(!errorOf(lifPreset("", R"(, "replay": {"spikes": "t.csv", "uniforms": "t.csv"})"))
                     .problem.empty());
        QVERIFY(!errorOf(lifPreset("", R"(, "replay": {"spikes": "none.csv"})")).problem.empty());
        QVERIFY(!errorOf(lifPreset("", R"(, "replay": {})")).problem.empty());
    }

    void aTableThatEndsBeforeTheRun()
    {
        write("t.csv", "step,inp0,inp1\n0,1,0\n1,0,2\n2,0,0\n");
        const Experiment e =
            readPreset(lifPreset("", R"(, "replay": {"spikes": "t.csv"})"), preset());
        checkReplayLength(e, 3);
        try {
            checkReplayLength(e, 4);
            QFAIL("it is long enough");
        } catch (const InputError& error) {
            QVERIFY2(QByteArray(error.what()).contains("--steps 3"), error.what());
        }
        Experiment again = readPreset(writePreset(e), preset());
        QVERIFY(again.replay == e.replay);
    }

    void uniformsReadBack()
    {
        write("u.csv", "step,inp0,inp1\n0,0.01,0.99\n1,0.99,0.01\n");
        const Experiment e = readPreset(
            lifPreset(R"("encoder.kind": "bernoulli")", R"(, "replay": {"uniforms": "u.csv"})"),
            preset());
        QVERIFY(e.replay.uniforms && !e.replay.table);
        QVERIFY(readPreset(writePreset(e), preset()).replay == e.replay);
        Simulation run(e);
        Recording recording(
            run, {.directory = m_folder.path().toStdString(), .probes = {"input.spikes"}});
        for (int k = 0; k < 2; ++k) {
            QVERIFY(run.step());
            recording.afterStep();
        }
        recording.finish();
        QFile traces(m_folder.filePath(QStringLiteral("traces.csv")));
        QVERIFY(traces.open(QIODevice::ReadOnly));
        const QList<QByteArray> rows = traces.readAll().trimmed().split('\n');
        QCOMPARE(rows[0], QByteArray("step,t_ms,input.spikes[0],input.spikes[1]"));
        QCOMPARE(rows[1], QByteArray("0,1,1,0")); // of that step, not since the start
        QCOMPARE(rows[2], QByteArray("1,2,0,1"));
    }
};

QTEST_GUILESS_MAIN(LifInputTest)
#include "tst_lif_input.moc"
