// The raster under mouse and keys: the pointer tells exactly, neurons and times are reached.
#include "tests/window/raster_pictures.h"

#include <QSignalSpy>
#include <QTest>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

class RasterInputTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void thePointerTellsExactly()
    {
        RasterScene s(4000, 0.6);
        s.show(100, 104);
        RasterView view(nullptr);
        picture(view, s.scene);
        int seen = 0;
        for (std::size_t band = 0; band < 4; ++band) {
            const SpikeGroup& group = view.bands()[band].group;
            for (std::uint64_t step = 1000; step < 1039; step += 3) {
                const std::size_t neuron = step % group.size;
                moveTo(view, place(view, s.scene, band, neuron, step));
                const std::uint32_t count = s.counts[step][group.first + neuron];
                const QString name = selectionOf(group, neuron).name(s.scene.frame.sizes);
                const QString expected = name + u": "_s
                    + (count == 0        ? u"no spike"_s
                            : count == 1 ? u"1 spike"_s
                                         : QString::number(count) + u" spikes"_s)
                    + u" in step "_s + QString::number(step + 1);
                QVERIFY2(view.hoverText().startsWith(expected),
                    qPrintable(view.hoverText() + u" / "_s + expected));
                seen += count > 1;
            }
        }
        QVERIFY(seen > 2);
        // Of several steps their sum.
        s.show(0, 400);
        picture(view, s.scene);
        moveTo(view, place(view, s.scene, 0, 1, 2000));
        const QString sum = view.hoverText();
        QVERIFY2(sum.contains(u" steps to "_s), qPrintable(sum));
        moveTo(view, {3, 3});
        QVERIFY(view.hoverText().isEmpty());
    }

    void aClickSelectsTheNeuron()
    {
        RasterScene s;
        RasterView view(nullptr);
        picture(view, s.scene);
        QSignalSpy spy(&view, &View::selected);
        QTest::mouseClick(&view, Qt::LeftButton, {}, place(view, s.scene, 2, 4, 1000).toPoint());
        QCOMPARE(spy.size(), 1);
        const Selection hidden{Selection::Population::Pyramidal, 1, 4};
        QCOMPARE(spy[0][0].value<Selection>(), hidden);
        QTest::mouseClick(&view, Qt::LeftButton, {}, place(view, s.scene, 1, 2, 1000).toPoint());
        const Selection inter{Selection::Population::Interneuron, 1, 2};
        QCOMPARE(spy[1][0].value<Selection>(), inter);
        const QImage before = picture(view, s.scene);
        s.scene.selection = hidden;
        QVERIFY(picture(view, s.scene) != before);
    }

    void keysSelectNeighbours()
    {
        RasterScene s;
        s.scene.selection = {Selection::Population::Pyramidal, 1, 0};
        RasterView view(nullptr);
        picture(view, s.scene);
        QSignalSpy spy(&view, &View::selected);
        QTest::keyClick(&view, Qt::Key_Down);
        const Selection below{Selection::Population::Pyramidal, 1, 1};
        QCOMPARE(spy.last()[0].value<Selection>(), below);
        QTest::keyClick(&view, Qt::Key_Up); // the scene has not followed: still from the first
        const Selection above{Selection::Population::Interneuron, 1, 2};
        QCOMPARE(spy.last()[0].value<Selection>(), above);
        s.scene.selection = {};
        QTest::keyClick(&view, Qt::Key_Up);
        const Selection last{Selection::Population::Input, 0, 7};
        QCOMPARE(spy.last()[0].value<Selection>(), last);
    }

    void timeIsMovedAsInTheStrips()
    {
        RasterScene s;
        RasterView view(nullptr);
        picture(view, s.scene);
        QSignalSpy spy(&view, &View::timeRangeRequested);
        const QPointF middle = view.plot().center();
        wheel(view, middle, 1);
        QCOMPARE(spy.size(), 1);
        QVERIFY(spy[0][1].toDouble() - spy[0][0].toDouble() < 350);
        s.show(100, 200);
        picture(view, s.scene);
        QTest::mousePress(&view, Qt::LeftButton, {}, middle.toPoint());
        moveTo(view, middle + QPointF(100, 0), Qt::LeftButton);
        QTest::mouseRelease(&view, Qt::LeftButton, {}, middle.toPoint() + QPoint(100, 0));
        QVERIFY(spy.last()[0].toDouble() < 90);
        QVERIFY(!spy.last()[2].toBool());
        QTest::keyClick(&view, Qt::Key_Plus);
        QVERIFY(spy.last()[1].toDouble() - spy.last()[0].toDouble() < 90);
        QTest::keyClick(&view, Qt::Key_Right);
        QVERIFY(spy.last()[0].toDouble() > 100);
        QTest::keyClick(&view, Qt::Key_F);
        QVERIFY(spy.last()[2].toBool());
    }

    void rowsAreZoomedAndScrolled()
    {
        RasterScene s;
        RasterView view(nullptr);
        picture(view, s.scene);
        const auto rowsInSight = [&] {
            std::size_t rows = 0;
            for (const RasterBand& band : view.bands())
                rows += band.neurons;
            return rows;
        };
        QCOMPARE(rowsInSight(), std::size_t{20});
        wheel(view, place(view, s.scene, 2, 3, 100), 4, Qt::ControlModifier);
        picture(view, s.scene);
        const std::size_t fewer = rowsInSight();
        QVERIFY(fewer < 12 && fewer > 3);
        // The one under the pointer is still there, and what is in sight adds up.
        const auto hidden = std::find_if(view.bands().begin(), view.bands().end(),
            [](const RasterBand& b) { return b.name == u"hidden"_s; });
        QVERIFY(hidden != view.bands().end() && hidden->shows(3));
        std::uint64_t expected = 0;
        for (const RasterBand& band : view.bands()) {
            SpikeGroup part = band.group;
            part.first += band.firstNeuron;
            part.size = band.neurons;
            expected += s.sum(part, 0, 4000);
        }
        QCOMPARE(view.cells().drawn(), expected);
        const double before = view.rows().first;
        QTest::keyClick(&view, Qt::Key_PageDown);
        picture(view, s.scene);
        QVERIFY(view.rows().first > before);
        wheel(view, {5, view.plot().center().y()}, 1);
        picture(view, s.scene);
        QCOMPARE(rowsInSight(), fewer);
        for (int i = 0; i < 12; ++i)
            QTest::keyClick(&view, Qt::Key_Plus, Qt::ControlModifier);
        picture(view, s.scene);
        QCOMPARE(rowsInSight(), std::size_t{1}); // a single neuron
        QTest::mouseDClick(&view, Qt::LeftButton, {}, view.plot().center().toPoint());
        picture(view, s.scene);
        QCOMPARE(rowsInSight(), std::size_t{20});
    }
};

QTEST_MAIN(RasterInputTest)
#include "tst_raster_input.moc"
