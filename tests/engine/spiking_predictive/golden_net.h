// The small net of the golden file, ready to be run.
#pragma once

#include "sim/spiking_predictive/spiking_predictive.h"
#include "tests/network_golden.h"

#include <QTest>

#include <optional>
#include <string>
#include <vector>

namespace apical::test {

inline SpikingPredictiveParameters& own(Experiment& e)
{
    return e.parameters.family<SpikingPredictiveParameters>();
}

/// The net of the golden file on its batch of four.
inline Experiment goldenNet(const nlohmann::json& golden)
{
    Experiment e = newExperiment("spiking-predictive-coding");
    e.layers = golden.at("sizes").get<std::vector<int>>();
    e.weights.init = WeightSpec::Init::Explicit;
    e.weights.given = golden::netWeights(golden);
    e.stimulus.kind = "patterns";
    const Matrix x = golden::batch(golden.at("X")), y = golden::batch(golden.at("Y"));
    std::vector<std::vector<double>> inputs;
    std::vector<std::optional<std::vector<double>>> targets;
    for (int k = 0; k < x.cols; ++k) {
        std::vector<double> in, out;
        for (int i = 0; i < x.rows; ++i)
            in.push_back(x(i, k));
        for (int i = 0; i < y.rows; ++i)
            out.push_back(y(i, k));
        inputs.push_back(in);
        targets.emplace_back(out);
    }
    e.stimulus.inputs = inputs;
    e.stimulus.targets = targets;
    own(e).batchSize = x.cols;
    own(e).phaseA = 40;
    own(e).phaseB = 60;
    own(e).window = 20;
    own(e).dither = false;
    own(e).rate = 0;
    return e;
}

inline void make(Simulation& run, int steps)
{
    for (int k = 0; k < steps; ++k)
        QVERIFY2(run.step(), stopText(run.stop()).c_str());
}

/// "layer2.W_up"
inline std::string layer(int l, const char* what)
{
    return "layer" + std::to_string(l) + '.' + what;
}

} // namespace apical::test
