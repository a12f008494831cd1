// Checkpoints between epochs, early stop, and the guards, through the headless program.
#include "tests/cli_process.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace apical;

namespace {

QStringList digits(const char* epochs)
{
    return {"run", "mnist-small", "--set", "stimulus.samples=300", "--set", "protocol.test=50",
        "--epochs", epochs, "--quiet"};
}

} // namespace

class CliEpochsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aCheckpointGoesOnBitForBit()
    {
        QTemporaryDir folder;
        QCOMPARE(runCli(digits("4") + QStringList{"--out", folder.filePath("whole")}).exitCode, 0);
        QCOMPARE(runCli(digits("2")
                     + QStringList{"--out", folder.filePath("first"), "--checkpoint", "2"})
                     .exitCode,
            0);
        const CliResult second = runCli({"run", folder.filePath("first/checkpoint.apical"),
            "--epochs", "4", "--quiet", "--out", folder.filePath("second")});
        QVERIFY2(second.exitCode == 0, second.err.constData());
        const QByteArray weights = fileBytes(folder.filePath("whole/weights.json"));
        QVERIFY(weights.size() > 10000);
        QVERIFY(fileBytes(folder.filePath("second/weights.json")) == weights);
        QVERIFY(fileBytes(folder.filePath("first/weights.json")) != weights);
    }

    void itStopsOnceNothingGetsBetter()
    {
        // Without plasticity no score can get better than the first.
        const CliResult run = runCli({"run", "mnist-small", "--set", "stimulus.samples=100",
            "--set", "protocol.test=20", "--set", "stimulus.test_samples=20", "--set", "eta.up=0",
            "--set", "eta.ip=0", "--epochs", "50", "--patience", "3", "--json"});
        QVERIFY2(run.exitCode == 0, run.err.constData());
        const QJsonObject report = QJsonDocument::fromJson(run.out).object();
        QCOMPARE(report["state"].toString(), QStringLiteral("stopped"));
        QCOMPARE(report["steps"].toInt(), 4 * 120 * 5); // the first, and three more
    }

    void badRequestsAreRefused()
    {
        const auto refused = [](const QStringList& more, const char* said) {
            const CliResult run = runCli(QStringList{"run"} + more);
            QCOMPARE(run.exitCode, 2);
            QVERIFY2(run.err.contains(said), run.err.constData());
        };
        refused({"mnist-small", "--epochs", "1", "--checkpoint", "1"}, "--out");
        refused({"mnist-small", "--epochs", "1", "--patience", "0"}, "1 or more");
        refused({"self-predicting", "--patience", "2"}, "no epochs");
        refused({"bars", "--epochs", "2", "--patience", "2", "--set", "protocol.validation=0"},
            "nothing is scored");
    }

    void guardsStopWhatRunsAway()
    {
        const CliResult run = runCli({"run", "mnist-small", "--set", "phi.kind=softplus", "--set",
            "stimulus.samples=2000", "--epochs", "1", "--json"});
        QCOMPARE(run.exitCode, 3);
        QVERIFY2(run.err.contains("beyond guard."), run.err.constData());
        const QJsonObject stop = QJsonDocument::fromJson(run.out)["diverged"].toObject();
        QVERIFY2(stop["guard"].toString().startsWith("guard."), run.out.constData());
        QVERIFY(stop["value"].toDouble() > stop["limit"].toDouble());
        QCOMPARE(stop["limit"].toDouble(), 100.0);
        // The same without them goes on, and learns nothing.
        const CliResult blind = runCli({"run", "mnist-small", "--set", "phi.kind=softplus", "--set",
            "stimulus.samples=2000", "--set", "guard.potential=none", "--set", "guard.loss=none",
            "--epochs", "1", "--json"});
        QVERIFY(blind.exitCode != 3 || blind.err.contains("not finite"));
    }
};

QTEST_GUILESS_MAIN(CliEpochsTest)
#include "tst_cli_epochs.moc"
