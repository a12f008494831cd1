// Golden nets as presets that the headless program runs.
#pragma once

#include "tests/cli_process.h"
#include "tests/golden_preset.h"

#include <QTemporaryDir>

#include <stdexcept>

namespace apical::golden {

using nlohmann::json;

/// Rows of a golden matrix, {"rows", "cols", "data"}; the transposed where samples are rows.
inline json rowsOf(const json& m, bool transposed = false)
{
    const auto rows = m.at("rows").get<std::size_t>(), cols = m.at("cols").get<std::size_t>();
    json out = json::array();
    for (std::size_t i = 0; i < (transposed ? cols : rows); ++i) {
        out.push_back(json::array());
        for (std::size_t j = 0; j < (transposed ? rows : cols); ++j)
            out.back().push_back(m.at("data")[transposed ? j * cols + i : i * cols + j]);
    }
    return out;
}

/// Weights and biases side by side, as W_up and G_up have them.
inline json withBias(const json& w, const json& b)
{
    json rows = rowsOf(w);
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i].push_back(b.at("data")[i]);
    return rows;
}

inline json columnOf(const json& m, double factor = 1)
{
    json column = json::array();
    for (const json& x : m.at("data"))
        column.push_back(factor * x.get<double>());
    return column;
}

/// The net of a golden file, shown its batch once.
inline json presetOf(const json& net, const json& parameters)
{
    json up = json::array();
    for (std::size_t l = 0; l < net.at("W").size(); ++l)
        up.push_back(withBias(net["W"][l], net["b"][l]));
    json all{{"activation.hidden", net.at("act").front()},
        {"activation.output", net.at("act").back()}, {"loss.kind", net.at("loss")},
        {"batch.size", net.at("X").at("cols")}, {"inference.mode", net.at("mode")},
        {"learning.optimizer", "sgd"}};
    all.update(parameters);
    return {{"apical", 1}, {"title", "golden net"}, {"summary", "golden net"},
        {"model", "predictive-coding"}, {"network", {{"layers", net.at("sizes")}}},
        {"parameters", all}, {"weights", {{"up", up}}},
        {"stimulus",
            {{"kind", "patterns"}, {"order", "sequential"}, {"inputs", rowsOf(net.at("X"), true)},
                {"targets", rowsOf(net.at("Y"), true)}}}};
}

/// Runs a preset for so many presentations.
struct Run {
    explicit Run(
        const json& preset, const QString& record = QStringLiteral("all"), int presentations = 1)
    {
        QFile file(path(QStringLiteral("preset.json")));
        if (!file.open(QIODevice::WriteOnly))
            throw std::runtime_error("cannot write the preset");
        file.write(QByteArray::fromStdString(preset.dump()));
        file.close();
        result = runCli({QStringLiteral("run"), file.fileName(), QStringLiteral("--record"), record,
            QStringLiteral("--out"), path(QStringLiteral("out")), QStringLiteral("--samples"),
            QString::number(presentations), QStringLiteral("--quiet")});
    }
    QString path(const QString& name) const { return m_folder.filePath(name); }
    CsvTable traces() const
    {
        if (result.exitCode != 0)
            throw std::runtime_error(result.err.toStdString());
        return CsvTable(path(QStringLiteral("out/traces.csv")));
    }

    CliResult result;

private:
    QTemporaryDir m_folder;
};

} // namespace apical::golden
