// A wide first layer whose W_up is touched once per presentation: the same as the plain step to
// rounding, the same bits whoever looks in between, and the plain step itself where that is needed.
#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/initial_weights.h"
#include "sim/circuit/microcircuit.h"
#include "sim/run/model_table.h"
#include "sim/run/simulation.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

using namespace apical;

namespace {

Experiment digitsExperiment(int hidden, double presentationMs)
{
    Experiment e = newExperiment();
    e.layers = {784, hidden, 10};
    e.stimulus.kind = "digits";
    e.stimulus.samples = 500;
    e.parameters.targetLow = -0.5;
    e.parameters.plasticityOnset = 0.3; // without it tiny differences grow
    e.parameters.presentationTime = presentationMs;
    CircuitParameters& c = circuit(e.parameters);
    c.phi = phi_kind::logistic;
    c.phiBeta = 4;
    c.phiTheta = 0.15;
    c.etaUp = {1.6, 0.12};
    c.etaIp = {0.54};
    c.etaPi = {0};
    c.clipUpHidden = c.clipUpOutput = kNone;
    e.weights.init = WeightSpec::Init::SelfPredicting;
    e.weights.rangeUp = 0.05;
    e.weights.rangeDown = 0.15;
    return e;
}

template <class T> std::unique_ptr<Model> circuitOf(const Experiment& e, FirstLayer first)
{
    return std::make_unique<Microcircuit<T>>(
        e.layers, e.parameters, initialWeights(e, e.parameters), e.seed, first);
}

template <class T> Simulation runOf(const Experiment& e, FirstLayer first)
{
    return Simulation(e, 0, circuitOf<T>(e, first));
}

std::vector<double> valuesOf(const Model& model, const std::string& probe)
{
    std::vector<double> values(static_cast<std::size_t>(findProbe(model, probe)->size()));
    findProbe(model, probe)->read(values);
    return values;
}

double largestDifference(const Model& a, const Model& b)
{
    double worst = 0;
    for (const Probe& probe : a.probes()) {
        const auto x = valuesOf(a, probe.name), y = valuesOf(b, probe.name);
        for (std::size_t i = 0; i < x.size(); ++i)
            worst = std::max(worst, std::abs(x[i] - y[i]));
    }
    return worst;
}

double weightDifference(const Model& a, const Model& b)
{
    double worst = 0;
    for (const NamedMatrix& m : weightsOf(a)) {
        const auto y = valuesOf(b, m.name);
        for (std::size_t i = 0; i < y.size(); ++i)
            worst = std::max(worst, std::abs(m.matrix.values[i] - y[i]));
    }
    return worst;
}

void stepTo(Simulation& run, std::uint64_t steps)
{
    while (run.clock().step < steps)
        QVERIFY(run.step());
}

} // namespace

class HeldInputTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aThousandPresentationsEqualThePlainStep();
    void lookingInBetweenChangesNoBit();
    void aStateSavedInTheMiddleGoesOnBitForBit();
    void editsInTheMiddleEqualThePlainStep_data();
    void editsInTheMiddleEqualThePlainStep();
    void aWeightThatMeetsItsClipEqualsThePlainStep();
    void aFilteredInputEqualsThePlainStep();
    void anInputThatStaysForeverDoesNotDrift();
    void narrowInputsKeepThePlainStep();
};

void HeldInputTest::aThousandPresentationsEqualThePlainStep()
{
    const Experiment e = digitsExperiment(40, 0.5);
    const auto compare = [&](auto held, auto plain, double tolerance) {
        const double before = weightDifference(held.model(), plain.model());
        QCOMPARE(before, 0.0);
        const auto start = valuesOf(held.model(), "layer1.W_up");
        stepTo(held, 5000);
        stepTo(plain, 5000);
        const double off = weightDifference(held.model(), plain.model());
        QVERIFY2(off <= tolerance, qPrintable(QString::number(off)));
        // Not because nothing was learned.
        double moved = 0;
        const auto end = valuesOf(held.model(), "layer1.W_up");
        for (std::size_t i = 0; i < end.size(); ++i)
            moved = std::max(moved, std::abs(end[i] - start[i]));
        QVERIFY2(moved > 0.05, qPrintable(QString::number(moved)));
    };
    compare(
        runOf<double>(e, FirstLayer::oncePerInput), runOf<double>(e, FirstLayer::everyStep), 1e-12);
    compare(
        runOf<float>(e, FirstLayer::oncePerInput), runOf<float>(e, FirstLayer::everyStep), 5e-6);
}

void HeldInputTest::lookingInBetweenChangesNoBit()
{
    const Experiment e = digitsExperiment(20, 0.7);
    Simulation watched = runOf<float>(e, FirstLayer::oncePerInput);
    Simulation alone = runOf<float>(e, FirstLayer::oncePerInput);
    std::mt19937 random(5);
    while (watched.clock().step < 2000) {
        QVERIFY(watched.step() && alone.step());
        if (random() % 3 == 0)
            weightsOf(watched.model());
        if (random() % 5 == 0)
            watched.state();
        if (random() % 7 == 0)
            measuresOf(watched.model());
        if (random() % 11 == 0)
            watched.restore(watched.state());
    }
    QVERIFY(watched.model().save() == alone.model().save());
}

