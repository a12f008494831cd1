// The rate model: against its oracle over all options, against closed forms, and what a step may
// cost.
#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/initial_weights.h"
#include "sim/circuit/microcircuit.h"
#include "sim/circuit/reference_microcircuit.h"
#include "sim/circuit/self_prediction.h"
#include "sim/run/model_table.h"
#include "sim/run/simulation.h"
#include "tests/engine/allocation_counter.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace apical;

namespace {

std::vector<double> read(const Model& model, const std::string& name)
{
    const Probe* probe = findProbe(model, name);
    std::vector<double> values(static_cast<std::size_t>(probe->size()));
    probe->read(values);
    return values;
}

// Largest difference of any probe of two runs of the same experiment.
double difference(const Simulation& a, const Simulation& b)
{
    double worst = 0;
    for (const Probe& probe : a.model().probes()) {
        const auto x = read(a.model(), probe.name), y = read(b.model(), probe.name);
        for (std::size_t i = 0; i < x.size(); ++i)
            worst = std::max(worst, std::abs(x[i] - y[i]));
    }
    return worst;
}

Experiment learningExperiment(std::vector<int> layers)
{
    Experiment e = newExperiment();
    e.layers = std::move(layers);
    circuit(e.parameters).etaUp = {0.05};
    circuit(e.parameters).etaIp = {0.1};
    circuit(e.parameters).etaPi = {0.1};
    e.parameters.presentationTime = 2;
    return e;
}

} // namespace

class MicrocircuitTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void agreesWithTheReferenceUnderEveryOption();
    void stepAllocatesNothing();
    void apicalDendritesAreSilentInTheSelfPredictingState();
    void aTargetBringsTheApicalErrorBack();
    void somataRelaxWithTheirClosedForm();
    void lookAheadBroadcastsTheSteadyState();
    void anInputThatLooksAheadLetsTheNextSomaFollowItsPotential();
    void errorProbesAreWhatPlasticitySees();
    void clippedWeightsStayInside();
    void lockedPathwaysDoNotChange();
    void floatStaysNearDouble();
    void noiseHasTheAskedStandardDeviation();
    void lookingAtWeightsChangesNoBit();
};

void MicrocircuitTest::agreesWithTheReferenceUnderEveryOption()
{
    std::mt19937 random(11);
    const auto pick = [&](int n) { return std::uniform_int_distribution<int>(0, n - 1)(random); };
    const auto real = [&](double a, double b) {
        return std::uniform_real_distribution<double>(a, b)(random);
    };
    const std::vector<std::vector<int>> shapes{
        {4, 3}, {3, 5, 2}, {8, 6, 3}, {9, 30, 3}, {4, 7, 5, 3}, {17, 9, 16, 8, 2}};
    for (int trial = 0; trial < 120; ++trial) {
        Experiment e = learningExperiment(shapes[static_cast<std::size_t>(pick(6))]);
        Parameters& p = e.parameters;
        circuit(p).latentEquilibrium = pick(2);
        circuit(p).phi = pick(2);
        if (trial % 5 > 1)
            circuit(p).phi = trial % 5; // the other kinds
        circuit(p).phiGamma = real(0.5, 1.5), circuit(p).phiBeta = real(0.5, 1.5),
        circuit(p).phiTheta = real(-0.5, 0.5);
        if (circuit(p).phi == phi_kind::relu)
            circuit(p).phiGamma = 0.3; // it has no bound: what diverges cannot be compared
        circuit(p).inputTau = pick(2) ? 0.1 : 0.8;
        circuit(p).inputLookAhead = trial % 3 == 0;
        circuit(p).targetTau = pick(2) ? 0.1 : 0.8;
        p.targetOn = pick(3);
        circuit(p).targetShift = pick(2);
        p.targetDelay = pick(2) ? 0 : 0.5;
        p.biasOn = pick(2), circuit(p).biasValue = 0.5;
        circuit(p).etaDown = {pick(2) ? 0.0 : 0.05};
        circuit(p).etaPerPresentation = pick(2);
        p.plasticityOnset = pick(2) ? 0 : 0.4;
        circuit(p).plasticityTau = pick(3) ? 0 : 5;
        if (trial % 4 == 0)
            circuit(p).plasticityTauUp = 2, circuit(p).plasticityTauPi = 0,
            circuit(p).plasticityTauDown = 7;
        if (trial % 4 == 1)
            circuit(p).plasticityTauIp = 3;
        p.stateReset = pick(3);
        circuit(p).initialInput = pick(2);
        if (trial % 6 == 5)
            circuit(p).feedback = feedback_kind::transposed, circuit(p).feedbackScale = 0.7;
        p.nudgingRule = pick(2);
        circuit(p).noise = pick(3) ? 0 : 0.1;
        circuit(p).noiseScaling = pick(2);
        circuit(p).clipIp = pick(2) ? kNone : 0.8;
        circuit(p).lockIp = pick(4) == 0;
        circuit(p).leak = real(0.01, 0.1), circuit(p).basal = real(0.05, 0.2),
        circuit(p).apical = real(0, 0.1), circuit(p).nudging = real(0, 0.1);
        e.seed = static_cast<std::uint64_t>(trial) + 1;
        Experiment oracle = e;
        oracle.precision = "reference";
        Simulation a(e), b(oracle);
        for (int k = 0; k < 150; ++k) {
            QVERIFY(a.step() && b.step());
            // Looking at weights applies what is due: do it now and then only, to test both ways
            // through a step.
            if (k % 10 == 9)
                QVERIFY2(difference(a, b) < 1e-11,
                    qPrintable(QStringLiteral("trial %1 step %2: %3")
                                   .arg(trial)
                                   .arg(k)
                                   .arg(difference(a, b))));
        }
    }
}

