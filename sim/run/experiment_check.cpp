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

/// What does not go together, with its place: of the lane if that sets it, of the preset else.
void checkCombined(const Experiment& e, int lane, const Parameters& p)
{
    try {
        checkTogether(p);
    } catch (const InputError& error) {
        InputError::Fields fields = error.fields();
        const auto sets = [&](const LaneSpec& spec) {
            return std::ranges::any_of(
                spec.parameters, [&](const auto& own) { return own.first == fields.key; });
        };
        const bool ofLane = !e.lanes.empty() && sets(e.lanes[static_cast<std::size_t>(lane)]);
        fields.key = (ofLane ? "lanes[" + std::to_string(lane) + "]." : std::string())
            + "parameters." + fields.key;
        throw InputError(fields);
    }
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
        checkCombined(e, lane, p);
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

/// Recorded spikes are those of every neuron that sends any, or of the input alone.
ReplayColumns replayColumns(const ModelRow& row, const Experiment& e, const Parameters& p)
{
    if (row.replayed)
        return row.replayed(e.layers, p);
    const Anatomy anatomy = row.anatomy(e.layers, p);
    ReplayColumns columns;
    for (const Anatomy::Quantity& q : anatomy.quantities)
        columns.spikes += q.form == Anatomy::Form::Count ? anatomy.of(q).size : 0;
    return columns;
}

/// @param set samples of the training set, 0: endless
void checkBatch(const Experiment& e, int set)
{
    const Parameters first = e.laneParameters(0); // all lanes have one size
    const int samples = modelNamed(first.model()).anatomy(e.layers, first).samples;
    if (set > 0 && samples > set)
        fail("parameters.batch.size",
            "batch.size = " + std::to_string(samples) + " is larger than the training set of "
                + std::to_string(set),
            "1 to " + std::to_string(set));
}

/// What goes on without a table, or with it.
std::string replayingModels()
{
    std::string models;
    for (const ModelRow& row : modelTable()) {
        Experiment small = newExperiment(row.name);
        small.layers.assign(row.oneLayer ? 1 : 2, 1);
        if (replayColumns(row, small, small.parameters).spikes > 0)
            models += (models.empty() ? "" : ", ") + std::string(row.name);
    }
    return "no \"replay\", or a model that sends spikes: " + models;
}

void checkReplay(const Experiment& e)
{
    const auto check = [&e](const char* key, const std::string& file, int columns,
                           int ReplayColumns::*needed, const std::string& holds,
                           const std::string& none, const std::string& remedy) {
        bool any = false;
        for (int lane = 0; lane < e.laneCount(); ++lane) {
            const Parameters p = e.laneParameters(lane);
            const int all = replayColumns(modelNamed(p.model()), e, p).*needed;
            any = any || all > 0;
            if (all > 0 && all != columns)
                fail(key,
                    file + " has the " + holds + " of " + std::to_string(columns)
                        + " neurons; the network has " + std::to_string(all),
                    "a table of the step and " + std::to_string(all) + " numbers");
        }
        if (!any)
            fail(key, none, remedy);
    };
    if (e.replay.table)
        check("replay.spikes", e.replay.file, e.replay.table->neurons, &ReplayColumns::spikes,
            "spikes", "no lane's model sends spikes that could be replayed", replayingModels());
    if (e.replay.uniforms)
        check("replay.uniforms", e.replay.uniformsFile, e.replay.uniforms->columns,
            &ReplayColumns::uniforms, "numbers",
            "nothing is left to replay.uniforms, no lane's encoder draws numbers: encoder.kind = "
            "poisson or bernoulli does",
            "no \"replay\", or such an encoder");
}

void checkLayers(const Experiment& e)
{
    for (int lane = -1; lane < e.laneCount(); ++lane) {
        const std::string_view name = lane < 0 ? e.model() : e.laneTable(lane).model();
        const std::size_t n = e.layers.size();
        const bool one = modelNamed(name).oneLayer;
        if (one ? n != 1 : n < 2 || n > 32)
            fail("network.layers",
                "network.layers has " + std::to_string(n) + (n == 1 ? " entry" : " entries"),
                one ? "one number for model " + std::string(name) + ": so many neurons"
                    : "2 to 32 layers for model " + std::string(name)
                        + ": input, hidden..., output");
    }
}

} // namespace

RecordedSteps recordedSteps(const Experiment& e, const Parameters& p)
{
    const ReplayColumns needed = replayColumns(modelNamed(p.model()), e, p);
    RecordedSteps recorded;
    if (e.replay.table && needed.spikes > 0)
        recorded = {e.replay.table->steps(), "replay.spikes", e.replay.file};
    if (e.replay.uniforms && needed.uniforms > 0 && e.replay.uniforms->steps() < recorded.steps)
        recorded = {e.replay.uniforms->steps(), "replay.uniforms", e.replay.uniformsFile};
    return recorded;
}

void validate(const Experiment& e)
{
    checkLayers(e);
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
        const std::size_t needed =
            drawn == &e.weights.rangeUp ? targets : std::max<std::size_t>(targets, 1) - 1;
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
        if (isTeaching(edit.key))
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
    checkBatch(e, makeStimulus(e)->samples(Block::Train));
}

void checkReplayLength(const Experiment& e, double steps)
{
    const auto check = [steps](const char* key, const std::string& file, std::uint64_t rows) {
        if (static_cast<double>(rows) < steps)
            fail(key,
                std::string(key) + ": " + file + " ends after " + std::to_string(rows)
                    + " steps; the run has " + parameterText(steps),
                "a row for every step, or --steps " + std::to_string(rows));
    };
    if (e.replay.table)
        check("replay.spikes", e.replay.file, e.replay.table->steps());
    if (e.replay.uniforms)
        check("replay.uniforms", e.replay.uniformsFile, e.replay.uniforms->steps());
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
