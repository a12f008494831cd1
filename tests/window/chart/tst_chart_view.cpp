// The chart view: points stand at their values on screen and in files, in the colours of the theme.
#include "app/session/export.h"
#include "widgets/chart/chart_points.h"
#include "widgets/chart/chart_view.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QImage>
#include <QPainter>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

namespace {

/// A straight line from (0, 0) to (100, 100).
Chart straight()
{
    ChartSeries series;
    series.name = u"validation"_s;
    series.color = [](const Theme& t) { return t.soma; };
    for (const double at : {0.0, 25.0, 100.0}) {
        series.x.push_back(at);
        series.y.push_back(at);
    }
    Chart chart;
    chart.x = {.name = u"epoch"_s, .unit = {}, .high = 100, .whole = true, .labelled = {}};
    chart.y = {.name = u"error"_s, .unit = u"%"_s, .high = 100, .labelled = {}};
    chart.series = {series};
    return chart;
}

/// The same with a loss that falls from 1 to 0.01 and is 0 at last.
Chart falling()
{
    Chart chart = straight();
    chart.y = {.name = u"loss"_s,
        .unit = u"1"_s,
        .logarithmic = true,
        .low = 1e-4,
        .high = 1,
        .labelled = {}};
    chart.series[0].x = {0, 50, 75, 100};
    chart.series[0].y = {1, 0.01, 0, 0};
    return chart;
}

QImage pictureOf(ChartView& view, const Theme& theme = Theme::light())
{
    QImage image(view.size(), QImage::Format_RGB32);
    image.fill(theme.panel);
    QPainter painter(&image);
    view.paint(painter, QRectF(view.rect()));
    return image;
}

bool alike(const QColor& a, const QColor& b)
{
    return std::abs(a.red() - b.red()) + std::abs(a.green() - b.green())
        + std::abs(a.blue() - b.blue())
        < 100;
}

bool inked(const QImage& image, const QPointF& where, const QColor& color, int around = 1)
{
    const QPoint at(static_cast<int>(where.x()), static_cast<int>(where.y()));
    for (int y = at.y() - around; y <= at.y() + around; ++y)
        for (int x = at.x() - around; x <= at.x() + around; ++x)
            if (image.rect().contains(x, y) && alike(image.pixelColor(x, y), color))
                return true;
    return false;
}

int count(const QImage& image, const QRect& where, const QColor& color)
{
    int found = 0;
    for (int y = where.top(); y <= where.bottom(); ++y)
        for (int x = where.left(); x <= where.right(); ++x)
            found += alike(image.pixelColor(x, y), color);
    return found;
}

struct Bench {
    ChartView view;
    explicit Bench(std::vector<Chart> charts, QSize size = {500, 300})
    {
        view.resize(size);
        view.setCharts(std::move(charts));
    }
};

} // namespace

class ChartViewTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void withoutSeriesThereAreNoAxes()
    {
        ChartView view;
        view.resize(400, 240);
        Chart chart = straight();
        chart.series.clear();
        chart.note = u"Nothing yet."_s;
        view.setCharts({chart});
        const QImage image = pictureOf(view);
        for (int y = 0; y < image.height(); ++y)
            QCOMPARE(image.pixelColor(60, y), Theme::light().panel);
    }

    void pointsLandOnTheExpectedPixels()
    {
        Bench with({straight()});
        const QRectF plot = with.view.plotArea(0);
        const QImage image = pictureOf(with.view);
        for (const double value : {1.0, 25.0, 60.0, 99.0}) {
            // Two pixels of air at either end.
            const QPointF at(plot.left() + 2 + value / 100 * (plot.width() - 4),
                plot.bottom() - 2 - value / 100 * (plot.height() - 4));
            const QPointF told = with.view.pixelOf(0, value, value);
            QVERIFY2(std::hypot(told.x() - at.x(), told.y() - at.y()) < 0.5,
                qPrintable(u"%1, %2 against %3, %4"_s.arg(told.x()).arg(told.y()).arg(at.x()).arg(
                    at.y())));
            QVERIFY(inked(image, at, Theme::light().soma));
        }
        QVERIFY(!inked(image, with.view.pixelOf(0, 25, 60), Theme::light().soma));
    }

    void anotherSizeLooksAsIfItHadAlwaysBeenSo()
    {
        Bench with({straight(), falling()}, {900, 500});
        pictureOf(with.view);
        with.view.resize(600, 300);
        Bench fresh({straight(), falling()}, {600, 300});
        QCOMPARE(pictureOf(with.view), pictureOf(fresh.view));
        with.view.setCharts({falling(), straight()});
        Bench other({falling(), straight()}, {600, 300});
        QCOMPARE(pictureOf(with.view), pictureOf(other.view));
    }

    void zeroOnALogAxisStandsOnItsFloorAndHidesNothing()
    {
        Bench with({falling()});
        const QImage image = pictureOf(with.view);
        const QRectF plot = with.view.plotArea(0);
        QVERIFY(inked(image, with.view.pixelOf(0, 25, 0.1), Theme::light().soma)); // half-way down
        const QPointF floor = with.view.pixelOf(0, 90, 0);
        QVERIFY(std::abs(floor.y() - (plot.bottom() - 2)) < 0.5);
        QVERIFY(inked(image, floor, Theme::light().soma));
        // A number that is none is left out; the rest stays.
        Chart broken = falling();
        broken.series[0].x.insert(broken.series[0].x.begin() + 1, 10);
        broken.series[0].y.insert(
            broken.series[0].y.begin() + 1, std::numeric_limits<double>::quiet_NaN());
        with.view.setCharts({broken});
        QVERIFY(inked(pictureOf(with.view), with.view.pixelOf(0, 25, 0.1), Theme::light().soma));
    }

    void aLogAxisIsLabelledByItsPowers()
    {
        Bench with({falling()});
        QTemporaryDir folder;
        exportView(with.view, folder.filePath(u"a.svg"_s), {});
        QFile file(folder.filePath(u"a.svg"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString svg = QString::fromUtf8(file.readAll());
        for (const QString& label : {u"10\u207b\u2074"_s, u"10\u207b\u00b2"_s, u"loss (1)"_s})
            QVERIFY2(svg.contains(label), qPrintable(label));
        QVERIFY(!svg.contains(u"0.00"_s));
    }

    void anSvgHoldsTheCurves()
    {
        Bench with({straight(), falling()}, {900, 300});
        QTemporaryDir folder;
        exportView(with.view, folder.filePath(u"a.svg"_s), {});
        QFile file(folder.filePath(u"a.svg"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString svg = QString::fromUtf8(file.readAll());
        QVERIFY(svg.contains(u"validation"_s));
        // Both curves, each with the sample in its legend.
        QVERIFY2(svg.count(Theme::light().soma.name()) >= 2, qPrintable(svg.left(2000)));
        QVERIFY(!svg.contains(u"<image"_s));
        exportView(with.view, folder.filePath(u"a.png"_s), {});
        const QImage image(folder.filePath(u"a.png"_s));
        QVERIFY(inked(image, 2 * with.view.pixelOf(1, 25, 0.1), Theme::light().soma));
    }

    void aThemeChangeRecolours()
    {
        Bench with({straight()});
        Scene scene;
        with.view.refresh(scene);
        QImage image = pictureOf(with.view);
        QVERIFY(inked(image, with.view.pixelOf(0, 25, 25), Theme::light().soma));
        scene.theme = &Theme::darkTheme();
        with.view.refresh(scene);
        image = pictureOf(with.view, Theme::darkTheme());
        QVERIFY(inked(image, with.view.pixelOf(0, 25, 25), Theme::darkTheme().soma));
        QVERIFY(!inked(image, with.view.pixelOf(0, 25, 25), Theme::light().soma));
        const QRect below(60, 262, 420, 20); // digits of the axis
        QVERIFY(count(image, below, Theme::darkTheme().ink3) > 0);
        QCOMPARE(count(image, below, Theme::light().panel), 0);
    }

    void spreadIsABandOrWhiskers()
    {
        Chart chart = straight();
        ChartSeries& series = chart.series[0];
        series.y = {50, 50, 50};
        series.low = {20, 20, 20};
        series.high = {80, 80, 80};
        Bench with({chart});
        QImage image = pictureOf(with.view);
        const QColor paper = Theme::light().panel;
        const QPointF beside = with.view.pixelOf(0, 41, 63), outside = with.view.pixelOf(0, 41, 88);
        QVERIFY(image.pixelColor(beside.toPoint()) != paper);
        QCOMPARE(image.pixelColor(outside.toPoint()), paper);
        chart.series[0].spread = ChartSeries::Spread::Whiskers;
        with.view.setCharts({chart});
        image = pictureOf(with.view);
        QCOMPARE(image.pixelColor(beside.toPoint()), paper);
        QVERIFY(inked(image, with.view.pixelOf(0, 25, 65), Theme::light().soma));
        QVERIFY(inked(image, with.view.pixelOf(0, 25, 80) + QPointF(3, 0), Theme::light().soma));
    }

    void moreEpochsThanPixelsAreDrawnFromLeastToGreatest()
    {
        Chart chart = straight();
        ChartSeries& series = chart.series[0];
        series.x.clear();
        series.y.clear();
        for (int i = 0; i <= 2000; ++i) {
            series.x.push_back(i / 20.0);
            series.y.push_back(i == 1000 ? 95 : 10);
        }
        const ChartPoints points = pointsOf(series, chart.x, chart.y, {0, 100}, 400);
        QVERIFY(points.line.isEmpty());
        QVERIFY(points.high.size() <= 400);
        const auto highest = std::ranges::max(points.high, {}, &QPointF::y);
        QCOMPARE(highest.y(), 95.0);
        Bench with({chart});
        QVERIFY(inked(pictureOf(with.view), with.view.pixelOf(0, 50, 90), Theme::light().soma));
    }

    void theLegendNamesEverySeriesOnce()
    {
        Chart chart = straight();
        chart.series.push_back(chart.series[0]);
        chart.series[1].name = u"train"_s;
        chart.series[1].value = u"12 %"_s;
        chart.series[1].low = {0, 0, 0};
        chart.series[1].high = {9, 9, 9};
        Bench with({chart});
        QTemporaryDir folder;
        exportView(with.view, folder.filePath(u"a.svg"_s), {});
        QFile file(folder.filePath(u"a.svg"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString svg = QString::fromUtf8(file.readAll());
        QCOMPARE(svg.count(u"validation"_s), 1);
        QCOMPARE(svg.count(u">train"_s), 1);
        QCOMPARE(svg.count(u"12 %"_s), 1);
    }

    void valuesUnderTheMouseAreThoseOfTheNearestPoint()
    {
        Bench with({straight()});
        const QPointF at = with.view.pixelOf(0, 30, 80);
        QCOMPARE(with.view.valuesAt(at), u"epoch 25\nvalidation error 25.0 %"_s);
        QCOMPARE(with.view.valuesAt({2, 2}), QString());
    }

    void wheelDragAndKeysZoomAndADoubleClickShowsAllAgain()
    {
        Bench with({straight()});
        ChartView& view = with.view;
        view.show();
        const QPointF before = view.pixelOf(0, 25, 25);
        const QPointF global = view.mapToGlobal(before);
        QWheelEvent wheel(
            before, global, {}, {0, 120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&view, &wheel);
        QVERIFY(view.zoomed());
        QVERIFY(view.subtitle().contains(u"double click"_s));
        const QPointF after = view.pixelOf(0, 25, 25); // stays under the mouse
        QVERIFY(std::hypot(after.x() - before.x(), after.y() - before.y()) < 1);
        QVERIFY(inked(pictureOf(view), after, Theme::light().soma));
        QVERIFY(view.plotArea(0).right() < view.pixelOf(0, 100, 100).x());
        QTest::mouseDClick(&view, Qt::LeftButton, {}, before.toPoint());
        QVERIFY(!view.zoomed());
        QVERIFY(std::abs(view.pixelOf(0, 25, 25).x() - before.x()) < 0.5);

        const QPointF from = view.pixelOf(0, 20, 40), to = view.pixelOf(0, 40, 10);
        QTest::mousePress(&view, Qt::LeftButton, {}, from.toPoint());
        QTest::mouseMove(&view, to.toPoint());
        QTest::mouseRelease(&view, Qt::LeftButton, {}, to.toPoint());
        QVERIFY(view.zoomed());
        QVERIFY(std::abs(view.pixelOf(0, 20, 40).x() - view.plotArea(0).left()) < 8);
        QVERIFY(std::abs(view.pixelOf(0, 20, 40).y() - view.plotArea(0).top()) < 8);
        QVERIFY(inked(pictureOf(view), view.pixelOf(0, 30, 30), Theme::light().soma));
        QTest::keyClick(&view, Qt::Key_Backspace);
        QVERIFY(!view.zoomed());
        QTest::keyClick(&view, Qt::Key_Plus);
        QVERIFY(view.zoomed());
        QTest::keyClick(&view, Qt::Key_Minus);
        QVERIFY(!view.zoomed());
        // New values do not end a zoom.
        QTest::keyClick(&view, Qt::Key_Plus);
        view.setCharts({straight()});
        QVERIFY(view.zoomed());
    }

    void sixCurvesAreReplacedWithinAFrame()
    {
        Chart chart = falling();
        ChartSeries series = chart.series[0];
        series.x.clear();
        for (int i = 0; i < 300; ++i)
            series.x.push_back(i / 3.0);
        chart.series.assign(6, series);
        Bench with({chart});
        pictureOf(with.view);
        QElapsedTimer timer;
        timer.start();
        for (int turn = 0; turn < 10; ++turn) {
            for (ChartSeries& each : chart.series) {
                each.y.assign(300, 0.01 * (turn + 1));
                each.name = u"c%1"_s.arg(turn % 2);
            }
            with.view.setCharts({chart});
            pictureOf(with.view);
        }
        qInfo("%.2f ms", static_cast<double>(timer.nsecsElapsed()) / 1e7);
        QVERIFY(timer.elapsed() < 10 * 100); // sanitizers included; a frame is 16 ms
    }
};

QTEST_MAIN(ChartViewTest)
#include "tst_chart_view.moc"
