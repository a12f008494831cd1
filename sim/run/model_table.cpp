#include "sim/run/model_table.h"

#include "sim/base/error.h"
#include "sim/base/words.h"
#include "sim/circuit/circuit_parameters.h"
#include "sim/circuit/initial_weights.h"
#include "sim/circuit/microcircuit.h"
#include "sim/circuit/reference_microcircuit.h"
#include "sim/feedforward/feedforward.h"
#include "sim/lif/encoder.h"
#include "sim/lif/lif_bench.h"
#include "sim/predictive/predictive.h"
#include "sim/spiking/spiking_anatomy.h"
#include "sim/spiking/spiking_microcircuit.h"
#include "sim/spiking_net/spiking_net.h"
#include "sim/spiking_predictive/spiking_predictive.h"

#include <algorithm>

namespace apical {
namespace {

using Init = WeightSpec::Init;

std::unique_ptr<Model> makeMicrocircuit(const Experiment& e, const Parameters& p)
{
    const std::vector<LayerWeights> initial = initialWeights(e, p);
    if (e.precision == "float")
        return std::make_unique<Microcircuit<float>>(e.layers, p, initial, e.seed);
    if (e.precision == "reference")
        return std::make_unique<ReferenceMicrocircuit>(e.layers, p, initial, e.seed);
    return std::make_unique<Microcircuit<double>>(e.layers, p, initial, e.seed);
}

Anatomy microcircuitAnatomy(const std::vector<int>& sizes, const Parameters& p)
{
    return circuitAnatomy(sizes, p.biasOn).anatomy;
}

std::unique_ptr<Model> makeSpiking(const Experiment& e, const Parameters& p)
{
    return makeSpikingMicrocircuit(e, p, e.replay.table);
}

Anatomy spikingMicrocircuitAnatomy(const std::vector<int>& sizes, const Parameters&)
{
    return spikingAnatomy(sizes).circuit.anatomy;
}

ReplayColumns lifReplay(const std::vector<int>& sizes, const Parameters& p)
{
    return {sizes.front(), Encoder::uniforms(p.family<LifParameters>(), sizes.front(), 1)};
}

ReplayColumns spikingNetReplay(const std::vector<int>& sizes, const Parameters& p)
{
    const int samples = spikingNetAnatomy(sizes, p).samples;
    return {sizes.front() * samples,
        Encoder::uniforms(p.family<SpikingNetParameters>(), sizes.front(), samples)};
}

/// Its input is no spikes, and those that it sends follow from it.
ReplayColumns replaysNothing(const std::vector<int>&, const Parameters&)
{
    return {};
}

const std::vector<ModelRow>& rows()
{
    static const std::vector<ModelRow> table{
        {"microcircuit", "Dendritic microcircuit with rates: Latent Equilibrium or Sacramento 2018",
            circuitParameterTable, {Init::Uniform, Init::SelfPredicting}, false,
            microcircuitAnatomy, makeMicrocircuit},
        {"spiking-microcircuit",
            "The same circuit with spikes: Poisson or refractory neurons, event-driven plasticity",
            spikingParameterTable, {Init::Uniform, Init::SelfPredicting}, false,
            spikingMicrocircuitAnatomy, makeSpiking},
        {"feedforward", "Feed-forward net: backprop, feedback alignment, direct feedback alignment",
            feedforwardParameterTable, {Init::He, Init::Uniform}, true, feedforwardAnatomy,
            makeFeedforward, feedforwardSteps, checkNetwork},
        {"predictive-coding",
            "Predictive coding: inference by local errors, learning by local products; Z-IL, iPC",
            predictiveParameterTable, {Init::He, Init::Uniform}, true, predictiveAnatomy,
            makePredictive, predictiveSteps, checkPredictive},
        {"lif", "LIF neurons one by one: integrators, encoders, synapses, rates of theory",
            lifParameterTable, {Init::He}, false, lifAnatomy, makeLif, nullptr, nullptr, lifReplay,
            true},
        {"spiking-net", "A net that learns with rates of LIF neurons and answers with their spikes",
            spikingNetParameterTable, {Init::He, Init::Uniform}, true, spikingNetAnatomy,
            makeSpikingNet, spikingNetSteps, checkSpikingNet, spikingNetReplay},
        {"spiking-predictive-coding",
            "Predictive coding with spikes: predictions and errors of both signs, in two phases",
            spikingPredictiveParameterTable, {Init::He, Init::Uniform}, true,
            spikingPredictiveAnatomy, makeSpikingPredictive, spikingPredictiveSteps,
            checkSpikingPredictive, replaysNothing},
    };
    return table;
}

} // namespace

std::span<const ModelRow> modelTable()
{
    return rows();
}

const ModelRow* findModel(std::string_view name)
{
    const auto row = std::find_if(
        rows().begin(), rows().end(), [name](const ModelRow& m) { return m.name == name; });
    return row == rows().end() ? nullptr : &*row;
}

std::uint64_t synapseCount(const Anatomy& a)
{
    std::uint64_t count = 0;
    for (const Anatomy::Projection& p : a.projections) {
        if (p.isWeight)
            count += static_cast<std::uint64_t>(a.rows(p)) * static_cast<std::uint64_t>(a.cols(p));
    }
    return count;
}

std::vector<std::string_view> modelNames()
{
    std::vector<std::string_view> names;
    for (const ModelRow& row : modelTable())
        names.push_back(row.name);
    return names;
}

const ModelRow& modelNamed(std::string_view name)
{
    if (const ModelRow* row = findModel(name))
        return *row;
    const auto names = modelNames();
    std::string allowed;
    for (const auto known : names)
        allowed += (allowed.empty() ? "" : ", ") + std::string(known);
    throw InputError({.problem = "unknown model \"" + std::string(name) + '"',
        .key = "model",
        .allowed = allowed,
        .nearest = nearest(name, names)});
}

int ownSteps(const std::vector<int>& sizes, const Parameters& p, bool training)
{
    const ModelRow* row = findModel(p.model());
    return row && row->steps ? row->steps(sizes, p, training) : 0;
}

void checkTogether(const Parameters& p)
{
    if (const ModelRow* row = findModel(p.model()); row && row->check)
        row->check(p);
}

Experiment newExperiment(std::string_view model)
{
    Experiment experiment;
    experiment.parameters =
        (model.empty() ? rows().front() : modelNamed(model)).parameters().defaults();
    return experiment;
}

std::string unknownParameterText(const ParameterTable& own, std::string_view key,
    std::string_view what, std::span<const ModelRow> models)
{
    for (const ModelRow& row : models) {
        if (row.parameters().find(key))
            return std::string(key) + " belongs to model " + std::string(row.name) + ", not to "
                + own.model();
    }
    return "unknown " + std::string(what) + " \"" + std::string(key) + '"';
}

} // namespace apical
