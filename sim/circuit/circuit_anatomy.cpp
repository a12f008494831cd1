#include "sim/circuit/circuit_anatomy.h"

#include "sim/circuit/self_prediction.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <utility>

namespace apical {
namespace {

using Q = CircuitQuantity;

bool isRate(Q q)
{
    return q == Q::InputRate || q == Q::Rate || q == Q::InnRate;
}

bool isWatched(Q q)
{
    constexpr Q all[]{Q::InputRate, Q::Basal, Q::Apical, Q::Distal, Q::Soma, Q::Prospective,
        Q::InnDendrite, Q::InnSoma, Q::Target};
    return std::find(std::begin(all), std::end(all), q) != std::end(all);
}

// What the last step's dendrites and du/dt came from.
bool isWantedBefore(Q q)
{
    constexpr Q all[]{Q::Soma, Q::Prospective, Q::Rate, Q::InnSoma, Q::InnRate};
    return std::find(std::begin(all), std::end(all), q) != std::end(all);
}

} // namespace

int CircuitAnatomy::layerOf(int quantity) const
{
    return anatomy.of(anatomy.quantities[static_cast<std::size_t>(quantity)]).layer;
}

int CircuitAnatomy::layerOfProjection(int projection) const
{
    return anatomy.to(anatomy.projections[static_cast<std::size_t>(projection)]).layer;
}

int CircuitAnatomy::answer(const Parameters& p) const
{
    const Q wanted = p.readoutQuantity == readout_quantity::soma ? Q::Soma : Q::Prospective;
    const auto last = std::find(quantities.rbegin(), quantities.rend(), wanted);
    return static_cast<int>(quantities.rend() - last) - 1;
}

CircuitAnatomy circuitAnatomy(const std::vector<int>& sizes, bool bias)
{
    CircuitAnatomy circuit;
    Anatomy& a = circuit.anatomy;
    const int outputs = static_cast<int>(sizes.size()) - 1;
    const auto population = [&](const std::string& name, int layer, const char* kind, int size) {
        return a.add(Anatomy::Population{name, layer, kind, size});
    };
    const auto size = [&](int layer) { return sizes[static_cast<std::size_t>(layer)]; };
    const auto quantity = [&](const std::string& name, int of, Q what) {
        Anatomy::Quantity q{.name = name, .population = of, .unit = "1"};
        q.form = isRate(what) ? Anatomy::Form::Rate : Anatomy::Form::Level;
        q.watched = isWatched(what);
        q.before = isWantedBefore(what);
        a.add(std::move(q));
        circuit.quantities.push_back(what);
    };
    const auto projection = [&](int layer, const std::string& pathway, int from, int to,
                                bool hasBias, CircuitProjection what) {
        a.projections.push_back({.name = "layer" + std::to_string(layer) + ".W_" + pathway,
            .pathway = "W_" + pathway,
            .from = from,
            .to = to,
            .hasBias = hasBias,
            .rateKey = "eta." + pathway,
            .lockKey = "lock." + pathway});
        circuit.pathways.push_back(what);
    };

    std::vector<int> pyramidal{
        population("input", 0, "input", size(0))}; // by layer; the input is layer 0
    std::vector<int> interneurons{-1};
    for (int l = 1; l <= outputs; ++l) {
        const std::string layer = "layer" + std::to_string(l);
        pyramidal.push_back(population(layer + ".pyr", l, kPyramidalKind, size(l)));
        interneurons.push_back(
            l < outputs ? population(layer + ".inn", l, kInterneuronKind, size(l + 1)) : -1);
    }
    const int target = population("target", outputs + 1, "target", size(outputs));
    const int nudging = population("nudging", outputs + 1, "nudging", 1);

    quantity("input.rate", pyramidal[0], Q::InputRate);
    quantity("input.potential", pyramidal[0], Q::InputPotential);
    for (int l = 1; l <= outputs; ++l) {
        const auto k = static_cast<std::size_t>(l);
        const bool hidden = l < outputs;
        const int pyr = pyramidal[k], inn = interneurons[k];
        const std::string& name = a.populations[static_cast<std::size_t>(pyr)].name;
        quantity(name + ".basal", pyr, Q::Basal);
        if (hidden) {
            quantity(name + ".apical", pyr, Q::Apical);
            quantity(name + ".apical_distal", pyr, Q::Distal);
            quantity(name + ".apical_topdown", pyr, Q::TopDown);
            quantity(name + ".apical_lateral", pyr, Q::Lateral);
        }
        quantity(name + ".soma", pyr, Q::Soma);
        quantity(name + ".prospective", pyr, Q::Prospective);
        quantity(name + ".rate", pyr, Q::Rate);
        quantity(name + ".basal_error", pyr, Q::BasalError);
        if (hidden) {
            const std::string& innName = a.populations[static_cast<std::size_t>(inn)].name;
            quantity(name + ".distal_error", pyr, Q::DistalError);
            quantity(innName + ".dendrite", inn, Q::InnDendrite);
            quantity(innName + ".soma", inn, Q::InnSoma);
            quantity(innName + ".prospective", inn, Q::InnProspective);
            quantity(innName + ".rate", inn, Q::InnRate);
            quantity(innName + ".error", inn, Q::InnError);
        }
        projection(l, "up", pyramidal[k - 1], pyr, bias, CircuitProjection::Up);
        if (hidden) {
            projection(l, "down", pyramidal[k + 1], pyr, false, CircuitProjection::Down);
            projection(l, "ip", pyr, inn, bias, CircuitProjection::Ip);
            projection(l, "pi", inn, pyr, false, CircuitProjection::Pi);
        }
    }
    quantity("target", target, Q::Target);
    quantity("target.nudged", nudging, Q::Nudged);
    for (int l = 1; l < outputs; ++l) {
        for (const SelfPredictionMeasure& m : kSelfPredictionMeasures)
            a.measures.push_back({.name = "layer" + std::to_string(l) + '.' + m.name,
                .layer = l,
                .label = m.label,
                .unit = "1",
                .goal = m.goal,
                .recorded = m.recorded});
    }
    a.actions = {{kSelfPredictingAction, "self-predicting weights"}};
    return circuit;
}

} // namespace apical