void MicrocircuitTest::stepAllocatesNothing()
{
    for (const char* precision : {"double", "float"}) {
        Experiment e = learningExperiment({9, 30, 10, 3});
        circuit(e.parameters).etaDown = {0.01};
        e.precision = precision;
        Simulation sim(e);
        Model& model = sim.model();
        const std::vector<double> input(9, 0.5), target(3, 0.2);
        const Drive drive{.input = input, .target = target, .nudged = true};
        model.step(drive);
        const long before = allocations;
        for (int k = 0; k < 1000; ++k)
            model.step(drive);
        QCOMPARE(allocations - before, 0L);
        // A whole simulation step may allocate at pattern changes in shuffled lists only; uniform
        // input does not.
        const long beforeSimulation = allocations;
        for (int k = 0; k < 1000; ++k)
            QVERIFY(sim.step());
        QCOMPARE(allocations - beforeSimulation, 0L);
    }
}

void MicrocircuitTest::apicalDendritesAreSilentInTheSelfPredictingState()
{
    for (const bool lookAhead : {true, false}) {
        Experiment e = newExperiment();
        e.layers = {8, 6, 5, 3};
        e.weights.init = WeightSpec::Init::SelfPredicting;
        e.parameters.targetOn = false;
        circuit(e.parameters).latentEquilibrium = lookAhead;
        e.parameters.presentationTime = 400; // the slow mode needs many time constants to settle
        Simulation sim(e);
        for (int k = 0; k < 4000; ++k)
            QVERIFY(sim.step());
        for (const auto& errors : selfPredictionErrors(sim.model())) {
            QVERIFY2(errors.apical < 1e-12, qPrintable(QString::number(errors.apical)));
            QVERIFY(errors.interneuron < 1e-24);
            QVERIFY(errors.fixedPointDistance < 1e-15);
        }
    }
}

void MicrocircuitTest::aTargetBringsTheApicalErrorBack()
{
    Experiment e = newExperiment();
    e.weights.init = WeightSpec::Init::SelfPredicting;
    Simulation sim(e);
    for (int k = 0; k < 50; ++k)
        QVERIFY(sim.step());
    QVERIFY(selfPredictionErrors(sim.model()).front().apical > 1e-3);
}

void MicrocircuitTest::somataRelaxWithTheirClosedForm()
{
    // One input, one output, no hidden layer, constant drive: u_n = s (1 - (1 - G dt)^n), s = g_b
    // v_B / (g_l + g_b).
    Experiment e = newExperiment();
    e.layers = {1, 1};
    circuit(e.parameters).latentEquilibrium = false;
    e.parameters.targetOn = false;
    e.weights.init = WeightSpec::Init::Explicit;
    LayerWeights w;
    w.up = Matrix(1, 1, 0.7);
    e.weights.given = namedWeights({w});
    e.stimulus.kind = "patterns";
    e.stimulus.inputs = {{2.0}};
    Simulation sim(e);
    const Parameters& p = e.parameters;
    const double steady = circuit(p).basal * 1.4 / (circuit(p).leak + circuit(p).basal);
    for (int n = 1; n <= 500; ++n) {
        QVERIFY(sim.step());
        const double expected = steady * (1 - std::pow(1 - circuit(p).totalOutput() * p.dt, n));
        QVERIFY(std::abs(read(sim.model(), "layer1.pyr.soma")[0] - expected) < 1e-13);
    }
}

