#include "sim/live/queue.h"
#include "sim/live/triple_buffer.h"
#include "sim/watch/bin_ring.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <thread>

using namespace apical;

namespace {

std::vector<Channel> channels(int n)
{
    std::vector<Channel> all;
    for (int i = 0; i < n; ++i)
        all.push_back({.lane = 0, .probe = "layer1.pyr.soma", .index = i});
    return all;
}

Bin binOf(std::uint64_t step)
{
    return {.firstStep = step,
        .steps = 1,
        .samples = 1,
        .timeMs = static_cast<double>(step + 1),
        .durationMs = 1};
}

} // namespace

class TestHandover : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theNewestValueArrives()
    {
        TripleBuffer<int> buffer;
        QVERIFY(!buffer.take());
        QVERIFY(buffer.taken());
        buffer.back() = 1;
        buffer.publish();
        QVERIFY(!buffer.taken());
        buffer.back() = 2;
        buffer.publish();
        QVERIFY(buffer.take());
        QVERIFY(buffer.taken());
        QCOMPARE(buffer.front(), 2);
        QVERIFY(!buffer.take());
        QCOMPARE(buffer.front(), 2);
    }

    void valuesAreWholeAndNeverGoBack()
    {
        constexpr int kLast = 20000;
        TripleBuffer<std::array<int, 16>> buffer;
        std::jthread writer([&buffer] {
            for (int i = 1; i <= kLast; ++i) {
                buffer.back().fill(i);
                buffer.publish();
            }
        });
        int newest = 0;
        while (newest < kLast) {
            if (!buffer.take())
                continue;
            const auto& values = buffer.front();
            QVERIFY(values[0] > newest);
            newest = values[0];
            for (const int value : values)
                QCOMPARE(value, newest);
        }
    }

    void aQueueLosesNothingAndKeepsTheOrder()
    {
        constexpr int kCount = 50000;
        RunnerQueue<std::vector<int>> queue;
        std::jthread writer([&queue] {
            for (int i = 0; i < kCount; ++i)
                queue.push({i, -i});
        });
        std::vector<int> value;
        for (int i = 0; i < kCount;) {
            if (const auto* next = queue.peek(); !next || next->front() != i) {
                QVERIFY(!next);
                continue;
            }
            QVERIFY(queue.pop(value));
            QCOMPARE(value, std::vector<int>({i, -i}));
            ++i;
        }
        QVERIFY(!queue.pop(value));
        writer.join();
        queue.push({7}); // left for the destructor
    }

    void binsArriveInOrderAndWhole()
    {
        constexpr std::uint64_t kCount = 20000;
        BinRing ring(channels(20), 0, 64);
        std::jthread writer([&ring] {
            std::vector<double> low(20);
            std::vector<double> high(20);
            for (std::uint64_t step = 0; step < kCount;) {
                low.assign(20, static_cast<double>(step));
                high.assign(20, static_cast<double>(step) + 0.5);
                if (ring.push(binOf(step), low, high))
                    ++step;
                else
                    std::this_thread::yield();
            }
        });
        History history(channels(20), 16, 2);
        std::uint64_t next = 0;
        while (next < kCount) {
            const std::size_t n = ring.drain(history);
            if (n == 0)
                continue;
            next += n;
            const std::size_t newest = history.size() - 1;
            QVERIFY(history.bin(newest).firstStep == next - 1);
            for (int c = 0; c < 20; ++c) {
                QCOMPARE(history.minimum(newest, c), static_cast<float>(next - 1));
                QCOMPARE(history.maximum(newest, c), static_cast<float>(next - 1) + 0.5F);
            }
        }
    }

    void aFullRingDropsAndCounts()
    {
        BinRing ring(channels(1), 3, 8);
        const std::vector<double> value{1.0};
        for (std::uint64_t step = 0; step < 8; ++step)
            QVERIFY(ring.push(binOf(step), value, value));
        QVERIFY(!ring.push(binOf(8), value, value));
        QVERIFY(!ring.push(binOf(9), value, value));
        QVERIFY(!ring.pushTruncation(4));
        QCOMPARE(ring.dropped(), std::uint64_t{2});
        History history(channels(1));
        QCOMPARE(ring.drain(history), std::size_t{8});
        QVERIFY(ring.push(binOf(10), value, value));
        QVERIFY(ring.pushTruncation(4));
        QCOMPARE(ring.drain(history), std::size_t{1});
        QCOMPARE(history.size(), std::size_t{4});
        QCOMPARE(ring.dropped(), std::uint64_t{2});
        QCOMPARE(ring.generation(), std::uint64_t{3});
    }

    void whatAFloatCannotHoldIsHeldAtItsEnd()
    {
        BinRing ring(channels(3), 0, 8);
        const std::vector<double> low{-1e300, std::numeric_limits<double>::quiet_NaN(), 1};
        const std::vector<double> high{1e300, 2, std::numeric_limits<double>::infinity()};
        ring.push(binOf(0), low, high);
        History history(channels(3));
        ring.drain(history);
        QCOMPARE(history.minimum(0, 0), -std::numeric_limits<float>::max());
        QCOMPARE(history.maximum(0, 0), std::numeric_limits<float>::max());
        QVERIFY(std::isnan(history.maximum(0, 1)));
        QVERIFY(std::isnan(history.minimum(0, 2)));
    }
};

QTEST_APPLESS_MAIN(TestHandover)
#include "tst_handover.moc"
