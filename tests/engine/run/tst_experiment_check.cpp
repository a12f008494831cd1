// What an experiment may ask for before anything of it is built.
#include "sim/base/error.h"
#include "sim/circuit/circuit_anatomy.h"
#include "sim/circuit/initial_weights.h"
#include "sim/circuit/self_prediction.h"
#include "sim/files/preset.h"
#include "sim/run/experiment_check.h"
#include "sim/run/model_table.h"

#include <QTest>

#include <cstdint>
#include <string>
#include <vector>

using namespace apical;

namespace {

Experiment network(std::vector<int> layers, bool bias = false)
{
    Experiment e = newExperiment();
    e.layers = std::move(layers);
    e.parameters.biasOn = bias;
    return e;
}

} // namespace

class ExperimentCheckTest : public QObject {
    Q_OBJECT
private slots:
    void synapsesAreCountedAsTheNetworkHasThem();
    void ninetyMillionSynapsesAreAllowed();
    void tooManySynapsesAreRefusedWithTheirNumber();
};

void ExperimentCheckTest::synapsesAreCountedAsTheNetworkHasThem()
{
    for (const auto& layers :
        {std::vector<int>{3, 2}, {8, 6, 3}, {7, 5, 4, 2}, {9, 30, 10, 5, 3}}) {
        for (const bool bias : {false, true}) {
            const Experiment e = network(layers, bias);
            std::size_t entries = 0;
            for (const LayerWeights& l : initialWeights(e, e.parameters))
                entries += l.up.values.size() + l.down.values.size() + l.ip.values.size()
                    + l.pi.values.size();
            QCOMPARE(synapseCount(circuitAnatomy(layers, bias).anatomy),
                static_cast<std::uint64_t>(entries));
        }
    }
}

void ExperimentCheckTest::ninetyMillionSynapsesAreAllowed()
{
    validate(network({10000, 9000, 10}));
    validate(network({10000, 9000, 10}, true));
    QCOMPARE(
        synapseCount(circuitAnatomy({10000, 9000, 10}, false).anatomy), std::uint64_t{90'360'000});
}

void ExperimentCheckTest::tooManySynapsesAreRefusedWithTheirNumber()
{
    try {
        validate(network({20000, 10000, 3}));
        QFAIL("accepted");
    } catch (const InputError& error) {
        QCOMPARE(error.fields().key, std::string("network.layers"));
        QCOMPARE(error.fields().problem,
            std::string("the network has 200.12 million synapses (200120000)"));
        QCOMPARE(error.fields().allowed, std::string("at most 200 million synapses"));
    }
    // The same words where it stands in a preset.
    try {
        loadPreset("self-predicting", {"network.layers=[100000, 100000, 3]"});
        QFAIL("accepted");
    } catch (const InputError& error) {
        QVERIFY2(std::string(error.what()).find("synapses (10001200000)") != std::string::npos,
            error.what());
    }
}

QTEST_APPLESS_MAIN(ExperimentCheckTest)
#include "tst_experiment_check.moc"
