// Construction, reading and state of spiking predictive coding.
#include "sim/spiking_predictive/spiking_predictive.h"

#include "sim/base/error.h"
#include "sim/experiment/durations.h"
#include "sim/experiment/setting_text.h"
#include "sim/lif/rate_answer.h"
#include "sim/model/test_watch.h"
#include "sim/network/net_model.h"
#include "sim/network/network_anatomy.h"
#include "sim/spiking_predictive/spiking_predictive_net.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace apical {
namespace {

/// What there is of each layer; of hidden ones all of it, of the output the first five.
enum class Part {
    Prediction,
    Latched,
    ErrorTrace,
    ErrorMean,
    ErrorSpikes,
    Value,
    Trace,
    TraceMean,
    Spikes,
    Voltage
};
constexpr int kOfOutput = 5, kOfHidden = 10;
/// One of the projections of a layer: W_up, G_up and, of hidden ones, W_down and, if they are
/// normalised, W_norm.
template <class Layers> auto& projectionOf(Layers& layers, int projection)
{
    const int each = layers[1].norm.present() ? 4 : 3;
    auto& layer = layers[static_cast<std::size_t>(projection / each) + 1];
    switch (projection % each) {
    case 0:
        return layer.weights;
    case 1:
        return layer.gradient;
    case 2:
        return layer.down;
    default:
        return layer.norm.weights;
    }
}

/// [sample][unit] as [unit][sample].
template <class Values> void turn(const Values& from, int units, std::span<double> out)
{
    const auto n = static_cast<std::size_t>(units), samples = from.size() / n;
    for (std::size_t k = 0; k < samples; ++k)
        for (std::size_t i = 0; i < n; ++i)
            out[i * samples + k] = static_cast<double>(from[k * n + i]);
}

} // namespace

template <class Scalar>
SpikingPredictiveNet<Scalar>::SpikingPredictiveNet(const Experiment& e, const Parameters& p)
    : m_sizes(e.layers)
    , m_anatomy(spikingPredictiveAnatomy(e.layers, p))
    , m_seed(e.seed)
    , m_net(e.layers, p)
    , m_layers(e.layers.size() - 1)
{
    m_net.addDown();
    const auto batch = static_cast<std::size_t>(m_anatomy.samples);
    std::size_t most = 0;
    for (std::size_t l = 1; l <= last(); ++l) {
        Layer& layer = at(l);
        layer.units = e.layers[l];
        layer.hidden = l < last();
        const std::size_t size = static_cast<std::size_t>(layer.units) * batch;
        most = std::max(most, size);
        const Values zero(size, Scalar(0));
        layer.mu = layer.latched = layer.charge = layer.error = layer.errorSum = layer.errorMean =
            zero;
        layer.errorTrace.resize(size);
        layer.errorCount.assign(size, 0.0);
        layer.active.assign((size + 7) / 8 * 8, std::uint8_t{0});
        layer.sent.reserve(2 * size);
        if (l > 1) {
            layer.current.resize(size);
            layer.sums.setZero(e.layers[l - 1], layer.units);
        }
        if (!layer.hidden)
            continue;
        layer.slope = layer.value = layer.shown = layer.traceSum = layer.traceMean = zero;
        layer.neurons.resize(size);
        layer.trace.resize(size);
        layer.feedback.resize(size);
        layer.spikeCount.assign(size, 0.0);
        layer.fired.reserve(size);
        layer.back.setZero(layer.units, e.layers[l + 1]);
        layer.feedbackOptimizer.start(layer.back);
        if (!m_net.layers[l].norm.present())
            continue;
        layer.statistics.setZero(layer.units, 2);
        layer.centred.setZero(layer.units, m_anatomy.samples);
        layer.projected = layer.centred;
        layer.means = layer.statistics;
        layer.sends.assign(static_cast<std::size_t>(layer.units), std::uint8_t{0});
        if (l > 1)
            layer.product = layer.sums;
        m_state.resize(Normalises + 1);
    }
    m_incoming.assign(most, Scalar(0));
    m_answer = m_anatomy.quantity(layerName(static_cast<int>(last())) + ".latched");
    setParameters(p);
    m_net.start(e);
    setWeightsOf(*this, e.weights.given);
    m_probes = probesOf(*this);
}

