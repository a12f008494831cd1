#include "app/cli/commands.h"

#include "sim/experiment/none_word.h"
#include "sim/run/model_table.h"

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace apical {
namespace {

using Json = nlohmann::ordered_json;

/// Symbols and help are written once, as rich text; a terminal shows eta_pi as "η_pi".
std::string plain(std::string_view rich)
{
    static constexpr std::pair<std::string_view, std::string_view> kReplacements[]{{"<sub>", "_"},
        {"</sub>", ""}, {"<sup>", "^"}, {"</sup>", ""}, {"&pi;", "π"}, {"&mu;", "μ"},
        {"&epsilon;", "ε"}, {"&delta;", "δ"}, {"&Delta;", "Δ"}, {"&eta;", "η"}, {"&tau;", "τ"},
        {"&phi;", "φ"}, {"&gamma;", "γ"}, {"&beta;", "β"}, {"&theta;", "θ"}, {"&sigma;", "σ"},
        {"&psi;", "ψ"}, {"&rho;", "ρ"}, {"&lambda;", "λ"}, {"&alpha;", "α"}};
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

Json jsonValue(const ParameterRow& row, const ParameterValue& value)
{
    if (const auto* number = std::get_if<double>(&value); number && *number == kNone)
        return noneWord(row);
    return std::visit([](const auto& v) { return Json(v); }, value);
}

Json jsonRow(const ParameterRow& row)
{
    Json json{{"key", row.key}, {"group", row.group}, {"symbol", plain(row.symbol)},
        {"name", row.name}, {"unit", row.unit}, {"kind", kindText(row.kind)},
        {"default", jsonValue(row, row.defaultValue)}};
    if (row.kind == ParameterKind::Choice) {
        json["choices"] = row.choices;
    } else if (row.kind != ParameterKind::Flag) {
        json["low"] = row.low;
        json["high"] = row.high;
        json["may_be_none"] = row.mayBeNone;
        if (row.mayBeNone)
            json["none_word"] = noneWord(row);
    }
    json["applies"] = row.live ? "live" : "at-reset";
    json["help"] = plain(row.help);
    json["source"] = row.source;
    return json;
}

void printPlain(const ParameterTable& table)
{
    std::string_view group;
    for (const ParameterRow& row : table) {
        if (row.group != group) {
            print(std::string(group.empty() ? "" : "\n") + std::string(row.group) + '\n');
            group = row.group;
        }
        print("  " + padded(row.key, 30) + padded(plain(row.symbol), 10) + padded(unitText(row), 6)
            + padded(parameterText(row, row.defaultValue), 13)
            + padded(row.live ? "live" : "at reset", 10) + allowedText(row) + '\n');
        print("      " + plain(row.help) + " [" + std::string(row.source) + "]\n");
    }
}

std::string tableCell(std::string text)
{
    for (auto at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2))
        text.replace(at, 1, "\\|");
    return text;
}

void printMarkdown(const ParameterTable& table, const std::string& title)
{
    std::string_view group;
    print(title);
    for (const ParameterRow& row : table) {
        if (row.group != group) {
            print("\n## " + std::string(row.group)
                + "\n\n| key | symbol | unit | default | allowed | applies | meaning | source |\n"
                  "|---|---|---|---|---|---|---|---|\n");
            group = row.group;
        }
        std::string line = "| `" + std::string(row.key) + '`';
        const std::string cells[]{std::string(row.symbol), std::string(unitText(row)),
            parameterText(row, row.defaultValue), allowedText(row), row.live ? "live" : "at reset",
            plain(row.help), std::string(row.source)};
        for (const std::string& cell : cells)
            line += " | " + tableCell(cell);
        print(line + " |\n");
    }
}

} // namespace

int listParameters(const ParamsOptions& options)
{
    std::span<const ModelRow> models = modelTable();
    if (!options.model.empty())
        models = {&modelNamed(options.model), 1};
    const bool several = models.size() > 1;
    auto list = Json::array();
    for (const ModelRow& model : models) {
        const ParameterTable& table = model.parameters();
        const std::string gap = &model == &models.front() ? "" : "\n";
        if (options.json) {
            for (const ParameterRow& row : table) {
                list.push_back(jsonRow(row));
                if (several)
                    list.back()["model"] = model.name;
            }
        } else if (options.markdown) {
            printMarkdown(table,
                several ? gap + "# Parameters of " + table.model() + '\n' : "# Parameters\n");
        } else {
            if (several)
                print(gap + "Model " + table.model() + "\n\n");
            printPlain(table);
        }
    }
    if (options.json)
        print(list.dump(2) + '\n');
    return kDone;
}

} // namespace apical
