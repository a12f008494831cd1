// Short runs of Bars in which angles to backpropagation are measured.
#pragma once

#include "sim/circuit/circuit_parameters.h"
#include "sim/run/model_table.h"
#include "sim/watch/backprop_angle.h"

#include <QTest>

#include <cmath>

namespace apical::test {

/// Bars as published: 9-30-3 in the self-predicting state, 10 ms each.
inline Experiment bars(int interval)
{
    Experiment e = newExperiment();
    e.layers = {9, 30, 3};
    e.stimulus.kind = "bars";
    e.weights.init = WeightSpec::Init::SelfPredicting;
    circuit(e.parameters).etaUp = {0.05, 0.01};
    circuit(e.parameters).etaIp = {0.02};
    e.parameters.angleInterval = interval;
    return e;
}

inline void runPresentations(Simulation& sim, BackpropAngles& angles, int presentations)
{
    for (int k = 0; k < presentations; ++k) {
        do {
            QVERIFY(sim.step());
            angles.afterStep();
        } while (sim.clock().stepInPattern != 0);
    }
}

inline bool same(double a, double b)
{
    return a == b || (std::isnan(a) && std::isnan(b));
}

inline bool same(const BackpropMeasurement& a, const BackpropMeasurement& b)
{
    bool equal = a.pattern == b.pattern && a.step == b.step && a.layers.size() == b.layers.size();
    for (std::size_t l = 0; equal && l < a.layers.size(); ++l) {
        for (const BackpropAngleRow& row : kBackpropAngleTable)
            equal = equal && same(a.layers[l].*row.value, b.layers[l].*row.value);
    }
    return equal;
}

} // namespace apical::test
