// Loss and accuracy, answers, confusion: what is drawn is what was measured, and what is missing is
// explained.
#include "app/window/status_line.h"
#include "tests/window/learning_scene.h"
#include "tests/window/task_pictures.h"
#include "widgets/chart/chart_view.h"
#include "widgets/look/number_text.h"
#include "widgets/strips/blocks.h"
#include "widgets/task/answers_painter.h"
#include "widgets/task/answers_view.h"
#include "widgets/task/confusion_view.h"
#include "widgets/task/learning_curves.h"
#include "widgets/task/learning_view.h"
#include "widgets/view/task_words.h"

#include <QAbstractButton>
#include <QAction>
#include <QImage>
#include <QMenu>
#include <QPainter>
#include <QTest>

#include <cmath>
#include <cstdlib>
#include <memory>

using namespace apical;
using namespace apical::test;
using namespace Qt::Literals::StringLiterals;

namespace {

/// By the menu of the button. @return whether there is such an axis
bool chooseAxis(View& view, const QString& axis)
{
    QTest::mouseClick(view.findChild<QAbstractButton*>(u"learningAxis"_s), Qt::LeftButton);
    auto* entry = view.findChild<QAction*>(axis);
    if (entry)
        entry->trigger();
    for (auto* menu : view.findChildren<QMenu*>())
        menu->close();
    return entry != nullptr;
}

} // namespace

class LearningViewsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyBlockHasItsOwnCurveWithTheValuesOfTheEpochs()
    {
        const LearningScene with;
        const auto loss = learningCurves(with.scene, LearningMeasure::Loss);
        QCOMPARE(loss.size(), std::size_t{3});
        // Measured while the target pulls: nobody shall read it as learned.
        QCOMPARE(loss[0].name, u"train, nudged"_s);
        QCOMPARE(loss[1].name, u"validation"_s);
        QCOMPARE(loss[1].points.size(), std::size_t{200});
        QCOMPARE(loss[2].points.size(), std::size_t{20}); // every tenth epoch
        QCOMPARE(loss[2].points.front().at, 9.0);
        const auto& epochs = *with.scene.frame.lanes[0].task.epochs;
        for (std::size_t e = 0; e < epochs.size(); ++e)
            QCOMPARE(valueAt(loss[1], static_cast<double>(e)), epochs[e].validation.loss);
        QVERIFY(std::isnan(valueAt(loss[2], 10)));
        const auto error = learningCurves(with.scene, LearningMeasure::Error);
        QCOMPARE(valueAt(error[1], 0), 62.5);
        QCOMPARE(valueAt(error[1], 199), 12.5);
    }

    void epochsMayBeReadAsSamplesSeen()
    {
        LearningScene with;
        TaskFrame& task = with.scene.frame.lanes[0].task;
        task.seen = std::make_shared<const std::vector<SeenScore>>(std::vector<SeenScore>{
            {.seen = 20, .train = {0.5, 0.25}}, {.seen = 42, .train = {0.25, 0.5}}});
        const auto loss = learningCurves(with.scene, LearningMeasure::Loss, LearningAxis::Seen);
        QCOMPARE(loss[0].points.size(), std::size_t{2});
        QCOMPARE(valueAt(loss[0], 42), 0.25);
        // Of an epoch of eight: its test follows the samples of ten epochs.
        QCOMPARE(loss[2].points.front().at, 80.0);
        QCOMPARE(samplesSeen(with.scene.frame.lanes[0]), 1600.0);

        const std::unique_ptr<View> view(makeLearningView(nullptr));
        view->resize(480, 260);
        view->refresh(with.scene);
        view->show();
        auto* charts = dynamic_cast<ChartView*>(view.get());
        QVERIFY(charts && !charts->chart(0).x.logarithmic);
        QVERIFY(chooseAxis(*view, u"axisSeen"_s));
        QVERIFY(charts->chart(0).x.logarithmic);
        const double newest = charts->chart(0).x.high; // with room for its ring
        QVERIFY2(newest > 1600 && newest < 2000, qPrintable(QString::number(newest)));
        QCOMPARE(charts->chart(1).series.front().y.front(), 75.0);
        QVERIFY(view->csv().startsWith(u"samples_seen,train_loss"_s));
        QVERIFY(chooseAxis(*view, u"axisEpochs"_s));
        QVERIFY(!charts->chart(0).x.logarithmic);
    }

    void learningMayBeReadAgainstWhatWasSpent()
    {
        LearningScene with(2);
        const double nan = std::nan("");
        for (std::size_t lane = 0; lane < 2; ++lane) { // the second sends no spikes
            TaskFrame& task = with.scene.frame.lanes[lane].task;
            std::vector<EpochScore> epochs = *task.epochs;
            for (EpochScore& score : epochs) {
                const auto n = static_cast<double>(score.epoch + 1);
                score.spent = {16 * n, lane == 0 ? 1000 * n : nan, 0.5 * n};
            }
            task.epochs = std::make_shared<const std::vector<EpochScore>>(epochs);
            task.seen = std::make_shared<const std::vector<SeenScore>>(
                std::vector<SeenScore>{{20, {0.5, 0.25}, {30, lane == 0 ? 2500 : nan, 1.25}},
                    {40, {0.4, 0.25}, {60, lane == 0 ? 5000 : nan, 2.5}},
                    {41, {0.25, 0.5}, {60, lane == 0 ? 5000 : nan, 2.5}}});
        }
        using Axis = LearningAxis;
        QCOMPARE(learningAxes(with.scene).size(), std::size_t{5});
        const auto spikes = learningCurves(with.scene, LearningMeasure::Loss, Axis::Spikes);
        QCOMPARE(spikes.size(), std::size_t{3}); // the blocks of the first lane
        QCOMPARE(spikes[0].points.size(), std::size_t{2}); // of two in one batch the later one
        QCOMPARE(valueAt(spikes[0], 5000), 0.25);
        QCOMPARE(
            valueAt(spikes[1], 3000), (*with.scene.frame.lanes[0].task.epochs)[2].validation.loss);
        const auto seconds = learningCurves(with.scene, LearningMeasure::Loss, Axis::Seconds);
        QCOMPARE(seconds.size(), std::size_t{6});
        QCOMPARE(seconds[1].points.front().at, 0.5);

        const std::unique_ptr<View> view(makeLearningView(nullptr));
        view->resize(480, 260);
        view->refresh(with.scene);
        view->show();
        auto* charts = dynamic_cast<ChartView*>(view.get());
        auto* button = view->findChild<QAbstractButton*>(u"learningAxis"_s);
        QVERIFY(charts && button);
        QVERIFY(chooseAxis(*view, u"axisTime"_s));
        QCOMPARE(charts->chart(0).x.name, u"simulated time"_s);
        QCOMPARE(charts->chart(0).x.unit, u"ms"_s);
        QVERIFY(charts->chart(0).x.logarithmic);
        QCOMPARE(charts->chart(0).x.low, 10.0);
        QVERIFY(charts->chart(0).x.high > 3200);
        QVERIFY(view->csv().startsWith(u"simulated_ms,lane1.train_loss"_s));
        QVERIFY(chooseAxis(*view, u"axisSpikes"_s));
        QVERIFY(view->csv().startsWith(u"spikes,lane1.train_loss"_s));
        QVERIFY(!view->csv().contains(u"lane2"_s));
        QVERIFY(view->subtitle().contains(u"only lanes that send spikes"_s));
        QVERIFY(chooseAxis(*view, u"axisSeconds"_s));
        QVERIFY(view->csv().startsWith(u"computing_s,lane1.train_loss"_s));
        QVERIFY(view->csv().contains(u"\n0.5,"_s));
        // A run without them is drawn over epochs.
        const LearningScene plain;
        view->refresh(plain.scene);
        QVERIFY(!charts->chart(0).x.logarithmic);
        QCOMPARE(button->text(), u"epoch"_s);
    }

    void theAxisOfErrorsEndsWhereTheyDo()
    {
        LearningScene with;
        auto& task = with.scene.frame.lanes[0].task;
        auto scores = *task.epochs;
        for (EpochScore& score : scores)
            score.train.correct = score.validation.correct = score.test.correct = 0.93;
        task.epochs = std::make_shared<const std::vector<EpochScore>>(scores);
        const std::unique_ptr<View> view(makeLearningView(nullptr));
        view->refresh(with.scene);
        const auto* charts = dynamic_cast<ChartView*>(view.get());
        QCOMPARE(charts->chart(1).y.high, 10.0);
        scores.front().validation.correct = 0.2; // long ago
        task.epochs = std::make_shared<const std::vector<EpochScore>>(scores);
        view->refresh(with.scene);
        QCOMPARE(charts->chart(1).y.high, 10.0);
        scores[scores.size() / 2].validation.correct = 0.2;
        task.epochs = std::make_shared<const std::vector<EpochScore>>(scores);
        view->refresh(with.scene);
        QCOMPARE(charts->chart(1).y.high, 100.0);
        scores.resize(6); // a young run shows where it came from
        scores.front().validation.correct = 0.7;
        for (std::size_t i = 1; i < scores.size(); ++i)
            scores[i].validation.correct = 0.93;
        task.epochs = std::make_shared<const std::vector<EpochScore>>(scores);
        view->refresh(with.scene);
        QCOMPARE(charts->chart(1).y.high, 50.0);
    }

    void onlyWhatIsNudgedIsCalledSo()
    {
        LearningScene with;
        with.scene.frame.lanes[0].parameters.targetOn = false;
        const auto error = learningCurves(with.scene, LearningMeasure::Error);
        QCOMPARE(error[0].name, u"train"_s);
        QCOMPARE(error[0].csvName, u"train_error"_s);
    }

    void theLegendNamesTheCurvesAndTheirNewestValues()
    {
        const LearningScene with;
        const auto view = make(makeLearningView);
        pictureOf(*view, with.scene, {700, 400});
        auto& charts = static_cast<ChartView&>(*view);
        QCOMPARE(charts.count(), std::size_t{2});
        QCOMPARE(charts.chart(1).series[0].name, u"train, nudged"_s);
        QCOMPARE(charts.chart(1).series[0].value, u"0 %"_s);
        QCOMPARE(charts.chart(1).series[1].value, u"13 %"_s);
        QCOMPARE(charts.chart(0).series[1].value, valueText(std::pow(10, -1.99)));
        // Under the mouse: every block that has a value at the nearest epoch.
        QCOMPARE(charts.valuesAt(charts.pixelOf(1, 9, 50)),
            u"epoch 9\ntrain, nudged error 0 %\nvalidation error 62.5 %\ntest error 25.0 %"_s);
        QVERIFY(charts.valuesAt(charts.pixelOf(0, 100, 0.1)).startsWith(u"epoch 100\n"_s));
    }

    void theLegendLeavesThePlotsTheirRoom_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<int>("lanes");
        QTest::addColumn<double>("share"); // of the width that the plots have at least
        for (const QSize size :
            {QSize(337, 216), QSize(354, 176), QSize(480, 216), QSize(800, 150), QSize(1200, 400)})
            for (const int lanes : {1, 2})
                QTest::addRow("%dx%d, %d lanes", size.width(), size.height(), lanes)
                    << size << lanes << (size.height() < 180 && lanes == 2 ? 0.4 : 0.6);
    }

    void theLegendLeavesThePlotsTheirRoom()
    {
        QFETCH(QSize, size);
        QFETCH(int, lanes);
        QFETCH(double, share);
        const LearningScene with(static_cast<std::size_t>(lanes));
        const auto view = make(makeLearningView);
        keep(pictureOf(*view, with.scene, size), QString::fromLatin1(QTest::currentDataTag()));
        auto& charts = static_cast<ChartView&>(*view);
        const bool side = charts.plotArea(1).top() == charts.plotArea(0).top();
        for (std::size_t i = 0; i < 2; ++i) {
            const QRectF plot = charts.plotArea(i);
            const double room = side ? size.width() / 2.0 : size.width();
            QVERIFY2(plot.width() >= share * room, qPrintable(QString::number(plot.width())));
            QVERIFY2(plot.height() >= 35, qPrintable(QString::number(plot.height())));
        }
        if (size == QSize(337, 216) && lanes == 1) { // one legend for both, with both values
            QCOMPARE(charts.chart(1).legend, Chart::Legend::None);
            QVERIFY(charts.chart(0).series[1].value.endsWith(u", 13 %"_s));
        }
    }

    void scrubbedBackALineStandsAtTheEpochShown()
    {
        LearningScene with;
        with.scene.live = false;
        with.scene.frame.lanes[0].task.shown.epoch = 60;
        const auto view = make(makeLearningView);
        const QImage image = pictureOf(*view, with.scene, {700, 400});
        auto& charts = static_cast<ChartView&>(*view);
        const QPoint at = charts.pixelOf(0, 60, 0.003).toPoint();
        QVERIFY(
            contains(image, QRect(at - QPoint(1, 1), QSize(3, 3)), with.scene.theme->crosshair));
    }

    void aDecadeOfLossIsAThirdOfAxisOfThreeDecades()
    {
        LearningScene with(1, 101);
        const auto view = make(makeLearningView);
        const QImage image = pictureOf(*view, with.scene, {700, 400});
        const QRectF loss = static_cast<ChartView&>(*view).plotArea(0);
        const int left = static_cast<int>(loss.left()), right = static_cast<int>(loss.right());
        QCOMPARE(left, 56);
        const int first = rowOf(image, left + 3, with.scene.theme->soma);
        const int last = rowOf(image, right - 3, with.scene.theme->soma);
        QVERIFY(first >= 0 && last > first);
        // 200 epochs from 1 to 0.1: one of the three decades from 1 to 0.001.
        const double plot = std::round((400 - 25) * 0.56) - 9 - 4;
        QVERIFY2(std::abs(last - first - plot / 3) < 4, qPrintable(QString::number(last - first)));
    }

    void zeroLossStandsOnTheFloorOfTheAxis()
    {
        LearningScene with(1, 30);
        auto scores = *with.scene.frame.lanes[0].task.epochs;
        for (EpochScore& score : scores)
            score.validation.loss = 0, score.test = {};
        with.scene.frame.lanes[0].task.epochs =
            std::make_shared<const std::vector<EpochScore>>(scores);
        Decades decades;
        decades.include(learningCurves(with.scene, LearningMeasure::Loss));
        QCOMPARE(decades.low, 1e-3);
        const auto view = make(makeLearningView);
        const QImage image = pictureOf(*view, with.scene, {700, 400});
        QVERIFY(contains(image, QRect(60, 190, 400, 16), with.scene.theme->soma));
    }

    void manyEpochsAreDrawnFromLeastToGreatest()
    {
        LearningScene with(1, 2000);
        auto scores = *with.scene.frame.lanes[0].task.epochs;
        scores[1000].validation.loss = 1; // one epoch in four per pixel column
        with.scene.frame.lanes[0].task.epochs =
            std::make_shared<const std::vector<EpochScore>>(scores);
        with.scene.frame.lanes[0].task.epochStride = 2;
        const auto view = make(makeLearningView);
        const QImage image = pictureOf(*view, with.scene, {700, 400});
        const int x = static_cast<int>(static_cast<ChartView&>(*view).plotArea(0).center().x());
        const QColor paper = with.scene.theme->panel;
        bool inked = false;
        for (int k = -2; k <= 2; ++k)
            inked = inked || image.pixelColor(x + k, 40) != paper;
        QVERIFY(inked);
        QVERIFY(view->subtitle().contains(u"every 2nd epoch"_s));
        QVERIFY(view->subtitle().contains(u"min/max"_s));
    }

    void lanesAreOverlaidInTheirColours()
    {
        const LearningScene with(2);
        const auto curves = learningCurves(with.scene, LearningMeasure::Loss);
        QCOMPARE(curves.size(), std::size_t{6});
        QCOMPARE(curves[1].name, u"A validation"_s);
        QCOMPARE(curves[4].name, u"B validation"_s);
        QVERIFY(curves[1].color != curves[4].color);
        QCOMPARE(valueAt(curves[4], 0), 0.5);
        const auto view = make(makeLearningView);
        view->refresh(with.scene);
        const QString csv = view->csv();
        QVERIFY(csv.startsWith(u"epoch,lane1.train_loss,lane1.validation_loss"_s));
        QCOMPARE(csv.count(u'\n'), 201);
        QCOMPARE(csv.split(u'\n')[1].split(u',')[5].toDouble(), 0.5);
    }

    void whatIsMissingIsExplained()
    {
        Scene none;
        none.frame.sizes = {4, 2};
        none.frame.lanes.resize(1);
        QVERIFY(noTaskText(none).contains(u"no targets"_s));
        LearningScene fresh(1, 0);
        LearningScene regression;
        regression.scene.frame.lanes[0].task.classes = 0;
        regression.scene.frame.lanes[0].task.classNames.clear();
        for (const Scene* scene : {&none, &fresh.scene, &regression.scene})
            for (const auto maker : {makeLearningView, makeAnswersView, makeConfusionView}) {
                const auto view = make(maker);
                const QImage image = pictureOf(*view, *scene, {480, 200});
                QVERIFY(contains(image, image.rect(), scene->theme->ink2)
                    || contains(image, image.rect(), scene->theme->ink3));
            }
        const auto view = make(makeConfusionView);
        view->refresh(regression.scene);
        QVERIFY(view->csv().isEmpty());
    }

    void validationBlocksLieBetweenTrainingBlocks()
    {
        LearningScene with(1, 0);
        LaneFrame& lane = with.scene.frame.lanes[0];
        lane.parameters.presentationTime = 10;
        lane.parameters.dt = 0.1;
        lane.clock.timeMs = 325; // epoch 2, third pattern of the training block
        lane.clock.stepInPattern = 50;
        lane.clock.pattern = 32;
        lane.task.shown = lane.task.schedule.at(32);
        with.scene.nowMs = 325;
        const auto spans = blockSpans(with.scene, 0, 325);
        QCOMPARE(spans.size(), std::size_t{2});
        QCOMPARE(spans[0].beginMs, 80.0);
        QCOMPARE(spans[0].endMs, 160.0);
        QCOMPARE(spans[1].epoch, std::uint64_t{1});
        QCOMPARE(visibleBlocks(with.scene, TimeAxis(0, 400, 0, 600)).size(), std::size_t{2});
        QVERIFY(visibleBlocks(with.scene, TimeAxis(0, 40000, 0, 600)).empty());
        // Before an edit of the protocol other blocks were shown.
        with.scene.events = {{.kind = Event::Kind::Edit,
            .step = 1000,
            .timeMs = 100,
            .lane = -1,
            .text = "protocol.validation = 8"}};
        QCOMPARE(blockSpans(with.scene, 0, 325).front().beginMs, 100.0);
    }

    void theStatusTellsTheEpochAndItsBlock()
    {
        LearningScene with;
        QCOMPARE(epochText(with.scene.frame), u"epoch 200, train"_s);
        with.scene.frame.lanes[0].task.shown = with.scene.frame.lanes[0].task.schedule.at(9);
        QCOMPARE(epochText(with.scene.frame), u"epoch 0, validation"_s);
        with.scene.frame.state = RunState::Running; // blocks fly past
        with.scene.frame.realTimeFactor = 100;
        QCOMPARE(epochText(with.scene.frame), u"epoch 0"_s);
        QCOMPARE(epochText(Frame{}), QString());
    }
};

QTEST_MAIN(LearningViewsTest)
#include "tst_learning_views.moc"
