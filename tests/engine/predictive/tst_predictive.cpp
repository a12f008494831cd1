// Predictive coding against backprop, and what has to hold by construction. Names P2.. are those of
// the specification's property tests.
#include "tests/engine/predictive/inference.h"

#include <QTest>

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

using namespace apical;
using std::string;

namespace {

double worstGradient(const Net& a, const Net& b, const std::vector<double>& factors = {})
{
    double worst = 0;
    for (int l = 1; l <= a.layers(); ++l) {
        const double factor = factors.empty() ? 1 : factors[static_cast<std::size_t>(l - 1)];
        worst = std::max(worst, distance(a.get(l, "G_up"), factor * b.get(l, "G_up")));
    }
    return worst;
}

double angle(const Batch<double>& a, const Batch<double>& b)
{
    return std::acos(a.cwiseProduct(b).sum() / (a.norm() * b.norm())) * 180 / std::numbers::pi;
}

/// gamma^(N - l) of layers 1..N.
std::vector<double> powers(double gamma, int layers)
{
    std::vector<double> all;
    for (int l = 1; l <= layers; ++l)
        all.push_back(std::pow(gamma, layers - l));
    return all;
}

const Net::Settings kZil{{"inference.schedule", string("zil")}, {"inference.rate", 1.0}};

} // namespace

class TestPredictive : public QObject {
    Q_OBJECT

    static void everyZil()
    {
        QTest::addColumn<QString>("mode");
        QTest::addColumn<QString>("hidden");
        QTest::addColumn<QString>("loss");
        for (const char* mode : {"pre", "post"}) {
            for (const char* hidden : {"relu", "tanh", "sigmoid", "softlif"}) {
                for (const char* loss : {"se", "ce"})
                    QTest::addRow("%s, %s, %s", mode, hidden, loss) << mode << hidden << loss;
            }
        }
    }

private Q_SLOTS:
    void zilIsBackpropForFiftyUpdatesOfAdam_data() { everyZil(); } // P2
    void zilIsBackpropForFiftyUpdatesOfAdam()
    {
        QFETCH(QString, mode);
        QFETCH(QString, hidden);
        QFETCH(QString, loss);
        const Net::Settings net{{"activation.hidden", hidden.toStdString()},
            {"loss.kind", loss.toStdString()}, {"softlif.smoothing", 0.1}};
        for (const char* updates : {"all", "lazy"}) {
            for (const char* write : {"at-once", "at-end"}) {
                Net bp(kSizes, kSamples, net, 3);
                Net zil = predictive(with(with(net, kZil),
                    {{"inference.mode", mode.toStdString()}, {"zil.updates", string(updates)},
                        {"zil.write", string(write)}}));
                for (unsigned k = 0; k < 50; ++k) {
                    const Batch<double> x = noise(7, kSamples, k), y = classes(3, kSamples);
                    bp.step(x, y);
                    zil.present(x, y);
                    if (k == 0)
                        QVERIFY(worstGradient(zil, bp) < 1e-12);
                }
                for (int l = 1; l <= bp.layers(); ++l)
                    QVERIFY2(distance(bp.get(l, "W_up"), zil.get(l, "W_up")) < 1e-9, updates);
            }
        }
    }

    void anotherRateOnlyRescalesLayers_data() { everyZil(); } // P3
    void anotherRateOnlyRescalesLayers()
    {
        QFETCH(QString, mode);
        QFETCH(QString, hidden);
        QFETCH(QString, loss);
        const Net::Settings net{{"activation.hidden", hidden.toStdString()},
            {"loss.kind", loss.toStdString()}, {"learning.rate", 0.0}};
        const Batch<double> x = noise(7, kSamples, 1), y = classes(3, kSamples);
        Net bp(kSizes, kSamples, net, 3);
        bp.step(x, y);
        for (const double gamma : {0.5, 1.2}) {
            Net zil = predictive(with(with(net, kZil),
                {{"inference.mode", mode.toStdString()}, {"inference.rate", gamma}}));
            zil.present(x, y);
            QVERIFY(worstGradient(zil, bp, powers(gamma, 4)) < 1e-12);
            // The exact gradient is there to compare with, at every read.
            for (int l = 1; l <= 4; ++l) {
                QVERIFY(distance(zil.get(l, "G_backprop"), bp.get(l, "G_up")) < 1e-14);
                QVERIFY(distance(zil.get(l, "delta_backprop"), bp.get(l, "delta")) < 1e-14);
            }
        }
    }