template <class Scalar> void SpikingPredictiveNet<Scalar>::setParameters(const Parameters& p)
{
    const auto& f = p.family<SpikingPredictiveParameters>();
    checkSpikingPredictive(p);
    m_net.setParameters(p);
    const bool other =
        m_parameters.familyIf<SpikingPredictiveParameters>() && own().optimizer != f.optimizer;
    for (Layer& layer : m_layers)
        if (other && layer.hidden)
            layer.feedbackOptimizer.start(layer.back);
    m_lif = softLifOf(f);
    const LifSetting neuron(m_lif, f, p.dt);
    for (Layer& layer : m_layers)
        layer.neurons.change(m_neuron, neuron);
    m_neuron = neuron;
    m_synapse = AlphaSetting(p.dt, f.synapseTau, f.synapseOrder);
    m_gain = m_lif.gain() / p.dt;
    m_parameters = p;
    m_stale = true;
}

/// States of before steps were counted lack the counts.
template <class Scalar> void SpikingPredictiveNet<Scalar>::restore(std::span<const std::byte> bytes)
{
    const std::vector<double> unknown(m_counts.size(), -1.0);
    const auto missing = std::as_bytes(std::span(unknown));
    std::vector<std::byte> all(bytes.begin(), bytes.end());
    if (all.size() + missing.size() == fixedStateSize(*this))
        all.insert(all.end(), missing.begin(), missing.end());
    restoreFixedState(*this, all);
    m_stale = true;
}

template <class Scalar> int SpikingPredictiveNet<Scalar>::watchedSample() const
{
    return std::min(own().batchWatch, m_anatomy.samples - 1);
}

template <class Scalar>
void SpikingPredictiveNet<Scalar>::read(int quantity, std::span<double> out) const
{
    const auto batch = [&out](const auto& from) {
        Eigen::Map<RowMajor>(out.data(), from.rows(), from.cols()) = from.template cast<double>();
    };
    int part = quantity - 1;
    if (quantity == 0)
        return batch(m_net.layers[0].sent());
    for (const Layer& layer : m_layers) {
        const int parts = layer.hidden ? kOfHidden : kOfOutput;
        if (part >= parts) {
            part -= parts;
            continue;
        }
        const auto values = [&](const auto& from) { turn(from, layer.units, out); };
        switch (static_cast<Part>(part)) {
        case Part::Prediction: // latched in phase B
            return values(m_state[Phase] == 0 || own().strict ? layer.mu : layer.latched);
        case Part::Latched: // a sum until then
            if (m_state[Latched] == 0) {
                std::ranges::fill(out, 0.0);
                return;
            }
            return values(layer.latched);
        case Part::ErrorTrace:
            return values(layer.errorTrace.output(m_synapse));
        case Part::ErrorMean:
            return values(layer.errorMean);
        case Part::ErrorSpikes:
            return values(layer.errorCount);
        case Part::Value:
            return values(layer.value);
        case Part::Trace:
            return values(layer.trace.output(m_synapse));
        case Part::TraceMean:
            return values(layer.traceMean);
        case Part::Spikes:
            return values(layer.spikeCount);
        case Part::Voltage:
            return values(layer.neurons.voltage());
        }
    }
    if (part == 0)
        out[0] = m_state[Phase];
    else if (part == 1)
        batch(m_net.target);
}

template <class Scalar>
void SpikingPredictiveNet<Scalar>::readWeights(int projection, std::span<double> out) const
{
    const Batch<Scalar>& from = projectionOf(m_net.layers, projection);
    Eigen::Map<RowMajor>(out.data(), from.rows(), from.cols()) = from.template cast<double>();
}

