// The view of one inference: it shows what the run does, lets people try other numbers without
// touching the run, and says in red where energy rises.
#include "sim/files/preset.h"
#include "sim/live/reader.h"
#include "sim/predictive/inference_trace.h"
#include "sim/run/model_table.h"
#include "sim/watch/lane_watch.h"
#include "widgets/panel/value_editor.h"
#include "widgets/panel/value_editor_slider.h"
#include "widgets/predictive/inference_controls.h"
#include "widgets/predictive/inference_view.h"
#include "widgets/predictive/watched_inference.h"
#include "widgets/view/view.h"

#include <QComboBox>
#include <QImage>
#include <QLineEdit>
#include <QPainter>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <QToolButton>

#include <cmath>
#include <memory>
#include <numbers>
#include <string>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

namespace {

/// A preset as the window sees it.
struct Run {
    Experiment experiment;
    std::unique_ptr<Simulation> lane;
    std::unique_ptr<LaneWatch> watch;
    Scene scene;

    explicit Run(const char* preset,
        const std::vector<std::pair<std::string, ParameterValue>>& settings = {})
        : experiment(loadPreset(preset))
    {
        for (const auto& [key, value] : settings)
            setParameter(experiment.parameters, key, value, experiment.targetLayers());
        lane = std::make_unique<Simulation>(experiment, 0);
        watch = std::make_unique<LaneWatch>(*lane);
        scene.frame.sizes = experiment.layers;
        scene.frame.generation = 1;
        scene.frame.lanes.resize(1);
        show();
    }
    void show() { LaneReader(*watch).readFrame(scene.frame.lanes[0], {}); }
    void step(int steps)
    {
        for (int k = 0; k < steps; ++k) {
            lane->step();
            watch->afterStep();
        }
        show();
    }
    const LaneFrame& frame() const { return scene.frame.lanes[0]; }
};

template <class Part> Part& part(View& view, const QString& name)
{
    auto* found = view.findChild<Part*>(name);
    if (!found)
        qFatal("no such control: %s", qPrintable(name));
    return *found;
}

void type(View& view, const QString& box, const QString& number)
{
    auto& field = part<NumberBox>(view, box);
    field.findChild<QLineEdit*>()->setText(number);
    Q_EMIT field.findChild<QLineEdit*>()->textEdited(number);
    Q_EMIT field.editingFinished();
}

QImage picture(View& view, const QSize& size, const QColor& paper)
{
    view.resize(size);
    QImage image(size, QImage::Format_RGB32);
    image.fill(paper);
    QPainter painter(&image);
    view.paint(painter, QRectF(QPointF(), QSizeF(size)));
    return image;
}

int pixelsOf(const QImage& image, const QColor& color)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            count += image.pixel(x, y) == color.rgb();
    return count;
}

/// Number of reads in the view's own table.
int readsOf(const View& view)
{
    return static_cast<int>(view.csv().section(u"\n\n"_s, 0, 0).count(u'\n'));
}

} // namespace

class InferenceViewTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void itBelongsToModelsThatSettle()
    {
        for (const ModelRow& row : modelTable()) {
            const std::vector<int> sizes =
                row.oneLayer ? std::vector<int>{4} : std::vector<int>{4, 3, 2};
            const Anatomy a = row.anatomy(sizes, row.parameters().defaults());
            QCOMPARE(infersStepByStep(a), row.name == "predictive-coding");
        }
    }

    void itFollowsTheRunReadByRead()
    {
        Run run("predictive-coding");
        WatchedInference watched;
        watched.take(run.scene);
        QVERIFY(watched.picture().empty());
        QVERIFY(watched.problem().contains(u"first read"_s));
        for (int t = 0; t < 20; ++t) { // at the last one its weights have changed
            run.step(1);
            watched.take(run.scene);
            const InferencePicture& p = watched.picture();
            QCOMPARE(p.t, t);
            QCOMPARE(p.last(), 20);
            for (int l = 1; l <= 3; ++l) {
                for (const auto& [what, all] : {std::pair{".value", &p.layer(l).value},
                         std::pair{".prediction", &p.layer(l).prediction},
                         std::pair{".error", &p.layer(l).error}}) {
                    const auto own = run.frame().quantity("layer" + std::to_string(l) + what);
                    for (int i = 0; i < all->cols; ++i)
                        QVERIFY(std::abs((*all)(t, i) - own[static_cast<std::size_t>(i)]) < 1e-12);
                }
            }
        }
        QCOMPARE(watched.sampleText(), u"epoch 0, batch 1"_s);
        run.step(3); // the last read, one forward pass of validation, the next batch
        watched.take(run.scene);
        QCOMPARE(watched.picture().t, 0);
    }

    /// Reads that come so fast that an inference takes less than a second show where it ends.
    void itFollowsAsFastAsAnEyeDoes()
    {
        Run run("linear-equilibrium"); // 200 moves
        run.step(31);
        run.scene.frame.state = RunState::Running;
        for (const auto& [speed, t] :
            {std::pair{50.0, 30}, std::pair{150.0, 30}, std::pair{1000.0, 200}}) {
            run.scene.frame.stepsPerSecond = speed;
            WatchedInference watched;
            watched.take(run.scene);
            QCOMPARE(watched.picture().t, t);
        }
    }

    void aUnitIsChosenByAClick()
    {
        Run run("predictive-coding");
        run.step(5);
        const std::unique_ptr<View> view(makeInferenceView(nullptr));
        view->resize(900, 460);
        view->refresh(run.scene);
        view->show();
        QSignalSpy chosen(view.get(), &View::selected);
        std::vector<Selection> met;
        for (int y = 0; y < 400; y += 6) {
            for (int x = 0; x < 520; x += 6) {
                QTest::mouseClick(view.get(), Qt::LeftButton, {}, {x, y});
                for (; !chosen.isEmpty(); chosen.removeFirst())
                    if (const auto now = chosen.first().first().value<Selection>();
                        std::ranges::find(met, now) == met.end())
                        met.push_back(now);
            }
        }
        QCOMPARE(met.size(), std::size_t{9 + 12 + 8 + 3});
        const QColor ring = run.scene.theme->accent;
        const int without = pixelsOf(picture(*view, {900, 460}, Qt::white), ring);
        run.scene.selection = {Selection::Population::Pyramidal, 1, 4};
        view->refresh(run.scene);
        QVERIFY(pixelsOf(picture(*view, {900, 460}, Qt::white), ring) > without);
    }

    void noiseAtTheStartIsTheRunsOwn()
    {
        Run run("predictive-coding",
            {{"inference.start_noise", 0.2}, {"learning.rate", 0.0}, {"batch.watch", 2.0}});
        run.scene.frame.seed = run.experiment.seed;
        const auto compare = [&](int t) {
            WatchedInference watched; // who looks for the first time, in the middle or at the end
            watched.take(run.scene);
            const InferencePicture& p = watched.picture();
            QCOMPARE(p.t, t);
            for (int l = 1; l <= 3; ++l) {
                const auto own = run.frame().quantity("layer" + std::to_string(l) + ".value");
                for (int i = 0; i < p.layer(l).value.cols; ++i)
                    QVERIFY(std::abs(p.layer(l).value(t, i) - own[static_cast<std::size_t>(i)])
                        < 1e-12);
            }
        };
        run.step(1);
        compare(0);
        run.step(20);
        compare(20);
        run.step(6); // one forward pass of validation, then the next batch
        compare(4);
        run.step(16);
        compare(20);
    }

    void whatIsHeldStaysWhileTheRunGoesOn()
    {
        Run run("predictive-coding");
        run.step(4);
        WatchedInference watched;
        watched.take(run.scene);
        watched.showRead(7);
        const std::vector<double> energy = watched.picture().trace.total;
        run.step(60);
        watched.take(run.scene);
        QVERIFY(!watched.following());
        QCOMPARE(watched.picture().t, 7);
        QCOMPARE(watched.picture().trace.total, energy);
        watched.follow(true);
        watched.take(run.scene);
        QVERIFY(watched.picture().trace.total != energy);
        run.scene.frame.generation = 2; // another net: what was held is gone
        watched.showRead(3);
        watched.take(run.scene);
        QVERIFY(watched.following());
    }

    void whatIsTriedDoesNotReachTheRunUntilItIsApplied()
    {
        Run run("predictive-coding");
        run.step(3);
        const std::unique_ptr<View> view(makeInferenceView(nullptr));
        view->resize(900, 460);
        QSignalSpy edits(view.get(), &View::editRequested);
        view->refresh(run.scene);
        QVERIFY(!part<QToolButton>(*view, u"apply"_s).isEnabled());
        const QString before = view->csv();
        type(*view, u"rate"_s, u"0.1"_s);
        type(*view, u"steps"_s, u"50"_s);
        part<QComboBox>(*view, u"precisionLayer"_s).setCurrentIndex(2);
        type(*view, u"precision"_s, u"0.25"_s);
        QVERIFY(view->csv() != before);
        QCOMPARE(readsOf(*view), 51);
        QVERIFY(view->subtitle().endsWith(u"not as in the run"_s));
        QCOMPARE(edits.count(), 0);
        QCOMPARE(run.lane->parameters(), run.frame().parameters);

        part<QToolButton>(*view, u"apply"_s).click();
        QCOMPARE(edits.count(), 3);
        for (const QList<QVariant>& edit : edits)
            setParameter(run.scene.frame.lanes[0].parameters, edit[0].toString().toStdString(),
                edit[1].value<ParameterValue>(), 3);
        ++run.scene.frame.revision;
        view->refresh(run.scene);
        QVERIFY(!part<QToolButton>(*view, u"apply"_s).isEnabled()); // the run has it now
        QCOMPARE(readsOf(*view), 51);
        QVERIFY(!view->subtitle().contains(u"not as in the run"_s));

        type(*view, u"rate"_s, u"0.3"_s);
        part<QToolButton>(*view, u"asRun"_s).click();
        QVERIFY(!part<QToolButton>(*view, u"apply"_s).isEnabled());
        QCOMPARE(part<NumberBox>(*view, u"rate"_s).value(), 0.1);
    }

    void stepsGoOnAndBackAndPlayEndsAtTheLastRead()
    {
        Run run("predictive-coding", {{"inference.steps", 5.0}});
        run.step(1);
        const std::unique_ptr<View> view(makeInferenceView(nullptr));
        view->resize(900, 460);
        view->refresh(run.scene);
        auto& reads = part<QSlider>(*view, u"reads"_s);
        QCOMPARE(reads.maximum(), 5);
        QCOMPARE(reads.value(), 0);
        QVERIFY(!part<QToolButton>(*view, u"back"_s).isEnabled());
        part<QToolButton>(*view, u"forward"_s).click();
        part<QToolButton>(*view, u"forward"_s).click();
        part<QToolButton>(*view, u"back"_s).click();
        QCOMPARE(reads.value(), 1);
        QVERIFY(!part<QToolButton>(*view, u"follow"_s).isChecked());
        part<QToolButton>(*view, u"play"_s).click();
        QTRY_COMPARE(reads.value(), 5);
        part<QToolButton>(*view, u"play"_s).click(); // from the start again
        QVERIFY(reads.value() < 5);
        part<QToolButton>(*view, u"play"_s).click();
        const int paused = reads.value();
        reads.setValue(3);
        QVERIFY(view->subtitle().endsWith(u"held"_s));
        QVERIFY(paused < 5);
        part<QToolButton>(*view, u"follow"_s).click();
        QCOMPARE(reads.value(), 0);
    }

    void energyThatRisesIsRedInBothThemes()
    {
        for (const Theme* theme : {&Theme::light(), &Theme::darkTheme()}) {
            Run run("linear-equilibrium", {{"inference.steps", 30.0}});
            run.scene.theme = theme;
            run.step(2);
            const std::unique_ptr<View> view(makeInferenceView(nullptr));
            view->refresh(run.scene);
            const QSize size(1000, 420);
            QCOMPARE(pixelsOf(picture(*view, size, theme->panel), theme->bad), 0);
            QVERIFY(pixelsOf(picture(*view, size, theme->panel), theme->good) > 40); // F*
            type(*view, u"rate"_s, u"5"_s);
            QVERIFY(pixelsOf(picture(*view, size, theme->panel), theme->bad) > 40);
        }
    }

    void energyAndItsConstantAreMinusLogOfTheDensity()
    {
        Run run("linear-equilibrium", {{"inference.steps", 30.0}});
        run.step(2);
        const std::unique_ptr<View> view(makeInferenceView(nullptr));
        view->resize(1000, 460);
        view->refresh(run.scene);
        const auto constants = [&] { // of every read: -ln p less F
            std::vector<double> all;
            QStringList lines = view->csv().section(u"\n\n"_s, 0, 0).split(u'\n');
            for (const QString& line : lines.mid(1))
                all.push_back(
                    line.section(u',', -1).toDouble() - line.section(u',', -2, -2).toDouble());
            return all;
        };
        const double units = 8 + 6 + 3, each = std::log(2 * std::numbers::pi) / 2;
        QCOMPARE(constants().size(), std::size_t{31});
        for (const double c : constants())
            QVERIFY(std::abs(c - units * each) < 1e-12);
        // The line below the chart goes where there is no room for it.
        const auto free = [&](const QSize& size) {
            const QImage image = picture(*view, size, Theme::light().panel);
            int ink = 0;
            const int bottom = size.height() - part<InferenceControls>(*view, {}).height();
            for (int y = bottom - 44; y < bottom - 36; ++y)
                for (int x = size.width() * 2 / 3; x < size.width() - 12; ++x)
                    ink += image.pixel(x, y) == Theme::light().line.rgb();
            return ink;
        };
        QVERIFY(free({1000, 460}) > 200);
        QVERIFY(free({1000, 250}) < 200);
        type(*view, u"precision"_s, u"2"_s);
        for (const double c : constants())
            QVERIFY(std::abs(c - (units * each - 3 * std::log(2.0) / 2)) < 1e-12); // of the outputs
    }

    void atTheStartOnlyTheOutputErrs()
    {
        Run run("predictive-coding");
        run.step(1);
        const std::unique_ptr<View> view(makeInferenceView(nullptr));
        view->resize(900, 460);
        view->refresh(run.scene);
        for (int t = 0; t <= 3; ++t) {
            part<QSlider>(*view, u"reads"_s).setValue(t);
            const QStringList nodes = view->csv().section(u"\n\n"_s, 1).split(u'\n');
            for (int i = 1; i + 1 < nodes.size(); ++i) {
                const QStringList node = nodes[i].split(u',');
                QCOMPARE(node[4].toDouble() == 0, t < 3 - node[0].toInt());
            }
        }
    }

    void largeLayersAreImagesAndSmallPlacesDoNoHarm()
    {
        Run run("il-mnist", {{"batch.size", 2.0}});
        run.step(5);
        const std::unique_ptr<View> view(makeInferenceView(nullptr));
        view->refresh(run.scene);
        for (const QSize size : {QSize(1100, 460), QSize(620, 300), QSize(400, 700),
                 QSize(260, 160), QSize(60, 40), QSize(1, 1)})
            picture(*view, size, Theme::light().panel);
        QCOMPARE(readsOf(*view), 21);
        QCOMPARE(view->csv().section(u"\n\n"_s, 1).count(u'\n'), 1 + 256 + 256 + 10);
    }

    void controlsFitTheWidthInRows()
    {
        InferenceControls controls;
        const int wide = controls.heightFor(2000), middle = controls.heightFor(700),
                  narrow = controls.heightFor(300);
        QVERIFY(wide < middle && middle < narrow);
    }
};

QTEST_MAIN(InferenceViewTest)
#include "tst_inference_view.moc"
