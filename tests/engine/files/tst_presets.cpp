// Presets read, written, overridden: what is written reads back as the same experiment.
#include "sim/base/error.h"
#include "sim/circuit/circuit_parameters.h"
#include "sim/files/embedded_presets.h"
#include "sim/files/preset.h"
#include "sim/run/experiment_check.h"
#include "sim/run/model_table.h"
#include "tests/golden_preset.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <limits>

using namespace apical;

namespace {

/// Every field that a preset can hold, at values whose text is not short.
Experiment everything()
{
    Experiment e = newExperiment();
    e.title = "Title \"quoted\"";
    e.summary = "Gr\xC3\xBC\xC3\x9F\x65\n\tand more";
    e.lesson = "lessons/none.md";
    e.family = "family";
    e.precision = "float";
    e.layers = {3, 4, 2};
    e.parameters.dt = 0.1 + 0.2 - 0.2;
    circuit(e.parameters).etaPi = {1.0 / 3, 5e-324};
    circuit(e.parameters).etaUp = {0.1};
    circuit(e.parameters).clipPi = 3;
    circuit(e.parameters).clipUpHidden = kNone;
    circuit(e.parameters).phiTheta = -0.0;
    circuit(e.parameters).phi = phi_kind::logistic;
    e.weights.rangeDown = 0.7;
    e.stimulus.kind = "patterns";
    e.stimulus.inputs = {{1, 0.1, -0.0}, {1e-300, 2, 3}};
    e.stimulus.targets = {std::nullopt, std::vector{0.1, 1.0}};
    e.stimulus.shuffled = true;
    e.seed = std::numeric_limits<std::uint64_t>::max();
    e.lanes = {{"one", {}},
        {"two", {{"circuit.latent_equilibrium", false}, {"eta.pi", 0.3}, {"clip.ip", kNone}}}};
    e.edits = {{3, "eta.pi", std::vector{0.1, 0.2}, -1}, {3, "clip.ip", 2.0, 1},
        {9, "clip.ip", kNone, -1}, {12, "target.on", false, 0},
        {12, "state.reset", std::string("none"), -1}, {20, "action.self_predicting", true, -1}};
    e.record = {"layer1.pyr.apical", "target"};
    e.layout = "self-predicting";
    e.pace = std::numeric_limits<double>::infinity();
    e.hint = "hint";
    return e;
}

std::string path(const QTemporaryDir& folder, const char* name)
{
    return folder.filePath(QString::fromLatin1(name)).toStdString();
}

void write(const std::string& file, const std::string& text)
{
    std::ofstream(file, std::ios::binary) << text;
}

/// Reads what was written, under the name the experiment had.
Experiment again(const Experiment& e)
{
    return readPreset(writePreset(e), e.name);
}

} // namespace

