// The views of single neurons: where they are, what they draw against theory, and what they say.
#include "sim/lif/rate_comparison.h"
#include "tests/window/watched_run.h"
#include "widgets/lif/encoder_charts.h"
#include "widgets/lif/encoder_view.h"
#include "widgets/lif/filter_view.h"
#include "widgets/lif/membrane_view.h"
#include "widgets/lif/rate_view.h"

#include <QImage>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>

using namespace apical;
using namespace Qt::Literals::StringLiterals;
using test::box;
using test::charts;
using Run = test::WatchedRun;

namespace {

std::unique_ptr<View> make(View* (*function)(QWidget*), int width, int height)
{
    std::unique_ptr<View> view(function(nullptr));
    view->resize(width, height);
    return view;
}

QImage picture(View& view, const Theme& theme = Theme::light())
{
    QImage image(view.size(), QImage::Format_RGB32);
    image.fill(theme.panel);
    QPainter painter(&image);
    view.paint(painter, QRectF(QPointF(), QSizeF(view.size())));
    return image;
}

std::size_t colours(const QImage& image)
{
    std::set<QRgb> found;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            found.insert(image.pixel(x, y));
    return found.size();
}

const ChartSeries& named(const Chart& chart, const QString& name)
{
    const auto found = std::ranges::find(chart.series, name, &ChartSeries::name);
    if (found == chart.series.end())
        qFatal("no series %s", qPrintable(name));
    return *found;
}

double at(const ChartSeries& series, double x)
{
    const auto found = std::ranges::find(series.x, x);
    return found == series.x.end() ? HUGE_VAL
                                   : series.y[static_cast<std::size_t>(found - series.x.begin())];
}

} // namespace

