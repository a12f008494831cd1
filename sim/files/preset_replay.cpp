// What a preset replays: "replay": {"spikes": "counts.csv"}.
#include "sim/files/array_file.h"
#include "sim/files/preset_parts.h"

#include <cmath>
#include <limits>

namespace apical {
namespace {

constexpr double kMostSpikes = 1e6; // of a neuron in a step

/// "step,inp0,...": the steps from 0 on, then a whole number for every neuron.
SpikeTable tableOf(const Matrix& rows, const std::string& file)
{
    SpikeTable table;
    table.neurons = rows.cols - 1;
    if (rows.rows == 0 || table.neurons < 1)
        throw InputError({.problem = "no spikes: a table of steps and counts is wanted",
            .allowed = "the step, then one count per neuron in each line",
            .file = file});
    table.counts.reserve(
        static_cast<std::size_t>(rows.rows) * static_cast<std::size_t>(table.neurons));
    const auto fail = [&](int row, int column, std::string problem, std::string allowed) {
        throw InputError({.problem = "step " + std::to_string(row) + ", number "
                + std::to_string(column + 1) + ": " + std::move(problem),
            .allowed = std::move(allowed),
            .file = file});
    };
    for (int k = 0; k < rows.rows; ++k) {
        if (rows(k, 0) != k)
            fail(k, 0, "it should be the step",
                std::to_string(k) + ": steps from 0 on, none left out");
        for (int i = 1; i < rows.cols; ++i) {
            const double count = rows(k, i);
            if (!(count >= 0 && count <= kMostSpikes) || count != std::floor(count))
                fail(k, i, describe(Json(count)) + " is no number of spikes", "0, 1, 2, ...");
            table.counts.push_back(static_cast<std::uint32_t>(count));
        }
    }
    return table;
}

} // namespace

SpikeReplay readReplay(const JsonNode& node, const std::string& presetFile)
{
    constexpr std::string_view keys[] = {"spikes"}, fileKeys[] = {"file", "crc32"};
    constexpr FileForm form{kLargestArrayFile, "a .csv file of spike counts"};
    node.onlyKeys(keys);
    const JsonNode spikes = node.need("spikes");
    DataFile file;
    std::string bytes;
    if (namesFile(spikes)) {
        spikes.onlyKeys(fileKeys);
        bytes = readNamedFile(spikes, presetFile, form, file);
    } else {
        bytes = readDataFile(spikes, spikes.text(), presetFile, form, file);
    }
    return {.file = file.path,
        .crc32 = file.crc32,
        .table = std::make_shared<const SpikeTable>(tableOf(readCsv(bytes, file.path), file.path))};
}

Json replayJson(const SpikeReplay& replay)
{
    Json json;
    json["spikes"]["file"] = replay.file;
    json["spikes"]["crc32"] = replay.crc32;
    return json;
}

} // namespace apical
