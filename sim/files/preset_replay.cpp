// What a preset replays: "replay": {"spikes": "counts.csv"} or {"uniforms": "numbers.csv"}.
#include "sim/files/array_file.h"
#include "sim/files/preset_parts.h"

#include <cmath>
#include <limits>

namespace apical {
namespace {

constexpr double kMostSpikes = 1e6; // of a neuron in a step

/// "step,inp0,...": the steps from 0 on, then a number for every column.
/// @param key what names the file @param what the numbers are @param good whether one may stand
/// there @param see what is done with it
template <class Good, class See>
void readTable(const Matrix& rows, const std::string& file, const std::string& key,
    const std::string& what, const std::string& allowedNumbers, Good&& good, See&& see)
{
    if (rows.rows == 0 || rows.cols < 2)
        throw InputError(
            {.problem = key + ": no " + what + "s: a table of steps and numbers is wanted",
                .allowed = "the step, then one number per neuron in each line",
                .file = file});
    const auto fail = [&](int row, int column, std::string problem, std::string allowed) {
        throw InputError({.problem = key + ": step " + std::to_string(row) + ", number "
                + std::to_string(column + 1) + ": " + std::move(problem),
            .allowed = std::move(allowed),
            .file = file});
    };
    for (int k = 0; k < rows.rows; ++k) {
        if (rows(k, 0) != k)
            fail(k, 0, "it should be the step",
                std::to_string(k) + ": steps from 0 on, none left out");
        for (int i = 1; i < rows.cols; ++i) {
            if (!good(rows(k, i)))
                fail(k, i, describe(Json(rows(k, i))) + " is no " + what, allowedNumbers);
            see(rows(k, i));
        }
    }
}

SpikeTable spikesOf(const Matrix& rows, const std::string& file)
{
    SpikeTable table;
    table.neurons = rows.cols - 1;
    readTable(
        rows, file, "replay.spikes", "number of spikes", "0, 1, 2, ...",
        [](double n) { return n >= 0 && n <= kMostSpikes && n == std::floor(n); },
        [&table](double n) { table.counts.push_back(static_cast<std::uint32_t>(n)); });
    return table;
}

UniformTable uniformsOf(const Matrix& rows, const std::string& file)
{
    UniformTable table;
    table.columns = rows.cols - 1;
    readTable(
        rows, file, "replay.uniforms", "uniform number", "0 or more, below 1",
        [](double u) { return u >= 0 && u < 1; },
        [&table](double u) { table.values.push_back(u); });
    return table;
}

} // namespace

SpikeReplay readReplay(const JsonNode& node, const std::string& presetFile)
{
    constexpr std::string_view keys[] = {"spikes", "uniforms"}, fileKeys[] = {"file", "crc32"};
    node.onlyKeys(keys);
    if (!node.has("spikes") && !node.has("uniforms"))
        node.fail({.problem = node.name() + " names no table",
            .allowed = "\"spikes\" or \"uniforms\" with a .csv file, or no \"replay\""});
    const auto rows = [&](const JsonNode& entry, const char* what, DataFile& file) {
        const FileForm form{kLargestArrayFile, what};
        if (!namesFile(entry))
            return readCsv(readDataFile(entry, entry.text(), presetFile, form, file), file.path);
        entry.onlyKeys(fileKeys);
        return readCsv(readNamedFile(entry, presetFile, form, file), file.path);
    };
    SpikeReplay replay;
    DataFile file;
    if (const auto uniforms = node.find("uniforms")) {
        if (node.has("spikes"))
            uniforms->fail({.problem = "spikes that are replayed need no numbers to be drawn with",
                               .allowed = "either spikes or uniforms"},
                JsonPart::Key);
        const Matrix numbers = rows(*uniforms, "a .csv file of uniform numbers", file);
        replay.uniforms = std::make_shared<const UniformTable>(uniformsOf(numbers, file.path));
        replay.uniformsFile = file.path;
        replay.uniformsCrc32 = file.crc32;
    } else {
        const Matrix counts = rows(node.need("spikes"), "a .csv file of spike counts", file);
        replay.table = std::make_shared<const SpikeTable>(spikesOf(counts, file.path));
        replay.file = file.path;
        replay.crc32 = file.crc32;
    }
    return replay;
}

Json replayJson(const SpikeReplay& replay)
{
    Json json;
    if (replay.table) {
        json["spikes"]["file"] = replay.file;
        json["spikes"]["crc32"] = replay.crc32;
    }
    if (replay.uniforms) {
        json["uniforms"]["file"] = replay.uniformsFile;
        json["uniforms"]["crc32"] = replay.uniformsCrc32;
    }
    return json;
}

} // namespace apical
