#include "sim/watch/history.h"

#include <QElapsedTimer>
#include <QTest>

#include <cmath>
#include <limits>

using namespace apical;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

std::vector<Channel> someChannels(int n)
{
    std::vector<Channel> channels;
    for (int i = 0; i < n; ++i)
        channels.push_back({.lane = 0, .probe = "layer1.pyr.apical", .index = i});
    return channels;
}

/// The value every test signal has after a step; no two steps are alike.
float signal(std::uint64_t step, int channel)
{
    const auto x = static_cast<double>((step * 2654435761U) % 100003U) / 1000.0;
    return static_cast<float>(x + 1000.0 * channel);
}

/// Appends one bin per step, 0.1 ms each, from the end of the history on.
void record(History& history, std::uint64_t from, std::uint64_t to)
{
    const std::size_t n = history.channels().size();
    std::vector<float> values(n);
    for (std::uint64_t step = from; step < to; ++step) {
        for (std::size_t c = 0; c < n; ++c)
            values[c] = signal(step, static_cast<int>(c));
        history.append({.firstStep = step,
                           .steps = 1,
                           .samples = 1,
                           .timeMs = 0.1 * static_cast<double>(step + 1),
                           .durationMs = 0.1},
            values, values);
    }
}

} // namespace

class TestHistory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void channelsAreFoundByName()
    {
        const History history({{0, "layer1.pyr.soma", 0}, {1, "layer1.pyr.soma", 0},
            {0, "layer1.pyr.soma", 1}, {0, "layer1.apical_error", 0}});
        QCOMPARE(history.find(0, "layer1.pyr.soma", 1), 2);
        QCOMPARE(history.find(1, "layer1.pyr.soma"), 1);
        QCOMPARE(history.find(0, "layer1.apical_error"), 3);
        QCOMPARE(history.find(0, "layer1.pyr.som"), -1);
        QCOMPARE(history.find(2, "layer1.pyr.soma"), -1);
        // A quantity and a measure may share a name: the first is found, among however many.
        std::vector<Channel> many;
        for (int i = 0; i < 40; ++i)
            many.push_back({0, "layer" + std::to_string(i % 20) + ".energy", 0});
        const History shared(many);
        for (int i = 0; i < 20; ++i)
            QCOMPARE(shared.find(0, "layer" + std::to_string(i) + ".energy"), i);
    }

    void binsComeBackInOrderWhileTheyAreYoung()
    {
        History history(someChannels(2), 64, 3);
        record(history, 0, 64);
        QCOMPARE(history.size(), std::size_t{64});
        for (std::size_t i = 0; i < 64; ++i) {
            QCOMPARE(history.bin(i).firstStep, i);
            QCOMPARE(history.minimum(i, 1), signal(i, 1));
            QCOMPARE(history.maximum(i, 1), signal(i, 1));
        }
    }

    void oldBinsMergeButNothingIsLost_data()
    {
        QTest::addColumn<std::uint64_t>("steps");
        for (const std::uint64_t steps : {65U, 200U, 1000U, 12345U, 100000U})
            QTest::addRow("%d steps", static_cast<int>(steps)) << steps;
    }

    void oldBinsMergeButNothingIsLost()
    {
        QFETCH(std::uint64_t, steps);
        History history(someChannels(3), 64, 4);
        const std::size_t bytes = history.bytes();
        record(history, 0, steps);
        QCOMPARE(history.bytes(), bytes);
        QVERIFY(history.size() <= 4 * 64);

        std::uint64_t next = 0;
        std::uint32_t before = std::numeric_limits<std::uint32_t>::max();
        for (std::size_t i = 0; i < history.size(); ++i) {
            const Bin& bin = history.bin(i);
            QCOMPARE(bin.firstStep, next);
            QVERIFY2(bin.steps <= before, "a younger bin is coarser than an older one");
            before = bin.steps;
            next = bin.endStep();
            QCOMPARE(bin.samples, bin.steps);
            QVERIFY(std::abs(bin.timeMs - 0.1 * static_cast<double>(next)) < 1e-6);
            float low = signal(bin.firstStep, 2);
            float high = low;
            for (std::uint64_t s = bin.firstStep; s < next; ++s) {
                low = std::min(low, signal(s, 2));
                high = std::max(high, signal(s, 2));
            }
            QCOMPARE(history.minimum(i, 2), low);
            QCOMPARE(history.maximum(i, 2), high);
        }
        QCOMPARE(next, steps);
        QCOMPARE(history.bin(history.size() - 1).steps, 1U);
    }

    void theLastLevelHalvesInPlace()
    {
        History history(someChannels(1), 8, 1);
        record(history, 0, 9);
        QCOMPARE(history.size(), std::size_t{5});
        QCOMPARE(history.bin(0).steps, 2U);
        QCOMPARE(history.bin(4).steps, 1U);
        record(history, 9, 1000);
        QVERIFY(history.size() <= 8);
        QCOMPARE(history.bin(0).firstStep, std::uint64_t{0});
        QCOMPARE(history.bin(history.size() - 1).endStep(), std::uint64_t{1000});
    }

    void whatIsNotFiniteCountsAsNotSeen()
    {
        History history(someChannels(1), 4, 2);
        const auto put = [&](std::uint64_t step, float low, float high) {
            history.append({step, 1, 1, static_cast<double>(step + 1), 1.0}, std::span(&low, 1),
                std::span(&high, 1));
        };
        put(0, kNan, kNan);
        put(1, 1.0F, 2.0F);
        put(2, std::numeric_limits<float>::infinity(), std::numeric_limits<float>::infinity());
        put(3, kNan, kNan);
        QVERIFY(std::isnan(history.minimum(2, 0)));
        put(4, 3.0F, 3.0F);
        put(5, 3.0F, 3.0F);
        put(6, 3.0F, 3.0F); // merges steps 2 and 3, neither of which was seen
        QCOMPARE(history.bin(0).steps, 2U);
        QCOMPARE(history.minimum(0, 0), 1.0F);
        QCOMPARE(history.maximum(0, 0), 2.0F);
        QVERIFY(std::isnan(history.maximum(1, 0)));
    }

    void truncateForgetsWhatComesLater()
    {
        History history(someChannels(1), 16, 3);
        record(history, 0, 100);
        history.truncate(95);
        QCOMPARE(history.bin(history.size() - 1).endStep(), std::uint64_t{95});
        // A merged bin that reaches beyond the step goes as a whole.
        history.truncate(50);
        const std::uint64_t end = history.bin(history.size() - 1).endStep();
        QVERIFY2(end <= 50 && end > 40, qPrintable(QString::number(end)));
        record(history, 50, 300);
        QCOMPARE(history.bin(history.size() - 1).endStep(), std::uint64_t{300});
        for (std::size_t i = 1; i < history.size(); ++i)
            QVERIFY(history.bin(i).firstStep >= history.bin(i - 1).endStep());
        history.truncate(0);
        QCOMPARE(history.size(), std::size_t{0});
    }

    void anEarlierBinReplacesWhatWasThere()
    {
        History history(someChannels(1), 16, 3);
        record(history, 0, 100);
        record(history, 90, 92);
        QCOMPARE(history.bin(history.size() - 1).endStep(), std::uint64_t{92});
        QCOMPARE(history.bin(history.size() - 3).endStep(), std::uint64_t{90});
    }

    void lowerBoundFindsTheFirstBinThatEndsLater()
    {
        History history(someChannels(1), 16, 3);
        record(history, 0, 200);
        for (double t = -1; t < 21; t += 0.07) {
            const std::size_t i = history.lowerBound(t);
            if (i < history.size())
                QVERIFY(history.bin(i).timeMs > t);
            if (i > 0)
                QVERIFY(history.bin(i - 1).timeMs <= t);
        }
        QCOMPARE(history.beginMs(), 0.0);
        QVERIFY(std::abs(history.endMs() - 20.0) < 1e-9);
    }

    void columnsEqualTheExtremesOfTheirBins()
    {
        History history(someChannels(2), 64, 4);
        record(history, 0, 5000);
        const double t0 = 3.21;
        const double t1 = 505.0;
        std::vector<History::Column> columns(97);
        history.columns(1, t0, t1, columns);
        const double width = (t1 - t0) / 97;
        for (std::size_t c = 0; c < columns.size(); ++c) {
            const double begin = t0 + width * static_cast<double>(c);
            float low = std::numeric_limits<float>::infinity();
            float high = -low;
            for (std::size_t i = 0; i < history.size(); ++i) {
                const Bin& bin = history.bin(i);
                if (bin.timeMs > begin + 1e-6 * width
                    && bin.beginMs() < begin + width * (1 - 1e-6)) {
                    low = std::min(low, history.minimum(i, 1));
                    high = std::max(high, history.maximum(i, 1));
                }
            }
            if (low > high) {
                QVERIFY(std::isnan(columns[c].low) && std::isnan(columns[c].high));
                QVERIFY(begin > 499);
            } else {
                QCOMPARE(columns[c].low, low);
                QCOMPARE(columns[c].high, high);
            }
        }
    }

    void aColumnNarrowerThanABinRepeatsIt()
    {
        History history(someChannels(1), 64, 4);
        record(history, 0, 10);
        std::vector<History::Column> columns(1000);
        history.columns(
            0, -0.1, 1.1, columns); // 1000 columns over 10 bins and as much nothing as two more
        for (std::size_t c = 0; c < columns.size(); ++c) {
            const double middle = -0.1 + 1.2e-3 * (static_cast<double>(c) + 0.5);
            if (middle < -0.001 || middle > 1.001) {
                QVERIFY2(std::isnan(columns[c].low), qPrintable(QString::number(middle)));
            } else if (std::abs(middle * 10 - std::round(middle * 10)) > 0.02) {
                const auto step = static_cast<std::uint64_t>(middle * 10);
                QCOMPARE(columns[c].low, signal(step, 0));
                QCOMPARE(columns[c].high, signal(step, 0));
            } else {
                QVERIFY(std::abs(middle) < 0.01 || std::abs(middle - 1) < 0.01
                    || !std::isnan(columns[c].low));
            }
        }
    }

    void columnsOfNothingAreEmpty()
    {
        std::vector<History::Column> columns(10, {1, 2});
        History().columns(0, 0, 1, columns);
        QVERIFY(std::isnan(columns.front().low));
        History history(someChannels(1));
        record(history, 0, 10);
        history.columns(0, 5, 5, columns);
        QVERIFY(std::isnan(columns.front().low));
        history.columns(-1, 0, 1, columns);
        QVERIFY(std::isnan(columns.front().low));
        history.columns(0, 0, 1, {});
    }

    void memoryStaysBoundedWithManyChannels()
    {
        const History history(someChannels(1024));
        QVERIFY(history.bytes() <= History::kMostBytes * 11 / 10);
    }

    void eightChannelsOfAWholeHistoryTakeLittleTime()
    {
        History history(someChannels(8));
        record(history, 0, 4096ULL * 255);
        QVERIFY(history.size() > 30000);
        std::vector<History::Column> columns(700);
        QElapsedTimer timer;
        timer.start();
        constexpr int kRepeats = 20;
        for (int i = 0; i < kRepeats; ++i) {
            for (int c = 0; c < 8; ++c)
                history.columns(c, 0, history.endMs(), columns);
        }
        const double us = static_cast<double>(timer.nsecsElapsed()) / (8e3 * kRepeats);
        qInfo("700 columns of %zu bins: %.0f us per channel", history.size(), us);
        QVERIFY(!std::isnan(columns.front().low) && !std::isnan(columns.back().low));
    }
};

QTEST_APPLESS_MAIN(TestHistory)
#include "tst_history.moc"
