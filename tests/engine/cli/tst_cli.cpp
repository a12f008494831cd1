// The headless program from outside: exit codes, what it prints, what it writes, how it stops.
#include "sim/circuit/circuit_parameters.h"
#include "tests/cli_process.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace Qt::StringLiterals;
using namespace apical;

namespace {

const QStringList kFiles{u"experiment.json"_s, u"metrics.csv"_s, u"spikes.csv"_s, u"summary.json"_s,
    u"traces.csv"_s, u"weights.json"_s};

QJsonObject jsonObject(const QByteArray& text)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(text, &error);
    if (error.error != QJsonParseError::NoError || !document.isObject())
        qWarning("not one JSON object: %s", qPrintable(error.errorString()));
    return document.object();
}

QString writeFile(const QTemporaryDir& folder, const QString& name, const QByteArray& text)
{
    QFile file(folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qFatal("cannot write %s", qPrintable(name));
    return folder.filePath(name);
}

/// Two lanes that differ in one parameter.
QString lanesPreset(const QTemporaryDir& folder)
{
    return writeFile(folder, u"lanes.json"_s, R"({
  "apical": 1, "title": "Two lanes", "summary": "For a test.", "model": "microcircuit",
  "network": {"layers": [4, 3, 2]},
  "parameters": {"eta.ip": 0.1, "eta.pi": 0.3},
  "weights": {"init": "uniform", "range": 1.0},
  "stimulus": {"kind": "uniform", "low": -1, "high": 1, "presentation_time": 5.0},
  "seed": 3,
  "lanes": [{"name": "LE"}, {"name": "slow/one", "parameters": {"circuit.latent_equilibrium": false}}]
})");
}

} // namespace

class CliTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void badInputEndsWithTwoAndNamesTheRemedy_data();
    void badInputEndsWithTwoAndNamesTheRemedy();
    void versionNamesCompilerAndInstructionSet();
    void listShowsTheDefaultPreset();
    void everyParameterIsPrintedInAllForms();
    void shownExperimentRunsLikeThePreset();
    void jsonIsOneObjectAndNothingElse();
    void rerunOfTheWrittenExperimentGivesTheSameBytes();
    void lanesGetTheirOwnFoldersAndThreadsChangeNothing();
    void theLengthOfARunIsAsAsked_data();
    void theLengthOfARunIsAsAsked();
    void interruptKeepsWhatWasComputed_data();
    void interruptKeepsWhatWasComputed();
    void divergenceEndsWithThreeAndKeepsTheLastGoodStep();
    void fullStandardOutputIsAnError();
    void unwritableDirectoryIsFoundBeforeTheRun_data();
    void unwritableDirectoryIsFoundBeforeTheRun();
    void quietPrintsNothing();
    void benchmarkGivesRatios();
};

