// Draw a digit: how the layers respond, and what is taught when learning rates have decayed.
#include "sim/circuit/circuit_parameters.h"
#include "sim/files/preset.h"
#include "sim/live/reader.h"
#include "sim/network/network_parameters.h"
#include "sim/run/model_table.h"
#include "tests/window/task_pictures.h"
#include "widgets/picture/drawing_layout.h"
#include "widgets/picture/drawing_view.h"
#include "widgets/picture/unit_map.h"

#include <QImage>
#include <QPainter>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace apical;
using test::pictureOf;
using namespace Qt::Literals::StringLiterals;

namespace {

Experiment digits(const char* model, const std::vector<int>& layers)
{
    Experiment e = newExperiment(model);
    e.layers = layers;
    e.precision = "float";
    e.stimulus.kind = "digits";
    e.stimulus.samples = 50;
    if (e.parameters.familyIf<CircuitParameters>()) {
        e.parameters.presentationTime = 0.5;
        e.weights.rangeUp = 0.05;
        CircuitParameters& c = circuit(e.parameters);
        c.phi = phi_kind::logistic;
        c.etaUp.assign(layers.size() - 1, 0.5);
    } else {
        e.parameters.family<NetworkParameters>().batchSize = 1;
    }
    return e;
}

} // namespace

class DrawingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void hiddenLayersRespondToEveryStrokeWithoutAClass()
    {
        for (const char* model : {"microcircuit", "feedforward", "predictive-coding"}) {
            const bool circuit = model == std::string_view("microcircuit");
            Experiment e = digits(model, {784, 12, 9, 10});
            Simulation run(e);
            LaneWatch watch(run);
            LaneReader reader(watch);
            Scene scene;
            scene.theme = &Theme::light();
            scene.frame.sizes = e.layers;
            scene.frame.lanes.resize(1);
            reader.readFrame(scene.frame.lanes.front(), {});
            const std::unique_ptr<View> view(makeDrawingView(nullptr));
            view->resize(640, 300);
            view->refresh(scene);
            view->show();
            const QRectF room(8, 4, 640 - 16, 300 - 36);
            const DrawingLayout layout = drawingLayout(
                room, {.hiddenLayers = 2, .error = circuit, .delta = circuit || model[0] == 'f'});
            std::vector<QImage> before;
            for (int stroke = 0; stroke < 2; ++stroke) {
                const QPoint at(60 + 50 * stroke, 100);
                QTest::mousePress(view.get(), Qt::LeftButton, {}, at);
                QTest::mouseMove(view.get(), at + QPoint(20, 60));
                QTest::mouseRelease(view.get(), Qt::LeftButton, {}, at + QPoint(20, 60));
                const QImage image = pictureOf(*view);
                std::vector<QImage> now;
                for (const auto& picture : layout.pictures)
                    if (picture.part == DrawingLayout::Part::Hidden)
                        now.push_back(image.copy(picture.at.toRect()));
                QCOMPARE(now.size(), std::size_t{2});
                for (std::size_t l = 0; l < before.size(); ++l)
                    QVERIFY2(now[l] != before[l], model);
                before = now;
            }
        }
    }

    void picturesStandBesideTheCanvasWhereThereIsRoom()
    {
        const DrawingParts all{.hiddenLayers = 2, .error = true, .delta = true};
        for (const QSizeF size :
            {QSizeF(280, 110), {360, 180}, {420, 200}, {900, 400}, {200, 500}}) {
            const QRectF room(QPointF(8, 4), size);
            const DrawingLayout layout = drawingLayout(room, all);
            QVERIFY(room.contains(layout.canvas));
            QVERIFY(layout.bars.width() >= 100 && layout.bars.right() == room.right());
            QRectF taken = layout.canvas;
            for (const auto& picture : layout.pictures) {
                QVERIFY(picture.at.left() > taken.right() || picture.at.top() > taken.top());
                QVERIFY(picture.at.right() <= layout.bars.left());
                QVERIFY(picture.at.bottom() + DrawingLayout::kCaption <= room.bottom() + 1e-9);
                taken = picture.at;
            }
            const bool hidden = std::ranges::any_of(layout.pictures,
                [](const auto& p) { return p.part == DrawingLayout::Part::Hidden; });
            QCOMPARE(hidden, size.width() > 200); // the last to give way
            QVERIFY(layout.pictures.size() == 5 || size.width() < 400);
        }
    }

    void aMapOfUnitsKeepsItsRangeWhileItIsUsed()
    {
        UnitMap map;
        map.show(std::vector<double>{0.1, 0.7, 0, 0.2, 0.3});
        QCOMPARE(map.rangeText(), u"0 \u2026 1"_s);
        map.show(std::vector<double>{0.1, 0.5, 0, 0.2, 0.3});
        QCOMPARE(map.rangeText(true), u"0\u20261"_s);
        map.show(std::vector<double>{0.1, -0.2, 0, 0.2, 0.3});
        QCOMPARE(map.rangeText(), u"\u00b10.5"_s);
        const QRectF box(10, 10, 30, 30); // 3 columns, 2 rows of 10 px
        QCOMPARE(map.unitAt({12, 17}, box), 0);
        QCOMPARE(map.unitAt({28, 28}, box), 4);
        QCOMPARE(map.unitAt({38, 28}, box), -1); // there is no sixth
        QImage image(50, 50, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        map.paint(painter, Theme::light(), box);
        painter.end();
        QCOMPARE(image.pixel(25, 20), Theme::light().signRgb(-0.4));
        QCOMPARE(image.pixel(15, 30), Theme::light().signRgb(0.4));
    }

    void teachingIsSeenWhenRatesHaveDecayed()
    {
        Experiment e = digits("microcircuit", {784, 12, 10});
        e.stimulus.samples = 2;
        e.parameters.protocolValidation = 0;
        circuit(e.parameters).etaDecay = 0.2;
        Simulation run(e);
        while (run.presentation().epoch < 20)
            QVERIFY(run.step());
        const State late = run.state();
        std::vector<double> sample(794, 0.3);
        std::fill_n(sample.begin() + 100, 300, 1.0);
        const auto taught = [&](std::string_view key, double decay) {
            run.restore(late);
            Parameters p = run.parameters();
            if (circuit(p).etaDecay != decay)
                run.apply({.step = late.clock.step, .key = "eta.decay", .value = decay});
            run.apply({.step = late.clock.step, .key = std::string(key), .value = sample});
            return weightsOf(run.model()).front().matrix.values;
        };
        run.restore(late);
        const auto before = weightsOf(run.model()).front().matrix.values;
        QVERIFY(taught(kTeachAction, 0.2) == before); // as older sessions replay it
        QVERIFY(taught(kTeachUndecayedAction, 0.2) != before);
        QVERIFY(taught(kTeachUndecayedAction, 0.2) == taught(kTeachAction, 1));
        for (const std::string_view key : {kTeachAction, kTeachUndecayedAction}) {
            e.edits = {{.step = 3, .key = std::string(key), .value = sample}};
            QCOMPARE(readPreset(writePreset(e), "taught").edits, e.edits);
        }
    }
};

QTEST_MAIN(DrawingTest)
#include "tst_drawing.moc"
