// The same bits whoever runs it, however often it stops, and however many threads take part.
#include "sim/circuit/circuit_parameters.h"
#include "tests/cli_process.h"
#include "tests/engine/runner_waits.h"

#include "sim/files/preset.h"
#include "sim/files/session_file.h"
#include "sim/run/simulation.h"

#include <QTemporaryDir>
#include <QTest>

using namespace apical;
using namespace apical::test;
using namespace Qt::StringLiterals;

namespace {

/// Two lanes with noise, targets, and edits on the way.
Experiment eventful(const std::string& precision)
{
    Experiment e = twoLanes();
    e.precision = precision;
    circuit(e.parameters).noise = 0.05;
    return e;
}

std::vector<State> runnerStates(Runner& runner, std::uint64_t steps)
{
    Frame frame;
    runner.pause();
    if (!waitForFrame(runner, frame, paused))
        qWarning("the runner did not pause");
    const std::vector<State> before = runner.states();
    const std::uint64_t done = before.front().clock.step;
    if (done < steps) {
        runner.stepOnce(static_cast<int>(steps - done));
        if (!waitForFrame(runner, frame, pausedAt(steps)))
            qWarning(
                "the runner did not come to step %llu", static_cast<unsigned long long>(steps));
    }
    return runner.states();
}

} // namespace

class DeterminismTest : public QObject {
    Q_OBJECT
private:
    static void precisions()
    {
        QTest::addColumn<QString>("precision");
        QTest::newRow("double") << u"double"_s;
        QTest::newRow("float") << u"float"_s;
    }

private Q_SLOTS:
    void pausesAndPacesChangeNothing_data() { precisions(); }
    void pausesAndPacesChangeNothing()
    {
        QFETCH(QString, precision);
        const Experiment e = eventful(precision.toStdString());
        Runner runner(e);
        runner.setPace(kFast);
        for (const std::uint64_t stop : {200u, 700u, 2500u}) {
            runner.run();
            QVERIFY(waitForSteps(runner, stop));
            Frame frame;
            runner.pause();
            QVERIFY(waitForFrame(runner, frame, paused));
            runner.stepOnce(3);
            runner.stepToNextPattern();
        }
        const std::uint64_t steps = runner.stepsDone() + 5000;
        const auto states = runnerStates(runner, steps);
        QCOMPARE(states.front().clock.step, steps);
        QVERIFY(states == headless(e, steps));
    }

    void aReplayedInteractiveRunHasTheSameBits_data() { precisions(); }
    void aReplayedInteractiveRunHasTheSameBits()
    {
        QFETCH(QString, precision);
        Runner runner(eventful(precision.toStdString()));
        runner.setPace(kFast);
        runner.run();
        QVERIFY(waitForSteps(runner, 300));
        runner.edit(-1, "eta.pi", std::vector<double>{0.2});
        QVERIFY(waitForSteps(runner, 900));
        runner.edit(1, "circuit.g_a", 0.08);
        runner.edit(0, "dt", 0.05);
        runner.edit(-1, "action.self_predicting", true);
        QVERIFY(waitForSteps(runner, 2000));
        runner.edit(-1, "dt", 0.1);
        const std::uint64_t steps = runner.stepsDone() + 3000;
        const auto states = runnerStates(runner, steps);
        // Through the file, as somebody else would replay it.
        const Experiment replay = readPreset(writePreset(runner.experiment()), "replay.json");
        QVERIFY(replay.edits.size() > runner.experiment().lanes.size() + 3);
        const auto again = headless(replay, states.front().clock.step);
        for (std::size_t lane = 0; lane < states.size(); ++lane) {
            QVERIFY(states[lane].clock == again[lane].clock);
            QVERIFY(states[lane].model == again[lane].model);
            QVERIFY(states[lane].readout == again[lane].readout);
            QVERIFY(states[lane].parameters == again[lane].parameters);
        }
    }

    void aSessionFileContinuesBitForBitWithItsEdits_data() { precisions(); }
    void aSessionFileContinuesBitForBitWithItsEdits()
    {
        QFETCH(QString, precision);
        const QTemporaryDir folder;
        const std::string path = folder.filePath(u"a.apical"_s).toStdString();
        const Experiment e = eventful(precision.toStdString()); // the file lies between its edits
        saveSession(path, {e, headless(e, 1777), ""});
        const SavedSession saved = loadSession(path);
        Runner runner(saved.experiment);
        runner.restore(saved.states);
        const auto states = runnerStates(runner, 6000);
        QCOMPARE(states.front().clock.step, std::uint64_t{6000});
        QVERIFY(states == headless(e, 6000));
    }

    void threadsOfTheHeadlessProgramChangeNoByte_data() { precisions(); }
    void threadsOfTheHeadlessProgramChangeNoByte()
    {
        QFETCH(QString, precision);
        const QTemporaryDir folder;
        const QString preset = folder.filePath(u"lanes.json"_s);
        QFile file(preset);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(writePreset(eventful(precision.toStdString()))));
        file.close();
        for (const QString& threads : {u"1"_s, u"2"_s}) {
            const CliResult run = runCli({u"run"_s, preset, u"--steps"_s, u"5000"_s, u"--record"_s,
                u"all"_s, u"--every"_s, u"50"_s, u"--threads"_s, threads, u"--quiet"_s, u"--out"_s,
                folder.filePath(threads)});
            QVERIFY2(run.exitCode == 0, run.err.constData());
        }
        for (const QString& name : {u"traces.csv"_s, u"metrics.csv"_s, u"weights.json"_s}) {
            for (const QString& lane : {u"/LE/"_s, u"/Sacramento/"_s}) {
                const QByteArray bytes = fileBytes(folder.filePath(u"1"_s + lane + name));
                QVERIFY(bytes.size() > 100);
                QVERIFY2(bytes == fileBytes(folder.filePath(u"2"_s + lane + name)),
                    qPrintable(lane + name));
            }
        }
    }

    void theRunnersAndTheHeadlessProgramsWeightsAreTheSameText()
    {
        const QTemporaryDir folder;
        const CliResult run = runCli({u"run"_s, u"self-predicting"_s, u"--steps"_s, u"4321"_s,
            u"--quiet"_s, u"--out"_s, folder.path()});
        QVERIFY2(run.exitCode == 0, run.err.constData());
        const Experiment e = loadPreset("self-predicting");
        Runner runner(e);
        const auto states = runnerStates(runner, 4321);
        Simulation simulation(e);
        simulation.restore(states.front());
        QCOMPARE(fileBytes(folder.filePath(u"weights.json"_s)),
            QByteArray::fromStdString(writeWeights(weightsOf(simulation.model()))));
    }
};

QTEST_APPLESS_MAIN(DeterminismTest)
#include "tst_determinism.moc"
