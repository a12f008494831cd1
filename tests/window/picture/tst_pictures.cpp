// Views of networks that look at pictures: a canvas to draw on, the first weights, the errors.
#include "sim/circuit/circuit_parameters.h"
#include "sim/insight/sample_probe.h"
#include "sim/live/reader.h"
#include "sim/network/network_parameters.h"
#include "sim/run/model_table.h"
#include "tests/window/task_pictures.h"
#include "widgets/picture/class_bars.h"
#include "widgets/picture/drawing_view.h"
#include "widgets/picture/gallery_view.h"
#include "widgets/picture/microscope_view.h"
#include "widgets/picture/mistakes_view.h"
#include "widgets/picture/pixel_image.h"
#include "widgets/task/confusion_view.h"

#include <QComboBox>
#include <QImage>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

using namespace apical;
using test::pictureOf;
using namespace Qt::Literals::StringLiterals;

namespace {

Experiment digits()
{
    Experiment e = newExperiment();
    e.layers = {784, 12, 10};
    e.precision = "float";
    e.stimulus.kind = "digits";
    e.stimulus.samples = 50;
    e.parameters.presentationTime = 0.5;
    e.parameters.protocolValidation = 40;
    e.weights.rangeUp = 0.05;
    CircuitParameters& c = circuit(e.parameters);
    c.phi = phi_kind::logistic;
    c.etaUp = {0.5, 0.05};
    return e;
}

/// A run and the scene of its newest frame.
struct Shown {
    Simulation run{digits()};
    LaneWatch watch{run};
    LaneReader reader{watch};
    Scene scene;

    Shown()
    {
        scene.frame.sizes = run.experiment().layers;
        scene.frame.lanes.resize(1);
        step(7);
    }
    void step(int steps)
    {
        for (int i = 0; i < steps; ++i) {
            QVERIFY(run.step());
            watch.afterStep();
        }
        reader.readFrame(scene.frame.lanes.front(), {});
    }
};

std::unique_ptr<View> shown(View* (*make)(QWidget*), const Scene& scene, QSize size = {480, 240})
{
    std::unique_ptr<View> view(make(nullptr));
    view->resize(size);
    view->refresh(scene);
    view->show();
    return view;
}

/// From the upper left of the canvas to the lower right.
void drawLine(View& view)
{
    QTest::mousePress(&view, Qt::LeftButton, {}, {40, 40});
    for (int i = 1; i <= 10; ++i)
        QTest::mouseMove(&view, {40 + 8 * i, 40 + 10 * i});
    QTest::mouseRelease(&view, Qt::LeftButton, {}, {120, 140});
}

QToolButton* button(View& view, const QString& text)
{
    for (auto* made : view.findChildren<QToolButton*>())
        if (made->text() == text)
            return made;
    return nullptr;
}

} // namespace

class PicturesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void mistakesAreShownAllOrThoseOfOneCell()
    {
        Shown with;
        with.scene.theme = &Theme::light();
        const auto view = shown(makeMistakesView, with.scene);
        QVERIFY(view->csv().isEmpty()); // no block is complete yet
        const TaskFrame& task = with.scene.frame.lanes.front().task;
        while (!task.examples || task.confusion.block != Block::Validation)
            with.step(50);
        QCOMPARE(task.examples->inputs.size(), task.examples->answers.size());
        QCOMPARE(task.examples->inputs.front().size(), std::size_t{784});
        view->refresh(with.scene);
        double wrong = 0;
        ClassPair most;
        for (int r = 0; r < 10; ++r)
            for (int c = 0; c < 10; ++c)
                if (r != c) {
                    wrong += task.confusion.counts(r, c);
                    if (!most.chosen()
                        || task.confusion.counts(r, c)
                            > task.confusion.counts(most.asked, most.answered))
                        most = {r, c};
                }
        QVERIFY(wrong > 0); // almost nothing was learned
        QCOMPARE(view->csv().count(u'\n') - 1, static_cast<qsizetype>(wrong));
        const QImage all = pictureOf(*view);

        // A cell of the confusion narrows them.
        const auto confusion = shown(makeConfusionView, with.scene, {360, 240});
        const QSignalSpy chosen(confusion.get(), &View::pairChosen);
        QVERIFY(chosen.isValid());
        for (int y = 0; y < 240; y += 4)
            for (int x = 0; x < 360; x += 4)
                QTest::mouseClick(confusion.get(), Qt::LeftButton, {}, {x, y});
        QVERIFY(std::any_of(chosen.begin(), chosen.end(), [&](const QList<QVariant>& arguments) {
            return arguments.front().value<ClassPair>() == most;
        }));
        const QImage before = pictureOf(*confusion);
        with.scene.pair = most;
        confusion->refresh(with.scene);
        QVERIFY(pictureOf(*confusion) != before); // the cell has a frame
        view->refresh(with.scene);
        QCOMPARE(view->csv().count(u'\n') - 1,
            static_cast<qsizetype>(std::min<double>(
                BlockExamples::kOfEachPair, task.confusion.counts(most.asked, most.answered))));
        QVERIFY(pictureOf(*view) != all);
        QToolButton* back = button(*view, u"All wrong"_s);
        QVERIFY(back && back->isVisible());
        const QSignalSpy widened(view.get(), &View::pairChosen);
        QTest::mouseClick(back, Qt::LeftButton);
        QVERIFY(!widened.front().front().value<ClassPair>().chosen());
    }

    void aStrokeIsAnsweredAndTheRunIsNotDisturbed()
    {
        Shown with;
        const auto view = shown(makeDrawingView, with.scene);
        QVERIFY(view->csv().isEmpty());
        const QImage empty = pictureOf(*view);
        const auto before = with.run.model().save();
        drawLine(*view);
        QCOMPARE(view->csv().count(u'\n'), 11); // a header and ten classes
        QVERIFY(pictureOf(*view) != empty);
        QVERIFY(with.run.model().save() == before);
        QVERIFY(button(*view, u"Undo"_s)->isEnabled());
        button(*view, u"Undo"_s)->click();
        QVERIFY(view->csv().isEmpty());
        QVERIFY(!button(*view, u"Undo"_s)->isEnabled());
    }

    void theAnswerIsThatOfTheLaneWithItsPresentWeights()
    {
        Shown with;
        SampleProbe probe;
        QVERIFY(probe.take(with.scene.frame.lanes.front(), with.scene.frame.sizes));
        const std::vector<double> input(784, 0.1), target(10, 0.1);
        const SampleAnswer first = probe.show(input, target);
        QCOMPARE(first.output.size(), std::size_t{10});
        QCOMPARE(first.hidden.size(), std::size_t{1});
        QCOMPARE(first.hidden.front().size(), std::size_t{12});
        QCOMPARE(first.hiddenName, std::string("rates"));
        QVERIFY(probe.show(std::vector<double>(784, 0.9), {}).hidden != first.hidden);
        QCOMPARE(first.error.size(), std::size_t{12});
        QCOMPARE(first.delta.size(), std::size_t{12});
        QCOMPARE(probe.show(input, target).output, first.output); // it keeps nothing
        with.step(50);
        QVERIFY(probe.take(with.scene.frame.lanes.front(), with.scene.frame.sizes));
        QVERIFY(probe.show(input, target).output != first.output);
        LaneFrame bare = with.scene.frame.lanes.front();
        for (Matrix& m : bare.weights)
            m = {};
        QVERIFY(!probe.take(bare, with.scene.frame.sizes));
    }

    void whatIsDrawnCanBeTaught()
    {
        Shown with;
        const auto view = shown(makeDrawingView, with.scene);
        drawLine(*view);
        QVERIFY(!button(*view, u"Teach"_s)->isEnabled()); // as what?
        view->findChild<QComboBox*>(u"class"_s)->setCurrentIndex(4);
        QVERIFY(button(*view, u"Teach"_s)->isEnabled());
        QSignalSpy taught(view.get(), &View::taught);
        button(*view, u"Teach"_s)->click();
        QCOMPARE(taught.size(), 1);
        const auto sample = taught.front().front().value<std::vector<double>>();
        QCOMPARE(sample.size(), std::size_t{794});
        QCOMPARE(sample[784 + 3], with.run.parameters().targetHigh);
        QCOMPARE(sample[784 + 4], with.run.parameters().targetLow);
        const auto before = weightsOf(with.run.model()).front().matrix.values;
        with.run.apply({.key = std::string(kTeachUndecayedAction), .value = sample});
        QVERIFY(weightsOf(with.run.model()).front().matrix.values != before);
        QCOMPARE(with.run.clock().step, std::uint64_t{7}); // no time has passed
    }

    void galleryShowsEveryNeuronAndItsChange()
    {
        Shown with;
        const auto view = shown(makeGalleryView, with.scene);
        const QImage weights = pictureOf(*view);
        QCOMPARE(view->csv().count(u'\n'), 1 + 12 * 784);
        view->findChild<QToolButton*>(u"changes"_s)->setChecked(true);
        const QImage none = pictureOf(*view);
        QVERIFY(none != weights);
        with.step(5);
        view->refresh(with.scene);
        QVERIFY(pictureOf(*view) != none);
        QSignalSpy selected(view.get(), &View::selected);
        QTest::mouseClick(view.get(), Qt::LeftButton, {}, {30, 60});
        QCOMPARE(selected.front().front().value<Selection>(),
            (Selection{Selection::Population::Pyramidal, 1, 0}));
    }

    void microscopeShowsErrorsOfTheImageShown()
    {
        Shown with;
        const auto view = shown(makeMicroscopeView, with.scene);
        QCOMPARE(view->csv().count(u'\n'), 13);
        const QImage picture = pictureOf(*view);
        with.step(5);
        view->refresh(with.scene);
        QVERIFY(pictureOf(*view) != picture);
    }

    void microscopeIsOfferedWhereErrorsArriveInDendrites()
    {
        const auto row = std::ranges::find(viewTable(), u"microscope"_s, &ViewRow::id);
        for (const auto& [model, there] :
            {std::pair{"microcircuit", true}, {"feedforward", false}, {"predictive-coding", false}})
            QCOMPARE(row->applies(
                         modelNamed(model).anatomy({784, 12, 10}, newExperiment(model).parameters)),
                there);
    }

    void barsHoldWhateverIsAnswered()
    {
        LaneFrame lane;
        lane.parameters = newExperiment("feedforward").parameters;
        lane.parameters.targetLow = 0;
        lane.parameters.targetHigh = 1;
        ClassScale scale = classScale(lane);
        QVERIFY(!scale.shares);
        scale.include(std::vector<double>{-0.4, 1.4}); // an overshoot
        QCOMPARE(scale.high, 1.0);
        scale.include(std::vector<double>{-33, 4});
        QCOMPARE(scale.low, -50.0);
        QCOMPARE(scale.high, 5.0);
        // What a softmax is taken of is shown as shares.
        lane.parameters.family<NetworkParameters>().loss = 1;
        scale = classScale(lane);
        scale.include(std::vector<double>{-33, 40});
        QCOMPARE(scale.high, 1.0);
        const std::vector<double> shown = scale.shown(std::vector<double>{-30, 30, 30});
        QVERIFY(shown[0] < 1e-9 && std::abs(shown[1] - 0.5) < 1e-9);
    }

    void otherInputsAreNoPictures()
    {
        QCOMPARE(pictureSide(784), 28);
        QCOMPARE(pictureSide(9), 0); // too few to look at as a picture
        QCOMPARE(pictureSide(100), 10);
        QCOMPARE(pictureSide(101), 0);
        QCOMPARE(
            seenThrough(Matrix(2, 3), std::vector<double>{1, 2}, 2), (std::vector<double>{0, 0}));
    }
};

QTEST_MAIN(PicturesTest)
#include "tst_pictures.moc"
