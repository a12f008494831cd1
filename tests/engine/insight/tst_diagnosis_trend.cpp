// The doctor's measures against closed forms, and how it says numbers.
#include "sim/insight/diagnosis.h"
#include "sim/insight/diagnosis_trend.h"
#include "sim/insight/diagnosis_words.h"

#include <QTest>

#include <cmath>

using namespace apical;

class TestDiagnosisTrend : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aTrendFindsTheHalfLifeOfAnExponential()
    {
        std::vector<double> t, y;
        for (int i = 0; i < 400; ++i) {
            t.push_back(5 * i);
            y.push_back(0.3 * std::exp2(-t.back() / 700)
                * (i % 10 == 0 ? 50 : 1)); // spoiled at pattern changes
        }
        const Trend trend = trendOf(t, y, 0, 2000);
        QVERIFY(trend.falling());
        QVERIFY(std::abs(trend.halfLifeMs() - 700) < 5);
        QVERIFY(std::abs(trend.timeToMs(trend.level / 8) - 2100) < 15);
    }

    void onlyWhatIsLeftOfAPatternsTransientCounts()
    {
        ErrorSeries fine;
        for (int i = 1; i <= 100; ++i) { // ten samples per pattern of 10 ms, the last one calm
            const double value = i % 10 == 0 ? 1 + i / 10 : 100;
            fine.timeMs.push_back(i);
            for (auto* row : {&fine.apical, &fine.interneuron, &fine.feedforward, &fine.feedback})
                row->push_back(i % 10 == 3 ? NAN : value);
        }
        const ErrorSeries calm = leastPer(fine, 10);
        QCOMPARE(calm.timeMs.size(), std::size_t{10});
        for (std::size_t k = 0; k < 10; ++k) {
            QCOMPARE(calm.timeMs[k], 10.0 * static_cast<double>(k + 1));
            QCOMPARE(calm.apical[k], static_cast<double>(k + 2));
            QCOMPARE(calm.feedback[k], static_cast<double>(k + 2));
        }
        QCOMPARE(leastPer(calm, 3).apical, calm.apical);
    }

    void flatSeriesNeitherFallNorRise()
    {
        std::vector<double> t, y;
        for (int i = 0; i < 400; ++i) {
            t.push_back(5 * i);
            y.push_back(0.1 * (1 + 0.5 * std::sin(12.9 * i * i))); // erratic, no trend
        }
        const Trend trend = trendOf(t, y, 0, 2000);
        QVERIFY(trend.known && !trend.falling() && !trend.rising());
        QVERIFY(std::isinf(trend.timeToMs(0.01)));
        QVERIFY(!trendOf(t, y, 0, 50).known); // too few samples
    }

    void numbersReadAsPeopleSayThem()
    {
        QCOMPARE(errorText(0.047), std::string("4.7e-2"));
        QCOMPARE(errorText(0.0997), std::string("0.10"));
        QCOMPARE(errorText(3.14e-7), std::string("3.1e-7"));
        QCOMPARE(percentText(0.0231), std::string("2.3 %"));
        QCOMPARE(percentText(0.372), std::string("37 %"));
        QCOMPARE(timeSpanText(320.4), std::string("0.32 s"));
        QCOMPARE(timeSpanText(34000), std::string("34 s"));
        QCOMPARE(placeText("layer1.pyr.apical[2]", {8, 6, 3}), std::string("h3, v_A"));
        QCOMPARE(placeText("layer2.inn.soma[0]", {8, 6, 5, 3}), std::string("i2.1, u"));
        QCOMPARE(placeText("layer2.pyr.soma[1]", {8, 6, 3}), std::string("o2, u"));
        QCOMPARE(placeText("layer1.W_pi[2][1]", {8, 6, 3}), std::string("W_pi of layer 1"));
        QCOMPARE(placeText("what", {8, 6, 3}), std::string("what"));
    }
};

QTEST_APPLESS_MAIN(TestDiagnosisTrend)
#include "tst_diagnosis_trend.moc"
