#include "sim/insight/explanation.h"

#include "sim/circuit/circuit_parameters.h"
#include "sim/insight/circuit_frame.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <span>

namespace apical {
namespace {

using Population = NeuronRef::Population;

std::size_t at(int i)
{
    return static_cast<std::size_t>(i);
}

bool holds(std::span<const double> values, int index)
{
    return index >= 0 && at(index) < values.size();
}

/// The layer if it exists, else nullptr.
const CircuitLayerFrame* layerOf(const CircuitFrame& frame, int layer)
{
    if (layer < 1 || at(layer) > frame.layers.size())
        return nullptr;
    return &frame.layers[at(layer - 1)];
}

/// @param rest what makes up for the difference to what was measured; none: noise, if there is some
void close(MembraneBalance& balance, const Parameters& p, double before, double after,
    std::optional<Term::Kind> rest = {})
{
    balance.measured = (after - before) / p.dt;
    for (const Term& term : balance.terms)
        balance.sum += term.value;
    if (!rest && circuit(p).noise > 0)
        rest = Term::Kind::Noise;
    if (rest) {
        balance.terms.push_back({*rest, balance.measured - balance.sum});
        balance.sum = balance.measured;
    }
    balance.known = true;
}

/// Of a dendrite, what drove the soma in the last step.
double driving(std::span<const double> now, std::span<const double> before, std::size_t i)
{
    return i < before.size() ? before[i] : now[i];
}

MembraneBalance interneuronTerms(
    const CircuitFrame& frame, const Parameters& p, const NeuronRef& neuron)
{
    MembraneBalance balance;
    const CircuitLayerFrame* layer = layerOf(frame, neuron.layer);
    const CircuitLayerFrame* next = layerOf(frame, neuron.layer + 1);
    if (!layer || !next || !holds(layer->before.innSoma, neuron.index)
        || !holds(layer->innSoma, neuron.index) || !holds(layer->innDendrite, neuron.index)
        || !holds(next->before.broadcast, neuron.index))
        return balance;
    const CircuitParameters& c = circuit(p);
    const std::size_t i = at(neuron.index);
    const double u = layer->before.innSoma[i];
    balance.total = c.totalInterneuron();
    balance.terms = {{Term::Kind::Leak, -c.leak * u},
        {Term::Kind::Dendrite,
            c.basal * (driving(layer->innDendrite, layer->before.innDendrite, i) - u)}};
    std::optional<Term::Kind> rest;
    if (layer->before.innDendrite.empty())
        balance.terms.push_back(
            {Term::Kind::Teaching, c.nudging * (next->before.broadcast[i] - u)});
    else
        rest = Term::Kind::Nudging;
    close(balance, p, u, layer->innSoma[i], rest);
    return balance;
}

MembraneBalance pyramidalTerms(
    const CircuitFrame& frame, const Parameters& p, const NeuronRef& neuron, bool nudged)
{
    MembraneBalance balance;
    const CircuitLayerFrame* layer = layerOf(frame, neuron.layer);
    if (!layer || !holds(layer->before.soma, neuron.index) || !holds(layer->soma, neuron.index)
        || !holds(layer->basal, neuron.index))
        return balance;
    const CircuitParameters& c = circuit(p);
    const std::size_t i = at(neuron.index);
    const double u = layer->before.soma[i];
    const double basal = driving(layer->basal, layer->before.basal, i);
    std::optional<Term::Kind> rest;
    balance.terms = {{Term::Kind::Leak, -c.leak * u}, {Term::Kind::Basal, c.basal * (basal - u)}};
    if (holds(layer->apical, neuron.index)) {
        balance.total = c.totalHidden();
        balance.terms.push_back(
            {Term::Kind::Apical, c.apical * (driving(layer->apical, layer->before.apical, i) - u)});
    } else {
        balance.total = c.totalOutput();
        // Without a target the output keeps its total conductance: it is nudged towards its own
        // prediction.
        if (!layer->before.basal.empty())
            rest = Term::Kind::Nudging;
        else if (nudged && holds(frame.target, neuron.index))
            balance.terms.push_back({Term::Kind::Target, c.nudging * (frame.target[i] - u)});
        else
            balance.terms.push_back(
                {Term::Kind::OwnPrediction, c.nudging * (dendriticPrediction(p, basal) - u)});
    }
    close(balance, p, u, layer->soma[i], rest);
    return balance;
}

/// Appends row `post` of `weights` times `rates`; a bias column has no rate and is skipped.
void addRow(std::vector<Contribution>& out, const Matrix& weights, int post,
    std::span<const double> rates, Population population, int layer)
{
    if (weights.empty() || post < 0 || post >= weights.rows)
        return;
    const int count = std::min(weights.cols, static_cast<int>(rates.size()));
    for (int pre = 0; pre < count; ++pre) {
        const double w = weights(post, pre);
        const double r = rates[at(pre)];
        out.push_back({{population, layer, pre}, w, r, w * r});
    }
}

/// Size for ranking. What is not a number has no place in an order; it is what one wants to see
/// first.
double magnitude(double value)
{
    return std::isnan(value) ? std::numeric_limits<double>::infinity() : std::abs(value);
}

void rank(std::vector<Contribution>& synapses)
{
    std::ranges::stable_sort(
        synapses, std::greater{}, [](const Contribution& c) { return magnitude(c.value); });
}

} // namespace

MembraneBalance membraneTerms(const LaneFrame& frame, const NeuronRef& neuron)
{
    switch (neuron.population) {
    case Population::Pyramidal:
        return pyramidalTerms(CircuitFrame(frame), frame.parameters, neuron, frame.nudged);
    case Population::Interneuron:
        return interneuronTerms(CircuitFrame(frame), frame.parameters, neuron);
    case Population::Input:
        break;
    }
    return {};
}

ApicalBalance apicalBalance(const LaneFrame& lane, int layer, int index)
{
    ApicalBalance balance;
    const CircuitFrame frame(lane);
    const CircuitLayerFrame* own = layerOf(frame, layer);
    if (!own || !holds(own->apicalTopdown, index) || !holds(own->apicalLateral, index))
        return balance;
    balance.topdown = own->apicalTopdown[at(index)];
    balance.lateral = own->apicalLateral[at(index)];
    balance.residual =
        holds(own->apical, index) ? own->apical[at(index)] : balance.topdown + balance.lateral;
    balance.known = true;
    if (const CircuitLayerFrame* next = layerOf(frame, layer + 1))
        addRow(balance.synapses, *own->down, index, next->before.rate, Population::Pyramidal,
            layer + 1);
    addRow(balance.synapses, *own->pi, index, own->before.innRate, Population::Interneuron, layer);
    rank(balance.synapses);
    return balance;
}

std::vector<Contribution> dendriteContributions(const LaneFrame& lane, const NeuronRef& neuron)
{
    std::vector<Contribution> synapses;
    const CircuitFrame frame(lane);
    const CircuitLayerFrame* own = layerOf(frame, neuron.layer);
    if (!own || neuron.population == Population::Input)
        return synapses;
    if (neuron.population == Population::Interneuron)
        addRow(synapses, *own->ip, neuron.index, own->before.rate, Population::Pyramidal,
            neuron.layer);
    else if (neuron.layer == 1)
        addRow(synapses, *own->up, neuron.index, frame.input, Population::Input, 0);
    else if (const CircuitLayerFrame* below = layerOf(frame, neuron.layer - 1))
        addRow(synapses, *own->up, neuron.index, below->before.rate, Population::Pyramidal,
            neuron.layer - 1);
    rank(synapses);
    return synapses;
}

double dendriticPrediction(const Parameters& p, double dendrite)
{
    const CircuitParameters& c = circuit(p);
    return c.basal * dendrite / (c.leak + c.basal);
}

std::vector<LoudApical> loudest(const LaneFrame& lane, int count)
{
    const CircuitFrame frame(lane);
    std::vector<LoudApical> all;
    for (std::size_t l = 0; l < frame.layers.size(); ++l) {
        const CircuitLayerFrame& layer = frame.layers[l];
        for (std::size_t i = 0; i < layer.apical.size(); ++i) {
            const double topdown = i < layer.apicalTopdown.size() ? layer.apicalTopdown[i] : 0;
            const double lateral = i < layer.apicalLateral.size() ? layer.apicalLateral[i] : 0;
            all.push_back(
                {static_cast<int>(l) + 1, static_cast<int>(i), layer.apical[i], topdown, lateral});
        }
    }
    std::ranges::stable_sort(
        all, std::greater{}, [](const LoudApical& a) { return magnitude(a.apical); });
    if (all.size() > at(std::max(count, 0)))
        all.resize(at(std::max(count, 0)));
    return all;
}

} // namespace apical
