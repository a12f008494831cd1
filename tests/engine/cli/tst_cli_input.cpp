// What people give to the headless program: folders in use, files it wrote itself, pipes.
#include "sim/files/preset.h"
#include "sim/files/session_file.h"
#include "sim/run/simulation.h"
#include "tests/cli_process.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace apical;

class CliInput : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    QString path(const QString& name) const { return m_folder.filePath(name); }
    void write(const QString& name, const QByteArray& text) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(text), text.size());
    }

private Q_SLOTS:
    void seedsAreCountedOrListed()
    {
        const auto sweep = [this](const QString& seeds, const QString& out) {
            return runCli({u"sweep"_s, u"backprop"_s, u"--vary"_s, u"learning.rate=0.01"_s,
                u"--seeds"_s, seeds, u"--steps"_s, u"20"_s, u"--out"_s, path(out)});
        };
        const CliResult listed = sweep(u"3,17,42"_s, u"list.csv"_s);
        QVERIFY2(listed.exitCode == 0, listed.err.constData());
        const CsvTable table(path(u"list.csv"_s));
        QCOMPARE(table.rows.size(), std::size_t{3});
        const double seeds[]{3, 17, 42};
        for (std::size_t i = 0; i < 3; ++i)
            QCOMPARE(table.at(i, "seed"), seeds[i]);
        // The study beside it says the same, and a run by itself gives the same numbers.
        const CliResult one = runCli({u"run"_s, u"backprop"_s, u"--set"_s, u"learning.rate=0.01"_s,
            u"--seed"_s, u"17"_s, u"--steps"_s, u"20"_s, u"--json"_s});
        QVERIFY(one.out.contains(QByteArray::number(table.at(1, "loss"), 'g', 6).left(6)));
        QCOMPARE(sweep(u"2"_s, u"two.csv"_s).exitCode, 0);
        QCOMPARE(CsvTable(path(u"two.csv"_s)).rows.size(), std::size_t{2});
        for (const char* wrong : {"0", "3,3", "3,x", "3,,4", "-1", "1.5"})
            QVERIFY2(sweep(QString::fromLatin1(wrong), u"no.csv"_s).exitCode == 2, wrong);
    }

    void patternsAndElementsAreRecorded()
    {
        const auto headerOf = [this](const QString& record) {
            const CliResult result = runCli({u"run"_s, u"deep"_s, u"--steps"_s, u"3"_s,
                u"--record"_s, record, u"--out"_s, path(u"record"_s), u"--quiet"_s});
            return result.exitCode == 0 ? CsvTable(path(u"record/traces.csv"_s)).header
                                        : QByteArrayList{result.err};
        };
        const QByteArrayList all = headerOf(u"layer*.W_pi"_s);
        QVERIFY(all.contains("layer1.W_pi[0][0]") && all.contains("layer2.W_pi[0][0]"));
        QVERIFY(!all.contains("layer1.W_ip[0][0]"));
        QCOMPARE(headerOf(u"layer2.pyr.soma[3],layer1.W_pi[0][1],layer1.W_pi[0][0]"_s),
            (QByteArrayList{
                "step", "t_ms", "layer2.pyr.soma[3]", "layer1.W_pi[0][0]", "layer1.W_pi[0][1]"}));
        const CsvTable whole(path(u"record/traces.csv"_s));
        QCOMPARE(headerOf(u"all"_s).size() > 1000, true);
        QCOMPARE(CsvTable(path(u"record/traces.csv"_s)).at(2, "layer1.W_pi[0][1]"),
            whole.at(2, "layer1.W_pi[0][1]"));
        for (const QString& wrong : {u"layer*.W_po"_s, u"layer1.W_pi[0][1000]"_s,
                 u"layer1.W_pi[0]"_s, u"layer1.pyr.soma[-1]"_s, u"layer1.pyr.soma[1]x"_s})
            QCOMPARE(headerOf(wrong).size(), qsizetype{1});
    }

    void everyFaultOfAFileIsListed()
    {
        QByteArray preset = runCli({u"show"_s, u"bars"_s}).out;
        preset.replace("\"dt\": 0.1", "\"dt\": \"x\"")
            .replace("\"eta.pi\"", "\"eta.pj\"")
            .replace("\"seed\": 1", "\"sed\": 1");
        write(u"faults.json"_s, preset);
        const CliResult result = runCli({u"check"_s, path(u"faults.json"_s)});
        QCOMPARE(result.exitCode, 2);
        QCOMPARE(result.err.count('\n'), 3);
        for (const char* fault : {"did you mean \"seed\"", "dt needs a number", "eta.pi"})
            QVERIFY2(result.err.contains(fault), result.err.constData());
    }

    void notesAreKept()
    {
        QByteArray preset = runCli({u"show"_s, u"bars"_s}).out;
        preset.replace("\"seed\": 1", "\"seed\": 1, \"notes\": [\"look\", {\"at\": 2}]");
        write(u"notes.json"_s, preset);
        QCOMPARE(runCli({u"check"_s, path(u"notes.json"_s)}).exitCode, 0);
        const QByteArray shown = runCli({u"show"_s, path(u"notes.json"_s)}).out;
        QVERIFY2(shown.contains("\"notes\": [\"look\", {\"at\": 2}]"), shown.constData());
    }

    void modelsWithoutTimeTakeNoTime()
    {
        const CliResult result = runCli({u"run"_s, u"backprop"_s, u"--time"_s, u"100"_s});
        QCOMPARE(result.exitCode, 2);
        QVERIFY(result.err.contains("--steps"));
        QCOMPARE(runCli({u"run"_s, u"bars-beside-backprop"_s, u"--time"_s, u"20"_s}).exitCode, 0);
        const CliResult mimic = runCli(
            {u"run"_s, u"backprop"_s, u"--set"_s, u"stimulus.kind=mimic"_s, u"--steps"_s, u"1"_s});
        QCOMPARE(mimic.exitCode, 2);
        QVERIFY(mimic.err.contains("feedforward"));
    }

    void aSavedSessionGoesOn()
    {
        for (const char* preset : {"bars", "bars-beside-backprop"}) {
            const Experiment e = loadPreset(preset);
            SavedSession session{.experiment = e};
            for (int lane = 0; lane < e.laneCount(); ++lane) {
                Simulation simulation(e, lane);
                for (int i = 0; i < 500; ++i)
                    QVERIFY(simulation.step());
                session.states.push_back(simulation.state());
            }
            saveSession(path(u"saved.apical"_s).toStdString(), session);
            const auto weights = [&](const QString& what, const QString& out) {
                const CliResult result = runCli(
                    {u"run"_s, what, u"--steps"_s, u"1200"_s, u"--out"_s, path(out), u"--quiet"_s});
                const QString lane = e.lanes.empty() ? QString() : u"/Backprop"_s;
                return result.exitCode == 0 ? fileBytes(path(out) + lane + u"/weights.json"_s)
                                            : result.err;
            };
            const QByteArray on = weights(path(u"saved.apical"_s), u"on"_s);
            QVERIFY2(on.startsWith('{'), on.constData());
            QVERIFY(on == weights(QString::fromLatin1(preset), u"through"_s));
            QCOMPARE(runCli({u"run"_s, path(u"saved.apical"_s), u"--seed"_s, u"2"_s}).exitCode, 2);
        }
    }

    void aFolderInUseIsRefused_data()
    {
        QTest::addColumn<QString>("preset");
        QTest::newRow("one lane") << u"self-predicting"_s;
        QTest::newRow("several lanes") << u"latent-equilibrium"_s;
    }

    void aFolderInUseIsRefused()
    {
        QFETCH(QString, preset);
        const QTemporaryDir folder;
        const QString out = folder.filePath(u"out"_s);
        QProcess first;
        first.start(cliProgram(),
            {u"run"_s, preset, u"--time"_s, u"1e15"_s, u"--out"_s, out, u"--every"_s, u"100000"_s,
                u"--quiet"_s});
        QVERIFY(first.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(out + u"/experiment.json"_s), 60'000);
        const QByteArray before = fileBytes(out + u"/experiment.json"_s);
        const QStringList second{u"run"_s, u"self-predicting"_s, u"--steps"_s, u"10"_s, u"--seed"_s,
            u"77"_s, u"--quiet"_s, u"--out"_s, out};
        const CliResult refused = runCli(second);
        QCOMPARE(refused.exitCode, 2);
        QVERIFY2(refused.err.contains("another process"), refused.err.constData());
        QVERIFY2(refused.err.contains(out.toUtf8()), refused.err.constData());
        QCOMPARE(fileBytes(out + u"/experiment.json"_s), before);
        QVERIFY(!QFile::exists(out + u"/weights.json"_s));
        first.terminate();
        QVERIFY(first.waitForFinished(60'000));
        QCOMPARE(runCli(second).exitCode, 0); // free again
    }

    void everyRecordedQuantityReadsBack_data()
    {
        QTest::addColumn<QString>("precision");
        for (const char* precision : {"double", "float", "reference"})
            QTest::newRow(precision) << QString::fromLatin1(precision);
    }

    void everyRecordedQuantityReadsBack()
    {
        QFETCH(QString, precision);
        const QTemporaryDir folder;
        const QString all = folder.filePath(u"all"_s), one = folder.filePath(u"one"_s),
                      again = folder.filePath(u"again"_s);
        const QStringList common{u"--steps"_s, u"5"_s, u"--quiet"_s, u"--out"_s};
        const QStringList run{
            u"run"_s, u"self-predicting"_s, u"--set"_s, u"precision="_s + precision};
        QCOMPARE(
            runCli(run + QStringList{u"--record"_s, u"all"_s} + common + QStringList{all}).exitCode,
            0);
        QStringList names; // "layer1.W_pi[0][1]" is of the quantity "layer1.W_pi"
        for (const QByteArray& column : CsvTable(all + u"/traces.csv"_s).header.mid(2)) {
            const QString name = QString::fromUtf8(column.left(column.indexOf('[')));
            if (!names.contains(name))
                names.append(name);
        }
        QVERIFY(names.contains(u"target.nudged"_s));
        QCOMPARE(
            runCli(run + QStringList{u"--record"_s, names.join(u',')} + common + QStringList{one})
                .exitCode,
            0);
        const CliResult rerun = runCli(
            QStringList{u"run"_s, one + u"/experiment.json"_s} + common + QStringList{again});
        QVERIFY2(rerun.exitCode == 0, rerun.err.constData());
        QCOMPARE(fileBytes(again + u"/traces.csv"_s), fileBytes(one + u"/traces.csv"_s));
        QCOMPARE(fileBytes(again + u"/experiment.json"_s), fileBytes(one + u"/experiment.json"_s));
    }

    void presetsComeThroughPipes_data()
    {
        QTest::addColumn<QString>("command");
        QTest::newRow("check -") << u"$A show bars | $A check -"_s;
        QTest::newRow("check /dev/stdin") << u"$A show bars | $A check /dev/stdin"_s;
        QTest::newRow("check < file") << u"$A show bars > $D/b.json; $A check - < $D/b.json"_s;
        QTest::newRow("check <()") << u"$A check <($A show bars)"_s;
        QTest::newRow("show -") << u"$A show bars | $A show - | cmp - <($A show bars)"_s;
        QTest::newRow("run -") << u"$A show bars | $A run - --steps 10 --set eta.pi=0.1"_s;
        QTest::newRow("run <()") << u"$A run <($A show bars) --steps 10"_s;
        QTest::newRow("sweep -")
            << u"$A show bars | $A sweep - --vary eta.pi=0.1,0.2 --steps 10 --out $D/s.csv"_s;
        QTest::newRow("sweep <()")
            << u"$A sweep <($A show bars) --vary eta.pi=0.1,0.2 --steps 10 --out $D/s.csv"_s;
    }

    void presetsComeThroughPipes()
    {
        QFETCH(QString, command);
        const QTemporaryDir folder;
        QProcess shell;
        shell.start(u"bash"_s,
            {u"-c"_s, u"set -e -o pipefail; A=\"$0\"; D=\"$1\"; "_s + command, cliProgram(),
                folder.path()});
        QVERIFY(shell.waitForFinished(60'000));
        QVERIFY2(shell.exitCode() == 0, shell.readAllStandardError().constData());
    }

    void faultsOfAPipeArePlaced()
    {
        QProcess check;
        check.start(cliProgram(), {u"check"_s, u"-"_s});
        check.write("{\"apical\": 1,\n \"modle\": \"microcircuit\"}");
        check.closeWriteChannel();
        QVERIFY(check.waitForFinished(60'000));
        QCOMPARE(check.exitCode(), 2);
        const QByteArray error = check.readAllStandardError();
        QVERIFY2(error.startsWith("standard input:2:2: "), error.constData());
    }
};

QTEST_GUILESS_MAIN(CliInput)
#include "tst_cli_input.moc"
