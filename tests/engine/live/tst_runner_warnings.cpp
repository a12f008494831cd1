// What a model warns of while the run goes on: told once, with its lane and step, and again after
// something was changed.
#include "sim/files/preset.h"
#include "tests/engine/runner_waits.h"

#include <QTest>

using namespace apical;
using namespace apical::test;

namespace {

/// Two lanes whose limit 2 / lambda_max is 0.217; B moves its values faster than that.
Experiment beyondTheLimit()
{
    Experiment e = loadPreset("linear-equilibrium");
    setParameter(e.parameters, "learning.rate", 0.0, 3);
    e.lanes = {{"steady", {{"inference.rate", 0.2}}}, {"hasty", {{"inference.rate", 0.24}}}};
    return e;
}

std::vector<Event> warningsOf(Runner& runner)
{
    std::vector<Event> all;
    for (Event event; runner.takeEvent(event);)
        if (event.kind == Event::Kind::Warning)
            all.push_back(event);
    return all;
}

} // namespace

class TestRunnerWarnings : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRisingEnergyIsToldOnceUntilSomethingChanges()
    {
        Runner runner(beyondTheLimit());
        Frame frame;
        runner.stepOnce(600); // three presentations of 200 moves
        QVERIFY(waitForFrame(runner, frame, pausedAt(600)));
        std::vector<Event> told = warningsOf(runner);
        QCOMPARE(told.size(), std::size_t{1});
        QCOMPARE(told[0].lane, 1);
        QVERIFY2(told[0].text.starts_with("presentation 1, step 201: the energy rose at "),
            told[0].text.c_str());

        runner.edit(1, "inference.rate", 0.25);
        runner.stepOnce(300);
        QVERIFY(waitForFrame(runner, frame, pausedAt(900)));
        told = warningsOf(runner);
        QCOMPARE(told.size(), std::size_t{1});
        QVERIFY2(
            told[0].text.find("inference.rate = 0.25") != std::string::npos, told[0].text.c_str());

        runner.edit(1, "inference.halve_on_rise", true);
        runner.stepOnce(300);
        QVERIFY(waitForFrame(runner, frame, pausedAt(1200)));
        QVERIFY(warningsOf(runner).empty());
    }

    void aRunBelowTheLimitSaysNothing()
    {
        Experiment e = beyondTheLimit();
        e.lanes.resize(1);
        Runner runner(std::move(e));
        Frame frame;
        runner.stepOnce(600);
        QVERIFY(waitForFrame(runner, frame, pausedAt(600)));
        QVERIFY(warningsOf(runner).empty());
    }
};

QTEST_GUILESS_MAIN(TestRunnerWarnings)
#include "tst_runner_warnings.moc"
