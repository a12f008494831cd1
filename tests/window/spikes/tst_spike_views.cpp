// The views of spikes: what they wish, what they draw of what came of it, and what they say while
// there is nothing; flashes of the circuit.
#include "tests/window/watched_run.h"
#include "widgets/chart/chart_view.h"
#include "widgets/circuit/view.h"
#include "widgets/spikes/bridge_charts.h"
#include "widgets/spikes/bridge_view.h"
#include "widgets/spikes/spike_lane.h"
#include "widgets/spikes/statistics_charts.h"
#include "widgets/spikes/statistics_view.h"
#include "widgets/spikes/synapse_charts.h"
#include "widgets/spikes/synapse_view.h"
#include "widgets/view/spike_flashes.h"
#include "widgets/view/step_user.h"

#include <QComboBox>
#include <QImage>
#include <QPainter>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <memory>

using namespace apical;
using test::box;
using test::charts;
using Run = test::WatchedRun;
using namespace Qt::Literals::StringLiterals;

namespace {

QImage picture(View& view, const QSize& size)
{
    view.resize(size);
    QImage image(size, QImage::Format_RGB32);
    image.fill(Theme::light().panel);
    QPainter painter(&image);
    view.paint(painter, QRectF(QPointF(), QSizeF(size)));
    return image;
}

double sum(const std::vector<double>& values)
{
    double all = 0;
    for (const double v : values)
        all += v;
    return all;
}

} // namespace

