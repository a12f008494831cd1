// Lengths of the phases may change in the midst of a presentation: it still has one latch, the mean
// of the predictions that were summed for it, and errors of a size as ever.
#include "tests/engine/lif/lif_run.h"
#include "tests/engine/spiking_predictive/golden_net.h"

#include <QTest>

#include <cmath>
#include <cstdint>

using namespace apical;
using test::goldenNet;
using test::make;
using test::own;
using test::readProbe;
using List = std::vector<double>;

namespace {

double largest(const List& values)
{
    double most = 0;
    for (const double value : values)
        most = std::max(most, std::abs(value));
    return most;
}

/// The golden net, phases of 40 and 60 ms, that learns.
Experiment learning()
{
    Experiment e = goldenNet(golden::read("pc_spc_small"));
    own(e).rate = 0.01;
    return e;
}

} // namespace

class PhaseEditsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aPhaseThatGetsShorterLatchesAtOnce_data()
    {
        QTest::addColumn<int>("at");
        QTest::newRow("before the sum") << 15;
        QTest::newRow("within the sum") << 30;
        QTest::newRow("where it would end") << 20;
    }
    void aPhaseThatGetsShorterLatchesAtOnce()
    {
        QFETCH(int, at);
        Simulation run(learning()), same(learning());
        make(run, 100); // a whole presentation before
        make(same, 200);
        const double usual = largest(readProbe(same, "layer2.G_up"));
        make(run, at);
        run.apply(Edit{.key = "spc.t_a", .value = 20.0});
        int left = 0;
        while (readProbe(run, "layer2.latched") == List(16, 0.0)) {
            make(run, 1);
            QVERIFY(++left <= 20);
        }
        QCOMPARE(left, at < 20 ? 20 - at : 1);
        QCOMPARE(readProbe(run, "spc.phase")[0], 0.0);
        const List latched = readProbe(run, "layer2.latched");
        QVERIFY(largest(latched) < 2 * largest(readProbe(same, "layer2.latched")));
        make(run, 1);
        QCOMPARE(readProbe(run, "spc.phase")[0], 1.0);
        QCOMPARE(run.stepsInPattern(), 80u);
        make(run, 80 - static_cast<int>(run.clock().stepInPattern));
        QCOMPARE(run.clock().pattern, std::uint64_t{2});
        QVERIFY(readProbe(run, "layer2.latched") == latched);
        const double learned = largest(readProbe(run, "layer2.G_up"));
        QVERIFY2(learned > 0 && learned < 3 * usual, qPrintable(QString::number(learned)));
        make(run, 80); // the next one is an ordinary one
        QCOMPARE(run.clock().pattern, std::uint64_t{3});
    }

    void aPhaseThatGetsLongerAfterTheLatchLeavesIt()
    {
        Simulation run(learning());
        make(run, 55);
        const List latched = readProbe(run, "layer2.latched");
        run.apply(Edit{.key = "spc.t_a", .value = 80.0});
        QCOMPARE(run.stepsInPattern(), 140u);
        for (int step = 55; step < 140; ++step) {
            make(run, 1);
            QCOMPARE(readProbe(run, "spc.phase")[0], 1.0);
            QVERIFY(readProbe(run, "layer2.latched") == latched);
        }
        QCOMPARE(run.clock().pattern, std::uint64_t{1});
        QVERIFY(largest(readProbe(run, "layer1.G_up")) > 0);
    }

    void errorsThatAreCutShortStillTeach()
    {
        Simulation run(learning());
        make(run, 75);
        const List before = readProbe(run, "layer2.W_up");
        run.apply(Edit{.key = "spc.t_b", .value = 25.0});
        make(run, 1); // the step that comes is its last
        QCOMPARE(run.clock().pattern, std::uint64_t{1});
        QVERIFY(readProbe(run, "layer2.W_up") != before);
    }

    void anEditedRunIsResumed()
    {
        for (const int at : {25, 60}) {
            Simulation run(learning());
            make(run, 20);
            run.apply(Edit{.key = "spc.t_a", .value = 30.0});
            make(run, at - 20);
            const State state = run.state();
            make(run, 150);
            const State end = run.state();
            Simulation again(learning());
            again.restore(state);
            make(again, 150);
            QVERIFY(again.state() == end);
        }
    }

    /// Saved states of before the steps were counted.
    void statesWithoutCountsAreUnderstood()
    {
        for (const int at : {10, 30, 40, 50, 90, 100}) {
            Simulation run(learning());
            make(run, at);
            State state = run.state();
            make(run, 150);
            const State end = run.state();
            state.model.resize(state.model.size() - 3 * sizeof(double));
            Simulation again(learning());
            again.restore(state);
            make(again, 150);
            QVERIFY2(again.state() == end, qPrintable(QString::number(at)));
        }
    }
};

QTEST_GUILESS_MAIN(PhaseEditsTest)
#include "tst_phase_edits.moc"
