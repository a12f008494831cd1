// Runs of a spiking microcircuit by itself, and the golden files as such runs.
#pragma once

#include "sim/circuit/initial_weights.h"
#include "sim/spiking/spiking_microcircuit.h"
#include "tests/golden_preset.h"

#include <cmath>
#include <fstream>
#include <sstream>
#include <string>

namespace apical::test {

/// Patterns that are shown in turn, each for the same number of steps.
struct SpikingRun {
    std::vector<int> sizes{9, 30, 3};
    Parameters parameters = spikingParameterTable().defaults();
    std::vector<LayerWeights> weights{}; ///< empty: drawn
    std::uint64_t seed = 1;
    std::string precision = "double";
    std::shared_ptr<const SpikeTable> replay{};
    std::vector<std::vector<double>> inputs{}, targets{}; ///< targets: one each, or none
    std::uint64_t stepsPerPattern = 200;
    bool hardReset = false;

    std::unique_ptr<Model> model{};
    std::uint64_t done = 0;

    SpikingParameters& own() { return parameters.family<SpikingParameters>(); }

    void start()
    {
        Experiment e;
        e.layers = sizes;
        e.parameters = parameters;
        e.seed = seed;
        e.precision = precision;
        model = makeSpikingMicrocircuit(e, parameters, replay);
        for (std::size_t l = 0; l < weights.size(); ++l)
            setLayerWeights(*model, static_cast<int>(l) + 1, weights[l]);
    }
    void step()
    {
        const std::uint64_t within = done % stepsPerPattern;
        const auto pattern = static_cast<std::size_t>(done / stepsPerPattern % inputs.size());
        if (hardReset && within == 0)
            model->resetPotentials();
        const std::vector<double> none(static_cast<std::size_t>(sizes.back()), 0.0);
        model->step({.input = inputs[pattern],
            .target = targets.empty() ? none : targets[pattern],
            .nudged = !targets.empty(),
            .step = done++});
    }
    std::vector<double> read(const std::string& name) const
    {
        const Probe* probe = findProbe(*model, name);
        std::vector<double> values(static_cast<std::size_t>(probe->size()));
        probe->read(values);
        return values;
    }
    /// Spikes so far of every neuron, in the order of tables.
    std::vector<double> spikes() const
    {
        std::vector<double> all;
        for (const Anatomy::Quantity& q : model->anatomy().quantities)
            if (q.form == Anatomy::Form::Count) {
                const auto counts = read(q.name);
                all.insert(all.end(), counts.begin(), counts.end());
            }
        return all;
    }
};

/// The counts of a golden replay.
inline std::shared_ptr<const SpikeTable> goldenCounts(const std::string& name)
{
    std::ifstream file(std::string(APICAL_SOURCE_DIR) + "/tests/golden/" + name);
    std::string line;
    std::getline(file, line); // names
    SpikeTable table;
    while (std::getline(file, line)) {
        std::istringstream fields(line);
        std::string field;
        std::getline(fields, field, ','); // step
        table.neurons = 0;
        while (std::getline(fields, field, ',')) {
            table.counts.push_back(static_cast<std::uint32_t>(std::stoul(field)));
            ++table.neurons;
        }
    }
    return std::make_shared<const SpikeTable>(std::move(table));
}

/// Two patterns with targets, hard reset before each.
inline SpikingRun goldenReplay(const nlohmann::json& golden)
{
    SpikingRun run;
    run.sizes = golden.at("dims").get<std::vector<int>>();
    for (const auto& pattern : golden.at("seq")) {
        run.inputs.push_back(pattern.at("x").get<std::vector<double>>());
        run.targets.push_back(pattern.at("target").get<std::vector<double>>());
    }
    run.hardReset = true;
    SpikingParameters& s = run.own();
    s.psi = golden.at("psi").get<double>();
    s.tauDelta = golden.at("tau_Delta").get<double>();
    s.errorTimesDt = false;
    const auto& eta = golden.at("eta_normalised");
    s.etaUp = {eta.at("up").get<double>(), eta.at("up_out").get<double>()};
    s.etaIp = {eta.at("ip").get<double>()};
    s.etaPi = {eta.at("pi").get<double>()};
    const auto& w = golden.at("w_init_norm");
    run.weights.resize(2);
    run.weights[0] = {.up = golden::matrix(w.at("up")),
        .down = golden::matrix(w.at("down")),
        .ip = golden::matrix(w.at("ip")),
        .pi = golden::matrix(w.at("pi"))};
    run.weights[1].up = golden::matrix(w.at("up_out"));
    run.replay = goldenCounts("spiking_replay_psi100_le_counts.csv");
    return run;
}

/// One synapse onto a hidden neuron: 1-1-1, all other weights 0. A basal one comes from the input,
/// an apical one from the interneuron; there a spike of the output sets the apical potential first,
/// which takes two steps.
inline SpikingRun goldenSynapse(const nlohmann::json& inputs)
{
    const bool apical = inputs.at("compartment").get<std::string>() != "basal";
    SpikingRun run;
    run.sizes = {1, 1, 1};
    run.inputs = {{0.0}};
    SpikingParameters& s = run.own();
    s.psi = inputs.at("psi").get<double>();
    s.tauDelta = inputs.at("tau_Delta").get<double>();
    s.latentEquilibrium = inputs.at("latent_equilibrium").get<bool>();
    s.errorTimesDt = false;
    s.current = {inputs.at("I_e_soma").get<double>(), 0.0};
    const double w0 = inputs.at("w0_norm").get<double>();
    // The file has the rate in units of weights that are not normalised.
    const double eta =
        inputs.at("eta_nest").get<double>() * s.tauDelta * s.psi * s.psi * (apical ? 1 : s.psi);
    (apical ? s.etaPi : s.etaUp) = apical ? std::vector{eta} : std::vector{eta, 0.0};
    const auto one = [](double value) {
        Matrix m(1, 1);
        m.values[0] = value;
        return m;
    };
    run.weights.resize(2);
    run.weights[0] = {.up = one(apical ? 0 : w0),
        .down = one(inputs.at("V0_dend").get<double>() * s.psi),
        .ip = one(0),
        .pi = one(apical ? w0 : 0)};
    run.weights[1].up = one(0);
    const double dt = inputs.at("dt").get<double>();
    const auto steps = static_cast<std::size_t>(std::llround(inputs.at("T_ms").get<double>() / dt));
    const std::size_t before = apical ? 2 : 0;
    SpikeTable table;
    table.neurons = 4; // input, hidden, interneuron, output
    table.counts.assign(4 * (steps + before), 0);
    if (apical)
        table.counts[3] = 1;
    const auto& stamps = inputs.at("spike_stamps_ms");
    for (std::size_t i = 0; i < stamps.size(); ++i) {
        const auto sent = static_cast<std::size_t>(std::llround(stamps[i].get<double>() / dt)) - 1;
        table.counts[4 * (sent + before) + (apical ? 2 : 0)] +=
            inputs.at("multiplicities")[i].get<std::uint32_t>();
    }
    run.replay = std::make_shared<const SpikeTable>(std::move(table));
    return run;
}

} // namespace apical::test
