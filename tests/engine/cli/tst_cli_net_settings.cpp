// What presets of nets and neurons may say: words, settings that would be passed over, weights of
// one model for another, biases that are held from some step on.
#include "tests/golden_nets.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace apical;
using namespace apical::golden;

namespace {

json patterns(const std::string& model, json parameters)
{
    return {{"apical", 1}, {"title", "T"}, {"summary", "S"}, {"model", model},
        {"network", {{"layers", {2, 3, 2}}}}, {"parameters", std::move(parameters)},
        {"stimulus",
            {{"kind", "patterns"}, {"order", "sequential"},
                {"inputs", {{0, 1}, {1, 0}, {1, 1}, {0.5, 0}}},
                {"targets", {{1, 0}, {0, 1}, {1, 0}, {0, 1}}}}}};
}

json neurons(json parameters)
{
    json preset = patterns("lif", std::move(parameters));
    preset["network"]["layers"] = {2};
    preset["stimulus"].erase("targets");
    preset["stimulus"]["presentation_time"] = 10;
    return preset;
}

struct Folder {
    QString write(const QString& name, const QByteArray& text) const
    {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() ? file.fileName()
                                                                                  : QString();
    }
    QString write(const json& preset) const
    {
        return write(u"preset.json"_s, QByteArray::fromStdString(preset.dump(1)));
    }
    QString path(const QString& name) const { return m_folder.filePath(name); }

private:
    QTemporaryDir m_folder;
};

json readJson(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        throw std::runtime_error(path.toStdString());
    return json::parse(file.readAll().toStdString());
}

} // namespace

class CliNetSettingsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anAmplitudeThatIsWorkedOutIsAuto()
    {
        const CliResult listed = runCli({u"params"_s, u"lif"_s, u"--json"_s});
        for (const json& row : json::parse(listed.out.toStdString()))
            if (row.at("key") == "lif.amplitude")
                QCOMPARE(row.at("default").get<std::string>(), std::string("auto"));
        QVERIFY(runCli({u"params"_s, u"lif"_s}).out.contains("or \"auto\""));
        QVERIFY(runCli({u"params"_s, u"microcircuit"_s}).out.contains("or \"none\""));
        for (const char* word : {"auto", "none"}) { // "none": files of old
            json preset = neurons({{"lif.amplitude", word}});
            preset["lanes"] = {{{"name", "A"}, {"parameters", {{"lif.amplitude", word}}}}};
            preset["edits"] = {{{"step", 3}, {"key", "lif.amplitude"}, {"value", word}}};
            const Run run(preset);
            QVERIFY2(run.result.exitCode == 0, run.result.err.constData());
            const json written = readJson(run.path(u"out/experiment.json"_s));
            const std::string automatic = "auto";
            QCOMPARE(written["parameters"]["lif.amplitude"].get<std::string>(), automatic);
            QCOMPARE(
                written["lanes"][0]["parameters"]["lif.amplitude"].get<std::string>(), automatic);
            QCOMPARE(written["edits"][0]["value"].get<std::string>(), automatic);
        }
        const Folder folder;
        const QString preset = folder.write(neurons(json::object()));
        const auto set = [&](const QString& amplitude) {
            return runCli({u"run"_s, preset, u"--steps"_s, u"2"_s, u"--quiet"_s, u"--set"_s,
                u"lif.amplitude="_s + amplitude});
        };
        QCOMPARE(set(u"auto"_s).exitCode, 0);
        const CliResult wrong = set(u"automatic"_s);
        QCOMPARE(wrong.exitCode, 2);
        QVERIFY2(wrong.err.contains("\"auto\""), wrong.err.constData());
    }

    void biasesAreHeldFromTheEditOn_data()
    {
        QTest::addColumn<std::string>("model");
        for (const char* model :
            {"feedforward", "predictive-coding", "spiking-net", "spiking-predictive-coding"})
            QTest::newRow(model) << std::string(model);
    }
    void biasesAreHeldFromTheEditOn()
    {
        QFETCH(std::string, model);
        json parameters{{"batch.size", 2}, {"learning.rate", 0.1}};
        if (model == "predictive-coding")
            parameters["inference.steps"] = 4;
        if (model == "spiking-predictive-coding")
            parameters.update({{"spc.t_a", 10}, {"spc.t_b", 20}, {"spc.t_w", 5}});
        const int steps = model == "predictive-coding" ? 5
            : model == "spiking-predictive-coding"     ? 30
                                                       : 1; // of a presentation
        json preset = patterns(model, parameters);
        preset["weights"] = {{"init", "he"}, {"bias", 1.5}};
        preset["edits"] = {{{"step", 2 * steps}, {"key", "bias.on"}, {"value", false}},
            {{"step", 4 * steps}, {"key", "bias.on"}, {"value", true}}};
        const Run run(preset, u"layer2.W_up"_s, 6);
        const CsvTable traces = run.traces();
        const auto after = [&](int presentations, const char* column) {
            return traces.at(static_cast<std::size_t>(presentations * steps - 1), column);
        };
        for (const char* bias : {"layer2.W_up[0][3]", "layer2.W_up[1][3]"}) {
            QVERIFY(after(1, bias) != after(2, bias));
            QCOMPARE(after(3, bias), after(2, bias));
            QCOMPARE(after(4, bias), after(2, bias));
            QVERIFY(after(6, bias) != after(4, bias));
        }
        bool learns = false;
        for (const char* weight : {"layer2.W_up[0][0]", "layer2.W_up[0][1]", "layer2.W_up[0][2]"})
            learns = learns || after(4, weight) != after(2, weight);
        QVERIFY(learns);
    }

    void lanesWithGivenWeightsMayHoldTheirBiases()
    {
        json preset = patterns("feedforward", {{"batch.size", 2}});
        preset["weights"] = {
            {"up", {{{1, 0, 0}, {0, 1, 0}, {1, 1, 0}}, {{1, 0, 1, 0}, {0, 1, 1, 0}}}}};
        preset["lanes"] = {{{"name", "A"}}, {{"name", "B"}, {"parameters", {{"bias.on", false}}}}};
        const Run run(preset, u"layer1.W_up"_s, 2);
        QVERIFY2(run.result.exitCode == 0, run.result.err.constData());
    }

    void weightsOfAModelWithoutAnyAreTakenAgain()
    {
        const Run lif(neurons(json::object()), u"layer1.count"_s);
        QVERIFY2(lif.result.exitCode == 0, lif.result.err.constData());
        const QString none = lif.path(u"out/weights.json"_s);
        QVERIFY(readJson(none) == json::object());
        const Run net(patterns("feedforward", {{"batch.size", 2}}));
        QVERIFY2(net.result.exitCode == 0, net.result.err.constData());
        for (const QString& weights : {none, net.path(u"out/weights.json"_s)}) {
            const CliResult again =
                runCli({u"run"_s, lif.path(u"preset.json"_s), u"--steps"_s, u"2"_s, u"--quiet"_s,
                    u"--set"_s, u"weights.file="_s + weights, u"--out"_s, lif.path(u"again"_s)});
            QVERIFY2(again.exitCode == 0, again.err.constData());
            const CliResult rerun = runCli({u"run"_s, lif.path(u"again/experiment.json"_s),
                u"--steps"_s, u"2"_s, u"--quiet"_s});
            QVERIFY2(rerun.exitCode == 0, rerun.err.constData());
        }
        const CliResult lacking = runCli({u"run"_s, net.path(u"preset.json"_s), u"--steps"_s,
            u"2"_s, u"--quiet"_s, u"--set"_s, u"weights.file="_s + none});
        QCOMPARE(lacking.exitCode, 2);
        QVERIFY2(lacking.err.contains("\"up\" is missing"), lacking.err.constData());
    }

    void whatWouldBePassedOverIsSaid_data()
    {
        QTest::addColumn<std::string>("model");
        QTest::addColumn<std::string>("patch"); // of the preset
        QTest::addColumn<QStringList>("said");
        const auto row = [](const char* name, const char* model, const char* patch,
                             const QStringList& said) {
            QTest::newRow(name) << std::string(model) << std::string(patch) << said;
        };
        row("watched", "feedforward", R"({"parameters": {"batch.watch": 2}})",
            {u"batch.watch = 2"_s, u"batch.size = 2"_s, u"0 to 1, or a larger batch.size"_s});
        row("watched side by side", "spiking-net",
            R"({"parameters": {"learning.on": false, "batch.watch": 1}})",
            {u"batch.watch = 1"_s, u"spiking.batch = 1"_s});
        row("watched later", "feedforward",
            R"({"edits": [{"step": 1, "key": "batch.watch", "value": 7}]})",
            {u"batch.watch = 7"_s, u"or a larger batch.size"_s});
        row("watched by a lane", "feedforward",
            R"({"lanes": [{"name": "A", "parameters": {"batch.watch": 7}}]})",
            {u"batch.watch = 7"_s});
        row("lazy and late", "predictive-coding",
            R"({"parameters": {"inference.schedule": "zil", "zil.updates": "lazy", "zil.late": 1}})",
            {u"zil.late = 1"_s, u"zil.updates = lazy"_s, u"zil.updates = all"_s});
        row("late later", "predictive-coding",
            R"({"parameters": {"inference.schedule": "zil", "zil.updates": "lazy"},
                "edits": [{"step": 3, "key": "zil.late", "value": 2}]})",
            {u"zil.late = 2"_s, u"zil.updates = all"_s});
        row("time", "feedforward", R"({"stimulus": {"presentation_time": 5}})",
            {u"stimulus.presentation_time = 5"_s, u"model feedforward"_s, u"lif, spiking-net"_s});
        row("ce", "feedforward",
            R"({"parameters": {"loss.kind": "ce", "activation.output": "sigmoid"}})",
            {u"loss.kind = ce"_s, u"activation.output = sigmoid"_s,
                u"activation.output = linear"_s});
        row("outputs that spike", "spiking-net", R"({"parameters": {"activation.output": "tanh"}})",
            {u"activation.output = tanh"_s, u"allowed: linear"_s});
        row("values that do not", "spiking-predictive-coding",
            R"({"parameters": {"activation.hidden": "relu"}})",
            {u"activation.hidden = relu"_s, u"allowed: softlif"_s});
        row("pre", "predictive-coding", R"({"parameters": {"activation.output": "sigmoid"}})",
            {u"activation.output = sigmoid"_s, u"inference.mode = post"_s});
        row("another model's", "feedforward", R"({"parameters": {"inference.rate": 0.2}})",
            {u"inference.rate = 0.2 belongs to model predictive-coding"_s,
                u"a preset without it, or one of model predictive-coding"_s});
        row("normalised in part", "feedforward",
            R"({"network": {"layers": [2, 2, 2, 2]}, "parameters": {"norm.kind": "batch"},
                "weights": {"up": [[[1, 0, 0], [0, 1, 0]], [[1, 0, 0], [0, 1, 0]],
                                   [[1, 0, 0], [0, 1, 0]]],
                    "norm": [{"gain": [1, 1], "shift": [0, 0], "mean": [0, 0], "var": [1, 1]}]}})",
            {u"weights.norm has 1 entry"_s, u"2 hidden layers"_s, u"no \"norm\" at all"_s});
        row("a phase cut later", "spiking-predictive-coding",
            R"({"edits": [{"step": 150, "key": "spc.t_b", "value": 20}]})",
            {u"edits"_s, u"spc.t_b = 20 ms"_s, u"or a longer spc.t_b"_s});
        row("a key of no lane", "spiking-predictive-coding",
            R"({"parameters": {"spc.t_a": 20}, "lanes": [{"name": "A", "model": "feedforward"},
                {"name": "B", "model": "predictive-coding"}]})",
            {u"spc.t_a = 20"_s, u"no lane has"_s, u"a lane without \"model\""_s});
        row("feedback alone", "predictive-coding", R"({"weights": {"down": [[[1, 0], [0, 1]]]}})",
            {u"\"up\" is missing"_s});
        row("nothing to replay", "feedforward", R"({"replay": {"spikes": "short.csv"}})",
            {u"could be replayed"_s, u"no \"replay\""_s, u"lif, spiking-net"_s});
        row("short", "spiking-net",
            R"({"parameters": {"encoder.kind": "poisson"}, "replay": {"spikes": "short.csv"}})",
            {u"replay.spikes"_s, u"short.csv ends after 1 steps"_s, u"or --steps 1"_s});
    }
    void whatWouldBePassedOverIsSaid()
    {
        QFETCH(std::string, model);
        QFETCH(std::string, patch);
        QFETCH(QStringList, said);
        const Folder folder;
        folder.write(u"short.csv"_s, "step,inp0,inp1,inp2,inp3\n0,1,0,0,1\n");
        json preset = patterns(model, {{"batch.size", 2}});
        preset.merge_patch(json::parse(patch));
        const CliResult run =
            runCli({u"run"_s, folder.write(preset), u"--samples"_s, u"3"_s, u"--quiet"_s});
        QCOMPARE(run.exitCode, 2);
        QVERIFY2(run.err.contains("preset.json"), run.err.constData());
        for (const QString& part : said)
            QVERIFY2(run.err.contains(part.toUtf8()), run.err.constData());
    }

    void tablesToReplayCanBeSet()
    {
        const Folder folder;
        const QString preset =
            folder.write(patterns("spiking-net", {{"batch.size", 2}, {"learning.on", false}}));
        const QString table = folder.write(u"in.csv"_s, "step,inp0,inp1\n0,1,0\n1,0,1\n");
        const CliResult run = runCli({u"run"_s, preset, u"--steps"_s, u"2"_s, u"--quiet"_s,
            u"--set"_s, u"replay.spikes="_s + table});
        QVERIFY2(run.exitCode == 0, run.err.constData());
    }

    void wholeNumbersMayHaveExponents()
    {
        const Folder folder;
        json preset = patterns("feedforward", {{"batch.size", 2}});
        preset["edits"] = json::parse(R"([{"step": 1e1, "key": "learning.rate", "value": 0.5}])");
        CliResult checked = runCli({u"check"_s, folder.write(preset)});
        QVERIFY2(checked.exitCode == 0, checked.err.constData());
        preset["edits"][0]["step"] = 1.5;
        checked = runCli({u"check"_s, folder.write(preset)});
        QCOMPARE(checked.exitCode, 2);
        QVERIFY2(checked.err.contains("1.5 is not a whole number"), checked.err.constData());
    }

    /// A pattern without a target is not one that was answered.
    void samplesWithoutATargetAreNotScored()
    {
        for (const char* model : {"feedforward", "spiking-predictive-coding", "spiking-net"}) {
            json preset = patterns(model, {{"batch.size", 2}, {"learning.on", false}});
            preset["stimulus"]["targets"][1] = nullptr;
            const Folder folder;
            const CliResult run = runCli({u"run"_s, folder.write(preset), u"--samples"_s, u"1"_s,
                u"--quiet"_s, u"--json"_s});
            QVERIFY2(run.exitCode == 0, run.err.constData());
            const json metrics = json::parse(run.out.toStdString()).at("metrics");
            for (const auto& [key, value] : metrics.items()) {
                if (!key.starts_with("test_accuracy"))
                    continue;
                const double thirds = 3 * value.get<double>();
                QVERIFY2(std::abs(thirds - std::round(thirds)) < 1e-9, key.c_str());
            }
        }
    }

    void aTableThatIsMissingIsOneFault()
    {
        const Folder folder;
        json preset = patterns("spiking-net", {{"batch.size", 2}, {"encoder.kind", "poisson"}});
        preset["replay"] = {{"uniforms", "nowhere.csv"}};
        const CliResult checked = runCli({u"check"_s, folder.write(preset)});
        QCOMPARE(checked.exitCode, 2);
        QCOMPARE(checked.err.count('\n'), qsizetype(1));
        QVERIFY2(checked.err.contains("nowhere.csv"), checked.err.constData());
    }

    /// What spikes learned with normalisation is a net's: all columns of it come along.
    void aNormalisedNetGoesFromModelToModel()
    {
        const Folder folder;
        const json normal{{"batch.size", 2}, {"norm.kind", "batch"}};
        json preset = patterns("spiking-predictive-coding", normal);
        const QString learned = folder.path(u"learned"_s);
        CliResult run = runCli({u"run"_s, folder.write(preset), u"--samples"_s, u"4"_s,
            u"--quiet"_s, u"--out"_s, learned});
        QVERIFY2(run.exitCode == 0, run.err.constData());
        const json weights = readJson(learned + u"/weights.json"_s);
        QCOMPARE(weights.at("norm").size(), std::size_t{1});
        const json& norm = weights.at("norm")[0];
        QVERIFY(
            norm.at("mean") != json({0.0, 0.0, 0.0}) && norm.at("var") != json({1.0, 1.0, 1.0}));
        QVERIFY(norm.at("gain") != json({1.0, 1.0, 1.0}));
        for (const char* model : {"feedforward", "spiking-predictive-coding", "spiking-net"}) {
            json next = patterns(model, normal);
            next["parameters"]["learning.on"] = false;
            next["weights"] = {{"file", (learned + u"/weights.json"_s).toStdString()}};
            const QString out = folder.path(QString::fromLatin1(model));
            run = runCli({u"run"_s, folder.write(next), u"--samples"_s, u"2"_s, u"--quiet"_s,
                u"--out"_s, out});
            QVERIFY2(run.exitCode == 0, run.err.constData());
            const json kept = readJson(out + u"/weights.json"_s);
            QVERIFY2(kept.at("norm") == weights.at("norm"), model);
            QVERIFY2(kept.at("up") == weights.at("up"), model);
        }
    }

    /// Three samples fill a batch of four with one that was shown before.
    void whatFillsABatchUpIsNotScored()
    {
        const auto validation = [](int batch, int presentations) {
            json preset = patterns("feedforward",
                {{"batch.size", batch}, {"learning.on", false},
                    {"protocol.validation", presentations}});
            json& stimulus = preset["stimulus"];
            stimulus["validation_inputs"] = {{0, 1}, {3, 1}, {1, 2}};
            stimulus["validation_targets"] = {{1, 0}, {0, 1}, {0, 1}};
            const Run run(preset, u"target"_s, 4 / batch + presentations);
            if (run.result.exitCode != 0)
                throw std::runtime_error(run.result.err.toStdString());
            return readJson(run.path(u"out/summary.json"_s)).at("metrics");
        };
        const json one = validation(1, 3), filled = validation(4, 1);
        const double loss = one.at("validation_loss").get<double>();
        QVERIFY(std::abs(filled.at("validation_loss").get<double>() - loss) < 1e-12 * loss);
    }
};

QTEST_APPLESS_MAIN(CliNetSettingsTest)
#include "tst_cli_net_settings.moc"
