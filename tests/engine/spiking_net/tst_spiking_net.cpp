// The converted net: its golden file, its shadow, its presentations, what it says of a test.
#include "sim/base/error.h"
#include "sim/files/preset.h"
#include "sim/spiking_net/spiking_net.h"
#include "sim/watch/evaluation.h"
#include "tests/engine/lif/lif_run.h"
#include "tests/engine/spiking_net/bars_net.h"
#include "tests/network_golden.h"

#include <QTest>

#include <map>
#include <memory>

using namespace apical;
using test::readProbe;
using List = std::vector<double>;

namespace {

constexpr double kTolerance = 1e-12;

SpikingNetParameters& own(Experiment& e)
{
    return e.parameters.family<SpikingNetParameters>();
}

/// Bars, 9-30-3, soft-LIF units.
Experiment bars(const char* model = "spiking-net")
{
    return test::barsNet({9, 30, 3}, model);
}

void make(Simulation& run, int steps)
{
    for (int k = 0; k < steps; ++k)
        QVERIFY2(run.step(), stopText(run.stop()).c_str());
}

std::map<std::string, double> further(Simulation& run, Block block = Block::Train)
{
    const Evaluation e = evaluate(run, block);
    std::map<std::string, double> all(e.further.begin(), e.further.end());
    all["answer"] = e.mean.correct;
    return all;
}

} // namespace

class SpikingNetTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// P20: spikes exactly, the rest to 1e-12.
    void itReplaysTheGoldenNet()
    {
        const auto golden = golden::read("pc_snn_small");
        const auto& steps = golden.at("steps");
        Experiment e = newExperiment("spiking-net");
        e.layers = golden.at("sizes").get<std::vector<int>>();
        e.weights.init = WeightSpec::Init::Explicit;
        e.weights.given = golden::netWeights(golden);
        e.stimulus.kind = "patterns";
        e.stimulus.inputs = std::vector<List>{golden.at("x").get<List>()};
        e.parameters.presentationTime = static_cast<double>(steps.size());
        own(e).learningOn = false;
        auto counts = std::make_shared<SpikeTable>();
        counts->neurons = e.layers.front();
        for (const auto& step : steps)
            for (const auto& n : step.at("s0"))
                counts->counts.push_back(static_cast<std::uint32_t>(n.get<double>()));
        e.replay.table = counts;
        Simulation run(e);
        std::map<std::string, List> before{
            {"layer1.spikes", List(5, 0.0)}, {"layer2.spikes", List(4, 0.0)}};
        for (const auto& step : steps) {
            make(run, 1);
            for (auto& [probe, then] : before) {
                const List now = readProbe(run, probe);
                const List expected = step.at(probe[5] == '1' ? "s1" : "s2").get<List>();
                for (std::size_t i = 0; i < now.size(); ++i)
                    QCOMPARE(now[i] - then[i], expected[i]);
                then = now;
            }
            for (const auto& [key, probe] :
                {std::pair{"j1", "layer1.current"}, {"v1", "layer1.voltage"},
                    {"y1", "layer1.trace"}, {"j2", "layer2.current"}, {"out", "layer3.current"}})
                QVERIFY2(
                    golden::worst(step.at(key).get<List>(), readProbe(run, probe)) < kTolerance,
                    probe);
        }
    }

    void itsShadowLearnsAsAFeedForwardNetDoes()
    {
        Simulation shadow(bars()), net(bars("feedforward"));
        make(shadow, 60);
        make(net, 60);
        QCOMPARE(shadow.clock().pattern, net.clock().pattern);
        for (const char* weights : {"layer1.W_up", "layer2.W_up", "layer1.G_up"})
            QVERIFY(readProbe(shadow, weights) == readProbe(net, weights));
        QVERIFY(readProbe(shadow, "layer2.z") == readProbe(net, "layer2.z"));
        const List none(readProbe(shadow, "layer1.voltage").size(), 0.0);
        QVERIFY(readProbe(shadow, "layer1.voltage") == none);
    }

    void presentationsAreBatchesOrTime()
    {
        Experiment e = bars();
        e.parameters.protocolTrain = 6;
        e.parameters.protocolValidation = 2;
        e.parameters.presentationTime = 80;
        Simulation run(e);
        make(run, 6);
        QCOMPARE(run.clock().pattern, std::uint64_t{6});
        QCOMPARE(run.stepsInPattern(), 80u);
        make(run, 80);
        QCOMPARE(run.clock().pattern, std::uint64_t{7});
        QVERIFY(readProbe(run, "readout.running") != List(12, 0.0));
        QCOMPARE(readProbe(run, "layer1.z"), List(120, 0.0)); // of the other phase
        make(run, 81);
        QCOMPARE(readProbe(run, "readout.running"), List(12, 0.0));
    }

    /// The spiking net answers as its shadow does, and the answer comes with time.
    void itAnswersAsItsShadow()
    {
        Experiment e = bars();
        Simulation run(e);
        make(run, 400);
        auto test = further(run);
        QCOMPARE(test["test_accuracy_ann"], 1.0);
        QCOMPARE(test["test_accuracy_hard_rate"], 1.0);
        QCOMPARE(test["answer"], 1.0);
        QCOMPARE(test["test_accuracy_at_200ms"], 1.0);
        QVERIFY(test["test_accuracy_at_10ms"] < 1);
        QVERIFY(test["test_spikes_per_sample"] > 10);
        // spikes / (30 units x 0.2 s) is the rate
        QVERIFY(std::abs(test["layer1.rate_hz"] - test["test_spikes_per_sample"] / 6) < 1e-9);
        // The run stands where it stood.
        const std::vector<std::byte> before = run.model().save();
        further(run);
        QVERIFY(run.model().save() == before);
        for (const int kind : {encoder_kind::poisson, encoder_kind::bernoulli}) {
            own(e).encoder = kind;
            Simulation noisy(e);
            noisy.model().restore(before);
            QVERIFY(further(noisy)["test_accuracy_at_200ms"] >= 0.6);
        }
    }

    /// P21: on 1000 digits that it was never shown.
    void itAnswersDigitsAsHardRatesDo()
    {
        Experiment e = loadPreset("conversion");
        e.layers = {784, 60, 40, 10};
        e.stimulus.samples = 2000;
        e.stimulus.testSamples = 1000;
        own(e).rate = 0.005;
        own(e).imagesTogether = 50;
        Simulation run(e);
        make(run, 90);
        auto test = further(run, Block::Test);
        const double rates = test["test_accuracy_hard_rate"];
        QVERIFY2(rates > 0.8, qPrintable(QString::number(rates)));
        QVERIFY2(test["test_accuracy_at_200ms"] >= rates - 0.02,
            qPrintable(QString::number(test["test_accuracy_at_200ms"] - rates)));
        QVERIFY(test["test_accuracy_at_10ms"] < rates - 0.3);
    }

    /// A constant current gives eq. 8: the mean of o is what hard rates make of the input.
    void theMeanOutputIsThatOfHardRates()
    {
        Experiment e = bars();
        own(e).learningOn = false;
        e.parameters.presentationTime = 4000;
        e.parameters.readoutLag = 200;
        Simulation run(e);
        make(run, 4000);
        const SoftLif lif = softLifOf(own(e));
        const List x = readProbe(run, "input.rate"), w1 = readProbe(run, "layer1.W_up"),
                   w2 = readProbe(run, "layer2.W_up");
        // The pattern of the presentation that ended is still shown to the model.
        const List mean = readProbe(run, "readout.mean");
        for (std::size_t o = 0; o < 3; ++o) {
            double sum = w2[o * 31 + 30];
            for (std::size_t h = 0; h < 30; ++h) {
                double j = w1[h * 10 + 9];
                for (std::size_t i = 0; i < 9; ++i)
                    j += w1[h * 10 + i] * x[i];
                sum += w2[o * 31 + h] * lif.gain() * hardRate(lif, j);
            }
            QVERIFY2(std::abs(mean[o] - sum) < 0.05, qPrintable(QString::number(mean[o] - sum)));
        }
    }

    void batchNormalisationIsFused() // P19
    {
        Experiment e = bars();
        own(e).norm = 1;
        Simulation run(e);
        make(run, 400);
        auto test = further(run);
        QVERIFY(test["test_accuracy_ann"] > 0.9);
        QVERIFY(test["test_accuracy_at_200ms"] > 0.9);
    }

    void imagesSideBySideAreThoseByThemselves()
    {
        Experiment one = bars();
        own(one).learningOn = false;
        one.parameters.presentationTime = 60;
        Experiment three = one;
        own(three).imagesTogether = 3;
        Simulation alone(one), together(three);
        make(together, 60);
        const List all = readProbe(together, "readout.running");
        for (std::size_t k = 0; k < 3; ++k) {
            make(alone, 60);
            const List single = readProbe(alone, "readout.running");
            for (std::size_t o = 0; o < 3; ++o)
                QVERIFY(std::abs(single[o] - all[o * 3 + k]) < 1e-12);
        }
    }

    void learningCanBeSwitchedOffAndOn()
    {
        Simulation run(bars());
        make(run, 5);
        run.apply({.key = "learning.on", .value = false});
        const std::uint64_t pattern = run.clock().pattern;
        make(run, 200);
        QCOMPARE(run.clock().pattern, pattern + 1);
        const List weights = readProbe(run, "layer1.W_up");
        run.apply({.key = "learning.on", .value = true});
        make(run, 3);
        QVERIFY(readProbe(run, "layer1.W_up") != weights);
    }

    void stateOfBothPhasesComesBack()
    {
        for (const bool learns : {true, false}) {
            Experiment e = bars();
            own(e).learningOn = learns;
            own(e).encoder = encoder_kind::poisson;
            Simulation run(e);
            make(run, 37);
            const State state = run.state();
            make(run, 50);
            const State end = run.state();
            Simulation again(e);
            again.restore(state);
            make(again, 50);
            QVERIFY(again.state() == end);
        }
    }

    void outputsMustBeCurrents()
    {
        Experiment e = bars();
        own(e).loss = 0;
        own(e).output = 1;
        try {
            Simulation run(e);
            QFAIL("it ran");
        } catch (const InputError& error) {
            QVERIFY(QString::fromStdString(error.fields().key)
                        .endsWith(QStringLiteral("activation.output")));
        }
    }
};

QTEST_GUILESS_MAIN(SpikingNetTest)
#include "tst_spiking_net.moc"
