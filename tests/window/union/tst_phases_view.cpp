// Both phases in the window: the sample of the run or one of the set, a neuron that is chosen, what
// stands where, and lanes that have no phases.
#include "sim/files/preset.h"
#include "sim/live/reader.h"
#include "sim/watch/lane_watch.h"
#include "widgets/union/comparison.h"
#include "widgets/union/questions.h"
#include "widgets/union/view.h"
#include "widgets/view/experiment_user.h"

#include <QComboBox>
#include <QImage>
#include <QPainter>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

namespace {

/// The preset with a small net and few images, as the window sees it: its last lane has phases.
struct Run {
    Experiment experiment = small();
    Simulation backprop{experiment, 0}, spikes{experiment, 3};
    LaneWatch watchBackprop{backprop}, watchSpikes{spikes};
    Scene scene;

    Run()
    {
        scene.frame.sizes = experiment.layers;
        scene.frame.seed = experiment.seed;
        step(2 * 110 + 70); // in the middle of a phase B
    }
    static Experiment small()
    {
        Experiment e = loadPreset("unification");
        e.layers = {784, 20, 12, 10};
        e.stimulus.samples = 256;
        e.stimulus.testSamples = 20;
        return e;
    }
    void step(int steps)
    {
        for (int k = 0; k < steps; ++k) {
            backprop.step();
            spikes.step();
            watchBackprop.afterStep();
            watchSpikes.afterStep();
        }
        scene.frame.lanes.resize(2);
        LaneReader(watchBackprop).readFrame(scene.frame.lanes[0], {});
        LaneReader(watchSpikes).readFrame(scene.frame.lanes[1], {});
    }
    PhasesTrace traced(int number) const
    {
        return tracePhases(questionOf(scene, SampleSet(experiment), number)->asked);
    }
};

struct Shown {
    Run run;
    std::unique_ptr<View> view{makePhasesView(nullptr)};

    explicit Shown(const QSize& size = {900, 520})
    {
        view->resize(size);
        view->show();
        run.experiment.pace = 1; // as fast as one can watch
        dynamic_cast<ExperimentUser&>(*view).take(&run.experiment);
        view->refresh(run.scene);
    }
    template <class Widget> Widget& find(const QString& name)
    {
        auto* found = view->findChild<Widget*>(name);
        if (!found)
            qFatal("no such control: %s", qPrintable(name));
        return *found;
    }
    QImage picture() const
    {
        QImage image(view->size(), QImage::Format_RGB32);
        image.fill(Theme::light().panel);
        QPainter painter(&image);
        view->paint(painter, QRectF(view->rect()));
        return image;
    }
    /// What the view should say of a sample.
    QString expected(int number) const
    {
        const PhasesTrace trace = run.traced(number);
        const Selection& s = run.scene.selection;
        return phasesCsv(trace,
            s == Selection() ? loudestNeuron(trace)
                             : PhasesNeuron{static_cast<std::size_t>(s.layer), s.index});
    }
};

int pixelsOf(const QImage& image, const QColor& color)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            count += image.pixelColor(x, y) == color;
    return count;
}

} // namespace

class PhasesViewTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theSampleOfTheRunGoesThroughBothPhases()
    {
        Shown shown;
        QTRY_COMPARE(shown.view->csv(), shown.expected(-1));
        QVERIFY(shown.view->subtitle().contains(u"error spikes"_s));
        // Another presentation, other weights: another picture.
        const QString before = shown.view->csv();
        shown.run.step(110);
        shown.view->refresh(shown.run.scene);
        QTRY_COMPARE(shown.view->csv(), shown.expected(-1));
        QVERIFY(shown.view->csv() != before);
    }

    void aTestImageStaysWhileTheNetLearns()
    {
        Shown shown;
        auto& source = shown.find<QComboBox>(u"source"_s);
        auto& number = shown.find<QSpinBox>(u"number"_s);
        QVERIFY(!number.isVisible());
        QCOMPARE(source.count(), 3);
        source.setCurrentIndex(1);
        QVERIFY(number.isVisible());
        QCOMPARE(number.maximum(), 20);
        number.setValue(8);
        QTRY_COMPARE(shown.view->csv(), shown.expected(7));
        QVERIFY(shown.view->subtitle().startsWith(u"test image 8"_s));
        const auto question = questionOf(shown.run.scene, SampleSet(shown.run.experiment), 7);
        QVERIFY(question && question->label >= 0);
        const auto target = question->asked.target;
        QCOMPARE(std::ranges::max_element(target) - target.begin(), question->label);
    }

    void theSampleAnsweredWorstIsFound()
    {
        Shown shown;
        const SampleSet set(shown.run.experiment);
        const auto all = firstSamples(set);
        QCOMPARE(all->size(), std::size_t{20});
        int worst = 0;
        double most = -1;
        for (int i = 0; i < 20; ++i)
            if (const double loss = rateLoss(questionOf(shown.run.scene, set, i)->asked);
                loss > most) {
                worst = i;
                most = loss;
            }
        QVERIFY(most > 0);
        shown.find<QComboBox>(u"source"_s).setCurrentIndex(2);
        QVERIFY(!shown.find<QSpinBox>(u"number"_s).isVisible());
        QTRY_COMPARE(shown.view->csv(), shown.expected(worst));
        QVERIFY(shown.view->subtitle().startsWith(u"test image %1"_s.arg(worst + 1)));
    }

    /// Where digits rush by, the one that errs most is shown at first.
    void atFullSpeedTheWorstIsShown()
    {
        Shown shown;
        QCOMPARE(shown.find<QComboBox>(u"source"_s).currentIndex(), 0);
        shown.run.experiment.pace = std::numeric_limits<double>::infinity();
        dynamic_cast<ExperimentUser&>(*shown.view).take(&shown.run.experiment);
        QCOMPARE(shown.find<QComboBox>(u"source"_s).currentIndex(), 2);
    }

    void aNeuronIsChosenInItsRaster()
    {
        Shown shown;
        QTRY_VERIFY(!shown.view->csv().isEmpty());
        QSignalSpy spy(shown.view.get(), &View::selected);
        bool found = false;
        for (int y = 40; y < shown.view->height() && !found; ++y) {
            QTest::mouseClick(shown.view.get(), Qt::LeftButton, {}, {250, y});
            found = !spy.isEmpty();
        }
        QVERIFY(found);
        const auto first = spy.first().front().value<Selection>();
        QCOMPARE(first.layer, 3); // the output is on top
        shown.run.scene.selection = {Selection::Population::Pyramidal, 2, 5};
        shown.view->refresh(shown.run.scene);
        QTRY_COMPARE(shown.view->csv(), shown.expected(-1));
        QVERIFY(shown.view->csv().contains(u"\nvalue,2,6,"_s));
        QVERIFY(!shown.view->csv().contains(u"\nvalue,1,"_s));
    }

    void everyNeuronHasALineAndEveryPartItsPlace()
    {
        PhasesTrace trace;
        trace.stepsA = 50;
        trace.stepsB = 60;
        for (const int units : {256, 100, 10}) {
            PhasesTrace::Layer layer;
            layer.units = units;
            layer.hidden = units != 10;
            trace.layers.push_back(layer);
        }
        trace.layers[0].errors = {{60, 255, -1}};
        trace.layers[0].values = {{10, 255, 1}, {11, 255, 1}, {12, 254, 1}};
        for (const QSizeF size : {QSizeF(640, 500), QSizeF(500, 220), QSizeF(300, 160)}) {
            const QRectF area(QPointF(5, 7), size);
            const PhasesPlaces places = phasesPlaces(trace, area);
            QCOMPARE(places.bands.size(), std::size_t{5});
            QRectF before = places.phases;
            for (const PhasesBand& band : places.bands) {
                QVERIFY(area.contains(band.box));
                QVERIFY(band.box.top() >= before.bottom());
                QVERIFY(band.box.height() >= 1);
                const int units = trace.layers[band.layer - 1].units;
                const double lines = std::ceil(static_cast<double>(units) / band.each);
                QVERIFY(lines <= std::max(1.0, band.box.height()));
                before = band.box;
            }
            QCOMPARE(places.bands.front().layer, std::size_t{3});
            QVERIFY(!places.bands.back().errors);
            QCOMPARE(places.bands.back().layer, std::size_t{1});
            // The last line holds the last neuron.
            const QRectF last = places.bands.back().box;
            const auto neuron = neuronAt(trace, places, {last.center().x(), last.bottom() - 0.2});
            QVERIFY(neuron);
            QCOMPARE(*neuron, (PhasesNeuron{1, 255}));
        }
        QCOMPARE(loudestNeuron(trace), (PhasesNeuron{1, 255}));
        QVERIFY(!phasesPlaces(trace, {0, 0, 640, 500}).currents.isNull());
        QVERIFY(phasesPlaces(trace, {0, 0, 300, 160}).currents.isNull());
    }

    void errorsHaveTwoColoursAndStandAfterTheLatch()
    {
        const Run run;
        const PhasesTrace trace = run.traced(0);
        PhasesTrace positive = trace;
        for (PhasesTrace::Layer& layer : positive.layers)
            std::erase_if(layer.errors, [](const auto& spike) { return spike.sign < 0; });
        const Theme& theme = Theme::light();
        const auto paint = [&](const PhasesTrace& of) {
            QImage image(600, 200, QImage::Format_RGB32); // too low for curves
            image.fill(theme.panel);
            QPainter painter(&image);
            const PhasesPlaces places = phasesPlaces(of, QRectF(image.rect()));
            paintPhases(painter, theme, {.trace = &of, .chosen = {1, 0}}, places);
            painter.end();
            return image.copy(static_cast<int>(places.phases.left()), 20,
                static_cast<int>(places.phases.width()), 150);
        };
        const QImage all = paint(trace), half = paint(positive);
        QVERIFY(pixelsOf(all, errorColor(theme, 1)) > 10);
        QVERIFY(pixelsOf(all, errorColor(theme, -1)) > 10);
        QCOMPARE(pixelsOf(half, errorColor(theme, -1)), 0);
        // No error before the latch, values in both phases.
        const int latch = all.width() * 50 / 110 - 1;
        const QImage prediction = all.copy(0, 0, latch, all.height());
        QCOMPARE(pixelsOf(prediction, errorColor(theme, 1)), 0);
        QVERIFY(pixelsOf(prediction, valueColor(theme)) > 10);
    }

    void anglesAreSaidInWords()
    {
        const Run run;
        const PhasesTrace trace = run.traced(0);
        const PhasesLook look{.trace = &trace, .chosen = {1, 3}};
        const auto scatters = errorScatters(Theme::light(), look, {0, 0, 220, 480});
        QCOMPARE(scatters.size(), std::size_t{3});
        QVERIFY(scatters.front().words.startsWith(u"output: "_s));
        for (const ErrorScatter& one : scatters) {
            QVERIFY(QRectF(0, 0, 220, 480).contains(one.square));
            QVERIFY(one.plot.x == trace.layers[one.layer - 1].backprop);
            QVERIFY(one.plot.y == trace.layers[one.layer - 1].errorMean);
        }
        // Low: only the layer of the chosen neuron has a plot.
        const auto low = errorScatters(Theme::light(), look, {0, 0, 220, 200});
        QCOMPARE(std::ranges::count_if(
                     low, [](const ErrorScatter& one) { return !one.square.isNull(); }),
            1);
        QCOMPARE(low.back().layer, std::size_t{1});
        // x - mu in place of what spikes came to; the output has no values of its own.
        const auto values = errorScatters(Theme::light(),
            {.trace = &trace, .chosen = {1, 3}, .name = {}, .values = true}, {0, 0, 220, 480});
        QVERIFY(values.front().plot.y == trace.layers.back().errorMean);
        QVERIFY(values.back().plot.y == valueErrors(trace, 1));
        double expected = 0;
        for (std::uint32_t s = trace.window; s < trace.steps(); ++s)
            expected += trace.layers[0].value(static_cast<int>(s), 3)
                - trace.layers[0].prediction(static_cast<int>(s), 3);
        expected /= trace.steps() - trace.window;
        QVERIFY(std::abs(valueErrors(trace, 1)[3] - expected) < 1e-12);
        const auto rates = errorScatters(Theme::light(),
            {.trace = &trace, .chosen = {1, 3}, .name = {}, .rates = true}, {0, 0, 220, 480});
        QVERIFY(rates.back().plot.x == trace.layers[0].exact);
        QCOMPARE(directionText(12.4), u"12\u00b0, the same direction"_s);
        QCOMPARE(directionText(120), u"120\u00b0, against it"_s);
        QVERIFY(directionText(std::nan("")).startsWith(u"no errors"_s));
    }

    void lanesWithoutPhasesSayWhyThereIsNoPicture()
    {
        Shown shown;
        QTRY_VERIFY(!shown.view->csv().isEmpty());
        QVERIFY(phasesLane(shown.run.scene) == &shown.run.scene.frame.lanes[1]);
        Scene other = shown.run.scene;
        other.frame.lanes.pop_back();
        QVERIFY(!phasesLane(other));
        dynamic_cast<ExperimentUser&>(*shown.view).take(nullptr);
        QVERIFY(shown.view->csv().isEmpty());
        shown.view->refresh(other);
        QVERIFY(!shown.picture().isNull());
    }
};

QTEST_MAIN(PhasesViewTest)
#include "tst_phases_view.moc"
