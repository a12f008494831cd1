// Batch normalisation in spiking predictive coding: with running statistics it is the net of W',
// b'; with those of the batch, layers have the mean and deviation that it sets, and weights learn
// what backprop through it gives.
#include "sim/spiking_predictive/spiking_predictive.h"
#include "tests/engine/lif/lif_run.h"
#include "tests/engine/spiking_predictive/golden_net.h"

#include <QTest>

#include <cmath>
#include <string>

using namespace apical;
using test::goldenNet;
using test::layer;
using test::make;
using test::own;
using test::readProbe;
using List = std::vector<double>;

namespace {

constexpr double kTolerance = 1e-12;
enum Statistics { OfBatch, Running };

/// gain, shift, mean and variance of a unit of the golden net.
Matrix norms(int units, double turn)
{
    Matrix norm(units, 4);
    for (int i = 0; i < units; ++i) {
        norm(i, 0) = 1.2 + 0.3 * std::sin(turn + i);
        norm(i, 1) = 1.0 + 0.2 * std::cos(turn + 2 * i);
        norm(i, 2) = 0.3 * std::sin(turn + 3 * i);
        norm(i, 3) = 0.8 + 0.4 * std::cos(turn + i);
    }
    return norm;
}

/// The golden net, sizes 6-5-4-3, normalised.
Experiment normalised(Statistics statistics)
{
    Experiment e = goldenNet(golden::read("pc_spc_small"));
    own(e).norm = 1;
    own(e).normStatistics = statistics;
    for (int l = 1; l <= 2; ++l)
        e.weights.given.push_back(
            {layer(l, "W_norm"), norms(e.layers[static_cast<std::size_t>(l)], l)});
    return e;
}

Matrix& given(Experiment& e, const std::string& name)
{
    const auto found = std::ranges::find(e.weights.given, name, &NamedMatrix::name);
    Q_ASSERT(found != e.weights.given.end());
    return found->matrix;
}

/// Where W(i, j) stands in a list.
std::size_t entry(const Matrix& w, int i, int j)
{
    return static_cast<std::size_t>(i) * static_cast<std::size_t>(w.cols)
        + static_cast<std::size_t>(j);
}

double scaleOf(const Matrix& norm, int unit, double epsilon)
{
    return norm(unit, 0) / std::sqrt(norm(unit, 3) + epsilon);
}

/// The net of W', b'.
Experiment fusedNet()
{
    Experiment e = normalised(Running);
    for (int l = 1; l <= 2; ++l) {
        const Matrix& norm = given(e, layer(l, "W_norm"));
        Matrix& w = given(e, layer(l, "W_up"));
        for (int i = 0; i < w.rows; ++i) {
            const double s = scaleOf(norm, i, own(e).normEpsilon);
            for (int j = 0; j < w.cols; ++j)
                w(i, j) *= s;
            w(i, w.cols - 1) += norm(i, 1) - s * norm(i, 2);
        }
    }
    std::erase_if(e.weights.given, [](const NamedMatrix& w) { return w.name.ends_with("W_norm"); });
    own(e).norm = 0;
    return e;
}

bool near(const List& a, const List& b, double tolerance = kTolerance)
{
    return !a.empty() && a.size() == b.size() && golden::worst(a, b) < tolerance;
}

/// Mean and biased variance of row i of [unit][sample].
std::pair<double, double> momentsOf(const List& values, std::size_t i, std::size_t samples)
{
    double mean = 0, square = 0;
    for (std::size_t k = 0; k < samples; ++k)
        mean += values[i * samples + k] / static_cast<double>(samples);
    for (std::size_t k = 0; k < samples; ++k)
        square += std::pow(values[i * samples + k] - mean, 2) / static_cast<double>(samples);
    return {mean, square};
}

} // namespace

class SpikingPredictiveNormTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void runningStatisticsAreTheNetThatTheyAmountTo_data()
    {
        QTest::addColumn<int>("feedback");
        QTest::addColumn<bool>("strict");
        QTest::newRow("transposed") << 0 << false;
        QTest::newRow("fixed") << 1 << false;
        QTest::newRow("strict") << 0 << true;
    }
    void runningStatisticsAreTheNetThatTheyAmountTo()
    {
        QFETCH(int, feedback);
        QFETCH(bool, strict);
        Experiment e = normalised(Running), plain = fusedNet();
        for (Experiment* each : {&e, &plain}) {
            own(*each).feedback = feedback;
            own(*each).strict = strict;
            own(*each).dither = true;
        }
        if (feedback > 0) { // what comes down from layer 2 goes through its s
            Matrix down(5, 4), above(4, 3, 0.4);
            for (int i = 0; i < 20; ++i)
                down(i / 4, i % 4) = std::sin(5 * i + 1);
            for (Experiment* each : {&e, &plain}) {
                const bool fused = each == &plain;
                Matrix k = down;
                for (int i = 0; fused && i < 20; ++i)
                    k(i / 4, i % 4) *=
                        scaleOf(given(e, "layer2.W_norm"), i % 4, own(e).normEpsilon);
                each->weights.given.push_back({"layer1.W_down", k});
                each->weights.given.push_back({"layer2.W_down", above});
            }
        }
        Simulation run(e), same(plain);
        make(run, 40);
        make(same, 40);
        for (int l = 1; l <= 3; ++l)
            QVERIFY(
                near(readProbe(run, layer(l, "latched")), readProbe(same, layer(l, "latched"))));
        make(run, 60);
        make(same, 60);
        for (int l = 1; l <= 3; ++l)
            for (const char* what : {"prediction", "error_trace", "error_mean", "error_spikes"})
                QVERIFY2(
                    near(readProbe(run, layer(l, what)), readProbe(same, layer(l, what))), what);
        for (int l = 1; l <= 2; ++l) {
            QVERIFY(readProbe(run, layer(l, "spikes")) == readProbe(same, layer(l, "spikes")));
            // dW = s dW', db = s db'
            const List g = readProbe(run, layer(l, "G_up")), to = readProbe(same, layer(l, "G_up"));
            const Matrix& norm = given(e, layer(l, "W_norm"));
            const std::size_t cols = g.size() / static_cast<std::size_t>(norm.rows);
            for (std::size_t i = 0; i < g.size(); ++i) {
                const double s = scaleOf(norm, static_cast<int>(i / cols), own(e).normEpsilon);
                QVERIFY(std::abs(g[i] - s * to[i]) < kTolerance);
            }
        }
    }

    /// The loss of the net of W', b' goes down by the gradients of W', b': gain and shift change by
    /// the chain rule, here with W', b' moved a little each way.
    void gainAndShiftLearnByTheChainRule()
    {
        Experiment e = normalised(Running);
        setParameter(e.parameters, "learning.optimizer", std::string("sgd"), 3);
        setParameter(e.parameters, "learning.rate", 0.01, 3);
        Simulation run(e), same(fusedNet());
        make(run, 100);
        make(same, 100);
        for (int l = 1; l <= 2; ++l) {
            const List norm = readProbe(run, layer(l, "W_norm"));
            const List to = readProbe(same, layer(l, "G_up"));
            const Matrix &before = given(e, layer(l, "W_norm")), &w = given(e, layer(l, "W_up"));
            for (int i = 0; i < before.rows; ++i) {
                const auto of = [&](int j) { return to[entry(w, i, j)]; };
                // d/dG of W' = G W / d and of b' = G (b - m) / d + S, d = sqrt(v + e)
                const double d = std::sqrt(before(i, 3) + own(e).normEpsilon);
                double gain = (w(i, w.cols - 1) - before(i, 2)) / d * of(w.cols - 1);
                for (int j = 0; j + 1 < w.cols; ++j)
                    gain += w(i, j) / d * of(j);
                const auto at = entry(before, i, 0);
                QVERIFY(std::abs(before(i, 0) - 0.01 * gain - norm[at]) < kTolerance);
                QVERIFY(std::abs(before(i, 1) - 0.01 * of(w.cols - 1) - norm[at + 1]) < kTolerance);
                QCOMPARE(norm[at + 2], before(i, 2)); // running ones stand still
                QCOMPARE(norm[at + 3], before(i, 3));
            }
        }
    }

    void withoutLearningLayersMayBeFused()
    {
        Experiment e = normalised(OfBatch);
        own(e).learningOn = false;
        Simulation apart(e);
        own(e).normFused = true;
        Simulation fused(e);
        make(apart, 40);
        make(fused, 40);
        for (int l = 1; l <= 3; ++l)
            QVERIFY(
                near(readProbe(apart, layer(l, "latched")), readProbe(fused, layer(l, "latched"))));
        QVERIFY(readProbe(apart, "layer2.latched") != readProbe(fused, "layer2.latched"));
        QVERIFY(readProbe(apart, "layer1.W_norm") == readProbe(fused, "layer1.W_norm"));
    }

    void statisticsOfTheBatchCentreAndScale()
    {
        Experiment e = normalised(OfBatch);
        Simulation run(e);
        make(run, 40);
        const Matrix &norm = given(e, "layer1.W_norm"), &above = given(e, "layer2.W_norm"),
                     &w = given(e, "layer1.W_up");
        const List x = readProbe(run, "input.rate");
        const List mu = readProbe(run, "layer1.latched"), next = readProbe(run, "layer2.latched");
        const List now = readProbe(run, "layer1.W_norm");
        for (int i = 0; i < norm.rows; ++i) {
            List z(4, w(i, w.cols - 1));
            for (std::size_t k = 0; k < 4; ++k)
                for (int j = 0; j + 1 < w.cols; ++j)
                    z[k] += w(i, j) * x[static_cast<std::size_t>(j) * 4 + k];
            const auto [m, v] = momentsOf(z, 0, 4);
            const auto at = static_cast<std::size_t>(i);
            const auto [mean, variance] = momentsOf(mu, at, 4);
            QVERIFY(std::abs(mean - norm(i, 1)) < kTolerance);
            const double share = v / (v + own(e).normEpsilon);
            QVERIFY(std::abs(variance - norm(i, 0) * norm(i, 0) * share) < 1e-11);
            // the running ones follow, by a tenth of the way
            QVERIFY(std::abs(now[4 * at + 2] - (0.9 * norm(i, 2) + 0.1 * m)) < kTolerance);
            QVERIFY(std::abs(now[4 * at + 3] - (0.9 * norm(i, 3) + 0.1 * v * 4 / 3)) < kTolerance);
        }
        // Spikes make the currents of layer 2 go up and down: what is latched is their mean.
        for (int i = 0; i < above.rows; ++i) {
            const auto [mean, variance] = momentsOf(next, static_cast<std::size_t>(i), 4);
            QVERIFY(std::abs(mean - above(i, 1)) < kTolerance);
            QVERIFY(variance > 0 && variance <= above(i, 0) * above(i, 0));
        }
    }

    /// Weights learn what backprop through the normalisation makes of the errors of the batch.
    void weightsLearnThroughTheStatisticsOfTheBatch()
    {
        Experiment e = normalised(OfBatch);
        Simulation run(e);
        make(run, 100);
        const List x = readProbe(run, "input.rate"), g = readProbe(run, "layer1.G_up");
        const List error = readProbe(run, "layer1.error_mean"); // of each sample: minus dy
        const Matrix &norm = given(e, "layer1.W_norm"), &w = given(e, "layer1.W_up");
        for (int i = 0; i < norm.rows; ++i) {
            List z(4, w(i, w.cols - 1)), dz(4);
            for (std::size_t k = 0; k < 4; ++k)
                for (int j = 0; j + 1 < w.cols; ++j)
                    z[k] += w(i, j) * x[static_cast<std::size_t>(j) * 4 + k];
            const auto [m, v] = momentsOf(z, 0, 4);
            const double deviation = std::sqrt(v + own(e).normEpsilon);
            double dy = 0, dyz = 0; // means over the samples
            for (std::size_t k = 0; k < 4; ++k) {
                dz[k] = -error[static_cast<std::size_t>(i) * 4 + k];
                dy += dz[k] / 4;
                dyz += dz[k] * (z[k] - m) / deviation / 4;
            }
            for (std::size_t k = 0; k < 4; ++k)
                dz[k] = norm(i, 0) / deviation * (dz[k] - dy - (z[k] - m) / deviation * dyz);
            const auto of = [&](int j) { return g[entry(w, i, j)]; };
            for (int j = 0; j + 1 < w.cols; ++j) {
                double wanted = 0;
                for (std::size_t k = 0; k < 4; ++k)
                    wanted += dz[k] * x[static_cast<std::size_t>(j) * 4 + k] / 4;
                QVERIFY2(std::abs(of(j) - wanted) < kTolerance,
                    qPrintable(QStringLiteral("%1 instead of %2").arg(of(j)).arg(wanted)));
            }
            QCOMPARE(of(w.cols - 1), 0.0); // the mean takes the bias away
        }
    }

    /// P22 through a layer that is normalised: the mean of the error traces is minus dL/dmu, whose
    /// way down is that of backprop through the statistics of the batch.
    void errorsComeDownThroughTheStatisticsOfTheBatch()
    {
        for (const double time : {500.0, 1000.0, 2000.0}) {
            Experiment e = normalised(OfBatch);
            own(e).phaseA = 200;
            own(e).phaseB = time;
            own(e).window = 80;
            Simulation run(e);
            List z2; // zh of layer 2, mean over the steps that are latched
            const Matrix& above = given(e, "layer2.W_norm");
            for (int step = 0; step < 200; ++step) {
                make(run, 1);
                if (step < 100)
                    continue;
                const List mu = readProbe(run, "layer2.prediction");
                z2.resize(mu.size());
                for (std::size_t i = 0; i < mu.size(); ++i)
                    z2[i] += (mu[i] - above(static_cast<int>(i / 4), 1))
                        / above(static_cast<int>(i / 4), 0) / 100;
            }
            make(run, static_cast<int>(time));
            const SoftLif lif = softLifOf(own(e));
            const List mu2 = readProbe(run, "layer2.latched"),
                       mu1 = readProbe(run, "layer1.latched");
            const List target = readProbe(run, "target"), mu3 = readProbe(run, "layer3.latched");
            List delta = target;
            for (std::size_t k = 0; k < 4; ++k) {
                double sum = 0;
                for (std::size_t i = k; i < mu3.size(); i += 4)
                    sum += std::exp(mu3[i]);
                for (std::size_t i = k; i < mu3.size(); i += 4)
                    delta[i] -= std::exp(mu3[i]) / sum;
            }
            const auto down = [&](int l, const List& from, const List& mu) {
                const Matrix& w = given(e, layer(l, "W_up"));
                List to(mu.size());
                for (int i = 0; i + 1 < w.cols; ++i)
                    for (std::size_t k = 0; k < 4; ++k) {
                        double& sum = to[static_cast<std::size_t>(i) * 4 + k];
                        for (int j = 0; j < w.rows; ++j)
                            sum += w(j, i) * from[static_cast<std::size_t>(j) * 4 + k];
                        sum *= lif.gain() * lif.rate(mu[static_cast<std::size_t>(i) * 4 + k]).slope;
                    }
                return to;
            };
            const List second = down(3, delta, mu2);
            const List dz = [&] {
                List to = second;
                for (std::size_t i = 0; i < 4; ++i) {
                    double mean = 0, with = 0;
                    for (std::size_t k = 0; k < 4; ++k) {
                        mean += second[i * 4 + k] / 4;
                        with += second[i * 4 + k] * z2[i * 4 + k] / 4;
                    }
                    const auto at = static_cast<int>(i);
                    // rv <- 0.9 rv + 0.1 v 4/3, from what the net was given
                    const double v =
                        (readProbe(run, "layer2.W_norm")[i * 4 + 3] - 0.9 * above(at, 3)) * 7.5;
                    const double s = above(at, 0) / std::sqrt(v + own(e).normEpsilon);
                    for (std::size_t k = 0; k < 4; ++k)
                        to[i * 4 + k] = s * (second[i * 4 + k] - mean - z2[i * 4 + k] * with);
                }
                return to;
            }();
            const List first = down(2, dz, mu1);
            double most = 0;
            const List two = readProbe(run, "layer2.error_mean"),
                       one = readProbe(run, "layer1.error_mean");
            for (std::size_t i = 0; i < two.size(); ++i)
                most = std::max(most, std::abs(two[i] - second[i]));
            for (std::size_t i = 0; i < one.size(); ++i)
                most = std::max(most, std::abs(one[i] - first[i]));
            const double quanta = most * (time - 80) / own(e).quantum;
            QVERIFY2(quanta < 1.6, qPrintable(QString::number(quanta)));
        }
    }

    /// Of one sample statistics leave nothing: it teaches no more than a net of rates.
    void oneSampleTeachesNothing()
    {
        Experiment e = normalised(OfBatch);
        own(e).batchSize = 1;
        own(e).dither = true;
        Simulation run(e);
        for (int presentation = 0; presentation < 4; ++presentation) {
            make(run, 100);
            for (const char* what : {"layer1.G_up", "layer2.G_up"})
                for (const double g : readProbe(run, what))
                    QCOMPARE(g, 0.0);
        }
    }

    void stateOfANormalisedNetComesBack()
    {
        for (const Statistics statistics : {OfBatch, Running}) {
            for (const int at : {17, 30, 73, 100}) {
                Experiment e = normalised(statistics);
                own(e).dither = true;
                own(e).feedback = feedback_kind::kolen_pollack;
                setParameter(e.parameters, "learning.rate", 0.01, 3);
                Simulation run(e);
                make(run, at);
                const State state = run.state();
                make(run, 150);
                const State end = run.state();
                Simulation again(e);
                again.restore(state);
                make(again, 150);
                QVERIFY(again.state() == end);
            }
        }
    }

    /// Strict predictions go on in phase B, by the statistics that were latched.
    void phaseBHasTheStatisticsOfTheLatch()
    {
        Experiment e = normalised(OfBatch);
        own(e).strict = true;
        Simulation run(e);
        const double shift = given(e, "layer2.W_norm")(0, 1);
        double most[2]{};
        for (int step = 0; step < 100; ++step) {
            make(run, 1);
            const auto [mean, variance] = momentsOf(readProbe(run, "layer2.prediction"), 0, 4);
            double& farthest = most[step < 40 ? 0 : 1];
            farthest = std::max(farthest, std::abs(mean - shift));
        }
        QVERIFY(most[0] < kTolerance);
        QVERIFY(most[1] > 1e-3);
    }

    /// A parameter that changes in the midst of a presentation acts from the next one on.
    void aPresentationHasOneKindOfStatistics()
    {
        Experiment e = normalised(OfBatch);
        Simulation run(e), other(e);
        make(run, 100);
        make(other, 30);
        other.apply(Edit{.key = "norm.statistics", .value = std::string("running")});
        make(other, 70);
        for (const char* what : {"layer2.latched", "layer1.W_norm", "layer1.G_up"})
            QVERIFY(readProbe(run, what) == readProbe(other, what));
        make(run, 40);
        make(other, 40);
        QVERIFY(readProbe(run, "layer1.latched") != readProbe(other, "layer1.latched"));
    }
};

QTEST_GUILESS_MAIN(SpikingPredictiveNormTest)
#include "tst_spiking_predictive_norm.moc"
