// The exact gradient against central differences, and against the circuit it describes.
#include "sim/base/random.h"
#include "sim/circuit/backprop.h"
#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/self_prediction.h"
#include "sim/run/model_table.h"
#include "sim/run/simulation.h"

#include <QTest>

#include <cmath>

using namespace apical;

namespace {

struct Net {
    std::vector<int> sizes;
    Parameters parameters = circuitParameterTable().defaults();
    std::vector<Matrix> up;
    std::vector<double> input, target;
};

Net drawNet(const std::vector<int>& sizes, bool bias, int phi, std::uint64_t seed)
{
    Net net;
    net.sizes = sizes;
    Parameters& p = net.parameters;
    p.biasOn = bias, circuit(p).biasValue = 0.7;
    circuit(p).phi = phi, circuit(p).phiGamma = 1.2, circuit(p).phiBeta = 0.9,
    circuit(p).phiTheta = 0.3;
    std::uint64_t address = 0;
    const auto draw = [&] { return 4 * uniform(seed, RandomStream::Input, address++, 0) - 2; };
    for (std::size_t l = 1; l < sizes.size(); ++l) {
        net.up.emplace_back(sizes[l], sizes[l - 1] + (bias ? 1 : 0));
        for (double& w : net.up.back().values)
            w = draw();
    }
    net.input.resize(static_cast<std::size_t>(sizes.front()));
    net.target.resize(static_cast<std::size_t>(sizes.back()));
    for (double& x : net.input)
        x = draw();
    for (double& t : net.target)
        t = draw();
    return net;
}

double loss(const Net& net)
{
    Backprop backprop(net.sizes, net.parameters.biasOn);
    backprop.compute(net.parameters, net.up, net.input, net.target);
    return backprop.loss();
}

// Fourth order in h: its own error stays below 1e-10 here.
template <class Change> double centralDifference(const Net& net, double h, Change&& change)
{
    const auto at = [&](double step) {
        Net moved = net;
        change(moved, step);
        return loss(moved);
    };
    return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
}

} // namespace

class BackpropTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void gradientEqualsCentralDifferences_data();
    void gradientEqualsCentralDifferences();
    void aCircuitWithoutFeedbackSettlesWhereTheNetworkDoes();
};

void BackpropTest::gradientEqualsCentralDifferences_data()
{
    QTest::addColumn<std::vector<int>>("sizes");
    QTest::addColumn<bool>("bias");
    QTest::addColumn<int>("phi");
    const std::vector<std::vector<int>> shapes{{5, 3}, {4, 6, 2}, {9, 30, 3}, {3, 7, 5, 4}};
    for (std::size_t shape = 0; shape < shapes.size(); ++shape) {
        for (const bool bias : {false, true}) {
            for (const int phi : {phi_kind::softplus, phi_kind::logistic, phi_kind::tanh})
                QTest::addRow("shape %d, bias %d, phi %d", static_cast<int>(shape), bias, phi)
                    << shapes[shape] << bias << phi;
        }
    }
}

void BackpropTest::gradientEqualsCentralDifferences()
{
    QFETCH(std::vector<int>, sizes);
    QFETCH(bool, bias);
    QFETCH(int, phi);
    const Net net = drawNet(sizes, bias, phi, 17);
    Backprop backprop(sizes, bias);
    backprop.compute(net.parameters, net.up, net.input, net.target);
    QVERIFY(backprop.loss() > 0);
    for (std::size_t l = 0; l < net.up.size(); ++l) {
        const Matrix& gradient = backprop.gradient(static_cast<int>(l) + 1);
        double error = 0, norm = 0;
        for (std::size_t k = 0; k < gradient.values.size(); ++k) {
            const double numeric = centralDifference(
                net, 1e-3, [&](Net& n, double step) { n.up[l].values[k] += step; });
            error += (numeric - gradient.values[k]) * (numeric - gradient.values[k]);
            norm += gradient.values[k] * gradient.values[k];
        }
        const double relative = std::sqrt(error / norm);
        QVERIFY2(norm > 0 && relative < 1e-7, qPrintable(QString::number(relative)));
    }
    // The bias column of a layer shifts its potential, so delta = dL/du can be told from it.
    if (!bias)
        return;
    for (std::size_t l = 0; l < net.up.size(); ++l) {
        const Parameters& p = net.parameters;
        const bool output = l + 1 == net.up.size();
        const double lambda = circuit(p).basal
            / (output ? circuit(p).leak + circuit(p).basal : circuit(p).totalHidden());
        const int column = net.up[l].cols - 1;
        for (int i = 0; i < net.up[l].rows; ++i) {
            const double numeric = centralDifference(net, 1e-3, [&](Net& n, double step) {
                n.up[l](i, column) += step / (lambda * circuit(p).biasValue);
            });
            const double exact =
                backprop.delta(static_cast<int>(l) + 1)[static_cast<std::size_t>(i)];
            QVERIFY2(std::abs(numeric - exact) < 1e-7 * (1 + std::abs(exact)),
                qPrintable(QStringLiteral("%1 %2").arg(numeric).arg(exact)));
        }
    }
}

void BackpropTest::aCircuitWithoutFeedbackSettlesWhereTheNetworkDoes()
{
    for (const bool lookAhead : {true, false}) {
        Experiment e = newExperiment();
        e.layers = {4, 7, 5, 3};
        circuit(e.parameters).latentEquilibrium = lookAhead;
        e.parameters.targetOn = false;
        e.parameters.biasOn = true;
        circuit(e.parameters).biasValue = 0.5;
        e.parameters.presentationTime = 1000;
        e.weights.rangeDown = e.weights.rangePi = 0; // silent apical dendrites
        Simulation sim(e);
        std::vector<Matrix> up;
        for (int l = 1; l <= 3; ++l)
            up.push_back(layerWeights(sim.model(), l).up);
        Backprop backprop(e.layers, true);
        backprop.compute(sim.parameters(), up, sim.patternInput(), sim.patternTarget());
        for (int k = 0; k < 5000; ++k)
            QVERIFY(sim.step());
        for (int l = 1; l <= 3; ++l) {
            const Probe* soma = findProbe(sim.model(), "layer" + std::to_string(l) + ".pyr.soma");
            std::vector<double> u(static_cast<std::size_t>(soma->size()));
            soma->read(u);
            for (std::size_t i = 0; i < u.size(); ++i)
                QVERIFY2(std::abs(u[i] - backprop.potential(l)[i]) < 1e-12,
                    qPrintable(QString::number(u[i] - backprop.potential(l)[i])));
        }
    }
}

QTEST_APPLESS_MAIN(BackpropTest)
#include "tst_backprop.moc"
