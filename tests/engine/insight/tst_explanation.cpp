// The explanation of a neuron agrees with what the engine did: terms of du/dt, parts of the apical
// potential, ranks.
#include "sim/circuit/circuit_parameters.h"
#include "sim/files/preset.h"
#include "sim/insight/circuit_frame.h"
#include "sim/insight/explanation.h"
#include "sim/run/model_table.h"
#include "sim/run/simulation.h"
#include "tests/circuit_lane.h"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <string>

using namespace apical;

namespace {

using Population = NeuronRef::Population;

Experiment experiment(bool latentEquilibrium, bool nudged, std::vector<int> layers = {4, 5, 3})
{
    Experiment e = newExperiment();
    e.layers = std::move(layers);
    circuit(e.parameters).latentEquilibrium = latentEquilibrium;
    e.parameters.targetOn = nudged;
    circuit(e.parameters).etaUp = {0.01};
    circuit(e.parameters).etaIp = {0.02};
    circuit(e.parameters).etaPi = {0.03};
    e.parameters.presentationTime = 20;
    e.stimulus.kind = "patterns";
    e.stimulus.inputs = {{0.2, 0.9, 0.4, 0.1}};
    e.stimulus.targets = {std::vector<double>{1.0, 0.1, -0.4}};
    return e;
}

/// Runs some steps and records the last one the way a frame does.
LaneFrame lastStep(const Experiment& e, int steps)
{
    Simulation run(e);
    for (int i = 1; i < steps; ++i)
        run.step();
    const std::vector<double> before = test::frameOfCircuit(run).values;
    const bool nudged = run.nudged();
    run.step();
    LaneFrame lane = test::frameOfCircuit(run);
    lane.before = before;
    lane.nudged = nudged;
    return lane;
}

std::vector<NeuronRef> neurons(const LaneFrame& lane)
{
    std::vector<NeuronRef> all;
    const CircuitFrame circuit(lane);
    for (int l = 1; l <= static_cast<int>(circuit.layers.size()); ++l) {
        const CircuitLayerFrame& layer = circuit.layers[static_cast<std::size_t>(l - 1)];
        for (int i = 0; i < static_cast<int>(layer.soma.size()); ++i)
            all.push_back({Population::Pyramidal, l, i});
        for (int i = 0; i < static_cast<int>(layer.innSoma.size()); ++i)
            all.push_back({Population::Interneuron, l, i});
    }
    return all;
}

double total(const std::vector<Contribution>& synapses)
{
    double sum = 0;
    for (const Contribution& s : synapses)
        sum += s.value;
    return sum;
}

} // namespace

