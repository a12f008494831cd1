// The models an experiment may name: the only place that knows every family.
#pragma once

#include "sim/model/model.h"

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace apical {

/// One row per model: its name in presets, what it is made of, its maker.
struct ModelRow {
    std::string_view name;
    std::string_view help;
    std::vector<WeightSpec::Init> inits; ///< how weights may be drawn; the first if nothing is said
    bool drawsMissing; ///< of given weights only W_up is needed, what is left out is drawn
    Anatomy (*anatomy)(const std::vector<int>& sizes, const Parameters&);
    /// With its initial weights, drawn from the experiment's seed or given.
    std::unique_ptr<Model> (*make)(const Experiment&, const Parameters&);
};
std::span<const ModelRow> modelTable();
const ModelRow* findModel(std::string_view name); ///< nullptr if there is none

/// Entries of all weights of an experiment's network.
std::uint64_t synapseCount(const Anatomy&);
/// Most synapses a network may have: 1.6 GB of weights in double precision.
inline constexpr std::uint64_t kMostSynapses = 200'000'000;

} // namespace apical
