// Spikes of the selected neuron under its voltages: a tick where there were some, and no other.
#include "tests/window/raster_scene.h"
#include "widgets/strips/model.h"
#include "widgets/strips/spike_ticks.h"

#include <QImage>
#include <QPainter>
#include <QTest>

using namespace apical;

class SpikeTicksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theVoltagesOfANeuronHaveItsSpikes()
    {
        RasterScene s;
        s.scene.selection = {Selection::Population::Interneuron, 1, 1};
        std::vector<Strip> strips = describeStrips(s.scene);
        QCOMPARE(strips.front().spikes.size(), std::size_t{2}); // of two lanes
        const SpikeGroup* group = s.spikes.group(1, "layer1.inn.spikes");
        QVERIFY(group);
        QCOMPARE(strips.front().spikes[1].row, group->first + 1);
        QVERIFY(strips.front().spikes[0].color != strips.front().spikes[1].color);
        s.scene.spikes = nullptr;
        strips = describeStrips(s.scene);
        QVERIFY(strips.front().spikes.empty());
    }

    void ticksStandWhereItSpiked()
    {
        RasterScene s(100, 0.3);
        s.show(0, 10);
        Strip strip;
        strip.spikes.push_back({5, Qt::black});
        const QRectF plot(0, 0, 500, 60); // 5 px a step
        QImage image(500, 60, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        paintSpikeTicks(painter, s.scene, strip, TimeAxis(0, 10, 0, 500), plot);
        painter.end();
        const auto heightAt = [&](int x) {
            int height = 0;
            for (int y = 0; y < 60; ++y)
                height += qGray(image.pixel(x, y)) < 128;
            return height;
        };
        int higher = 0;
        for (std::size_t step = 0; step < 100; ++step) {
            int height = 0; // the tick begins its step
            for (int x = 0; x < 4; ++x)
                height = std::max(height, heightAt(static_cast<int>(step) * 5 + x));
            const std::uint32_t count = s.counts[step][5];
            QCOMPARE(height > 0, count > 0);
            QVERIFY(count < 2 || height > 4);
            higher += count >= 2;
        }
        QVERIFY(higher > 0);
    }
};

QTEST_MAIN(SpikeTicksTest)
#include "tst_spike_ticks.moc"
