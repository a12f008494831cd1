// How long each lane has computed: in the scores of a running window's lanes.
#include "sim/files/preset.h"
#include "tests/engine/runner_waits.h"

#include <QTest>

#include <cmath>

using namespace apical;
using namespace apical::test;

class LaneSecondsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyLaneHasItsOwn()
    {
        Experiment e = loadPreset("bars-beside-backprop");
        e.parameters.presentationTime = 5;
        e.pace = kFast;
        Runner runner(e);
        runner.stepOnce(static_cast<int>(16 * 20 * 5 / e.parameters.dt));
        Frame frame;
        QVERIFY(waitForFrame(runner, frame,
            [](const Frame& f) { return f.state == RunState::Paused && f.step() > 0; }));
        QCOMPARE(frame.lanes.size(), std::size_t{2});
        for (const LaneFrame& lane : frame.lanes) {
            QVERIFY(lane.task.seen && lane.task.seen->size() > 3);
            double before = 0;
            for (const SeenScore& point : *lane.task.seen) {
                QVERIFY(point.spent.seconds >= before);
                before = point.spent.seconds;
            }
            QVERIFY(before > 0 && before < 60);
        }
        const auto seconds = [&](std::size_t lane) {
            return frame.lanes[lane].task.epochs->back().spent.seconds;
        };
        // A hundred steps of dendrites for one pass of the net.
        QVERIFY2(seconds(0) > seconds(1), qPrintable(QString::number(seconds(1) / seconds(0))));
    }
};

QTEST_GUILESS_MAIN(LaneSecondsTest)
#include "tst_lane_seconds.moc"
