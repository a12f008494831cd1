#include "sim/run/model_table.h"

#include "sim/circuit/initial_weights.h"
#include "sim/circuit/microcircuit.h"
#include "sim/circuit/reference_microcircuit.h"

#include <algorithm>

namespace apical {
namespace {

using Init = WeightSpec::Init;

std::unique_ptr<Model> makeMicrocircuit(const Experiment& e, const Parameters& p)
{
    const std::vector<LayerWeights> initial = initialWeights(e, p);
    if (e.precision == "float")
        return std::make_unique<Microcircuit<float>>(e.layers, p, initial, e.seed);
    if (e.precision == "reference")
        return std::make_unique<ReferenceMicrocircuit>(e.layers, p, initial, e.seed);
    return std::make_unique<Microcircuit<double>>(e.layers, p, initial, e.seed);
}

Anatomy microcircuitAnatomy(const std::vector<int>& sizes, const Parameters& p)
{
    return circuitAnatomy(sizes, p.biasOn).anatomy;
}

const std::vector<ModelRow>& rows()
{
    static const std::vector<ModelRow> table{
        {"microcircuit", "Dendritic microcircuit with rates: Latent Equilibrium or Sacramento 2018",
            {Init::Uniform, Init::SelfPredicting}, false, microcircuitAnatomy, makeMicrocircuit},
    };
    return table;
}

} // namespace

std::span<const ModelRow> modelTable()
{
    return rows();
}

const ModelRow* findModel(std::string_view name)
{
    const auto row = std::find_if(
        rows().begin(), rows().end(), [name](const ModelRow& m) { return m.name == name; });
    return row == rows().end() ? nullptr : &*row;
}

std::uint64_t synapseCount(const Anatomy& a)
{
    std::uint64_t count = 0;
    for (const Anatomy::Projection& p : a.projections) {
        if (p.isWeight)
            count += static_cast<std::uint64_t>(a.rows(p)) * static_cast<std::uint64_t>(a.cols(p));
    }
    return count;
}

} // namespace apical