class BenchViews : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theyAreThereForNeuronsOnTheBenchAndForNothingElse()
    {
        const std::set<QString> ids{
            u"rate-curve"_s, u"membrane"_s, u"encoder"_s, u"synaptic-filter"_s};
        std::size_t rows = 0;
        for (const char* preset : {"lif-bench", "rate-curve", "poisson-code", "alpha-filter",
                 "self-predicting", "self-predicting-spiking", "conversion", "predictive-coding",
                 "spiking-pc-mnist", "backprop"}) {
            const Experiment e = loadPreset(preset);
            const Simulation lane(e);
            const bool bench = e.parameters.model() == "lif";
            for (const ViewRow& row : viewTable())
                if (ids.contains(row.id)) {
                    QCOMPARE(row.applies(lane.model().anatomy()), bench);
                    ++rows;
                }
        }
        QCOMPARE(rows, std::size_t{40});
    }

    void curvesAreTheory()
    {
        Run run("rate-curve");
        run.step(200);
        const auto view = make(makeRateView, 1000, 600);
        run.turn(*view);
        QCOMPARE(charts(*view).count(), std::size_t{4});
        const Chart& rates = charts(*view).chart(0);
        const ChartSeries& theory = named(rates, u"theory (eq. 8)"_s);
        const ChartSeries& soft = named(rates, u"soft-LIF, g = 0.1"_s);
        for (std::size_t i = 0; i < theory.x.size(); ++i) {
            const double j = theory.x[i];
            const double hard = j > 1 ? 1000 / (4 - 20 * std::log1p(-1 / j)) : 0;
            QVERIFY(std::abs(theory.y[i] - hard) < 1e-9);
            const double rho = 0.1 * std::log1p(std::exp((j - 1) / 0.1));
            QVERIFY(std::abs(soft.y[i] - 1000 / (4 + 20 * std::log1p(1 / rho))) < 1e-6);
        }
        QCOMPARE(theory.x.front(), 0.0);
        QCOMPARE(theory.x.back(), 10.0);
        QVERIFY(std::abs(at(soft, 1) - 17.0) < 0.05);
        // Its slope: 45.4 Hz at most, 0.174 above the threshold.
        const Chart& slope = charts(*view).chart(2);
        QVERIFY2(slope.note.startsWith(u"steepest 45.4 Hz at j = 1.1"_s), qPrintable(slope.note));
        const Chart& limit = charts(*view).chart(3);
        QCOMPARE(limit.series[1].name, u"g = 0.1"_s);
        QCOMPARE(limit.series[1].value, u"17.0 Hz"_s);

        // The curve follows an edit at once, and the counts go on.
        const std::size_t points = rates.series[2].x.size();
        run.edit("softlif.smoothing", 0.001);
        run.turn(*view);
        QVERIFY(
            std::abs(at(named(charts(*view).chart(0), u"soft-LIF, g = 0.001"_s), 1) - 6.69) < 0.05);
        QCOMPARE(charts(*view).chart(0).series[2].x.size(), points);
        QCOMPARE(charts(*view).chart(0).note, u"counted for T = 0.200 s, bars \u00b11/T"_s);
    }

    void pointsAreCountsOverTimeWithBarsOfOneSpike()
    {
        Run run("rate-curve");
        const auto view = make(makeRateView, 1000, 600);
        run.turn(*view);
        QCOMPARE(charts(*view).chart(0).series.size(), std::size_t{2}); // curves only
        QVERIFY(charts(*view).chart(1).note.contains(u"from now on"_s));
        run.step(2000);
        run.turn(*view);
        const Chart& chart = charts(*view).chart(0);
        QCOMPARE(chart.series.size(), std::size_t{5});
        const auto counts = run.scene.frame.lanes[1].quantity("layer1.spikes");
        const ChartSeries& noisy = named(chart, u"1 Poisson"_s);
        for (std::size_t i = 0; i < counts.size(); ++i) { // the preset's currents ascend
            QVERIFY(std::abs(noisy.y[i] - counts[i] / 2) < 1e-9);
            QVERIFY(std::abs(noisy.high[i] - noisy.y[i] - 0.5) < 1e-9);
            QVERIFY(std::abs(noisy.low[i] - std::max(0.0, noisy.y[i] - 0.5)) < 1e-9);
        }
        // Noise fires below the threshold, and only noise does.
        QVERIFY(at(noisy, 0.9) > 5);
        const ChartSeries& still = named(chart, u"current"_s);
        for (const double j : {0.0, 0.5, 0.75, 0.9, 1.0})
            QCOMPARE(at(still, j), 0.0);
        QCOMPARE(still.value, u"as eq. 8, \u00b11/T = 0.50 Hz"_s);
        QVERIFY(noisy.value.contains(u" Hz at j = 1"_s));
        QVERIFY(noisy.marker != still.marker);
        QVERIFY(view->csv().contains(u"1 Poisson,"_s));
        QVERIFY(colours(picture(*view)) > 20);
    }

    void aGridIsSeenToLoseThirteenPercent()
    {
        Run run("lif-bench");
        const auto view = make(makeRateView, 720, 240); // rates and deviation
        run.turn(*view);
        run.step(5000);
        run.turn(*view);
        QCOMPARE(charts(*view).count(), std::size_t{2});
        const Chart& deviation = charts(*view).chart(1);
        QVERIFY(std::abs(at(named(deviation, u"grid"_s), 10) + 12.8) < 0.2);
        QVERIFY(std::abs(at(named(deviation, u"exact"_s), 10)) < 0.13);
        QVERIFY2(deviation.note.contains(u"\u221212.8 % at j = 10"_s)
                || deviation.note.contains(u"\u221212.9 % at j = 10"_s),
            qPrintable(deviation.note));
        // Steps of another length: counted anew, and much closer.
        run.edit("dt", 0.1);
        run.turn(*view);
        run.step(50000);
        run.turn(*view);
        QVERIFY(std::abs(at(named(charts(*view).chart(1), u"grid"_s), 10)) < 2.2);
        QCOMPARE(view->subtitle(), u"dt = 0.1 ms, curves of exact"_s);
        box(*view, u"beside"_s).setCurrentIndex(1);
        QCOMPARE(charts(*view).chart(1).title, u"Slope"_s);
        box(*view, u"beside"_s).setCurrentIndex(2);
        QCOMPARE(charts(*view).chart(1).title, u"Soft-LIF at j = V"_s);
        view->resize(300, 200);
        run.turn(*view);
        QCOMPARE(charts(*view).count(), std::size_t{1});
    }

    void membranesShowSpikesBetweenSteps()
    {
        Run run("lif-bench");
        const auto view = make(makeMembraneView, 720, 480);
        run.step(1); // before it nothing has an input
        const StepWish wish = run.turn(*view);
        QCOMPARE(wish.followed.size(), std::size_t{4});
        QCOMPARE(wish.followed[0], (StepSignal{.name = "layer1.voltage", .row = 4})); // j = 10
        QCOMPARE(charts(*view).count(), std::size_t{1}); // a sentence
        run.step(99);
        run.turn(*view);
        QCOMPARE(charts(*view).count(), std::size_t{4}); // three lanes, and their currents
        const Chart& exact = charts(*view).chart(0);
        QCOMPARE(exact.title, u"exact: neuron 5, x = 10"_s);
        const ChartSeries& ticks = named(exact, u"threshold, a tick per spike"_s);
        QCOMPARE(exact.note, u"17 spikes"_s);
        const double first = -20 * std::log1p(-0.1);
        QVERIFY(std::abs(ticks.x[2] - first) < 1e-9); // not on a step
        QCOMPARE(ticks.y[1], 1.0);
        QVERIFY(ticks.y[2] > 1.1);
        const ChartSeries& shade = named(exact, u"refractory"_s);
        QVERIFY(std::abs(shade.x[1] - first) < 1e-9);
        QVERIFY(std::abs(shade.x[2] - first - 4) < 1e-9);
        QCOMPARE(shade.high[1], 1.0);
        const ChartSeries& v = named(exact, u"v"_s);
        QCOMPARE(*std::ranges::max_element(v.y), 1.0);
        const ChartSeries& grid = named(charts(*view).chart(1), u"threshold, a tick per spike"_s);
        QCOMPARE(grid.x[2], 3.0);
        QCOMPARE(charts(*view).chart(1).note, u"14 spikes"_s);
        const Chart& current = charts(*view).chart(3);
        QCOMPARE(current.series.size(), std::size_t{3});
        QCOMPARE(current.series[0].y.back(), 10.0);
        QVERIFY(current.xLabels && !exact.xLabels);
        QVERIFY(view->csv().startsWith(u"lane,time_ms,voltage,current,spike_ms\nexact,2,"_s));
        QVERIFY(colours(picture(*view)) > 20);

        // A neuron that is selected anywhere is shown, and one chosen here is selected everywhere.
        run.scene.selection = {Selection::Population::Pyramidal, 1, 0};
        QCOMPARE(run.turn(*view).followed[0].row, 0);
        run.step(50);
        run.turn(*view);
        QVERIFY(charts(*view).chart(0).title.endsWith(u"neuron 1, x = 0.9"_s));
        QCOMPARE(charts(*view).chart(0).note, u"0 spikes"_s);
        QSignalSpy selected(view.get(), &View::selected);
        auto& neuron = box(*view, u"neuron"_s);
        QCOMPARE(neuron.currentIndex(), 1);
        neuron.setCurrentIndex(3);
        Q_EMIT neuron.activated(3);
        QCOMPARE(selected.size(), 1);
        QCOMPARE(
            selected[0][0].value<Selection>(), (Selection{Selection::Population::Pyramidal, 1, 2}));
        view->resize(300, 200); // the lane shown, and its current
        run.scene.shownLane = 2;
        run.turn(*view);
        QCOMPARE(charts(*view).count(), std::size_t{2});
        QVERIFY(charts(*view).chart(0).title.startsWith(u"Euler"_s));
    }

    void countsStandBesideTheirDistribution()
    {
        Run run("poisson-code");
        const auto view = make(makeEncoderView, 760, 480);
        run.step(1);
        StepWish wish = run.turn(*view);
        QCOMPARE(wish.followed[0], (StepSignal{.name = "input.spikes", .row = 99}));
        run.step(8000);
        run.turn(*view);
        QCOMPARE(charts(*view).count(), std::size_t{2}); // a lane each, beside pictures
        const Chart& poisson = charts(*view).chart(0);
        QCOMPARE(poisson.title, u"Poisson: input 100, x = 1"_s);
        QCOMPARE(poisson.x.name, u"spikes in 1 ms"_s);
        const ChartSeries &counted = poisson.series[0], &law = poisson.series[1];
        for (std::size_t n = 0; n < 4; ++n) {
            double share = 100 * std::exp(-0.25);
            for (std::size_t k = 1; k <= n; ++k)
                share *= 0.25 / static_cast<double>(k);
            QVERIFY(std::abs(law.y[n] - share) < 1e-9);
            QVERIFY(std::abs(counted.y[n] - share) < 5 * std::sqrt(share * 100 / 8000) + 0.03);
        }
        QCOMPARE(law.value, u"mean 0.250, variance 0.250"_s);
        QVERIFY2(poisson.note.endsWith(u"expected 2.65 %"_s), qPrintable(poisson.note));
        const Chart& bernoulli = charts(*view).chart(1);
        QCOMPARE(bernoulli.series[1].value, u"mean 0.250, variance 0.188"_s);
        QCOMPARE(bernoulli.note, u"two or more: 0 %, expected 0 %"_s);
        box(*view, u"window"_s).setCurrentIndex(2); // 50 ms
        QCOMPARE(charts(*view).chart(0).series[1].value, u"mean 12.5, variance 12.5"_s);
        QCOMPARE(charts(*view).chart(0).x.name, u"spikes in 50 ms"_s);
        QVERIFY(
            view->csv().startsWith(u"lane,input,x,counted_ms,spikes,read_back\nPoisson,1,0,"_s));
        QVERIFY(view->subtitle().startsWith(u"counted for T = 8.00 s"_s));

        // What another encoder sent does not count.
        run.edit("encoder.kind", std::string("periodic"));
        run.turn(*view);
        run.step(400);
        run.turn(*view);
        QCOMPARE(charts(*view).chart(0).series[0].value, u"mean 12.5, variance 0.286"_s);
        run.edit("encoder.kind", std::string("current"));
        run.turn(*view);
        QVERIFY(charts(*view).chart(0).series.empty());
        QVERIFY(charts(*view).chart(0).note.contains(u"none is sent as spikes"_s));
    }

    void picturesAddUp()
    {
        Run run("poisson-code");
        const auto view = make(makeEncoderView, 760, 480);
        run.turn(*view);
        const QImage before = picture(*view);
        run.step(300);
        run.turn(*view);
        const QImage soon = picture(*view);
        QVERIFY(before != soon);
        EncoderLane lane{.name = {},
            .color = {},
            .parameters = {},
            .inputs = {1, 0.5, 0},
            .counts = {240, 130, 0},
            .ms = 1000,
            .spikes = {}};
        lane.parameters.encoder = encoder_kind::poisson;
        QCOMPARE(readBack(lane), (std::vector<double>{0.96, 0.52, 0}));
        const ReadingError error = readingError(lane);
        QVERIFY(std::abs(error.made - std::sqrt((0.04 * 0.04 + 0.02 * 0.02) / 3)) < 1e-12);
        QVERIFY(std::abs(error.expected - std::sqrt((1 + 0.5) * 4 / 1000 / 3)) < 1e-12);
        lane.ms = 0;
        QVERIFY(readBack(lane).empty());
    }

    void aPixelChoosesItsInput()
    {
        Run run("poisson-code");
        const auto view = make(makeEncoderView, 760, 480);
        run.turn(*view);
        run.step(30);
        run.turn(*view);
        QSignalSpy chosen(view.get(), &View::selected);
        std::set<int> met;
        for (int y = 0; y < 480; y += 4)
            for (int x = 0; x < 760; x += 4) {
                QTest::mouseClick(view.get(), Qt::LeftButton, {}, {x, y});
                for (; !chosen.isEmpty(); chosen.removeFirst()) {
                    const auto now = chosen.first().first().value<Selection>();
                    QCOMPARE(now.population, Selection::Population::Input);
                    met.insert(now.index);
                }
            }
        QCOMPARE(met.size(), std::size_t{100});
        QCOMPARE(*met.rbegin(), 99);
    }

    void aSynapseAnswersWithAreaOneBesideTheClosedForm()
    {
        Run run("alpha-filter");
        const auto view = make(makeFilterView, 720, 560);
        run.step(1);
        run.turn(*view);
        run.step(399); // the train is young yet: its filter began at rest
        run.turn(*view);
        QCOMPARE(
            charts(*view).chart(1).note, u"the closed form's train always was; met after 80 ms"_s);
        run.step(1100);
        run.turn(*view);
        QVERIFY2(charts(*view).chart(1).note.startsWith(u"off by at most 2."_s)
                && charts(*view).chart(1).note.endsWith(u"% of its peak from 80 ms on"_s),
            qPrintable(charts(*view).chart(1).note));
        run.step(2500);
        run.turn(*view);
        QCOMPARE(charts(*view).count(), std::size_t{3});
        const Chart& impulse = charts(*view).chart(0);
        QCOMPARE(named(impulse, u"alpha"_s).value, u"area 1.000000000"_s);
        QCOMPARE(named(impulse, u"exponential"_s).value, u"area 1.000000000"_s);
        const ChartSeries& closed = named(impulse, u"closed form"_s);
        for (std::size_t i = 0; i < closed.x.size(); ++i)
            QVERIFY(std::abs(closed.y[i] - closed.x[i] / 25 * std::exp(-closed.x[i] / 5)) < 1e-12);
        // The lesson's figures: a train of 20 ms, 2.3 to 2.7 % off, and 1.0 %.
        const Chart& train = charts(*view).chart(1);
        QCOMPARE(train.title, u"alpha: input 2, x = 0.2"_s);
        QVERIFY2(train.note.startsWith(u"off by at most 2."_s), qPrintable(train.note));
        QCOMPARE(named(train, u"spikes"_s).value, u"10"_s);
        QCOMPARE(charts(*view).chart(2).note, u"off by at most 0.99 % of its peak"_s);
        QVERIFY(view->csv().startsWith(u"lane,time_ms,made_per_ms,closed_per_ms\nalpha,0.1"_s));
        QVERIFY(colours(picture(*view)) > 20);
        run.edit("synapse.tau", 0.0);
        run.turn(*view);
        run.step(10);
        run.turn(*view);
        QVERIFY(charts(*view).chart(0).note.contains(u"the spike itself"_s));
        QVERIFY(!picture(*view).isNull());
    }

    void otherModelsAreLeftAlone()
    {
        Run run("self-predicting");
        for (const auto function :
            {makeRateView, makeMembraneView, makeEncoderView, makeFilterView}) {
            const auto view = make(function, 400, 300);
            QVERIFY(run.turn(*view).none());
            picture(*view);
            QVERIFY(view->subtitle().isEmpty());
        }
    }
};

QTEST_MAIN(BenchViews)
#include "tst_bench_views.moc"
