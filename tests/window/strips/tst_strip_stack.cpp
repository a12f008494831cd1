// Where the strips of a stack stand, and what they do with values that are 0 or huge.
#include "tests/window/strips_fixture.h"

#include "widgets/strips/stack.h"
#include "widgets/strips/strips_view.h"

#include <QApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <QScrollBar>
#include <QSignalSpy>
#include <QWheelEvent>
#include <QtTest>

#include <algorithm>
#include <memory>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

namespace {

void show(View& view, const Scene& scene, QSize size)
{
    view.resize(size);
    view.refresh(scene);
    view.grab();
}

} // namespace

class TestStripStack : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsExactlyZeroSitsAtTheFootAndSaysSo()
    {
        const Strip weights = describeStrips(StripsFixture().scene)[2];
        QCOMPARE(weights.valueText(0), u"0 %"_s);
        QVERIFY(weights.logarithmic);
        StripRange range;
        range.start(weights);
        range.include(0, 0);
        const auto scale = range.scale(100, 0);
        QCOMPARE(scale->toPixel(0), 100.0);
        QVERIFY(scale->toPixel(range.low() * 2) < 100);
    }

    void stripsKeepTheirLeastHeightAndTheRestIsScrolledTo()
    {
        for (const QSize size :
            {QSize(716, 262), QSize(740, 195), QSize(600, 150), QSize(300, 60)}) {
            for (const int lanes : {1, 2}) {
                StripsFixture fixture(lanes, 2);
                StripStack stack(true);
                stack.describe(describeStrips(fixture.scene), true);
                const auto all = static_cast<int>(stack.strips().size());
                const QRectF area(QPointF(), size);
                const int fitting = stack.fitting(fixture.scene, area);
                QVERIFY(fitting >= 1 && fitting <= all);
                std::vector<bool> seen(static_cast<std::size_t>(all), false);
                for (int first = 0; first < all + 3; ++first) {
                    stack.scrollTo(first);
                    QImage image(size, QImage::Format_ARGB32_Premultiplied);
                    QPainter painter(&image);
                    stack.paint(painter, fixture.scene, area);
                    double below = 0;
                    int shown = 0;
                    for (int i = 0; i < all; ++i) {
                        const QRectF plot = stack.plot(i);
                        if (plot.isEmpty())
                            continue;
                        ++shown;
                        seen[static_cast<std::size_t>(i)] = true;
                        QVERIFY(plot.top() >= below);
                        QVERIFY(fitting == 1 || plot.height() >= 34);
                        below = plot.bottom() + 1;
                    }
                    QCOMPARE(shown, fitting);
                    QVERIFY(fitting == 1 || below <= size.height() - 20);
                }
                QVERIFY(std::find(seen.begin(), seen.end(), false) == seen.end());
            }
        }
    }

    void theWheelOverAValueAxisScrollsTheStack()
    {
        StripsFixture fixture(2, 2);
        std::unique_ptr<View> view(makeStripsView(nullptr));
        show(*view, fixture.scene, {740, 150});
        auto* bar = view->findChild<QScrollBar*>();
        QVERIFY(bar && bar->maximum() > 0 && !bar->isHidden());
        const QPointF at(20, 70);
        QWheelEvent wheel(
            at, at, {}, {0, -120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QSignalSpy asked(view.get(), &View::timeRangeRequested);
        QApplication::sendEvent(view.get(), &wheel);
        QCOMPARE(bar->value(), 1);
        QTest::keyClick(view.get(), Qt::Key_PageUp);
        QCOMPARE(bar->value(), 0);
        QCOMPARE(asked.size(), 0);
        show(*view, fixture.scene, {740, 500}); // with room for all there is nothing to scroll
        QVERIFY(bar->isHidden());
    }

    void whatRunsAwayNeitherFlattensThePastNorLeavesItsMargin()
    {
        StripsFixture fixture;
        const std::size_t channels = fixture.history.channels().size();
        for (int i = 0; i < 60; ++i) {
            const auto value = static_cast<float>(std::pow(10.0, i / 2));
            std::vector<float> low(channels, -value), high(channels, value);
            Bin bin;
            bin.firstStep = 41200 + static_cast<std::uint64_t>(i) * 20;
            bin.steps = bin.samples = 20;
            bin.timeMs = 4120 + (i + 1) * 2;
            bin.durationMs = 2;
            fixture.history.append(bin, low, high);
        }
        fixture.scene.nowMs = fixture.scene.shownMs = 4240;
        StripStack stack(true);
        stack.describe(describeStrips(fixture.scene), true);
        QImage image(716, 262, QImage::Format_ARGB32_Premultiplied);
        QPainter painter(&image);
        for (int i = 0; i < 3; ++i)
            stack.paint(painter, fixture.scene, QRectF(0, 0, 716, 262));
        QVERIFY2(stack.range(0).high() <= 20, qPrintable(QString::number(stack.range(0).high())));
        QVERIFY(stack.range(1).high() <= 1e4);

        const QFontMetricsF label(uiFont(8));
        for (const double range : {1e5, 3e5, 1e12, 1.5e12, 2.5e100}) {
            for (const Tick& tick : LinearScale(-range, range, 80, 0).ticks(18))
                QVERIFY2(label.horizontalAdvance(tick.label) <= 38, qPrintable(tick.label));
        }
        Strip strip;
        for (const double value : {1.5, -99.123, 1234.5678, 98765.4321, -3.2e12})
            QVERIFY2(strip.valueText(value).size() <= 9, qPrintable(strip.valueText(value)));
        QCOMPARE(strip.valueText(12.3456), u"+12.346"_s);
    }
};

QTEST_MAIN(TestStripStack)
#include "tst_strip_stack.moc"
