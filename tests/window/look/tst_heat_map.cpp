// The heat map: colours follow the values, and both backends give the same pixels. The comparison
// needs OpenGL: under the offscreen platform this program runs itself once more inside xvfb-run, or
// skips visibly.
#include "widgets/plot/heat_map.h"

#include <QApplication>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include <cmath>
#include <limits>

using namespace apical;

namespace {

Matrix waves(int rows, int cols, double amplitude = 1.2)
{
    Matrix m(rows, cols);
    for (int r = 0; r < rows; ++r)
        for (int c = 0; c < cols; ++c)
            m(r, c) = amplitude * std::sin(0.7 * r + 0.31 * c * c);
    return m;
}

int worstLevel(const QImage& a, const QImage& b)
{
    int worst = a.size() == b.size() ? 0 : 255;
    for (int y = 0; y < a.height() && worst < 255; ++y)
        for (int x = 0; x < a.width(); ++x) {
            const QColor p = a.pixelColor(x, y), q = b.pixelColor(x, y);
            worst = std::max({worst, std::abs(p.red() - q.red()), std::abs(p.green() - q.green()),
                std::abs(p.blue() - q.blue())});
        }
    return worst;
}

QImage drawn(
    HeatMap::Backend backend, const Matrix& m, double range, const Theme& theme, QSize size)
{
    HeatMap map;
    map.setBackend(backend);
    map.setMatrix(m);
    map.setRange(range);
    map.setTheme(theme);
    return map.image(size).copy();
}

bool isOffscreen()
{
    return QGuiApplication::platformName() != QLatin1String("xcb");
}

} // namespace

