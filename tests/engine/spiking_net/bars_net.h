// Bars for nets of soft-LIF units.
#pragma once

#include "sim/experiment/parameters.h"
#include "sim/run/model_table.h"

#include <string>
#include <utility>
#include <vector>

namespace apical::test {

inline Experiment barsNet(std::vector<int> layers, const char* model = "spiking-net")
{
    Experiment e = newExperiment(model);
    e.layers = std::move(layers);
    e.weights.init = WeightSpec::Init::He;
    e.stimulus.kind = "bars";
    const auto set = [&e](const char* key, const ParameterValue& value) {
        setParameter(e.parameters, key, value, e.targetLayers());
    };
    set("batch.size", 4.0);
    set("loss.kind", std::string("ce"));
    set("activation.hidden", std::string("softlif"));
    set("learning.rate", 0.01);
    set("stimulus.target_low", 0.0);
    return e;
}

} // namespace apical::test
