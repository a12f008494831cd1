// Images per second: of circuits that take many steps for one image, and of nets that show a batch
// in one step.
#include "app/window/image_rate.h"

#include <QTest>

#include <memory>

using namespace apical;

class TestImageRate : public QObject {
    Q_OBJECT

    static Frame frameAt(std::uint64_t step, std::uint64_t stepsEach, int samples)
    {
        Frame frame;
        frame.stepsPerSecond = 1000;
        LaneFrame& lane = frame.lanes.emplace_back();
        lane.clock.step = step;
        lane.clock.pattern = step / stepsEach;
        auto anatomy = std::make_shared<Anatomy>();
        anatomy->samples = samples;
        lane.anatomy = std::move(anatomy);
        return frame;
    }

private Q_SLOTS:
    void itCountsWhatWasShown_data()
    {
        QTest::addColumn<int>("stepsEach");
        QTest::addColumn<int>("samples");
        QTest::addColumn<double>("expected"); // at 1,000 steps per second
        QTest::newRow("circuit, five steps a digit") << 5 << 1 << 200.0;
        QTest::newRow("net, a batch a step") << 1 << 64 << 64000.0;
        QTest::newRow("inference of 20 moves") << 20 << 64 << 3200.0;
    }
    void itCountsWhatWasShown()
    {
        QFETCH(int, stepsEach);
        QFETCH(int, samples);
        QFETCH(double, expected);
        const auto each = static_cast<std::uint64_t>(stepsEach);
        ImageRate rate;
        QVERIFY(!rate.see(frameAt(0, each, samples)));
        for (std::uint64_t step = 100; step <= 2000; step += 100)
            QCOMPARE(rate.see(frameAt(step, each, samples)).value_or(0), expected);
    }

    void nothingIsSaidBeforeAPresentationHasEnded()
    {
        ImageRate rate;
        for (std::uint64_t step = 0; step < 200; step += 50)
            QVERIFY(!rate.see(frameAt(step, 200, 1)));
        QCOMPARE(rate.see(frameAt(200, 200, 1)).value_or(0), 5.0);
        // Rewound, or another run: it begins anew.
        QVERIFY(!rate.see(frameAt(100, 200, 1)));
        Frame other = frameAt(300, 200, 1);
        other.run = 7;
        QVERIFY(!rate.see(other));
    }
};

QTEST_APPLESS_MAIN(TestImageRate)
#include "tst_image_rate.moc"
