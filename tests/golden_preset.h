// Golden files of the rate microcircuit as experiments: same weights, patterns and parameters as
// the reference run.
#pragma once

#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/circuit_weights.h"
#include "sim/experiment/experiment.h"
#include "sim/run/model_table.h"

#include <nlohmann/json.hpp>

#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace apical::golden {

/// A file of tests/golden, parsed. @param name without ending, e.g. "G1_le_2-3-2_selfpred"
inline nlohmann::json read(const std::string& name)
{
    const std::string path = std::string(APICAL_SOURCE_DIR) + "/tests/golden/" + name + ".json";
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw std::runtime_error("cannot open " + path);
    return nlohmann::json::parse(file);
}

/// Rows of numbers as a matrix.
inline Matrix matrix(const nlohmann::json& rows)
{
    Matrix m(static_cast<int>(rows.size()), static_cast<int>(rows.at(0).size()));
    for (int r = 0; r < m.rows; ++r) {
        for (int c = 0; c < m.cols; ++c)
            m(r, c) = rows[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)].get<double>();
    }
    return m;
}

/// `init_weights` or `final_weights`: one object per target layer, the output layer with `up` only.
inline std::vector<LayerWeights> weights(const nlohmann::json& layers)
{
    std::vector<LayerWeights> result;
    for (std::size_t l = 0; l < layers.size(); ++l) {
        const auto& layer = layers[l];
        LayerWeights w;
        w.up = matrix(layer.at("up"));
        if (l + 1 < layers.size()) {
            w.down = matrix(layer.at("down"));
            w.ip = matrix(layer.at("ip"));
            w.pi = matrix(layer.at("pi"));
        }
        result.push_back(std::move(w));
    }
    return result;
}

/// How many steps the reference run of the file made.
inline std::uint64_t steps(const nlohmann::json& file)
{
    const bool samples = file.contains("inputs");
    const auto patterns = file.at(samples ? "inputs" : "in_seq").size();
    return patterns
        * file.at(samples ? "steps_per_sample" : "steps_per_pattern").get<std::uint64_t>();
}

/// The run of a golden file: explicit weights, its patterns in order (a pattern whose nudging flag
/// is 0 has no target), all probes recorded. Files made with Gille's network get its start, reset,
/// nudging test and clips.
inline Experiment experiment(const nlohmann::json& file)
{
    const auto& given = file.at("params");
    Experiment e = newExperiment();
    e.name = file.at("name").get<std::string>();
    e.title = e.name;
    e.summary = file.value("note", file.at("source").get<std::string>());
    e.layers = given.at("dims").get<std::vector<int>>();
    e.seed = file.value("seed", std::uint64_t{1});
    e.record = {"all"};

    Parameters& p = e.parameters;
    p.dt = given.at("dt").get<double>();
    circuit(p).latentEquilibrium = given.at("latent_eq").get<bool>();
    circuit(p).leak = given.at("gl").get<double>();
    circuit(p).basal = given.at("gb").get<double>();
    circuit(p).apical = given.at("ga").get<double>();
    circuit(p).dendrite = given.at("gd").get<double>();
    circuit(p).nudging = given.at("gsom").get<double>();
    circuit(p).inputTau = circuit(p).targetTau = given.at("tau_0").get<double>();
    p.biasOn = given.at("bias").at("on").get<bool>();
    circuit(p).biasValue = given.at("bias").at("val").get<double>();
    circuit(p).etaUp = given.at("eta").at("up").get<std::vector<double>>();
    circuit(p).etaIp = given.at("eta").at("ip").get<std::vector<double>>();
    circuit(p).etaPi = given.at("eta").at("pi").get<std::vector<double>>();
    p.plasticityOnset = given.at("learning_lag").get<double>();
    p.readoutLag = given.at("out_lag").get<double>();
    p.presentationTime = given.at("t_pattern").get<double>();
    if (file.value("reset_each_sample", false)) {
        p.stateReset = reset_kind::hard;
        circuit(p).initialInput = initial_input::zero;
        p.nudgingRule = nudging_rule::positive;
        circuit(p).clipUpHidden = circuit(p).clipUpOutput = circuit(p).clipIp = circuit(p).clipPi =
            4;
    }

    e.weights.init = WeightSpec::Init::Explicit;
    e.weights.given = namedWeights(weights(file.at("init_weights")));

    e.stimulus.kind = "patterns";
    e.stimulus.inputs = file.at(file.contains("inputs") ? "inputs" : "in_seq")
                            .get<std::vector<std::vector<double>>>();
    std::vector<std::optional<std::vector<double>>> targets(e.stimulus.inputs.size());
    for (std::size_t k = 0; file.contains("trgt_seq") && k < e.stimulus.inputs.size(); ++k) {
        auto row = file["trgt_seq"][k].get<std::vector<double>>();
        const bool nudged = row.back() != 0;
        row.pop_back();
        if (nudged)
            targets[k] = row;
    }
    e.stimulus.targets = std::move(targets);
    return e;
}

inline Experiment experiment(const std::string& name)
{
    return experiment(read(name));
}

inline Experiment experiment(const char* name)
{
    return experiment(read(name));
}

} // namespace apical::golden
