// The time strips: what they ask for, what they say, and that they can be looked at in both themes.
#include "tests/window/strips_fixture.h"

#include "sim/circuit/circuit_parameters.h"
#include "sim/insight/circuit_frame.h"
#include "widgets/doctor/distance_view.h"
#include "widgets/strips/phases.h"
#include "widgets/strips/stack.h"
#include "widgets/strips/strips_view.h"

#include <QApplication>
#include <QPainter>
#include <QPushButton>
#include <QSignalSpy>
#include <QWheelEvent>
#include <QtTest>

#include <ctime>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

namespace {

/// Set APICAL_PICTURES to a folder to look at what the tests drew.
void keep(const QImage& image, const QString& name)
{
    const QString folder = qEnvironmentVariable("APICAL_PICTURES");
    if (!folder.isEmpty())
        image.save(folder + u'/' + name + u".png"_s);
}

QImage grab(View& view, const Scene& scene, QSize size)
{
    view.resize(size);
    view.refresh(scene);
    view.grab();
    return view.grab().toImage();
}

} // namespace

class TestStrips : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void picturesInBothThemesAndSizes();

    void theStripsNameTheSelectedNeuronAndItsCompartments()
    {
        StripsFixture fixture;
        std::vector<Strip> strips = describeStrips(fixture.scene);
        QCOMPARE(strips.size(), std::size_t{3});
        QCOMPARE(strips[0].title, u"Voltages of h3"_s);
        QCOMPARE(strips[0].rows.size(), std::size_t{4});
        QCOMPARE(strips[0].rows.back().plainName, u"distal apical"_s);
        for (const Strip& strip : strips)
            for (const StripCurve& curve : strip.curves)
                QVERIFY2(curve.channel >= 0, qPrintable(curve.csvName));
        fixture.scene.selection = {};
        strips = describeStrips(fixture.scene);
        QVERIFY(strips[0].curves.empty());
        QCOMPARE(strips[0].emptyText, u"Select a neuron to see its voltages"_s);
        fixture.scene.selection = {Selection::Population::Interneuron, 1, 1};
        QCOMPARE(describeStrips(fixture.scene)[0].rows.size(), std::size_t{2});
        fixture.scene.selection = {Selection::Population::Pyramidal, 2, 0};
        QCOMPARE(describeStrips(fixture.scene)[0].rows.back().plainName, u"target"_s);
    }

    void layersAndLanesGetACurveEach()
    {
        StripsFixture fixture(2, 2);
        const std::vector<Strip> strips = describeStrips(fixture.scene);
        QCOMPARE(strips[1].curves.size(), std::size_t{8});
        QCOMPARE(strips[1].rows.size(), std::size_t{2});
        QCOMPARE(strips[1].curves[0].color, fixture.scene.theme->laneA);
    }

    void weightErrorsAreShownInPerCentOfTheirTarget()
    {
        StripsFixture fixture;
        const Strip weights = describeStrips(fixture.scene)[2];
        QCOMPARE(weights.curves.size(), std::size_t{2});
        for (const StripCurve& curve : weights.curves) {
            QCOMPARE(curve.factor, 100.0);
            QVERIFY(curve.csvName.endsWith(u"_weight_distance_percent"_s));
        }
        QVERIFY(std::abs(weights.curves[0].read(fixture.scene.frame)
                    - circuitErrors(fixture.scene.frame.lanes[0])[0].feedbackDistance)
            < 1e-12);
        // Where a run started says nothing: one from weights of a file is shown alike.
        fixture.scene.startErrors = {{{}}};
        QCOMPARE(describeStrips(fixture.scene)[2].curves.size(), std::size_t{2});
        QCOMPARE(describeStrips(fixture.scene)[2].goals[0].text, u"goal 10 %"_s);
    }

    void theWheelZoomsAroundThePointerAndDraggingPans()
    {
        StripsFixture fixture;
        std::unique_ptr<View> view(makeStripsView(nullptr));
        grab(*view, fixture.scene, {716, 262});
        QSignalSpy asked(view.get(), &View::timeRangeRequested);
        const QPointF at(383, 100); // the middle of the time axis
        QWheelEvent wheel(
            at, at, {}, {0, 120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(view.get(), &wheel);
        QCOMPARE(asked.size(), 1);
        const double begin = asked[0][0].toDouble(), end = asked[0][1].toDouble();
        QVERIFY(end - begin < fixture.scene.viewEndMs);
        QVERIFY(std::abs((begin + end) / 2 - fixture.scene.viewEndMs / 2) < 1);

        asked.clear();
        fixture.scene.viewBeginMs = 1000, fixture.scene.viewEndMs = 3000;
        grab(*view, fixture.scene, {716, 262});
        QTest::mousePress(view.get(), Qt::LeftButton, {}, {300, 100});
        QTest::mouseMove(view.get(), {400, 100});
        QTest::mouseRelease(view.get(), Qt::LeftButton, {}, {400, 100});
        QVERIFY(!asked.empty());
        QVERIFY(asked.last()[0].toDouble() < 1000);
        QCOMPARE(asked.last()[2].toBool(), false);
    }

    void doubleClickAndFFollowTheNewestInstantAgain()
    {
        StripsFixture fixture;
        std::unique_ptr<View> view(makeStripsView(nullptr));
        grab(*view, fixture.scene, {716, 262});
        QSignalSpy asked(view.get(), &View::timeRangeRequested);
        QTest::mouseDClick(view.get(), Qt::LeftButton, {}, {300, 100});
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked[0][2].toBool(), true);
        QTest::keyClick(view.get(), Qt::Key_F);
        QCOMPARE(asked.size(), 2);
        QTest::keyClick(view.get(), Qt::Key_Left);
        QCOMPARE(asked.last()[2].toBool(), false);
    }

    void thePointerMovesTheSharedCrosshair()
    {
        StripsFixture fixture;
        std::unique_ptr<View> view(makeStripsView(nullptr));
        grab(*view, fixture.scene, {716, 262});
        QSignalSpy moved(view.get(), &View::crosshairMoved);
        QMouseEvent move(QEvent::MouseMove, QPointF(383, 100), QPointF(383, 100), Qt::NoButton,
            Qt::NoButton, Qt::NoModifier);
        QApplication::sendEvent(view.get(), &move);
        QCOMPARE(moved.size(), 1);
        QVERIFY(std::abs(moved[0][0].toDouble() - fixture.scene.viewEndMs / 2)
            < fixture.scene.viewEndMs / 650);
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(view.get(), &leave);
        QCOMPARE(moved.last()[0].toDouble(), -1.0);
    }

    void theCrosshairReadsWhatWasRecorded()
    {
        StripsFixture fixture;
        StripStack stack(true);
        stack.describe(describeStrips(fixture.scene), true);
        QImage image(716, 262, QImage::Format_ARGB32_Premultiplied);
        QPainter painter(&image);
        stack.paint(painter, fixture.scene, QRectF(0, 0, 716, 262));
        const double expected =
            StripsFixture::curve({0, "layer1.feedback_weight_distance", 0}, 2000) * 100;
        const double read = stack.valueAt(2, 0, 2000);
        QVERIFY2(
            std::abs(read / expected - 1) < 0.02, qPrintable(u"%1 %2"_s.arg(read).arg(expected)));
        QVERIFY(std::isnan(stack.valueAt(2, 0, fixture.scene.nowMs + 200)));
    }

    void csvHoldsTheShownBins()
    {
        StripsFixture fixture;
        fixture.scene.viewBeginMs = 1000, fixture.scene.viewEndMs = 1100;
        std::unique_ptr<View> view(makeStripsView(nullptr));
        grab(*view, fixture.scene, {716, 262});
        const QStringList lines = view->csv().split(u'\n', Qt::SkipEmptyParts);
        QCOMPARE(lines[0].split(u',').size(), 1 + 2 * 8);
        QVERIFY(lines[0].startsWith(u"t_ms,layer1.pyr.basal[2]_min,layer1.pyr.basal[2]_max"_s));
        QCOMPARE(lines.size(), 1 + 50);
        const QStringList row = lines[1].split(u',');
        const double time = row[0].toDouble();
        QVERIFY(time > 1000 && time <= 1002);
        const double value = StripsFixture::curve({0, "layer1.pyr.basal", 2}, time);
        QVERIFY(std::abs(row[1].toDouble() - (value - 0.02)) < 1e-5);
        QVERIFY(std::abs(row[2].toDouble() - (value + 0.02)) < 1e-5);
    }

    void theSubtitleSaysHowManySamplesAStrokeHolds()
    {
        StripsFixture fixture;
        // 20 samples per 2 ms bin: 650 columns over 6500 ms hold 100 each, over 65 ms a whole bin
        // of 20.
        QCOMPARE(
            StripStack::strokeText(fixture.history, 0, 6500, 650), u"min/max of 100 samples"_s);
        QCOMPARE(
            StripStack::strokeText(fixture.history, 1000, 1065, 650), u"min/max of 20 samples"_s);
    }

    void voltageRangesOnlyGrowUntilAutoscale()
    {
        Strip strip;
        StripRange range;
        range.start(strip);
        QCOMPARE(range.high(), 1.0);
        range.include(-1.4, 0.2);
        QCOMPARE(range.high(), 2.0);
        range.include(-0.1, 0.1);
        QCOMPARE(range.low(), -2.0);
        range.autoscale();
        range.include(-0.1, 0.13);
        QCOMPARE(range.high(), 0.2);
    }

    void phasesAndEditsAreNamed()
    {
        StripsFixture fixture;
        fixture.scene.events.push_back({Event::Kind::TargetOn, 30000, 3000, -1, ""});
        const std::vector<Phase> phases = runPhases(fixture.scene);
        QCOMPARE(phases.size(), std::size_t{2});
        QCOMPARE(phases[0].endMs, 3000.0);
        QVERIFY(
            phases[0].text.contains(u"target off"_s) && phases[1].text.contains(u"target on"_s));
        QVERIFY(eventLabel(fixture.scene.events[0], circuitParameterTable())
                    .contains(u"<sub>pi</sub>"_s));
    }

    void jumpingToTheFixedPointIsLockedWhileScrubbed()
    {
        StripsFixture fixture;
        std::unique_ptr<View> view(makeDistanceView(nullptr));
        keep(grab(*view, fixture.scene, {480, 140}), u"distance"_s);
        auto* button = view->findChild<QPushButton*>();
        QVERIFY(button && button->isEnabled());
        QSignalSpy asked(view.get(), &View::actionRequested);
        button->click();
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked[0][0].toString(), u"self_predicting"_s);
        fixture.scene.live = false;
        view->refresh(fixture.scene);
        QVERIFY(!button->isEnabled() && !button->toolTip().isEmpty());
        StripsFixture deep(2, 2);
        deep.scene.theme = &Theme::darkTheme();
        keep(grab(*view, deep.scene, {480, 140}), u"distance_deep"_s);
    }

    void aDivergenceIsMarkedInTheStrips()
    {
        StripsFixture fixture;
        fixture.scene.events.push_back(
            {Event::Kind::Diverged, 41200, 4118, 0, "Not finite at t = 4.118 s in h3, v_A"});
        std::unique_ptr<View> view(makeStripsView(nullptr));
        const QImage image = grab(*view, fixture.scene, {716, 262});
        keep(image, u"strips_diverged"_s);
        int bad = 0;
        for (int x = 0; x < image.width(); ++x)
            bad += image.pixelColor(x, 225) == fixture.scene.theme->bad;
        QVERIFY(bad >= 1);
    }
};

