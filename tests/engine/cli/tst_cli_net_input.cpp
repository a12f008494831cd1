// What the headless program says of nets that do not fit: file, key, remedy.
#include "tests/golden_nets.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace apical;
using namespace apical::golden;

class CliNetInputTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatDoesNotFitIsSaidWithItsPlace_data()
    {
        QTest::addColumn<QString>("set");
        QTest::addColumn<QString>("place");
        QTest::addColumn<QString>("remedy");
        QTest::newRow("precisions")
            << u"inference.precision=[1,2]"_s << u"inference.precision"_s << u"3 target layers"_s;
        QTest::newRow("precision 0")
            << u"inference.precision=0"_s << u"inference.precision"_s << u"1e-12"_s;
        QTest::newRow("batch") << u"batch.size=5"_s << u"batch.size"_s << u"1 to 4"_s;
        QTest::newRow("ce") << u"loss.kind=ce"_s << u"loss.kind"_s
                            << u"activation.output = linear"_s;
        QTest::newRow("pre") << u"inference.mode=pre"_s << u"activation.output"_s
                             << u"inference.mode = post"_s;
        QTest::newRow("statistics")
            << u"norm.kind=batch;norm.statistics=batch"_s << u"norm.statistics"_s << u"running"_s;
        QTest::newRow("other model")
            << u"eta.up=0.1"_s << u"eta.up"_s << u"belongs to model microcircuit"_s;
        QTest::newRow("rule") << u"learning.rule=backprop"_s << u"learning.rule"_s
                              << u"belongs to model feedforward"_s;
    }
    void whatDoesNotFitIsSaidWithItsPlace()
    {
        QFETCH(QString, set);
        QFETCH(QString, place);
        QFETCH(QString, remedy);
        json preset = presetOf(golden::read("pc_net_sigmoid_se_post").at("net"), {});
        for (const QString& one : set.split(u';')) {
            const QString key = one.section(u'=', 0, 0), value = one.section(u'=', 1);
            const json parsed = json::parse(value.toStdString(), nullptr, false);
            preset["parameters"][key.toStdString()] =
                parsed.is_discarded() ? json(value.toStdString()) : parsed;
        }
        const Run run(preset);
        QCOMPARE(run.result.exitCode, 2);
        for (const QString& part : {place, remedy, u"preset.json"_s})
            QVERIFY2(run.result.err.contains(part.toUtf8()), run.result.err.constData());
    }

    void weightsWithoutTheirBiasAreRefused()
    {
        json preset = presetOf(golden::read("pc_net_tanh_se_pre").at("net"), {});
        for (json& row : preset["weights"]["up"][1])
            row.erase(row.size() - 1);
        const Run run(preset);
        QCOMPARE(run.result.exitCode, 2);
        QVERIFY2(
            run.result.err.contains("the last column is the bias"), run.result.err.constData());
        QVERIFY(run.result.err.contains("weights.up[1]"));
    }
};

QTEST_APPLESS_MAIN(CliNetInputTest)
#include "tst_cli_net_input.moc"