    void noiseAtTheStartAndLateWeightsRotate()
    {
        const Batch<double> x = noise(7, kSamples, 1), y = classes(3, kSamples);
        const Net::Settings tanh{{"activation.hidden", string("tanh")}, {"learning.rate", 0.0}};
        Net bp(kSizes, kSamples, tanh, 3);
        bp.step(x, y);
        for (const Net::Settings& broken :
            {Net::Settings{{"inference.start_noise", 0.3}}, Net::Settings{{"zil.late", 1.0}}}) {
            Net zil = predictive(with(with(tanh, kZil), broken));
            zil.present(x, y);
            QVERIFY(angle(zil.get(1, "G_up"), bp.get(1, "G_up")) > 1);
        }
    }

    void normalisationByRunningStatisticsIsBackpropToo()
    {
        const Net::Settings net{{"activation.hidden", string("tanh")},
            {"norm.kind", string("batch")}, {"norm.statistics", string("running")}};
        for (const char* mode : {"pre", "post"}) {
            Net bp(kSizes, kSamples, net, 3);
            Net zil = predictive(with(with(net, kZil), {{"inference.mode", string(mode)}}));
            for (int l = 1; l < 4; ++l) {
                Batch<double> norm = noise(kSizes[static_cast<std::size_t>(l)], 4, 7);
                norm.col(3) = norm.col(3).cwiseAbs();
                bp.setWeights(l, "W_norm", norm);
                zil.setWeights(l, "W_norm", norm);
            }
            for (unsigned k = 0; k < 20; ++k) {
                const Batch<double> x = noise(7, kSamples, k), y = classes(3, kSamples);
                bp.step(x, y);
                zil.present(x, y);
            }
            for (int l = 1; l <= 4; ++l)
                QVERIFY(distance(bp.get(l, "W_up"), zil.get(l, "W_up")) < 1e-9);
            for (int l = 1; l < 4; ++l)
                QVERIFY(distance(bp.get(l, "W_norm"), zil.get(l, "W_norm")) < 1e-9);
        }
    }

    void fixedPredictionsNeedAsManyReadsAsLayers() // P4
    {
        const Batch<double> x = noise(7, kSamples, 1), y = classes(3, kSamples);
        const Net::Settings tanh{{"activation.hidden", string("tanh")}, {"learning.rate", 0.0}};
        Net bp(kSizes, kSamples, tanh, 3);
        bp.step(x, y);
        for (const char* mode : {"pre", "post"}) {
            const Net::Settings fixed = with(tanh,
                {{"inference.schedule", string("fixed-prediction")}, {"inference.rate", 1.0},
                    {"inference.mode", string(mode)}});
            Net enough = predictive(with(fixed, {{"inference.steps", 3.0}}));
            enough.present(x, y);
            QVERIFY(worstGradient(enough, bp) < 1e-12);
            Net fewer = predictive(with(fixed, {{"inference.steps", 2.0}}));
            fewer.present(x, y);
            QVERIFY(fewer.get(1, "G_up").isZero(0));
        }
    }

    void inferenceTendsToBackpropAsTheOutputCountsLess() // P5
    {
        const Batch<double> x = noise(7, kSamples, 1), y = classes(3, kSamples);
        const Net::Settings tanh{{"activation.hidden", string("tanh")}, {"learning.rate", 0.0}};
        Net bp(kSizes, kSamples, tanh, 3);
        bp.step(x, y);
        std::vector<double> errors;
        for (const double pi : {1e-2, 1e-3, 1e-4}) {
            Net il = predictive(with(tanh,
                {{"inference.steps", 4000.0}, {"inference.rate", 0.1},
                    {"inference.precision", std::vector<double>{1, 1, 1, pi}}}));
            il.present(x, y);
            double worst = 0;
            for (int l = 1; l <= 4; ++l)
                worst = std::max(worst,
                    (il.get(l, "G_up") / pi - bp.get(l, "G_up")).norm() / bp.get(l, "G_up").norm());
            errors.push_back(worst);
        }
        for (std::size_t i = 1; i < errors.size(); ++i) {
            const double slope = std::log10(errors[i - 1] / errors[i]);
            QVERIFY2(std::abs(slope - 1) < 0.1, qPrintable(QString::number(slope)));
        }
    }

