// Where a model goes from predicting to erring, from the clock and the protocol, and marked on the
// strips.
#include "sim/run/model_table.h"
#include "widgets/strips/blocks.h"
#include "widgets/strips/phases.h"

#include <QImage>
#include <QPainter>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

using namespace apical;

namespace {

/// Presentations of 50 ms of prediction and 60 ms of errors, in steps of 1 ms; beside them a lane
/// that takes one step for each.
struct Phases {
    Scene scene;

    /// @param patterns that have ended @param step of the next one
    explicit Phases(std::uint64_t patterns = 6, int step = 0)
    {
        scene.frame.sizes = {9, 6, 3};
        for (const char* model : {"feedforward", "spiking-predictive-coding"}) {
            LaneFrame& lane = scene.frame.lanes.emplace_back();
            lane.parameters = modelNamed(model).parameters().defaults();
            lane.anatomy = std::make_shared<const Anatomy>(
                modelNamed(model).anatomy(scene.frame.sizes, lane.parameters));
            lane.clock.pattern = patterns;
            lane.clock.stepInPattern = static_cast<std::uint32_t>(step);
            lane.clock.step = patterns * 110 + static_cast<std::uint64_t>(step);
            lane.clock.timeMs = static_cast<double>(lane.clock.step);
        }
        scene.nowMs = scene.frame.lanes[1].clock.timeMs;
    }
    /// x of the columns that are dark in so many of 40 rows, of a plot of 600 px.
    std::vector<int> lines(double beginMs, double endMs, int rows = 16) const
    {
        QImage image(600, 40, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        const TimeAxis axis(beginMs, endMs, 0, 600);
        paintLatches(
            painter, *scene.theme, axis, markedLatches(scene, axis), {0, 0, 600, 40}, false);
        painter.end();
        std::vector<int> found;
        for (int x = 0; x < 600; ++x) {
            int dark = 0;
            for (int y = 0; y < 40; ++y)
                dark += qGray(image.pixel(x, y)) < 160;
            if (dark >= rows)
                found.push_back(x);
        }
        return found;
    }
};

} // namespace

class LatchesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyLatchIsFound()
    {
        const std::vector<double> all{50, 160, 270, 380, 490, 600};
        QCOMPARE(latchTimes(Phases().scene, 0, 660), all);
        QCOMPARE(latchTimes(Phases(2, 70).scene, 0, 660), all); // back from there, and on
        QCOMPARE(latchTimes(Phases().scene, 160, 271), (std::vector<double>{160, 270}));
        QVERIFY(latchTimes(Phases().scene, 51, 159).empty());
    }

    /// A test ends with its prediction.
    void testsHaveNone()
    {
        Phases run;
        for (LaneFrame& lane : run.scene.frame.lanes) {
            lane.parameters.protocolTrain = 2;
            lane.parameters.protocolTest = 3;
            lane.parameters.protocolTestInterval = 1;
            lane.task.schedule = Schedule(lane.parameters, 2);
            lane.clock.pattern = 5; // an epoch
            lane.clock.step = 2 * 110 + 3 * 50;
            lane.clock.timeMs = static_cast<double>(lane.clock.step);
        }
        QCOMPARE(latchTimes(run.scene, 0, 600), (std::vector<double>{50, 160, 420, 530}));
    }

    /// Tests of models that count their steps are as long as those are.
    void blocksAreAsLongAsTheirSteps()
    {
        Phases run;
        for (LaneFrame& lane : run.scene.frame.lanes) {
            lane.parameters.protocolTrain = 2;
            lane.parameters.protocolTest = 3;
            lane.parameters.protocolTestInterval = 1;
            lane.task.hasTask = true;
            lane.task.schedule = Schedule(lane.parameters, 2);
            lane.clock.pattern = 6;
            lane.clock.step = 3 * 110 + 3 * 50 + 10;
            lane.clock.stepInPattern = 10;
            lane.clock.timeMs = static_cast<double>(lane.clock.step);
        }
        const auto spans = blockSpans(run.scene, 0, 700);
        QCOMPARE(spans.size(), std::size_t{2}); // and what comes
        QCOMPARE(spans[0].beginMs, 220.0);
        QCOMPARE(spans[0].endMs, 370.0);
        QCOMPARE(spans[1].beginMs, 590.0);
        QCOMPARE(patternChanges(run.scene, 0, 500),
            (std::vector<double>{0, 110, 220, 270, 320, 370, 480}));
    }

    void nothingIsSaidOfAnotherProtocol()
    {
        Phases run;
        run.scene.events.push_back({Event::Kind::Edit, 300, 300, -1, "protocol.test = 3"});
        QCOMPARE(latchTimes(run.scene, 0, 660), (std::vector<double>{380, 490, 600}));
    }

    void theyAreLinesWherePhasesAreWideAndNotchesWhereTheyAreNot()
    {
        const Phases run(60);
        QCOMPARE(run.lines(0, 300), (std::vector<int>{100, 320, 540}));
        QCOMPARE(run.lines(0, 660).size(), std::size_t{6}); // 100 px from one to the next
        QVERIFY(run.lines(0, 6600).empty()); // 10 px
        const std::vector<int> notches = run.lines(0, 6600, 3);
        QCOMPARE(notches.size(), std::size_t{60});
        QVERIFY(std::abs(notches[1] - notches[0] - 10) <= 1);
        QVERIFY(run.lines(0, 20000, 1).empty()); // 3.3 px
    }

    void modelsWithoutPhasesHaveNone()
    {
        Phases run;
        run.scene.frame.lanes.pop_back();
        QVERIFY(latchTimes(run.scene, 0, 660).empty());
    }
};

QTEST_MAIN(LatchesTest)
#include "tst_latches.moc"
