#include "sim/insight/circuit_frame.h"

#include "sim/circuit/circuit_anatomy.h"
#include "sim/circuit/circuit_parameters.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace apical {
namespace {

using Layer = CircuitLayerFrame;

struct QuantityRow {
    std::string_view name; ///< after "layerL."
    std::span<const double> Layer::*now;
    std::span<const double> Layer::Before::*before;
};
constexpr QuantityRow kQuantities[]{
    {"pyr.basal", &Layer::basal, &Layer::Before::basal},
    {"pyr.apical", &Layer::apical, &Layer::Before::apical},
    {"pyr.apical_topdown", &Layer::apicalTopdown, nullptr},
    {"pyr.apical_lateral", &Layer::apicalLateral, nullptr},
    {"pyr.soma", &Layer::soma, &Layer::Before::soma},
    {"pyr.prospective", &Layer::prospective, nullptr},
    {"pyr.rate", &Layer::rate, &Layer::Before::rate},
    {"inn.dendrite", &Layer::innDendrite, &Layer::Before::innDendrite},
    {"inn.soma", &Layer::innSoma, &Layer::Before::innSoma},
    {"inn.prospective", &Layer::innProspective, nullptr},
    {"inn.rate", &Layer::innRate, &Layer::Before::innRate},
};

struct MatrixRow {
    std::string_view pathway;
    const Matrix* Layer::*matrix;
};
constexpr MatrixRow kMatrices[]{
    {"W_up", &Layer::up}, {"W_down", &Layer::down}, {"W_ip", &Layer::ip}, {"W_pi", &Layer::pi}};

} // namespace

CircuitFrame::CircuitFrame(const LaneFrame& lane)
{
    static const Matrix none;
    Layer nothing;
    nothing.up = nothing.down = nothing.ip = nothing.pi = &none;
    if (!lane.anatomy || !isCircuit(*lane.anatomy))
        return;
    const Anatomy& a = *lane.anatomy;
    const bool lookAhead = circuit(lane.parameters).latentEquilibrium;
    for (std::size_t i = 0; i < a.quantities.size(); ++i) {
        const Anatomy::Quantity& q = a.quantities[i];
        const auto index = static_cast<int>(i);
        const auto layer = static_cast<std::size_t>(a.of(q).layer);
        const std::string_view name(q.name);
        if (name == "input.rate")
            input = lane.quantity(index);
        else if (name == "target")
            target = lane.quantity(index);
        if (layer == 0 || !name.starts_with("layer"))
            continue;
        if (layers.size() < layer)
            layers.resize(layer, nothing);
        Layer& to = layers[layer - 1];
        const std::string_view what = name.substr(name.find('.') + 1);
        if (what == (lookAhead ? "pyr.prospective" : "pyr.soma"))
            to.before.broadcast = lane.quantityBefore(index);
        const auto row = std::find_if(std::begin(kQuantities), std::end(kQuantities),
            [what](const QuantityRow& r) { return r.name == what; });
        if (row == std::end(kQuantities))
            continue;
        to.*row->now = lane.quantity(index);
        if (row->before && q.before)
            to.before.*row->before = lane.quantityBefore(index);
    }
    for (std::size_t i = 0; i < std::min(a.projections.size(), lane.weights.size()); ++i) {
        const Anatomy::Projection& p = a.projections[i];
        const auto layer = static_cast<std::size_t>(a.to(p).layer);
        if (layer == 0 || layer > layers.size())
            continue;
        Layer& to = layers[layer - 1];
        for (const MatrixRow& row : kMatrices) {
            if (row.pathway == p.pathway)
                to.*row.matrix = &lane.weights[i];
        }
    }
}

bool isCircuit(const Anatomy& anatomy)
{
    return std::any_of(anatomy.populations.begin(), anatomy.populations.end(),
        [](const Anatomy::Population& p) { return p.kind == kPyramidalKind; });
}

std::vector<SelfPredictionErrors> circuitErrors(const LaneFrame& lane)
{
    if (!lane.anatomy || !isCircuit(*lane.anatomy))
        return {};
    return selfPredictionErrors(lane.measures);
}

} // namespace apical