void CliTest::badInputEndsWithTwoAndNamesTheRemedy_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("expected");
    const QString preset = u"self-predicting"_s;
    const auto run = [&](QStringList more) { return QStringList{u"run"_s, preset} + more; };
    QTest::newRow("no command") << QStringList{} << QByteArray("allowed: list, show, params");
    QTest::newRow("unknown command") << QStringList{u"rnu"_s} << QByteArray("did you mean \"run\"");
    QTest::newRow("unknown option")
        << run({u"--recrod"_s, u"all"_s}) << QByteArray("did you mean \"--record\"");
    QTest::newRow("option before the preset") << QStringList{u"run"_s, u"--sede"_s, u"1"_s, preset}
                                              << QByteArray("unknown option \"--sede\"");
    QTest::newRow("one argument too many")
        << run({u"again"_s}) << QByteArray("unknown argument \"again\"");
    QTest::newRow("no preset") << QStringList{u"run"_s} << QByteArray("PRESET is required");
    QTest::newRow("unknown preset")
        << QStringList{u"run"_s, u"self-predictin"_s} << QByteArray("self-predicting");
    QTest::newRow("unknown parameter") << run({u"--set"_s, u"eta.pj=1"_s}) << QByteArray("eta.pi");
    QTest::newRow("value out of range")
        << run({u"--set"_s, u"dt=5"_s}) << QByteArray("[0.001, 1] ms");
    QTest::newRow("not a number") << run({u"--set"_s, u"dt=nan"_s}) << QByteArray("dt");
    QTest::newRow("no value") << run({u"--set"_s, u"dt"_s}) << QByteArray("dt");
    QTest::newRow("unknown probe") << run({u"--record"_s, u"layer1.pyr.apicl"_s})
                                   << QByteArray("did you mean \"layer1.pyr.apical\"");
    QTest::newRow("negative steps")
        << run({u"--steps=-5"_s}) << QByteArray("-5 is not a whole number");
    QTest::newRow("half a step") << run({u"--steps"_s, u"1.5"_s}) << QByteArray("1.5 is not");
    QTest::newRow("negative time") << run({u"--time=-1"_s}) << QByteArray("0 or more");
    QTest::newRow("two lengths") << run({u"--steps"_s, u"1"_s, u"--time"_s, u"1"_s})
                                 << QByteArray("one length");
    QTest::newRow("no epochs") << run({u"--epochs"_s, u"1"_s}) << QByteArray("has no epochs");
    QTest::newRow("every 0") << run({u"--every"_s, u"0"_s}) << QByteArray("1 or more");
    QTest::newRow("no threads") << run({u"--threads"_s, u"0"_s}) << QByteArray("1 or more");
    QTest::newRow("no data") << run({u"--data"_s, u"/nowhere/at/all"_s})
                             << QByteArray("no data set in \"/nowhere/at/all\"");
    QTest::newRow("unknown model") << QStringList{u"params"_s, u"microcircit"_s}
                                   << QByteArray("did you mean \"microcircuit\"");
    QTest::newRow("two forms") << QStringList{u"params"_s, u"--json"_s, u"--markdown"_s}
                               << QByteArray("--json");
    QTest::newRow("missing file") << QStringList{u"check"_s, u"/nowhere/x.json"_s}
                                  << QByteArray("/nowhere/x.json");
    QTest::newRow("unknown benchmark")
        << QStringList{u"bench"_s, u"step-9-30"_s} << QByteArray("did you mean \"step-9-30-3\"");
}

void CliTest::badInputEndsWithTwoAndNamesTheRemedy()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, expected);
    const CliResult result = runCli(arguments);
    QCOMPARE(result.exitCode, 2);
    QVERIFY2(result.err.contains(expected), result.err.constData());
    QVERIFY2(result.err.count('\n') == 1, result.err.constData());
    QVERIFY2(result.out.isEmpty(), result.out.constData());
}

void CliTest::versionNamesCompilerAndInstructionSet()
{
    const CliResult result = runCli({u"--version"_s});
    QCOMPARE(result.exitCode, 0);
    const QByteArrayList lines = result.out.split('\n');
    QVERIFY(lines[0].startsWith("apical-cli "));
    QVERIFY(lines[1].contains("GCC") || lines[1].contains("Clang"));
    QVERIFY(lines[2].startsWith("instruction set ") && lines[2].size() > 17);
}

void CliTest::listShowsTheDefaultPreset()
{
    QVERIFY(runCli({u"list"_s}).out.contains("self-predicting"));
    const QJsonArray list = QJsonDocument::fromJson(runCli({u"list"_s, u"--json"_s}).out).array();
    QVERIFY(!list.isEmpty());
    for (const auto& preset : list) {
        for (const char* key : {"name", "title", "summary", "model", "family"})
            QVERIFY2(preset.toObject().contains(QLatin1String(key)), key);
    }
}

void CliTest::everyParameterIsPrintedInAllForms()
{
    const QByteArray plain = runCli({u"params"_s, u"microcircuit"_s}).out;
    const QByteArray markdown = runCli({u"params"_s, u"--markdown"_s}).out;
    const QByteArray json = runCli({u"params"_s, u"microcircuit"_s, u"--json"_s}).out;
    const QJsonArray rows = QJsonDocument::fromJson(json).array();
    QCOMPARE(rows.size(), static_cast<qsizetype>(circuitParameterTable().size()));
    for (const auto& value : rows) {
        const QJsonObject row = value.toObject();
        const QByteArray key = row[u"key"].toString().toUtf8();
        QVERIFY2(plain.contains("  " + key + ' '), key.constData());
        QVERIFY2(markdown.contains("| `" + key + "` |"), key.constData());
        for (const char* field : {"symbol", "name", "unit", "applies", "help", "source"})
            QVERIFY2(!row[QLatin1String(field)].toString().isEmpty(), field + key);
        const QString symbol = row[u"symbol"].toString();
        QVERIFY2(!symbol.contains(u'<') && !symbol.contains(u'&'), qPrintable(symbol));
    }
}

