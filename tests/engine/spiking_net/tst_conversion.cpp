// The conversion that is looked at: one image traced step by step, and accuracy against time. Both
// are what the model's own steps and its own test give, to the last bit.
#include "sim/base/error.h"
#include "sim/spiking_net/conversion_survey.h"
#include "sim/spiking_net/spiking_net.h"
#include "sim/watch/evaluation.h"
#include "tests/engine/lif/lif_run.h"
#include "tests/engine/spiking_net/bars_net.h"

#include <QTest>

#include <map>
#include <numeric>

using namespace apical;
using test::readProbe;
using List = std::vector<double>;

namespace {

SpikingNetParameters& own(Experiment& e)
{
    return e.parameters.family<SpikingNetParameters>();
}

/// Bars, 9-30-20-3, soft-LIF units.
Experiment bars(const char* precision)
{
    Experiment e = test::barsNet({9, 30, 20, 3});
    e.precision = precision;
    return e;
}

/// The same net after so many batches, which only spikes from now on.
Experiment learned(const char* precision, int encoder, int together = 1)
{
    Experiment e = bars(precision);
    Simulation run(e);
    for (int k = 0; k < 60; ++k)
        run.step();
    e.weights.init = WeightSpec::Init::Explicit;
    e.weights.given = weightsOf(run.model());
    own(e).learningOn = false;
    own(e).encoder = encoder;
    own(e).imagesTogether = together;
    return e;
}

ConversionNet netOf(const Experiment& e)
{
    return {.sizes = e.layers,
        .parameters = e.parameters,
        .weights = e.weights.given,
        .precision = e.precision,
        .seed = e.seed};
}

LabelledImage imagesOf(const Simulation& run)
{
    return [&run](int number, std::span<double> input) {
        List target(3);
        run.stimulus().pattern(
            {.block = Block::Train,
                .index = static_cast<std::uint64_t>(number),
                .size = static_cast<std::uint64_t>(run.stimulus().samples(Block::Train))},
            run.parameters(), input, target);
        return classOf(target);
    };
}

} // namespace

