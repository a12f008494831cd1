// Scales, ticks and envelopes: what is inked is what was recorded.
#include "widgets/look/number_text.h"
#include "widgets/look/theme.h"
#include "widgets/plot/envelope.h"
#include "widgets/plot/scale.h"
#include "widgets/plot/time_axis.h"
#include "widgets/strips/legend.h"
#include "widgets/strips/range.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QtTest>

#include <cmath>

using namespace apical;

namespace {

QImage painted(const std::vector<History::Column>& columns, const PlotScale& scale, int height)
{
    QImage image(static_cast<int>(columns.size()), height, QImage::Format_ARGB32_Premultiplied);
    image.fill(0);
    QPainter painter(&image);
    EnvelopePainter envelope;
    const QRectF area(0, 0, image.width(), height);
    envelope.begin(painter, area);
    EnvelopeStyle style;
    style.color = Qt::red;
    envelope.draw(columns, 0, scale, area, style);
    envelope.end();
    return image;
}

/// First and last inked row of a column; {-1, -1} if there is none.
std::pair<int, int> extent(const QImage& image, int x)
{
    int first = -1, last = -1;
    for (int y = 0; y < image.height(); ++y) {
        if (qAlpha(image.pixel(x, y)) > 20) {
            first = first < 0 ? y : first;
            last = y;
        }
    }
    return {first, last};
}

} // namespace

