#include "sim/run/experiment_check.h"

#include "sim/base/error.h"
#include "sim/base/words.h"
#include "sim/experiment/lanes.h"
#include "sim/run/model_table.h"
#include "sim/task/stimulus.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
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

void checkWeights(const Experiment& e, const ModelRow& model)
{
    const Anatomy anatomy = model.anatomy(e.layers, e.parameters);
    std::map<std::string, std::size_t> counts; // by pathway
    for (const Anatomy::Projection& p : anatomy.projections) {
        if (!p.isWeight)
            continue;
        const std::string pathway = p.pathway.substr(p.pathway.find('_') + 1);
        const std::size_t at = counts[pathway]++;
        const std::string place = "weights." + pathway + '[' + std::to_string(at) + ']';
        const auto given = std::find_if(e.weights.given.begin(), e.weights.given.end(),
            [&](const NamedMatrix& m) { return m.name == p.name; });
        if (given == e.weights.given.end()) {
            if (model.drawsMissing && pathway != "up")
                continue;
            fail("weights", place + " is missing: no weights are given for " + p.name);
        }
        const Matrix& m = given->matrix;
        const int rows = anatomy.rows(p), cols = anatomy.cols(p);
        if (m.rows != rows || m.cols != cols)
            fail(place,
                place + " is " + shape(m.rows, m.cols) + "; layer " + std::to_string(at + 1)
                    + " needs " + shape(rows, cols));
        if (!std::all_of(
                m.values.begin(), m.values.end(), [](double v) { return std::isfinite(v); }))
            fail(place, place + " has an entry that is not finite");
    }
    for (const NamedMatrix& m : e.weights.given) {
        if (anatomy.projection(m.name) < 0)
            fail("weights",
                "weights are given for " + m.name + "; the network has no such projection");
    }
}

void checkRows(const Parameters& p, int targetLayers)
{
    for (const ParameterRow& row : p.table())
        static_cast<void>(checkedValue(row, parameterValue(p, row), targetLayers));
}

void checkSynapses(const Anatomy& anatomy)
{
    const std::uint64_t synapses = synapseCount(anatomy);
    if (synapses > kMostSynapses)
        fail("network.layers",
            "the network has " + parameterText(static_cast<double>(synapses) / 1e6)
                + " million synapses (" + std::to_string(synapses) + ")",
            "at most " + std::to_string(kMostSynapses / 1'000'000) + " million synapses");
}

/// Each lane by itself, and what lanes that end each presentation together have to share.
void checkLanes(const Experiment& e)
{
    const Parameters first = e.laneParameters(0);
    const int samples = modelNamed(first.model()).anatomy(e.layers, first).samples;
    for (int lane = 0; lane < e.laneCount(); ++lane) {
        const Parameters p = e.laneParameters(lane);
        const std::string place = "lanes[" + std::to_string(lane) + "].parameters.";
        checkRows(p, e.targetLayers());
        const Anatomy anatomy = modelNamed(p.model()).anatomy(e.layers, p);
        checkSynapses(anatomy);
        if (p.dt != first.dt)
            fail(place + "dt", "the lanes have different time steps, but step together",
                "one dt for all lanes");
        if (anatomy.samples != samples)
            fail(place + "batch.size",
                "lane " + std::to_string(lane) + " shows " + std::to_string(anatomy.samples)
                    + " samples at a time and lane 0 " + std::to_string(samples)
                    + ", but lanes end each presentation together",
                "the same batch.size in all lanes; 1 beside a model that shows one at a time");
    }
}

int spikingNeurons(const Anatomy& anatomy)
{
    int neurons = 0;
    for (const Anatomy::Quantity& q : anatomy.quantities)
        neurons += q.form == Anatomy::Form::Count ? anatomy.of(q).size : 0;
    return neurons;
}

