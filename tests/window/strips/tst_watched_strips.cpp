// Strips of models that no picture was made for: hand-made anatomies, one per lane.
#include "widgets/plot/time_axis.h"
#include "widgets/strips/sources.h"
#include "widgets/strips/watched.h"

#include <QtTest>

#include <cmath>
#include <memory>

using namespace apical;
using namespace Qt::Literals::StringLiterals;

namespace {

Anatomy spiking()
{
    Anatomy a;
    const int cells = a.add(Anatomy::Population{"layer1.cells", 1, "cell", 3});
    const int dose = a.add(Anatomy::Population{"dose", 0, "scalar", 1});
    a.add(Anatomy::Quantity{
        .name = "layer1.voltage", .population = cells, .unit = "mV", .watched = true});
    a.add(Anatomy::Quantity{
        .name = "layer1.current", .population = cells, .unit = "nA", .watched = true});
    a.add(Anatomy::Quantity{.name = "layer1.threshold", .population = cells, .unit = "mV"});
    a.add(Anatomy::Quantity{
        .name = "layer1.reset", .population = cells, .unit = "mV", .watched = true});
    a.add(Anatomy::Quantity{.name = "layer1.spikes",
        .population = cells,
        .unit = "1",
        .form = Anatomy::Form::Count,
        .watched = true});
    a.add(
        Anatomy::Quantity{.name = "dose.level", .population = dose, .unit = "1", .watched = true});
    a.measures.push_back({"layer1.rate_error", 1, "rate error", "Hz", 0.1});
    a.measures.push_back({"layer2.rate_error", 2, "rate error", "Hz", 0.1});
    return a;
}

Anatomy plain()
{
    Anatomy a;
    const int units = a.add(Anatomy::Population{"layer1.units", 1, "unit", 3});
    a.add(Anatomy::Quantity{.name = "layer1.activation",
        .population = units,
        .unit = "1",
        .form = Anatomy::Form::Rate,
        .watched = true});
    a.timeUnit = "iteration";
    return a;
}

struct Made {
    History history;
    Scene scene;

    explicit Made(const std::vector<Anatomy>& lanes)
    {
        std::vector<Channel> channels;
        for (std::size_t i = 0; i < lanes.size(); ++i) {
            const Anatomy& a = lanes[i];
            for (const Anatomy::Quantity& q : a.quantities) {
                for (int k = 0; q.watched && k < a.of(q).size; ++k)
                    channels.push_back(
                        {static_cast<int>(i), q.name, k, q.form == Anatomy::Form::Count});
            }
            for (const Anatomy::Measure& m : a.measures)
                channels.push_back({static_cast<int>(i), m.name, 0});
            LaneFrame& lane = scene.frame.lanes.emplace_back();
            lane.anatomy = std::make_shared<const Anatomy>(a);
            lane.values.assign(a.size(), 7.0);
            lane.measures.assign(a.measures.size(), 0.5);
        }
        history = History(channels);
        scene.history = &history;
        scene.frame.sizes = {2, 3, 1};
        scene.selection = {Selection::Population::Pyramidal, 1, 2};
    }
};

QStringList ids(const std::vector<Strip>& strips)
{
    QStringList all;
    for (const Strip& strip : strips)
        all << strip.id;
    return all;
}

} // namespace

class TestWatchedStrips : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsWatchedOfTheUnitGetsAStripPerUnitOfMeasure()
    {
        const Made made({spiking()});
        const std::vector<Strip> strips = describeStrips(made.scene);
        QCOMPARE(ids(strips),
            (QStringList{
                u"unit"_s, u"unit, nA"_s, u"unit, 1/ms"_s, u"dose.level"_s, u"rate error"_s}));
        QCOMPARE(strips[0].rows.size(), std::size_t{2}); // the threshold is not watched
        QCOMPARE(strips[0].rows[1].plainName, u"reset"_s);
        QCOMPARE(strips[0].shortAxisName, u"(mV)"_s);
        QCOMPARE(strips[1].axisName, u"current (nA)"_s);
        QCOMPARE(
            made.history.channels()[static_cast<std::size_t>(strips[0].curves[0].channel)].index,
            2); // the selected unit
        QCOMPARE(strips[4].rows.size(), std::size_t{2}); // a layer each
        QCOMPARE(strips[4].goals.size(), std::size_t{2});
        QCOMPARE(strips[4].curves[0].read(made.scene.frame), 0.5);
    }

    void countsAreShownByHowFastTheyGrow()
    {
        Made made({spiking()});
        const std::vector<Strip> strips = describeStrips(made.scene);
        const StripCurve& spikes = strips[2].curves.front();
        QVERIFY(!spikes.read); // not the sum that a frame holds
        std::vector<float> values(made.history.channels().size(), 4.0F);
        made.history.append({0, 20, 20, 2, 2}, values, values);
        std::vector<History::Column> columns(2);
        made.history.columns(spikes.channel, 0, 2, columns);
        QCOMPARE(columns[0].high, 2.0F); // 4 events in 2 ms
    }

    void aStripShowsTheLanesThatHaveIt()
    {
        const Made made({spiking(), plain()});
        const std::vector<Strip> strips = describeStrips(made.scene);
        QVERIFY(ids(strips).contains(u"unit, 1"_s));
        QVERIFY(!ids(strips).contains(u"difference"_s)); // nothing in common
        for (const Strip& strip : strips) {
            QCOMPARE(strip.curves.size(), strip.rows.size());
            for (const StripCurve& curve : strip.curves) {
                QVERIFY(curve.channel >= 0);
                const Channel& of =
                    made.history.channels()[static_cast<std::size_t>(curve.channel)];
                QCOMPARE(of.lane, of.probe == "layer1.activation" ? 1 : 0);
                QCOMPARE(curve.variant, of.lane == 1 ? u"B"_s : u"A"_s);
            }
        }
        const Made twins({plain(), plain()});
        const std::vector<Strip> same = describeStrips(twins.scene);
        QCOMPARE(ids(same), (QStringList{u"unit"_s, u"difference"_s}));
        QCOMPARE(same[0].curves.size(), std::size_t{2});
        QCOMPARE(same[0].curves[1].csvName, u"lane2.layer1.activation[2]"_s);
    }

    void iterationsAreWholeNumbers()
    {
        const TimeAxis axis(0, 3, 0, 600, true);
        for (const Tick& tick : axis.ticks(uiFont(10)))
            QVERIFY(tick.label.isEmpty() || tick.label == QString::number(std::round(tick.value)));
        QCOMPARE(axis.ticks(uiFont(10)).size(), std::size_t{4});
        QCOMPARE(axis.name(), u"iteration"_s);
        QCOMPARE(axis.text(2.2), u"2"_s);
    }
};

QTEST_MAIN(TestWatchedStrips)
#include "tst_watched_strips.moc"
