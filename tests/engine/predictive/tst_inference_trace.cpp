// An inference that is looked at: the same as the model's own, an error that climbs one layer per
// read, an energy that falls below the limit of its rate, and the limit itself.
#include "sim/base/error.h"
#include "sim/predictive/equilibrium.h"
#include "sim/predictive/inference_trace.h"
#include "tests/engine/predictive/inference.h"

#include <Eigen/Eigenvalues>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace apical;
using std::string;

namespace {

const std::vector<int> kChain{7, 6, 5, 4, 3};

/// One sample and the weights of a net.
InferenceCase caseOf(const Net& net, const Batch<double>& x, const Batch<double>& y, int steps)
{
    InferenceCase c;
    c.sizes = net.experiment.layers;
    c.parameters = net.model->parameters();
    for (const Anatomy::Projection& p : net.model->anatomy().projections) {
        c.weights.emplace_back();
        if (!p.isWeight)
            continue;
        c.weights.back() = Matrix(net.model->anatomy().rows(p), net.model->anatomy().cols(p));
        net.model->readWeights(static_cast<int>(c.weights.size()) - 1, c.weights.back().values);
    }
    c.input.assign(x.data(), x.data() + x.size());
    c.target.assign(y.data(), y.data() + y.size());
    c.steps = steps;
    return c;
}

Batch<double> sample(unsigned seed = 1)
{
    return noise(kChain.front(), 1, seed);
}

Batch<double> wanted()
{
    return classes(kChain.back(), 1);
}

Batch<double> rowOf(const Matrix& all, int t)
{
    Batch<double> column(all.cols, 1);
    for (int i = 0; i < all.cols; ++i)
        column(i, 0) = all(t, i);
    return column;
}

bool silent(const InferenceTrace& trace, int layer, int t)
{
    return rowOf(trace.layers[static_cast<std::size_t>(layer - 1)].error, t).isZero(0);
}

bool neverRises(const InferenceTrace& trace)
{
    return std::ranges::none_of(trace.rises, [](bool rise) { return rise; });
}

/// Weights of layers 1..N without biases.
std::vector<Batch<double>> plainWeights(const Net& net)
{
    std::vector<Batch<double>> all;
    for (int l = 1; l <= net.layers(); ++l) {
        const Batch<double> w = net.get(l, "W_up");
        all.emplace_back(w.leftCols(w.cols() - 1));
    }
    return all;
}

/// Largest curvature of F over the hidden values of a linear net, by the pieces of its definition:
/// F = sum_l pi_l/2 |x_l - W_l x_(l-1)|^2 = 1/2 |M x - c|^2, H = M^T M.
double steepest(const std::vector<Batch<double>>& w, const std::vector<double>& precision)
{
    Eigen::Index rows = 0, cols = 0;
    for (std::size_t l = 0; l < w.size(); ++l) {
        rows += w[l].rows();
        cols += l + 1 < w.size() ? w[l].rows() : 0;
    }
    Batch<double> m = Batch<double>::Zero(rows, cols);
    Eigen::Index row = 0, below = 0;
    for (std::size_t l = 0; l < w.size(); ++l) {
        const double root = std::sqrt(precision[l]);
        if (l > 0)
            m.block(row, below, w[l].rows(), w[l].cols()) = -root * w[l];
        below += l > 0 ? w[l].cols() : 0;
        if (l + 1 < w.size())
            m.block(row, below, w[l].rows(), w[l].rows()).diagonal().setConstant(root);
        row += w[l].rows();
    }
    return Eigen::SelfAdjointEigenSolver<Batch<double>>(m.transpose() * m).eigenvalues().maxCoeff();
}

} // namespace