template <class Scalar>
void SpikingPredictiveNet<Scalar>::setWeights(int projection, std::span<const double> in)
{
    Batch<Scalar>& to = projectionOf(m_net.layers, projection);
    to = Eigen::Map<const RowMajor>(in.data(), to.rows(), to.cols()).template cast<Scalar>();
    m_stale = true;
}

/// Spikes of errors and of values per sample, then cos(K_l, W_(l+1)^T) of each hidden layer.
template <class Scalar> void SpikingPredictiveNet<Scalar>::measure(std::span<double> out) const
{
    out[0] = m_state[LastErrorSpikes] / m_anatomy.samples;
    out[1] = m_state[LastValueSpikes] / m_anatomy.samples;
    for (std::size_t l = 1; l < last(); ++l) {
        const auto up = m_net.layers[l + 1].weights.leftCols(at(l).units).transpose();
        const Batch<Scalar>& k = m_net.layers[l].down;
        const double scale = static_cast<double>(up.norm()) * static_cast<double>(k.norm());
        out[l + 1] = own().feedback == feedback_kind::transpose ? 1
            : scale > 0 ? static_cast<double>(up.cwiseProduct(k).sum()) / scale
                        : 0;
    }
}

template <class Scalar> bool SpikingPredictiveNet<Scalar>::finite() const
{
    const auto all = [](const Values& values) {
        return std::ranges::all_of(values, [](Scalar v) { return std::isfinite(v); });
    };
    if (!all(at(last()).mu) || !all(at(last()).error))
        return false;
    // What a presentation learned is looked at once.
    return !m_updated || std::ranges::all_of(m_net.above(), [](const auto& l) {
        return allFinite(l.weights) && allFinite(l.down) && allFinite(l.norm.weights);
    });
}

namespace {

/// The forward pass with eq. 8, with soft-LIF, and the argmax of what was latched.
template <class Scalar> class PredictiveTest final : public TestWatch {
public:
    PredictiveTest(const Model& model, const Net<Scalar>& net)
        : m_model(model)
        , m_net(net)
    {
    }
    void presented(std::span<const double> targets, const std::vector<bool>& counts) override
    {
        const SoftLif lif = softLifOf(m_net.parameters());
        std::vector<double> latched(targets.size());
        m_model.read(m_model.answer(), latched);
        m_hard.see(rateAnswer(m_net, lif, true), targets, counts);
        m_soft.see(rateAnswer(m_net, lif, false), targets, counts);
        m_spiking.see(latched, targets, counts);
    }
    std::vector<std::pair<std::string, double>> metrics() const override
    {
        return {{"test_accuracy", m_hard.share()}, {"test_accuracy_spiking", m_spiking.share()},
            {"test_accuracy_soft", m_soft.share()}};
    }

private:
    const Model& m_model;
    const Net<Scalar>& m_net;
    RightAnswers m_hard, m_soft, m_spiking;
};

} // namespace

template <class Scalar> std::unique_ptr<TestWatch> SpikingPredictiveNet<Scalar>::testWatch() const
{
    return std::make_unique<PredictiveTest<Scalar>>(*this, m_net);
}

/// Against backprop of the soft-LIF net.
template <class Scalar>
std::unique_ptr<ExactGradient> SpikingPredictiveNet<Scalar>::exactGradient() const
{
    return makeNetGradient(m_sizes, m_parameters, m_anatomy, normBefore(m_net));
}

template class SpikingPredictiveNet<float>;
template class SpikingPredictiveNet<double>;

