// The alignment scatters: points where the weights say, both ways of selection, numbers that may be
// missing.
#include "tests/window/weights_scene.h"
#include "widgets/look/style.h"
#include "widgets/plot/scatter_plot.h"
#include "widgets/weights/alignment_view.h"
#include "widgets/weights/ranges.h"

#include <QApplication>
#include <QMenu>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include <cmath>
#include <limits>
#include <memory>

using namespace apical;
using namespace apical::test;
using namespace Qt::Literals::StringLiterals;

namespace {

/// APICAL_GRABS=DIR keeps the pictures for looking at.
void keep(const QImage& image, const QString& name)
{
    if (const QString folder = qEnvironmentVariable("APICAL_GRABS"); !folder.isEmpty())
        image.save(folder + u'/' + name + u".png"_s);
}

std::unique_ptr<View> shown(const WeightsScene& with, QSize size = {495, 144})
{
    std::unique_ptr<View> view(makeAlignmentView(nullptr));
    view->resize(size);
    view->refresh(with.scene);
    view->show();
    return view;
}

} // namespace

class TestAlignment : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void pointsStandWhereTheirValuesSay()
    {
        ScatterPlot plot;
        plot.x = {-1, 0, 0.5};
        plot.y = {-1, 0, 1};
        const QRectF square(10, 20, 100, 100);
        QCOMPARE(plot.place(square, 0), QPointF(10, 120));
        QCOMPARE(plot.place(square, 1), QPointF(60, 70));
        QCOMPARE(plot.place(square, 2), QPointF(85, 20));
        QCOMPARE(plot.pointAt(square, {86, 22}), 2);
        QCOMPARE(plot.pointAt(square, {30, 30}), -1);
    }

    void pointsBeyondTheRangeStandAtTheRimAndAreCounted()
    {
        ScatterPlot plot;
        plot.range = 0.05;
        const double nan = std::numeric_limits<double>::quiet_NaN();
        plot.x = {0.02, 0.05, -0.06, nan};
        plot.y = {-0.01, 0.05, 0.3, 0.3};
        QCOMPARE(plot.outside(), std::size_t(1));
        const QRectF square(0, 0, 100, 100);
        QCOMPARE(plot.place(square, 0), QPointF(70, 60));
        QCOMPARE(plot.place(square, 2), QPointF(0, 0));
    }

    void axesChangeWithTheRangesOfTheRunAndOneButtonAsksForOthers()
    {
        WeightsScene with;
        with.scene.weightRanges = startingRanges(with.scene.frame);
        const auto view = shown(with);
        const QImage before = view->grab().toImage();
        with.scene.weightRanges.ranges[{Pathway::Pi, 1}].weights = 5;
        view->refresh(with.scene);
        QVERIFY(view->grab().toImage() != before);
        QSignalSpy asked(view.get(), &View::actionRequested);
        auto* refit = view->findChild<QToolButton*>(u"refit"_s);
        QCOMPARE(refit->accessibleName(), u"Refit range"_s);
        QTest::keyClick(refit, Qt::Key_Space);
        QCOMPARE(asked.takeFirst().at(0).toString(), u"refit_ranges"_s);
    }

    void smallWeightsOfALargeNetworkFillTheirPlot()
    {
        WeightsScene with({784, 500, 10});
        with.scene.frame = frameOf({784, 500, 10}, 0, 0.9);
        scaleWeights(with.scene.frame, 0.05);
        with.scene.selection = {};
        const auto spread = [&] { // of 103 px
            const auto view = shown(with);
            const QImage image = view->grab().toImage();
            int least = 145, most = 43;
            for (int x = 43; x < 145; ++x)
                for (int y = 9; y < 111; ++y)
                    if (image.pixelColor(x, y) == Theme::light().apical) {
                        least = std::min(least, x);
                        most = std::max(most, x);
                    }
            return most - least;
        };
        QVERIFY(spread() < 10);
        with.scene.weightRanges = startingRanges(with.scene.frame);
        QCOMPARE(with.scene.weightRanges.of(Pathway::Pi, 1).weights, 0.1);
        QVERIFY2(spread() > 30, qPrintable(QString::number(spread())));
    }

    void theLineThroughTheCornersIsDrawnAndPointsInTheirColour()
    {
        ScatterPlot plot;
        plot.x = {0.0};
        plot.y = {0.5};
        plot.marked = {true};
        plot.category = Theme::light().apical;
        QImage image(200, 200, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        const QRectF square(60, 20, 100, 100);
        plot.paint(painter, square, Theme::light());
        painter.end();
        QCOMPARE(image.pixelColor(plot.place(square, 0).toPoint()), Theme::light().apical);
        int onLine = 0;
        for (int k = 2; k < 98; ++k)
            onLine += image.pixelColor(60 + k, 119 - k) != QColor(Qt::white);
        QVERIFY(onLine > 30); // dashed
    }

    void numbersThatDoNotExistSayNotAvailable()
    {
        QCOMPARE(alignmentText(std::numeric_limits<double>::quiet_NaN(), 3), u"n/a"_s);
        QCOMPARE(alignmentText(-0.9995, 4), QString(QChar(0x2212)) + u"0.9995"_s);
        QCOMPARE(alignmentText(1.0034, 3), u"1.003"_s);
    }

    void aClickSelectsThePostNeuronAndASecondOneThePre()
    {
        WeightsScene with;
        const auto view = shown(with);
        QSignalSpy spy(view.get(), &View::selected);
        // Finds the first point from its values: square geometry is the view's own.
        const Matrix& down = test::matrix(with.scene.frame.lanes[0], "layer1.W_down");
        const Matrix& pi = test::matrix(with.scene.frame.lanes[0], "layer1.W_pi");
        const double side = 103;
        const QPointF at(42.5 + (1 - down(4, 1)) / 2 * side, 8.5 + (1 - pi(4, 1)) / 2 * side);
        QTest::mouseClick(view.get(), Qt::LeftButton, {}, at.toPoint());
        QCOMPARE(spy.size(), 1);
        const auto first = spy[0][0].value<Selection>();
        QCOMPARE(first.population, Selection::Population::Pyramidal);
        with.scene.selection = first;
        view->refresh(with.scene);
        QTest::mouseClick(view.get(), Qt::LeftButton, {}, at.toPoint());
        QCOMPARE(spy.size(), 2);
        QCOMPARE(spy[1][0].value<Selection>().population, Selection::Population::Interneuron);
    }

    void theCsvHoldsTargetsAndWeights()
    {
        WeightsScene with;
        const auto view = shown(with);
        const QString csv = view->csv();
        QCOMPARE(csv.count(u'\n'), 1 + 18 + 18);
        const QStringList line = csv.split(u'\n').at(1).split(u',');
        QCOMPARE(line.mid(0, 3), (QStringList{u"W_pi"_s, u"h1"_s, u"i1"_s}));
        QCOMPARE(
            line[3].toDouble(), -test::matrix(with.scene.frame.lanes[0], "layer1.W_down")(0, 0));
    }

    void deepNetsOfferTheirLayersAndShallowOnesDoNot()
    {
        WeightsScene shallow;
        QVERIFY(!shown(shallow)->findChild<QToolButton*>(u"layer"_s)->isVisible());
        WeightsScene deep({8, 6, 5, 3});
        const auto view = shown(deep);
        auto* button = view->findChild<QToolButton*>(u"layer"_s);
        QVERIFY(button->isVisible());
        Q_EMIT button->menu()->aboutToShow();
        QCOMPARE(button->menu()->actions().size(), 2);
        button->menu()->actions().at(1)->trigger();
        QVERIFY(view->csv().contains(u"W_pi,h2.1,i2.1,"_s));
        keep(view->grab().toImage(), u"alignment_deep"_s);
    }

    void itIsDrawnAtItsSizesInLightAndDark()
    {
        for (const Theme* theme : {&Theme::light(), &Theme::darkTheme()}) {
            applyTheme(*qApp, *theme);
            WeightsScene with({8, 6, 3}, *theme);
            const QString name = theme->dark ? u"alignment_dark"_s : u"alignment_light"_s;
            const auto view = shown(with);
            const QImage image = view->grab().toImage();
            keep(image, name);
            QCOMPARE(image.pixelColor(2, 2), theme->panel);
            view->resize(740, 128);
            keep(view->grab().toImage(), name + u"_compact"_s);
            with.scene.frame = frameOf({8, 6, 3}, 10, 1.9);
            view->resize(495, 144);
            view->refresh(with.scene);
            keep(view->grab().toImage(), name + u"_start"_s);
        }
    }

    void largeNetworksAreDrawnAsDots()
    {
        WeightsScene with({784, 500, 10});
        const auto view = shown(with);
        keep(view->grab().toImage(), u"alignment_mnist"_s);
        QVERIFY(view->csv().count(u'\n') == 1 + 5000 + 5000);
    }

    void nothingBreaksWithoutWeights()
    {
        WeightsScene with;
        with.scene.frame.lanes[0].weights.clear();
        const auto view = shown(with);
        keep(view->grab().toImage(), u"alignment_empty"_s);
        QCOMPARE(view->csv().count(u'\n'), 1);
    }
};

QTEST_MAIN(TestAlignment)
#include "tst_alignment.moc"