class TestInferenceTrace : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void itIsWhatTheModelDoes_data()
    {
        QTest::addColumn<QString>("mode");
        QTest::addColumn<QString>("loss");
        QTest::addColumn<QString>("hidden");
        QTest::addColumn<QString>("schedule");
        for (const char* schedule : {"il", "fixed-prediction"}) {
            for (const char* mode : {"pre", "post"}) {
                QTest::addRow("%s, %s, tanh", schedule, mode) << mode << "se"
                                                              << "tanh" << schedule;
                QTest::addRow("%s, %s, relu", schedule, mode) << mode << "ce"
                                                              << "relu" << schedule;
            }
        }
    }
    void itIsWhatTheModelDoes()
    {
        QFETCH(QString, mode);
        QFETCH(QString, loss);
        QFETCH(QString, hidden);
        QFETCH(QString, schedule);
        Net net = predictive(
            with(kStill,
                {{"inference.mode", mode.toStdString()}, {"loss.kind", loss.toStdString()},
                    {"activation.hidden", hidden.toStdString()},
                    {"inference.schedule", schedule.toStdString()}, {"inference.rate", 0.15},
                    {"inference.precision", std::vector<double>{0.5, 1, 2, 0.7}}}),
            kChain, 1);
        const InferenceTrace trace = InferenceTracer().trace(caseOf(net, sample(), wanted(), 20));
        QCOMPARE(trace.last(), 20);
        for (int t = 0; t <= 20; ++t) {
            net.read(sample(), wanted(), t);
            for (int l = 1; l <= 4; ++l) {
                const InferenceTrace::Layer& layer = trace.layers[static_cast<std::size_t>(l - 1)];
                QCOMPARE(rowOf(layer.value, t), net.get(l, "value"));
                QCOMPARE(rowOf(layer.prediction, t), net.get(l, "prediction"));
                QCOMPARE(rowOf(layer.error, t), net.get(l, "error"));
                QCOMPARE(layer.energy[static_cast<std::size_t>(t)], net.get(l, "energy")(0, 0));
            }
            QCOMPARE(trace.total[static_cast<std::size_t>(t)], net.get("energy")(0, 0));
            if (t == 0)
                QCOMPARE(trace.loss, net.loss());
        }
    }

    void noiseAtTheStartIsThatOfTheRunAndTheSample()
    {
        Net net = predictive(
            with(kStill, {{"activation.hidden", string("tanh")}, {"inference.start_noise", 0.2}}),
            kChain, 5);
        const Batch<double> x = noise(7, 5, 1), y = classes(3, 5);
        net.present(x, y);
        InferenceCase c = caseOf(net, x.col(3), y.col(3), 20);
        c.seed = net.experiment.seed;
        c.step = 21; // one presentation of 21 reads was before
        c.sample = 3;
        c.samples = 5;
        const InferenceTrace trace = InferenceTracer().trace(c);
        for (int t = 0; t <= 20; ++t) {
            net.read(x, y, t);
            for (int l = 1; l <= 4; ++l)
                QVERIFY(distance(rowOf(trace.layers[static_cast<std::size_t>(l - 1)].value, t),
                            net.get(l, "value").col(3))
                    < 1e-12);
        }
        ++c.sample;
        QVERIFY(InferenceTracer().trace(c).total != trace.total);
    }

    void whenWeightsChangeAndInHowManySamplesDoesNotMatter()
    {
        const Net::Settings tanh{{"activation.hidden", string("tanh")}};
        Net il = predictive(with(tanh, {{"inference.schedule", string("il")}}), kChain, 1);
        Net zil = predictive(with(tanh,
                                 {{"inference.schedule", string("zil")},
                                     {"zil.updates", string("lazy")}, {"batch.watch", 2.0}}),
            kChain, 9);
        const InferenceTrace a = InferenceTracer().trace(caseOf(il, sample(), wanted(), 7)),
                             b = InferenceTracer().trace(caseOf(zil, sample(), wanted(), 7));
        QCOMPARE(a.total, b.total);
        QCOMPARE(a.layers[0].value, b.layers[0].value);
    }

    void whatATracerDidBeforeDoesNotMatter()
    {
        Net a = predictive({{"activation.hidden", string("tanh")}}, kChain, 1, 3);
        Net b = predictive(
            {{"activation.hidden", string("relu")}, {"norm.kind", string("batch")}}, kChain, 1, 4);
        const InferenceCase first = caseOf(a, sample(), wanted(), 9),
                            second = caseOf(b, sample(2), wanted(), 5);
        InferenceTracer tracer;
        const InferenceTrace once = tracer.trace(first);
        const InferenceTrace other = tracer.trace(second);
        const InferenceTrace again = tracer.trace(first);
        QCOMPARE(again.total, once.total);
        QCOMPARE(again.rateLimit, once.rateLimit);
        QCOMPARE(other.total, InferenceTracer().trace(second).total);
    }

    void theErrorClimbsOneLayerPerRead()
    {
        for (const char* mode : {"pre", "post"}) {
            Net net = predictive(
                {{"activation.hidden", string("tanh")}, {"inference.mode", string(mode)}}, kChain,
                1);
            const InferenceTrace trace =
                InferenceTracer().trace(caseOf(net, sample(), wanted(), 6));
            for (int l = 1; l <= 4; ++l) {
                for (int t = 0; t <= 6; ++t)
                    QCOMPARE(silent(trace, l, t), t < 4 - l);
            }
        }
    }

    void theEnergyStartsAsTheLossAndMovesIntoHiddenLayers()
    {
        for (const char* loss : {"se", "ce"}) {
            Net net = predictive(
                {{"activation.hidden", string("tanh")}, {"loss.kind", string(loss)}}, kChain, 1);
            const InferenceTrace trace =
                InferenceTracer().trace(caseOf(net, sample(), wanted(), 200));
            QVERIFY(std::abs(trace.total.front() - trace.loss) < 1e-14);
            QVERIFY(neverRises(trace));
            QVERIFY(trace.total.back() < trace.total.front());
            QVERIFY(trace.layers.back().energy.back() < trace.layers.back().energy.front());
            for (std::size_t l = 0; l + 1 < 4; ++l)
                QVERIFY(trace.layers[l].energy.back() > 0);
        }
    }

    void theLimitOfALinearNetIsThatOfItsCurvature()
    {
        const std::vector<double> precision{0.3, 2, 1, 0.5};
        // The last one has more hidden values than products are taken.
        for (const auto& sizes :
            {kChain, std::vector<int>{5, 8, 3}, std::vector<int>{9, 80, 60, 4}}) {
            const std::vector<double> own(
                precision.begin(), precision.begin() + static_cast<long>(sizes.size()) - 1);
            Net net = predictive(
                {{"activation.hidden", string("linear")}, {"inference.precision", own}}, sizes, 1);
            const InferenceTrace trace = InferenceTracer().trace(
                caseOf(net, noise(sizes.front(), 1, 3), classes(sizes.back(), 1), 1));
            const double limit = 2 / steepest(plainWeights(net), own);
            QVERIFY2(std::abs(trace.rateLimit - limit) < 1e-7 * limit,
                qPrintable(QStringLiteral("%1 %2").arg(trace.rateLimit).arg(limit)));
            QVERIFY(std::abs(inferenceRateLimit(plainWeights(net), own) - limit) < 1e-12);
        }
    }

    void belowTheLimitEnergyFallsAndAboveItRises_data()
    {
        QTest::addColumn<QString>("hidden");
        for (const char* hidden : {"linear", "tanh", "softplus"})
            QTest::addRow("%s", hidden) << hidden;
    }
    void belowTheLimitEnergyFallsAndAboveItRises()
    {
        QFETCH(QString, hidden);
        Net net = predictive({{"activation.hidden", hidden.toStdString()}}, kChain, 1);
        InferenceCase c = caseOf(net, sample(), wanted(), 400);
        InferenceTracer tracer;
        const double limit = tracer.trace(c).rateLimit;
        const auto at = [&](double share) {
            setParameter(c.parameters, "inference.rate", share * limit, net.layers());
            return tracer.trace(c);
        };
        // Where units bend, the bowl is another one further down.
        const double safe = hidden == QLatin1String("linear") ? 0.97 : 0.8;
        QVERIFY(neverRises(at(safe)));
        const InferenceTrace beyond = at(1.3);
        QVERIFY(!neverRises(beyond));
        if (hidden == QLatin1String("linear"))
            QVERIFY(beyond.diverged || beyond.total.back() > 1e3 * beyond.total.front());
    }

    void withFixedPredictionsTheLimitIsThatOfTheLargestPrecision()
    {
        Net net = predictive({{"activation.hidden", string("tanh")},
                                 {"inference.schedule", string("fixed-prediction")},
                                 {"inference.precision", std::vector<double>{1, 4, 2, 9}}},
            kChain, 1);
        QCOMPARE(InferenceTracer().trace(caseOf(net, sample(), wanted(), 3)).rateLimit, 0.5);
    }

    void aLinearNetComesToItsClosedForm() // P8
    {
        const std::vector<double> precision{1, 0.5, 2, 1};
        Net net = predictive({{"activation.hidden", string("linear")},
                                 {"inference.precision", precision}, {"inference.rate", 0.1}},
            kChain, 1);
        const InferenceTrace trace = InferenceTracer().trace(caseOf(net, sample(), wanted(), 2000));
        net.read(sample(), wanted(), 0);
        const Batch<double> residual = wanted() - net.get(4, "prediction");
        const double closed =
            equilibriumEnergy(equilibriumCovariance(plainWeights(net), precision), residual);
        QVERIFY(std::abs(trace.equilibrium - closed) < 1e-12);
        QVERIFY(std::abs(trace.total.back() - closed) < 1e-10);
        QVERIFY(trace.total.front() > closed + 1e-3);
    }

    void netsThatBendHaveNoClosedForm()
    {
        Net net = predictive({{"activation.hidden", string("tanh")}}, kChain, 1);
        QVERIFY(
            std::isnan(InferenceTracer().trace(caseOf(net, sample(), wanted(), 1)).equilibrium));
    }

    void whatRunsAwayEndsAtItsLastNumber()
    {
        Net net = predictive(
            {{"activation.hidden", string("linear")}, {"inference.rate", 50.0}}, kChain, 1);
        const InferenceTrace trace = InferenceTracer().trace(caseOf(net, sample(), wanted(), 2000));
        QVERIFY(trace.diverged);
        QVERIFY(trace.last() > 0 && trace.last() < 2000);
        QCOMPARE(trace.layers[1].value.rows, trace.last() + 1);
        QCOMPARE(trace.rises.size(), trace.total.size());
        QVERIFY(std::isfinite(trace.layers[1].value(trace.last(), 0)));
    }

    void weightsOfAnotherSizeAreRefused()
    {
        Net net = predictive({}, kChain, 1);
        InferenceCase c = caseOf(net, sample(), wanted(), 3);
        c.weights.front() = Matrix(2, 2);
        QVERIFY_THROWS_EXCEPTION(InputError, InferenceTracer().trace(c));
        c.weights.clear();
        QVERIFY_THROWS_EXCEPTION(InputError, InferenceTracer().trace(c));
    }

    void netsWithoutHiddenLayersHaveNoLimit()
    {
        Net net = predictive({}, {4, 2}, 1);
        const InferenceTrace trace =
            InferenceTracer().trace(caseOf(net, noise(4, 1, 1), classes(2, 1), 3));
        QVERIFY(std::isinf(trace.rateLimit));
        QCOMPARE(trace.total.front(), trace.total.back());
    }
};

QTEST_APPLESS_MAIN(TestInferenceTrace)
#include "tst_inference_trace.moc"
