// Spikes for looking back: however old and coarse they are, after going back or changing lanes,
// they add up to what was counted.
#include "tests/engine/spike_sums.h"

#include <map>
#include <random>

using namespace apical;
using namespace apical::test;

namespace {

std::vector<SpikeGroup> twoGroups(std::size_t size)
{
    return {{.lane = 0,
                .quantity = "input.spikes",
                .population = "input",
                .kind = "input",
                .layer = 0,
                .first = 0,
                .size = 2},
        {.lane = 0,
            .quantity = "layer1.unit.spikes",
            .population = "layer1.unit",
            .kind = "unit",
            .layer = 1,
            .first = 2,
            .size = size - 2}};
}

/// Steps of random counts, each bin `steps` long, as they happened and as they are kept.
struct Feed {
    Feed(SpikeHistory& to, double rate)
        : history(to)
        , counts(rate)
        , totals(to.rows())
    {
        step = to.endStep();
        std::copy(to.totals().begin(), to.totals().end(), totals.begin());
    }
    void bins(int n, std::uint64_t steps)
    {
        for (int i = 0; i < n; ++i) {
            std::vector<SpikeEvent> events;
            for (std::uint32_t row = 0; row < totals.size(); ++row) {
                const auto count = static_cast<std::uint32_t>(counts(random));
                totals[row] += count;
                if (count)
                    events.push_back({row, count});
            }
            step += steps;
            history.append(step, 0.1 * static_cast<double>(step), events);
            then[step] = totals;
        }
    }
    SpikeHistory& history;
    std::mt19937 random{5};
    std::poisson_distribution<int> counts;
    Totals totals;
    std::uint64_t step = 0;
    std::map<std::uint64_t, Totals> then;
};

} // namespace

class SpikeHistoryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsKeptAddsUp_data()
    {
        QTest::addColumn<double>("rate");
        QTest::addColumn<int>("fineBytes");
        QTest::addColumn<int>("coarseBytes");
        QTest::newRow("sparse") << 0.02 << (1 << 20) << 1;
        QTest::newRow("sparse, most of it old") << 0.02 << 20000 << (1 << 20);
        QTest::newRow("all spike") << 5.0 << 20000 << (1 << 20);
        QTest::newRow("more than a byte counts") << 300.0 << 20000 << (1 << 20);
        QTest::newRow("levels full to the last") << 2.0 << 1000 << 100;
    }
    void whatIsKeptAddsUp()
    {
        QFETCH(double, rate);
        QFETCH(int, fineBytes);
        QFETCH(int, coarseBytes);
        SpikeHistory h(twoGroups(12), static_cast<std::size_t>(fineBytes),
            static_cast<std::size_t>(coarseBytes));
        Feed feed(h, rate);
        feed.bins(3000, 1);
        feed.bins(20001, 7);
        QVERIFY(totalsOf(h) == feed.totals);
        QCOMPARE(h.endStep(), std::uint64_t{3000 + 7 * 20001});
        QCOMPARE(h.beginStep(), std::uint64_t{0}); // merged, not forgotten
        checkSums(h);
        QVERIFY(h.bytes() <= h.bytesLimit() + 64 * 12 * 16);
    }

    void theYoungPastIsAsItWas()
    {
        SpikeHistory h(twoGroups(12), 60000, 10000);
        Feed feed(h, 0.4);
        feed.bins(20000, 1);
        std::size_t single = 0;
        h.forEachBin(0, h.endMs(), [&](const Bin& bin, std::span<const SpikeEvent> events) {
            if (bin.steps != 1)
                return;
            ++single;
            Totals was = feed.then[bin.endStep()];
            if (bin.firstStep > 0)
                was = difference(was, feed.then[bin.firstStep]);
            Totals is(h.rows());
            for (const SpikeEvent& event : events)
                is[event.row] = event.count;
            QVERIFY(is == was);
        });
        QVERIFY(single > 500);
        QVERIFY(single < 20000);
    }

    void goingBackLosesNone_data()
    {
        QTest::addColumn<int>("to");
        QTest::newRow("not at all") << 20000;
        QTest::newRow("within the young past") << 19990;
        QTest::newRow("into an old block") << 1234;
        QTest::newRow("almost to the start") << 3;
        QTest::newRow("to the start") << 0;
    }
    void goingBackLosesNone()
    {
        QFETCH(int, to);
        SpikeHistory h(twoGroups(12), 20000, 10000);
        Feed feed(h, 0.4);
        feed.bins(20000, 1);
        const auto step = static_cast<std::uint64_t>(to);
        const Totals then = to ? feed.then[step] : Totals(h.rows());
        const std::uint64_t before = h.revision();
        h.standAt(step, step, 0.1 * to, then);
        QVERIFY(h.revision() > before);
        QVERIFY(totalsOf(h) == then);
        QCOMPARE(h.endStep(), step);
        QCOMPARE(h.beginStep(), std::uint64_t{0});
        checkSums(h);
        Feed more(h, 3);
        more.bins(5000, 2);
        checkSums(h);
    }

    void aPastThatCannotBeIsForgotten()
    {
        SpikeHistory h(twoGroups(12));
        Feed feed(h, 1);
        feed.bins(100, 1);
        const Totals none(h.rows());
        h.standAt(50, 50, 5, none); // another run: it has fewer spikes
        QVERIFY(h.empty());
        QCOMPARE(h.beginStep(), std::uint64_t{50});
        QVERIFY(totalsOf(h) == none);
    }

    void lanesComeAndGo()
    {
        SpikeHistory h(twoGroups(12), 30000, 10000);
        Feed feed(h, 0.3);
        feed.bins(5000, 1);
        std::vector<SpikeGroup> groups = twoGroups(12);
        for (SpikeGroup group : twoGroups(12)) {
            group.lane = 1;
            group.first += 12;
            groups.push_back(group);
        }
        h.regroup(groups, std::vector<int>{0, 0});
        QCOMPARE(h.rows(), std::size_t{24});
        QVERIFY(std::equal(h.totals().begin() + 12, h.totals().end(), feed.totals.begin()));
        checkSums(h);
        Feed both(h, 0.3);
        both.bins(3000, 1);
        checkSums(h);
        const Totals ofB(h.totals().begin() + 12, h.totals().end());
        h.regroup(twoGroups(12), std::vector<int>{1});
        QVERIFY(totalsOf(h) == ofB);
        QVERIFY(h.group(0, "layer1.unit.spikes"));
        QVERIFY(!h.group(1, "layer1.unit.spikes"));
        checkSums(h);
    }
};

QTEST_APPLESS_MAIN(SpikeHistoryTest)
#include "tst_spike_history.moc"
