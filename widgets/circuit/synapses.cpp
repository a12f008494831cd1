#include "widgets/circuit/synapses.h"

#include "sim/insight/circuit_frame.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

using Population = Selection::Population;
using Kind = CircuitPathway::Kind;

constexpr std::size_t kStrongest = 32; ///< more lines than that say nothing

const Matrix& matrixOf(const CircuitLayerFrame& layer, Kind kind)
{
    switch (kind) {
    case Kind::Down:
        return *layer.down;
    case Kind::Ip:
        return *layer.ip;
    case Kind::Pi:
        return *layer.pi;
    case Kind::Up:
        break;
    }
    return *layer.up;
}

} // namespace

std::vector<SynapseBundle> synapsesOf(
    const Selection& unit, const LaneFrame& lane, const CircuitLayout& layout)
{
    std::vector<SynapseBundle> bundles;
    const CircuitRow* own = layout.row(unit.population, unit.layer);
    if (unit.population == Population::None || !own || !own->shows(unit.index))
        return bundles;
    const CircuitFrame circuit(lane);
    for (const CircuitPathway& pathway : layout.pathways()) {
        const CircuitRow* source = layout.source(pathway);
        const CircuitRow* sink = layout.sink(pathway);
        const auto layer = static_cast<std::size_t>(pathway.layer);
        if ((source != own && sink != own) || layer > circuit.layers.size())
            continue;
        const Matrix& weights = matrixOf(circuit.layers[layer - 1], pathway.kind);
        SynapseBundle bundle;
        bundle.pathway = pathway;
        bundle.unitIsSource = source == own;
        const CircuitRow& others = bundle.unitIsSource ? *sink : *source;
        const int many = bundle.unitIsSource ? weights.rows : weights.cols;
        const int mine = bundle.unitIsSource ? weights.cols : weights.rows;
        if (weights.empty() || unit.index >= mine)
            continue;
        for (int i = 0; i < std::min(many, others.count); ++i) {
            const double w = bundle.unitIsSource ? weights(i, unit.index) : weights(unit.index, i);
            if (!std::isfinite(w))
                continue;
            bundle.largest = std::max(bundle.largest, std::abs(w));
            if (others.shows(i))
                bundle.synapses.push_back({i, w});
        }
        std::ranges::stable_sort(bundle.synapses, std::ranges::greater{},
            [](const SynapseBundle::Synapse& s) { return std::abs(s.weight); });
        if (bundle.synapses.size() > kStrongest)
            bundle.synapses.resize(kStrongest);
        if (!bundle.synapses.empty())
            bundles.push_back(std::move(bundle));
    }
    return bundles;
}

} // namespace apical