class TestHeatMap : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyCellHasTheColourOfItsValue()
    {
        const Matrix m = waves(6, 3);
        for (const Theme* theme : {&Theme::light(), &Theme::darkTheme()}) {
            const QImage image = drawn(HeatMap::Backend::Painter, m, 1, *theme, {102, 96});
            for (int r = 0; r < 6; ++r)
                for (int c = 0; c < 3; ++c)
                    QCOMPARE(image.pixel(c * 34 + 17, r * 16 + 8), theme->signRgb(m(r, c)));
        }
    }

    void zeroIsThePaperOfTheRampAndNaNIsNot()
    {
        Matrix m(1, 2, 0.0);
        m(0, 1) = std::numeric_limits<double>::quiet_NaN();
        const QImage image = drawn(HeatMap::Backend::Painter, m, 1, Theme::light(), {20, 10});
        QCOMPARE(image.pixelColor(2, 5), Theme::light().sign[2]);
        QCOMPARE(image.pixelColor(17, 5), Theme::light().ink3);
    }

    void theRangeIsKeptAndClippingIsSaid()
    {
        HeatMap map;
        map.setBackend(HeatMap::Backend::Painter);
        map.setMatrix(Matrix(2, 2, -1.8));
        QVERIFY(map.clipped());
        QCOMPARE(map.largest(), 1.8);
        QCOMPARE(map.image({8, 8}).pixel(3, 3), Theme::light().signRgb(-1));
        map.setRange(2);
        QVERIFY(!map.clipped());
        QCOMPARE(map.image({8, 8}).pixel(3, 3), Theme::light().signRgb(-0.9));
    }

    void cellsBelowAPixelBecomeMeansOfBlocks()
    {
        HeatMap map;
        map.setBackend(HeatMap::Backend::Painter);
        Matrix m(500, 784);
        for (int r = 0; r < 500; ++r)
            for (int c = 0; c < 784; ++c)
                m(r, c) = (r + c) % 2 ? 1.0 : -1.0; // a checkerboard: honest means are 0
        map.setMatrix(m);
        const QImage& image = map.image({150, 96});
        QCOMPARE(map.block(), QSize(6, 6));
        QCOMPARE(image.pixel(70, 40), Theme::light().signRgb(0));
    }

    void rowsThatAreLargeEnoughAreNotAveraged()
    {
        HeatMap map;
        map.setBackend(HeatMap::Backend::Painter);
        Matrix m(2, 400, 0.5);
        std::fill(m.values.begin(), m.values.begin() + 400, -0.5);
        map.setMatrix(m);
        const QImage& image = map.image({100, 20});
        QCOMPARE(map.block(), QSize(4, 1));
        QCOMPARE(image.pixel(50, 5), Theme::light().signRgb(-0.5));
        QCOMPARE(image.pixel(50, 15), Theme::light().signRgb(0.5));
    }

    void blocksAtTheEdgeAreMeansOfWhatIsThere()
    {
        Matrix m(3, 3, 1.0);
        m(2, 2) = 5;
        const Matrix means = blockMeans(m, {2, 2});
        QCOMPARE(means.rows, 2);
        QCOMPARE(means(0, 0), 1.0);
        QCOMPARE(means(1, 1), 5.0);
    }

    void anUnchangedMatrixIsNotDrawnAgain()
    {
        HeatMap map;
        map.setBackend(HeatMap::Backend::Painter);
        map.setMatrix(waves(6, 3));
        const qint64 before = map.image({102, 96}).cacheKey();
        map.setMatrix(waves(6, 3));
        QCOMPARE(map.image({102, 96}).cacheKey(), before);
        map.setMatrix(waves(6, 3, 0.5));
        QVERIFY(map.image({102, 96}).cacheKey() != before);
    }

    void openGlThatFailsFallsBackToTheTwin()
    {
        // Larger than any texture of this machine: drawing must not fail, only change its hand.
        HeatMap map;
        map.setBackend(HeatMap::Backend::OpenGl);
        map.setMatrix(Matrix(1, 40000, 0.5));
        const QImage& image = map.image({40000, 2});
        QCOMPARE(image.pixel(20000, 1), Theme::light().signRgb(0.5));
        QCOMPARE(map.backend(), HeatMap::Backend::Painter);
    }

    void bothBackendsGiveTheSamePixels()
    {
        if (isOffscreen())
            QSKIP("needs OpenGL; see theComparisonHoldsUnderXvfb");
        HeatMap probe;
        probe.setBackend(HeatMap::Backend::OpenGl);
        probe.setMatrix(waves(2, 2));
        probe.image({4, 4});
        QCOMPARE(probe.backend(), HeatMap::Backend::OpenGl); // else both sides below are the twin
        struct Case {
            int rows, cols;
            QSize size;
            double range;
        };
        for (const Case& c : {Case{6, 3, {102, 96}, 1}, Case{6, 3, {101, 97}, 0.1},
                 Case{1, 1, {5, 5}, 1}, Case{50, 78, {151, 90}, 1}, Case{500, 784, {150, 96}, 2}})
            for (const Theme* theme : {&Theme::light(), &Theme::darkTheme()}) {
                Matrix m = waves(c.rows, c.cols);
                m(0, 0) = std::numeric_limits<double>::quiet_NaN();
                const QImage twin = drawn(HeatMap::Backend::Painter, m, c.range, *theme, c.size);
                const QImage gl = drawn(HeatMap::Backend::OpenGl, m, c.range, *theme, c.size);
                const int worst = worstLevel(twin, gl);
                QVERIFY2(worst <= 1,
                    qPrintable(QStringLiteral("%1 x %2: %3 levels apart")
                                   .arg(c.rows)
                                   .arg(c.cols)
                                   .arg(worst)));
            }
    }

    void theContextBearsRepetition()
    {
        if (isOffscreen())
            QSKIP("needs OpenGL; see theComparisonHoldsUnderXvfb");
        for (int round = 0; round < 5; ++round) { // the last map gone takes the context along
            HeatMap a, b;
            for (HeatMap* map : {&a, &b}) {
                map->setBackend(HeatMap::Backend::OpenGl);
                map->setMatrix(Matrix(6, 3, round % 2 ? -1.0 : 1.0));
                QCOMPARE(map->image({12 + round, 12}).pixel(1, 1),
                    Theme::light().signRgb(round % 2 ? -1.0 : 1.0));
                QCOMPARE(map->backend(), HeatMap::Backend::OpenGl);
            }
        }
    }

    void theComparisonHoldsUnderXvfb()
    {
        if (!isOffscreen())
            QSKIP("this is the inner run");
        const QString xvfb = QStandardPaths::findExecutable(QStringLiteral("xvfb-run"));
        if (xvfb.isEmpty())
            QSKIP("xvfb-run is not installed: OpenGL is not compared");
        QProcess inner;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("xcb"));
        environment.insert(
            QStringLiteral("ASAN_OPTIONS"), QStringLiteral("detect_leaks=0")); // the driver's own
        inner.setProcessEnvironment(environment);
        inner.setProcessChannelMode(QProcess::MergedChannels);
        inner.start(xvfb,
            {QStringLiteral("-a"), QStringLiteral("-s"), QStringLiteral("-screen 0 640x480x24"),
                QCoreApplication::applicationFilePath(),
                QStringLiteral("bothBackendsGiveTheSamePixels"),
                QStringLiteral("theContextBearsRepetition")});
        QVERIFY(inner.waitForFinished(120000));
        const QByteArray output = inner.readAll();
        QVERIFY2(inner.exitCode() == 0 && !output.contains("SKIP"), output.constData());
    }
};

QTEST_MAIN(TestHeatMap)
#include "tst_heat_map.moc"