void MicrocircuitTest::lookAheadBroadcastsTheSteadyState()
{
    Experiment e = newExperiment();
    e.layers = {1, 1};
    e.parameters.targetOn = false;
    e.weights.init = WeightSpec::Init::Explicit;
    LayerWeights w;
    w.up = Matrix(1, 1, 0.7);
    e.weights.given = namedWeights({w});
    e.stimulus.kind = "patterns";
    e.stimulus.inputs = {{2.0}};
    Simulation sim(e);
    QVERIFY(sim.step()); // at once, whatever tau is
    const double steady = circuit(e.parameters).basal * 1.4
        / (circuit(e.parameters).leak + circuit(e.parameters).basal);
    QVERIFY(std::abs(read(sim.model(), "layer1.pyr.prospective")[0] - steady) < 1e-15);
    QVERIFY(read(sim.model(), "layer1.pyr.soma")[0] < 0.1 * steady);
}

void MicrocircuitTest::anInputThatLooksAheadLetsTheNextSomaFollowItsPotential()
{
    Experiment e = newExperiment();
    e.layers = {1, 1, 1};
    circuit(e.parameters).inputTau = 0.8;
    circuit(e.parameters).inputLookAhead = true;
    e.parameters.presentationTime = 40;
    e.weights.init = WeightSpec::Init::Explicit;
    LayerWeights hidden, output;
    hidden.up = hidden.ip = Matrix(1, 1, 1.5);
    hidden.down = hidden.pi = Matrix(1, 1, 0.0);
    output.up = Matrix(1, 1, 1.0);
    e.weights.given = namedWeights({hidden, output});
    e.stimulus.kind = "patterns";
    e.stimulus.inputs = {{1.0}, {3.0}};
    Simulation sim(e);
    const double scale = 1.5 * circuit(e.parameters).basal / circuit(e.parameters).totalHidden();
    double potential = 1;
    while (sim.clock().pattern == 0)
        QVERIFY(sim.step());
    // Settled, then the look-ahead of the sender undoes the membrane of the receiver: exactly, in
    // discrete time as well.
    for (int k = 0; k < 30; ++k) {
        const double before = potential;
        potential += 0.1 / 0.8 * (3 - potential);
        QVERIFY(sim.step());
        const double sent = before + (3 - before) / (0.8 * circuit(e.parameters).totalHidden());
        QVERIFY(std::abs(read(sim.model(), "input.potential")[0] - potential) < 1e-12);
        QVERIFY(std::abs(read(sim.model(), "input.rate")[0] - sent) < 1e-12);
        QVERIFY(std::abs(read(sim.model(), "layer1.pyr.soma")[0] - scale * potential) < 1e-3);
    }
    QVERIFY(read(sim.model(), "input.potential")[0] > 2.9);
}

void MicrocircuitTest::errorProbesAreWhatPlasticitySees()
{
    Experiment e = learningExperiment({4, 5, 3});
    circuit(e.parameters).etaPi = {0.0};
    circuit(e.parameters).etaDown = {0.02};
    Simulation sim(e);
    for (int k = 0; k < 7; ++k)
        QVERIFY(sim.step());
    const auto inputBefore = read(sim.model(), "layer1.pyr.rate");
    const auto outBefore = read(sim.model(), "layer2.pyr.rate");
    const LayerWeights hidden = layerWeights(sim.model(), 1), output = layerWeights(sim.model(), 2);
    QVERIFY(sim.step());
    const auto basal = read(sim.model(), "layer2.pyr.basal_error");
    const auto inter = read(sim.model(), "layer1.inn.error");
    const auto distal = read(sim.model(), "layer1.pyr.distal_error");
    const LayerWeights hiddenNow = layerWeights(sim.model(), 1),
                       outputNow = layerWeights(sim.model(), 2);
    const double dt = e.parameters.dt;
    const auto rule = [&](const Matrix& now, const Matrix& before, double eta,
                          const std::vector<double>& error, const std::vector<double>& pre) {
        double worst = 0;
        for (int i = 0; i < now.rows; ++i) {
            for (int j = 0; j < now.cols; ++j)
                worst = std::max(worst,
                    std::abs(now(i, j) - before(i, j)
                        - dt * eta * error[static_cast<std::size_t>(i)]
                            * pre[static_cast<std::size_t>(j)]));
        }
        return worst;
    };
    QVERIFY(rule(outputNow.up, output.up, 0.05, basal, inputBefore) < 1e-14);
    QVERIFY(rule(hiddenNow.ip, hidden.ip, 0.1, inter, inputBefore) < 1e-14);
    QVERIFY(rule(hiddenNow.down, hidden.down, 0.02, distal, outBefore) < 1e-14);
    QVERIFY(!(hiddenNow.down == hidden.down));
}

