// Construction, reading and tests of spiking nets.
#include "sim/spiking_net/spiking_net.h"

#include "sim/base/error.h"
#include "sim/experiment/durations.h"
#include "sim/experiment/setting_text.h"
#include "sim/lif/rate_answer.h"
#include "sim/network/network_anatomy.h"
#include "sim/spiking_net/converted_net.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace apical {
namespace {

constexpr double kReadTimes[]{10, 20, 30, 50, 100, 200}; ///< ms, of test_accuracy_at_Tms
constexpr double kPerSecond = 1000; ///< of a rate per ms

/// The parameters of the shadow: as many samples as are shown side by side.
Parameters shadowParameters(Parameters p)
{
    auto& own = p.family<SpikingNetParameters>();
    own.batchSize = own.learningOn ? own.batchSize : own.imagesTogether;
    return p;
}

} // namespace

template <class Scalar>
SpikingNet<Scalar>::SpikingNet(const Experiment& e, const Parameters& p)
    : Base(e.layers, shadowParameters(p), spikingNetAnatomy(e.layers, p))
    , m_encoder(e.layers.front(), m_anatomy.samples, e.seed, e.replay)
    , m_layers(e.layers.size() - 1)
{
    m_parameters = p;
    const auto batch = static_cast<std::size_t>(m_anatomy.samples);
    const auto sizeOf = [&](std::size_t l) {
        return static_cast<std::size_t>(e.layers[l]) * batch;
    };
    m_inputCount.assign(sizeOf(0), 0.0);
    m_inputTrace.resize(sizeOf(0));
    m_arrived.assign(sizeOf(0), Scalar(0));
    std::size_t most = 0;
    for (std::size_t l = 1; l < e.layers.size(); ++l) {
        Layer& layer = m_layers[l - 1];
        layer.units = e.layers[l];
        layer.current.assign(sizeOf(l), Scalar(0));
        layer.arriving.resize(sizeOf(l));
        most = std::max(most, sizeOf(l));
        if (l + 1 == e.layers.size())
            break;
        layer.neurons.resize(sizeOf(l));
        layer.trace.resize(sizeOf(l));
        layer.count.assign(sizeOf(l), 0.0);
        layer.fired.reserve(sizeOf(l));
    }
    m_incoming.assign(most, Scalar(0));
    m_running.assign(sizeOf(e.layers.size() - 1), 0.0);
    m_mean = m_running;
    this->bindNet();
    this->netIsState();
    const auto ends = [](const std::string& name, std::string_view end) {
        return name.ends_with(end);
    };
    constexpr std::pair<std::string_view, Part> parts[]{{"input.spikes", Part::InputSpikes},
        {"input.trace", Part::InputTrace}, {".current", Part::Current}, {".voltage", Part::Voltage},
        {".spikes", Part::Spikes}, {".trace", Part::Trace}, {"readout.running", Part::Running},
        {"readout.mean", Part::Mean}, {"readout.ann", Part::Ann}, {"readout.now", Part::Now},
        {"input.rate", Part::Both}, {"target", Part::Both}};
    for (const Anatomy::Quantity& q : m_anatomy.quantities) {
        const auto layer = static_cast<std::size_t>(std::max(1, m_anatomy.of(q).layer)) - 1;
        Source source{Part::Shadow, std::min(layer, m_layers.size() - 1)};
        const auto* found =
            std::ranges::find_if(parts, [&](const auto& part) { return ends(q.name, part.first); });
        if (found != std::end(parts))
            source.part = found->second;
        m_sources.push_back(source);
    }
    m_answer = m_anatomy.quantity("readout.now");
    setParameters(p);
    m_net.start(e);
    setWeightsOf(*this, e.weights.given);
    this->nameProbes();
}

template <class Scalar> void SpikingNet<Scalar>::setParameters(const Parameters& p)
{
    checkSpikingNet(p);
    const auto& f = p.family<SpikingNetParameters>();
    m_net.setParameters(p);
    m_lif = softLifOf(f);
    m_tRef = f.tRef;
    const LifSetting neuron(m_lif, f, p.dt);
    for (Layer& layer : m_layers)
        layer.neurons.change(m_neuron, neuron);
    m_neuron = neuron;
    m_synapse = AlphaSetting(p.dt, f.synapseTau, f.synapseOrder);
    m_onset = stepsOf(p.readoutLag, p.dt);
    m_parameters = p;
    m_stale = true;
}

