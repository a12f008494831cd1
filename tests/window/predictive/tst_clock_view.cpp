// The clock of learning: where the error stands at each read, which layer learns then, and what the
// three conditions of Z-IL are worth.
#include "sim/predictive/predictive.h"
#include "sim/run/model_table.h"
#include "tests/window/watched_run.h"
#include "widgets/predictive/clock_chart.h"
#include "widgets/predictive/clock_view.h"

#include <QCheckBox>
#include <QImage>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <map>
#include <memory>
#include <tuple>
#include <vector>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

namespace {

/// The clock of a preset, at the first read.
struct Shown {
    test::WatchedRun run;
    std::unique_ptr<View> view{makeClockView(nullptr)};

    Shown()
        : run("z-il-clock")
    {
        run.scene.frame.generation = 1;
        run.step(1);
        view->resize(800, 400);
        view->refresh(run.scene);
    }
    int layers() const { return run.experiment.targetLayers(); }
};

struct Cell {
    double error = 0;
    bool learns = false;
};
/// By lane, layer and read, out of the view's own table.
using Cells = std::map<std::tuple<int, int, int>, Cell>;
Cells cellsOf(const View& view)
{
    Cells cells;
    const QStringList lines = view.csv().split(u'\n', Qt::SkipEmptyParts);
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const QStringList parts = lines[i].split(u',');
        cells[{parts[0].toInt(), parts[1].toInt(), parts[2].toInt()}] = {
            parts[3].toDouble(), parts[4] == u"1"_s};
    }
    return cells;
}

QImage picture(View& view, const QSize& size, const Theme& theme)
{
    QImage image(size, QImage::Format_RGB32);
    image.fill(theme.panel);
    QPainter painter(&image);
    view.resize(size);
    view.paint(painter, QRectF(QPointF(), QSizeF(size)));
    return image;
}

} // namespace

class ClockViewTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theErrorArrivesWhereTheLayerLearns()
    {
        Shown shown;
        auto& [run, view] = shown;
        const Cells cells = cellsOf(*view);
        const int n = shown.layers();
        for (int layer = 1; layer <= n; ++layer) {
            for (int read = 0; read < n; ++read) {
                const Cell& exact = cells.at({0, layer, read});
                QCOMPARE(exact.learns, read == n - layer);
                QCOMPARE(exact.error > 0, read >= n - layer);
                // One read late.
                QCOMPARE(cells.at({2, layer, read}).learns, read == n - layer + 1);
                // With noise all layers err from the start.
                QVERIFY(cells.at({1, layer, read}).error > 0);
            }
        }
    }

    void anotherRateOnlyRescalesWhatArrives()
    {
        Shown shown;
        auto& [run, view] = shown;
        const Cells cells = cellsOf(*view);
        const int n = shown.layers();
        for (int layer = 1; layer <= n; ++layer) {
            const double exact = cells.at({0, layer, n - layer}).error;
            const double slow = cells.at({3, layer, n - layer}).error;
            QVERIFY(std::abs(slow / exact - std::pow(0.5, n - layer)) < 1e-9);
        }
    }

    void whatIsBrokenIsSaid()
    {
        ClockFace face;
        face.parameters.schedule = inference_schedule::zil;
        face.parameters.inferenceRate = 1;
        QVERIFY(face.isBackprop());
        QCOMPARE(face.verdict(), u"\u2713 backprop"_s);
        face.parameters.startNoise = 0.1;
        face.parameters.late = 1;
        QCOMPARE(face.verdict(), u"C1, C2 broken"_s);
        face.parameters.schedule = inference_schedule::il;
        QCOMPARE(face.verdict(), u"learns at the last read"_s);
        QVERIFY(!face.isBackprop());
    }

    void readsOfLearningFollowTheSchedule()
    {
        PredictiveParameters p;
        p.steps = 20;
        QCOMPARE(p.learningReads(2, 3), (LearningReads{20, 20}));
        p.schedule = inference_schedule::incremental;
        QCOMPARE(p.learningReads(2, 3), (LearningReads{0, 19}));
        p.schedule = inference_schedule::zil;
        QCOMPARE(p.learningReads(3, 3), (LearningReads{0, 0}));
        p.late = 2;
        QCOMPARE(p.learningReads(1, 3), (LearningReads{4, 4}));
        QCOMPARE(p.lastRead(3), 4);
    }

    void boxesBreakAndMendOneConditionEach()
    {
        Shown shown;
        auto& [run, view] = shown;
        run.scene.editLane = 0;
        view->refresh(run.scene);
        QSignalSpy edits(view.get(), &View::editRequested);
        for (int c = 0; c < kClockConditions; ++c) {
            const auto condition = ClockCondition{c};
            auto* box = view->findChild<QCheckBox*>(letterOf(condition));
            QVERIFY(box);
            QVERIFY(box->isVisibleTo(view.get()));
            QVERIFY(box->isChecked()); // of the first lane, which keeps all three
            box->click();
            QCOMPARE(edits.size(), 1);
            const auto edit = edits.takeFirst();
            QCOMPARE(edit[0].toString(), QString::fromLatin1(keyOf(condition)));
            QCOMPARE(std::get<double>(edit[1].value<ParameterValue>()), valueFor(condition, false));
            // The value is one that breaks it and nothing else.
            Parameters p = run.scene.frame.lanes[0].parameters;
            setParameter(p, keyOf(condition), valueFor(condition, false), shown.layers());
            for (int other = 0; other < kClockConditions; ++other)
                QCOMPARE(
                    holds(ClockCondition{other}, p.family<PredictiveParameters>()), other != c);
        }
        run.scene.shownLane = run.scene.editLane = 1;
        view->refresh(run.scene);
        QVERIFY(!view->findChild<QCheckBox*>(u"C1"_s)->isChecked());
        QVERIFY(view->findChild<QCheckBox*>(u"C2"_s)->isChecked());
    }

    /// While edits go to all lanes, a box says that a condition holds in some of them only.
    void boxesOfAllLanesAreHalfTicked()
    {
        Shown shown;
        auto& [run, view] = shown;
        QSignalSpy edits(view.get(), &View::editRequested);
        for (int c = 0; c < kClockConditions; ++c) {
            const auto condition = ClockCondition{c};
            auto* box = view->findChild<QCheckBox*>(letterOf(condition));
            QCOMPARE(box->checkState(), Qt::PartiallyChecked);
            box->click();
            QCOMPARE(std::get<double>(edits.takeFirst()[1].value<ParameterValue>()),
                valueFor(condition, true));
            for (LaneFrame& lane : run.scene.frame.lanes)
                setParameter(
                    lane.parameters, keyOf(condition), valueFor(condition, true), shown.layers());
            ++run.scene.frame.revision;
            view->refresh(run.scene);
            QCOMPARE(box->checkState(), Qt::Checked);
            box->click(); // now it breaks
            QCOMPARE(std::get<double>(edits.takeFirst()[1].value<ParameterValue>()),
                valueFor(condition, false));
            view->refresh(run.scene);
        }
    }

    void aClickShowsTheLane()
    {
        Shown shown;
        auto& [run, view] = shown;
        QSignalSpy lanes(view.get(), &View::laneChosen);
        QTest::mouseClick(view.get(), Qt::LeftButton, {}, {780, 60});
        QCOMPARE(lanes.size(), 1);
        QVERIFY(lanes.first().first().toInt() > 0);
    }

    void itIsDrawnAtAnySizeInLightAndDark()
    {
        Shown shown;
        auto& [run, view] = shown;
        for (const Theme* theme : {&Theme::light(), &Theme::darkTheme()}) {
            run.scene.theme = theme;
            view->refresh(run.scene);
            for (const QSize size : {QSize(240, 140), QSize(400, 170), QSize(900, 420)})
                QVERIFY(!picture(*view, size, *theme).isNull());
            // Boxes of learning are there: one per layer and lane.
            const QImage image = picture(*view, {900, 420}, *theme);
            int accent = 0;
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x)
                    accent += image.pixel(x, y) == theme->accent.rgb();
            QVERIFY(accent > 1000);
        }
        Scene none;
        view->refresh(none);
        QVERIFY(!picture(*view, {400, 200}, Theme::light()).isNull());
        QVERIFY(view->csv().isEmpty());
    }
};

QTEST_MAIN(ClockViewTest)
#include "tst_clock_view.moc"
