// The circuit view: geometry, what a click and a key do, and values that reach pixels.
#include "sim/circuit/circuit_parameters.h"
#include "tests/window/circuit_scene.h"
#include "widgets/circuit/painter.h"
#include "widgets/circuit/view.h"
#include "widgets/view/neuron_selection.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QtTest>

#include <algorithm>
#include <memory>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

namespace {

using Population = Selection::Population;

const QList<std::vector<int>> kNetworks{{8, 6, 3}, {8, 6, 5, 3}, {1, 1, 1}, {5, 8, 3}, {9, 30, 3},
    {30, 20, 10}, {784, 500, 10}, {4, 6, 5, 4, 3}};
const QList<QSize> kAreas{{716, 214}, {740, 180}};

void look(View& view, const QString& name)
{
    const QString folder = qEnvironmentVariable("APICAL_GRABS");
    if (!folder.isEmpty())
        view.grab().save(folder + u'/' + name + u".png"_s);
}

QString label(const std::vector<int>& sizes)
{
    QStringList parts;
    for (const int n : sizes)
        parts << QString::number(n);
    return parts.join(u'-');
}

} // namespace

class TestCircuit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyNeuronDrawnIsFoundWhereItStands()
    {
        for (const auto& sizes : kNetworks) {
            for (const QSize& area : kAreas) {
                const CircuitLayout layout(QRectF(QPointF(), QSizeF(area)), sizes, {});
                for (const CircuitRow& row : layout.rows())
                    for (int i = row.first; i < row.first + row.shown; ++i) {
                        const QPointF at = row.centre(i);
                        QVERIFY2(
                            QRectF(QPointF(), QSizeF(area)).contains(at), qPrintable(label(sizes)));
                        QCOMPARE(layout.unitAt(at), row.unit(i));
                    }
            }
        }
    }

    void nothingLeavesTheAreaAndNoRowsOverlap()
    {
        for (const auto& sizes : kNetworks) {
            for (const QSize& size : kAreas) {
                const QRectF area{QPointF(), QSizeF(size)};
                const CircuitLayout layout(area, sizes, {});
                for (const CircuitRow& row : layout.rows()) {
                    QVERIFY2(area.contains(row.bounds()), qPrintable(label(sizes)));
                    for (const CircuitRow& other : layout.rows())
                        QVERIFY2(&row == &other || !row.bounds().intersects(other.bounds()),
                            qPrintable(label(sizes)));
                }
                for (const CircuitPathway& p : layout.pathways()) {
                    QVERIFY2(area.contains(p.pill), qPrintable(label(sizes)));
                    for (const CircuitPathway& other : layout.pathways())
                        QVERIFY2(&p == &other || !p.pill.intersects(other.pill),
                            qPrintable(label(sizes)));
                }
            }
        }
    }

    void inASmallDockNothingCoversAnother()
    {
        for (const auto& sizes : {std::vector{784, 500, 10}, {9, 30, 3}}) {
            const QRectF area(0, 0, 264, 142);
            const CircuitLayout layout(area, sizes, {});
            for (const CircuitPathway& p : layout.pathways()) {
                for (const CircuitPathway& other : layout.pathways())
                    QVERIFY2(&p == &other || !p.pill.intersects(other.pill), p.name());
            }
            for (const CircuitRow& row : layout.rows())
                QVERIFY(!row.bounds().intersects(layout.scaleBar()));
        }
    }

    void aSelectedNeuronIsDrawnEvenWhereNotAllFit()
    {
        const Selection far{Population::Pyramidal, 1, 450};
        const CircuitLayout layout(QRectF(0, 0, 716, 214), {784, 500, 10}, far);
        const CircuitRow* row = layout.row(Population::Pyramidal, 1);
        QVERIFY(row->shown < row->count);
        QVERIFY(row->shows(450));
        QVERIFY(!layout.frameOf(far).isEmpty());
    }

    void noPillCoversTheNameOfTheSelectedNeuron()
    {
        for (const auto& sizes : {std::vector{8, 6, 3}, {5, 8, 3}, {8, 6, 5, 3}, {9, 30, 3}}) {
            for (const QRectF area : {QRectF(0, 0, 716, 214), QRectF(0, 0, 740, 176)}) {
                for (int i = 0; i < sizes[1]; ++i) {
                    const Selection unit{Selection::Population::Pyramidal, 1, i};
                    const CircuitLayout layout(area, sizes, unit);
                    const QRectF tag = layout.tagOf(unit, {22, 16});
                    QVERIFY(area.contains(tag));
                    for (const CircuitPathway& pathway : layout.pathways())
                        QVERIFY2(!pathway.pill.intersects(tag), qPrintable(unit.name(sizes)));
                }
            }
        }
    }

    void clickingANeuronSelectsIt()
    {
        std::unique_ptr<View> view(makeCircuitView(nullptr));
        view->resize(716, 214);
        Scene scene = made_up::scene({8, 6, 3});
        view->refresh(scene);
        QList<Selection> got;
        connect(view.get(), &View::selected, this, [&](const Selection& s) { got << s; });
        const CircuitLayout layout(QRectF(view->rect()), scene.frame.sizes, {});
        for (const CircuitRow& row : layout.rows()) {
            got.clear();
            QTest::mouseClick(view.get(), Qt::LeftButton, {}, row.centre(row.count - 1).toPoint());
            QCOMPARE(got.size(), 1);
            QCOMPARE(got.first(), row.unit(row.count - 1));
        }
    }

    void clickingAPillTogglesItsLock()
    {
        std::unique_ptr<View> view(makeCircuitView(nullptr));
        view->resize(716, 214);
        Scene scene = made_up::scene({8, 6, 3});
        view->refresh(scene);
        QStringList keys;
        QList<bool> values;
        connect(view.get(), &View::editRequested, this,
            [&](const QString& key, const ParameterValue& value) {
                keys << key;
                values << std::get<bool>(value);
            });
        const CircuitLayout layout(QRectF(view->rect()), scene.frame.sizes, {});
        for (const CircuitPathway& p : layout.pathways())
            QTest::mouseClick(view.get(), Qt::LeftButton, {}, p.pill.center().toPoint());
        QCOMPARE(keys.size(), layout.pathways().size());
        for (const QString& key : {u"lock.up"_s, u"lock.down"_s, u"lock.ip"_s, u"lock.pi"_s})
            QVERIFY2(keys.contains(key), qPrintable(key));
        QVERIFY(!values.contains(false));
        circuit(scene.frame.lanes[0].parameters).lockPi = true;
        keys.clear(), values.clear();
        for (const CircuitPathway& p : layout.pathways())
            if (p.kind == CircuitPathway::Kind::Pi)
                QTest::mouseClick(view.get(), Qt::LeftButton, {}, p.pill.center().toPoint());
        QCOMPARE(keys, QStringList{u"lock.pi"_s});
        QCOMPARE(values, QList<bool>{false});
    }

    void aPathwayIsPlasticOnlyWithARateAndWithoutALock()
    {
        Parameters p = circuitParameterTable().defaults();
        circuit(p).etaPi = {0.3, 0};
        CircuitPathway pi{CircuitPathway::Kind::Pi, 1, {}};
        QVERIFY(plasticityOf(pi, p).plastic());
        circuit(p).lockPi = true;
        QVERIFY(!plasticityOf(pi, p).plastic());
        circuit(p).lockPi = false;
        pi.layer = 2;
        QVERIFY(!plasticityOf(pi, p).plastic());
    }

    void arrowKeysReachEveryNeuron()
    {
        for (const std::vector<int>& sizes : {std::vector<int>{8, 6, 3}, {3, 4, 2, 2}}) {
            const CircuitLayout layout(QRectF(0, 0, 716, 214), sizes, {});
            QList<Selection> reached{layout.neighbour({}, Qt::Key_Right)};
            for (qsizetype i = 0; i < reached.size(); ++i)
                for (const Qt::Key key : {Qt::Key_Left, Qt::Key_Right, Qt::Key_Up, Qt::Key_Down}) {
                    const Selection next = layout.neighbour(reached[i], key);
                    QVERIFY(exists(next, sizes));
                    if (!reached.contains(next))
                        reached << next;
                }
            qsizetype all = 0;
            for (const CircuitRow& row : layout.rows())
                all += row.count;
            QCOMPARE(reached.size(), all);
        }
    }

    void arrowKeysSelectInTheView()
    {
        std::unique_ptr<View> view(makeCircuitView(nullptr));
        view->resize(716, 214);
        Scene scene = made_up::scene({8, 6, 3});
        scene.selection = {Population::Pyramidal, 1, 5};
        view->refresh(scene);
        QList<Selection> got;
        connect(view.get(), &View::selected, this, [&](const Selection& s) { got << s; });
        QTest::keyClick(view.get(), Qt::Key_Right);
        QCOMPARE(got, QList<Selection>{Selection({Population::Interneuron, 1, 0})});
    }

    void valuesReachPixels_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void valuesReachPixels()
    {
        QFETCH(bool, dark);
        std::unique_ptr<View> view(makeCircuitView(nullptr));
        view->resize(716, 214);
        Scene scene = made_up::scene({8, 6, 3});
        scene.theme = dark ? &Theme::darkTheme() : &Theme::light();
        view->refresh(scene);
        const QImage image = view->grab().toImage();
        const CircuitLayout layout(QRectF(view->rect()), scene.frame.sizes, {});
        const auto expect = [&](QPointF at, double value) {
            const QColor seen = image.pixelColor(at.toPoint());
            const QColor wanted = scene.theme->signColor(value);
            const int off = std::max({std::abs(seen.red() - wanted.red()),
                std::abs(seen.green() - wanted.green()), std::abs(seen.blue() - wanted.blue())});
            QVERIFY2(off <= 4,
                qPrintable(u"%1 is %2, not %3"_s.arg(value).arg(seen.name(), wanted.name())));
        };
        const LaneFrame& lane = scene.frame.lanes[0];
        for (int i = 0; i < 6; ++i) {
            const CircuitRow& row = *layout.row(Population::Pyramidal, 1);
            const auto k = static_cast<std::size_t>(i);
            expect(row.centre(i) + QPointF(0, 2) * row.scale, lane.quantity("layer1.pyr.soma")[k]);
            expect(row.centre(i) + QPointF(-0.5, -15) * row.scale,
                lane.quantity("layer1.pyr.apical")[k]);
            expect(row.centre(i) + QPointF(-0.5, 16) * row.scale,
                lane.quantity("layer1.pyr.basal")[k]);
        }
        for (int i = 0; i < 3; ++i) {
            const CircuitRow& row = *layout.row(Population::Interneuron, 1);
            expect(row.centre(i), lane.quantity("layer1.inn.soma")[static_cast<std::size_t>(i)]);
        }
    }

    void theKeptPictureFollowsSelectionAndLocks()
    {
        std::unique_ptr<View> view(makeCircuitView(nullptr));
        view->resize(716, 214);
        Scene scene = made_up::scene({8, 6, 3});
        view->refresh(scene);
        const QImage before = view->grab().toImage();
        scene.selection = {Population::Pyramidal, 1, 2};
        view->refresh(scene);
        const QImage selected = view->grab().toImage();
        QVERIFY(before != selected);
        circuit(scene.frame.lanes[0].parameters).lockPi = true;
        view->refresh(scene);
        QVERIFY(view->grab().toImage() != selected);
    }

    void twoLanesCanBeSwitched()
    {
        std::unique_ptr<View> view(makeCircuitView(nullptr));
        view->resize(716, 214);
        Scene scene = made_up::scene({8, 6, 3});
        scene.frame.lanes.push_back(scene.frame.lanes[0]);
        scene.frame.lanes[0].name = "LE";
        scene.frame.lanes[1].name = "Sacramento";
        for (double& u : test::quantity(scene.frame.lanes[1], "layer1.pyr.soma"))
            u = -u;
        connect(view.get(), &View::laneChosen, view.get(), [&](int lane) {
            scene.shownLane = lane;
            view->refresh(scene);
        });
        view->refresh(scene);
        const QImage first = view->grab().toImage();
        for (int y = 20; y < 120 && view->grab().toImage() == first; y += 8)
            QTest::mouseClick(view.get(), Qt::LeftButton, {}, QPoint(40, y));
        QVERIFY(view->grab().toImage() != first);
        look(*view, u"circuit_lanes"_s);
    }

    void csvHasEveryNeuron()
    {
        std::unique_ptr<View> view(makeCircuitView(nullptr));
        QVERIFY(view->csv().isEmpty());
        Scene scene = made_up::scene({8, 6, 3});
        view->refresh(scene);
        QCOMPARE(view->csv().count(u'\n'), 1 + 8 + 6 + 3 + 3);
    }

    void emptySceneIsBorne()
    {
        std::unique_ptr<View> view(makeCircuitView(nullptr));
        view->resize(716, 214);
        view->grab();
        Scene scene;
        view->refresh(scene);
        view->grab();
        QTest::mouseClick(view.get(), Qt::LeftButton);
        QTest::keyClick(view.get(), Qt::Key_Left);
    }

    void pictures()
    {
        std::unique_ptr<View> view(makeCircuitView(nullptr));
        for (const auto& sizes : kNetworks)
            for (const QSize& area : kAreas)
                for (const bool dark : {false, true}) {
                    Scene scene = made_up::scene(sizes, dark);
                    scene.theme = dark ? &Theme::darkTheme() : &Theme::light();
                    scene.selection = {Population::Pyramidal, 1, std::min(2, sizes[1] - 1)};
                    view->resize(area);
                    view->refresh(scene);
                    view->grab();
                    QElapsedTimer timer;
                    timer.start();
                    constexpr int kFrames = 5;
                    QPixmap target(area);
                    for (int i = 0; i < kFrames; ++i)
                        view->render(&target);
                    if (!dark)
                        qInfo("%s at %dx%d: %.2f ms a frame", qPrintable(label(sizes)),
                            area.width(), area.height(),
                            static_cast<double>(timer.nsecsElapsed()) / 1e6 / kFrames);
                    look(*view,
                        u"circuit_%1_%2_%3"_s.arg(label(sizes))
                            .arg(area.height())
                            .arg(dark ? u"dark"_s : u"light"_s));
                }
    }
};

QTEST_MAIN(TestCircuit)
#include "tst_circuit.moc"