class TestExplanation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void termsSumToTheTrueDerivative_data()
    {
        QTest::addColumn<bool>("latentEquilibrium");
        QTest::addColumn<bool>("nudged");
        for (const bool le : {true, false})
            for (const bool nudged : {true, false})
                QTest::addRow("%s, %s", le ? "LE" : "original", nudged ? "nudged" : "free")
                    << le << nudged;
    }
    void termsSumToTheTrueDerivative()
    {
        QFETCH(bool, latentEquilibrium);
        QFETCH(bool, nudged);
        for (const auto& layers : {std::vector<int>{4, 5, 3}, {4, 6, 5, 3}}) {
            const LaneFrame lane = lastStep(experiment(latentEquilibrium, nudged, layers), 37);
            QCOMPARE(lane.nudged, nudged);
            for (const NeuronRef& neuron : neurons(lane)) {
                const MembraneBalance balance = membraneTerms(lane, neuron);
                QVERIFY(balance.known);
                double sum = 0, size = 0;
                for (const Term& term : balance.terms) {
                    sum += term.value;
                    size += std::abs(term.value);
                }
                QCOMPARE(sum, balance.sum);
                // The measured change carries the rounding of the soma, divided by dt.
                const double allowed = 1e-9 * size + 1e-14 / lane.parameters.dt;
                QVERIFY2(std::abs(balance.sum - balance.measured) <= allowed,
                    qPrintable(QString::number(balance.sum, 'g', 17) + QLatin1String(" is not ")
                        + QString::number(balance.measured, 'g', 17)));
            }
        }
    }

    /// Somata follow the dendrites of the step before: those of hidden neurons, which nothing
    /// nudges, add up without a remainder.
    void withSpikesTheTermsAreOfTheStepBefore()
    {
        const LaneFrame lane = lastStep(loadPreset("bars-spiking"), 37);
        double largest = 0;
        for (const NeuronRef& neuron : neurons(lane)) {
            const MembraneBalance balance = membraneTerms(lane, neuron);
            QVERIFY(balance.known);
            const bool hidden = neuron.population == Population::Pyramidal && neuron.layer == 1;
            QCOMPARE(balance.terms.back().kind, hidden ? Term::Kind::Apical : Term::Kind::Nudging);
            QVERIFY(std::abs(balance.sum - balance.measured) < 1e-11);
            largest = std::max(largest, std::abs(balance.measured));
        }
        QVERIFY(largest > 1e-3);
    }

    void noiseIsWhatTheTermsLeaveOpen()
    {
        Experiment e = experiment(true, false);
        circuit(e.parameters).noise = 0.1;
        const LaneFrame lane = lastStep(e, 12);
        const MembraneBalance balance = membraneTerms(lane, {Population::Pyramidal, 1, 2});
        QCOMPARE(balance.terms.back().kind, Term::Kind::Noise);
        QVERIFY(std::abs(balance.terms.back().value) > 1e-6);
        QCOMPARE(balance.sum, balance.measured);
    }

    void contributionsSumToTheDendrites()
    {
        Experiment e = experiment(true, true, {4, 6, 5, 3});
        circuit(e.parameters).etaUp = circuit(e.parameters).etaIp =
            circuit(e.parameters).etaPi = {0}; // weights before and after are the same
        const LaneFrame lane = lastStep(e, 30);
        for (const NeuronRef& n : neurons(lane)) {
            const CircuitFrame circuit(lane);
            const CircuitLayerFrame& layer = circuit.layers[static_cast<std::size_t>(n.layer - 1)];
            const auto i = static_cast<std::size_t>(n.index);
            const double dendrite =
                n.population == Population::Interneuron ? layer.innDendrite[i] : layer.basal[i];
            QVERIFY(std::abs(total(dendriteContributions(lane, n)) - dendrite) < 1e-12);
            if (n.population == Population::Interneuron || layer.apical.empty())
                continue;
            const ApicalBalance balance = apicalBalance(lane, n.layer, n.index);
            QVERIFY(balance.known);
            QVERIFY(std::abs(total(balance.synapses) - balance.residual) < 1e-12);
            QVERIFY(std::abs(balance.topdown + balance.lateral - balance.residual) < 1e-14);
            QVERIFY(std::ranges::is_sorted(balance.synapses, std::ranges::greater{},
                [](const Contribution& c) { return std::abs(c.value); }));
        }
    }

    void loudestRanksOverAllHiddenLayers()
    {
        LaneFrame lane = lastStep(experiment(true, false, {4, 6, 5, 3}), 20);
        test::quantity(lane, "layer2.pyr.apical")[3] = -7;
        const std::vector<LoudApical> ten = loudest(lane, 10);
        QCOMPARE(ten.size(), std::size_t(10));
        QCOMPARE(ten[0].layer, 2);
        QCOMPARE(ten[0].index, 3);
        QVERIFY(std::ranges::is_sorted(
            ten, std::ranges::greater{}, [](const LoudApical& a) { return std::abs(a.apical); }));
        QCOMPARE(loudest(lane, 100).size(), std::size_t(11));
        test::quantity(lane, "layer1.pyr.apical")[1] = std::nan("");
        QCOMPARE(loudest(lane, 1)[0].index, 1);
    }

    void whatIsNotThereIsUnknown()
    {
        const LaneFrame lane = lastStep(experiment(true, false), 5);
        QVERIFY(!membraneTerms(lane, {Population::Input, 0, 0}).known);
        QVERIFY(!membraneTerms(lane, {Population::Pyramidal, 3, 0}).known);
        QVERIFY(!membraneTerms(lane, {Population::Pyramidal, 1, 5}).known);
        QVERIFY(!membraneTerms(lane, {Population::Interneuron, 2, 0}).known);
        QVERIFY(!apicalBalance(lane, 2, 0).known);
        QVERIFY(!membraneTerms(LaneFrame(), {Population::Pyramidal, 1, 0}).known);
        QVERIFY(loudest(LaneFrame(), 10).empty());
    }
};

QTEST_APPLESS_MAIN(TestExplanation)
#include "tst_explanation.moc"
