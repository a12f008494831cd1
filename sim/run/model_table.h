// The models an experiment may name: the only place that knows every family.
#pragma once

#include "sim/model/model.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

/// Columns that recorded tables need; 0: there is nothing to replay.
struct ReplayColumns {
    int spikes = 0, uniforms = 0;
};

/// One row per model: its name in presets, its parameters, what it is made of, its maker.
struct ModelRow {
    std::string_view name; ///< as in its table of parameters
    std::string_view help;
    const ParameterTable& (*parameters)();
    std::vector<WeightSpec::Init> inits; ///< how weights may be drawn; the first if nothing is said
    bool drawsMissing; ///< of given weights only W_up is needed, what is left out is drawn
    Anatomy (*anatomy)(const std::vector<int>& sizes, const Parameters&);
    /// With its initial weights, drawn from the experiment's seed or given.
    std::unique_ptr<Model> (*make)(const Experiment&, const Parameters&);
    /// Of a model that counts its own steps: those of a presentation, whatever the time, while it
    /// is learned from, and else; nullptr: as many as the presentation's time has.
    int (*steps)(const std::vector<int>& sizes, const Parameters&, bool training) = nullptr;
    /// @throws InputError for parameters that do not go together; nullptr: all do
    void (*check)(const Parameters&) = nullptr;
    /// Of a model that replays its input alone; nullptr: the spikes of all its neurons, if any.
    ReplayColumns (*replayed)(const std::vector<int>& sizes, const Parameters&) = nullptr;
    bool oneLayer = false; ///< network.layers is one number: neurons that are driven one by one
};
std::span<const ModelRow> modelTable();
std::vector<std::string_view> modelNames();
const ModelRow* findModel(std::string_view name); ///< nullptr if there is none
/// @throws InputError with the nearest name
const ModelRow& modelNamed(std::string_view name);

/// An experiment with the defaults of a model. @param model "": the first of the table
Experiment newExperiment(std::string_view model = {});

/// What to say of a key that the model of this table does not have: which model it belongs to, or
/// that it is unknown. @param what it is called then
std::string unknownParameterText(const ParameterTable&, std::string_view key,
    std::string_view what = "parameter", std::span<const ModelRow> models = modelTable());

/// ModelRow::steps of these parameters' model. A lane beside one that needs more holds its state
/// then. 0: it has none of its own.
int ownSteps(const std::vector<int>& sizes, const Parameters&, bool training);
/// ModelRow::check of these parameters' model.
void checkTogether(const Parameters&);

/// Entries of all weights of an experiment's network.
std::uint64_t synapseCount(const Anatomy&);
/// Most synapses a network may have: 1.6 GB of weights in double precision.
inline constexpr std::uint64_t kMostSynapses = 200'000'000;

} // namespace apical
