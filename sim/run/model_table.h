// The models an experiment may name: the only place that knows every family.
#pragma once

#include "sim/model/model.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

/// One row per model: its name in presets, its parameters, its maker.
struct ModelRow {
    std::string_view name; ///< as in its table of parameters
    std::string_view help;
    const ParameterTable& (*parameters)();
    std::unique_ptr<Model> (*make)(const Experiment&, const Parameters&,
        const std::vector<LayerWeights>& initial, std::uint64_t seed);
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

} // namespace apical
