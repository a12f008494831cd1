// Undo and redo of edits: drags are one step, values come back exactly.
#include "app/session/edit_history.h"

#include <QTest>

using namespace apical;

namespace {

struct Bench {
    std::map<QString, ParameterValue> values{
        {QStringLiteral("eta.pi"), std::vector<double>{0.3}}, {QStringLiteral("dt"), 0.1}};
    std::map<QString, ParameterValue> inB = values;
    std::vector<int> layers{8, 6, 3};
    EditHistory history{[this](int lane, const QString& key, const ParameterValue& v) {
                            if (lane != 1)
                                values[key] = v;
                            if (lane != 0)
                                inB[key] = v;
                        },
        [this](const std::vector<int>& l) { layers = l; }};

    void edit(const QString& key, const ParameterValue& value, bool continuous)
    {
        history.push(key, {{-1, values[key]}}, {-1, value}, continuous);
        values[key] = value;
    }
};

} // namespace

class TestEditHistory : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void undoAndRedoBringBackTheExactValues();
    void aDragIsOneStep();
    void twoDragsOfOneKeyAreTwoSteps();
    void aDragThatReturnsLeavesNothing();
    void layersAreUndone();
    void aGroupIsUndoneTogether();
    void clearForgetsEverything();
    void anEditOfAllLanesIsTakenBackLaneByLane();
};

void TestEditHistory::anEditOfAllLanesIsTakenBackLaneByLane()
{
    Bench b;
    const QString dt = QStringLiteral("dt");
    b.inB[dt] = 0.2;
    b.history.push(dt, {{0, 0.1}, {1, 0.2}}, {-1, 0.5}, true);
    b.history.push(dt, {{-1, 0.5}}, {-1, 0.6}, false);
    b.values[dt] = b.inB[dt] = 0.6;
    QCOMPARE(b.history.stack().count(), 1);
    b.history.stack().undo();
    QVERIFY(b.values[dt] == ParameterValue(0.1));
    QVERIFY(b.inB[dt] == ParameterValue(0.2));
    b.history.stack().redo();
    QVERIFY(b.values[dt] == ParameterValue(0.6) && b.inB[dt] == ParameterValue(0.6));
    // A drag in B does not go on as a drag in A.
    b.history.push(dt, {{1, 0.6}}, {1, 0.7}, true);
    b.history.push(dt, {{0, 0.6}}, {0, 0.8}, false);
    QCOMPARE(b.history.stack().count(), 3);
}

void TestEditHistory::undoAndRedoBringBackTheExactValues()
{
    Bench b;
    b.edit(QStringLiteral("dt"), 0.1 + 0.2, false);
    QCOMPARE(b.history.stack().undoText(), QStringLiteral("dt 0.1 \u2192 0.30000000000000004"));
    b.history.stack().undo();
    QCOMPARE(std::get<double>(b.values[QStringLiteral("dt")]), 0.1);
    b.history.stack().redo();
    QVERIFY(std::get<double>(b.values[QStringLiteral("dt")]) == 0.1 + 0.2);
}

void TestEditHistory::aDragIsOneStep()
{
    Bench b;
    const QString key = QStringLiteral("eta.pi");
    for (const double v : {0.31, 0.4, 0.45})
        b.edit(key, std::vector<double>{v}, true);
    b.edit(key, std::vector<double>{0.5}, true);
    b.edit(key, std::vector<double>{0.5}, false);
    QCOMPARE(b.history.stack().count(), 1);
    QCOMPARE(b.history.stack().undoText(), QStringLiteral("eta.pi 0.3 \u2192 0.5"));
    b.history.stack().undo();
    QVERIFY(b.values[key] == ParameterValue(std::vector<double>{0.3}));
}

void TestEditHistory::twoDragsOfOneKeyAreTwoSteps()
{
    Bench b;
    const QString key = QStringLiteral("dt");
    for (const double v : {0.2, 0.3}) {
        b.edit(key, v - 0.05, true);
        b.edit(key, v, false);
    }
    b.edit(QStringLiteral("eta.pi"), std::vector<double>{1}, true);
    b.edit(key, 0.4, false);
    QCOMPARE(b.history.stack().count(), 4);
    b.history.stack().undo();
    b.history.stack().undo();
    b.history.stack().undo();
    QVERIFY(b.values[key] == ParameterValue(0.2));
}

void TestEditHistory::aDragThatReturnsLeavesNothing()
{
    Bench b;
    b.edit(QStringLiteral("dt"), 0.2, true);
    b.edit(QStringLiteral("dt"), 0.1, true);
    b.edit(QStringLiteral("dt"), 0.1, false);
    QVERIFY(!b.history.stack().canUndo());
}

void TestEditHistory::layersAreUndone()
{
    Bench b;
    b.history.pushLayers({8, 6, 3}, {8, 6, 3});
    QVERIFY(!b.history.stack().canUndo());
    b.history.pushLayers({8, 6, 3}, {8, 10, 3});
    b.layers = {8, 10, 3};
    QCOMPARE(b.history.stack().undoText(), QStringLiteral("layers 8-6-3 \u2192 8-10-3"));
    b.history.stack().undo();
    QCOMPARE(b.layers, (std::vector<int>{8, 6, 3}));
    b.history.stack().redo();
    QCOMPARE(b.layers, (std::vector<int>{8, 10, 3}));
}

void TestEditHistory::aGroupIsUndoneTogether()
{
    Bench b;
    b.history.beginGroup(QStringLiteral("reset all parameters"));
    b.edit(QStringLiteral("dt"), 0.2, false);
    b.edit(QStringLiteral("eta.pi"), std::vector<double>{1}, false);
    b.history.endGroup();
    QCOMPARE(b.history.stack().count(), 1);
    b.history.stack().undo();
    QVERIFY(b.values[QStringLiteral("dt")] == ParameterValue(0.1));
    QVERIFY(b.values[QStringLiteral("eta.pi")] == ParameterValue(std::vector<double>{0.3}));
}

void TestEditHistory::clearForgetsEverything()
{
    Bench b;
    b.edit(QStringLiteral("dt"), 0.2, false);
    b.history.clear();
    QVERIFY(!b.history.stack().canUndo());
}

QTEST_MAIN(TestEditHistory)
#include "tst_edit_history.moc"
