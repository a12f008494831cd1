#include "app/cli/commands.h"

#include "sim/base/error.h"
#include "sim/base/words.h"
#include "sim/experiment/parameters.h"
#include "sim/model/model.h"
#include "sim/run/model_table.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace apical {
namespace {

using Json = nlohmann::ordered_json;

/// Symbols are written once, as rich text; a terminal shows eta_pi as "η_pi".
std::string plainSymbol(std::string_view rich)
{
    static constexpr std::pair<std::string_view, std::string_view> kReplacements[]{{"<sub>", "_"},
        {"</sub>", ""}, {"&eta;", "η"}, {"&tau;", "τ"}, {"&phi;", "φ"}, {"&gamma;", "γ"},
        {"&beta;", "β"}, {"&theta;", "θ"}, {"&sigma;", "σ"}, {"&psi;", "ψ"}, {"&rho;", "ρ"},
        {"&lambda;", "λ"}, {"&alpha;", "α"}};
    std::string text(rich);
    for (const auto& [from, to] : kReplacements) {
        for (auto at = text.find(from); at != std::string::npos;
             at = text.find(from, at + to.size()))
            text.replace(at, from.size(), to);
    }
    return text;
}

std::string_view unitText(const ParameterRow& row)
{
    return row.unit == "1" ? std::string_view("-") : row.unit;
}

std::string_view kindText(ParameterKind kind)
{
    switch (kind) {
    case ParameterKind::Flag:
        return "flag";
    case ParameterKind::Real:
        return "real";
    case ParameterKind::Count:
        return "count";
    case ParameterKind::Choice:
        return "choice";
    case ParameterKind::PerLayer:
        return "per-layer";
    }
    return "";
}

Json jsonValue(const ParameterValue& value)
{
    if (const auto* number = std::get_if<double>(&value); number && *number == kNone)
        return "none";
    return std::visit([](const auto& v) { return Json(v); }, value);
}

Json jsonRow(const ParameterRow& row)
{
    Json json{{"key", row.key}, {"group", row.group}, {"symbol", plainSymbol(row.symbol)},
        {"name", row.name}, {"unit", row.unit}, {"kind", kindText(row.kind)},
        {"default", jsonValue(row.defaultValue)}};
    if (row.kind == ParameterKind::Choice) {
        json["choices"] = row.choices;
    } else if (row.kind != ParameterKind::Flag) {
        json["low"] = row.low;
        json["high"] = row.high;
        json["may_be_none"] = row.mayBeNone;
    }
    json["applies"] = row.live ? "live" : "at-reset";
    json["help"] = row.help;
    json["source"] = row.source;
    return json;
}

void printPlain()
{
    std::string_view group;
    for (const ParameterRow& row : parameterTable()) {
        if (row.group != group) {
            print(std::string(group.empty() ? "" : "\n") + std::string(row.group) + '\n');
            group = row.group;
        }
        print("  " + padded(row.key, 30) + padded(plainSymbol(row.symbol), 10)
            + padded(unitText(row), 6) + padded(parameterText(row.defaultValue), 13)
            + padded(row.live ? "live" : "at reset", 10) + allowedText(row) + '\n');
        print("      " + std::string(row.help) + " [" + std::string(row.source) + "]\n");
    }
}

std::string tableCell(std::string text)
{
    for (auto at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2))
        text.replace(at, 1, "\\|");
    return text;
}

void printMarkdown()
{
    std::string_view group;
    print("# Parameters\n");
    for (const ParameterRow& row : parameterTable()) {
        if (row.group != group) {
            print("\n## " + std::string(row.group)
                + "\n\n| key | symbol | unit | default | allowed | applies | meaning | source |\n"
                  "|---|---|---|---|---|---|---|---|\n");
            group = row.group;
        }
        std::string line = "| `" + std::string(row.key) + '`';
        const std::string cells[]{std::string(row.symbol), std::string(unitText(row)),
            parameterText(row.defaultValue), allowedText(row), row.live ? "live" : "at reset",
            std::string(row.help), std::string(row.source)};
        for (const std::string& cell : cells)
            line += " | " + tableCell(cell);
        print(line + " |\n");
    }
}

} // namespace

int listParameters(const ParamsOptions& options)
{
    if (!options.model.empty()) {
        std::vector<std::string_view> names;
        for (const ModelRow& row : modelTable())
            names.push_back(row.name);
        if (std::find(names.begin(), names.end(), options.model) == names.end()) {
            std::string allowed;
            for (const auto name : names)
                allowed += (allowed.empty() ? "" : ", ") + std::string(name);
            throw InputError({.problem = "unknown model \"" + options.model + '"',
                .allowed = allowed,
                .nearest = nearest(options.model, names)});
        }
    }
    if (options.json) {
        auto list = Json::array();
        for (const ParameterRow& row : parameterTable())
            list.push_back(jsonRow(row));
        print(list.dump(2) + '\n');
    } else if (options.markdown) {
        printMarkdown();
    } else {
        printPlain();
    }
    return kDone;
}

} // namespace apical
