// Where a model goes from predicting to erring, found in the history of its phase and marked on the
// strips.
#include "sim/run/model_table.h"
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

/// Presentations of 50 ms of prediction and 60 ms of errors, in bins of so many steps of 1 ms.
struct Phases {
    History history{std::vector<Channel>{{0, "layer1.mu", 0}, {1, "spc.phase", 0}}};
    Scene scene;

    explicit Phases(int binSteps, int presentations = 6)
    {
        for (int step = 0; step < presentations * 110; step += binSteps) {
            float low[2]{0, 1}, high[2]{0, 0};
            for (int s = step; s < step + binSteps; ++s) {
                const float phase = s % 110 < 50 ? 0.0F : 1.0F;
                low[1] = std::min(low[1], phase);
                high[1] = std::max(high[1], phase);
            }
            Bin bin;
            bin.firstStep = static_cast<std::uint64_t>(step);
            bin.steps = bin.samples = static_cast<std::uint32_t>(binSteps);
            bin.timeMs = step + binSteps;
            bin.durationMs = binSteps;
            history.append(bin, low, high);
        }
        scene.history = &history;
        scene.nowMs = presentations * 110.0;
        scene.frame.lanes.resize(2);
        scene.frame.lanes[0].anatomy = std::make_shared<const Anatomy>();
        auto anatomy = std::make_shared<Anatomy>();
        anatomy->add(Anatomy::Population{"spc", 1, "phase", 1});
        anatomy->add(Anatomy::Quantity{"spc.phase", 0, "1"});
        scene.frame.lanes[1].anatomy = std::move(anatomy);
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
        const Phases run(1);
        QCOMPARE(latchTimes(run.scene, 0, 660), (std::vector<double>{50, 160, 270, 380, 490, 600}));
        QCOMPARE(latchTimes(run.scene, 160, 271), (std::vector<double>{160, 270}));
        QVERIFY(latchTimes(run.scene, 51, 159).empty());
    }

    void longerBinsKnowItUpToTheirLength()
    {
        const Phases run(11);
        const std::vector<double> times = latchTimes(run.scene, 0, 660);
        QCOMPARE(times.size(), std::size_t{6});
        for (std::size_t i = 0; i < times.size(); ++i)
            QVERIFY(std::abs(times[i] - (50 + 110.0 * static_cast<double>(i))) <= 5.5);
        QVERIFY(latchTimes(Phases(110).scene, 0, 660).empty()); // each holds both
    }

    void theyAreLinesWherePhasesAreWideAndNotchesWhereTheyAreNot()
    {
        const Phases run(1, 60);
        QCOMPARE(run.lines(0, 300), (std::vector<int>{100, 320, 540}));
        QCOMPARE(run.lines(0, 660).size(), std::size_t{6}); // 100 px from one to the next
        QVERIFY(run.lines(0, 6600).empty()); // 10 px
        const std::vector<int> notches = run.lines(0, 6600, 3);
        QCOMPARE(notches.size(), std::size_t{60});
        QVERIFY(std::abs(notches[1] - notches[0] - 10) <= 1);
        QVERIFY(run.lines(0, 20000, 1).empty()); // 3.3 px
    }

    /// A bin as long as a phase may hold the ends of two: rather none than some of them.
    void whereBinsAreLongNoneIsMarked()
    {
        for (const auto& [bin, found] : {std::pair{10, 6}, std::pair{27, 0}}) {
            Phases run(bin);
            run.scene.frame.lanes[1].parameters =
                modelNamed("spiking-predictive-coding").parameters().defaults();
            QCOMPARE(latchTimes(run.scene, 0, 660).size(), static_cast<std::size_t>(found));
        }
    }

    void modelsWithoutPhasesHaveNone()
    {
        Phases run(1);
        run.scene.frame.lanes.pop_back();
        QVERIFY(latchTimes(run.scene, 0, 660).empty());
        run.scene.history = nullptr;
        QVERIFY(latchTimes(run.scene, 0, 660).empty());
    }
};

QTEST_MAIN(LatchesTest)
#include "tst_latches.moc"
