#include "sim/run/model_table.h"

#include "sim/base/error.h"
#include "sim/base/words.h"
#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/microcircuit.h"
#include "sim/circuit/reference_microcircuit.h"

#include <algorithm>
#include <iterator>

namespace apical {
namespace {

std::unique_ptr<Model> makeMicrocircuit(const Experiment& e, const Parameters& p,
    const std::vector<LayerWeights>& initial, std::uint64_t seed)
{
    if (e.precision == "float")
        return std::make_unique<Microcircuit<float>>(e.layers, p, initial, seed);
    if (e.precision == "reference")
        return std::make_unique<ReferenceMicrocircuit>(e.layers, p, initial, seed);
    return std::make_unique<Microcircuit<double>>(e.layers, p, initial, seed);
}

const ModelRow kModels[] = {
    {"microcircuit", "Dendritic microcircuit with rates: Latent Equilibrium or Sacramento 2018",
        circuitParameterTable, makeMicrocircuit},
};

} // namespace

std::span<const ModelRow> modelTable()
{
    return kModels;
}

std::vector<std::string_view> modelNames()
{
    std::vector<std::string_view> names;
    for (const ModelRow& row : modelTable())
        names.push_back(row.name);
    return names;
}

const ModelRow* findModel(std::string_view name)
{
    const auto row = std::find_if(std::begin(kModels), std::end(kModels),
        [&](const ModelRow& candidate) { return candidate.name == name; });
    return row == std::end(kModels) ? nullptr : row;
}

const ModelRow& modelNamed(std::string_view name)
{
    if (const ModelRow* row = findModel(name))
        return *row;
    const auto names = modelNames();
    std::string allowed;
    for (const auto known : names)
        allowed += (allowed.empty() ? "" : ", ") + std::string(known);
    throw InputError({.problem = "unknown model \"" + std::string(name) + '"',
        .key = "model",
        .allowed = allowed,
        .nearest = nearest(name, names)});
}

Experiment newExperiment(std::string_view model)
{
    Experiment experiment;
    experiment.parameters =
        (model.empty() ? kModels[0] : modelNamed(model)).parameters().defaults();
    return experiment;
}

std::string unknownParameterText(const ParameterTable& own, std::string_view key,
    std::string_view what, std::span<const ModelRow> models)
{
    for (const ModelRow& row : models) {
        if (row.parameters().find(key))
            return std::string(key) + " belongs to model " + std::string(row.name) + ", not to "
                + own.model();
    }
    return "unknown " + std::string(what) + " \"" + std::string(key) + '"';
}

} // namespace apical
