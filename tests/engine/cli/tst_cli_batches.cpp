// What runs of whole batches write: spikes of every sample, the sample that is watched, and how
// long a table has to be that is replayed.
#include "tests/golden_nets.h"

#include <QTest>

#include <map>

using namespace Qt::StringLiterals;
using namespace apical;
using namespace apical::golden;

namespace {

json bars(const std::string& model, json parameters)
{
    parameters["batch.size"] = 4;
    json preset{{"apical", 1}, {"title", "T"}, {"summary", "S"}, {"model", model},
        {"network", {{"layers", {9, 5, 4, 3}}}}, {"parameters", parameters},
        {"stimulus", {{"kind", "bars"}}}};
    if (model == "spiking-net")
        preset["stimulus"]["presentation_time"] = 50;
    return preset;
}

QStringList linesOf(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts);
}

} // namespace

class CliBatchesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void spikesOfEverySampleAreInTheirFile_data()
    {
        QTest::addColumn<std::string>("model");
        QTest::addColumn<QStringList>("populations");
        QTest::newRow("spiking-predictive-coding")
            << std::string("spiking-predictive-coding")
            << QStringList{u"layer1"_s, u"layer2"_s}; // e+ less e- is no number of spikes
        QTest::newRow("spiking-net")
            << std::string("spiking-net") << QStringList{u"input"_s, u"layer1"_s, u"layer2"_s};
    }
    /// Those of a population add up to what summary.json has of it.
    void spikesOfEverySampleAreInTheirFile()
    {
        QFETCH(std::string, model);
        QFETCH(QStringList, populations);
        json parameters{{"bias.on", true}};
        if (model == "spiking-net")
            parameters.update({{"learning.on", false}, {"encoder.kind", "poisson"}});
        json preset = bars(model, parameters);
        preset["weights"] = {{"init", "he"}, {"bias", 2}}; // all fire
        const Run run(preset, u"*spikes"_s, 2);
        QVERIFY2(run.result.exitCode == 0, run.result.err.constData());
        std::map<QString, double> sums;
        const QStringList lines = linesOf(run.path(u"out/spikes.csv"_s));
        for (const QString& line : lines.mid(1))
            sums[line.section(u',', 2, 2)] += line.section(u',', 4, 4).toDouble();
        QFile summary(run.path(u"out/summary.json"_s));
        QVERIFY(summary.open(QIODevice::ReadOnly));
        const json all = json::parse(summary.readAll().toStdString()).at("spikes");
        QCOMPARE(qsizetype(all.size()), populations.size());
        for (const QString& name : populations)
            QCOMPARE(sums[name], all.at(name.toStdString()).get<double>());
        QVERIFY(sums[u"layer1"_s] > 0);
    }

    void theMetricsNameTheSampleThatIsWatched()
    {
        json inputs = json::array(), targets = json::array();
        for (int i = 0; i < 6; ++i) {
            inputs.push_back({0.1 * i});
            targets.push_back({0.5});
        }
        const json preset{{"apical", 1}, {"title", "T"}, {"summary", "S"}, {"model", "feedforward"},
            {"network", {{"layers", {1, 2, 1}}}},
            {"parameters", {{"batch.size", 2}, {"batch.watch", 1}}},
            {"stimulus",
                {{"kind", "patterns"}, {"order", "sequential"}, {"inputs", inputs},
                    {"targets", targets}}}};
        const Run run(preset, u"input.rate"_s, 3);
        QVERIFY2(run.result.exitCode == 0, run.result.err.constData());
        const QStringList lines = linesOf(run.path(u"out/metrics.csv"_s));
        const qsizetype column = lines.front().split(u',').indexOf(u"pattern"_s);
        QVERIFY(column > 0 && lines.size() == 4);
        for (int batch = 0; batch < 3; ++batch)
            QCOMPARE(lines[batch + 1].section(u',', column, column).toInt(), 2 * batch + 1);
    }

    void whatIsReplayedHasARowForEachStepThatIsTaken()
    {
        json preset = bars("spiking-net", {{"encoder.kind", "poisson"}});
        preset["replay"] = {{"spikes", "spikes.csv"}};
        const auto table = [](const QString& path, int rows) {
            QFile file(path);
            if (!file.open(QIODevice::WriteOnly))
                return;
            QByteArray head = "step", row;
            for (int i = 0; i < 9 * 4; ++i) { // input by input, four samples each
                head += ",inp" + QByteArray::number(i);
                row += i % 2 ? ",0" : ",1";
            }
            file.write(head + '\n');
            for (int k = 0; k < rows; ++k)
                file.write(QByteArray::number(k) + row + '\n');
        };
        QTemporaryDir folder;
        const auto result = [&](int rows) {
            table(folder.filePath(u"spikes.csv"_s), rows);
            QFile file(folder.filePath(u"preset.json"_s));
            if (file.open(QIODevice::WriteOnly))
                file.write(QByteArray::fromStdString(preset.dump()));
            file.close();
            return runCli({u"run"_s, file.fileName(), u"--samples"_s, u"3"_s, u"--quiet"_s});
        };
        const auto enough = result(3), few = result(2); // a batch is a step while it learns
        QVERIFY2(enough.exitCode == 0, enough.err.constData());
        QCOMPARE(few.exitCode, 2);
        QVERIFY2(few.err.contains("the run has 3"), few.err.constData());
        // A model whose input is no spikes replays none.
        preset["model"] = "spiking-predictive-coding";
        preset["parameters"] = {{"batch.size", 4}};
        preset["stimulus"] = {{"kind", "bars"}};
        const auto refused = result(5);
        QCOMPARE(refused.exitCode, 2);
        QVERIFY2(refused.err.contains("replay.spikes") || refused.err.contains("replayed"),
            refused.err.constData());
    }

    void parametersAreListedInPlainLetters()
    {
        const auto listed = runCli({u"params"_s});
        QCOMPARE(listed.exitCode, 0);
        for (const char* rich : {"<sub>", "<sup>", "&pi;", "&mu;", "&tau;", "&epsilon;"})
            QVERIFY2(!listed.out.contains(rich), rich);
    }
};

QTEST_APPLESS_MAIN(CliBatchesTest)
#include "tst_cli_batches.moc"