void CliTest::shownExperimentRunsLikeThePreset()
{
    const QTemporaryDir folder;
    const QStringList change{u"--set"_s, u"eta.pi=0.2"_s, u"--set"_s, u"network.layers=[5,4,3]"_s};
    const CliResult shown = runCli(QStringList{u"show"_s, u"self-predicting"_s} + change);
    QCOMPARE(shown.exitCode, 0);
    const QString copy = writeFile(folder, u"copy.json"_s, shown.out);
    QCOMPARE(runCli({u"check"_s, copy}).exitCode, 0);
    const QStringList run{u"--steps"_s, u"200"_s, u"--json"_s};
    const auto first =
        jsonObject(runCli(QStringList{u"run"_s, u"self-predicting"_s} + change + run).out);
    const auto second = jsonObject(runCli(QStringList{u"run"_s, copy} + run).out);
    QVERIFY(!first[u"metrics"].toObject().isEmpty());
    QCOMPARE(first[u"metrics"], second[u"metrics"]);
}

void CliTest::jsonIsOneObjectAndNothingElse()
{
    const CliResult result = runCli({u"run"_s, u"self-predicting"_s, u"--samples"_s, u"5"_s,
        u"--seed"_s, u"7"_s, u"--json"_s, u"--progress"_s});
    QCOMPARE(result.exitCode, 0);
    QCOMPARE(result.out.count('\n'), 1);
    const QJsonObject object = jsonObject(result.out);
    QCOMPARE(object[u"preset"].toString(), u"self-predicting"_s);
    QCOMPARE(object[u"model"].toString(), u"microcircuit"_s);
    QCOMPARE(object[u"seed"].toInt(), 7);
    QCOMPARE(object[u"steps"].toInt(), 500);
    QCOMPARE(object[u"time_ms"].toDouble(), 50.0);
    QCOMPARE(object[u"state"].toString(), u"done"_s);
    QVERIFY(object[u"metrics"].toObject()[u"layer1.apical_error"].toDouble() > 0);
    QVERIFY(object[u"wall_s"].toDouble() > 0);
    QVERIFY(object[u"steps_per_s"].toDouble() > 0);
    QVERIFY2(result.err.contains("self-predicting [") && result.err.contains("100 %"),
        result.err.constData());
}

void CliTest::rerunOfTheWrittenExperimentGivesTheSameBytes()
{
    const QTemporaryDir folder;
    const QString first = folder.filePath(u"first"_s), second = folder.filePath(u"second"_s);
    const QStringList common{
        u"--time"_s, u"37.5"_s, u"--every"_s, u"3"_s, u"--quiet"_s, u"--out"_s};
    QCOMPARE(runCli(QStringList{u"run"_s, u"self-predicting"_s, u"--seed"_s, u"11"_s, u"--set"_s,
                        u"circuit.noise=0.1"_s, u"--record"_s, u"all"_s}
                 + common + QStringList{first})
                 .exitCode,
        0);
    const CliResult again =
        runCli(QStringList{u"run"_s, first + u"/experiment.json"_s} + common + QStringList{second});
    QVERIFY2(again.exitCode == 0, again.err.constData());
    QCOMPARE(QDir(first).entryList(QDir::Files | QDir::Hidden), kFiles);
    for (const QString& name : {u"traces.csv"_s, u"metrics.csv"_s, u"spikes.csv"_s,
             u"weights.json"_s, u"experiment.json"_s}) {
        const QByteArray bytes = fileBytes(first + u'/' + name);
        QVERIFY(!bytes.isEmpty());
        QVERIFY2(bytes == fileBytes(second + u'/' + name), qPrintable(name));
    }
    QCOMPARE(CsvTable(first + u"/traces.csv"_s).rows.size(), std::size_t{125});
    QVERIFY(jsonObject(fileBytes(first + u"/summary.json"_s))[u"command"].toString().contains(
        u"--seed 11"));
}

