// The models an experiment may name: the only place that knows every family.
#pragma once

#include "sim/model/model.h"

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace apical {

/// One row per model: its name in presets, its maker.
struct ModelRow {
    std::string_view name;
    std::string_view help;
    std::unique_ptr<Model> (*make)(const Experiment&, const Parameters&,
        const std::vector<LayerWeights>& initial, std::uint64_t seed);
};
std::span<const ModelRow> modelTable();

} // namespace apical
