#include "sim/files/session_file.h"

#include "sim/experiment/run_parameters.h"
#include "sim/files/preset_parts.h"
#include "sim/json/bytes.h"
#include "sim/json/file.h"
#include "sim/json/writer.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>

namespace apical {
namespace {

constexpr std::uint64_t kSessionVersion = 1;
constexpr std::string_view kVersionKey = "apical-session";
/// Saved states hold numbers as the machine has them.
constexpr std::string_view kByteOrder =
    std::endian::native == std::endian::little ? "little" : "big";

/// The rows of a model. One without time steps takes those of a lane beside it: they are saved,
/// too.
std::vector<const ParameterRow*> savedRows(const ParameterTable& table)
{
    std::vector<const ParameterRow*> rows;
    for (const ParameterRow& row : table)
        rows.push_back(&row);
    for (const std::string_view key : kClockKeys) {
        if (!table.find(key))
            rows.push_back(&runParameter(key));
    }
    return rows;
}

/// All rows, those of the stimulus and those that the kind of stimulus does not show included.
Json allParametersJson(const Parameters& parameters)
{
    Json json = Json::object();
    for (const ParameterRow* row : savedRows(parameters.table()))
        json[std::string(row->key)] = parameterJson(parameterValue(parameters, *row), row);
    return json;
}

/// A row that is missing is younger than the file: its default is what the run was made with.
/// @param parameters what the model has no row of is as it is here; rows that are missing take
/// their default
Parameters readAllParameters(
    const JsonNode& node, const Experiment& experiment, Parameters parameters)
{
    const std::vector<const ParameterRow*> rows = savedRows(parameters.table());
    std::vector<std::string_view> keys;
    for (const ParameterRow* row : rows)
        keys.push_back(row->key);
    node.onlyKeys(keys, "parameter");
    for (const ParameterRow* row : rows) {
        setParameter(parameters, *row, row->defaultValue, experiment.targetLayers());
        if (const auto value = node.find(row->key))
            readParameter(parameters, *row, *value, experiment.targetLayers());
    }
    return parameters;
}

std::span<const std::byte> bytesOf(const std::vector<double>& values)
{
    return std::as_bytes(std::span(values));
}

Json stateJson(const State& state)
{
    return {
        {"step", state.clock.step},
        {"time_ms", state.clock.timeMs},
        {"pattern", state.clock.pattern},
        {"step_in_pattern", state.clock.stepInPattern},
        {"seed", state.seed},
        {"edits_applied", state.editsApplied},
        {"parameters", allParametersJson(state.parameters)},
        {"readout", bytesJson(bytesOf(state.readout))},
        {"model", bytesJson(state.model)},
    };
}

State readState(const JsonNode& node, const Experiment& experiment, int lane)
{
    constexpr std::string_view keys[] = {"step", "time_ms", "pattern", "step_in_pattern", "seed",
        "edits_applied", "parameters", "readout", "model"};
    node.onlyKeys(keys);
    State state;
    state.clock.step = node.need("step").count();
    state.clock.timeMs = node.need("time_ms").number(0);
    state.clock.pattern = node.need("pattern").count();
    state.clock.stepInPattern = static_cast<std::uint32_t>(
        node.need("step_in_pattern").count(0, std::numeric_limits<std::uint32_t>::max()));
    state.seed = node.need("seed").count();
    state.editsApplied = node.need("edits_applied").count(0, experiment.edits.size());
    state.parameters =
        readAllParameters(node.need("parameters"), experiment, experiment.laneParameters(lane));
    const JsonNode readout = node.need("readout");
    const auto bytes = readBytes(readout);
    if (bytes.size() % sizeof(double) != 0)
        readout.fail({.problem = "the read-out is not made of whole numbers of 8 bytes"});
    state.readout.resize(bytes.size() / sizeof(double));
    if (!bytes.empty())
        std::memcpy(state.readout.data(), bytes.data(), bytes.size());
    state.model = readBytes(node.need("model"));
    return state;
}

void checkVersion(const JsonNode& root)
{
    const auto readable = '"' + std::string(kVersionKey) + "\": " + std::to_string(kSessionVersion);
    if (!root.has(kVersionKey)) {
        root.fail({.problem = "this is not a saved session: \"" + std::string(kVersionKey)
                + "\" is missing",
            .key = std::string(kVersionKey),
            .allowed = readable});
    }
    const JsonNode version = root.need(kVersionKey);
    if (!version.json().is_number_unsigned() || version.json() != kSessionVersion) {
        version.fail({.problem = "a session of version " + describe(version.json())
                + "; this program reads version " + std::to_string(kSessionVersion),
            .allowed = readable});
    }
}

} // namespace

std::string writeSession(const SavedSession& session)
{
    Json states = Json::array();
    for (const State& state : session.states)
        states.push_back(stateJson(state));
    Json json;
    json[std::string(kVersionKey)] = kSessionVersion;
    json["name"] = session.experiment.name;
    json["byte_order"] = kByteOrder;
    json["preset"] = experimentJson(session.experiment);
    json["parameters"] = allParametersJson(session.experiment.parameters);
    json["states"] = std::move(states);
    json["view"] = session.view;
    return layOut(json);
}

SavedSession readSession(std::string_view text, const std::string& fileName)
{
    constexpr std::string_view keys[] = {
        kVersionKey, "name", "byte_order", "preset", "parameters", "states", "view"};
    checkSize(text.size(), fileName, kLargestSession);
    const JsonSource source(text, fileName);
    const JsonNode root(source);
    checkVersion(root);
    root.onlyKeys(keys);
    const std::string_view orders[] = {kByteOrder};
    root.need("byte_order").word(orders);
    SavedSession session;
    session.experiment = readExperiment(root.need("preset"), fileName, true);
    session.experiment.name = root.need("name").text();
    session.experiment.parameters = readAllParameters(root.need("parameters"), session.experiment,
        session.experiment.parameters.table().defaults());
    const JsonNode states = root.need("states");
    const auto lanes = static_cast<std::size_t>(session.experiment.laneCount());
    if (states.size() != 0 && states.size() != lanes) {
        states.fail({.problem = "the session has " + std::to_string(states.size()) + " states for "
                + std::to_string(lanes) + " lanes",
            .allowed = "one state per lane"});
    }
    for (std::size_t i = 0; i < states.size(); ++i)
        session.states.push_back(readState(states.at(i), session.experiment, static_cast<int>(i)));
    session.view = root.need("view").text();
    return session;
}

void saveSession(const std::string& path, const SavedSession& session)
{
    writeFileAtomically(path, writeSession(session));
}

SavedSession loadSession(const std::string& path)
{
    return readSession(readFile(path, kLargestSession), path);
}

bool isSessionFile(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::string start(256, '\0');
    file.read(start.data(), static_cast<std::streamsize>(start.size()));
    start.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
    const auto brace = start.find_first_not_of(" \t\r\n");
    const auto key = start.find('"');
    return brace != std::string::npos && start[brace] == '{' && key != std::string::npos
        && start.compare(key + 1, kVersionKey.size() + 1, std::string(kVersionKey) + '"') == 0;
}

} // namespace apical
