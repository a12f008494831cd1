// The weights view: three matrices with what they mean, selection both ways, ranges that never
// change by themselves.
#include "sim/circuit/self_prediction.h"
#include "tests/window/weights_scene.h"
#include "widgets/look/style.h"
#include "widgets/plot/heat_map.h"
#include "widgets/weights/ranges.h"
#include "widgets/weights/view.h"
#include "widgets/weights/view_layout.h"

#include <QApplication>
#include <QFontMetricsF>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <memory>

using namespace apical;
using namespace apical::test;
using namespace Qt::Literals::StringLiterals;

namespace {

struct Shown {
    explicit Shown(WeightsScene& with, QSize size = {480, 144})
        : view(makeWeightsView(nullptr))
    {
        view->resize(size);
        view->refresh(with.scene);
        view->show();
    }
    std::unique_ptr<View> view;
    QImage grab() const { return view->grab().toImage(); }
};

WeightsLayout layoutOf(const WeightsScene& with, QSizeF size, const WeightsChoice& choice = {})
{
    return {QRectF(QPointF(), size),
        weightsTables(with.scene.frame.lanes[0], with.scene.frame.sizes, choice),
        with.scene.frame.sizes};
}

/// APICAL_GRABS=DIR keeps the pictures for looking at.
void keep(const QImage& image, const QString& name)
{
    if (const QString folder = qEnvironmentVariable("APICAL_GRABS"); !folder.isEmpty())
        image.save(folder + u'/' + name + u".png"_s);
}

} // namespace

