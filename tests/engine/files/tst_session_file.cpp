// Saved sessions: exact, all or nothing, and placed errors for damaged ones.
#include "sim/base/error.h"
#include "sim/circuit/circuit_parameters.h"
#include "sim/files/preset.h"
#include "sim/files/session_file.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

using namespace apical;

namespace {

/// Two lanes in the middle of a run; the second one has come to an infinite read-out.
SavedSession example()
{
    SavedSession session;
    session.experiment = loadPreset("self-predicting",
        {"lanes=[{\"name\": \"a\"}, {\"name\": \"b\", \"parameters\": "
         "{\"circuit.latent_equilibrium\": false}}]"});
    session.experiment.edits = {{17, "eta.pi", 0.25, -1}, {40, "lock.pi", true, 1}};
    session.experiment.parameters.targetHigh = 0.7;
    session.view = "{\"docks\": \"\\u0001\", \"zoom\": 1.5}";
    for (int lane = 0; lane < 2; ++lane) {
        State state;
        state.clock = {1234567890123ULL, 0.1 * 3, 99, 7};
        state.seed = std::numeric_limits<std::uint64_t>::max() - 1;
        state.parameters = session.experiment.laneParameters(lane);
        circuit(state.parameters).etaUp = {1.0 / 3, 2.0 / 3};
        state.editsApplied = 2;
        for (int i = 0; i < 10000; ++i)
            state.model.push_back(static_cast<std::byte>(i * i % 251));
        state.readout = {
            1.0 / 3, -0.0, lane == 1 ? std::numeric_limits<double>::infinity() : 5e-324};
        session.states.push_back(state);
    }
    return session;
}

InputError::Fields errorOf(std::string text, const std::string& from, const std::string& to)
{
    const auto at = text.find(from);
    if (at == text.npos)
        return {.problem = "(nothing to change)"};
    try {
        readSession(text.replace(at, from.size(), to), "s.json");
    } catch (const InputError& error) {
        return error.fields();
    }
    return {.problem = "(no error)"};
}

} // namespace