void TestStrips::picturesInBothThemesAndSizes()
{
    for (const bool dark : {false, true}) {
        for (const QSize size : {QSize(716, 262), QSize(740, 215), QSize(740, 195)}) {
            for (const int lanes : {1, 2}) {
                for (const int hidden : {1, 2}) {
                    StripsFixture fixture(lanes, hidden);
                    fixture.scene.theme = dark ? &Theme::darkTheme() : &Theme::light();
                    fixture.scene.crosshairMs = 3120;
                    std::unique_ptr<View> view(makeStripsView(nullptr));
                    const QImage image = grab(*view, fixture.scene, size);
                    QImage target(size, QImage::Format_ARGB32_Premultiplied);
                    const std::clock_t start =
                        std::clock(); // of this process: other programs do not count
                    for (int i = 0; i < 50; ++i) {
                        fixture.scene.viewEndMs += 1;
                        QPainter painter(&target);
                        view->paint(painter, QRectF(QPointF(), size));
                    }
                    const QString name = u"strips_%1x%2_%3_%4lanes_%5hidden"_s.arg(size.width())
                                             .arg(size.height())
                                             .arg(dark ? u"dark"_s : u"light"_s)
                                             .arg(lanes)
                                             .arg(hidden);
                    qInfo("%s: %.2f ms per paint", qPrintable(name),
                        1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC / 50);
                    keep(image, name);
                    QCOMPARE(image.size(), size);
                }
            }
        }
    }
}

QTEST_MAIN(TestStrips)
#include "tst_strips.moc"
