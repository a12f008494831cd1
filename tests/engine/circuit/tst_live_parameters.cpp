// Parameters of the protocol and of plasticity, edited while a run goes on: each changes the
// trajectory by what its equation says.
#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/self_prediction.h"
#include "sim/model/model.h"
#include "sim/run/model_table.h"
#include "sim/run/simulation.h"

#include <QTest>

#include <cmath>

using namespace apical;

namespace {

std::vector<double> read(const Simulation& sim, const std::string& name)
{
    const Probe* probe = findProbe(sim.model(), name);
    std::vector<double> values(static_cast<std::size_t>(probe->size()));
    probe->read(values);
    return values;
}

void run(Simulation& sim, int steps)
{
    for (int k = 0; k < steps; ++k)
        QVERIFY(sim.step());
}

void set(Simulation& sim, const std::string& key, const ParameterValue& value)
{
    sim.apply({.step = sim.clock().step, .key = key, .value = value});
}

// Bars for 2 ms each, everything plastic.
Experiment bars()
{
    Experiment e = newExperiment();
    e.layers = {9, 30, 3};
    e.stimulus.kind = "bars";
    e.weights.init = WeightSpec::Init::SelfPredicting;
    e.parameters.presentationTime = 2;
    circuit(e.parameters).etaUp = {0.05, 0.01};
    circuit(e.parameters).etaIp = circuit(e.parameters).etaPi = {0.02};
    return e;
}

Matrix one(double w)
{
    return Matrix(1, 1, w);
}

// One neuron per layer, held far in the linear part of phi; the apical dendrite only listens.
Experiment chain(double input, double up, double next, double down)
{
    Experiment e = newExperiment();
    e.layers = {1, 1, 1};
    circuit(e.parameters).apical = 0;
    e.parameters.targetOn = false;
    e.parameters.presentationTime = 1e5;
    e.stimulus.kind = "patterns";
    e.stimulus.inputs = {{input}};
    e.weights.init = WeightSpec::Init::Explicit;
    e.weights.given = namedWeights({{one(up), one(down), one(0), one(0)}, {one(next), {}, {}, {}}});
    return e;
}

} // namespace

class LiveParametersTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void plasticityOnsetHoldsTheWeightsAfterEachPatternChange();
    void targetDelayHoldsTheNudgingBackInLookAheadOneStepMore();
    void hardResetMakesEqualPresentationsEqual();
    void softResetBringsTheSomataToRest();
    void lookingAheadSeesTheNoise();
    void noiseKeepsItsSizeWhateverTheStep();
    void weightFilterFollowsItsStepResponse();
    void feedbackWeightsLearnWhatTheSomaDoes();
    void everyStepOfFeedbackPlasticityIsItsEquation();
};

void LiveParametersTest::plasticityOnsetHoldsTheWeightsAfterEachPatternChange()
{
    Simulation sim(bars());
    run(sim, 20 * 3 + 7);
    set(sim, "plasticity.onset", 1.5);
    run(sim, 13);
    QCOMPARE(sim.clock().stepInPattern, 0u);
    for (int presentation = 0; presentation < 3; ++presentation) {
        const auto before = read(sim, "layer1.W_up");
        run(sim, 15);
        QVERIFY(read(sim, "layer1.W_up") == before);
        run(sim, 5);
        QVERIFY(read(sim, "layer1.W_up") != before);
    }
    set(sim, "plasticity.onset", 0.0);
    const auto before = read(sim, "layer1.W_up");
    run(sim, 15);
    QVERIFY(read(sim, "layer1.W_up") != before);
}

void LiveParametersTest::targetDelayHoldsTheNudgingBackInLookAheadOneStepMore()
{
    for (const bool lookAhead : {true, false}) {
        Experiment e = bars();
        circuit(e.parameters).latentEquilibrium = lookAhead;
        Simulation sim(e);
        run(sim, 20 * 2);
        set(sim, "target.delay", 0.5);
        for (int k = 0; k < 60; ++k) {
            QVERIFY(sim.step());
            const int shown = k - (lookAhead ? 1 : 0); // the step whose target is seen now
            const bool expected = shown < 0 || shown % 20 >= 5;
            QVERIFY2(
                (read(sim, "target.nudged")[0] != 0) == expected, qPrintable(QString::number(k)));
        }
    }
}

