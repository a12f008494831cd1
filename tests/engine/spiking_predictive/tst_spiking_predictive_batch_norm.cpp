// Statistics of the batch in spiking predictive coding: layers have the mean and deviation that
// normalisation sets, and errors and weights what backprop through it gives.
#include "tests/engine/spiking_predictive/normalised_net.h"

#include <QTest>

#include <cmath>
#include <string>

using namespace apical;
using test::entry;
using test::given;
using test::layer;
using test::make;
using test::normalised;
using test::OfBatch;
using test::own;
using test::readProbe;
using List = std::vector<double>;

namespace {

constexpr double kTolerance = 1e-12;

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

class SpikingPredictiveBatchNormTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
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
};

QTEST_GUILESS_MAIN(SpikingPredictiveBatchNormTest)
#include "tst_spiking_predictive_batch_norm.moc"
