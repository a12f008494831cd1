// What goes wrong around the headless program: pipes, disks, signals, files that are no text.
#include "tests/cli_process.h"

#include "sim/base/error.h"
#include "sim/files/preset.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace apical;
using namespace Qt::StringLiterals;

namespace {

QByteArray validPreset()
{
    return R"({"apical": 1, "title": "T", "summary": "S", "model": "microcircuit",
  "network": {"layers": [4, 3, 2]}, "parameters": {"eta.ip": 0.1, "eta.pi": 0.3},
  "stimulus": {"kind": "uniform", "low": -1, "high": 1, "presentation_time": 5.0},
  "seed": 1)";
}

InputError::Fields errorOf(const QByteArray& text)
{
    try {
        readPreset(text.toStdString(), "x.json");
    } catch (const InputError& error) {
        return error.fields();
    }
    return {.problem = ""};
}

CliResult shell(const QString& command, QProcess& process)
{
    process.start(u"/bin/sh"_s, {u"-c"_s, command});
    if (!process.waitForFinished(120'000))
        return {-1, {}, process.errorString().toUtf8()};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

} // namespace

class OutsideTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsNoUtf8TextIsSaidToBeNone()
    {
        const QByteArray text = validPreset() + "}";
        QCOMPARE(QString::fromStdString(errorOf(text).problem), QString());
        QByteArray wide("\xFF\xFE");
        for (const char c : text)
            wide += c, wide += '\0';
        QByteArray bigEndian;
        for (const char c : text)
            bigEndian += '\0', bigEndian += c;
        for (const QByteArray& bytes : {wide, wide.mid(2), bigEndian, QByteArray(100, '\0')}) {
            const auto fields = errorOf(bytes);
            QVERIFY2(fields.problem.find("UTF-16") != std::string::npos, fields.problem.c_str());
            QCOMPARE(fields.line, 1);
        }
        const auto zero = errorOf(text + QByteArray("\n\0}", 3)); // a parser's end is not ours
        QVERIFY2(zero.problem.find("zero byte") != std::string::npos, zero.problem.c_str());
        QCOMPARE(zero.line, 5);
    }

    void messagesAreOneReadableLineWhateverTheFileHolds()
    {
        const InputError::Fields fields = errorOf(validPreset() + ", \"\\u001b[2J\\u0007\\u009bx\\n"
            + QByteArray(200'000, 'k') + "\xC3\xA4\": 1}");
        const std::string text = InputError(fields).what();
        QVERIFY2(text.size() < 1000, qPrintable(QString::number(text.size())));
        QVERIFY(text.find("\\x1B[2J\\x07\\xC2\\x9Bx\\x0A") != std::string::npos);
        QVERIFY(text.find("\xC3\xA4") != std::string::npos); // letters stay letters
        for (const char c : text)
            QVERIFY(static_cast<unsigned char>(c) >= 0x20);
        QVERIFY(
            std::string(InputError({.problem = "a\xFFz\xE2\x82"}).what()) == "a\\xFFz\\xE2\\x82");
    }

    void anEditThatNeedsAResetIsRefusedWithItsPlace()
    {
        const auto fields = errorOf(validPreset()
            + ",\n\"edits\": [{\"step\": 5, \"key\": \"bias.on\", \"value\": true}]}");
        QVERIFY2(fields.problem.find("only change at a reset") != std::string::npos,
            fields.problem.c_str());
        QCOMPARE(fields.line, 5);
        QVERIFY(!fields.allowed.empty());
    }

    void aVersionWrittenAsOnePointZeroIsVersionOne()
    {
        QCOMPARE(errorOf(validPreset().replace("\"apical\": 1", "\"apical\": 1.0") + "}").problem,
            std::string());
    }

    void aFullDiskKeepsTheRowsThatFitted()
    {
        // A limit on the size of files is the full disk that needs no rights.
        const QTemporaryDir folder;
        QProcess process;
        const CliResult run =
            shell(u"ulimit -f 500; trap '' XFSZ; exec '%1' run self-predicting "
                  "--steps 100000 --record layer1.pyr.apical --quiet --out '%2'"_s.arg(
                      cliProgram(), folder.path()),
                process);
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.err.startsWith("cannot write ") && run.err.contains("traces.csv"),
            run.err.constData());
        QCOMPARE(run.err.count('\n'), 1);
        const CsvTable traces(folder.filePath(u"traces.csv"_s)); // checks that lines are whole
        QVERIFY(traces.rows.size() > 100);
        for (std::size_t i = 0; i < traces.rows.size(); ++i)
            QCOMPARE(traces.rows[i][0], static_cast<double>(i));
        for (const QString& name : {u"metrics.csv"_s, u"weights.json"_s, u"experiment.json"_s})
            QVERIFY2(!fileBytes(folder.filePath(name)).isEmpty(), qPrintable(name));
        QVERIFY(QDir(folder.path()).entryList({u"*.part"_s}, QDir::Files | QDir::Hidden).isEmpty());
    }

    void closedStreamsNeverEndUpInTheFiles()
    {
        const QTemporaryDir folder;
        QProcess process;
        shell(u"exec '%1' run self-predicting --steps 20000 --record all --every 100 --progress "
              "--out '%2' <&- >&- 2>&-"_s.arg(cliProgram(), folder.path()),
            process);
        QCOMPARE(process.exitCode(), 1); // the table could not be printed
        const CsvTable traces(folder.filePath(u"traces.csv"_s));
        QCOMPARE(traces.rows.size(), std::size_t{200});
        QCOMPARE(CsvTable(folder.filePath(u"metrics.csv"_s)).rows.size(), std::size_t{200});
    }

    void twoSignalsAtOnceAndAHangUpStillFinishTheFiles_data()
    {
        QTest::addColumn<QList<int>>("signalsSent");
        QTest::newRow("twice") << QList<int>{SIGINT, SIGTERM, SIGINT};
        QTest::newRow("hang-up") << QList<int>{SIGHUP};
    }
    void twoSignalsAtOnceAndAHangUpStillFinishTheFiles()
    {
        QFETCH(QList<int>, signalsSent);
        const QTemporaryDir folder;
        QProcess process;
        process.start(cliProgram(),
            {u"run"_s, u"self-predicting"_s, u"--time"_s, u"1e12"_s, u"--every"_s, u"1000"_s,
                u"--out"_s, folder.path(), u"--progress"_s});
        process.setReadChannel(QProcess::StandardError);
        QTRY_VERIFY_WITH_TIMEOUT(
            (process.waitForReadyRead(100), process.peek(1 << 20).count('\n') >= 2), 60'000);
        for (const int signal : signalsSent)
            ::kill(static_cast<pid_t>(process.processId()), signal);
        QVERIFY(process.waitForFinished(60'000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 1);
        QVERIFY(QFile::exists(folder.filePath(u"summary.json"_s)));
        QVERIFY(!CsvTable(folder.filePath(u"metrics.csv"_s)).rows.empty());
    }

    void aLargeNetworkIsInterruptedWithinSteps()
    {
        // 256 steps of this one take seconds: the flag has to be looked at more often than that.
        QProcess process;
        process.start(cliProgram(),
            {u"run"_s, u"self-predicting"_s, u"--set"_s, u"network.layers=[2000,1500,10]"_s,
                u"--set"_s, u"weights.range=0.01"_s, u"--set"_s, u"eta.ip=0"_s, u"--set"_s,
                u"eta.pi=0"_s, u"--steps"_s, u"1000000"_s, u"--progress"_s, u"--json"_s});
        process.setReadChannel(QProcess::StandardError);
        QTRY_VERIFY_WITH_TIMEOUT(
            (process.waitForReadyRead(100), process.peek(1 << 20).count('\n') >= 1), 60'000);
        QElapsedTimer timer;
        timer.start();
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(60'000));
        QCOMPARE(process.exitCode(), 1);
        QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
    }
};

QTEST_APPLESS_MAIN(OutsideTest)
#include "tst_outside.moc"