void HeldInputTest::aStateSavedInTheMiddleGoesOnBitForBit()
{
    Experiment e = digitsExperiment(20, 0.7);
    e.edits.push_back({.step = 3, .key = "clip.up_hidden", .value = 9.0});
    for (const std::uint64_t at : {4U, 6U, 7U, 8U, 100U, 104U}) {
        Simulation run = runOf<double>(e, FirstLayer::oncePerInput);
        stepTo(run, at);
        Simulation other = runOf<double>(e, FirstLayer::oncePerInput);
        stepTo(other, 3);
        other.restore(run.state());
        QVERIFY(other.model().save() == run.model().save());
        stepTo(run, at + 50);
        stepTo(other, at + 50);
        QVERIFY2(other.model().save() == run.model().save(), qPrintable(QString::number(at)));
    }
}

void HeldInputTest::editsInTheMiddleEqualThePlainStep_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QVariant>("value");
    const auto row = [](const char* key, const QVariant& value) {
        QTest::newRow(key) << QString(key) << value;
    };
    row("clip.up_hidden", 0.05);
    row("input.tau", 0.4);
    row("input.look_ahead", true);
    row("plasticity.tau_w", 0.6);
    row("circuit.g_a", 0.1);
    row("target.on", false);
    row("eta.decay", 0.5);
}

void HeldInputTest::editsInTheMiddleEqualThePlainStep()
{
    QFETCH(QString, key);
    QFETCH(QVariant, value);
    Experiment e = digitsExperiment(20, 1);
    e.parameters.biasOn = true;
    circuit(e.parameters).biasValue = 0.3;
    const ParameterRow* row = e.parameters.table().find(key.toStdString());
    const ParameterValue before = parameterValue(e.parameters, *row);
    const ParameterValue after = value.typeId() == QMetaType::Bool
        ? ParameterValue(value.toBool())
        : ParameterValue(value.toDouble());
    e.edits.push_back({.step = 204, .key = key.toStdString(), .value = after});
    e.edits.push_back({.step = 407, .key = key.toStdString(), .value = before});
    Simulation held = runOf<double>(e, FirstLayer::oncePerInput);
    Simulation plain = runOf<double>(e, FirstLayer::everyStep);
    stepTo(held, 600);
    stepTo(plain, 600);
    const double off = largestDifference(held.model(), plain.model());
    QVERIFY2(off <= 1e-11, qPrintable(QString::number(off)));
}

void HeldInputTest::aWeightThatMeetsItsClipEqualsThePlainStep()
{
    Experiment e = digitsExperiment(20, 1);
    circuit(e.parameters).clipUpHidden = 0.055; // weights start below it and are soon there
    Simulation held = runOf<double>(e, FirstLayer::oncePerInput);
    Simulation plain = runOf<double>(e, FirstLayer::everyStep);
    stepTo(held, 2000);
    stepTo(plain, 2000);
    const auto weights = valuesOf(plain.model(), "layer1.W_up");
    const auto atClip = std::count_if(
        weights.begin(), weights.end(), [](double w) { return std::abs(w) == 0.055; });
    QVERIFY2(atClip > 10, qPrintable(QString::number(atClip)));
    const double off = largestDifference(held.model(), plain.model());
    QVERIFY2(off <= 1e-12, qPrintable(QString::number(off)));
}

void HeldInputTest::aFilteredInputEqualsThePlainStep()
{
    Experiment e = digitsExperiment(20, 1);
    circuit(e.parameters).inputTau = 0.5;
    Simulation held = runOf<double>(e, FirstLayer::oncePerInput);
    Simulation plain = runOf<double>(e, FirstLayer::everyStep);
    stepTo(held, 500);
    stepTo(plain, 500);
    QVERIFY(largestDifference(held.model(), plain.model()) <= 1e-12);
}

void HeldInputTest::anInputThatStaysForeverDoesNotDrift()
{
    Experiment e = digitsExperiment(20, 1000);
    circuit(e.parameters).etaUp = {0.05};
    Simulation held = runOf<float>(e, FirstLayer::oncePerInput);
    stepTo(held, 9999);
    const auto weights = valuesOf(held.model(), "layer1.W_up");
    const auto basal = valuesOf(held.model(), "layer1.pyr.basal");
    for (std::size_t i = 0; i < basal.size(); ++i) {
        double sum = 0;
        for (std::size_t j = 0; j < 784; ++j)
            sum += weights[i * 784 + j] * held.patternInput()[j];
        QVERIFY2(std::abs(sum - basal[i]) <= 1e-4, qPrintable(QString::number(sum - basal[i])));
    }
}

void HeldInputTest::narrowInputsKeepThePlainStep()
{
    Experiment e = newExperiment();
    e.layers = {9, 30, 3};
    circuit(e.parameters).etaUp = {0.1};
    Simulation held = runOf<double>(e, FirstLayer::oncePerInput);
    Simulation plain = runOf<double>(e, FirstLayer::everyStep);
    stepTo(held, 500);
    stepTo(plain, 500);
    QVERIFY(held.model().save() == plain.model().save());
}

QTEST_GUILESS_MAIN(HeldInputTest)
#include "tst_held_input.moc"
