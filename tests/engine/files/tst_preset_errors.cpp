// Bad presets: every error knows its place, its key, what is allowed and what was probably meant.
#include "sim/base/error.h"
#include "sim/files/preset.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace apical;

namespace {

const char* const kGood = R"({
  "apical": 1,
  "title": "t",
  "model": "microcircuit",
  "network": {"layers": [8, 6, 3]},
  "parameters": {"dt": 0.1, "eta.pi": [0.3, 0.1], "phi.kind": "softplus"},
  "weights": {"init": "uniform", "range": {"up": 1}},
  "stimulus": {"kind": "uniform", "low": -3, "high": 3},
  "seed": 1,
  "lanes": [{"name": "a"}, {"name": "b", "parameters": {"eta.ip": 0.1}}],
  "edits": [{"step": 5, "key": "eta.pi", "value": 0.2}, {"step": 9, "key": "eta.ip", "value": 1, "lane": 1}],
  "record": ["layer1.pyr.apical"],
  "view": {"layout": "x", "pace": 2}
})";

/// One change of the good preset and the error it must give. The @ in `to` is not part of the text:
/// it stands where the error must be placed.
struct Case {
    const char* name;
    const char* from;
    const char* to;
    const char* key;
    const char* nearest;
    const char* problem; ///< part of it
};