void LiveParametersTest::hardResetMakesEqualPresentationsEqual()
{
    Experiment e = bars();
    circuit(e.parameters).latentEquilibrium = false;
    circuit(e.parameters).etaUp = circuit(e.parameters).etaIp = circuit(e.parameters).etaPi = {0};
    e.parameters.targetOn = false;
    Simulation sim(e);
    const auto somata = [&sim](int presentations) {
        std::vector<std::vector<double>> bySample(8);
        for (int k = 0; k < presentations; ++k) {
            const int sample = sim.stimulus().sample(sim.presentation());
            for (std::uint32_t left = sim.stepsInPattern(); left > 0; --left)
                sim.step();
            bySample[static_cast<std::size_t>(sample)] = read(sim, "layer2.pyr.soma");
        }
        return bySample;
    };
    const auto first = somata(8), second = somata(8);
    QVERIFY(first != second); // what came before is still there
    set(sim, "state.reset", std::string("hard"));
    const auto third = somata(8), fourth = somata(8);
    QVERIFY(third == fourth);
}

void LiveParametersTest::softResetBringsTheSomataToRest()
{
    Simulation sim(bars());
    run(sim, 20 * 4);
    const auto weights = read(sim, "layer1.W_up");
    set(sim, "state.reset", std::string("soft"));
    QCOMPARE(sim.stepsInPattern(), 150u + 20u);
    // Rest is not zero: without input phi(0) still flows. Look-ahead is there after a few steps,
    // the somata follow with their own conductance.
    run(sim, 10);
    const auto early = read(sim, "layer1.pyr.soma");
    run(sim, 140);
    const auto rest = read(sim, "layer1.pyr.prospective"), late = read(sim, "layer1.pyr.soma");
    QVERIFY(read(sim, "layer1.W_up") == weights);
    const double left =
        std::pow(1 - sim.parameters().dt * circuit(sim.parameters()).totalHidden(), 140);
    for (std::size_t i = 0; i < rest.size(); ++i)
        QVERIFY(std::abs(late[i] - rest[i] - (early[i] - rest[i]) * left) < 1e-6);
    run(sim, 20);
    QVERIFY(read(sim, "layer1.W_up") != weights);
    QCOMPARE(sim.clock().stepInPattern, 0u);
}

void LiveParametersTest::lookingAheadSeesTheNoise()
{
    // p = u + (1/G) du/dt holds with noise in du/dt: u is the low-pass of p, whatever sigma is.
    Simulation sim(bars());
    set(sim, "circuit.noise", 0.05);
    const Parameters p = sim.parameters();
    double moved = 0;
    for (int k = 0; k < 200; ++k) {
        std::vector<std::pair<std::string, double>> populations{
            {"layer1.pyr.", circuit(p).totalHidden()},
            {"layer1.inn.", circuit(p).totalInterneuron()},
            {"layer2.pyr.", circuit(p).totalOutput()}};
        std::vector<std::vector<double>> before;
        for (const auto& [name, conductance] : populations)
            before.push_back(read(sim, name + "soma"));
        QVERIFY(sim.step());
        for (std::size_t i = 0; i < populations.size(); ++i) {
            const auto after = read(sim, populations[i].first + "soma");
            const auto ahead = read(sim, populations[i].first + "prospective");
            for (std::size_t j = 0; j < after.size(); ++j) {
                const double expected =
                    before[i][j] + p.dt * populations[i].second * (ahead[j] - before[i][j]);
                QVERIFY2(std::abs(after[j] - expected) < 1e-12,
                    qPrintable(QString::number(after[j] - expected)));
                moved = std::max(moved, std::abs(ahead[j] - after[j]));
            }
        }
    }
    QVERIFY(moved > 0.1);
}

void LiveParametersTest::noiseKeepsItsSizeWhateverTheStep()
{
    // With sqrt_dt the soma's deviation is sigma / sqrt(2 G) at any dt; the look-ahead of white
    // noise grows as 1 / sqrt(dt).
    for (const double dt : {0.2, 0.05}) {
        Experiment e = newExperiment();
        e.layers = {1, 1};
        e.parameters.dt = dt;
        circuit(e.parameters).noise = 0.2;
        e.parameters.targetOn = false;
        e.weights.rangeUp = 0;
        Simulation sim(e);
        double somata = 0, ahead = 0;
        const int n = static_cast<int>(40000 / dt);
        for (int k = 0; k < n; ++k) {
            QVERIFY(sim.step());
            const double u = read(sim, "layer1.pyr.soma")[0];
            const double p = read(sim, "layer1.pyr.prospective")[0];
            somata += u * u, ahead += p * p;
        }
        const double g = circuit(e.parameters).totalOutput();
        const double soma = std::sqrt(somata / n) / (0.2 / std::sqrt(2 * g));
        const double prospective = std::sqrt(ahead / n) / (0.2 / (g * std::sqrt(dt)));
        QVERIFY2(std::abs(soma - 1) < 0.06, qPrintable(QString::number(soma)));
        QVERIFY2(std::abs(prospective - 1) < 0.02, qPrintable(QString::number(prospective)));
    }
}

