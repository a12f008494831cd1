// The conversion in the window: an image, another, a drawing; the time cursor; rates; a measurement
// that is stopped, finished, or left behind.
#include "sim/files/preset.h"
#include "sim/live/reader.h"
#include "sim/watch/lane_watch.h"
#include "widgets/chart/chart_view.h"
#include "widgets/conversion/answer.h"
#include "widgets/conversion/charts.h"
#include "widgets/conversion/samples.h"
#include "widgets/conversion/view.h"
#include "widgets/conversion/worker.h"
#include "widgets/view/experiment_user.h"

#include <QComboBox>
#include <QElapsedTimer>
#include <QImage>
#include <QPainter>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>

#include <cmath>
#include <memory>
#include <set>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

namespace {

/// The preset with a small net and few images, as the window sees it.
struct Run {
    Experiment experiment;
    Simulation lane{experiment};
    LaneWatch watch{lane};
    Scene scene;

    explicit Run(int testSamples = 60)
        : experiment(small(testSamples))
    {
        scene.frame.sizes = experiment.layers;
        scene.frame.seed = experiment.seed;
        step(30);
    }
    static Experiment small(int testSamples)
    {
        Experiment e = loadPreset("conversion");
        e.layers = {784, 40, 30, 10};
        e.stimulus.samples = 400;
        e.stimulus.testSamples = testSamples;
        return e;
    }
    void step(int steps)
    {
        for (int k = 0; k < steps; ++k) {
            lane.step();
            watch.afterStep();
        }
        show();
    }
    void show()
    {
        scene.frame.lanes.resize(1);
        LaneReader(watch).readFrame(scene.frame.lanes[0], {});
    }
    ConversionNet net() const
    {
        return *netOf(scene.frame.lanes[0], scene.frame, experiment.precision);
    }
};

constexpr int kMany = 5000; // images whose survey takes longer than any test of stopping it

struct Shown {
    Run run;
    std::unique_ptr<View> view{makeConversionView(nullptr)};

    explicit Shown(const QSize& size = {960, 520}, int testSamples = 60)
        : run(testSamples)
    {
        view->resize(size);
        view->show();
        dynamic_cast<ExperimentUser&>(*view).take(&run.experiment);
        view->refresh(run.scene);
    }
    ChartView& charts() { return dynamic_cast<ChartView&>(*view); }
    template <class Widget> Widget& find(const QString& name)
    {
        auto* found = view->findChild<Widget*>(name);
        if (!found)
            qFatal("no such control: %s", qPrintable(name));
        return *found;
    }
    void click(const QString& name) { find<QToolButton>(name).click(); }
    void choose(const QString& box, const QVariant& value)
    {
        auto& of = find<QComboBox>(box);
        QVERIFY(of.findData(value) >= 0);
        of.setCurrentIndex(of.findData(value));
    }
    QImage picture()
    {
        QImage image(view->size(), QImage::Format_RGB32);
        image.fill(Theme::light().panel);
        QPainter painter(&image);
        view->paint(painter, QRectF(view->rect()));
        return image;
    }
    /// What the view shows once a copy has answered.
    QString expected(const std::vector<double>& image) const
    {
        return crossingCsv(traceConversion(run.net(), image));
    }
};

} // namespace

class ConversionViewTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void testImagesCrossTheNetWithThePresentWeights()
    {
        Shown shown;
        const QImage waiting = shown.picture();
        const SampleSet set(shown.run.experiment);
        QCOMPARE(set.size(), 60);
        QCOMPARE(set.name(), u"test images"_s);
        const QString first = shown.expected(set.at(0).input);
        QTRY_COMPARE(shown.view->csv(), first);
        QCOMPARE(first.count(u'\n'), 201);
        QVERIFY(shown.picture() != waiting);
        shown.find<QSpinBox>(u"number"_s).setValue(8);
        QTRY_COMPARE(shown.view->csv(), shown.expected(set.at(7).input));
        QVERIFY(shown.view->csv() != first);
        // Another one by chance is never the same.
        shown.click(u"random"_s);
        QVERIFY(shown.find<QSpinBox>(u"number"_s).value() != 8);
        // The run learned on: the same image, other spikes.
        shown.find<QSpinBox>(u"number"_s).setValue(1);
        shown.run.step(20);
        shown.view->refresh(shown.run.scene);
        QTRY_COMPARE(shown.view->csv(), shown.expected(set.at(0).input));
        QVERIFY(shown.view->csv() != first);
    }

    void theImageThatTheRunIsShownIsOneOfThem()
    {
        Shown shown;
        shown.choose(u"source"_s, 0);
        const auto input = shown.run.scene.frame.lanes[0].quantity("input.rate");
        QTRY_COMPARE(shown.view->csv(), shown.expected({input.begin(), input.end()}));
    }

    void aDrawingCrossesItWhileItIsDrawn()
    {
        Shown shown;
        QTRY_VERIFY(shown.view->csv().count(u'\n') == 201);
        const QString before = shown.view->csv();
        shown.choose(u"source"_s, 2);
        QTRY_COMPARE(shown.view->csv().count(u'\n'), 1); // nothing is drawn yet
        auto& undo = shown.find<QToolButton>(u"undo"_s);
        QVERIFY(undo.isVisible() && !undo.isEnabled());
        QTest::mousePress(shown.view.get(), Qt::LeftButton, {}, {102, 80});
        QTest::mouseMove(shown.view.get(), {102, 130});
        QTest::mouseRelease(shown.view.get(), Qt::LeftButton, {}, {102, 130});
        QTRY_COMPARE(shown.view->csv().count(u'\n'), 201);
        QVERIFY(shown.view->csv() != before);
        QVERIFY(undo.isEnabled());
        undo.click();
        QTRY_COMPARE(shown.view->csv().count(u'\n'), 1);
        QVERIFY(!undo.isEnabled());
    }

    void settingsBeginAsTheLaneHasThemAndAreTheCopysOwn()
    {
        Shown shown;
        auto& encoder = shown.find<QComboBox>(u"encoder"_s);
        auto& synapse = shown.find<QComboBox>(u"synapse"_s);
        QCOMPARE(encoder.currentText(), u"current"_s);
        QCOMPARE(synapse.currentData().toDouble(), 5.0);
        shown.choose(u"encoder"_s, 1);
        const SampleSet set(shown.run.experiment);
        ConversionNet net = shown.run.net();
        setVariant(net.parameters, {1, 5});
        QTRY_COMPARE(shown.view->csv(), crossingCsv(traceConversion(net, set.at(0).input)));
        shown.view->refresh(shown.run.scene);
        QCOMPARE(encoder.currentIndex(), 1); // stays
        shown.run.lane.apply({.step = 0, .key = "synapse.tau", .value = 3.0});
        shown.run.show();
        shown.view->refresh(shown.run.scene);
        QCOMPARE(synapse.currentData().toDouble(), 3.0);
        QCOMPARE(encoder.currentText(), u"current"_s);
    }

    void theCursorTakesSpikesAndAnswersBack()
    {
        Shown shown({1100, 520}); // wide: the rates stand beside
        QTRY_COMPARE(shown.charts().count(), std::size_t{1});
        const QImage end = shown.picture();
        const Chart whole = shown.charts().chart(0);
        QCOMPARE(whole.series.size(), std::size_t{3});
        auto& slider = shown.find<QSlider>(u"cursor"_s);
        slider.setValue(0);
        QVERIFY(shown.picture() != end);
        for (const double count : shown.charts().chart(0).series[1].y)
            QCOMPARE(count, 0.0);
        QCOMPARE(shown.charts().chart(0).x.high, whole.x.high); // the frame stands still
        // Played to the end it stops there, with the same picture.
        slider.setValue(slider.maximum() - 20);
        shown.click(u"play"_s);
        QTRY_COMPARE(slider.value(), slider.maximum());
        QTRY_VERIFY(shown.picture() == end);
        // A press in the rasters puts it there.
        QTest::mousePress(shown.view.get(), Qt::LeftButton, {}, {500, 200});
        QVERIFY(slider.value() > 0 && slider.value() < slider.maximum());
    }

    void answersAreSharesUntilTheCursor()
    {
        const Run run;
        const SampleSet set(run.experiment);
        const ConversionTrace trace = traceConversion(run.net(), set.at(3).input);
        QVERIFY(sharesAt(trace, 0).spikes.empty());
        const auto first = static_cast<std::uint32_t>(trace.populations.back().spikes[0].step);
        QVERIFY(sharesAt(trace, first).spikes.empty());
        QCOMPARE(sharesAt(trace, first + 1).spikes.size(), std::size_t{10});
        const ClassShares all = sharesAt(trace, trace.steps);
        QVERIFY(all.spikes == softmax(trace.runningAt(trace.steps - 1)));
        QVERIFY(all.rates == softmax(trace.ann));
    }

    void allNeuronsHaveAPlace()
    {
        QCOMPARE(neuronsPerLine(40, 100), 1);
        QCOMPARE(neuronsPerLine(256, 100), 3);
        QCOMPARE(neuronsPerLine(784, 50), 16);
        QCOMPARE(neuronsPerLine(5, 0), 5);
    }

    void accuracyIsMeasuredBesideTheWindow()
    {
        Shown shown;
        shown.click(u"pageAccuracy"_s);
        QCOMPARE(shown.charts().count(), std::size_t{1});
        QVERIFY(shown.charts().chart(0).series.empty());
        QCOMPARE(shown.find<QComboBox>(u"images"_s).currentData().toInt(), 60);
        auto& measure = shown.find<QToolButton>(u"measure"_s);
        measure.click();
        QVERIFY(measure.text().startsWith(u"Stop"_s));
        QTRY_COMPARE_WITH_TIMEOUT(measure.text(), u"Measure"_s, 60000);
        const Chart& chart = shown.charts().chart(0);
        QCOMPARE(chart.series.size(), std::size_t{9}); // the rates, and two encoders with four each
        QCOMPARE(chart.series[0].name, u"rates (ANN)"_s);
        // The curve is what a survey of the same net gives.
        const SampleSet set(shown.run.experiment);
        ConversionSurveyor again(shown.run.net(), {usualVariants()[6]}, 60, set.images());
        while (again.advance()) { }
        const ConversionSurvey& survey = again.survey();
        for (std::size_t s = 0; s < 200; ++s)
            QCOMPARE(chart.series[7].y[s], 100 * survey.curves[0].right[s] / 60);
        QCOMPARE(chart.series[0].y[0], 100 * survey.annRight / 60);
        QVERIFY(shown.view->csv().startsWith(u"encoder,synapse_ms,t_ms,right,shown\n"_s));
        QCOMPARE(shown.view->csv().count(u'\n'), 1 + 8 * 200 + 1);
    }

    void aMeasurementCanBeStopped()
    {
        Shown shown({960, 520}, kMany);
        shown.click(u"pageAccuracy"_s);
        shown.choose(u"images"_s, kMany);
        auto& measure = shown.find<QToolButton>(u"measure"_s);
        measure.click();
        QTRY_VERIFY(!shown.charts().chart(0).series.empty());
        measure.click();
        QCOMPARE(measure.text(), u"Measure"_s);
        QVERIFY(!shown.charts().chart(0).series.empty()); // what was measured stays
        // Another experiment: what was measured is nobody's.
        dynamic_cast<ExperimentUser&>(*shown.view).take(&shown.run.experiment);
        QVERIFY(shown.charts().chart(0).series.empty());
    }

    void closingWaitsForAFewImagesAtMost()
    {
        auto shown = std::make_unique<Shown>(QSize(960, 520), kMany);
        shown->click(u"pageAccuracy"_s);
        shown->choose(u"images"_s, kMany);
        shown->click(u"measure"_s);
        QTRY_VERIFY(!shown->charts().chart(0).series.empty());
        QElapsedTimer clock;
        clock.start();
        shown.reset();
        QVERIFY2(clock.elapsed() < 5000, qPrintable(QString::number(clock.elapsed())));
    }

    void anImageIsAnsweredWhileASurveyGoesOn()
    {
        const Run run(kMany);
        const SampleSet set(run.experiment);
        ConversionWorker worker;
        QVERIFY(!worker.showing() && !worker.measuring());
        worker.measure({.net = run.net(),
            .variants = usualVariants(),
            .images = set.size(),
            .image = set.images()});
        QTRY_VERIFY(worker.survey());
        worker.show(run.net(), set.at(0));
        QTRY_VERIFY(worker.answer());
        QVERIFY(worker.measuring());
        QVERIFY(!worker.survey()->finished());
        worker.stopMeasuring();
        QVERIFY(!worker.measuring());
        // What cannot be simulated is said, and the next question is answered.
        worker.show(run.net(), {.input = {1, 2}, .label = -1, .name = {}});
        QTRY_VERIFY(!worker.problem().isEmpty());
        worker.show(run.net(), set.at(1));
        QTRY_VERIFY(worker.problem().isEmpty() && !worker.showing());
        QTRY_VERIFY(worker.answer()->sample.input == set.at(1).input);
    }

    void itPaintsInEverySizeAndTheme()
    {
        Shown shown;
        QTRY_COMPARE(shown.view->csv().count(u'\n'), 201);
        for (const Theme* theme : {&Theme::light(), &Theme::darkTheme()})
            for (const QSize& size : {QSize(1400, 800), QSize(740, 420), QSize(420, 260)})
                for (const char16_t* page : {u"pageDigit", u"pageRates", u"pageAccuracy"}) {
                    shown.run.scene.theme = theme;
                    shown.view->resize(size);
                    shown.click(QString::fromUtf16(page));
                    shown.view->refresh(shown.run.scene);
                    const QImage image = shown.picture();
                    std::set<QRgb> colours;
                    for (int y = 0; y < image.height(); y += 3)
                        for (int x = 0; x < image.width(); ++x)
                            colours.insert(image.pixel(x, y));
                    QVERIFY(colours.size() > 8);
                }
    }

    void itIsThereForNetsThatAnswerTwice()
    {
        int there = 0;
        for (const ViewRow& row : viewTable())
            if (row.id == u"conversion"_s) {
                ++there;
                const Run run;
                QVERIFY(row.applies(*run.scene.frame.lanes[0].anatomy));
                QVERIFY(!row.applies(Simulation(loadPreset("backprop")).model().anatomy()));
            }
        QCOMPARE(there, 1);
    }
};

QTEST_MAIN(ConversionViewTest)
#include "tst_conversion_view.moc"
