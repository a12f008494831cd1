// OpenGL and its QPainter twin give the same pixels. The comparison needs OpenGL: under the
// offscreen platform this program runs itself once more inside xvfb-run, or skips visibly.
#include "tests/window/raster_scene.h"
#include "widgets/raster/cells.h"

#include <QApplication>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

using namespace apical;

namespace {

bool isOffscreen()
{
    return QGuiApplication::platformName() == QLatin1String("offscreen");
}

QImage drawn(RasterCells::Backend backend, const RasterScene& s, QSize size, double ratio,
    const Theme& theme, RasterCells::Backend& used)
{
    RasterCells cells;
    cells.setBackend(backend);
    const auto bands = rasterBands(
        rasterGroups(s.spikes, 0), {}, {}, static_cast<int>(size.height() * ratio), 3, 14);
    cells.gather(s.spikes, bands, s.scene.viewBeginMs, s.scene.viewEndMs, size.width());
    const QImage image = cells.image((QSizeF(size) * ratio).toSize(), ratio, theme);
    used = cells.backend();
    return image;
}

} // namespace

class RasterGlTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bothBackendsGiveTheSamePixels()
    {
        if (isOffscreen())
            QSKIP("needs OpenGL; see theComparisonHoldsUnderXvfb");
        RasterScene few(400, 0.3), many(400, 4, {300, 500, 100});
        few.show(3, 9);
        for (const RasterScene* s : {&few, &many}) {
            for (const double ratio : {1.0, 2.0, 1.5}) {
                for (const Theme* theme : {&Theme::light(), &Theme::darkTheme()}) {
                    RasterCells::Backend used{};
                    const QSize size(650, 201);
                    const QImage gl =
                        drawn(RasterCells::Backend::OpenGl, *s, size, ratio, *theme, used);
                    QCOMPARE(used, RasterCells::Backend::OpenGl); // else both are the twin
                    const QImage twin =
                        drawn(RasterCells::Backend::Painter, *s, size, ratio, *theme, used);
                    QCOMPARE(gl.size(), twin.size());
                    qsizetype marks = 0, apart = 0;
                    for (int y = 0; y < gl.height(); ++y) {
                        for (int x = 0; x < gl.width(); ++x) {
                            marks += qAlpha(twin.pixel(x, y)) != 0;
                            apart += gl.pixel(x, y) != twin.pixel(x, y);
                        }
                    }
                    QVERIFY(marks > 1000);
                    QVERIFY2(apart == 0, qPrintable(QString::number(apart)));
                }
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
                QStringLiteral("bothBackendsGiveTheSamePixels")});
        QVERIFY(inner.waitForFinished(120000));
        const QByteArray output = inner.readAll();
        QVERIFY2(inner.exitCode() == 0 && !output.contains("SKIP"), output.constData());
    }
};

QTEST_MAIN(RasterGlTest)
#include "tst_raster_gl.moc"