class Conversion : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aTraceIsWhatTheModelDoes_data()
    {
        QTest::addColumn<QByteArray>("precision");
        QTest::addColumn<int>("encoder");
        QTest::newRow("double, current") << QByteArray("double") << int(encoder_kind::current);
        QTest::newRow("double, poisson") << QByteArray("double") << int(encoder_kind::poisson);
        QTest::newRow("float, current") << QByteArray("float") << int(encoder_kind::current);
        QTest::newRow("float, poisson") << QByteArray("float") << int(encoder_kind::poisson);
    }
    void aTraceIsWhatTheModelDoes()
    {
        QFETCH(QByteArray, precision);
        QFETCH(int, encoder);
        const Experiment e = learned(precision.constData(), encoder);
        Simulation run(e);
        run.step(); // which loads the presentation
        const List image = run.patternInput();
        const ConversionTrace trace = traceConversion(netOf(e), image);
        QCOMPARE(trace.steps, 200u);
        QCOMPARE(trace.classes, 3);
        QVERIFY(trace.entropy);
        for (std::uint32_t s = 0; s < trace.steps; ++s) {
            if (s > 0)
                QVERIFY(run.step());
            const auto o = trace.outputAt(s), mean = trace.runningAt(s);
            QVERIFY(readProbe(run, "layer3.current") == List(o.begin(), o.end()));
            QVERIFY(readProbe(run, "readout.running") == List(mean.begin(), mean.end()));
        }
        // Spikes of each neuron and layer add up to the model's counts.
        QCOMPARE(trace.populations.size(), std::size_t{3});
        for (const auto& population : trace.populations) {
            const List counts = readProbe(run, population.name + ".spikes");
            QVERIFY(population.counts(trace.steps) == counts);
            QCOMPARE(population.spikesUntil(trace.steps),
                std::accumulate(counts.begin(), counts.end(), 0.0));
        }
        QCOMPARE(trace.populations[0].sends, encoder == encoder_kind::poisson);
        QCOMPARE(trace.populations[0].spikes.empty(), encoder == encoder_kind::current);
        QVERIFY(!trace.populations[2].spikes.empty());
        QVERIFY(trace.ann == readProbe(run, "readout.ann"));
        // The last decision is that of the model's running mean.
        const List last = readProbe(run, "readout.running");
        QCOMPARE(trace.decision(), classOf(last));
        const double ms = trace.decidedMs();
        QVERIFY(ms > 0 && ms <= 200);
    }

    void ratesAreThoseOfTheNetThatLearned()
    {
        const Experiment e = learned("double", encoder_kind::current);
        Simulation run(e);
        run.step();
        const List x = run.patternInput();
        const ConversionTrace trace = traceConversion(netOf(e), x);
        const SoftLif lif = softLifOf(e.parameters.family<SpikingNetParameters>());
        const Matrix& w = e.weights.given.front().matrix;
        QCOMPARE(trace.populations[1].rates.size(), std::size_t{30});
        QVERIFY(trace.populations[0].rates.empty());
        for (int h = 0; h < 30; ++h) {
            double z = w(h, 9);
            for (int i = 0; i < 9; ++i)
                z += w(h, i) * x[static_cast<std::size_t>(i)];
            QVERIFY(std::abs(
                        trace.populations[1].rates[static_cast<std::size_t>(h)] - lif.rate(z).value)
                < 1e-12);
        }
        const List shares = softmax(trace.ann);
        QVERIFY(std::abs(std::accumulate(shares.begin(), shares.end(), 0.0) - 1) < 1e-12);
        QCOMPARE(classOf(shares), trace.annDecision());
    }

    void aDecisionIsMadeWhereItNoLongerChanges()
    {
        using D = std::vector<int>;
        QCOMPARE(settledFrom(D{}), -1);
        QCOMPARE(settledFrom(D{-1, -1}), -1);
        QCOMPARE(settledFrom(D{2, 2, 2}), 0);
        QCOMPARE(settledFrom(D{-1, 2, 2}), 1);
        QCOMPARE(settledFrom(D{-1, 2, 1, 2, 2}), 3);
        QCOMPARE(settledFrom(D{2, 2, 1}), 2);
        ConversionTrace trace;
        trace.dt = 0.5;
        trace.decisions = {-1, 0, 2, 2};
        QCOMPARE(trace.decidedMs(), 1.5); // the end of the third step
        trace.decisions = {-1, -1};
        QCOMPARE(trace.decidedMs(), -1.0);
    }

    void nothingIsDecidedByBiasesAlone()
    {
        const Experiment e = learned("double", encoder_kind::current);
        Simulation run(e);
        run.step();
        const ConversionTrace trace = traceConversion(netOf(e), run.patternInput());
        const std::uint32_t first = trace.populations.back().spikes.front().step;
        QVERIFY(first > 0);
        for (std::uint32_t s = 0; s < trace.steps; ++s)
            QCOMPARE(trace.decisions[s] < 0, s < first);
        // Until then the outputs stand still.
        for (std::uint32_t s = 0; s < first; ++s)
            QVERIFY(std::ranges::equal(trace.outputAt(s), trace.outputAt(0)));
        QVERIFY(!std::ranges::equal(trace.outputAt(first), trace.outputAt(0)));
    }

    void aSurveyIsTheTestOfTheModel_data()
    {
        QTest::addColumn<int>("encoder");
        QTest::addColumn<int>("together");
        for (const int together : {1, 3}) // 3: the last few images were shown before
            for (const int encoder : {encoder_kind::current, encoder_kind::poisson})
                QTest::addRow("encoder %d, %d together", encoder, together) << encoder << together;
    }
    void aSurveyIsTheTestOfTheModel()
    {
        QFETCH(int, encoder);
        QFETCH(int, together);
        const Experiment e = learned("double", encoder, together);
        Simulation run(e);
        const Evaluation test = evaluate(run, Block::Train);
        std::map<std::string, double> told(test.further.begin(), test.further.end());
        const int images = run.stimulus().samples(Block::Train);
        QCOMPARE(images, 8);
        const double tau = e.parameters.family<SpikingNetParameters>().synapseTau;
        // Another variant before it leaves no trace.
        ConversionSurveyor surveyor(netOf(e), {{encoder_kind::periodic, 0.0}, {encoder, tau}},
            images, imagesOf(run), together);
        int turns = 0;
        while (surveyor.advance())
            ++turns;
        const ConversionSurvey& survey = surveyor.survey();
        QCOMPARE(turns, 2 * ((images + together - 1) / together));
        QVERIFY(survey.finished());
        QCOMPARE(survey.done, 2 * images);
        QCOMPARE(survey.annRight / survey.annShown, told["test_accuracy_ann"]);
        const ConversionSurvey::Curve& curve = survey.curves[1];
        QCOMPARE(curve.shown, static_cast<double>(images));
        for (const int ms : {10, 20, 30, 50, 100, 200})
            QCOMPARE(curve.right[static_cast<std::size_t>(ms - 1)] / curve.shown,
                told["test_accuracy_at_" + std::to_string(ms) + "ms"]);
        if (images % together == 0)
            QCOMPARE(curve.spikes / curve.shown, told["test_spikes_per_sample"]);
    }

    void whatCannotBeConvertedIsSaid()
    {
        const Experiment e = learned("double", encoder_kind::current);
        QVERIFY_EXCEPTION_THROWN(traceConversion(netOf(e), List(4)), InputError);
        ConversionNet other = netOf(e);
        other.parameters = newExperiment("feedforward").parameters;
        QVERIFY_EXCEPTION_THROWN(convertedModel(other, 1), InputError);
    }
};

QTEST_GUILESS_MAIN(Conversion)
#include "tst_conversion.moc"