template <class Scalar> void SpikingNet<Scalar>::read(int quantity, std::span<double> out) const
{
    const Source source = m_sources[static_cast<std::size_t>(quantity)];
    const Layer& layer = m_layers[source.layer];
    const auto samples = static_cast<std::size_t>(m_anatomy.samples);
    const auto turned = [&](const auto& from) { // [sample][unit]
        const std::size_t n = from.size() / samples;
        for (std::size_t k = 0; k < samples; ++k)
            for (std::size_t i = 0; i < n; ++i)
                out[i * samples + k] = static_cast<double>(from[k * n + i]);
    };
    const auto straight = [&](const auto& from, double scale = 1) {
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = static_cast<double>(from[i]) * scale;
    };
    const auto batch = [&](const auto& from) {
        Eigen::Map<RowMajor>(out.data(), from.rows(), from.cols()) = from.template cast<double>();
    };
    // Counts are since the start; of all else, what the other phase has reads 0.
    if (source.part == Part::InputSpikes)
        return straight(m_inputCount);
    if (source.part == Part::Spikes)
        return turned(layer.count);
    if (source.part == Part::Both)
        return Base::read(quantity, out);
    if (source.part == Part::Now && !spiking())
        return batch(m_net.layers.back().sent());
    if ((source.part == Part::Shadow) == spiking()) {
        std::ranges::fill(out, 0.0);
        return;
    }
    switch (source.part) {
    case Part::InputTrace:
        return straight(m_inputTrace.output(m_synapse));
    case Part::Current:
    case Part::Now:
        return turned(layer.current);
    case Part::Voltage:
        return turned(layer.neurons.voltage());
    case Part::Trace:
        return turned(layer.trace.output(m_synapse));
    case Part::Running:
        return straight(m_running, 1 / std::max(m_state[Steps], 1.0));
    case Part::Mean:
        return straight(m_mean, 1 / std::max(m_state[MeanSteps], 1.0));
    case Part::Ann:
        return batch(m_net.layers.back().z);
    default:
        return Base::read(quantity, out);
    }
}

namespace {

/// Accuracies of the shadow, of eq. 8, and of the spiking net at several times; spikes.
template <class Scalar> class ConversionTest final : public TestWatch {
public:
    explicit ConversionTest(const SpikingNet<Scalar>& model)
        : m_model(model)
        , m_running(model.anatomy().quantity("readout.running"))
        , m_ann(model.anatomy().quantity("readout.ann"))
    {
        const double dt = model.parameters().dt;
        for (const double ms : kReadTimes)
            if (ms <= model.parameters().presentationTime)
                m_at.push_back(
                    {static_cast<double>(stepsOf(ms, dt)), static_cast<int>(ms), {}, {}});
        m_spikes.assign(model.net().layers.size() - 2, 0.0);
    }
    void stepped() override
    {
        for (Moment& moment : m_at)
            if (m_model.stepsDone() == moment.steps)
                moment.answers = answer(m_running);
    }
    void presented(std::span<const double> targets, const std::vector<bool>& counts) override
    {
        const SoftLif lif = softLifOf(m_model.net().parameters());
        for (Moment& moment : m_at)
            moment.right.see(moment.answers, targets, counts);
        m_annRight.see(answer(m_ann), targets, counts);
        m_hard.see(rateAnswer(m_model.net(), lif, true), targets, counts);
        for (std::size_t l = 1; l <= m_spikes.size(); ++l)
            m_spikes[l - 1] += m_model.spikesOf(l);
        m_shown += m_model.anatomy().samples; // those that were shown already, too
    }
    std::vector<std::pair<std::string, double>> metrics() const override
    {
        std::vector<std::pair<std::string, double>> all{
            {"test_accuracy_ann", m_annRight.share()}, {"test_accuracy_hard_rate", m_hard.share()}};
        for (const Moment& moment : m_at)
            all.emplace_back(
                "test_accuracy_at_" + std::to_string(moment.ms) + "ms", moment.right.share());
        double sum = 0;
        for (const double spikes : m_spikes)
            sum += spikes;
        const double shown = std::max(m_shown, 1.0);
        all.emplace_back("test_spikes_per_sample", sum / shown);
        for (std::size_t l = 1; l <= m_spikes.size(); ++l) {
            const double units = static_cast<double>(m_model.net().layers[l].z.rows());
            all.emplace_back("layer" + std::to_string(l) + ".rate_hz",
                kPerSecond * m_spikes[l - 1]
                    / (shown * units * m_model.parameters().presentationTime));
        }
        return all;
    }

private:
    struct Moment {
        double steps;
        int ms;
        RightAnswers right;
        std::vector<double> answers;
    };
    std::vector<double> answer(int quantity) const
    {
        const Anatomy& a = m_model.anatomy();
        const Anatomy::Quantity& q = a.quantities[static_cast<std::size_t>(quantity)];
        std::vector<double> out(
            static_cast<std::size_t>(a.of(q).size) * static_cast<std::size_t>(a.cols(q)));
        m_model.read(quantity, out);
        return out;
    }
    const SpikingNet<Scalar>& m_model;
    int m_running, m_ann;
    std::vector<Moment> m_at;
    RightAnswers m_annRight, m_hard;
    std::vector<double> m_spikes;
    double m_shown = 0;
};

} // namespace

