// What people give to the headless program: folders in use, files it wrote itself, pipes.
#include "tests/cli_process.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace apical;

class CliInput : public QObject {
    Q_OBJECT
private Q_SLOTS:
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
