// The values of a made-up microcircuit as plain lists, to be put into a lane's frame.
#pragma once

#include "sim/circuit/circuit_anatomy.h"
#include "sim/circuit/circuit_weights.h"
#include "sim/circuit/self_prediction.h"
#include "sim/live/frame.h"

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace apical::test {

/// Lists that are shorter than their population are filled up with zeros.
struct CircuitValues {
    struct Layer {
        std::vector<double> basal, apical, apicalTopdown, apicalLateral, soma, prospective, rate;
        std::vector<double> innDendrite, innSoma, innProspective, innRate;
        LayerWeights weights;
    };
    struct Before {
        std::vector<double> soma, rate, innSoma, innRate, broadcast;
    };
    std::vector<double> input, target;
    std::vector<Layer> layers;
    std::vector<Before> before;
    std::vector<SelfPredictionErrors> errors;
};

inline std::span<double> quantity(LaneFrame& lane, const std::string& name)
{
    const std::span<const double> values = lane.quantity(name);
    return {const_cast<double*>(values.data()), values.size()};
}

inline Matrix& matrix(LaneFrame& lane, const std::string& name)
{
    return lane.weights.at(static_cast<std::size_t>(lane.anatomy->projection(name)));
}

/// Makes the lane one of a circuit of these sizes with these values.
inline void put(LaneFrame& lane, const std::vector<int>& sizes, const CircuitValues& v)
{
    lane.anatomy = std::make_shared<const Anatomy>(circuitAnatomy(sizes, false).anatomy);
    const Anatomy& a = *lane.anatomy;
    lane.values.assign(a.size(), 0.0);
    lane.before.assign(a.size(), 0.0);
    lane.weights.assign(a.projections.size(), {});
    lane.measures.clear();
    const auto set = [&](std::vector<double>& all, const std::string& name,
                         const std::vector<double>& values) {
        const int i = a.quantity(name);
        if (i < 0)
            return;
        const Anatomy::Quantity& q = a.quantities[static_cast<std::size_t>(i)];
        std::copy_n(values.begin(), std::min(values.size(), static_cast<std::size_t>(a.of(q).size)),
            all.begin() + static_cast<std::ptrdiff_t>(q.at));
    };
    set(lane.values, "input.rate", v.input);
    set(lane.values, "target", v.target);
    for (std::size_t l = 0; l < v.layers.size(); ++l) {
        const std::string layer = "layer" + std::to_string(l + 1) + '.';
        const CircuitValues::Layer& from = v.layers[l];
        set(lane.values, layer + "pyr.basal", from.basal);
        set(lane.values, layer + "pyr.apical", from.apical);
        set(lane.values, layer + "pyr.apical_distal", from.apicalTopdown);
        set(lane.values, layer + "pyr.apical_topdown", from.apicalTopdown);
        set(lane.values, layer + "pyr.apical_lateral", from.apicalLateral);
        set(lane.values, layer + "pyr.soma", from.soma);
        set(lane.values, layer + "pyr.prospective", from.prospective);
        set(lane.values, layer + "pyr.rate", from.rate);
        set(lane.values, layer + "inn.dendrite", from.innDendrite);
        set(lane.values, layer + "inn.soma", from.innSoma);
        set(lane.values, layer + "inn.prospective", from.innProspective);
        set(lane.values, layer + "inn.rate", from.innRate);
        for (const CircuitMatrixRow& row : kCircuitMatrices) {
            const int i = a.projection(layer + "W_" + row.pathway);
            if (i >= 0)
                lane.weights[static_cast<std::size_t>(i)] = from.weights.*row.matrix;
        }
    }
    for (std::size_t l = 0; l < v.before.size(); ++l) {
        const std::string layer = "layer" + std::to_string(l + 1) + '.';
        const CircuitValues::Before& from = v.before[l];
        set(lane.before, layer + "pyr.soma", from.soma);
        set(lane.before, layer + "pyr.prospective", from.broadcast);
        set(lane.before, layer + "pyr.rate", from.rate);
        set(lane.before, layer + "inn.soma", from.innSoma);
        set(lane.before, layer + "inn.rate", from.innRate);
    }
    for (const SelfPredictionErrors& e : v.errors) {
        for (const SelfPredictionMeasure& m : kSelfPredictionMeasures)
            lane.measures.push_back(e.*m.value);
    }
    lane.answer = a.quantity("layer" + std::to_string(sizes.size() - 1) + ".pyr.prospective");
}

/// What a circuit's lane looks like now, as LaneReader would read it, weights included.
inline LaneFrame frameOfCircuit(const Simulation& run)
{
    LaneFrame lane;
    lane.anatomy = std::make_shared<const Anatomy>(run.model().anatomy());
    lane.values.assign(lane.anatomy->size(), 0.0);
    lane.before = lane.values;
    for (std::size_t i = 0; i < lane.anatomy->quantities.size(); ++i)
        run.model().read(static_cast<int>(i), quantity(lane, lane.anatomy->quantities[i].name));
    for (const NamedMatrix& m : weightsOf(run.model()))
        lane.weights.push_back(m.matrix);
    lane.measures = measuresOf(run.model());
    lane.parameters = run.parameters();
    lane.clock = run.clock();
    lane.answer = run.model().answer();
    return lane;
}

} // namespace apical::test
