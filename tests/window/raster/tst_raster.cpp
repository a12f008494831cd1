// The raster: every spike is drawn once at any zoom, and what is drawn is in the picture.
#include "tests/window/raster_pictures.h"

#include <QAction>
#include <QTest>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

class RasterTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everySpikeIsDrawnOnceAtAnyZoom_data()
    {
        QTest::addColumn<double>("begin");
        QTest::addColumn<double>("end");
        QTest::addColumn<QSize>("size");
        QTest::addColumn<double>("ratio");
        QTest::newRow("all") << 0.0 << 400.0 << kSize << 1.0;
        QTest::newRow("all, small") << 0.0 << 400.0 << QSize(300, 110) << 1.0;
        QTest::newRow("all, twice as sharp") << 0.0 << 400.0 << kSize << 2.0;
        QTest::newRow("far more than there is") << 0.0 << 90000.0 << kSize << 1.0;
        QTest::newRow("a part") << 101.0 << 200.0 << kSize << 1.0;
        QTest::newRow("some steps") << 101.0 << 107.3 << kSize << 1.0;
        QTest::newRow("eight steps") << 101.0 << 101.8 << QSize(1024, 700) << 2.0;
        QTest::newRow("the end") << 399.5 << 402.0 << kSize << 1.5;
    }
    void everySpikeIsDrawnOnceAtAnyZoom()
    {
        QFETCH(double, begin);
        QFETCH(double, end);
        QFETCH(QSize, size);
        QFETCH(double, ratio);
        for (const double rate : {0.02, 3.0}) {
            RasterScene s(4000, rate);
            s.show(begin, end);
            RasterView view(nullptr);
            const QImage image = picture(view, s.scene, size, ratio);
            const std::size_t from = firstStep(view), to = endStep(view);
            // Nothing of the range is left out: no column of it is.
            QVERIFY(static_cast<double>(from) * 0.1 <= begin + 1e-6);
            QVERIFY(static_cast<double>(to) * 0.1 >= std::min(end, 400.0) - 1e-6);
            QVERIFY(s.sum(0, from, to) > 0 || end - begin < 10);
            QCOMPARE(view.cells().drawn(), s.sum(0, from, to));
            QCOMPARE(view.bands().size(), std::size_t{4});
            for (const RasterBand& band : view.bands())
                QCOMPARE(drawnOf(view, band), s.sum(band.group, from, to));
        }
    }

    void whatIsDrawnIsInThePicture_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<double>("ratio");
        QTest::newRow("light") << false << 1.0;
        QTest::newRow("light, twice as sharp") << false << 2.0;
        QTest::newRow("dark") << true << 1.0;
        QTest::newRow("dark, twice as sharp") << true << 2.0;
    }
    void whatIsDrawnIsInThePicture()
    {
        QFETCH(bool, dark);
        QFETCH(double, ratio);
        RasterScene s(400, 0.5);
        s.scene.theme = dark ? &Theme::darkTheme() : &Theme::light();
        s.show(0, 40);
        RasterView view(nullptr);
        picture(view, s.scene, {1024, 700}, ratio);
        const QSize pixels(static_cast<int>(std::ceil(view.plot().width() * ratio)),
            static_cast<int>(view.plot().height() * ratio));
        const QImage& image = view.cells().image(pixels, ratio, *s.scene.theme);
        int marks = 0;
        for (const RasterBand& band : view.bands()) {
            for (std::size_t cell = 0; cell < band.cells; ++cell) {
                const auto [top, bottom] = band.pixelsOf(cell);
                for (std::size_t i = 0; i < view.cells().stripes().size(); ++i) {
                    const RasterCells::Stripe& stripe = view.cells().stripes()[i];
                    const int x =
                        static_cast<int>(std::floor(0.5 * (stripe.from + stripe.to) * ratio));
                    if (x < 0 || x >= image.width())
                        continue;
                    const bool marked = qAlpha(image.pixel(x, (top + bottom) / 2)) != 0;
                    QCOMPARE(marked, view.cells().count(i, band.firstCell + cell) > 0);
                    marks += marked;
                }
            }
        }
        QVERIFY(marks > 1000);
    }

    void moreSpikesAreDarker()
    {
        RasterScene s(0, 0);
        std::vector<SpikeEvent> events;
        for (std::uint32_t i = 0; i < 4; ++i)
            events.push_back({i, 1 + i}); // of the first inputs
        s.spikes.append(1, 0.1, events);
        s.spikes.append(2, 0.2, {});
        s.scene.nowMs = 0.2;
        s.show(0, 0.2);
        RasterView view(nullptr);
        picture(view, s.scene);
        const QImage& image = view.cells().image({650, 216}, 1, Theme::light());
        const RasterBand& inputs = view.bands().back();
        int before = 256;
        for (std::size_t i = 0; i < 4; ++i) {
            const auto [top, bottom] = inputs.pixelsOf(i);
            const int gray = qGray(image.pixel(20, (top + bottom) / 2));
            QVERIFY2(gray < before - 10, qPrintable(QString::number(gray)));
            before = gray;
        }
    }

    void aThousandNeuronsShareTheLinesOfTheScreen()
    {
        RasterScene s(300, 0.02, {300, 500, 100});
        s.show(0, 30);
        RasterView view(nullptr);
        picture(view, s.scene);
        QVERIFY(view.cells().cells() < 250);
        QCOMPARE(view.cells().drawn(), s.sum(0, 0, 300));
        for (const RasterBand& band : view.bands()) {
            QVERIFY(band.height >= 14);
            QCOMPARE(drawnOf(view, band), s.sum(band.group, 0, 300));
            QCOMPARE(band.neuronsOf(0).first, std::size_t{0});
            QCOMPARE(band.neuronsOf(band.cells - 1).second, band.group.size);
        }
        QVERIFY(view.subtitle().contains(u"neurons"_s));
    }

    void layersStandAsInTheCircuit()
    {
        RasterScene s;
        RasterView view(nullptr);
        picture(view, s.scene);
        QStringList names;
        for (const RasterBand& band : view.bands())
            names << band.name;
        QCOMPARE(names, (QStringList{u"outputs"_s, u"inter"_s, u"hidden"_s, u"inputs"_s}));
        QVERIFY(view.bands()[1].hue != view.bands()[2].hue);
        QVERIFY(view.bands()[3].hue != view.bands()[2].hue);
    }

    void populationsAreSwitchedOffAndOn()
    {
        RasterScene s;
        RasterView view(nullptr);
        picture(view, s.scene);
        auto* action = view.findChild<QAction*>(u"inputs"_s);
        QVERIFY(action && action->isChecked());
        action->trigger();
        picture(view, s.scene);
        QCOMPARE(view.bands().size(), std::size_t{3});
        const SpikeGroup* inputs = s.spikes.group(0, "input.spikes");
        QVERIFY(inputs);
        QCOMPARE(view.cells().drawn(), s.sum(0, 0, 4000) - s.sum(*inputs, 0, 4000));
        QVERIFY(!view.csv().contains(u",input,"_s));
        for (const char* name : {"outputs", "inter", "hidden"})
            view.showPopulation(QString::fromLatin1(name), false);
        QVERIFY(!picture(view, s.scene).isNull());
        QCOMPARE(view.cells().drawn(), std::uint64_t{0});
        view.showPopulation(u"inputs"_s, true);
        QVERIFY(action->isChecked());
        picture(view, s.scene);
        QCOMPARE(view.cells().drawn(), s.sum(*inputs, 0, 4000));
    }

    void oneLaneAtATime()
    {
        RasterScene s;
        RasterView view(nullptr);
        picture(view, s.scene);
        QCOMPARE(view.cells().drawn(), s.sum(0, 0, 4000));
        s.scene.shownLane = 1;
        picture(view, s.scene);
        QCOMPARE(view.cells().drawn(), s.sum(1, 0, 4000));
        QVERIFY(view.subtitle().startsWith(u"lane B"_s));
    }

    void theRunGoesOnAndBack()
    {
        RasterScene s;
        s.show(0, 1000);
        RasterView view(nullptr);
        picture(view, s.scene);
        s.run(1000, 0.2);
        picture(view, s.scene);
        QCOMPARE(view.cells().drawn(), s.sum(0, 0, 5000));
        // Rewound to step 1234: the rest is gone.
        std::vector<std::uint64_t> totals(s.spikes.rows());
        s.counts.resize(1234);
        for (const auto& step : s.counts) {
            for (std::size_t i = 0; i < totals.size(); ++i)
                totals[i] += step[i];
        }
        s.spikes.standAt(1234, 1234, 123.4, totals);
        picture(view, s.scene);
        QCOMPARE(view.cells().drawn(), s.sum(0, 0, 1234));
    }

    void whatStaysInSightIsAsIfReadAnew()
    {
        RasterScene s(0, 0);
        s.spikes = SpikeHistory(s.spikes.groups(), 40'000, 40'000); // merged while in sight
        RasterView view(nullptr);
        bool coarse = false;
        for (int frame = 1; frame <= 80; ++frame) {
            s.run(37, frame % 20 ? 0.05 : 3.0);
            const double end = 3.7 * frame;
            s.show(std::max(0.0, end - 150), std::max(150.0, end));
            picture(view, s.scene);
            RasterView fresh(nullptr);
            picture(fresh, s.scene);
            coarse = coarse || s.spikes.fineBeginMs() > s.scene.viewBeginMs;
            QCOMPARE(view.cells().stripes().size(), fresh.cells().stripes().size());
            QCOMPARE(view.cells().cells(), fresh.cells().cells());
            for (std::size_t stripe = 0; stripe < fresh.cells().stripes().size(); ++stripe) {
                const RasterCells::Stripe& now = view.cells().stripes()[stripe];
                const RasterCells::Stripe& anew = fresh.cells().stripes()[stripe];
                QCOMPARE(now.bin.firstStep, anew.bin.firstStep);
                QCOMPARE(now.bin.endStep(), anew.bin.endStep());
                QCOMPARE(now.bin.timeMs, anew.bin.timeMs);
                QCOMPARE(now.from, anew.from);
                QCOMPARE(now.to, anew.to);
                for (std::size_t cell = 0; cell < fresh.cells().cells(); ++cell)
                    QCOMPARE(view.cells().count(stripe, cell), fresh.cells().count(stripe, cell));
            }
        }
        QVERIFY(coarse);
        // Another past of the same length is not taken for this one.
        s.spikes = SpikeHistory(s.spikes.groups());
        s.spikes.append(80 * 37, s.scene.nowMs, {});
        picture(view, s.scene);
        QCOMPARE(view.cells().drawn(), std::uint64_t{0});
    }

    void theTableAddsUpToThePicture()
    {
        RasterScene s;
        s.show(50, 60);
        RasterView view(nullptr);
        picture(view, s.scene);
        const QStringList lines = view.csv().split(u'\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.front(), u"step,layer,population,index,count,steps"_s);
        std::uint64_t sum = 0;
        for (qsizetype i = 1; i < lines.size(); ++i)
            sum += lines[i].split(u',')[4].toULongLong();
        QCOMPARE(sum, s.sum(0, 500, 600));
        QVERIFY(sum > 0);
    }

    void theDarkestMarkStaysUntilAskedFor()
    {
        RasterScene s(2000, 60);
        RasterView view(nullptr);
        picture(view, s.scene);
        const std::uint32_t full = view.cells().full();
        QVERIFY(full > RasterCells::kFullAtLeast);
        s.run(2000, 0.01);
        s.show(200, 400);
        picture(view, s.scene);
        s.show(0, 200);
        picture(view, s.scene);
        QCOMPARE(view.cells().full(), full); // the same zoom, the same shades
        s.show(200, 400);
        QTest::keyClick(&view, Qt::Key_F);
        picture(view, s.scene);
        QVERIFY(view.cells().full() < full);
    }

    void withoutSpikesASentenceStandsThere()
    {
        RasterScene s(0, 0);
        RasterView view(nullptr);
        QVERIFY(!picture(view, s.scene).isNull());
        QVERIFY(view.subtitle().isEmpty());
        s.spikes = SpikeHistory();
        QVERIFY(!picture(view, s.scene).isNull());
        s.scene.spikes = nullptr;
        QVERIFY(!picture(view, s.scene).isNull());
        QVERIFY(view.csv().isEmpty());
    }
};

QTEST_MAIN(RasterTest)
#include "tst_raster.moc"
