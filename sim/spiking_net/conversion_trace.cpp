#include "sim/spiking_net/conversion_trace.h"

#include "sim/base/error.h"
#include "sim/experiment/durations.h"
#include "sim/spiking_net/spiking_net.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace apical {
namespace {

int largest(std::span<const double> values)
{
    return static_cast<int>(std::ranges::max_element(values) - values.begin());
}

std::vector<double> readOf(const Model& model, const std::string& name)
{
    const Anatomy& a = model.anatomy();
    const int i = a.quantity(name);
    std::vector<double> values;
    if (i < 0)
        return values;
    const Anatomy::Quantity& q = a.quantities[static_cast<std::size_t>(i)];
    values.resize(static_cast<std::size_t>(a.of(q).size) * static_cast<std::size_t>(a.cols(q)));
    model.read(i, values);
    return values;
}

/// Counts of a population that are read after every step.
struct Counter {
    int quantity;
    std::vector<double> before, now;

    Counter(const Model& model, const std::string& name)
        : quantity(model.anatomy().quantity(name))
        , before(readOf(model, name))
        , now(before.size())
    {
    }
    void step(const Model& model, std::uint32_t step, ConversionTrace::Population& to)
    {
        model.read(quantity, now);
        for (std::size_t i = 0; i < now.size(); ++i)
            if (const double sent = now[i] - before[i]; sent > 0)
                to.spikes.push_back(
                    {step, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(sent)});
        std::swap(before, now);
    }
};

} // namespace

ConversionVariant variantOf(const Parameters& p)
{
    const auto& own = p.family<SpikingNetParameters>();
    return {own.encoder, own.synapseTau};
}

void setVariant(Parameters& p, const ConversionVariant& variant)
{
    auto& own = p.family<SpikingNetParameters>();
    own.encoder = variant.encoder;
    own.synapseTau = variant.synapseMs;
}

double ConversionTrace::Population::spikesUntil(std::uint32_t until) const
{
    double sum = 0;
    for (const Spike& spike : spikes)
        sum += spike.step < until ? spike.count : 0;
    return sum;
}

std::vector<double> ConversionTrace::Population::counts(std::uint32_t until) const
{
    std::vector<double> all(static_cast<std::size_t>(size), 0.0);
    for (const Spike& spike : spikes)
        all[spike.neuron] += spike.step < until ? spike.count : 0;
    return all;
}

int ConversionTrace::annDecision() const
{
    return ann.empty() ? -1 : largest(ann);
}

double ConversionTrace::decidedMs() const
{
    const int from = settledFrom(decisions);
    return from < 0 ? -1 : (from + 1) * dt;
}

int settledFrom(std::span<const int> decisions)
{
    if (decisions.empty() || decisions.back() < 0)
        return -1;
    std::size_t from = decisions.size() - 1;
    while (from > 0 && decisions[from - 1] == decisions.back())
        --from;
    return static_cast<int>(from);
}

std::vector<double> softmax(std::span<const double> values)
{
    std::vector<double> out(values.begin(), values.end());
    if (out.empty())
        return out;
    const double most = *std::ranges::max_element(out);
    double sum = 0;
    for (double& v : out)
        sum += v = std::exp(v - most);
    for (double& v : out)
        v /= sum;
    return out;
}

std::unique_ptr<Model> convertedModel(const ConversionNet& net, int together)
{
    Experiment e;
    e.layers = net.sizes;
    e.parameters = net.parameters;
    e.precision = net.precision;
    e.seed = net.seed;
    e.weights.init = WeightSpec::Init::Explicit;
    e.weights.given = net.weights;
    if (!net.parameters.familyIf<SpikingNetParameters>() || net.sizes.size() < 2)
        throw InputError({.problem = "only a net that learns with rates is converted",
            .key = "model",
            .allowed = "spiking-net"});
    auto& own = e.parameters.family<SpikingNetParameters>();
    // Able to learn, so that it also answers as the shadow that it is when it learns.
    own.learningOn = true;
    own.batchSize = together;
    own.batchWatch = 0;
    return makeSpikingNet(e, e.parameters);
}

ConversionTrace traceConversion(
    const ConversionNet& net, std::span<const double> input, std::uint64_t firstStep)
{
    const std::unique_ptr<Model> model = convertedModel(net, 1);
    if (input.size() != static_cast<std::size_t>(net.sizes.front()))
        throw InputError({.problem = "the image has " + std::to_string(input.size())
                + " pixels, the network " + std::to_string(net.sizes.front()) + " inputs",
            .key = "input"});
    const Parameters& p = model->parameters();
    const auto& own = p.family<SpikingNetParameters>();
    ConversionTrace trace;
    trace.dt = p.dt;
    trace.steps = std::max(1u, stepsOf(p.presentationTime, p.dt));
    trace.classes = net.sizes.back();
    trace.entropy = own.entropy();
    const std::vector<double> noTarget(static_cast<std::size_t>(trace.classes), 0.0);

    // As rates: a batch that is shown with nothing to learn from.
    model->step({.input = input, .target = noTarget, .nudged = false, .learning = true});
    const double gain = softLifOf(own).gain();
    std::vector<Counter> counters;
    const auto add = [&](const std::string& name, int size) {
        trace.populations.push_back({.name = name,
            .size = size,
            .sends = name != "input" || own.encoder != encoder_kind::current,
            .spikes = {},
            .rates = readOf(*model, name + ".activation")});
        for (double& rate : trace.populations.back().rates)
            rate /= gain;
        counters.emplace_back(*model, name + ".spikes");
    };
    add("input", net.sizes.front());
    for (std::size_t l = 1; l + 1 < net.sizes.size(); ++l)
        add("layer" + std::to_string(l), net.sizes[l]);
    trace.ann = readOf(*model, "readout.now");

    const int now = model->anatomy().quantity("readout.now"),
              running = model->anatomy().quantity("readout.running");
    const auto each = static_cast<std::size_t>(trace.classes);
    trace.output.resize(each * trace.steps);
    trace.running.resize(each * trace.steps);
    for (std::uint32_t s = 0; s < trace.steps; ++s) {
        model->step({.input = input,
            .target = noTarget,
            .nudged = false,
            .learning = false,
            .inputHeld = s > 0,
            .step = firstStep + s,
            .presentationTime = trace.steps * p.dt,
            .stepInPattern = s,
            .stepsInPattern = trace.steps});
        for (std::size_t i = 0; i < counters.size(); ++i)
            counters[i].step(*model, s, trace.populations[i]);
        model->read(now, std::span(trace.output).subspan(s * each, each));
        model->read(running, std::span(trace.running).subspan(s * each, each));
        const ConversionTrace::Population& last = trace.populations.back();
        const bool heard = !last.sends || !last.spikes.empty();
        trace.decisions.push_back(heard ? largest(trace.runningAt(s)) : -1);
    }
    return trace;
}

} // namespace apical
