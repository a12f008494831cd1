// Runs of model lif: neurons that are driven one by one by patterns in turn.
#pragma once

#include "sim/lif/lif_parameters.h"
#include "sim/run/model_table.h"
#include "sim/run/simulation.h"

#include <string>
#include <utility>
#include <vector>

namespace apical::test {

/// Patterns one after the other, each for so many ms.
inline Experiment lifExperiment(std::vector<std::vector<double>> patterns, double ms, double dt = 1)
{
    Experiment e = newExperiment("lif");
    e.layers = {static_cast<int>(patterns.front().size())};
    e.weights.init = modelNamed("lif").inits.front();
    e.stimulus.kind = "patterns";
    e.stimulus.inputs = std::move(patterns);
    e.parameters.dt = dt;
    e.parameters.presentationTime = ms;
    return e;
}

inline LifParameters& lif(Experiment& e)
{
    return e.parameters.family<LifParameters>();
}

inline std::vector<double> readProbe(const Model& model, const std::string& name)
{
    const Probe* probe = findProbe(model, name);
    std::vector<double> values(probe ? static_cast<std::size_t>(probe->size()) : 0);
    if (probe)
        probe->read(values);
    return values;
}

inline std::vector<double> readProbe(const Simulation& simulation, const std::string& name)
{
    return readProbe(simulation.model(), name);
}

} // namespace apical::test
