// Batch normalisation as it is looked at beside a run: it is the model's own, and the net that it
// is fused into is the same net to rounding (P19 of the specification's property tests).
#include "sim/network/norm_trace.h"

#include "tests/engine/feedforward/batches.h"

#include "sim/base/error.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace apical;
using std::string;

namespace {

constexpr int kSamples = 12;
const std::vector<int> kSizes{7, 9, 6, 3};
const Net::Settings kNorm{{"norm.kind", string("batch")}, {"activation.hidden", string("tanh")},
    {"loss.kind", string("ce")}, {"learning.rate", 0.02}};

Matrix matrixOf(const Batch<double>& from)
{
    Matrix m(static_cast<int>(from.rows()), static_cast<int>(from.cols()));
    Eigen::Map<RowMajor>(m.values.data(), m.rows, m.cols) = from;
    return m;
}

Batch<double> batchOf(const Matrix& from)
{
    return Eigen::Map<const RowMajor>(from.values.data(), from.rows, from.cols);
}

/// The model as it stands, as a value.
NormCase caseOf(const Net& net)
{
    NormCase c{.sizes = net.experiment.layers,
        .parameters = net.model->parameters(),
        .up = {},
        .norm = {}};
    for (int l = 1; l <= net.layers(); ++l) {
        c.up.push_back(matrixOf(net.get(l, "W_up")));
        if (l < net.layers())
            c.norm.push_back(matrixOf(net.get(l, "W_norm")));
    }
    return c;
}

/// A net that has learned a little: gains, shifts and running statistics are its own.
Net learned(const string& precision = "double")
{
    Net net(kSizes, kSamples, kNorm, 5, precision);
    for (unsigned k = 0; k < 40; ++k)
        net.step(noise(7, kSamples, k), classes(3, kSamples));
    return net;
}

std::vector<double> values(const Batch<double>& x)
{
    return matrixOf(x).values;
}

double largest(const std::vector<double>& all)
{
    return *std::ranges::max_element(all);
}

} // namespace

