// The energy of predictive coding: where it starts, that it falls, along its gradients, and where
// it ends. Names P6.. are those of the specification's property tests.
#include "sim/model/warns.h"
#include "tests/engine/predictive/inference.h"

#include <Eigen/LU>
#include <QTest>

#include <cmath>
#include <string>
#include <vector>

using namespace apical;
using std::string;

namespace {

string warningOf(const Model& model)
{
    return dynamic_cast<const Warns&>(model).warning();
}

} // namespace

class TestEnergy : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void energyStartsAsTheLossAndFalls() // P6, P7, P10 (see tst_free_energy)
    {
        const Batch<double> x = noise(7, kSamples, 1), y = classes(3, kSamples);
        for (const char* loss : {"se", "ce"}) {
            Net il = predictive(with(kStill,
                {{"activation.hidden", string("tanh")}, {"inference.rate", 0.1},
                    {"loss.kind", string(loss)}}));
            double before = 0;
            for (int t = 0; t <= 20; ++t) {
                il.read(x, y, t);
                const double total = il.get("energy")(0, 0);
                QCOMPARE(il.get("inference.t")(0, 0), double(t));
                double sum = 0;
                for (int l = 1; l <= 4; ++l) {
                    if (t == 0 && l < 4)
                        QVERIFY(il.get(l, "error").isZero(0));
                    sum += l < 4 || string(loss) == "se" ? il.get(l, "error").squaredNorm() / 2
                                                         : il.get(l, "energy")(0, 0);
                }
                QVERIFY(std::abs(sum - total) < 1e-12 * total);
                if (t == 0)
                    QVERIFY(std::abs(total - kSamples * il.loss()) < 1e-13 * total);
                else
                    QVERIFY(total < before);
                before = total;
            }
        }
    }

    void energyNeverRisesUpToARateOfOneFifth() // P7
    {
        const Batch<double> x = noise(7, kSamples, 1), y = classes(3, kSamples);
        for (const char* mode : {"pre", "post"}) {
            for (const double gamma : {0.02, 0.1, 0.2}) {
                Net il = predictive(with(kStill,
                    {{"activation.hidden", string("tanh")}, {"inference.mode", string(mode)},
                        {"inference.rate", gamma}, {"inference.steps", 300.0}}));
                il.present(x, y);
                QVERIFY2(measuresOf(*il.model).back() == 0, mode);
                QVERIFY(warningOf(*il.model).empty());
            }
        }
    }

    void atRestEveryErrorIsWhatComesBackFromAbove() // P9
    {
        const Batch<double> x = noise(7, kSamples, 1), y = classes(3, kSamples);
        Net il = predictive(with(kStill,
            {{"activation.hidden", string("tanh")}, {"inference.rate", 0.15},
                {"inference.steps", 4000.0},
                {"inference.precision", std::vector<double>{0.7, 1.3, 0.9, 0.5}}}));
        il.present(x, y);
        for (int l = 1; l < 4; ++l) {
            const Batch<double> w = il.get(l + 1, "W_up");
            const Batch<double> slope = 1 - il.get(l, "value").array().tanh().square();
            const Batch<double> back = slope.cwiseProduct(
                w.leftCols(w.cols() - 1).transpose() * il.get(l + 1, "weighted_error"));
            QVERIFY(distance(il.get(l, "weighted_error"), back) < 1e-10);
            QVERIFY(back.norm() > 1e-2);
        }
    }

    void movesAndGradientsGoDownTheEnergy_data() // P11
    {
        QTest::addColumn<QString>("mode");
        QTest::addColumn<QString>("loss");
        for (const char* mode : {"pre", "post"}) {
            for (const char* loss : {"se", "ce"})
                QTest::addRow("%s, %s", mode, loss) << mode << loss;
        }
    }
    void movesAndGradientsGoDownTheEnergy()
    {
        QFETCH(QString, mode);
        QFETCH(QString, loss);
        const Batch<double> x = noise(7, kSamples, 1), y = classes(3, kSamples);
        const double h = 1e-6;
        const Net::Settings settings{{"activation.hidden", string("tanh")}, {"learning.rate", 0.0},
            {"inference.mode", mode.toStdString()}, {"loss.kind", loss.toStdString()},
            {"inference.rate", 0.05}, {"inference.steps", 3.0},
            {"inference.precision", std::vector<double>{0.7, 1.3, 0.9, 0.5}}};
        Net il = predictive(settings);
        il.present(x, y);
        // dF/dW at the last read, values held; what comes in from the input is not read again.
        for (int l = 2; l <= 4; ++l) {
            const Batch<double> start = il.get(l, "W_up"), gradient = il.get(l, "G_up");
            for (Eigen::Index i = 0; i < start.size(); i += 7) {
                double side[2];
                for (const int k : {0, 1}) {
                    Net other = predictive(settings);
                    for (int t = 0; t < 3; ++t)
                        other.read(x, y, t);
                    Batch<double> w = start;
                    w(i) += k == 0 ? h : -h;
                    // Values move by what was read before; then layer l predicts by other weights.
                    other.setWeights(l, "W_up", w);
                    other.read(x, y, 3);
                    side[k] = other.get("energy")(0, 0);
                }
                QVERIFY(std::abs((side[0] - side[1]) / (2 * h * kSamples) - gradient(i)) < 1e-7);
            }
        }
        // A move is minus the rate times dF/dx: by a small rate the energy falls by |move|^2 /
        // rate.
        Net small = predictive(settings);
        small.set("inference.rate", 1e-6);
        small.read(x, y, 0);
        const double before = small.get("energy")(0, 0);
        std::vector<Batch<double>> values;
        for (int l = 1; l < 4; ++l)
            values.push_back(small.get(l, "value"));
        small.read(x, y, 1);
        double moved = 0;
        for (int l = 1; l < 4; ++l)
            moved +=
                (small.get(l, "value") - values[static_cast<std::size_t>(l - 1)]).squaredNorm();
        const double fall = before - small.get("energy")(0, 0);
        QVERIFY2(std::abs(fall - moved / 1e-6) < 1e-4 * fall, qPrintable(QString::number(fall)));
    }

    void aLinearNetSettlesWhereItsClosedFormSays() // P7, P8, P9
    {
        const Batch<double> x = noise(7, kSamples, 1), y = classes(3, kSamples);
        const std::vector<double> precision{0.7, 1.3, 0.9, 0.5};
        const Net::Settings linear{{"activation.hidden", string("linear")}, {"learning.rate", 0.0},
            {"inference.steps", 20000.0}, {"inference.precision", precision}};
        Net il = predictive(linear);
        il.read(x, y, 0);
        const double limit = il.get("inference.rate_limit")(0, 0);
        const double energy = il.get("equilibrium.energy")(0, 0);
        const Batch<double> s = il.get("equilibrium.covariance");
        const Batch<double> residual = y - il.get(4, "answer");
        il.set("inference.rate", limit * 0.975);
        il.present(x, y);
        QVERIFY(std::abs(il.get("energy")(0, 0) - energy) < 1e-10);
        QVERIFY(measuresOf(*il.model).back() == 0); // it never rose
        Batch<double> onward = s.inverse() * residual; // A_l^T S^-1 r
        for (int l = 4; l >= 1; --l) {
            QVERIFY(distance(il.get(l, "weighted_error"), onward) < 1e-10);
            const Batch<double> w = il.get(l, "W_up");
            onward = (w.leftCols(w.cols() - 1).transpose() * onward).eval();
        }
        Net beyond = predictive(linear);
        beyond.set("inference.rate", limit * 1.025);
        for (int t = 0; t < 2000; ++t)
            beyond.read(x, y, t);
        QVERIFY(beyond.get("energy")(0, 0) > 1e6);
        QVERIFY(measuresOf(*beyond.model).back() > 100);
        const string warning = warningOf(*beyond.model);
        QVERIFY2(warning.find("the energy rose") == 0, warning.c_str());
        QVERIFY(warning.find("inference.halve_on_rise") != string::npos);
        beyond.set("inference.halve_on_rise", true);
        beyond.present(x, y);
        QVERIFY(std::abs(beyond.get("energy")(0, 0) - energy) < 1e-6);
    }

    void theSettledEnergyHasTheGradientOfTheWeights() // P12
    {
        const Batch<double> x = noise(7, kSamples, 1), y = classes(3, kSamples);
        const Net::Settings settings{{"activation.hidden", string("tanh")}, {"learning.rate", 0.0},
            {"inference.steps", 3000.0}, {"inference.rate", 0.15}};
        Net il = predictive(settings);
        il.present(x, y);
        const double h = 1e-5;
        for (int l = 1; l <= 4; ++l) {
            const Batch<double> start = il.get(l, "W_up"), gradient = il.get(l, "G_up");
            const Eigen::Index i = start.size() / 2;
            double side[2];
            for (const int k : {0, 1}) {
                Net other = predictive(settings);
                Batch<double> w = start;
                w(i) += k == 0 ? h : -h;
                other.setWeights(l, "W_up", w);
                other.present(x, y);
                side[k] = other.get("energy")(0, 0);
            }
            QVERIFY(std::abs((side[0] - side[1]) / (2 * h * kSamples) - gradient(i)) < 1e-8);
        }
    }
};

QTEST_APPLESS_MAIN(TestEnergy)
#include "tst_energy.moc"
