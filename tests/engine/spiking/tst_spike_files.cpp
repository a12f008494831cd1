// Spikes in files: tables that are replayed, and the rows that a run writes.
#include "sim/base/error.h"
#include "sim/files/preset.h"
#include "sim/files/recording.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

using namespace apical;

namespace {

std::string preset(const char* more)
{
    return std::string(R"({"apical": 1, "title": "t", "model": "spiking-microcircuit",
  "network": {"layers": [1, 1, 1]}, "parameters": {"dt": 0.1},
  "weights": {"init": "uniform", "range": 1},
  "stimulus": {"kind": "uniform", "low": 0, "high": 1, "presentation_time": 1})")
        + more + "}";
}

} // namespace

class SpikeFilesTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

    std::string path(const char* name) const
    {
        return m_folder.filePath(QString::fromLatin1(name)).toStdString();
    }
    void write(const char* name, const QByteArray& text) const
    {
        QFile file(QString::fromStdString(path(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    QList<QByteArrayList> rowsOf(const char* name) const
    {
        QFile file(QString::fromStdString(path(name)));
        if (!file.open(QIODevice::ReadOnly))
            return {};
        QList<QByteArrayList> rows;
        for (const QByteArray& line : file.readAll().trimmed().split('\n'))
            rows << line.split(',');
        return rows;
    }

private Q_SLOTS:
    void negativeRatesAreRefused()
    {
        write("rates.csv", "0.5\n-0.25\n");
        const auto errorOf = [this](const std::vector<std::string>& set, const char* more = "") {
            try {
                readPreset(preset(more), path("p.json"), set);
            } catch (const InputError& error) {
                return std::string(error.what());
            }
            return std::string();
        };
        const auto says = [](const std::string& error, std::vector<std::string> words) {
            words.emplace_back("no rate of spikes is negative");
            words.emplace_back("0 or more");
            return std::ranges::all_of(
                words, [&](const auto& w) { return error.find(w) != std::string::npos; });
        };
        const char* const patterns = R"(stimulus={"kind":"patterns","inputs":[[0],[-0.05]]})";
        std::string error = errorOf({"stimulus.low=-3"});
        QVERIFY2(says(error, {"--set stimulus.low=-3", "stimulus.low = -3"}), error.c_str());
        error = errorOf({patterns});
        QVERIFY2(says(error, {"stimulus.inputs[1][0] = -0.05"}), error.c_str());
        error = errorOf({R"(stimulus={"kind":"patterns","inputs":{"file":"rates.csv"}})"});
        QVERIFY2(says(error, {"row 2, column 1 of", "rates.csv = -0.25"}), error.c_str());
        const char* const lanes = R"(, "lanes": [{"name": "A", "model": "microcircuit"},
            {"name": "B", "parameters": {"stimulus.low": -2}}])";
        error = errorOf({}, lanes);
        QVERIFY2(says(error, {"p.json:5:", "stimulus.low = -2"}), error.c_str());
        // What was done in a run can be repeated.
        QVERIFY(
            errorOf({}, R"(, "edits": [{"step": 1, "key": "stimulus.low", "value": -1}])").empty());
        // A rate of the other microcircuit is a potential: it may be anything.
        QVERIFY(errorOf({"model=microcircuit", "stimulus.low=-3"}).empty());
        QVERIFY(errorOf({"model=microcircuit", patterns}).empty());
    }

    void tablesThatAreNoneAreRefused_data()
    {
        QTest::addColumn<QByteArray>("table");
        QTest::addColumn<QString>("problem");
        const QByteArray names = "step,inp0,hid0,intn0,out0\n";
        QTest::newRow("width") << QByteArray("step,a,b\n0,1,0\n") << "2 neurons";
        QTest::newRow("negative") << names + "0,1,0,2,-1\n"
                                  << "-1 is no number of spikes";
        QTest::newRow("fraction") << names + "0,1,0,2,0.5\n"
                                  << "0.5 is no number of spikes";
        QTest::newRow("late") << names + "1,1,0,2,0\n"
                              << "it should be the step";
        QTest::newRow("gap") << names + "0,1,0,2,0\n2,1,0,2,0\n"
                             << "it should be the step";
        QTest::newRow("word") << names + "0,1,0,x,0\n"
                              << "is not a number";
        QTest::newRow("nothing") << names << "no number";
    }
    void tablesThatAreNoneAreRefused()
    {
        QFETCH(QByteArray, table);
        QFETCH(QString, problem);
        write("counts.csv", table);
        try {
            readPreset(preset(R"(, "replay": {"spikes": "counts.csv"})"), path("p.json"));
            QFAIL("it was read");
        } catch (const InputError& error) {
            QVERIFY2(QString::fromUtf8(error.what()).contains(problem), error.what());
        }
    }

    void aModelWithoutSpikesReplaysNone()
    {
        write("counts.csv", "step,a,b,c,d\n0,1,0,2,0\n");
        QString text = QString::fromStdString(preset(R"(, "replay": {"spikes": "counts.csv"})"));
        text.replace(QStringLiteral("spiking-microcircuit"), QStringLiteral("microcircuit"));
        QVERIFY_THROWS_EXCEPTION(InputError, readPreset(text.toStdString(), path("p.json")));
    }

    void aReplaySendsWhatItsTableSaysAndTheFileTellsAll()
    {
        write(
            "counts.csv", "step,a,b,c,d\n0,1,0,2,0\n1,0,0,0,0\n2,0,3,0,1\n3,0,0,0,0\n4,0,0,0,0\n");
        Experiment e =
            readPreset(preset(R"(, "replay": {"spikes": "counts.csv"})"), path("p.json"));
        e.name = path("p.json");
        QVERIFY(readPreset(writePreset(e), path("p.json")).replay == e.replay);
        Simulation run(e);
        Recording recording(
            run, {.directory = m_folder.path().toStdString(), .probes = {"*spikes"}, .every = 2});
        for (int k = 0; k < 5; ++k) {
            QVERIFY(run.step());
            recording.afterStep();
        }
        recording.finish();
        QVERIFY(!run.step() && run.stop().ended()); // silence would look like a result
        QCOMPARE(run.clock().step, std::uint64_t{5});
        const QList<QByteArrayList> expected{{"step", "layer", "population", "index", "count"},
            {"0", "0", "input", "0", "1"}, {"0", "1", "inn", "0", "2"}, {"2", "1", "pyr", "0", "3"},
            {"2", "2", "pyr", "0", "1"}};
        QCOMPARE(rowsOf("spikes.csv"), expected);
        // Another file of that name is not what the run saw.
        write("counts.csv", "step,a,b,c,d\n0,1,0,2,7\n");
        QVERIFY_THROWS_EXCEPTION(InputError, readPreset(writePreset(e), path("p.json")));
    }

    void theRowsAddUpToTheCounter()
    {
        Experiment e = readPreset(preset(""), path("p.json"));
        e.layers = {5, 4, 3};
        QVERIFY(QDir(m_folder.path()).mkpath(QStringLiteral("quiet")));
        Simulation run(e);
        Recording recording(
            run, {.directory = m_folder.path().toStdString(), .probes = {"*spikes"}, .every = 7});
        for (int k = 0; k < 300; ++k) {
            QVERIFY(run.step());
            recording.afterStep();
        }
        recording.finish();
        double sum = 0, counted = 0;
        const auto rows = rowsOf("spikes.csv");
        for (qsizetype i = 1; i < rows.size(); ++i)
            sum += rows[i].last().toDouble();
        const SpikeCounts counts(run.model(), SpikeCounts::Of::samples);
        for (const SpikeCounts::Population& p : counts.populations())
            counted += SpikeCounts::total(p);
        QVERIFY(counted > 1000);
        // Nothing that was not asked for.
        Recording quiet(run, {.directory = path("quiet"), .probes = {"layer1.pyr.soma"}});
        QVERIFY(run.step());
        quiet.afterStep();
        quiet.finish();
        QCOMPARE(rowsOf("quiet/spikes.csv").size(), qsizetype{1});
        QCOMPARE(sum, counted);
    }
};

QTEST_GUILESS_MAIN(SpikeFilesTest)
#include "tst_spike_files.moc"