class SessionFile : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sessionReadsBackEqualToTheLastBit()
    {
        const SavedSession session = example();
        const SavedSession read = readSession(writeSession(session), "s.json");
        QVERIFY(read == session);
        QVERIFY(std::signbit(read.states[0].readout[1]));
        QVERIFY(std::isinf(read.states[1].readout[2]));
    }

    void sessionWithoutStatesReadsBackEqual()
    {
        SavedSession session = example();
        session.states.clear();
        QVERIFY(readSession(writeSession(session), "s.json") == session);
    }

    void aRunContinuedFromAFileEqualsTheUninterruptedRun()
    {
        const Experiment experiment = loadPreset("self-predicting");
        Simulation whole(experiment);
        for (int i = 0; i < 250; ++i)
            QVERIFY(whole.step());
        const std::string text = writeSession({experiment, {whole.state()}, ""});
        const SavedSession saved = readSession(text, "s.json");
        Simulation continued(saved.experiment);
        continued.restore(saved.states.front());
        for (int i = 0; i < 250; ++i)
            QVERIFY(whole.step() && continued.step());
        QVERIFY(continued.state() == whole.state());
    }

    void savingReplacesTheFileAndLeavesNoOther()
    {
        const QTemporaryDir folder;
        const std::string path = folder.filePath(QStringLiteral("s.apical")).toStdString();
        SavedSession session = example();
        saveSession(path, session);
        session.view = "other";
        saveSession(path, session);
        QVERIFY(loadSession(path) == session);
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1);
        QVERIFY(isSessionFile(path));
        QVERIFY(!isSessionFile(folder.filePath(QStringLiteral("none")).toStdString()));
    }

    void aFailedSaveKeepsTheOlderFile()
    {
        const QTemporaryDir folder;
        const std::string path = folder.filePath(QStringLiteral("s.apical")).toStdString();
        saveSession(path, example());
        // A folder in the place of the temporary file makes every write fail, for root as well.
        QVERIFY(QDir(folder.path()).mkdir(QStringLiteral("s.apical.part")));
        QVERIFY_EXCEPTION_THROWN(saveSession(path, {}), InputError);
        QVERIFY(loadSession(path) == example());
        QVERIFY_EXCEPTION_THROWN(saveSession("/nowhere/at/all", {}), InputError);
    }

    void damageIsFoundAndPlaced()
    {
        const std::string text = writeSession(example());
        auto fields = errorOf(text, "\"apical-session\": 1", "\"apical-session\": 9");
        QCOMPARE(fields.line, 2);
        QCOMPARE(fields.column, 21);
        QVERIFY(fields.problem.find("reads version 1") != std::string::npos);
        QCOMPARE(errorOf(text, "\"apical-session\": 1,", "").key, std::string("apical-session"));
        QCOMPARE(errorOf(text, "\"step_in_pattern\"", "\"step_in_patern\"").nearest,
            std::string("step_in_pattern"));
        QCOMPARE(errorOf(text, "\"pattern\": 99", "\"pattern\": -1").key,
            std::string("states[0].pattern"));
        QCOMPARE(errorOf(text, "\"edits_applied\": 2", "\"edits_applied\": 3").key,
            std::string("states[0].edits_applied"));
        QCOMPARE(errorOf(text, "\"bytes\": 10000", "\"bytes\": 10001").key,
            std::string("states[0].model.zlib"));
        QCOMPARE(errorOf(text, "\"bytes\": 10000", "\"bytes\": 4000000000").key,
            std::string("states[0].model"));
        QCOMPARE(errorOf(text, "\"byte_order\": \"little\"", "\"byte_order\": \"middle\"").key,
            std::string("byte_order"));
        QCOMPARE(errorOf(text, "\"layers\": [8, 6, 3]", "\"layers\": [8, 0, 3]").key,
            std::string("preset.network.layers[1]"));
        const std::string model = text.substr(text.find("\"bytes\": 10000"));
        const auto zlib = model.find("\"zlib\": \"") + 9;
        std::string damaged = model;
        damaged[zlib + 100] = damaged[zlib + 100] == 'A' ? 'B' : 'A';
        QVERIFY(errorOf(text, model, damaged).key.starts_with("states[0].model"));
        damaged[zlib + 100] = '?';
        QCOMPARE(errorOf(text, model, damaged).key, std::string("states[0].model.zlib"));
    }

    void aMissingParameterTakesItsDefault()
    {
        const auto json = nlohmann::ordered_json::parse(writeSession(example()));
        for (const ParameterRow& row : circuitParameterTable()) {
            const std::string key(row.key);
            auto older = json; // as a file from before the parameter
            QVERIFY2(older["parameters"].erase(key) == 1, key.c_str());
            for (auto& state : older["states"])
                QVERIFY2(state["parameters"].erase(key) == 1, key.c_str());
            SavedSession expected = example();
            const int layers = expected.experiment.targetLayers();
            const ParameterValue standard = parameterValue(circuitParameterTable().defaults(), row);
            setParameter(expected.experiment.parameters, row, standard, layers);
            for (State& state : expected.states)
                setParameter(state.parameters, row, standard, layers);
            QVERIFY2(readSession(older.dump(), "s.json") == expected, key.c_str());
        }
    }

    void everyTruncationIsAnError()
    {
        SavedSession session = example();
        session.states.resize(0);
        const std::string text = writeSession(session);
        for (std::size_t length = 0; length + 2 < text.size(); length += 13)
            QVERIFY_EXCEPTION_THROWN(readSession(text.substr(0, length), "s.json"), InputError);
    }

    void aPresetIsNoSessionAndASessionNoPreset()
    {
        QVERIFY_EXCEPTION_THROWN(
            readSession(writePreset(loadPreset("self-predicting")), "p.json"), InputError);
        try {
            readPreset(writeSession(example()), "s.json");
            QFAIL("read a session as a preset");
        } catch (const InputError& error) {
            QCOMPARE(error.fields().problem, std::string("this is a saved session, not a preset"));
        }
    }
};

QTEST_APPLESS_MAIN(SessionFile)
#include "tst_session_file.moc"
