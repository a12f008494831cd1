// metrics.csv of nets: what blocks and the final test tell stands in the row that ends them, and
// what a row knows nothing of is an empty cell.
#include "tests/golden_nets.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace apical;
using namespace apical::golden;

namespace {

json bars(const std::string& model, const json& parameters = json::object())
{
    json all{{"batch.size", 4}, {"protocol.validation", 1}, {"protocol.test", 1},
        {"protocol.test_interval", 1}};
    all.update(parameters);
    json preset{{"apical", 1}, {"title", "T"}, {"summary", "S"}, {"model", model},
        {"network", {{"layers", {9, 6, 3}}}}, {"parameters", all},
        {"stimulus", {{"kind", "bars"}}}};
    if (model == "spiking-net")
        preset["stimulus"]["presentation_time"] = 30;
    return preset;
}

/// The cells of metrics.csv by their columns.
struct Metrics {
    explicit Metrics(const Run& run)
    {
        QFile file(run.path(u"out/metrics.csv"_s));
        if (!file.open(QIODevice::ReadOnly))
            throw std::runtime_error(run.result.err.toStdString());
        for (const QString& line :
            QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts))
            rows << line.split(u',');
        header = rows.takeFirst();
    }
    QString at(qsizetype row, const QString& column) const
    {
        const qsizetype i = header.indexOf(column);
        return i < 0 ? u"no such column"_s : rows[row].at(i);
    }
    QStringList header;
    QList<QStringList> rows;
};

} // namespace

class CliMetricsTest : public QObject {
    Q_OBJECT

    static void models()
    {
        QTest::addColumn<std::string>("model");
        QTest::addColumn<QStringList>("further"); // beyond test_loss and test_accuracy
        QTest::addColumn<QStringList>("passing"); // of training, or of spikes
        QTest::newRow("feedforward")
            << std::string("feedforward") << QStringList{} << QStringList{};
        QTest::newRow("predictive-coding")
            << std::string("predictive-coding") << QStringList{}
            << QStringList{u"layer1.energy"_s, u"energy"_s, u"energy_rises"_s};
        QTest::newRow("spiking-net")
            << std::string("spiking-net")
            << QStringList{u"test_accuracy_ann"_s, u"test_accuracy_hard_rate"_s,
                   u"test_accuracy_at_10ms"_s, u"test_accuracy_at_30ms"_s,
                   u"test_spikes_per_sample"_s}
            << QStringList{u"layer1.rate_hz"_s};
        QTest::newRow("spiking-predictive-coding")
            << std::string("spiking-predictive-coding")
            << QStringList{u"test_accuracy_spiking"_s, u"test_accuracy_soft"_s}
            << QStringList{u"error_spikes_per_sample"_s, u"value_spikes_per_sample"_s};
    }

private Q_SLOTS:
    void testsStandInTheRowThatEndsThem_data() { models(); }
    /// An epoch is two batches, one of validation, one of the test.
    void testsStandInTheRowThatEndsThem()
    {
        QFETCH(std::string, model);
        QFETCH(QStringList, further);
        const Run run(bars(model), u"target"_s, 8);
        QVERIFY2(run.result.exitCode == 0, run.result.err.constData());
        const Metrics metrics(run);
        QCOMPARE(metrics.rows.size(), qsizetype(8));
        QFile file(run.path(u"out/summary.json"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const json summary = json::parse(file.readAll().toStdString()).at("metrics");
        const QStringList tests = QStringList{u"test_loss"_s, u"test_accuracy"_s} + further;
        for (qsizetype row = 0; row < 8; ++row) {
            const QString block = metrics.at(row, u"block"_s);
            QCOMPARE(
                block, QStringList({u"train"_s, u"train"_s, u"validation"_s, u"test"_s})[row % 4]);
            for (const QString& name : {u"validation_loss"_s, u"validation_accuracy"_s})
                QCOMPARE(metrics.at(row, name).isEmpty(), block != u"validation"_s);
            for (const QString& name : tests)
                QCOMPARE(metrics.at(row, name).isEmpty(), block != u"test"_s);
        }
        QCOMPARE(metrics.at(2, u"validation_loss"_s), metrics.at(2, u"loss"_s)); // one batch
        QCOMPARE(metrics.at(3, u"test_loss"_s), metrics.at(3, u"loss"_s));
        for (const QString& name : tests) // the last row has all test samples
            QCOMPARE(metrics.at(7, name).toDouble(), summary.at(name.toStdString()).get<double>());
        QVERIFY(metrics.at(7, u"test_loss"_s) != metrics.at(7, u"loss"_s));
    }

    void whatOtherRowsKnowIsNotRepeated_data() { models(); }
    void whatOtherRowsKnowIsNotRepeated()
    {
        QFETCH(std::string, model);
        QFETCH(QStringList, passing);
        const Run run(bars(model), u"target"_s, 5);
        QVERIFY2(run.result.exitCode == 0, run.result.err.constData());
        const Metrics metrics(run);
        const bool ofTraining = model != "spiking-net"; // whose shadow has no spikes
        for (qsizetype row = 0; row < 4; ++row) {
            const bool train = metrics.at(row, u"block"_s) == u"train"_s;
            for (const QString& name : passing)
                QCOMPARE(metrics.at(row, name).isEmpty(), train != ofTraining);
        }
    }

    /// A run that ends in the middle of a presentation ends with no row of its own.
    void aTestThatNoRowEndsWithIsInNoRow()
    {
        json preset = bars("predictive-coding", {{"protocol.test", 0}});
        const Run whole(preset, u"target"_s, 1);
        QVERIFY2(whole.result.exitCode == 0, whole.result.err.constData());
        QVERIFY(!Metrics(whole).at(0, u"test_accuracy"_s).isEmpty());
        const CliResult half = runCli({u"run"_s, whole.path(u"preset.json"_s), u"--steps"_s,
            u"30"_s, u"--quiet"_s, u"--out"_s, whole.path(u"out"_s)});
        QVERIFY2(half.exitCode == 0, half.err.constData());
        QVERIFY(Metrics(whole).at(0, u"test_accuracy"_s).isEmpty());
    }
};

QTEST_APPLESS_MAIN(CliMetricsTest)
#include "tst_cli_metrics.moc"