const Case kCases[] = {
    {"unknown parameter", R"("eta.pi": [)", R"(@"eta.pj": [)", "parameters.eta.pj", "eta.pi",
        "unknown parameter"},
    {"unknown key", R"("seed")", R"(@"sead")", "sead", "seed", "unknown key \"sead\""},
    {"unknown view key", R"("layout")", R"(@"layuot")", "view.layuot", "layout", ""},
    {"key of another kind", R"("low")", R"(@"times")", "stimulus.times", "",
        "unknown key of the uniform stimulus"},
    {"stimulus key among parameters", R"("dt": 0)", R"(@"stimulus.low": 0)",
        "parameters.stimulus.low", "", "\"low\""},
    {"out of range", R"("dt": 0.1)", R"("dt": @5)", "parameters.dt", "", "outside its range"},
    {"list entry out of range", "[0.3, 0.1]", "[0.3, @-0.1]", "parameters.eta.pi[1]", "",
        "outside its range"},
    {"list too long", "[0.3, 0.1]", "@[1, 2, 3]", "parameters.eta.pi", "", "3 entries"},
    {"word in a list", "[0.3, 0.1]", R"([0.3, @"x"])", "parameters.eta.pi[1]", "", "not \"x\""},
    {"not a number", R"("dt": 0.1)", R"("dt": @true)", "parameters.dt", "", "needs a number"},
    {"null parameter", R"("dt": 0.1)", R"("dt": @null)", "parameters.dt", "", "null"},
    {"unknown choice", R"("softplus")", R"(@"softplsu")", "parameters.phi.kind", "softplus",
        "softplsu"},
    {"unknown kind", R"("kind": "uniform")", R"("kind": @"unifrom")", "stimulus.kind", "uniform",
        ""},
    {"low above high", "-3", "@4", "stimulus.low", "", "above"},
    {"unknown model", R"("microcircuit")", R"(@"microcircus")", "model", "microcircuit", ""},
    {"unknown init", R"("init": "uniform")", R"("init": @"unifrm")", "weights.init", "uniform", ""},
    {"unknown pathway", R"({"up": 1})", R"({@"upp": 1})", "weights.range.upp", "up", "pathway"},
    {"one layer", "[8, 6, 3]", "@[8]", "network.layers", "", "1 layers"},
    {"empty layer", "[8, 6, 3]", "[8, @0, 3]", "network.layers[1]", "", "= 0"},
    {"fractional layer", "[8, 6, 3]", "[8, @6.5, 3]", "network.layers[1]", "", "6.5"},
    {"huge network", "[8, 6, 3]", "@[100000, 100000, 3]", "network.layers", "", "million synapses"},
    {"negative seed", R"("seed": 1)", R"("seed": @-1)", "seed", "", "-1"},
    {"fractional seed", R"("seed": 1)", R"("seed": @1.5)", "seed", "", "1.5"},
    {"seed beyond 64 bits", R"("seed": 1)", R"("seed": @18446744073709551616)", "seed", "", ""},
    {"other version", R"("apical": 1)", R"("apical": @2)", "apical", "", "reads version 1"},
    {"no version", "{\n  \"apical\": 1,", "@{\n", "apical", "", "missing"},
    {"twice the same key", R"("seed": 1)", R"("seed": 1, @"seed": 2)", "seed", "", "twice"},
    {"twice the same parameter", R"("dt": 0.1)", R"("dt": 0.1, @"dt": 0.2)", "parameters.dt", "",
        "twice"},
    {"unknown probe", R"("layer1.pyr.apical")", R"(@"layer1.pyr.apicl")", "record[0]",
        "layer1.pyr.apical", "probe"},
    {"lane that is not there", R"("lane": 1)", R"("lane": @2)", "edits[1].lane", "", "2"},
    {"edits out of order", R"("step": 9)", R"("step": @4)", "edits[1].step", "", "follows step 5"},
    {"unknown edit", R"("key": "eta.pi")", R"("key": @"eta.pe")", "edits[0].key", "eta.pi", ""},
    {"edit out of range", R"("value": 0.2)", R"("value": @-1)", "edits[0].value", "", "outside"},
    {"lane parameter", R"({"eta.ip")", R"({@"eta.iq")", "lanes[1].parameters.eta.iq", "eta.ip", ""},
    {"nameless lane", R"({"name": "a"})", "@{}", "lanes[0].name", "", "missing"},
    {"no speed", R"("pace": 2)", R"("pace": @"fast")", "view.pace", "max", ""},
    {"NaN", R"("low": -3)", R"("low": @NaN)", "", "", "finite"},
    {"minus infinity", R"("low": -3)", R"("low": @-Infinity)", "", "", "finite"},
    {"overflow", R"("low": -3)", R"("low": @1e999)", "", "", "1e999"},
    {"missing comma", "1,\n  \"lanes\"", "1\n  @\"lanes\"", "", "", "syntax error"},
    {"missing value", R"("dt": 0.1,)", R"("dt": @,)", "", "", "syntax error"},
    {"missing colon", R"("dt": 0.1,)", R"("dt" @true,)", "", "", "syntax error"},
    {"comment", R"("dt": 0.1,)", "\"dt\": 0.1, @// slow\n", "", "", "no comments"},
    {"comment of a script", R"("dt": 0.1,)", "\"dt\": 0.1, @# slow\n", "", "", "no comments"},
    {"comma behind the last entry", "[8, 6, 3]", "[8, 6, 3, @]", "", "", "comma stands before"},
    {"comma behind the last key", R"({"up": 1})", R"({"up": 1,@})", "", "", "comma stands before"},
    {"decimal comma", R"("dt": 0.1,)", R"("dt": 0,@1,)", "", "", "inside of a number"},
    {"closed too early", R"("range": {"up": 1}})", R"("range": {"up": 1}}@])", "", "",
        "syntax error"},
    {"bytes that are no text", R"("t")", "\"@\xFF\"", "", "", "UTF-8"},
    {"list instead of object", R"({"layers": [8, 6, 3]})", "@[8, 6, 3]", "network", "",
        "needs an object"},
};

/// The good preset with the change of a case. @param line, column where the error must be
std::string changed(const Case& test, int& line, int& column)
{
    std::string text = kGood;
    const auto at = text.find(test.from);
    if (at == text.npos)
        return {};
    text.replace(at, std::string_view(test.from).size(), test.to);
    const auto marker = text.find('@');
    text.erase(marker, 1);
    line = 1;
    column = 1;
    for (const char c : text.substr(0, marker)) {
        column = c == '\n' ? 1 : column + 1;
        line += c == '\n' ? 1 : 0;
    }
    return text;
}

