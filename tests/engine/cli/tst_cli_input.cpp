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
};

QTEST_GUILESS_MAIN(CliInput)
#include "tst_cli_input.moc"
