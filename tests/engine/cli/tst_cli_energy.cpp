// What the headless program says of an inference that does not go down its energy: once, with its
// cause and what mends it, on standard error.
#include "tests/cli_process.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace apical;

namespace {

CliResult run(const QStringList& more)
{
    return runCli(QStringList{u"run"_s, u"linear-equilibrium"_s, u"--json"_s} + more);
}

/// Its limit 2 / lambda_max is 0.217 before it learns.
const QStringList kStill{u"--set"_s, u"learning.rate=0"_s, u"--samples"_s, u"4"_s};

double rises(const CliResult& result)
{
    return QJsonDocument::fromJson(result.out)[u"metrics"][u"energy_rises"].toDouble(-1);
}

} // namespace

class CliEnergyTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void beyondTheLimitTheRiseIsSaidOnce()
    {
        const CliResult result = run(kStill + QStringList{u"--set"_s, u"inference.rate=0.24"_s});
        QCOMPARE(result.exitCode, 0);
        QCOMPARE(result.err.count("warning"), 1);
        QCOMPARE(result.err.count('\n'), 1);
        for (const char* part :
            {"linear-equilibrium: warning: presentation 1, step 201: the energy rose at ",
                "inference.rate = 0.24, its limit 2 / lambda_max is 0.2",
                "inference.halve_on_rise"})
            QVERIFY2(result.err.contains(part), result.err.constData());
        QVERIFY(rises(result) > 0);
    }

    void belowItOrWithAHalvedRateNothingIsSaid()
    {
        for (const QStringList& safe : {QStringList{u"--set"_s, u"inference.rate=0.2"_s},
                 QStringList{u"--set"_s, u"inference.rate=0.24"_s, u"--set"_s,
                     u"inference.halve_on_rise=true"_s}}) {
            const CliResult result = run(kStill + safe);
            QCOMPARE(result.exitCode, 0);
            QVERIFY2(result.err.isEmpty(), result.err.constData());
        }
    }

    /// Nearly right answers: what cross-entropy is less than 1e-4 of outputs of 12 is rounding.
    void roundingIsNoRise()
    {
        const QTemporaryDir folder;
        QFile preset(folder.filePath(u"preset.json"_s));
        QVERIFY(preset.open(QIODevice::WriteOnly));
        preset.write(R"({"apical": 1, "title": "T", "summary": "S", "model": "predictive-coding",
            "network": {"layers": [3, 4, 2]},
            "parameters": {"activation.hidden": "linear", "loss.kind": "ce", "batch.size": 8,
                "inference.steps": 100, "inference.rate": 0.01, "learning.rate": 0},
            "weights": {"up": [[[1, 0.3, 0.2, 0.1], [0.5, 1, 0.1, 0], [0.1, 0.2, 0.7, 0],
                [0.3, 0.3, 0.3, 0.1]], [[2.4, 1.6, 0.8, 0.4, 10], [-0.8, -0.4, -0.4, 0.12, 9]]]},
            "stimulus": {"kind": "patterns", "order": "sequential",
                "inputs": [[1, 0.5, 0], [1, 0.5, 0.1], [1, 0.5, 0.2], [1, 0.5, 0.3],
                    [1, 0.5, 0.4], [1, 0.5, 0.5], [1, 0.5, 0.6], [1, 0.5, 0.7]],
                "targets": [[1, 0], [1, 0], [1, 0], [1, 0], [1, 0], [1, 0], [1, 0], [1, 0]]}})");
        preset.close();
        for (const char* precision : {"double", "float"}) {
            const CliResult result = runCli({u"run"_s, preset.fileName(), u"--samples"_s, u"1"_s,
                u"--json"_s, u"--set"_s, u"precision="_s + QLatin1String(precision)});
            QCOMPARE(result.exitCode, 0);
            QVERIFY2(!result.err.contains("rose"), result.err.constData());
            QCOMPARE(rises(result), 0.0);
        }
    }

    void farBeyondItTheRunStopsAtTheFirstNumberThatIsNone()
    {
        const CliResult result = run(kStill + QStringList{u"--set"_s, u"inference.rate=50"_s});
        QCOMPARE(result.exitCode, 3);
        QCOMPARE(result.err.count("warning"), 1);
        QVERIFY2(result.err.contains("diverged"), result.err.constData());
        QVERIFY2(result.err.contains("inference.rate"), result.err.constData());
    }

    void ofSeveralLanesTheOneIsNamed()
    {
        QJsonObject preset = QJsonDocument::fromJson(
            fileBytes(QStringLiteral(APICAL_SOURCE_DIR "/presets/linear-equilibrium.json")))
                                 .object();
        preset.remove(u"lesson"_s);
        const auto lane = [](const QString& name, double rate, const QString& schedule) {
            return QJsonObject{{u"name"_s, name},
                {u"parameters"_s,
                    QJsonObject{{u"inference.rate"_s, rate}, {u"inference.schedule"_s, schedule}}}};
        };
        // Z-IL is no descent: nothing is promised of its energy.
        preset[u"lanes"_s] = QJsonArray{lane(u"slow"_s, 0.1, u"il"_s),
            lane(u"quick"_s, 0.24, u"il"_s), lane(u"Z-IL"_s, 1, u"zil"_s)};
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"three.json"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QJsonDocument(preset).toJson());
        file.close();
        const CliResult result = runCli(QStringList{u"run"_s, path, u"--json"_s} + kStill);
        QCOMPARE(result.exitCode, 0);
        QCOMPARE(result.err.count("warning"), 1);
        QVERIFY2(result.err.contains("three.json (quick): warning: "), result.err.constData());
    }
};

QTEST_MAIN(CliEnergyTest)
#include "tst_cli_energy.moc"