class Presets : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyEmbeddedPresetReadsAndWritesBackEqual()
    {
        const auto presets = embeddedPresets();
        QVERIFY(presets.size() >= 5);
        for (const PresetInfo& preset : presets) {
            const Experiment e = loadPreset(preset.name);
            QCOMPARE(e.name, preset.name);
            QVERIFY(again(e) == e);
            QVERIFY2(!preset.title.empty() && !preset.summary.empty() && !preset.family.empty()
                    && !e.hint.empty(),
                preset.name.c_str());
        }
        QCOMPARE(presets.front().name, std::string("self-predicting"));
    }

    void everyFieldReadsBackEqualToTheLastBit()
    {
        const Experiment e = everything();
        const Experiment read = again(e);
        QVERIFY(read == e);
        QVERIFY(std::signbit(circuit(read.parameters).phiTheta));
        QVERIFY(std::signbit(read.stimulus.inputs[0][2]));
        QCOMPARE(writePreset(read), writePreset(e));
    }

    void everyStimulusKindReadsBackEqual()
    {
        Experiment e = newExperiment();
        e.layers = {9, 4, 3};
        for (const char* kind : {"uniform", "bars", "mimic", "steps"}) {
            e.stimulus = {};
            e.stimulus.kind = kind;
            e.parameters = newExperiment().parameters;
            if (e.stimulus.kind == "steps") {
                e.stimulus.inputs = {{1, 2, 3, 4, 5, 6, 7, 8, 9}};
                e.stimulus.times = {12.5};
            } else {
                e.parameters.presentationTime = 3.3;
            }
            e.stimulus.variant = e.stimulus.kind == "bars" ? "gille" : "haider";
            e.stimulus.samples = e.stimulus.kind == "mimic" ? 7 : 6;
            QVERIFY2(again(e) == e, kind);
        }
    }

    void explicitAndSelfPredictingWeightsReadBackEqual()
    {
        for (const char* name : {"G1e_le_2-3-2_target_bias", "G5d_gille_le_as_G1c_target_reset"}) {
            const Experiment e = golden::experiment(name);
            QVERIFY2(again(e) == e, name);
        }
        Experiment e = newExperiment();
        e.weights.init = WeightSpec::Init::SelfPredicting;
        QVERIFY(again(e) == e);
    }

    void weightsFileIsFoundBesideThePresetAndKeptInWhatIsWritten()
    {
        const QTemporaryDir folder;
        const Experiment given = golden::experiment("G1_le_2-3-2_selfpred");
        write(path(folder, "weights.json"), writeWeights(given.weights.given));
        const std::string preset =
            R"({"apical": 1, "model": "microcircuit", "network": {"layers": [2, 3, 2]},
            "weights": {"file": "weights.json"}, "stimulus": {"kind": "uniform"}})";
        write(path(folder, "preset.json"), preset);
        const Experiment e = loadPreset(path(folder, "preset.json"));
        QVERIFY(e.weights.init == WeightSpec::Init::File);
        QVERIFY(e.weights.given == given.weights.given);
        // What is written needs the file no more.
        const Experiment moved = readPreset(writePreset(e), "elsewhere.json");
        QVERIFY(moved.weights == e.weights);
    }

    void weightsReadBackEqualAndKnowTheirShapes()
    {
        Experiment e = golden::experiment("G1e_le_2-3-2_target_bias");
        const auto weights = e.weights.given;
        QVERIFY(readWeights(writeWeights(weights), "w.json", e) == weights);
        e.parameters.biasOn = false;
        try {
            readWeights(writeWeights(weights), "w.json", e);
            QFAIL("accepted weights with a bias column");
        } catch (const InputError& error) {
            QCOMPARE(error.fields().key, std::string("up[0]"));
            QCOMPARE(error.fields().problem, std::string("up[0] is 3 x 3; layer 1 needs 3 x 2"));
        }
    }

    void ratesPerHiddenLayerAreWrittenAsTheyCame()
    {
        const Experiment e = loadPreset("self-predicting",
            {"network.layers=[8,6,5,3]", "eta.ip=[0.1, 0.2]", "eta.pi=[0.1, 0.2, 0]"});
        const Experiment back = readPreset(writePreset(e), "preset.json");
        QCOMPARE(circuit(back.parameters).etaIp, (std::vector<double>{0.1, 0.2}));
        QCOMPARE(circuit(back.parameters).etaPi, (std::vector<double>{0.1, 0.2, 0}));
    }

    void overridesReachEveryPartOfThePreset()
    {
        const auto with = [](const std::vector<std::string>& set) {
            return loadPreset("self-predicting", set);
        };
        QCOMPARE(with({"seed=7"}).seed, std::uint64_t{7});
        QCOMPARE(with({"seed=18446744073709551615"}).seed, ~std::uint64_t{0});
        QCOMPARE(circuit(with({"eta.pi=0.7"}).parameters).etaPi, std::vector<double>{0.7});
        QCOMPARE(circuit(with({"parameters.eta.pi=[0.7, 0.1]"}).parameters).etaPi,
            (std::vector<double>{0.7, 0.1}));
        QCOMPARE(with({"stimulus.presentation_time=5"}).parameters.presentationTime, 5.0);
        QCOMPARE(with({"network.layers=[9,30,10,3]"}).layers, (std::vector<int>{9, 30, 10, 3}));
        QCOMPARE(
            circuit(with({"circuit.latent_equilibrium=off"}).parameters).latentEquilibrium, false);
        QCOMPARE(circuit(with({"clip.up_hidden=none"}).parameters).clipUpHidden, kNone);
        QCOMPARE(circuit(with({"phi.kind=logistic"}).parameters).phi, int(phi_kind::logistic));
        QCOMPARE(
            circuit(with({"phi.kind=hard-sigmoid"}).parameters).phi, int(phi_kind::hard_sigmoid));
        const Parameters filtered =
            with({"plasticity.tau_w=5", "plasticity.tau_w.up=0"}).parameters;
        QCOMPARE(circuit(filtered).plasticityTau, 5.0);
        QCOMPARE(circuit(filtered).plasticityTauUp, 0.0);
        QCOMPARE(circuit(filtered).plasticityTauPi, kNone);
        QVERIFY(with({"weights.init=self-predicting"}).weights.init
            == WeightSpec::Init::SelfPredicting);
        QCOMPARE(with({"weights.range={\"up\": 2}"}).weights.rangeUp, DrawRange(2.0));
        QCOMPARE(with({"title=A new title"}).title, std::string("A new title"));
        QCOMPARE(with({"view.pace=max"}).pace, std::numeric_limits<double>::infinity());
        QCOMPARE(with({"precision=float"}).precision, std::string("float"));
        QCOMPARE(with({"record=[\"layer1.pyr.apical\"]"}).record.size(), std::size_t{1});
        const auto lanes =
            with({"lanes=[{\"name\": \"a\"}, {\"name\": \"b\"}]", "lanes[1].parameters.eta.pi=2"})
                .lanes;
        QCOMPARE(lanes.size(), std::size_t{2});
        QVERIFY(lanes[1].parameters.front().second == ParameterValue(std::vector<double>{2.0})
            || lanes[1].parameters.front().second == ParameterValue(2.0));
    }

    void anObjectSetsWhatParametersNamesBeginWith()
    {
        const auto values = [](const std::vector<std::string>& set,
                                const std::vector<std::string_view>& keys) {
            const Parameters p = loadPreset("bars-spiking", set).parameters;
            std::vector<ParameterValue> all;
            for (const auto key : keys)
                all.push_back(parameterValue(p, p.table().at(std::string(key))));
            return all;
        };
        const std::vector<std::string_view> delays{
            "spiking.delay", "spiking.delay.up", "spiking.delay.pi", "spiking.delay.down"};
        using Values = std::vector<ParameterValue>;
        QVERIFY(values({"spiking.delay=4", R"(spiking.delay={"up":1,"pi":2,"down":3})"}, delays)
            == (Values{4.0, 1.0, 2.0, 3.0}));
        QVERIFY(values({R"(spiking.delay={"up":1,"pi":2})", "spiking.delay.up=7",
                           R"(spiking.delay={"pi":5})"},
                    delays)
            == (Values{1.0, 7.0, 5.0, 0.0}));
        QVERIFY(values({R"(plasticity={"onset":2})", R"(lock={"up":true})"},
                    {"plasticity.onset", "lock.up"})
            == (Values{2.0, true}));
        // A file that has them as an object.
        std::string text = writePreset(loadPreset("bars-spiking"));
        const auto at = text.find("\"spiking.delay.up\": 0");
        QVERIFY(at != std::string::npos);
        text.replace(at, 21, R"("spiking.delay": {"up": 2})");
        text.erase(text.find("\"spiking.delay\": 1,"), 19);
        const Parameters p = readPreset(text, "p.json", {"spiking.delay.up=3"}).parameters;
        QVERIFY(parameterValue(p, p.table().at("spiking.delay.up")) == ParameterValue(3.0));
        for (const char* wrong : {R"(spiking.delay={"upp":1})", R"(spiking.delay={"up":"x"})",
                 R"(nothing={"up":1})", "spiking.delay={}"})
            QVERIFY_THROWS_EXCEPTION(InputError, loadPreset("bars-spiking", {wrong}));
    }

    void overriddenStimulusKindLeavesTheKeysOfTheOldOneBehind()
    {
        const Experiment e =
            loadPreset("self-predicting", {"stimulus.kind=mimic", "stimulus.samples=4"});
        QCOMPARE(e.stimulus.kind, std::string("mimic"));
        QCOMPARE(e.stimulus.samples, 4);
        QCOMPARE(e.parameters.presentationTime,
            loadPreset("self-predicting").parameters.presentationTime);
    }

    void overriddenInitLeavesGivenMatricesBehind()
    {
        const std::string text = writePreset(golden::experiment("G1_le_2-3-2_selfpred"));
        const Experiment e = readPreset(text, "x.json", {"weights.init=self-predicting"});
        QVERIFY(e.weights.init == WeightSpec::Init::SelfPredicting);
        QVERIFY(e.weights.given.empty());
    }

    void unknownNameNamesTheNearestPreset()
    {
        try {
            loadPreset("self-predictin");
            QFAIL("loaded a preset that does not exist");
        } catch (const InputError& error) {
            QCOMPARE(error.fields().nearest, std::string("self-predicting"));
            QCOMPARE(error.fields().file, std::string("self-predictin"));
        }
        QVERIFY_EXCEPTION_THROWN(loadPreset("/"), InputError);
        QVERIFY_EXCEPTION_THROWN(loadPreset("/nowhere/x.json"), InputError);
    }

    void keysOfLanesModelsAreSetWhereTheyBelong()
    {
        const auto with = [](const std::string& set) {
            return loadPreset("bars-beside-backprop", {set});
        };
        const auto rate = [](const Experiment& e) {
            return parameterValue(e.laneParameters(1), e.laneTable(1).at("learning.momentum"));
        };
        QCOMPARE(rate(with("learning.momentum=0.5")), ParameterValue(0.5));
        QCOMPARE(rate(with("lanes[1].parameters.learning.momentum=0.25")), ParameterValue(0.25));
        QCOMPARE(with("lanes[1].parameters.learning.momentum=0.25").laneParameters(0),
            loadPreset("bars-beside-backprop").laneParameters(0));
        for (const char* wrong : {"learning.momentun=1",
                 "lanes[0].parameters.learning.momentum=0.5", "lanes[1].parameters.eta.pi=1",
                 "lanes[1].model=nothing", "lanes[1].parameters.batch.size=4"})
            QVERIFY_EXCEPTION_THROWN(validate(with(wrong)), InputError);
        QVERIFY_EXCEPTION_THROWN(loadPreset("bars", {"learning.momentum=0.5"}), InputError);
    }

    /// A preset's word reaches every lane whose model has the key, also where it is what the
    /// experiment's own model has without it.
    void whatAPresetSaysReachesLanesOfOtherModels()
    {
        const auto read = [](const std::string& parameters, const std::string& ofLane = "") {
            const std::string head = R"({"apical": 1, "title": "t",
                "model": "spiking-predictive-coding", "network": {"layers": [9, 8, 3]},
                "stimulus": {"kind": "bars"}, "parameters": {"batch.size": 4)";
            const std::string lanes = R"(}, "lanes": [{"name": "own"},
                {"name": "bp", "model": "feedforward", "parameters": {"bias.on": true)";
            return readPreset(head + parameters + lanes + ofLane + "}}]}", "x.json");
        };
        const auto loss = [](const std::string& kind) {
            return ", \"loss.kind\": \"" + kind + '"';
        };
        const auto valueIn = [](const Experiment& e, int lane) {
            return std::get<std::string>(
                parameterValue(e.laneParameters(lane), e.laneTable(lane).at("loss.kind")));
        };
        const Experiment silent = read("");
        const std::string ours = valueIn(silent, 0), theirs = valueIn(silent, 1);
        QVERIFY2(ours != theirs, "the two models must have two defaults for this test");
        const Experiment said = read(loss(ours));
        QCOMPARE(valueIn(said, 0), ours);
        QCOMPARE(valueIn(said, 1), ours);
        const Experiment own = read(loss(ours), loss(theirs));
        QCOMPARE(valueIn(own, 0), ours);
        QCOMPARE(valueIn(own, 1), theirs);
        // What the program writes names every parameter, and means what it meant.
        for (const Experiment& e : {silent, said, own}) {
            const Experiment back = readPreset(writePreset(e), "x.json");
            for (int lane = 0; lane < 2; ++lane)
                QCOMPARE(back.laneParameters(lane), e.laneParameters(lane));
        }
    }

    void weightsOfANetSetWhatItHas()
    {
        const auto with = [](const std::string& set) { return loadPreset("backprop", {set}); };
        const Experiment e = with("weights.bias=0.25");
        QCOMPARE(e.weights.bias, std::optional(0.25));
        QCOMPARE(readPreset(writePreset(e), "x.json").weights, e.weights);
        const Matrix up =
            weightsOf(*modelNamed("feedforward").make(e, e.parameters)).front().matrix;
        QCOMPARE(up(7, 9), 0.25);
        const Experiment flat = with(R"(weights={"init": "uniform", "range": {"up": 0.5}})");
        QCOMPARE(flat.weights.rangeUp, DrawRange(0.5));
        QCOMPARE(readPreset(writePreset(flat), "x.json").weights, flat.weights);
        for (const char* wrong : {R"(weights={"init": "uniform", "range": {"direct": 1}})",
                 R"(weights={"init": "self-predicting"})", R"(weights={"bias": "big"})"})
            QVERIFY_EXCEPTION_THROWN(with(wrong), InputError);
        QVERIFY_EXCEPTION_THROWN(loadPreset("bars", {"weights.bias=1"}), InputError);
    }

    void writtenPresetKeepsRowsOnOneLineAndEndsWithALineBreak()
    {
        const std::string text = writePreset(loadPreset("self-predicting"));
        QVERIFY(text.find("\"network\": {\"layers\": [8, 6, 3]}") != text.npos);
        QVERIFY(text.find("\"dt\": 0.1,") != text.npos);
        QCOMPARE(text.back(), '\n');
        for (const ParameterRow& row : circuitParameterTable()) {
            if (!row.key.starts_with("stimulus."))
                QVERIFY2(
                    text.find('"' + std::string(row.key) + "\": ") != text.npos, row.key.data());
        }
    }
};

QTEST_APPLESS_MAIN(Presets)
#include "tst_presets.moc"