InputError::Fields errorOf(const std::string& text, const std::vector<std::string>& overrides = {})
{
    try {
        readPreset(text, "p.json", overrides);
    } catch (const InputError& error) {
        return error.fields();
    }
    return {.problem = "(no error)"};
}

} // namespace

class PresetErrors : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theGoodPresetIsGood()
    {
        QCOMPARE(readPreset(kGood, "p.json").lanes.size(), std::size_t{2});
    }

    void everyErrorKnowsItsPlace_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < std::size(kCases); ++i)
            QTest::newRow(kCases[i].name) << static_cast<int>(i);
    }

    void everyErrorKnowsItsPlace()
    {
        QFETCH(const int, index);
        const Case& test = kCases[index];
        int line = 0;
        int column = 0;
        const std::string text = changed(test, line, column);
        QVERIFY(!text.empty());
        const auto fields = errorOf(text);
        QCOMPARE(fields.file, std::string("p.json"));
        QVERIFY2(fields.problem.find(test.problem) != std::string::npos, fields.problem.c_str());
        QCOMPARE(std::to_string(fields.line) + ":" + std::to_string(fields.column),
            std::to_string(line) + ":" + std::to_string(column));
        QCOMPARE(fields.key, std::string(test.key));
        QCOMPARE(fields.nearest, std::string(test.nearest));
    }

    void aTextThatEndsTooEarlySaysSoAtItsEnd()
    {
        const std::string good = kGood;
        for (const std::size_t length :
            {std::size_t{0}, std::size_t{1}, std::size_t{30}, good.size() - 1}) {
            const auto fields = errorOf(good.substr(0, length));
            QVERIFY2(
                fields.problem.find("ends too early") != std::string::npos, fields.problem.c_str());
        }
        QCOMPARE(errorOf(good.substr(0, 30)).line, 3);
        QCOMPARE(errorOf(good.substr(0, 30)).column, 14);
    }

    void aTextBehindTheEndIsAnError()
    {
        const auto fields = errorOf(std::string(kGood) + " x");
        QCOMPARE(fields.line, 14);
        QCOMPARE(fields.column, 3);
    }

    void wrongMatrixSizesAreNamedWithTheRightOnes()
    {
        const std::string head =
            R"({"apical": 1, "model": "microcircuit", "network": {"layers": [2, 1, 1]},
"stimulus": {"kind": "uniform"}, "weights": {)";
        auto fields = errorOf(head
            + R"("up": [[[1, 2, 3]], [[1]]], "down": [[[1]]], "ip": [[[1]]], "pi": [[[1]]]}})");
        QCOMPARE(fields.problem, std::string("weights.up[0] is 1 x 3; layer 1 needs 1 x 2"));
        QCOMPARE(fields.key, std::string("weights.up[0]"));
        QCOMPARE(fields.line, 2);
        QCOMPARE(fields.column, 53);
        fields = errorOf(
            head + R"("up": [[[1, 2]], [[1]]], "down": [], "ip": [[[1]]], "pi": [[[1]]]}})");
        QCOMPARE(fields.key, std::string("weights.down"));
        fields = errorOf(
            head + R"("up": [[[1, 2]], [[1]]], "down": [[[1]]], "ip": [[["x"]]], "pi": [[[1]]]}})");
        QCOMPARE(fields.key, std::string("weights.ip[0][0][0]"));
        fields = errorOf(head + R"("up": [[[1, 2]], [[1]]], "down": [[[1]]], "ip": [[[1]]]}})");
        QCOMPARE(fields.key, std::string("weights.pi"));
        fields = errorOf(head + R"("init": "uniform", "up": [[[1, 2]], [[1]]]}})");
        QCOMPARE(fields.key, std::string("weights.init"));
    }

    void anErrorInTheWeightsFileIsPlacedInThatFile()
    {
        const QTemporaryDir folder;
        const std::string file = folder.filePath(QStringLiteral("w.json")).toStdString();
        std::ofstream(file)
            << "{\"up\": [[[1, 2]],\n [[1]]], \"down\": [[[1]]], \"ip\": [[[1]]], \"pj\": [[[1]]]}";
        const std::string preset =
            R"({"apical": 1, "model": "microcircuit", "network": {"layers": [2, 1, 1]},
            "stimulus": {"kind": "uniform"}, "weights": {"file": "w.json"}})";
        try {
            readPreset(preset, folder.filePath(QStringLiteral("p.json")).toStdString());
            QFAIL("accepted an unknown pathway");
        } catch (const InputError& error) {
            QCOMPARE(error.fields().file, file);
            QCOMPARE(error.fields().line, 2);
            QCOMPARE(error.fields().column, 42);
            QCOMPARE(error.fields().nearest, std::string("pi"));
        }
        const auto fields = errorOf(preset); // no such file beside "p.json"
        QCOMPARE(fields.key, std::string("weights.file"));
        QCOMPARE(fields.line, 2);
    }

    void errorsOfOverridesNameTheOverride_data()
    {
        QTest::addColumn<QByteArray>("set");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("nearest");
        const auto row = [](const char* set, const char* key, const char* nearest) {
            QTest::newRow(set) << QByteArray(set) << QByteArray(key) << QByteArray(nearest);
        };
        row("eta.pj=1", "eta.pj", "eta.pi");
        row("eta.pi=-1", "parameters.eta.pi", "");
        row("eta.pi=nan", "parameters.eta.pi", "");
        row("eta.pi=fast", "eta.pi", "");
        row("stimulus.presentation_tim=5", "stimulus.presentation_tim",
            "stimulus.presentation_time");
        row("network.layer=[1,1,1]", "network.layer", "network.layers");
        row("network.layers=[8,6", "network.layers", "");
        row("network.layers=[8,6,-3]", "network.layers[2]", "");
        row("seed=-1", "seed", "");
        row("weights.init=selfpredicting", "weights.init", "self-predicting");
        row("lanes[7].name=x", "lanes[7].name", "");
        row("phi.kind=softplsu", "parameters.phi.kind", "softplus");
        row("title=\xFF", "title", "");
        row("seed", "", "");
        row("=1", "", "");
    }

    void errorsOfOverridesNameTheOverride()
    {
        QFETCH(const QByteArray, set);
        QFETCH(const QByteArray, key);
        QFETCH(const QByteArray, nearest);
        const auto fields = errorOf(kGood, {set.toStdString()});
        QCOMPARE(fields.file, "--set " + set.toStdString());
        QCOMPARE(fields.line, 0);
        QCOMPARE(fields.key, key.toStdString());
        QCOMPARE(fields.nearest, nearest.toStdString());
    }

    void hugeInputIsRefusedQuickly()
    {
        const std::string deep = std::string(100000, '[');
        QVERIFY(errorOf("{\"apical\": " + deep).problem.find("deeper") != std::string::npos);
        const std::string large(std::size_t{65} << 20, ' ');
        QVERIFY(errorOf(large).problem.find("larger than 64 MB") != std::string::npos);
        std::string many = "{\"apical\": 1";
        for (int i = 0; i < 100000; ++i)
            many += ", \"k" + std::to_string(i) + "\": 0";
        QVERIFY(errorOf(many + "}").problem.find("more than 256 keys") != std::string::npos);
    }

    void theMessageReadsLikeACompilers()
    {
        try {
            int line = 0;
            int column = 0;
            readPreset(changed(kCases[0], line, column), "presets/x.json");
            QFAIL("accepted an unknown parameter");
        } catch (const InputError& error) {
            QCOMPARE(std::string(error.what()),
                std::string(
                    "presets/x.json:6:29: unknown parameter \"eta.pj\"; did you mean \"eta.pi\"?"));
        }
    }
};

QTEST_APPLESS_MAIN(PresetErrors)
#include "tst_preset_errors.moc"