void MicrocircuitTest::clippedWeightsStayInside()
{
    Experiment e = learningExperiment({8, 6, 3});
    circuit(e.parameters).clipUpHidden = 0.5, circuit(e.parameters).clipUpOutput = 0.4;
    circuit(e.parameters).clipIp = 0.3, circuit(e.parameters).clipPi = 0.2;
    Simulation sim(e);
    for (int k = 0; k < 200; ++k)
        QVERIFY(sim.step());
    const auto inside = [&](const std::string& name, double limit) {
        for (const double w : read(sim.model(), name)) {
            if (std::abs(w) > limit)
                return false;
        }
        return true;
    };
    QVERIFY(inside("layer1.W_up", 0.5) && inside("layer2.W_up", 0.4));
    QVERIFY(inside("layer1.W_ip", 0.3) && inside("layer1.W_pi", 0.2));
    QVERIFY(!inside("layer1.W_down", 0.5)); // never clipped
}

void MicrocircuitTest::lockedPathwaysDoNotChange()
{
    for (const std::string name : {"up", "ip", "pi", "down"}) {
        Experiment e = learningExperiment({8, 6, 3});
        circuit(e.parameters).etaDown = {0.05};
        setParameter(e.parameters, "lock." + name, true, 2);
        Simulation sim(e);
        const auto before = read(sim.model(), "layer1.W_" + name);
        for (int k = 0; k < 50; ++k)
            QVERIFY(sim.step());
        for (const std::string other : {"up", "ip", "pi", "down"}) {
            const bool changed = read(sim.model(), "layer1.W_" + other)
                != read(Simulation(e).model(), "layer1.W_" + other);
            QCOMPARE(changed, other != name);
        }
        QVERIFY(read(sim.model(), "layer1.W_" + name) == before);
    }
}

void MicrocircuitTest::floatStaysNearDouble()
{
    Experiment e = learningExperiment({9, 30, 3});
    Experiment single = e;
    single.precision = "float";
    Simulation a(e), b(single);
    for (int k = 0; k < 300; ++k)
        QVERIFY(a.step() && b.step());
    const double d = difference(a, b);
    QVERIFY2(d > 0 && d < 2e-3, qPrintable(QString::number(d)));
}

void MicrocircuitTest::noiseHasTheAskedStandardDeviation()
{
    // u follows du = -G u dt + sigma dW: stationary standard deviation sigma / sqrt(2 G) (to first
    // order in dt).
    Experiment e = newExperiment();
    e.layers = {1, 1};
    circuit(e.parameters).latentEquilibrium = false;
    circuit(e.parameters).noise = 0.2;
    e.parameters.targetOn = false;
    e.weights.rangeUp = 0;
    Simulation sim(e);
    double sum = 0, squares = 0;
    const int n = 400000;
    for (int k = 0; k < n; ++k) {
        QVERIFY(sim.step());
        const double u = read(sim.model(), "layer1.pyr.soma")[0];
        sum += u, squares += u * u;
    }
    const double deviation = std::sqrt(squares / n - (sum / n) * (sum / n));
    const double expected = 0.2 / std::sqrt(2 * circuit(e.parameters).totalOutput());
    QVERIFY2(std::abs(deviation / expected - 1) < 0.06,
        qPrintable(QString::number(deviation / expected)));
}

void MicrocircuitTest::lookingAtWeightsChangesNoBit()
{
    const Experiment e = learningExperiment({9, 30, 3});
    Simulation looked(e), alone(e);
    for (int k = 0; k < 500; ++k) {
        QVERIFY(looked.step() && alone.step());
        static_cast<void>(selfPredictionErrors(looked.model()));
        static_cast<void>(read(looked.model(), "layer1.W_ip"));
    }
    QVERIFY(looked.state() == alone.state());
}

QTEST_APPLESS_MAIN(MicrocircuitTest)
#include "tst_microcircuit.moc"
