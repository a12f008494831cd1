#include "sim/circuit/circuit_anatomy.h"

#include <cstddef>
#include <string>

namespace apical {

int CircuitAnatomy::layerOf(int quantity) const
{
    return anatomy.of(anatomy.quantities[static_cast<std::size_t>(quantity)]).layer;
}

int CircuitAnatomy::layerOfProjection(int projection) const
{
    return anatomy.to(anatomy.projections[static_cast<std::size_t>(projection)]).layer;
}

CircuitAnatomy circuitAnatomy(const std::vector<int>& sizes, bool bias)
{
    using Q = CircuitQuantity;
    CircuitAnatomy circuit;
    Anatomy& a = circuit.anatomy;
    const int outputs = static_cast<int>(sizes.size()) - 1;
    const auto population = [&](const std::string& name, int layer, int size) {
        a.populations.push_back({name, layer, size});
        return static_cast<int>(a.populations.size()) - 1;
    };
    const auto size = [&](int layer) { return sizes[static_cast<std::size_t>(layer)]; };
    const auto quantity = [&](const std::string& name, int of, Q what) {
        a.quantities.push_back({name, of, "1"});
        circuit.quantities.push_back(what);
    };
    const auto projection = [&](int layer, const std::string& pathway, int from, int to,
                                bool hasBias, CircuitPathway what) {
        a.projections.push_back({"layer" + std::to_string(layer) + ".W_" + pathway, "W_" + pathway,
            from, to, hasBias, "eta." + pathway, "lock." + pathway});
        circuit.pathways.push_back(what);
    };

    std::vector<int> pyramidal{population("input", 0, size(0))}; // by layer; the input is layer 0
    std::vector<int> interneurons{-1};
    for (int l = 1; l <= outputs; ++l) {
        const std::string layer = "layer" + std::to_string(l);
        pyramidal.push_back(population(layer + ".pyr", l, size(l)));
        interneurons.push_back(l < outputs ? population(layer + ".inn", l, size(l + 1)) : -1);
    }
    const int target = population("target", outputs + 1, size(outputs));
    const int nudging = population("nudging", outputs + 1, 1);

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
        projection(l, "up", pyramidal[k - 1], pyr, bias, CircuitPathway::Up);
        if (hidden) {
            projection(l, "down", pyramidal[k + 1], pyr, false, CircuitPathway::Down);
            projection(l, "ip", pyr, inn, bias, CircuitPathway::Ip);
            projection(l, "pi", inn, pyr, false, CircuitPathway::Pi);
        }
    }
    quantity("target", target, Q::Target);
    quantity("target.nudged", nudging, Q::Nudged);
    return circuit;
}

} // namespace apical