class SpikeViews : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void statisticsAreThoseOfTheSelectedPopulationAndOfItsWindow()
    {
        Run run("self-predicting-spiking");
        const std::unique_ptr<View> view(makeStatisticsView(nullptr));
        view->resize(900, 260);
        StepWish wish = run.turn(*view);
        QCOMPARE(wish.statistics, std::string("layer1.pyr.spikes"));
        QCOMPARE(wish.windowMs, 10.0);
        run.turn(*view);
        QCOMPARE(charts(*view).count(), std::size_t{3});
        QVERIFY(charts(*view).chart(0).series.empty()); // no window is over
        run.step(3000);
        run.turn(*view);
        const Chart& rates = charts(*view).chart(0);
        QCOMPARE(rates.series.size(), std::size_t{2});
        QCOMPARE(rates.note, u"30 windows of 6 neurons"_s);
        // Bars and expectation both hold (nearly) all windows.
        QVERIFY(sum(rates.series[0].y) > 99.8 && sum(rates.series[0].y) < 100.001);
        QVERIFY(sum(rates.series[1].y) > 80);
        const Chart& fano = charts(*view).chart(2);
        QCOMPARE(fano.series[2].y.size(), std::size_t{6});
        QVERIFY(fano.series[0].low[0] < 1 && fano.series[0].high[0] > 1);
        QVERIFY(charts(*view)
                    .valuesAt(charts(*view).pixelOf(2, fano.series[2].x[0], 1))
                    .contains(u"neurons h"_s));
        QVERIFY(view->csv().startsWith(u"neuron,spikes,rate_per_ms,fano,expected_fano\n0,"_s));
        QVERIFY(view->subtitle().startsWith(u"hidden, the last 300 ms"_s));

        run.scene.selection = {Selection::Population::Input, 0, 3};
        wish = run.turn(*view);
        QCOMPARE(wish.statistics, std::string("input.spikes"));
        QCOMPARE(charts(*view).count(), std::size_t{1}); // what was there is another population's
        QCOMPARE(view->csv(), statisticsCsv({})); // names of columns only
        auto& population = box(*view, u"population"_s);
        population.setCurrentIndex(population.findData(u"layer1.inn"_s));
        box(*view, u"window"_s).setCurrentIndex(0);
        wish = run.turn(*view);
        QCOMPARE(wish.statistics, std::string("layer1.inn.spikes"));
        QCOMPARE(wish.windowMs, 1.0);
    }

    void histogramsHoldWhatTheyAreMadeOf()
    {
        std::vector<std::uint64_t> places(2048);
        places[0] = 5;
        places[7] = 3;
        HistogramBins bins = binsOf(places, 40);
        QCOMPARE(bins.first, std::size_t{0});
        QCOMPARE(bins.width, std::size_t{1});
        QCOMPARE(bins.end(), std::size_t{8});
        std::fill(places.begin(), places.end(), std::uint64_t{0});
        std::fill(places.begin() + 600, places.begin() + 800, std::uint64_t{1});
        bins = binsOf(places, 40);
        QCOMPARE(bins.first, std::size_t{600});
        QCOMPARE(bins.width, std::size_t{5});
        QCOMPARE(bins.count, std::size_t{40});
        QCOMPARE(binsOf(std::vector<std::uint64_t>(10), 40).count, std::size_t{0});
    }

    void theRefractoryGapIsSeen()
    {
        Run run("refractory");
        run.scene.selection = {Selection::Population::Input, 0, 7};
        const std::unique_ptr<View> view(makeStatisticsView(nullptr));
        run.turn(*view);
        run.step(20000);
        run.turn(*view);
        const Chart& intervals = charts(*view).chart(1);
        double within = 0, expected = 0;
        const ChartSeries &measured = intervals.series[0], &poisson = intervals.series[1];
        for (std::size_t i = 0; i < measured.x.size(); ++i)
            if (measured.x[i] + measured.bar / 2 < 5) {
                within += measured.y[i];
                expected += poisson.y[i];
            }
        QCOMPARE(within, 0.0);
        QVERIFY(expected > 10);
        const Chart& fano = charts(*view).chart(2);
        QCOMPARE(fano.series.back().name, u"selected"_s);
        QVERIFY(fano.series.back().y.front() < 0.2); // twice a ms, if it could
    }

    void filteredSpikesLieOnTheActivation()
    {
        Run run("rate-vs-spiking");
        const std::unique_ptr<View> view(makeBridgeView(nullptr));
        view->resize(1400, 260);
        run.scene.shownLane = 1; // rates: the spikes are those of the other lane
        run.scene.selection = {Selection::Population::Pyramidal, 1, 4};
        const StepWish wish = run.turn(*view);
        QCOMPARE(wish.means,
            (std::vector<std::string>{
                "layer1.pyr.spikes", "layer1.pyr.rate", "layer1.pyr.basal", "layer1.pyr.apical"}));
        QCOMPARE(wish.followed.front().row, 4);
        run.step(1900);
        run.turn(*view);
        QCOMPARE(charts(*view).count(), std::size_t{3});
        const Chart& scatter = charts(*view).chart(0);
        QCOMPARE(scatter.series.size(), std::size_t{3});
        const ChartSeries& neurons = scatter.series[1];
        QCOMPARE(neurons.x.size(), std::size_t{6});
        // Poisson: sd = sqrt(x / (psi * 2 tau)), at tau = 20 ms and psi = 100.
        for (std::size_t i = 0; i < neurons.x.size(); ++i) {
            const double sd = std::sqrt(neurons.x[i] / (100 * 40));
            QVERIFY2(std::abs(neurons.y[i] - neurons.x[i]) < 5 * sd,
                qPrintable(u"%1, %2"_s.arg(neurons.x[i]).arg(neurons.y[i])));
        }
        const ChartSeries& line = scatter.series[0];
        const double x = line.x.back();
        QVERIFY(std::abs(x - line.low.back() - 2 * std::sqrt(x / (100 * 40))) < 0.02 * x);
        const Chart& lanes = charts(*view).chart(1);
        QCOMPARE(lanes.series.size(), std::size_t{3});
        for (std::size_t s = 1; s < 3; ++s)
            for (std::size_t i = 0; i < lanes.series[s].x.size(); ++i)
                QVERIFY(std::abs(lanes.series[s].x[i] - lanes.series[s].y[i]) < 0.15);
        QVERIFY(lanes.series[1].value.startsWith(u"rms "_s));
        const Chart& curves = charts(*view).chart(2);
        QCOMPARE(curves.title, u"What h5 sends"_s);
        QCOMPARE(curves.series.size(), std::size_t{2});
        QCOMPARE(curves.x.high, 190.0);
        QVERIFY(view->csv().contains(u"rates,layer1.pyr.apical,5,"_s));
        QVERIFY(!picture(*view, {1400, 260}).isNull());
    }

    void anotherFilterIsAnotherQuestion()
    {
        Run run("self-predicting-spiking");
        const std::unique_ptr<View> view(makeBridgeView(nullptr));
        view->resize(300, 260);
        run.turn(*view);
        run.step(500);
        run.turn(*view);
        QCOMPARE(charts(*view).count(), std::size_t{1}); // narrow, and no lane beside it
        QVERIFY(!charts(*view).chart(0).series.empty());
        box(*view, u"filter"_s).setCurrentIndex(1);
        QVERIFY(charts(*view).chart(0).series.empty()); // no answer yet
        const StepWish wish = run.turn(*view);
        QVERIFY(wish.filter == MeanFilter::Boxcar);
        run.step(500);
        run.turn(*view);
        QVERIFY(charts(*view).chart(0).note.startsWith(u"mean of the last 20 ms"_s));
    }

    void aFilterOverTimeIsTheOneOfTheMeans()
    {
        std::vector<double> values;
        RunningMean exponential(1, MeanFilter::Exponential, 3, 0.5);
        RunningMean boxcar(1, MeanFilter::Boxcar, 3, 0.5);
        for (int k = 0; k < 40; ++k) {
            values.push_back(k % 7);
            exponential.add(std::span(values).last(1));
            boxcar.add(std::span(values).last(1));
        }
        QVERIFY(std::abs(filtered(values, MeanFilter::Exponential, 3, 0.5).back()
                    - exponential.means()[0])
            < 1e-12);
        QVERIFY(std::abs(filtered(values, MeanFilter::Boxcar, 3, 0.5).back() - boxcar.means()[0])
            < 1e-12);
    }

    void aSynapseIsSeenBetweenItsSpikes()
    {
        Run run("single-synapse");
        const std::unique_ptr<View> view(makeSynapseView(nullptr));
        view->resize(300, 500);
        run.scene.selection = {Selection::Population::Pyramidal, 1, 0};
        StepWish wish = run.turn(*view);
        QCOMPARE(charts(*view).count(), std::size_t{1}); // a sentence
        QCOMPARE(wish.followed.size(), std::size_t{3});
        QCOMPARE(wish.followed[2], (StepSignal{.name = "layer1.W_up", .row = 0, .col = 0}));
        run.step(150);
        run.turn(*view);
        QCOMPARE(charts(*view).count(), std::size_t{4});
        const Chart& sent = charts(*view).chart(0);
        QCOMPARE(sent.series[0].value, u"2"_s);
        QCOMPARE(sent.series[1].y.size(), std::size_t{150});
        QCOMPARE(sent.series[1].y[61], 1.0); // a step after it was sent
        QVERIFY(std::abs(sent.series[1].y[71] - std::exp(-1)) < 1e-12);
        const ChartSeries& weight = charts(*view).chart(3).series[0];
        QCOMPARE(weight.y.front(), 0.3);
        QVERIFY(std::abs(weight.y.back() - 0.325997599669449) < 1e-14);
        // By eta / tau (I1 - I2) of the step in which the second spike arrives.
        const Chart& integrals = charts(*view).chart(2);
        const double change = 0.1 * (integrals.series[0].y[111] - integrals.series[1].y[111]);
        QVERIFY(std::abs(weight.y.back() - 0.3 - change) < 1e-14);
        QVERIFY(view->csv().startsWith(u"time_ms,spikes,trace,error,i1_ms,i2_ms,weight\n"_s));
        QCOMPARE(view->csv().count(u'\n'), qsizetype{151});
        QCOMPARE(view->subtitle(), u"x1 \u2192 h1"_s);
        QVERIFY(!picture(*view, {300, 500}).isNull());
        box(*view, u"pathway"_s).setCurrentIndex(1);
        wish = run.turn(*view);
        QVERIFY(wish.followed[2].name != "layer1.W_up");
    }

    void viewsThatAreNotUsedWishNothing()
    {
        Run run("self-predicting");
        for (const auto make : {makeStatisticsView, makeBridgeView, makeSynapseView}) {
            const std::unique_ptr<View> view(make(nullptr));
            StepWish wish;
            dynamic_cast<StepUser&>(*view).wish(wish); // before the first scene
            QVERIFY(wish.none());
            QVERIFY(run.turn(*view).none()); // a model without spikes
            picture(*view, {300, 200});
        }
    }

    void neuronsFlashBySpikesSinceTheLastFrameAndFade()
    {
        Run run("self-predicting-spiking");
        SpikeFlashes flashes;
        LaneFrame& lane = run.scene.frame.lanes[0];
        flashes.see(lane, 1, 0, 0);
        QVERIFY(!flashes.any(0));
        const Anatomy& a = *lane.anatomy;
        const auto at = a.quantities[static_cast<std::size_t>(a.quantity("layer1.pyr.spikes"))].at;
        lane.values[at] += 4;
        lane.values[at + 1] += 1;
        ++lane.clock.step;
        flashes.see(lane, 1, 0, 16);
        std::vector<double> light = flashes.light("layer1.pyr", 16);
        QCOMPARE(light.size(), std::size_t{6});
        QCOMPARE(light[0], 1.0);
        QCOMPARE(light[1], 0.25);
        QCOMPARE(light[2], 0.0);
        QVERIFY(flashes.light("layer1.pyr", 116)[0] < 0.05);
        QVERIFY(flashes.any(60) && !flashes.any(200));
        flashes.see(lane, 1, 0, 32); // no spike came
        QVERIFY(flashes.light("layer1.pyr", 32)[0] < 0.65);
        lane.values[at + 2] += 500;
        flashes.see(lane, 2, 0, 33); // another run: nothing is known of its past
        QVERIFY(!flashes.any(33));
        QVERIFY(flashes.light("target", 33).empty());

        // In the circuit: light behind those that fired, and nothing of it a while later.
        const std::unique_ptr<View> circuit(makeCircuitView(nullptr));
        circuit->resize(716, 240);
        Run fired("self-predicting-spiking");
        circuit->refresh(fired.scene);
        fired.step(3);
        circuit->refresh(fired.scene);
        const QImage lit = picture(*circuit, {716, 240});
        QTest::qWait(400);
        const QImage faded = picture(*circuit, {716, 240});
        QVERIFY(lit != faded);
        QCOMPARE(picture(*circuit, {716, 240}), faded);

        Run rates("self-predicting");
        SpikeFlashes dark;
        dark.see(rates.scene.frame.lanes[0], 1, 0, 0);
        rates.step(5);
        dark.see(rates.scene.frame.lanes[0], 1, 0, 16);
        QVERIFY(!dark.any(16) && dark.light("layer1.pyr", 16).empty());
    }
};

QTEST_MAIN(SpikeViews)
#include "tst_spike_views.moc"