class TestPlot : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void numbersOfARunawayKeepTheirWidth()
    {
        QCOMPARE(signedNumber(-99999), QStringLiteral("\u221299999.000"));
        QCOMPARE(signedNumber(-7.61e44), QStringLiteral("\u22127.6\u00b710\u2074\u2074"));
        Strip voltages, errors;
        errors.logarithmic = true;
        errors.low = 1e-5, errors.high = 10, errors.lowest = 1e-9;
        StripRange range;
        range.start(voltages);
        range.include(-1e200, 3);
        QCOMPARE(range.high(), 1000.0);
        range.start(errors);
        range.include(1e-3, 1e150);
        QCOMPARE(range.high(), 1e6);
    }

    void everyColumnIsInkedFromMinimumToMaximum()
    {
        std::vector<History::Column> columns;
        for (int i = 0; i < 300; ++i) {
            const float mid = std::sin(static_cast<float>(i) * 0.05f) * 0.5f;
            columns.push_back({mid - 0.2f, mid + 0.1f});
        }
        const LinearScale scale(-1, 1, 100, 0);
        const QImage image = painted(columns, scale, 100);
        for (int i = 0; i < 300; ++i) {
            const auto& c = columns[static_cast<std::size_t>(i)];
            const auto [first, last] = extent(image, i);
            QVERIFY2(std::abs(first - scale.toPixel(static_cast<double>(c.high))) <= 1.5,
                qPrintable(QString::number(i)));
            QVERIFY2(std::abs(last + 1 - scale.toPixel(static_cast<double>(c.low))) <= 1.5,
                qPrintable(QString::number(i)));
        }
    }

    void columnsWithoutDataStayEmpty()
    {
        std::vector<History::Column> columns(20, {0.f, 0.f});
        columns[7] = {NAN, NAN};
        const QImage image = painted(columns, LinearScale(-1, 1, 40, 0), 40);
        QCOMPARE(extent(image, 7).first, -1);
        QVERIFY(extent(image, 6).first > 0 && extent(image, 8).first > 0);
    }

    void aJumpIsJoinedAndNeverOvershoots()
    {
        std::vector<History::Column> columns(20, {-0.5f, -0.5f});
        std::fill(columns.begin() + 10, columns.end(), History::Column{0.5f, 0.5f});
        const QImage image = painted(columns, LinearScale(-1, 1, 100, 0), 100);
        for (int x = 0; x < 20; ++x) {
            const auto [first, last] = extent(image, x);
            QVERIFY(first >= 23 && last <= 77);
        }
        QVERIFY(extent(image, 9).first <= extent(image, 10).second + 1);
    }

    void zeroStandsOnTheFloorOfALogAxisAndIsVisible()
    {
        const LogScale scale(1e-6, 1, 58, 2);
        QCOMPARE(scale.toPixel(0), 58.0);
        QCOMPARE(scale.toPixel(-3), 58.0);
        QCOMPARE(scale.toPixel(1e-30), 58.0);
        const QImage image = painted(std::vector<History::Column>(30, {0.f, 0.f}), scale, 60);
        for (int x = 0; x < 30; ++x)
            QVERIFY(extent(image, x).first >= 56);
    }

    void pixelAndValueAreInverse()
    {
        const LinearScale linear(-3, 7, 200, 10);
        const LogScale log(1e-5, 10, 200, 10);
        for (double pixel = 10; pixel <= 200; pixel += 7) {
            QVERIFY(std::abs(linear.toPixel(linear.toValue(pixel)) - pixel) < 1e-9);
            QVERIFY(std::abs(log.toPixel(log.toValue(pixel)) - pixel) < 1e-9);
        }
    }

    void labelledTicksKeepTheirGap()
    {
        for (double span = 1e-4; span < 1e5; span *= 1.7) {
            for (double pixels = 30; pixels < 500; pixels *= 1.4) {
                double before = 1e9;
                for (const Tick& tick : LinearScale(-span, span, pixels, 0).ticks(18)) {
                    QVERIFY(before - tick.pixel >= 18 - 1e-6);
                    before = tick.pixel;
                }
                before = 1e9;
                for (const Tick& tick : LogScale(1e-9, span, pixels, 0).ticks(14)) {
                    if (tick.label.isEmpty())
                        continue;
                    QVERIFY(before - tick.pixel >= 14 - 1e-6);
                    before = tick.pixel;
                }
            }
        }
    }

    void timeLabelsNeverOverlap()
    {
        const QFont font = uiFont(10);
        const QFontMetricsF metrics(font);
        for (double begin : {0.0, 12.3, 4567.8, 123456.7, 9876543.2}) {
            for (double span = 1; span < 1e7; span *= 1.9) {
                for (double width : {150.0, 300.0, 650.0, 1500.0}) {
                    const TimeAxis axis(begin, begin + span, 56, 56 + width);
                    double before = -1e9;
                    int labels = 0;
                    for (const Tick& tick : axis.ticks(font)) {
                        if (tick.label.isEmpty())
                            continue;
                        const double half = metrics.horizontalAdvance(tick.label) / 2;
                        QVERIFY2(tick.pixel - half > before + 4, qPrintable(tick.label));
                        before = tick.pixel + half;
                        ++labels;
                    }
                    QVERIFY2(labels >= 1, qPrintable(QString::number(span)));
                }
            }
        }
    }

    void labelsUseTheRealMinusAndSuperscripts()
    {
        QCOMPARE(signedTick(-0.5, 0.5), QString(QChar(0x2212)) + QStringLiteral("0.5"));
        QCOMPARE(signedTick(1, 1), QStringLiteral("+1"));
        QCOMPARE(signedTick(50000, 10000), QStringLiteral("+50000"));
        QCOMPARE(signedTick(2e12, 1e12), QStringLiteral("+2\u00b710\u00b9\u00b2"));
        QCOMPARE(signedTick(-1.5e6, 5e5), QStringLiteral("\u22121.5\u00b710\u2076"));
        QCOMPARE(powerOfTen(-3), QStringLiteral("10") + QChar(0x207b) + QChar(0x00b3));
        QCOMPARE(valueText(0.0123), QStringLiteral("0.012"));
        QCOMPARE(valueText(9.96e-4), QStringLiteral("1.0") + QChar(0x00b7) + powerOfTen(-3));
    }

    void niceStepsAreOneTwoFive()
    {
        QCOMPARE(niceStep(0.011), 0.02);
        QCOMPARE(niceStep(0.2), 0.2);
        QCOMPARE(niceStep(3), 5.0);
        QCOMPARE(niceStep(7), 10.0);
    }

    void legendRowsKeepThirteenPixelsApartInTheirOrder()
    {
        const std::vector<double> placed = spread({30, 29, 31, 55}, 13, 7, 54);
        QVERIFY(placed[1] < placed[0] && placed[0] < placed[2] && placed[2] < placed[3]);
        QVERIFY(placed[0] - placed[1] >= 13 && placed[2] - placed[0] >= 13
            && placed[3] - placed[2] >= 13);
        QVERIFY(placed[3] <= 54);
    }

    void zoomKeepsTheInstantUnderThePointer()
    {
        const TimeRange range = zoomed({1000, 3000}, 0.5, 1500, 1, 4000);
        QCOMPARE(range.endMs - range.beginMs, 1000.0);
        QCOMPARE((1500 - range.beginMs) / 1000, 0.25);
        QCOMPARE(panned({1000, 3000}, -5000, 4000), (TimeRange{0, 2000}));
        QCOMPARE(
            zoomed({0, 10}, 1e-9, 5, 0.8, 4000).endMs - zoomed({0, 10}, 1e-9, 5, 0.8, 4000).beginMs,
            0.8);
    }
};

QTEST_MAIN(TestPlot)
#include "tst_plot.moc"