template <class Scalar> std::unique_ptr<TestWatch> SpikingNet<Scalar>::testWatch() const
{
    return std::make_unique<ConversionTest<Scalar>>(*this);
}

template class SpikingNet<float>;
template class SpikingNet<double>;

void checkSpikingNet(const Parameters& p)
{
    checkNetwork(p);
    if (p.family<SpikingNetParameters>().output != 0)
        throw InputError({.problem = settingText(p, "activation.output")
                + ": the outputs of a converted net are currents",
            .key = "activation.output",
            .allowed = "linear"});
}

int spikingNetSteps(const std::vector<int>&, const Parameters& p, bool training)
{
    return training && p.family<SpikingNetParameters>().learningOn ? 1 : 0;
}

Anatomy spikingNetAnatomy(const std::vector<int>& sizes, const Parameters& p)
{
    const Parameters shadow = shadowParameters(p);
    const auto& own = shadow.family<NetworkParameters>();
    Anatomy a = networkAnatomy(sizes, own);
    a.timeUnit = "ms";
    using Form = Anatomy::Form;
    addQuantity(a, "input.spikes", 0, Form::Count);
    addQuantity(a, "input.trace", 0, Form::Rate);
    const int outputs = static_cast<int>(sizes.size()) - 1;
    for (int l = 1; l <= outputs; ++l) {
        const std::string layer = layerName(l) + '.';
        const bool normal = own.normalizes() && l < outputs;
        addForward(a, l);
        if (normal)
            addNormWeights(a, l, outputs + 1);
        addQuantity(a, layer + "z", l);
        a.quantities.back().label = kPreActivationLabel;
        if (normal)
            addNormQuantities(a, l);
        addQuantity(a, layer + "delta", l);
        addQuantity(a, layer + "activation", l, Form::Rate);
        addQuantity(a, layer + "current", l);
        if (l == outputs)
            break;
        addQuantity(a, layer + "voltage", l);
        addQuantity(a, layer + "spikes", l, Form::Count);
        addQuantity(a, layer + "trace", l, Form::Rate);
        a.measures.push_back(
            {.name = layer + "rate_hz", .layer = l, .label = "rate", .unit = "Hz"});
    }
    constexpr std::pair<const char*, const char*> readouts[]{
        {"readout.running", "output, running mean"}, {"readout.mean", "output, mean"},
        {"readout.ann", "output of rates"}, {"readout.now", "output now"}};
    for (const auto& [name, label] : readouts) {
        addQuantity(a, name, outputs);
        a.quantities.back().label = label;
    }
    addTargetAndLoss(a);
    return a;
}

std::unique_ptr<Model> makeSpikingNet(const Experiment& e, const Parameters& p)
{
    if (e.precision == "float")
        return std::make_unique<SpikingNet<float>>(e, p);
    return std::make_unique<SpikingNet<double>>(e, p);
}

} // namespace apical