void CliTest::lanesGetTheirOwnFoldersAndThreadsChangeNothing()
{
    const QTemporaryDir folder;
    const QString preset = lanesPreset(folder);
    QByteArrayList traces;
    for (const QString& threads : {u"1"_s, u"2"_s}) {
        const QString out = folder.filePath(u"out"_s + threads);
        const CliResult result =
            runCli({u"run"_s, preset, u"--steps"_s, u"300"_s, u"--threads"_s, threads,
                u"--record"_s, u"layer1.pyr.apical,layer1.W_pi"_s, u"--out"_s, out, u"--json"_s});
        QVERIFY2(result.exitCode == 0, result.err.constData());
        const QJsonArray lanes = jsonObject(result.out)[u"lanes"].toArray();
        QCOMPARE(lanes.size(), 2);
        QCOMPARE(lanes[1].toObject()[u"name"].toString(), u"slow/one"_s);
        for (const QString& lane : {u"/LE"_s, u"/slow-one"_s}) {
            QVERIFY2(QFile::exists(out + lane + u"/summary.json"_s), qPrintable(lane));
            traces << fileBytes(out + lane + u"/traces.csv"_s);
        }
        QVERIFY(QFile::exists(out + u"/experiment.json"_s));
    }
    QVERIFY(traces[0].startsWith("step,t_ms,layer1.pyr.apical[0],layer1.pyr.apical[1],"
                                 "layer1.pyr.apical[2],layer1.W_pi[0][0],layer1.W_pi[0][1],"));
    QVERIFY(traces[0] != traces[1]);
    QCOMPARE(traces[0], traces[2]);
    QCOMPARE(traces[1], traces[3]);
}

void CliTest::theLengthOfARunIsAsAsked_data()
{
    QTest::addColumn<QStringList>("length");
    QTest::addColumn<int>("steps");
    QTest::newRow("steps") << QStringList{u"--steps"_s, u"17"_s} << 17;
    QTest::newRow("no step") << QStringList{u"--steps"_s, u"0"_s} << 0;
    QTest::newRow("time") << QStringList{u"--time"_s, u"12.3"_s} << 123;
    QTest::newRow("time between steps") << QStringList{u"--time"_s, u"12.35"_s} << 124;
    QTest::newRow("samples") << QStringList{u"--samples"_s, u"4"_s} << 400;
    QTest::newRow("default") << QStringList{} << 400'000;
}

void CliTest::theLengthOfARunIsAsAsked()
{
    QFETCH(QStringList, length);
    QFETCH(int, steps);
    const CliResult result =
        runCli(QStringList{u"run"_s, u"self-predicting"_s, u"--json"_s} + length);
    QCOMPARE(result.exitCode, 0);
    QCOMPARE(jsonObject(result.out)[u"steps"].toInt(), steps);
}

void CliTest::interruptKeepsWhatWasComputed_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
}

void CliTest::interruptKeepsWhatWasComputed()
{
    QFETCH(int, signal);
    const QTemporaryDir folder;
    const QString out = folder.filePath(u"out"_s);
    QProcess process;
    process.start(cliProgram(),
        {u"run"_s, u"self-predicting"_s, u"--time"_s, u"1e12"_s, u"--record"_s,
            u"layer1.pyr.apical"_s, u"--every"_s, u"1000"_s, u"--out"_s, out, u"--json"_s,
            u"--progress"_s});
    QVERIFY(process.waitForStarted());
    process.setReadChannel(QProcess::StandardError);
    // The second line of progress: by then there are steps to keep.
    QTRY_VERIFY_WITH_TIMEOUT(
        (process.waitForReadyRead(100), process.peek(1 << 20).count('\n') >= 2), 60'000);
    QVERIFY(!QFile::exists(out + u"/traces.csv"_s)); // only complete files have their name
    ::kill(static_cast<pid_t>(process.processId()), signal);
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 1);
    const QJsonObject result = jsonObject(process.readAllStandardOutput());
    QCOMPARE(result[u"state"].toString(), u"interrupted"_s);
    QCOMPARE(QDir(out).entryList(QDir::Files | QDir::Hidden), kFiles);
    const CsvTable traces(out + u"/traces.csv"_s);
    QCOMPARE(traces.rows.size(), static_cast<std::size_t>(result[u"steps"].toInteger() / 1000));
    QVERIFY(!traces.rows.empty());
}