void LiveParametersTest::weightFilterFollowsItsStepResponse()
{
    // A rate so small that the derivative stays what it is: then W moves by dt eta d sum_k (1 -
    // (1 - dt/tau)^k).
    Experiment e = chain(2, 1, 1, 0);
    circuit(e.parameters).etaDown = {1e-7};
    Simulation plain(e), filtered(e);
    run(plain, 50), run(filtered, 50);
    set(filtered, "plasticity.tau_w", 3.0);
    const double begin = read(plain, "layer1.W_down")[0];
    const double beginFiltered = read(filtered, "layer1.W_down")[0];
    QCOMPARE(begin, beginFiltered);
    run(plain, 1);
    const double perStep = read(plain, "layer1.W_down")[0] - begin;
    QVERIFY(perStep > 0);
    const double keep = 1 - e.parameters.dt / 3;
    double expected = 0;
    for (int k = 1; k <= 200; ++k) {
        run(filtered, 1);
        expected += perStep * (1 - std::pow(keep, k));
        const double moved = read(filtered, "layer1.W_down")[0] - beginFiltered;
        QVERIFY2(std::abs(moved / expected - 1) < 1e-4,
            qPrintable(QStringLiteral("%1 %2 %3").arg(k).arg(moved).arg(expected)));
    }
}

void LiveParametersTest::feedbackWeightsLearnWhatTheSomaDoes()
{
    // Where phi(v) = v, the distal potential d = W_down r obeys d' = eta r^2 (u - d).
    Experiment e = chain(100, 1, 0.1, 5);
    Simulation sim(e);
    run(sim, 2000);
    const double u = read(sim, "layer1.pyr.prospective")[0], r = read(sim, "layer2.pyr.rate")[0];
    const double distal = read(sim, "layer1.pyr.apical_distal")[0];
    QVERIFY(u > 15 && distal > 15 && std::abs(u - distal) > 10);
    const double eta = 0.01;
    set(sim, "eta.down", eta);
    run(sim, 1); // the weights change behind this step's dendrite
    for (int k = 1; k <= 300; ++k) {
        run(sim, 1);
        const double expected =
            u + (distal - u) * std::pow(1 - sim.parameters().dt * eta * r * r, k);
        const double now = read(sim, "layer1.pyr.apical_distal")[0];
        QVERIFY2(std::abs(now - expected) < 1e-9 * std::abs(expected),
            qPrintable(QStringLiteral("%1 %2").arg(now).arg(expected)));
    }
    run(sim, 20000);
    QVERIFY(std::abs(read(sim, "layer1.pyr.apical_distal")[0] - u) < 1e-6);
}

void LiveParametersTest::everyStepOfFeedbackPlasticityIsItsEquation()
{
    // dW_down = dt eta (phi(p') - phi(W_down r)) x r with r as it arrived, and the distal
    // compartment is the top-down part of the apical one.
    Experiment e = bars();
    circuit(e.parameters).etaDown = {0.3};
    Simulation sim(e);
    run(sim, 33);
    const auto phi = [](double v) { return std::log1p(std::exp(v)); };
    for (int k = 0; k < 40; ++k) {
        const auto weights = read(sim, "layer1.W_down"), arrived = read(sim, "layer2.pyr.rate");
        QVERIFY(sim.step());
        const auto distal = read(sim, "layer1.pyr.apical_distal");
        QVERIFY(distal == read(sim, "layer1.pyr.apical_topdown"));
        const auto prospective = read(sim, "layer1.pyr.prospective");
        const auto after = read(sim, "layer1.W_down");
        for (std::size_t i = 0; i < distal.size(); ++i) {
            double potential = 0;
            for (std::size_t j = 0; j < 3; ++j)
                potential += weights[3 * i + j] * arrived[j];
            QVERIFY(std::abs(potential - distal[i]) < 1e-12);
            for (std::size_t j = 0; j < 3; ++j) {
                const double expected = weights[3 * i + j]
                    + 0.1 * 0.3 * (phi(prospective[i]) - phi(distal[i])) * arrived[j];
                QVERIFY(std::abs(after[3 * i + j] - expected) < 1e-13);
            }
        }
    }
}

QTEST_APPLESS_MAIN(LiveParametersTest)
#include "tst_live_parameters.moc"
