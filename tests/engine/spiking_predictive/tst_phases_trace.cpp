// Both phases of one sample, traced: what the model's own steps give, to the last bit, and what
// backprop makes of the same sample.
#include "sim/base/error.h"
#include "sim/spiking_predictive/phases_trace.h"
#include "tests/engine/lif/lif_run.h"
#include "tests/engine/spiking_predictive/golden_net.h"

#include <QTest>

#include <cmath>

using namespace apical;
using test::goldenNet;
using test::own;
using test::readProbe;
using List = std::vector<double>;

namespace {

/// The golden net, one sample at a time.
Experiment oneByOne(const char* precision = "double")
{
    Experiment e = goldenNet(golden::read("pc_spc_small"));
    e.precision = precision;
    own(e).batchSize = 1;
    return e;
}

PhasesCase caseOf(const Experiment& e, const Simulation& run)
{
    return {.sizes = e.layers,
        .parameters = run.parameters(),
        .weights = weightsOf(run.model()),
        .precision = e.precision,
        .seed = e.seed,
        .input = run.patternInput(),
        .target = run.patternTarget(),
        .firstStep = run.clock().step - run.clock().stepInPattern};
}

std::string name(std::size_t l, const char* what)
{
    return "layer" + std::to_string(l) + '.' + what;
}

List rowOf(const Matrix& m, std::uint32_t step)
{
    const auto cols = static_cast<std::ptrdiff_t>(m.cols);
    const auto from = m.values.begin() + static_cast<std::ptrdiff_t>(step) * cols;
    return {from, from + cols};
}

/// Signed sum of the spikes of each neuron.
List countsOf(const std::vector<PhasesTrace::Spike>& spikes, int units)
{
    List counts(static_cast<std::size_t>(units), 0.0);
    for (const PhasesTrace::Spike& spike : spikes)
        counts[spike.neuron] += spike.sign;
    return counts;
}

List difference(List a, const List& b)
{
    for (std::size_t i = 0; i < a.size(); ++i)
        a[i] -= b[i];
    return a;
}

} // namespace

class PhasesTraceTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// A net that normalises is traced as the one that it amounts to.
    void aNormalisedNetIsTracedWithItsRunningStatistics()
    {
        Experiment e = oneByOne();
        own(e).norm = 1;
        own(e).normStatistics = 1;
        own(e).feedback = feedback_kind::fixed;
        for (int l = 1; l <= 2; ++l) {
            Matrix norm(e.layers[static_cast<std::size_t>(l)], 4, 0.7);
            for (int i = 0; i < norm.rows; ++i) {
                norm(i, 0) = 1.3 + 0.1 * i;
                norm(i, 2) = 0.2 - 0.1 * i;
            }
            e.weights.given.push_back({name(static_cast<std::size_t>(l), "W_norm"), norm});
        }
        Simulation run(e);
        QVERIFY(run.step());
        const PhasesTrace trace = tracePhases(caseOf(e, run));
        for (std::uint32_t s = 0; s < trace.steps(); ++s) {
            if (s > 0)
                QVERIFY(run.step());
            for (std::size_t l = 1; l <= 3; ++l)
                for (const auto& [what, values] :
                    {std::pair{"prediction", &trace.layers[l - 1].prediction},
                        std::pair{"error_trace", &trace.layers[l - 1].errorTrace}})
                    QVERIFY(
                        golden::worst(rowOf(*values, s), readProbe(run, name(l, what))) < 1e-12);
        }
        QVERIFY(trace.errorSpikes() > 0);
        PhasesCase without = caseOf(e, run);
        std::erase_if(
            without.weights, [](const NamedMatrix& w) { return w.name == "layer2.W_norm"; });
        QVERIFY_EXCEPTION_THROWN(tracePhases(without), InputError);
    }

    void aTraceIsWhatTheModelDoes_data()
    {
        QTest::addColumn<QByteArray>("precision");
        QTest::addColumn<bool>("strict");
        QTest::newRow("double") << QByteArray("double") << false;
        QTest::newRow("float") << QByteArray("float") << false;
        QTest::newRow("strict") << QByteArray("double") << true;
    }
    void aTraceIsWhatTheModelDoes()
    {
        QFETCH(QByteArray, precision);
        QFETCH(bool, strict);
        Experiment e = oneByOne(precision.constData());
        own(e).dither = true;
        own(e).strict = strict;
        own(e).rate = 0.01;
        Simulation run(e);
        for (int k = 0; k < 2 * 100; ++k) // then weights have changed twice
            QVERIFY(run.step());
        std::vector<List> values(2), errors(3);
        for (std::size_t l = 1; l <= 3; ++l) {
            errors[l - 1] = readProbe(run, name(l, "error_spikes"));
            if (l < 3)
                values[l - 1] = readProbe(run, name(l, "spikes"));
        }
        QVERIFY(run.step()); // which loads the third presentation
        const PhasesTrace trace = tracePhases(caseOf(e, run));
        QCOMPARE(trace.stepsA, 40u);
        QCOMPARE(trace.steps(), 100u);
        QCOMPARE(trace.window, 60u);
        QCOMPARE(trace.layers.size(), std::size_t{3});
        const std::size_t layers = trace.layers.size();
        for (std::uint32_t s = 0; s < trace.steps(); ++s) {
            if (s > 0)
                QVERIFY(run.step());
            for (std::size_t l = 1; l <= layers; ++l) {
                const PhasesTrace::Layer& layer = trace.layers[l - 1];
                QVERIFY(readProbe(run, name(l, "prediction")) == rowOf(layer.prediction, s));
                QVERIFY(readProbe(run, name(l, "error_trace")) == rowOf(layer.errorTrace, s));
                QCOMPARE(layer.hidden, l < layers);
                if (l < layers && s + 1 >= trace.stepsA)
                    QVERIFY(readProbe(run, name(l, "value")) == rowOf(layer.value, s));
                else if (l < layers)
                    QVERIFY(std::isnan(layer.value(static_cast<int>(s), 0)));
            }
        }
        for (std::size_t l = 1; l <= layers; ++l) {
            const PhasesTrace::Layer& layer = trace.layers[l - 1];
            QVERIFY(readProbe(run, name(l, "latched")) == layer.latched);
            QVERIFY(readProbe(run, name(l, "error_mean")) == layer.errorMean);
            QVERIFY(difference(readProbe(run, name(l, "error_spikes")), errors[l - 1])
                == countsOf(layer.errors, layer.units));
            if (l < layers)
                QVERIFY(difference(readProbe(run, name(l, "spikes")), values[l - 1])
                    == countsOf(layer.values, layer.units));
            for (const PhasesTrace::Spike& spike : layer.errors)
                QVERIFY(spike.step >= trace.stepsA);
        }
        // As many as the model counts itself.
        const List measures = measuresOf(run.model());
        QCOMPARE(static_cast<double>(trace.errorSpikes()), measures[0]);
        QCOMPARE(static_cast<double>(trace.valueSpikes()), measures[1]);
        QVERIFY(trace.errorSpikes() > 0 && trace.valueSpikes() > 0);
        const PhasesTrace::Layer& output = trace.layers.back();
        QCOMPARE(output.sent(1) + output.sent(-1), output.errors.size());
    }

    /// P22, of what the trace holds itself.
    void meanErrorsComeToBackpropAtTheLatch()
    {
        Experiment e = oneByOne();
        own(e).phaseA = 200;
        own(e).phaseB = 1000;
        own(e).window = 80;
        Simulation run(e);
        QVERIFY(run.step());
        const PhasesTrace trace = tracePhases(caseOf(e, run));
        double most = 0, size = 0;
        for (const PhasesTrace::Layer& layer : trace.layers) {
            QCOMPARE(layer.backprop.size(), layer.errorMean.size());
            for (std::size_t i = 0; i < layer.backprop.size(); ++i) {
                most = std::max(most, std::abs(layer.errorMean[i] - layer.backprop[i]));
                size = std::max(size, std::abs(layer.backprop[i]));
            }
        }
        const double quantum = own(e).quantum / (1000 - 80);
        QVERIFY2(most <= 1.2 * quantum, qPrintable(QString::number(most / quantum)));
        QVERIFY(size > 10 * quantum);
    }

    /// The exact gradient belongs to smooth rates: near it, and the same at the first layer's
    /// current, which is no spiking matter.
    void theExactErrorIsThatOfTheNetOfRates()
    {
        const Experiment e = oneByOne();
        Simulation run(e);
        QVERIFY(run.step());
        const PhasesCase c = caseOf(e, run);
        const PhasesTrace trace = tracePhases(c);
        const auto exact = run.model().exactGradient();
        std::vector<Matrix> up;
        for (std::size_t l = 1; l <= 3; ++l)
            up.push_back(e.weights.given[l - 1].matrix);
        exact->compute(run.parameters(), up, c.input, c.target);
        for (int l = 1; l <= 3; ++l) {
            const PhasesTrace::Layer& layer = trace.layers[static_cast<std::size_t>(l) - 1];
            List minus = exact->delta(l);
            for (double& d : minus)
                d = -d;
            QVERIFY(minus == layer.exact);
            QVERIFY(layer.exact != layer.backprop);
        }
    }

    /// -delta of the output is T - softmax(mu_N) or T - mu_N, from which the loss follows.
    void theLossOfTheNetOfRatesIsThatOfItsOutput()
    {
        for (const char* kind : {"se", "ce"}) {
            Experiment e = oneByOne();
            setParameter(e.parameters, "loss.kind", std::string(kind), 3);
            Simulation run(e);
            QVERIFY(run.step());
            PhasesCase c = caseOf(e, run);
            c.target.assign(c.target.size(), 0.0);
            c.target[1] = 1;
            const List lack = tracePhases(c).layers.back().exact;
            double expected = -std::log(1 - lack[1]);
            if (kind == std::string("se")) {
                expected = 0;
                for (const double d : lack)
                    expected += 0.5 * d * d;
            }
            QVERIFY(expected > 0.01);
            const double loss = rateLoss(c);
            QVERIFY2(std::abs(loss - expected) < 1e-12 * expected,
                qPrintable(QString::number(loss / expected - 1)));
            c.input.pop_back();
            QVERIFY_THROWS_EXCEPTION(InputError, rateLoss(c));
        }
    }

    void whatDoesNotFitIsRefused()
    {
        const Experiment e = oneByOne();
        Simulation run(e);
        QVERIFY(run.step());
        const auto keyOf = [&](auto&& change) {
            PhasesCase c = caseOf(e, run);
            change(c);
            try {
                tracePhases(c);
            } catch (const InputError& error) {
                return QString::fromStdString(error.fields().key);
            }
            return QString();
        };
        QCOMPARE(keyOf([](PhasesCase& c) { c.input.pop_back(); }), QStringLiteral("input"));
        QCOMPARE(keyOf([](PhasesCase& c) { c.target.clear(); }), QStringLiteral("target"));
        QCOMPARE(keyOf([](PhasesCase& c) { c.weights.clear(); }), QStringLiteral("layer1.W_up"));
        QCOMPARE(
            keyOf([](PhasesCase& c) { c.parameters = newExperiment("feedforward").parameters; }),
            QStringLiteral("model"));
        QVERIFY(keyOf([](PhasesCase&) {}).isEmpty());
    }

    void onlyModelsWithALatchHaveTwoPhases()
    {
        Simulation run(oneByOne());
        QVERIFY(hasTwoPhases(run.model().anatomy()));
        Experiment e = oneByOne();
        e.parameters = newExperiment("feedforward").parameters;
        setParameter(e.parameters, "batch.size", 1.0, 3);
        QVERIFY(!hasTwoPhases(Simulation(e).model().anatomy()));
    }
};

QTEST_GUILESS_MAIN(PhasesTraceTest)
#include "tst_phases_trace.moc"
