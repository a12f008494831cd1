// What the files of a run hold: numbers, rows, columns, and nothing half-written.
#include "sim/base/error.h"
#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/self_prediction.h"
#include "sim/files/preset.h"
#include "sim/files/recording.h"
#include "sim/run/model_table.h"
#include "tests/cli_process.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>

#include <charconv>
#include <cmath>
#include <csignal>
#include <cstring>
#include <limits>
#include <numbers>

using namespace Qt::StringLiterals;
using namespace apical;

namespace {

std::filesystem::path pathIn(const QTemporaryDir& folder, const QString& name = {})
{
    return folder.filePath(name).toStdString();
}

Experiment smallExperiment()
{
    Experiment experiment = newExperiment();
    experiment.layers = {4, 3, 2};
    circuit(experiment.parameters).etaIp = {0.1};
    circuit(experiment.parameters).etaPi = {0.3};
    experiment.parameters.presentationTime = 2;
    return experiment;
}

void record(Simulation& simulation, const RecordingOptions& options, int steps)
{
    Recording recording(simulation, options);
    for (int i = 0; i < steps; ++i) {
        QVERIFY(simulation.step());
        recording.afterStep();
    }
    recording.finish();
}

} // namespace

class RecordingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void numbersReadBackToTheSameBits()
    {
        const double values[]{0.1, -0.0, 1.0 / 3, std::numbers::pi * 1e300, 5e-324, 123456789.125,
            std::nextafter(1.0, 2.0), std::numeric_limits<double>::max()};
        for (const double value : values) {
            std::string text;
            appendNumber(text, value);
            double back = 1;
            std::from_chars(text.data(), text.data() + text.size(), back);
            QVERIFY2(std::memcmp(&back, &value, sizeof value) == 0, text.c_str());
        }
        std::string text;
        appendNumber(text, std::uint64_t{18446744073709551615U});
        QCOMPARE(text, std::string("18446744073709551615"));
    }

    void aFileAppearsOnlyWhenItIsComplete()
    {
        const QTemporaryDir folder;
        writeWholeFile(pathIn(folder, u"a"_s), "old");
        {
            OutputFile abandoned(pathIn(folder, u"a"_s));
            abandoned.append("half");
        }
        QCOMPARE(fileBytes(folder.filePath(u"a"_s)), QByteArray("old"));
        OutputFile file(pathIn(folder, u"a"_s));
        file.append("new");
        QCOMPARE(fileBytes(folder.filePath(u"a"_s)), QByteArray("old"));
        file.commit();
        QCOMPARE(fileBytes(folder.filePath(u"a"_s)), QByteArray("new"));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList{u"a"_s});
    }

    void aFullDiskIsAnErrorAndLeavesTheOldFile()
    {
        const QTemporaryDir folder;
        writeWholeFile(pathIn(folder, u"a"_s), "old");
        rlimit before{};
        QVERIFY(getrlimit(RLIMIT_FSIZE, &before) == 0);
        rlimit small = before;
        small.rlim_cur = 4096;
        std::signal(SIGXFSZ, SIG_IGN); // then writing too much fails as on a full disk
        QVERIFY(setrlimit(RLIMIT_FSIZE, &small) == 0);
        bool thrown = false;
        try {
            writeWholeFile(pathIn(folder, u"a"_s), std::string(100'000, 'x'));
        } catch (const OutputError& error) {
            thrown = error.path() == pathIn(folder, u"a"_s) && !error.reason().empty();
        }
        setrlimit(RLIMIT_FSIZE, &before);
        std::signal(SIGXFSZ, SIG_DFL);
        QVERIFY(thrown);
        QCOMPARE(fileBytes(folder.filePath(u"a"_s)), QByteArray("old"));
    }

    void anUnknownProbeNamesTheNearest()
    {
        const Simulation simulation(smallExperiment());
        try {
            selectProbes(simulation, {"layer1.pyr.sona"});
            QFAIL("accepted");
        } catch (const InputError& error) {
            QCOMPARE(error.fields().nearest, std::string("layer1.pyr.soma"));
            QCOMPARE(error.fields().key, std::string("record"));
        }
        QCOMPARE(selectProbes(simulation, {"all"}).size(), simulation.model().probes().size());
        QCOMPARE(selectProbes(simulation, {"target", "target"}).size(), std::size_t{1});
    }

    void aRowHoldsTheStateAfterItsStep()
    {
        const QTemporaryDir folder;
        Simulation recorded(smallExperiment());
        record(recorded,
            {.directory = pathIn(folder), .probes = {"layer1.pyr.soma", "layer1.W_ip"}, .every = 1},
            50);
        const CsvTable traces(folder.filePath(u"traces.csv"_s));
        QCOMPARE(traces.header.join(',').left(81),
            QByteArray("step,t_ms,layer1.pyr.soma[0],layer1.pyr.soma[1],layer1.pyr.soma[2],layer1"
                       ".W_ip[0]"));
        Simulation again(smallExperiment());
        for (std::size_t k = 0; k < 50; ++k) {
            again.step();
            QCOMPARE(traces.at(k, "step"), static_cast<double>(k));
            QCOMPARE(traces.at(k, "t_ms"), again.clock().timeMs);
            double soma[3];
            findProbe(again.model(), "layer1.pyr.soma")->read(soma);
            QVERIFY(traces.at(k, "layer1.pyr.soma[1]") == soma[1]);
            QVERIFY(traces.at(k, "layer1.W_ip[1][2]") == layerWeights(again.model(), 1).ip(1, 2));
        }
    }

    void everyThirdStepMeansStepsTwoFiveEight()
    {
        const QTemporaryDir folder;
        Simulation simulation(smallExperiment());
        record(simulation,
            {.directory = pathIn(folder), .probes = {"target"}, .every = 3, .metricsEvery = true},
            10);
        for (const QString& name : {u"traces.csv"_s, u"metrics.csv"_s}) {
            const CsvTable table(folder.filePath(name));
            QCOMPARE(table.rows.size(), std::size_t{3});
            for (std::size_t i = 0; i < 3; ++i)
                QCOMPARE(table.at(i, "step"), 3.0 * static_cast<double>(i) + 2);
        }
        QCOMPARE(fileBytes(folder.filePath(u"spikes.csv"_s)),
            QByteArray("step,layer,population,index,count\n"));
    }

    void metricsHaveOneRowPerFinishedSample()
    {
        const QTemporaryDir folder;
        Simulation simulation(smallExperiment());
        record(simulation, {.directory = pathIn(folder), .probes = {}}, 65); // samples of 20 steps
        const CsvTable metrics(folder.filePath(u"metrics.csv"_s));
        QCOMPARE(metrics.rows.size(), std::size_t{3});
        for (std::size_t i = 0; i < 3; ++i) {
            QCOMPARE(metrics.at(i, "step"), 20.0 * static_cast<double>(i) + 19);
            QCOMPARE(metrics.at(i, "sample"), static_cast<double>(i));
            QVERIFY(metrics.at(i, "layer1.feedback_weight_error") > 0);
            QVERIFY(std::isfinite(metrics.at(i, "output.readout[1]")));
        }
        QCOMPARE(fileBytes(folder.filePath(u"traces.csv"_s)), QByteArray("step,t_ms\n"));
    }

    void lossIsTheMeanSquareAndTheGreatestOutputIsTheAnswer()
    {
        Readout answer;
        answer.mean = {0.5, 0.9, 0.1};
        answer.target = {1.0, 0.1, 0.1};
        Simulation circuit(loadPreset("bars"));
        answer.loss = circuit.model().loss(answer.mean, answer.target);
        const AnswerScore wrong = scoreAnswer(answer, true, true);
        QVERIFY(std::abs(wrong.loss - (0.25 + 0.64) / 3) < 1e-15);
        QCOMPARE(wrong.correct, 0.0);
        answer.mean[0] = 0.95;
        QCOMPARE(scoreAnswer(answer, true, true).correct, 1.0);
        QVERIFY(std::isnan(scoreAnswer(answer, true, false).correct));
        QVERIFY(std::isnan(scoreAnswer(answer, false, true).loss));
    }

    void barsAreScoredOverTheLastEpoch()
    {
        Experiment experiment = smallExperiment();
        experiment.layers = {9, 5, 3};
        experiment.stimulus.kind = "bars";
        Simulation simulation(experiment);
        TaskScore score(simulation);
        double sum = 0;
        int finished = 0;
        while (finished < 16) {
            QVERIFY(simulation.step());
            if (score.observe(simulation) && ++finished > 8)
                sum += score.lastScore().correct;
        }
        QVERIFY(score.hasAccuracy());
        QCOMPARE(score.epochMean().correct, sum / 8);
        QVERIFY(score.epochMean().loss > 0);
    }
};

QTEST_APPLESS_MAIN(RecordingTest)
#include "tst_recording.moc"
