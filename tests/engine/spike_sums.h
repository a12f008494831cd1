// Whether kept spikes add up to what was counted, however they are read.
#pragma once

#include "sim/watch/spike_history.h"

#include <QTest>

#include <cmath>
#include <vector>

namespace apical::test {

using Totals = std::vector<std::uint64_t>;

inline Totals totalsOf(const SpikeHistory& h)
{
    return {h.totals().begin(), h.totals().end()};
}

inline Totals difference(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b)
{
    Totals out(a.begin(), a.end());
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] -= b[i];
    return out;
}

/// Bins follow each other, and every way to read them all adds up to the counter.
inline void checkSums(const SpikeHistory& h)
{
    const Totals expected = difference(h.totals(), h.totalsBefore());
    const double begin = h.beginMs(), end = h.endMs() + 1;
    Totals sum(h.rows());
    std::uint64_t at = h.beginStep();
    std::size_t bins = 0;
    h.forEachBin(begin, end, [&](const Bin& bin, std::span<const SpikeEvent> events) {
        QCOMPARE(bin.firstStep, at);
        at = bin.endStep();
        ++bins;
        for (std::size_t i = 0; i < events.size(); ++i) {
            QVERIFY(events[i].count > 0);
            QVERIFY(i == 0 || events[i].row > events[i - 1].row);
            sum[events[i].row] += events[i].count;
        }
    });
    QCOMPARE(at, h.endStep());
    QCOMPARE(bins, h.bins());
    QVERIFY(sum == expected);
    QVERIFY(h.sums(begin, end) == expected);
    for (const double columnMs : {0.0, 0.05, 0.1, 0.7, 13.0, 1000.0}) {
        Totals seen(h.rows());
        double last = -1;
        std::uint64_t follows = h.beginStep();
        h.forEachStripe(begin, end, columnMs, 0, h.rows(),
            [&](const Bin& stripe, std::span<const std::uint32_t> counts) {
                QCOMPARE(stripe.firstStep, follows);
                follows = stripe.endStep();
                // A column has one stripe at most.
                if (columnMs > 0) {
                    const double column = std::floor(stripe.beginMs() / columnMs + 1e-6);
                    QVERIFY(column > last);
                    last = column;
                }
                for (std::size_t row = 0; row < counts.size(); ++row)
                    seen[row] += counts[row];
            });
        QCOMPARE(follows, h.endStep());
        QVERIFY2(seen == expected, qPrintable(QString::number(columnMs)));
        // Some rows alone are the same.
        Totals part(3);
        h.forEachStripe(
            begin, end, columnMs, 2, 3, [&](const Bin&, std::span<const std::uint32_t> counts) {
                for (std::size_t row = 0; row < counts.size(); ++row)
                    part[row] += counts[row];
            });
        QVERIFY(std::equal(part.begin(), part.end(), expected.begin() + 2));
    }
}

} // namespace apical::test