void checkSpikingPredictive(const Parameters& p)
{
    checkNetwork(p);
    const auto& f = p.family<SpikingPredictiveParameters>();
    const auto fail = [](const char* key, const std::string& problem, const std::string& allowed) {
        throw InputError({.problem = problem, .key = key, .allowed = allowed});
    };
    if (f.hidden != static_cast<int>(Activation::Kind::SoftLif))
        fail("activation.hidden",
            settingText(p, "activation.hidden") + ": the values of this model are LIF neurons",
            "softlif");
    if (f.output != 0)
        fail("activation.output",
            settingText(p, "activation.output") + ": the outputs of this model are currents",
            "linear");
    if (stepsOf(f.window, p.dt) >= stepsOf(f.phaseB, p.dt))
        fail("spc.t_w",
            "weights would learn from spc.t_w = " + parameterText(f.window)
                + " ms on, but phase B ends at spc.t_b = " + parameterText(f.phaseB) + " ms",
            "below " + parameterText(f.phaseB) + " ms, or a longer spc.t_b");
}

int spikingPredictiveSteps(const std::vector<int>&, const Parameters& p, bool training)
{
    const auto& f = p.family<SpikingPredictiveParameters>();
    const std::uint32_t a = std::max(1u, stepsOf(f.phaseA, p.dt));
    return static_cast<int>(training ? a + std::max(1u, stepsOf(f.phaseB, p.dt)) : a);
}

Anatomy spikingPredictiveAnatomy(const std::vector<int>& sizes, const Parameters& p)
{
    const auto& own = p.family<SpikingPredictiveParameters>();
    Anatomy a = networkAnatomy(sizes, own);
    a.timeUnit = "ms";
    const int outputs = static_cast<int>(sizes.size()) - 1;
    std::vector<int> errors{-1};
    for (int l = 1; l <= outputs; ++l)
        errors.push_back(a.add(Anatomy::Population{
            layerName(l) + ".error", l, "errors", sizes[static_cast<std::size_t>(l)]}));
    using Form = Anatomy::Form;
    for (int l = 1; l <= outputs; ++l) { // in the order of Part
        const std::string layer = layerName(l) + '.';
        addQuantity(a, layer + "prediction", l);
        addQuantity(a, layer + "latched", l);
        addQuantity(a, layer + "error_trace", l);
        addQuantity(a, layer + "error_mean", l);
        addQuantity(a, layer + "error_spikes", errors[static_cast<std::size_t>(l)], Form::Count);
        if (l < outputs) {
            addQuantity(a, layer + "value", l);
            addQuantity(a, layer + "trace", l, Form::Rate);
            addQuantity(a, layer + "trace_mean", l);
            addQuantity(a, layer + "spikes", l, Form::Count);
            addQuantity(a, layer + "voltage", l);
        }
        addForward(a, l);
        if (l < outputs)
            addFeedback(a, l, "W_down", l + 1);
        if (l < outputs && own.normalizes())
            addNormWeights(a, l, outputs + 1);
    }
    addQuantity(a, "spc.phase", a.add(Anatomy::Population{"spc", outputs + 1, "phase", 1}),
        Form::Level, false);
    addQuantity(
        a, "target", a.add(Anatomy::Population{"target", outputs + 1, "target", sizes.back()}));
    for (const char* kind : {"error", "value"})
        a.measures.push_back({.name = std::string(kind) + "_spikes_per_sample",
            .layer = outputs,
            .label = std::string(kind) + " spikes",
            .unit = "1",
            .trainingSpikes = true});
    for (int l = 1; l < outputs; ++l)
        a.measures.push_back({.name = layerName(l) + ".feedback_alignment",
            .layer = l,
            .label = "feedback alignment",
            .unit = "1",
            .goal = 1});
    return a;
}

std::unique_ptr<Model> makeSpikingPredictive(const Experiment& e, const Parameters& p)
{
    if (e.precision == "float")
        return std::make_unique<SpikingPredictiveNet<float>>(e, p);
    return std::make_unique<SpikingPredictiveNet<double>>(e, p);
}

} // namespace apical
