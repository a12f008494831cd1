// Activation functions, and the rate of the soft-LIF neuron against golden values.
#include "sim/model/activation.h"

#include "tests/golden_preset.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace apical;
using nlohmann::json;
using Kind = Activation::Kind;

namespace {

double relative(double a, double b)
{
    return std::abs(a - b) / std::abs(b);
}

} // namespace

class TestActivation : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void goldenSoftLifRatesAreReproduced()
    {
        const json file = golden::read("pc_softlif");
        const auto j = file.at("j").get<std::vector<double>>();
        const auto compare = [&](const SoftLif& lif, const json& expected) {
            double worst = 0;
            for (std::size_t k = 0; k < j.size(); ++k) {
                const auto rate = lif.rate(j[k]); // per ms; the file has seconds
                worst = std::max(
                    worst, relative(1000 * rate.value, expected.at("r").at(k).get<double>()));
                worst = std::max(
                    worst, relative(1000 * rate.slope, expected.at("dr_dj").at(k).get<double>()));
            }
            return worst;
        };
        for (const auto& [g, expected] : file.at("gammas").items())
            QVERIFY2(compare({.smoothing = std::stod(g)}, expected) < 1e-12, g.c_str());
        const json& high = file.at("vth2");
        QVERIFY(compare({.smoothing = high.at("gamma").get<double>(),
                            .threshold = high.at("v_th").get<double>()},
                    high)
            < 1e-12);
    }

    void theSoftLifRateHasNoStepWhereItsFormChanges() // P16
    {
        const auto steps = [](auto scale, std::array<double, 2> edges) {
            using Scalar = decltype(scale);
            double worst = 0;
            const SoftLif lif{.smoothing = 0.02};
            for (const double edge : edges) {
                const auto at = static_cast<Scalar>(1 + 0.02 * edge);
                const auto below = std::nextafter(at, Scalar{-9});
                const auto above = std::nextafter(at, Scalar{9});
                for (const auto pick :
                    {&SoftLif::Rate<Scalar>::value, &SoftLif::Rate<Scalar>::slope})
                    worst = std::max(worst,
                        relative(static_cast<double>(lif.rate(below).*pick),
                            static_cast<double>(lif.rate(above).*pick)));
            }
            return worst;
        };
        QVERIFY(steps(double{}, {-37, 34}) < 1e-13);
        QVERIFY(steps(float{}, {-17, 34}) < 1e-5);
        QVERIFY(std::isfinite(SoftLif{}.rate(-1e6F).value) && SoftLif{}.rate(-1e6F).value > 0);
    }

    /// In single precision it is computed in blocks: as near to the exact rate as one by one, and
    /// wherever in the matrix a number stands.
    void softLifOfManyIsThatOfEach()
    {
        using Limits = std::numeric_limits<float>; // of a slope some eight roundings
        for (const double smoothing : {1e-3, 0.02, 0.1, 1.0}) {
            const Activation f{.kind = Kind::SoftLif, .lif = {.smoothing = smoothing}};
            const Eigen::Index n = 3001;
            Batch<float> z(n, 1), shifted(n + 7, 1);
            for (Eigen::Index i = 0; i < n; ++i)
                z(i) = static_cast<float>(-4.0 + 0.004 * static_cast<double>(i));
            shifted.setConstant(0.5F);
            shifted.bottomRows(n) = z;
            Batch<float> value(n, 1), slope = Batch<float>::Ones(n, 1), valueShifted(n + 7, 1);
            Batch<float> slopeShifted = Batch<float>::Ones(n + 7, 1);
            activate<float>(f, z, value);
            multiplyBySlope<float>(f, z, value, slope);
            activate<float>(f, shifted, valueShifted);
            multiplyBySlope<float>(f, shifted, valueShifted, slopeShifted);
            QVERIFY(value == valueShifted.bottomRows(n));
            QVERIFY(slope == slopeShifted.bottomRows(n));
            for (Eigen::Index i = 0; i < n; ++i) {
                const auto exact = f.lif.rate(static_cast<double>(z(i)));
                const auto single = f.lif.rate(z(i)); // rounds in the same places
                const double gain = f.lif.gain();
                const auto near = [&](float many, float one, double right) {
                    return std::abs(static_cast<double>(many) - right)
                        <= 8 * Limits::epsilon() * right
                        + 3 * std::abs(static_cast<double>(one) - right);
                };
                QVERIFY2(
                    near(value(i), static_cast<float>(gain) * single.value, gain * exact.value),
                    qPrintable(QString::number(static_cast<double>(z(i)))));
                QVERIFY2(
                    near(slope(i), static_cast<float>(gain) * single.slope, gain * exact.slope),
                    qPrintable(QString::number(static_cast<double>(z(i)))));
            }
        }
        const Activation f{.kind = Kind::SoftLif};
        Batch<float> z(4, 1), value(4, 1), slope = Batch<float>::Ones(4, 1);
        z << Limits::quiet_NaN(), Limits::infinity(), -Limits::infinity(), -1e30F;
        activate<float>(f, z, value);
        multiplyBySlope<float>(f, z, value, slope);
        QVERIFY(std::isnan(value(0)) && std::isnan(slope(0)));
        QVERIFY(relative(static_cast<double>(value(1)), f.lif.gain() / f.lif.tRef) < 1e-6);
        QVERIFY(value(2) == 0 && slope(1) == 0 && slope(2) == 0);
        QVERIFY(value(3) > 0 && value(3) < 1e-25F);
    }

    void theSoftLifActivationIsOneAtTwiceTheThreshold()
    {
        const Activation f{.kind = Kind::SoftLif, .lif = {.smoothing = 1e-3}};
        Batch<double> z = Batch<double>::Constant(1, 1, 2.0), a(1, 1);
        activate<double>(f, z, a);
        QVERIFY(std::abs(a(0, 0) - 1) < 1e-12);
        QCOMPARE(f.startingBias(), 1.0);
    }

    void reluIsFlatAtZeroAndHidesNoNaN()
    {
        const Activation f{.kind = Kind::Relu};
        Batch<double> z(3, 1), a(3, 1), factor = Batch<double>::Ones(3, 1);
        z << 0, std::numeric_limits<double>::quiet_NaN(), 2;
        activate<double>(f, z, a);
        multiplyBySlope<double>(f, z, a, factor);
        QVERIFY(a(0, 0) == 0 && factor(0, 0) == 0);
        QVERIFY(std::isnan(a(1, 0)));
        QVERIFY(a(2, 0) == 2 && factor(2, 0) == 1);
    }
};

QTEST_APPLESS_MAIN(TestActivation)
#include "tst_activation.moc"