class TestWeightsView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void cellsCarryTheColoursOfWeightTargetAndDifference()
    {
        WeightsScene with;
        LaneFrame& lane = with.scene.frame.lanes[0]; // whole colours: no digit in the way
        for (const auto& [name, value] : {std::pair("layer1.W_pi", 0.5), {"layer1.W_down", -0.45}})
            std::ranges::fill(test::matrix(lane, name).values, value);
        with.scene.selection = {};
        const Shown shown(with);
        const QImage image = shown.grab();
        const WeightsLayout layout = layoutOf(with, QSizeF(480, 144));
        const double wanted[] = {0.5, 0.45, 0.05 / 0.1};
        for (std::size_t t = 0; t < 3; ++t) {
            const QPoint corner = (layout.cellRect(t, 3, 1).topLeft() + QPointF(1, 1)).toPoint();
            QCOMPARE(image.pixel(corner), Theme::light().signRgb(wanted[t]));
        }
    }

    void theDifferenceIsWeightMinusTargetForBothLateralPathways()
    {
        WeightsScene with({8, 6, 5, 3});
        for (int layer : {1, 2})
            for (const Pathway& pathway : {Pathway::Pi, Pathway::Ip}) {
                const auto tables = weightsTables(
                    with.scene.frame.lanes[0], with.scene.frame.sizes, {pathway, layer, 0});
                QCOMPARE(tables.size(), std::size_t(3));
                LaneFrame& lane = with.scene.frame.lanes[0];
                const auto weightsOf = [&lane](int of) {
                    const std::string prefix = "layer" + std::to_string(of) + ".W_";
                    LayerWeights w;
                    for (const CircuitMatrixRow& row : kCircuitMatrices) {
                        if (const Matrix* m = lane.matrix(prefix + row.pathway))
                            w.*row.matrix = *m;
                    }
                    return w;
                };
                const LayerWeights own = weightsOf(layer), next = weightsOf(layer + 1);
                const LayerWeights target = selfPredictingWeights(
                    with.scene.frame.lanes[0].parameters, own, next, layer, 3);
                const Matrix& wanted = pathway == Pathway::Pi ? target.pi : target.ip;
                for (std::size_t i = 0; i < wanted.values.size(); ++i) {
                    QVERIFY(std::abs(tables[1].values.values[i] - wanted.values[i]) < 1e-15);
                    QVERIFY(std::abs(tables[2].values.values[i]
                                - (tables[0].values.values[i] - wanted.values[i]))
                        < 1e-15);
                }
            }
    }

    void rowsAndColumnsAreTheNeuronsOfThePathway()
    {
        WeightsScene with({8, 6, 5, 3});
        const auto& sizes = with.scene.frame.sizes;
        const auto names = [&](const Pathway& pathway, int layer) {
            const auto tables =
                weightsTables(with.scene.frame.lanes[0], sizes, {pathway, layer, 0});
            return tables[0].rows.label(0, sizes) + u' ' + tables[0].cols.label(1, sizes);
        };
        QCOMPARE(names(Pathway::Pi, 2), u"h2.1 i2.2"_s);
        QCOMPARE(names(Pathway::Ip, 1), u"i1.1 h1.2"_s);
        QCOMPARE(names(Pathway::Up, 1), u"h1.1 x2"_s);
        QCOMPARE(names(Pathway::Up, 3), u"o1 h2.2"_s);
        QCOMPARE(names(Pathway::Down, 2), u"h2.1 o2"_s);
    }

    void aClickOnACellSelectsItsNeuronAndALabelItsColumn()
    {
        WeightsScene with;
        const Shown shown(with);
        QSignalSpy spy(shown.view.get(), &View::selected);
        const WeightsLayout layout = layoutOf(with, QSizeF(480, 144));
        QTest::mouseClick(
            shown.view.get(), Qt::LeftButton, {}, layout.cellRect(0, 4, 1).center().toPoint());
        QTest::mouseClick(
            shown.view.get(), Qt::LeftButton, {}, layout.columnLabel(0, 2).center().toPoint());
        QCOMPARE(spy.size(), 2);
        QCOMPARE(spy[0][0].value<Selection>(), (Selection{Selection::Population::Pyramidal, 1, 4}));
        QCOMPARE(
            spy[1][0].value<Selection>(), (Selection{Selection::Population::Interneuron, 1, 2}));
    }

    void theSelectedNeuronsRowIsFramed()
    {
        WeightsScene with;
        const Shown shown(with);
        const WeightsLayout layout = layoutOf(with, QSizeF(480, 144));
        const QRectF frame = layout.rowRect(1, 2);
        const QImage image = shown.grab();
        QCOMPARE(
            image.pixelColor(frame.topLeft().toPoint() + QPoint(20, 0)), Theme::light().accent);
        QVERIFY(image.pixelColor(layout.rowRect(1, 4).topLeft().toPoint() + QPoint(20, 0))
            != Theme::light().accent);
    }

    void theRangeChangesByTheWheelOnly()
    {
        WeightsScene with;
        for (double& v : test::matrix(with.scene.frame.lanes[0], "layer1.W_pi").values)
            v *= 5; // far out of range
        const Shown shown(with);
        const QImage before = shown.grab();
        shown.view->refresh(with.scene);
        QCOMPARE(shown.grab(), before);
        const WeightsLayout layout = layoutOf(with, QSizeF(480, 144));
        const QPointF bar = layout.colourBar().center();
        const auto turn = [&](int delta) {
            QWheelEvent wheel(bar, shown.view->mapToGlobal(bar), {}, {0, delta}, Qt::NoButton, {},
                Qt::NoScrollPhase, false);
            QApplication::sendEvent(shown.view.get(), &wheel);
        };
        turn(-120);
        QVERIFY(shown.grab() != before);
        turn(-120);
        QTest::mouseDClick(shown.view.get(), Qt::LeftButton, {}, bar.toPoint());
        QCOMPARE(shown.grab(), before);
    }

    void anyLaneStandsBesideTheFirst()
    {
        WeightsScene with;
        for (const double scale : {2.0, 5.0}) {
            Frame next = with.scene.frame;
            next.lanes.resize(1);
            scaleWeights(next, scale);
            with.scene.frame.lanes.push_back(next.lanes[0]);
        }
        const Matrix& first = *with.scene.frame.lanes[0].matrix("layer1.W_up");
        for (const int lane : {0, 1, 2}) {
            const auto tables = weightsSideBySide(with.scene.frame, {Pathway::Up, 1, lane});
            QCOMPARE(tables.size(), std::size_t{3});
            QCOMPARE(tables[0].lane, 0);
            QCOMPARE(tables[1].lane, std::max(lane, 1));
            QCOMPARE(tables[2].title, lane == 2 ? u"C \u2212 A"_s : u"B \u2212 A"_s);
            const double more = lane == 2 ? 4 : 1;
            for (std::size_t i = 0; i < first.values.size(); ++i)
                QCOMPARE(tables[2].values.values[i], more * first.values[i]);
        }
    }

    void namesOfManyColumnsDoNotOverlap()
    {
        WeightsScene with;
        WeightsTable table;
        table.values = Matrix(100, 785); // with a bias
        table.rows = {Selection::Population::Pyramidal, 1, 100};
        table.cols = {Selection::Population::Input, 0, 784};
        const WeightsLayout layout(QRectF(0, 0, 620, 160), {table}, {784, 100, 10});
        const double step = layout.columnLabel(0, layout.columnStep()).center().x()
            - layout.columnLabel(0, 0).center().x();
        QVERIFY(step > QFontMetricsF(uiFont(10)).horizontalAdvance(u"x784"_s));
    }

    void smallWeightsOfALargeNetworkAreSeen()
    {
        WeightsScene with({784, 500, 10});
        with.scene.selection = {};
        scaleWeights(with.scene.frame, 0.05);
        const QSize size(480, 600); // a pixel or more for every row
        Shown shown(with, size);
        const auto strongest = [&] {
            const QImage image = shown.grab();
            const QRect cells = layoutOf(with, size).cells(0).toRect();
            int most = 0;
            for (int x = cells.left() + 2; x < cells.right() - 2; ++x)
                for (int y = cells.top() + 2; y < cells.bottom() - 2; ++y) {
                    const QColor c = image.pixelColor(x, y);
                    most = std::max({most, 255 - c.red(), 255 - c.blue()});
                }
            return most;
        };
        const int pale = strongest();
        with.scene.weightRanges = startingRanges(with.scene.frame);
        with.scene.weightRanges.choice = 1;
        shown.view->refresh(with.scene);
        QVERIFY2(pale < 30 && strongest() > 100, qPrintable(QString::number(strongest())));
    }

    void oneButtonAsksToRefitAndTakesBackWhatTheWheelDid()
    {
        WeightsScene with;
        const Shown shown(with);
        const QImage before = shown.grab();
        const QPointF bar = layoutOf(with, QSizeF(480, 144)).colourBar().center();
        QWheelEvent wheel(bar, shown.view->mapToGlobal(bar), {}, {0, -120}, Qt::NoButton, {},
            Qt::NoScrollPhase, false);
        QApplication::sendEvent(shown.view.get(), &wheel);
        shown.view->refresh(with.scene);
        QVERIFY(shown.grab() != before); // a range turned by hand stays
        QSignalSpy asked(shown.view.get(), &View::actionRequested);
        auto* refit = shown.view->findChild<QToolButton*>(u"refit"_s);
        QVERIFY(refit->isVisible() && !refit->toolTip().isEmpty());
        refit->click();
        QCOMPARE(asked.takeFirst().at(0).toString(), u"refit_ranges"_s);
        shown.view->refresh(with.scene);
        QCOMPARE(shown.grab(), before);
    }

    void numbersChangeOnlyWhenTextIsDue()
    {
        WeightsScene with;
        const Shown shown(with);
        QVERIFY(shown.view->csv().contains(u"W_pi,h1,i1,"_s));
        QCOMPARE(cellText(0.2149, false), u"+.21"_s);
        QCOMPARE(cellText(-0.996, false), QString(QChar(0x2212)) + u"1.0"_s);
        QCOMPARE(cellText(-0.0131, true), QString(QChar(0x2212)) + u".013"_s);
        QCOMPARE(cellText(12.4, true), u"+12"_s);
        QCOMPARE(cellText(std::nan(""), true), QString(QChar(0x2013)));
    }

    void everyPathwayOfEveryNetworkDraws_data()
    {
        QTest::addColumn<QList<int>>("sizes");
        QTest::addColumn<QSize>("size");
        QTest::newRow("8-6-3") << QList<int>{8, 6, 3} << QSize(480, 144);
        QTest::newRow("deep") << QList<int>{8, 6, 5, 3} << QSize(480, 144);
        QTest::newRow("single") << QList<int>{1, 1, 1} << QSize(480, 144);
        QTest::newRow("bars") << QList<int>{9, 30, 3} << QSize(480, 144);
        QTest::newRow("mnist") << QList<int>{784, 500, 10} << QSize(740, 300);
    }

    void everyPathwayOfEveryNetworkDraws()
    {
        QFETCH(QList<int>, sizes);
        QFETCH(QSize, size);
        WeightsScene with(std::vector<int>(sizes.begin(), sizes.end()));
        const Shown shown(with, size);
        auto* menu = shown.view->findChild<QToolButton*>(u"pathway"_s)->menu();
        QSet<QString> titles;
        for (int k = 0; k < 4; ++k) {
            Q_EMIT menu->aboutToShow();
            menu->actions().at(k)->trigger();
            const QImage image = shown.grab();
            keep(
                image, u"weights_%1_%2"_s.arg(QString::fromLatin1(QTest::currentDataTag())).arg(k));
            titles.insert(shown.view->csv().section(u'\n', 1, 1).section(u',', 0, 0));
        }
        QCOMPARE(titles, (QSet<QString>{u"W_pi"_s, u"W_ip"_s, u"W_up"_s, u"W_down"_s}));
    }

    void itIsDrawnInLightAndDarkAndWithoutWeights()
    {
        for (const Theme* theme : {&Theme::light(), &Theme::darkTheme()}) {
            applyTheme(*qApp, *theme);
            WeightsScene with({8, 6, 3}, *theme);
            const Shown shown(with);
            QCOMPARE(shown.grab().pixelColor(2, 140), theme->panel);
            keep(shown.grab(), theme->dark ? u"weights_dark"_s : u"weights_light"_s);
            with.scene.frame = frameOf({8, 6, 3}, 0, 1.9);
            shown.view->refresh(with.scene);
            keep(shown.grab(), theme->dark ? u"weights_start_dark"_s : u"weights_start_light"_s);
            with.scene.frame.lanes[0].weights.clear();
            shown.view->refresh(with.scene);
            shown.grab();
            QCOMPARE(shown.view->csv().count(u'\n'), 1);
        }
    }
};

QTEST_MAIN(TestWeightsView)
#include "tst_weights_view.moc"
