// The state of a spiking net and what its steps do; only this room sees it.
#pragma once

#include "sim/base/error.h"
#include "sim/lif/alpha_filter.h"
#include "sim/lif/encoder.h"
#include "sim/lif/fixed_state.h"
#include "sim/lif/lif_neurons.h"
#include "sim/model/passing_measures.h"
#include "sim/model/test_watch.h"
#include "sim/network/net_model.h"
#include "sim/spiking_net/spiking_net.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

namespace apical {

/// A feed-forward net, the shadow, and the spiking net that it is converted to.
/// While it learns, a step is a batch of the shadow: forward, backward, update (net.h). Else a step
/// is dt of the converted net: the same weights, W', b' where there is batch normalisation; hidden
/// units are LIF neurons, outputs are currents o(t). In one sweep without delay
///   encode -> filter -> j_1 = W_1 y_0 + b_1 -> LIF_1 -> filter -> j_2 -> ... -> o = W_N y_(N-1) +
///   b_N
/// Spikes of the input enter their filter as n t_ref / (M dt), those of neurons as A / dt;
/// `current` input is y_0 itself. The answer is the mean of o from readout.onset on. Every
/// presentation starts from rest. A filter of what weights make of spikes is what they make of the
/// filtered spikes, so only spikes travel: W alpha(s) = alpha(W s). References: Hunsberger,
/// Eliasmith (2015); Hunsberger (2018)
template <class Scalar> class SpikingNet final : public NetModel<Scalar>, public PassingMeasures {
    using Base = NetModel<Scalar>;
    using Base::m_net, Base::m_parameters, Base::m_anatomy;
    using typename Base::Pass;

public:
    SpikingNet(const Experiment&, const Parameters&);

    void step(const Drive& d) override
    {
        const bool learns = d.learning && own().learningOn;
        if (learns)
            learn(d);
        else
            spike(d);
    }
    void read(int quantity, std::span<double> out) const override;
    int answer() const override { return m_answer; }
    int watchedSample() const override { return std::min(own().batchWatch, m_anatomy.samples - 1); }
    void measure(std::span<double> out) const override
    {
        const double ms = m_state[Steps] * m_parameters.dt;
        for (std::size_t l = 1; l < m_layers.size(); ++l)
            out[l - 1] = !spiking() || ms == 0 ? 0
                                               : 1000 * m_layers[l - 1].sent[0]
                    / (ms * static_cast<double>(m_layers[l - 1].current.size()));
    }
    bool tells(std::size_t) const override { return spiking(); } ///< the shadow has no spikes
    std::unique_ptr<TestWatch> testWatch() const override;
    void setParameters(const Parameters& p) override;
    std::vector<std::byte> save() const override
    {
        std::vector<std::byte> all = Base::save();
        const std::vector<std::byte> own = saveFixedState(*this);
        all.insert(all.end(), own.begin(), own.end());
        return all;
    }
    void restore(std::span<const std::byte> bytes) override
    {
        const std::size_t own = fixedStateSize(*this);
        if (bytes.size() < own)
            throw InputError({.problem = "saved state does not fit this network", .key = "state"});
        Base::restore(bytes.first(bytes.size() - own));
        restoreFixedState(*this, bytes.last(own));
        m_stale = true;
    }
    void resetPotentials() override { rest(); }
    bool finite() const override
    {
        if (spiking())
            return std::ranges::all_of(m_layers, [](const Layer& l) {
                return std::ranges::all_of(l.current, [](Scalar j) { return std::isfinite(j); });
            });
        return std::ranges::all_of(
            m_net.above(), [](const auto& l) { return allFinite(l.z) && allFinite(l.weights); });
    }
    const Net<Scalar>& net() const { return m_net; }
    /// Spikes of hidden layer l in this presentation, of all its samples.
    double spikesOf(std::size_t l) const { return m_layers[l - 1].sent[0]; }
    double stepsDone() const { return m_state[Steps]; }

    template <class Self, class F> static void visit(Self& self, F f)
    {
        f(stateSpan(self.m_state));
        f(stateSpan(self.m_inputCount));
        f(stateSpan(self.m_inputTrace.first()));
        f(stateSpan(self.m_inputTrace.second()));
        f(stateSpan(self.m_running));
        f(stateSpan(self.m_mean));
        for (auto& l : self.m_layers) {
            f(stateSpan(l.current));
            f(stateSpan(l.arriving.first()));
            f(stateSpan(l.arriving.second()));
            f(stateSpan(l.neurons.voltage()));
            f(stateSpan(l.neurons.refractory()));
            f(stateSpan(l.trace.first()));
            f(stateSpan(l.trace.second()));
            f(stateSpan(l.count));
            f(stateSpan(l.sent));
        }
    }

private:
    using Values = std::vector<Scalar>; ///< [sample][unit]: a column-major N x B
    enum State { Spiking, Steps, MeanSteps };
    /// 1..N; neurons and what they send only of hidden ones.
    struct Layer {
        int units = 0;
        Values current; ///< j_l
        AlphaFilter<Scalar> arriving; ///< W_l y_(l-1)
        LifNeurons<Scalar> neurons;
        AlphaFilter<Scalar> trace; ///< y_l
        std::vector<double> count; ///< spikes since the start
        std::vector<double> sent{0}; ///< in this presentation, all together
        std::vector<std::int32_t> fired; ///< places of those that spiked in this step
    };
    /// What is read where: a part of the shadow while it learns, of the spiking net else.
    enum class Part {
        Shadow,
        InputSpikes,
        InputTrace,
        Current,
        Voltage,
        Spikes,
        Trace,
        Running,
        Mean,
        Ann,
        Now,
        Both
    };
    struct Source {
        Part part = Part::Shadow;
        std::size_t layer = 0;
    };

    const SpikingNetParameters& own() const
    {
        return m_parameters.template family<SpikingNetParameters>();
    }
    bool spiking() const { return m_state[Spiking] != 0; }
    const Batch<Scalar>& weights(std::size_t l) const
    {
        const auto& layer = m_net.layers[l];
        return layer.norm.present() ? layer.norm.fused : layer.weights;
    }
    /// j_1 of `current` input: the place of a delta, which means nothing to the spiking net.
    Batch<Scalar>& constantCurrent() { return m_net.layers[1].delta; }
    void learn(const Drive&);
    void spike(const Drive&);
    void rest();
    void showInput(const Drive&);
    void encode(const Drive&);
    void addBias(std::size_t l);

    Encoder m_encoder;
    LifSetting m_neuron;
    AlphaSetting m_synapse;
    SoftLif m_lif;
    double m_tRef = 4;
    std::uint32_t m_onset = 0;
    std::vector<Layer> m_layers;
    AlphaFilter<Scalar> m_inputTrace; ///< y_0, [input][sample] as the encoder has it
    std::vector<double> m_inputCount; ///< spikes since the start
    Values m_arrived; ///< scratch: sizes of the input's spikes
    Values m_incoming; ///< scratch: what spikes make of weights
    std::vector<double> m_running, m_mean; ///< sums of o, [output][sample]
    std::vector<double> m_state{0, 0, 0};
    std::vector<Source> m_sources; ///< in the anatomy's order
    bool m_stale = true; ///< j_1 of `current` input, and z_N, are of other weights or another input
    int m_answer = 0;
};

extern template class SpikingNet<float>;
extern template class SpikingNet<double>;

} // namespace apical