/// Recorded spikes are those of every neuron that sends any.
void checkReplay(const Experiment& e)
{
    if (!e.replay.table)
        return;
    bool any = false;
    for (int lane = 0; lane < e.laneCount(); ++lane) {
        const Parameters p = e.laneParameters(lane);
        const int neurons = spikingNeurons(modelNamed(p.model()).anatomy(e.layers, p));
        any = any || neurons > 0;
        if (neurons > 0 && neurons != e.replay.table->neurons)
            fail("replay.spikes",
                e.replay.file + " has the spikes of " + std::to_string(e.replay.table->neurons)
                    + " neurons; the network has " + std::to_string(neurons),
                "a table of the step and " + std::to_string(neurons) + " counts");
    }
    if (!any)
        fail("replay.spikes", "no lane's model sends spikes that could be replayed");
}

} // namespace

bool replaysSpikes(const Experiment& e, const Anatomy& anatomy)
{
    return e.replay.table && spikingNeurons(anatomy) > 0;
}

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
    const ModelRow& model = modelNamed(e.model());
    checkSynapses(model.anatomy(e.layers, e.parameters));
    if (e.precision != "double" && e.precision != "float" && e.precision != "reference")
        fail("precision", "unknown precision \"" + e.precision + '"', "double, float, reference");
    checkRows(e.parameters, e.targetLayers());
    checkLanes(e);
    checkReplay(e);
    if (e.weights.init == WeightSpec::Init::Explicit || e.weights.init == WeightSpec::Init::File)
        checkWeights(e, model);
    else if (std::find(model.inits.begin(), model.inits.end(), e.weights.init) == model.inits.end())
        fail("weights.init",
            "the model " + std::string(model.name) + " does not draw weights this way");
    const auto targets = static_cast<std::size_t>(e.targetLayers());
    for (const DrawRange* drawn :
        {&e.weights.rangeUp, &e.weights.rangeDown, &e.weights.rangeIp, &e.weights.rangePi}) {
        const std::size_t needed = drawn == &e.weights.rangeUp ? targets : targets - 1;
        if (drawn->layers.size() != 1 && drawn->layers.size() != needed)
            fail("weights.range",
                "weights.range has " + std::to_string(drawn->layers.size())
                    + " entries for a pathway",
                "one number, or one for each of " + std::to_string(needed) + " layers");
        for (const double range : drawn->layers) {
            if (!(range >= 0 && range <= 1e6))
                fail("weights.range",
                    "weights.range = " + parameterText(range) + " is outside its range",
                    "[0, 1e6]");
        }
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
        if (edit.key == kTeachAction)
            checkTaught(e, edit.value);
        if (edit.key.starts_with("action."))
            continue; // actions are checked by the simulation that knows them
        const ParameterRow* found = findRow(e, edit.lane, edit.key);
        const ParameterRow& row = found ? *found : e.laneTable(std::max(edit.lane, 0)).at(edit.key);
        static_cast<void>(checkedValue(row, edit.value, e.targetLayers()));
        if (edit.lane >= 0 && e.laneCount() > 1 && !mayDiffer(row))
            fail(place + ".lane", place + " sets " + edit.key + " in one lane only",
                edit.key + " for all lanes: they step together");
    }
    static_cast<void>(makeStimulus(e));
}

const std::vector<double>& checkTaught(const Experiment& e, const ParameterValue& value)
{
    static const std::vector<double> none;
    const auto* list = std::get_if<std::vector<double>>(&value);
    const std::vector<double>& sample = list ? *list : none;
    const auto wanted =
        static_cast<std::size_t>(e.layers.front()) + static_cast<std::size_t>(e.layers.back());
    if (sample.size() != wanted)
        fail(std::string(kTeachAction),
            std::string(kTeachAction) + " has " + std::to_string(sample.size()) + " numbers",
            std::to_string(wanted) + " numbers: the inputs, then the targets");
    for (const double x : sample) {
        if (!std::isfinite(x))
            fail(std::string(kTeachAction),
                std::string(kTeachAction) + " has a value that is not finite", "finite numbers");
    }
    return sample;
}

} // namespace apical
