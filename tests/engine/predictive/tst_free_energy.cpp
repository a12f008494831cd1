// The energy of predictive coding is -ln p of a chain of Gaussian variables but for a constant, and
// what moves the values is its exact gradient (P10, P11 of the specification's property tests).
#include "sim/predictive/free_energy.h"
#include "sim/predictive/inference_trace.h"
#include "sim/predictive/predictive_net.h"
#include "sim/run/model_table.h"

#include <QTest>

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

using namespace apical;
using std::string;

namespace {

const std::vector<int> kSizes{5, 6, 4, 3};
const std::vector<double> kPrecision{0.7, 1.9, 0.4};
using Settings = std::vector<std::pair<string, ParameterValue>>;

Experiment experiment(const Settings& settings)
{
    Experiment e = newExperiment("predictive-coding");
    e.layers = kSizes;
    e.seed = 4;
    e.weights.init = WeightSpec::Init::He;
    for (const auto& [key, value] : settings)
        setParameter(e.parameters, key, value, e.targetLayers());
    return e;
}

InferenceCase caseOf(const Experiment& e)
{
    const PredictiveNet<double> net(e, e.parameters);
    const Anatomy& a = net.anatomy();
    InferenceCase c{.sizes = kSizes,
        .parameters = e.parameters,
        .weights = {},
        .input = {0.9, -0.3, 0.2, 1.1, -0.7},
        .target = {0.0, 1.0, 0.0},
        .steps = 12};
    for (std::size_t i = 0; i < a.projections.size(); ++i) {
        const Anatomy::Projection& p = a.projections[i];
        Matrix m(a.rows(p), a.cols(p));
        if (p.isWeight)
            net.readWeights(static_cast<int>(i), m.values);
        c.weights.push_back(std::move(m));
    }
    return c;
}

/// -ln of the densities of all nodes, one by one, multiplied out layer by layer.
double minusLogDensity(
    const InferenceTrace& trace, int t, const std::vector<double>& precision, bool softmax)
{
    double sum = 0;
    for (std::size_t l = 0; l < trace.layers.size(); ++l) {
        const InferenceTrace::Layer& layer = trace.layers[l];
        if (softmax && l + 1 == trace.layers.size()) {
            double all = 0, right = 0;
            for (int i = 0; i < layer.value.cols; ++i) {
                all += std::exp(layer.prediction(t, i));
                right += layer.value(t, i) * std::exp(layer.prediction(t, i));
            }
            sum -= std::log(right / all);
            continue;
        }
        const double sd = 1 / std::sqrt(precision[l]);
        double density = 1;
        for (int i = 0; i < layer.value.cols; ++i) {
            const double off = (layer.value(t, i) - layer.prediction(t, i)) / sd;
            density *= std::exp(-0.5 * off * off) / (sd * std::sqrt(2 * std::numbers::pi));
        }
        sum -= std::log(density);
    }
    return sum;
}

} // namespace

class TestFreeEnergy : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void energyAndConstantAreMinusLogOfTheDensity_data()
    {
        QTest::addColumn<QString>("mode");
        QTest::addColumn<QString>("loss");
        for (const char* mode : {"pre", "post"})
            for (const char* loss : {"se", "ce"})
                QTest::addRow("%s, %s", mode, loss) << mode << loss;
    }
    void energyAndConstantAreMinusLogOfTheDensity() // P10
    {
        QFETCH(QString, mode);
        QFETCH(QString, loss);
        std::vector<double> precision = kPrecision;
        if (loss == QLatin1String("ce"))
            precision.back() = 1;
        const Experiment e = experiment({{"activation.hidden", string("tanh")},
            {"inference.mode", mode.toStdString()}, {"loss.kind", loss.toStdString()},
            {"inference.precision", precision}, {"inference.rate", 0.1}});
        const InferenceTrace trace = InferenceTracer().trace(caseOf(e));
        QCOMPARE(trace.last(), 12);
        double first = 0;
        for (int t = 0; t <= trace.last(); ++t) {
            const FreeEnergy free = freeEnergyAt(trace, t, e.parameters);
            QVERIFY(free.exists());
            const double expected =
                minusLogDensity(trace, t, precision, loss == QLatin1String("ce"));
            QVERIFY2(std::abs(free.minusLogDensity() - expected) < 1e-12 * std::abs(expected),
                qPrintable(QString::number(free.minusLogDensity() - expected)));
            QVERIFY(std::abs(free.f() - trace.total[static_cast<std::size_t>(t)]) < 1e-12);
            first = t == 0 ? free.constants() : first;
            QCOMPARE(free.constants(), first); // of sizes and precisions alone
        }
        QVERIFY(std::abs(first) > 1);
    }

    void thereIsNoDensityWherePredictionsAreHeldOrASoftmaxIsWeighted()
    {
        const auto has = [](const Settings& settings) {
            const Experiment e = experiment(settings);
            return freeEnergyAt(InferenceTracer().trace(caseOf(e)), 0, e.parameters).exists();
        };
        QVERIFY(has({}));
        QVERIFY(has({{"inference.schedule", string("incremental")}}));
        QVERIFY(!has({{"inference.schedule", string("fixed-prediction")}}));
        QVERIFY(has({{"loss.kind", string("ce")}}));
        QVERIFY(!has({{"loss.kind", string("ce")}, {"inference.precision", kPrecision}}));
    }

    void theMoveOfEveryValueIsMinusItsSlopeOfTheEnergy_data()
    {
        energyAndConstantAreMinusLogOfTheDensity_data();
    }
    void theMoveOfEveryValueIsMinusItsSlopeOfTheEnergy() // P11
    {
        QFETCH(QString, mode);
        QFETCH(QString, loss);
        const Experiment e = experiment({{"activation.hidden", string("tanh")},
            {"inference.mode", mode.toStdString()}, {"loss.kind", loss.toStdString()},
            {"inference.precision", kPrecision}, {"batch.size", 1.0}});
        const InferenceCase c = caseOf(e);
        PredictiveNet<double> net(e, e.parameters);
        net.step({.input = c.input, .target = c.target, .nudged = true, .learning = false});
        const std::vector<double> at{0.3, -0.2, 0.8, 0.1, -0.9, 0.4, 0.5, -0.6, 0.2, 0.7};
        std::vector<double> move(at.size()), unused(at.size());
        const auto energyAt = [&](const std::vector<double>& values) {
            net.moveAt(values, unused);
            double sum = 0;
            for (int l = 1; l <= 3; ++l) {
                double one = 0;
                net.read(
                    net.anatomy().quantity("layer" + std::to_string(l) + ".energy"), {&one, 1});
                sum += one;
            }
            return sum;
        };
        net.moveAt(at, move);
        for (std::size_t i = 0; i < at.size(); ++i) {
            constexpr double h = 1e-6;
            std::vector<double> up = at, down = at;
            up[i] += h;
            down[i] -= h;
            const double slope = (energyAt(up) - energyAt(down)) / (2 * h);
            QVERIFY2(std::abs(slope + move[i]) < 1e-7, qPrintable(QString::number(slope)));
        }
    }
};

QTEST_APPLESS_MAIN(TestFreeEnergy)
#include "tst_free_energy.moc"
