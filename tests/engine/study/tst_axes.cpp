// What a person types to vary a key: ranges, blanks, and values that are equal.
#include "sim/base/error.h"
#include "sim/study/study.h"

#include <QTest>

#include <string>
#include <vector>

using namespace apical;

namespace {

std::vector<std::string> valuesOf(const std::string& text)
{
    std::vector<std::string> values;
    for (const auto& row : parseAxis(text).values)
        values.push_back(row.front());
    return values;
}

} // namespace

class Axes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRangeIsWrittenOut()
    {
        using Words = std::vector<std::string>;
        QCOMPARE(valuesOf("eta.pi=0.01:1:log3"), (Words{"0.01", "0.1", "1"}));
        QCOMPARE(valuesOf("eta.pi=0.1:0.5:lin5"), (Words{"0.1", "0.2", "0.3", "0.4", "0.5"}));
        QCOMPARE(valuesOf("input.potential=3:-3:lin3"), (Words{"3", "0", "-3"}));
        QCOMPARE(valuesOf("eta.pi=0, 0.1:10:log3"), (Words{"0", "0.1", "1", "10"}));
        QCOMPARE(valuesOf("eta.pi=0.01:1:log5")[1], std::string("0.0316227766017"));
    }

    void blanksAroundValuesDoNotCount()
    {
        const StudyAxis both = parseAxis(" eta.ip , eta.pi = 0.1 : [0.2, 0.3] , 0.2:0.4 ");
        QCOMPARE(both, parseAxis("eta.ip,eta.pi=0.1:[0.2, 0.3],0.2:0.4"));
        QCOMPARE(parseAxis("dt= 0.1 : 0.2 : lin2"), parseAxis("dt=0.1,0.2"));
    }

    void rangesThatCannotBeAreRefused_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text : {"dt=0:1:log3", "dt=-1:1:log3", "dt=1:1:lin3", "dt=0.1:1:lin1",
                 "dt=0.1:1:lin", "dt=0.1:1:lin99999999", "dt=a:1:lin3", "dt=0:inf:lin3",
                 "dt=0.1:1:lin2.5", "dt= ,1"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }

    void rangesThatCannotBeAreRefused()
    {
        QFETCH(QString, text);
        QVERIFY_EXCEPTION_THROWN(parseAxis(text.toStdString()), InputError);
    }

    void equalValuesAreRefusedHoweverTheyAreWritten_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text : {"eta.pi=0.1, 0.10", "eta.pi=0.1,1e-1", "eta.pi=1,1.0",
                 "eta.pi=[0.1,0.2],[0.1, 0.2]", "eta.pi=0.1:1:log3,1"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }

    void equalValuesAreRefusedHoweverTheyAreWritten()
    {
        QFETCH(QString, text);
        StudySpec spec;
        spec.preset = "self-predicting-deep";
        spec.length.steps = 10;
        spec.vary = {parseAxis(text.toStdString())};
        try {
            const Study study(spec);
            QFAIL("took the same value twice");
        } catch (const InputError& error) {
            QVERIFY2(error.fields().problem.find("twice") != std::string::npos, error.what());
        }
    }
};

QTEST_APPLESS_MAIN(Axes)
#include "tst_axes.moc"
