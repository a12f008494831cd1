// The command "sweep": the same tables after a kill, an interrupt or as a job array.
#include "tests/cli_process.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace Qt::StringLiterals;
using namespace apical;

namespace {

// Two axes, two seeds: eight short runs.
const QStringList kSmall{u"sweep"_s, u"self-predicting"_s, u"--vary"_s, u"eta.pi=0.1,0.3"_s,
    u"--vary"_s, u"circuit.latent_equilibrium=true,false"_s, u"--seeds"_s, u"2"_s, u"--time"_s,
    u"1500"_s};

} // namespace

class SweepTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }

private Q_SLOTS:
    void sweepIsTheSameAfterAKill();
    void interruptKeepsWhatIsThere();
    void sweepRefusesAForeignFile();
    void sweepNamesTheNearestKey();
    void jobArrayGivesTheSameTable();
};

void SweepTest::sweepIsTheSameAfterAKill()
{
    const QString whole = path("whole.csv"), killed = path("killed.csv");
    QCOMPARE(runCli(kSmall + QStringList{u"--jobs"_s, u"1"_s, u"--out"_s, whole}).exitCode, 0);
    // Points of very different lengths: the kill comes when some are done and others are not.
    QProcess process;
    process.start(
        cliProgram(), kSmall + QStringList{u"--jobs"_s, u"2"_s, u"--out"_s, killed, u"--quiet"_s});
    const auto lines = [&] {
        QFile file(killed + u".study"_s);
        return file.open(QIODevice::ReadOnly) ? file.readAll().count('\n') : 0;
    };
    QTRY_VERIFY(lines() >= 2);
    process.kill();
    QTRY_COMPARE(process.state(), QProcess::NotRunning); // it may have ended by itself
    QFile torn(killed + u".study"_s);
    QVERIFY(torn.open(QIODevice::Append));
    torn.write("{\"point\":7,\"diver");
    torn.close();
    if (QFile::exists(killed)) // it was faster than the kill
        QVERIFY(QFile::remove(killed));
    const CliResult again = runCli(kSmall + QStringList{u"--jobs"_s, u"2"_s, u"--out"_s, killed});
    QCOMPARE(again.exitCode, 0);
    QVERIFY2(again.err.contains("were there already"), again.err.constData());
    QCOMPARE(fileBytes(killed), fileBytes(whole));
    QCOMPARE(fileBytes(path("killed.curves.csv")), fileBytes(path("whole.curves.csv")));
}

void SweepTest::interruptKeepsWhatIsThere()
{
    const QString out = path("interrupted.csv");
    const QStringList command{u"sweep"_s, u"self-predicting"_s, u"--vary"_s, u"dt=0.1"_s,
        u"--seeds"_s, u"10000"_s, u"--time"_s, u"500"_s, u"--out"_s, out};
    QProcess process;
    process.start(cliProgram(), command);
    const auto lines = [&] {
        QFile file(out + u".study"_s);
        return file.open(QIODevice::ReadOnly) ? file.readAll().count('\n') : 0;
    };
    QTRY_VERIFY(lines() >= 3);
    ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, 60'000);
    QCOMPARE(process.exitCode(), 1);
    const QByteArray said = process.readAllStandardError();
    QVERIFY2(said.contains("The same command again goes on"), said.constData());
    // Head and result lines on one side, header and rows on the other.
    QCOMPARE(fileBytes(out).count('\n'), lines());
    QCOMPARE(CsvTable(out).at(0, "seed"), 1.0);
}

void SweepTest::sweepRefusesAForeignFile()
{
    QFile file(path("mine.csv"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("precious\n");
    file.close();
    const CliResult nowhere = runCli(kSmall + QStringList{u"--out"_s, u"/nowhere/at/all.csv"_s});
    QCOMPARE(nowhere.exitCode, 2);
    QVERIFY2(nowhere.err.contains("/nowhere/at/all.csv"), nowhere.err.constData());
    const CliResult result = runCli(kSmall + QStringList{u"--out"_s, path("mine.csv")});
    QCOMPARE(result.exitCode, 2);
    QVERIFY2(result.err.contains("the file exists"), result.err.constData());
    QCOMPARE(fileBytes(path("mine.csv")), QByteArray("precious\n"));
    QVERIFY(!QFile::exists(path("mine.csv.study")));
}

void SweepTest::sweepNamesTheNearestKey()
{
    const CliResult result = runCli({u"sweep"_s, u"self-predicting"_s, u"--vary"_s,
        u"stimulus.presentation_tme=1,2"_s, u"--out"_s, path("no.csv")});
    QCOMPARE(result.exitCode, 2);
    QVERIFY2(
        result.err.contains("did you mean \"stimulus.presentation_time\""), result.err.constData());
    QVERIFY(!QFile::exists(path("no.csv")) && !QFile::exists(path("no.csv.study")));
}

void SweepTest::jobArrayGivesTheSameTable()
{
    const QString jobs = path("array"), merged = path("merged.csv"), local = path("local.csv");
    QCOMPARE(runCli(kSmall + QStringList{u"--out"_s, local}).exitCode, 0);
    QCOMPARE(runCli(kSmall + QStringList{u"--slurm"_s, jobs, u"--tasks"_s, u"3"_s}).exitCode, 0);
    const QByteArray script = fileBytes(jobs + u"/job.sh"_s);
    QVERIFY2(script.contains("#SBATCH --array=1-3\n"), script.constData());
    for (const int task : {1, 3, 2}) {
        const CliResult early = runCli({u"sweep"_s, u"--merge"_s, jobs, u"--out"_s, merged});
        QCOMPARE(early.exitCode, 1);
        QVERIFY2(early.err.contains(task == 2 ? "--array=2 job.sh" : "3"), early.err.constData());
        QVERIFY(!QFile::exists(merged));
        QProcess process;
        process.setWorkingDirectory(jobs);
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"SLURM_ARRAY_TASK_ID"_s, QString::number(task));
        process.setProcessEnvironment(environment);
        process.start(u"sh"_s, {u"job.sh"_s});
        QVERIFY(process.waitForFinished(60'000));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
    }
    QCOMPARE(runCli({u"sweep"_s, u"--merge"_s, jobs, u"--out"_s, merged}).exitCode, 0);
    QCOMPARE(fileBytes(merged), fileBytes(local));
    QCOMPARE(fileBytes(path("merged.curves.csv")), fileBytes(path("local.curves.csv")));
}

QTEST_GUILESS_MAIN(SweepTest)
#include "tst_sweep.moc"
