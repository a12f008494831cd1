#include "sim/run/experiment_check.h"

#include "sim/base/error.h"
#include "sim/base/words.h"
#include "sim/experiment/lanes.h"
#include "sim/experiment/synapses.h"
#include "sim/run/model_table.h"
#include "sim/task/stimulus.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace apical {
namespace {

[[noreturn]] void fail(
    std::string key, std::string problem, std::string allowed = {}, std::string near = {})
{
    throw InputError({.problem = std::move(problem),
        .key = std::move(key),
        .allowed = std::move(allowed),
        .nearest = std::move(near)});
}

std::string shape(int rows, int cols)
{
    return std::to_string(rows) + " x " + std::to_string(cols);
}

void checkMatrix(const Matrix& m, int rows, int cols, const char* pathway, std::size_t layer)
{
    const std::string place = std::string("weights.") + pathway + '[' + std::to_string(layer) + ']';
    if (m.rows != rows || m.cols != cols) {
        fail(place,
            place + " is " + shape(m.rows, m.cols) + "; layer " + std::to_string(layer + 1)
                + " needs " + shape(rows, cols));
    }
    if (!std::all_of(m.values.begin(), m.values.end(), [](double v) { return std::isfinite(v); }))
        fail(place, place + " has an entry that is not finite");
}

void checkWeights(const Experiment& e)
{
    const auto& layers = e.weights.layers;
    if (layers.size() != static_cast<std::size_t>(e.targetLayers())) {
        fail("weights",
            "weights are given for " + std::to_string(layers.size())
                + " target layers; the network has " + std::to_string(e.targetLayers()));
    }
    const int bias = e.parameters.biasOn ? 1 : 0;
    for (std::size_t l = 0; l < layers.size(); ++l) {
        checkMatrix(layers[l].up, e.layers[l + 1], e.layers[l] + bias, "up", l);
        if (l + 1 == layers.size())
            continue;
        checkMatrix(layers[l].down, e.layers[l + 1], e.layers[l + 2], "down", l);
        checkMatrix(layers[l].ip, e.layers[l + 2], e.layers[l + 1] + bias, "ip", l);
        checkMatrix(layers[l].pi, e.layers[l + 1], e.layers[l + 2], "pi", l);
    }
}

void checkLanes(const Experiment& e)
{
    const double dt = e.laneParameters(0).dt;
    for (int lane = 1; lane < e.laneCount(); ++lane) {
        if (e.laneParameters(lane).dt != dt)
            fail("lanes[" + std::to_string(lane) + "].parameters.dt",
                "the lanes have different time steps, but step together", "one dt for all lanes");
    }
}

} // namespace

void validate(const Experiment& e)
{
    if (e.layers.size() < 2 || e.layers.size() > 32)
        fail("network.layers", "network.layers has " + std::to_string(e.layers.size()) + " entries",
            "2 to 32 layers");
    for (std::size_t l = 0; l < e.layers.size(); ++l) {
        const std::string place = "network.layers[" + std::to_string(l) + ']';
        if (e.layers[l] < 1 || e.layers[l] > 100000)
            fail(place, place + " = " + std::to_string(e.layers[l]) + " is not a layer size",
                "[1, 100000]");
    }
    const std::uint64_t synapses = synapseCount(e.layers, e.parameters.biasOn);
    if (synapses > kMostSynapses)
        fail("network.layers",
            "the network has " + parameterText(static_cast<double>(synapses) / 1e6)
                + " million synapses (" + std::to_string(synapses) + ")",
            "at most " + std::to_string(kMostSynapses / 1'000'000) + " million synapses");
    static_cast<void>(modelNamed(e.model()));
    if (e.precision != "double" && e.precision != "float" && e.precision != "reference")
        fail("precision", "unknown precision \"" + e.precision + '"', "double, float, reference");
    for (const ParameterRow& row : e.parameters.table())
        static_cast<void>(checkedValue(row, parameterValue(e.parameters, row), e.targetLayers()));
    checkLanes(e);
    if (e.weights.init == WeightSpec::Init::Explicit || e.weights.init == WeightSpec::Init::File)
        checkWeights(e);
    for (const double range :
        {e.weights.rangeUp, e.weights.rangeDown, e.weights.rangeIp, e.weights.rangePi}) {
        if (!(range >= 0 && range <= 1e6))
            fail("weights.range",
                "weights.range = " + parameterText(range) + " is outside its range", "[0, 1e6]");
    }
    std::uint64_t before = 0;
    for (std::size_t i = 0; i < e.edits.size(); ++i) {
        const Edit& edit = e.edits[i];
        const std::string place = "edits[" + std::to_string(i) + ']';
        if (edit.step < before)
            fail(place + ".step",
                place + ".step = " + std::to_string(edit.step) + " is before the edit above it");
        before = edit.step;
        if (edit.lane < -1 || edit.lane >= e.laneCount())
            fail(
                place + ".lane", place + ".lane = " + std::to_string(edit.lane) + " names no lane");
        if (edit.key.starts_with("action."))
            continue; // actions are checked by the simulation that knows them
        const ParameterRow& row = e.parameters.table().at(edit.key);
        static_cast<void>(checkedValue(row, edit.value, e.targetLayers()));
        if (edit.lane >= 0 && e.laneCount() > 1 && !mayDiffer(row))
            fail(place + ".lane", place + " sets " + edit.key + " in one lane only",
                edit.key + " for all lanes: they step together");
    }
    static_cast<void>(makeStimulus(e));
}

} // namespace apical
