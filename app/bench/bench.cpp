#include "app/cli/commands.h"

#include "app/bench/bench_cases.h"
#include "sim/base/error.h"
#include "sim/base/version.h"
#include "sim/base/words.h"
#include "sim/experiment/parameters.h"
#include "sim/model/kernels.h"

#include <nlohmann/json.hpp>

namespace apical {
namespace {

using Json = nlohmann::ordered_json;

std::vector<const BenchCase*> chosenCases(const std::vector<std::string>& names)
{
    std::vector<const BenchCase*> chosen;
    if (names.empty()) {
        for (const BenchCase& row : benchTable())
            chosen.push_back(&row);
        return chosen;
    }
    for (const std::string& name : names) {
        std::vector<std::string_view> known;
        const BenchCase* found = nullptr;
        for (const BenchCase& row : benchTable()) {
            known.push_back(row.name);
            if (row.name == name)
                found = &row;
        }
        if (!found) {
            std::string allowed;
            for (const auto word : known)
                allowed += (allowed.empty() ? "" : ", ") + std::string(word);
            throw InputError({.problem = "unknown benchmark \"" + name + '"',
                .allowed = allowed,
                .nearest = nearest(name, known)});
        }
        chosen.push_back(found);
    }
    return chosen;
}

Json jsonResult(const BenchCase& row, const BenchResult& result)
{
    Json json{{"name", row.name}, {"unit", row.unit}};
    for (const BenchVariant& variant : result.variants)
        json["variants"][variant.name] = {{"cpu_min", variant.cpu.minimum},
            {"cpu_median", variant.cpu.median}, {"wall_min", variant.wall.minimum},
            {"wall_median", variant.wall.median}};
    for (const BenchRatio& ratio : result.ratios)
        json["ratios"][ratio.name] = ratio.value;
    return json;
}

void printResult(const BenchCase& row, const BenchResult& result)
{
    print(std::string(row.name) + ": " + std::string(row.help) + '\n');
    print("  " + padded("", 14) + padded("CPU min", 12) + padded("CPU median", 12)
        + padded("wall min", 12) + padded("wall median", 12) + std::string(row.unit) + '\n');
    for (const BenchVariant& variant : result.variants)
        print("  " + padded(variant.name, 14) + padded(readable(variant.cpu.minimum), 12)
            + padded(readable(variant.cpu.median), 12) + padded(readable(variant.wall.minimum), 12)
            + readable(variant.wall.median) + '\n');
    for (const BenchRatio& ratio : result.ratios)
        print("  " + padded(ratio.name, 38) + readable(ratio.value) + '\n');
    print("\n");
}

} // namespace

int runBenchmarks(const BenchOptions& options)
{
    const std::vector<const BenchCase*> chosen = chosenCases(options.names);
    Json cases = Json::array();
    for (const BenchCase* row : chosen) {
        const BenchResult result = row->measure();
        if (options.json)
            cases.push_back(jsonResult(*row, result));
        else
            printResult(*row, result);
    }
    if (options.json)
        print(Json{{"version", programVersion()}, {"compiler", compilerText()},
                  {"instruction_set", simdTarget()}, {"cases", cases}}
                  .dump(2)
            + '\n');
    return kDone;
}

} // namespace apical