class TestNormTrace : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void itIsWhatTheModelDoesWithTheBatch()
    {
        Net net = learned();
        const Batch<double> x = noise(7, kSamples, 99);
        const NormCase before = caseOf(net);
        const NormTrace trace = traceNorm(before, values(x), kSamples, true);
        net.step(x, classes(3, kSamples)); // forward by the weights that the case has
        QCOMPARE(trace.layers.size(), std::size_t{2});
        for (int l = 1; l <= 2; ++l) {
            const NormTrace::Layer& layer = trace.layers[static_cast<std::size_t>(l - 1)];
            QVERIFY(distance(batchOf(layer.before), net.get(l, "z")) < 1e-12);
            QVERIFY(distance(batchOf(layer.after), net.get(l, "norm")) < 1e-12);
            const Batch<double> mean = net.get(l, "norm_mean"), var = net.get(l, "norm_var");
            for (Eigen::Index i = 0; i < mean.rows(); ++i) {
                const auto at = static_cast<std::size_t>(i);
                QVERIFY(std::abs(layer.mean[at] - mean(i, 0)) < 1e-12);
                QVERIFY(std::abs(layer.variance[at] - var(i, 0)) < 1e-12);
            }
            // By hand, from its definition.
            const Batch<double> w = batchOf(before.norm[static_cast<std::size_t>(l - 1)]);
            const Batch<double> z = batchOf(layer.before), zh = batchOf(layer.normalised);
            for (Eigen::Index i = 0; i < z.rows(); ++i) {
                const double m = z.row(i).mean();
                const double v = (z.row(i).array() - m).square().mean();
                QVERIFY(std::abs(zh.row(i).mean()) < 1e-12);
                QVERIFY(std::abs(zh.row(i).squaredNorm() / kSamples - v / (v + 1e-5)) < 1e-12);
                const auto y = w(i, 0) * (z.row(i).array() - m) / std::sqrt(v + 1e-5) + w(i, 1);
                QVERIFY((batchOf(layer.after).row(i).array() - y).abs().maxCoeff() < 1e-12);
            }
        }
        QVERIFY(distance(batchOf(trace.output), net.get(3, "activation")) < 1e-12);
        // With running statistics: as the model answers that does not learn.
        const NormCase now = caseOf(net);
        const NormTrace running = traceNorm(now, values(x), kSamples, false);
        net.step(x, classes(3, kSamples), false);
        for (int l = 1; l <= 2; ++l)
            QVERIFY(distance(batchOf(running.layers[static_cast<std::size_t>(l - 1)].after),
                        net.get(l, "norm"))
                < 1e-12);
        QVERIFY(distance(batchOf(running.output), batchOf(trace.output)) > 1e-3);
    }

    void fusedItAnswersAsWithRunningStatistics() // P19
    {
        const Net net = learned();
        const Batch<double> x = noise(7, 50, 123);
        const NormCase c = caseOf(net);
        const std::vector<double> exact = fusionDifference(c, values(x), 50, "double");
        const std::vector<double> single = fusionDifference(c, values(x), 50, "float");
        QCOMPARE(exact.size(), std::size_t{50});
        QVERIFY2(largest(exact) < 1e-12, qPrintable(QString::number(largest(exact))));
        QVERIFY2(largest(single) < 1e-5, qPrintable(QString::number(largest(single))));
        QVERIFY(largest(single) > largest(exact));
        // The statistics of one batch make another net of it.
        const NormTrace batch = traceNorm(c, values(noise(7, kSamples, 77)), kSamples, true);
        QVERIFY(largest(fusionDifference(c, values(x), 50, "double", batch.layers)) > 1e-2);
        // The right ones, given by hand, do not.
        std::vector<NormTrace::Layer> right(2);
        for (std::size_t l = 0; l < 2; ++l)
            for (int i = 0; i < c.norm[l].rows; ++i) {
                right[l].mean.push_back(c.norm[l](i, 2));
                right[l].variance.push_back(c.norm[l](i, 3));
            }
        QCOMPARE(fusionDifference(c, values(x), 50, "double", right), exact);
    }

    void theModelItselfAnswersFusedAsItDoesNormalised() // P19
    {
        for (const char* precision : {"double", "float"}) {
            Net net = learned(precision);
            const Batch<double> x = noise(7, kSamples, 123), y = classes(3, kSamples);
            net.step(x, y, false);
            const Batch<double> normalised = net.get(3, "activation");
            net.set("norm.fused", true);
            net.step(x, y, false);
            const double apart = distance(net.get(3, "activation"), normalised);
            QVERIFY2(apart < (string(precision) == "double" ? 1e-12 : 1e-5), precision);
        }
    }

    /// Without learning there are running statistics, for the gradient as for the answers.
    void gradientsWithoutLearningAreThoseOfRunningStatistics()
    {
        Net net = learned();
        net.set("learning.on", false);
        const RowMajor x = noise(7, kSamples, 123), y = classes(3, kSamples);
        net.step(x, y);
        std::vector<Batch<double>> apart, gains;
        std::vector<Matrix> up;
        for (int l = 1; l <= 3; ++l) {
            apart.push_back(net.get(l, "G_up"));
            up.push_back(matrixOf(net.get(l, "W_up")));
            if (l < 3)
                gains.push_back(net.get(l, "G_gain"));
        }
        const auto exact = net.model->exactGradient();
        exact->compute(net.model->parameters(), up, {x.data(), static_cast<std::size_t>(x.size())},
            {y.data(), static_cast<std::size_t>(y.size())});
        net.set("norm.fused", true);
        net.step(x, y);
        for (int l = 1; l <= 3; ++l) {
            const auto at = static_cast<std::size_t>(l - 1);
            QVERIFY(distance(batchOf(exact->gradient(l)), apart[at]) < 1e-14);
            QVERIFY(distance(net.get(l, "G_up"), apart[at]) < 1e-12);
            if (l < 3)
                QVERIFY(distance(net.get(l, "G_gain"), gains[at]) < 1e-12);
        }
        net.set("norm.fused", false);
        net.set("learning.on", true);
        net.step(x, y); // by statistics of the batch it is another one
        QVERIFY(distance(net.get(1, "G_up"), apart[0]) > 1e-3);
    }

    void whatDoesNotFitIsRefused()
    {
        NormCase c = caseOf(learned());
        const std::vector<double> x = values(noise(7, kSamples, 1));
        QVERIFY_EXCEPTION_THROWN(traceNorm(c, x, kSamples + 1, true), InputError);
        c.norm.back().cols = 3;
        QVERIFY_EXCEPTION_THROWN(traceNorm(c, x, kSamples, true), InputError);
        c.norm.pop_back();
        QVERIFY_EXCEPTION_THROWN(fusionDifference(c, x, kSamples, "double"), InputError);
    }
};

QTEST_APPLESS_MAIN(TestNormTrace)
#include "tst_norm_trace.moc"
