#include "sim/run/model_table.h"

#include "sim/circuit/microcircuit.h"
#include "sim/circuit/reference_microcircuit.h"

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
        makeMicrocircuit},
};

} // namespace

std::span<const ModelRow> modelTable()
{
    return kModels;
}

} // namespace apical