    void aBatchIsTheMeanOfItsSamples() // P25
    {
        const Batch<double> x = noise(7, kSamples, 1), y = classes(3, kSamples);
        const Net::Settings tanh{{"activation.hidden", string("tanh")}, {"learning.rate", 0.0}};
        Net all = predictive(tanh), one = predictive(tanh, kSizes, 1);
        all.present(x, y);
        std::vector<Batch<double>> mean;
        for (int l = 1; l <= 4; ++l)
            mean.emplace_back(0 * all.get(l, "G_up"));
        for (Eigen::Index k = 0; k < kSamples; ++k) {
            one.present(x.col(k), y.col(k));
            for (int l = 1; l <= 4; ++l)
                mean[static_cast<std::size_t>(l - 1)] += one.get(l, "G_up") / kSamples;
        }
        for (int l = 1; l <= 4; ++l)
            QVERIFY(distance(all.get(l, "G_up"), mean[static_cast<std::size_t>(l - 1)]) < 1e-12);
    }

    void unitsInAnotherOrderHaveTheirGradientsInThatOrder() // P25
    {
        const Batch<double> x = noise(7, kSamples, 1), y = classes(3, kSamples);
        const Net::Settings tanh{{"activation.hidden", string("tanh")}, {"learning.rate", 0.0}};
        Net net = predictive(tanh), other = predictive(tanh);
        Eigen::PermutationMatrix<Eigen::Dynamic> p(6);
        p.indices() << 3, 0, 4, 1, 5, 2;
        other.setWeights(1, "W_up", p * net.get(1, "W_up"));
        other.setWeights(2, "W_up", fromMoved(net.get(2, "W_up"), p));
        net.present(x, y);
        other.present(x, y);
        QVERIFY(distance(p * net.get(1, "G_up"), other.get(1, "G_up")) < 1e-12);
        QVERIFY(distance(p * net.get(1, "value"), other.get(1, "value")) < 1e-12);
        QVERIFY(distance(fromMoved(net.get(2, "G_up"), p), other.get(2, "G_up")) < 1e-12);
        for (const int l : {3, 4})
            QVERIFY(distance(net.get(l, "G_up"), other.get(l, "G_up")) < 1e-12);
        QVERIFY(distance(net.get(1, "G_up"), other.get(1, "G_up")) > 1e-4);
    }

    void inFloatZilIsBackpropToRounding() // P26
    {
        const std::vector<int> sizes{784, 256, 256, 10};
        const Batch<double> x = noise(784, 64, 1).cwiseAbs(), y = classes(10, 64);
        Net bp(sizes, 64, kStill, 1, "float");
        Net zil = predictive(with(kZil, kStill), sizes, 64, 1, "float");
        bp.step(x, y);
        zil.present(x, y);
        for (int l = 1; l <= 3; ++l) {
            const Batch<double> g = bp.get(l, "G_up");
            QVERIFY((zil.get(l, "G_up") - g).norm() < 1e-5 * g.norm());
        }
    }

    void aSavedStateGoesOnFromTheMiddleOfInference_data()
    {
        QTest::addColumn<QString>("schedule");
        for (const char* schedule : {"il", "zil", "fixed-prediction", "incremental"})
            QTest::newRow(schedule) << QString(schedule);
    }
    void aSavedStateGoesOnFromTheMiddleOfInference()
    {
        QFETCH(QString, schedule);
        const Net::Settings settings{{"inference.schedule", schedule.toStdString()},
            {"activation.hidden", string("tanh")}, {"inference.steps", 3.0}};
        Net net = predictive(settings), other = predictive(settings, kSizes, kSamples, 9);
        const Batch<double> x = noise(7, kSamples, 1), y = classes(3, kSamples);
        net.present(x, y);
        net.read(x, y, 0);
        net.read(x, y, 1);
        other.model->restore(net.model->save());
        for (const int t : {2, 3}) {
            for (int l = 1; l <= 4; ++l)
                QVERIFY(net.get(l, "G_backprop") == other.get(l, "G_backprop"));
            net.read(x, y, t);
            other.read(x, y, t);
            QVERIFY(other.model->save() == net.model->save());
        }
    }
};

QTEST_APPLESS_MAIN(TestPredictive)
#include "tst_predictive.moc"