void CliTest::divergenceEndsWithThreeAndKeepsTheLastGoodStep()
{
    const QTemporaryDir folder;
    const QString out = folder.filePath(u"out"_s);
    const CliResult result = runCli({u"run"_s, u"self-predicting"_s, u"--set"_s, u"eta.pi=1000"_s,
        u"--set"_s, u"eta.ip=1000"_s, u"--record"_s, u"all"_s, u"--out"_s, out, u"--json"_s});
    QCOMPARE(result.exitCode, 3);
    const QJsonObject object = jsonObject(result.out);
    QCOMPARE(object[u"state"].toString(), u"diverged"_s);
    const QJsonObject where = object[u"diverged"].toObject();
    QVERIFY(where[u"quantity"].toString().startsWith(u"layer"));
    QVERIFY2(result.err.contains("diverged: " + where[u"quantity"].toString().toUtf8()),
        result.err.constData());
    const CsvTable traces(out + u"/traces.csv"_s);
    QCOMPARE(traces.rows.size(), static_cast<std::size_t>(object[u"steps"].toInt()));
    QVERIFY(!traces.rows.empty());
    for (const auto& row : traces.rows) {
        for (const double value : row)
            QVERIFY(std::isfinite(value));
    }
    QVERIFY(!fileBytes(out + u"/weights.json"_s).contains("null"));
    // The weights are those after the last good step.
    const QJsonArray weights = jsonObject(fileBytes(out + u"/weights.json"_s))[u"pi"].toArray();
    QCOMPARE(weights[0].toArray()[0].toArray()[0].toDouble(),
        traces.at(traces.rows.size() - 1, "layer1.W_pi[0][0]"));
}

void CliTest::fullStandardOutputIsAnError()
{
    QProcess process;
    process.setStandardOutputFile(u"/dev/full"_s);
    process.start(
        cliProgram(), {u"run"_s, u"self-predicting"_s, u"--steps"_s, u"10"_s, u"--json"_s});
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitCode(), 1);
    QVERIFY(process.readAllStandardError().contains("standard output"));
}

void CliTest::unwritableDirectoryIsFoundBeforeTheRun_data()
{
    QTest::addColumn<bool>("fileInTheWay");
    QTest::newRow("a file of that name") << true;
    QTest::newRow("a place where nobody can write") << false;
}

void CliTest::unwritableDirectoryIsFoundBeforeTheRun()
{
    QFETCH(bool, fileInTheWay);
    const QTemporaryDir folder;
    const QString out = fileInTheWay ? writeFile(folder, u"out"_s, "mine") : u"/proc/apical/out"_s;
    // Nobody waits for the end of this run.
    const CliResult result =
        runCli({u"run"_s, u"self-predicting"_s, u"--time"_s, u"1e15"_s, u"--out"_s, out});
    QCOMPARE(result.exitCode, 2);
    QVERIFY2(result.err.contains("cannot write " + out.toUtf8()), result.err.constData());
    if (fileInTheWay)
        QCOMPARE(fileBytes(out), QByteArray("mine"));
}

void CliTest::quietPrintsNothing()
{
    const CliResult result =
        runCli({u"run"_s, u"self-predicting"_s, u"--steps"_s, u"10"_s, u"--quiet"_s});
    QCOMPARE(result.exitCode, 0);
    QVERIFY(result.out.isEmpty() && result.err.isEmpty());
}

void CliTest::benchmarkGivesRatios()
{
    const CliResult result = runCli({u"bench"_s, u"phi"_s, u"--json"_s});
    QCOMPARE(result.exitCode, 0);
    const QJsonObject phi = jsonObject(result.out)[u"cases"].toArray()[0].toObject();
    QCOMPARE(phi[u"name"].toString(), u"phi"_s);
    QVERIFY(phi[u"variants"].toObject()[u"kernel"].toObject()[u"cpu_min"].toDouble() > 0);
    QVERIFY(phi[u"ratios"].toObject()[u"libm / kernel"].toDouble() > 0);
}

QTEST_GUILESS_MAIN(CliTest)
#include "tst_cli.moc"
