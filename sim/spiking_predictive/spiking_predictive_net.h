// The state of spiking predictive coding and what its steps do; only this room sees it.
#pragma once

#include "sim/lif/alpha_filter.h"
#include "sim/lif/fixed_state.h"
#include "sim/lif/lif_neurons.h"
#include "sim/model/model.h"
#include "sim/model/passing_measures.h"
#include "sim/model/test_watch.h"
#include "sim/network/net.h"
#include "sim/spiking_predictive/spiking_predictive.h"

#include <cstdint>
#include <vector>

namespace apical {

/// Values [sample][unit] as a matrix of so many rows.
template <class Scalar> auto asBatch(const std::vector<Scalar>& values, Eigen::Index rows)
{
    return Eigen::Map<const Batch<Scalar>>(
        values.data(), rows, static_cast<Eigen::Index>(values.size()) / rows);
}
template <class Scalar> auto asBatch(std::vector<Scalar>& values, Eigen::Index rows)
{
    return Eigen::Map<Batch<Scalar>>(
        values.data(), rows, static_cast<Eigen::Index>(values.size()) / rows);
}

/// Layers l = 1..N of a population of values (LIF neurons with weights W_l, b_l from below) and a
/// pair of error populations (integrate-and-fire, one sends +, one -), all of each sample of a
/// batch. Phase A, prediction, each step, with the traces y_l = alpha(A/dt spikes):
///   mu_1 = W_1 x_0 + b_1, mu_l = W_l y_(l-1) + b_l with y of the step before; neurons driven by mu
/// mub_l, latched, is the mean of mu_l over the steps k >= K_A / 2. Phase B, error, from x_l =
/// mub_l:
///   1  e_l = x_l - mub_l, e_N = target - softmax(mub_N) or target - mub_N
///   2  v_l += dt e_l; n = clip(floor(v_l / q + 1/2), -1, 1); v_l -= n q; eh_l = alpha(n q / dt)
///   3  x_l += dt / tau_x (mub_l - x_l + A r_s'(mub_l) * (K_l eh_(l+1)))
///   4  neurons driven by mub_l, which go on reporting the prediction
///   5  from t_w on: gradients -eh_l y_(l-1)^T, of the mean over steps and samples
/// Strict: mu_l from y in phase B, too, in place of mub_l in 1 and 3; neurons driven by x_l.
/// With batch normalisation mu_l of hidden layers is G zh + S, zh = (z_l - m) / sqrt(v + e) of what
/// stands above, z_l; and what comes down is K_l (s eh_(l+1)), s = G / sqrt(v + e). Statistics of
/// the batch are those of z_l at each step of phase A; phase B has their means over the steps that
/// are latched, which running ones follow, and the mean zhb of zh. Nothing is local to a sample
/// then: what comes down, and what weights learn from, is not eh_l but
///   eh_l - mean(eh_l) - zhb mean(eh_l zhb), of means over the samples
/// (batch_norm.h; spikes of errors are taken so, since a filter of a sum is a sum of filters).
/// A filter of what weights make of spikes is what they make of the filtered spikes, so only spikes
/// travel: W alpha(s) = alpha(W s).
/// Whittington, Bogacz (2017); Hunsberger (2018); with spikes of both signs for the errors.
template <class Scalar> class SpikingPredictiveNet final : public Model, public PassingMeasures {
public:
    SpikingPredictiveNet(const Experiment&, const Parameters&);

    void step(const Drive&) override;
    const Anatomy& anatomy() const override { return m_anatomy; }
    void read(int quantity, std::span<double>) const override;
    void readWeights(int projection, std::span<double>) const override;
    void setWeights(int projection, std::span<const double>) override;
    void measure(std::span<double>) const override;
    bool tells(std::size_t measure) const override // spikes are those of both phases
    {
        return !m_anatomy.measures[measure].trainingSpikes || m_state[Phase] != 0;
    }
    int answer() const override { return m_answer; }
    int watchedSample() const override;
    double loss(std::span<const double> answer, std::span<const double> target) const override
    {
        return m_net.loss(answer, target);
    }
    std::unique_ptr<ExactGradient> exactGradient() const override;
    std::unique_ptr<TestWatch> testWatch() const override;
    const std::vector<Probe>& probes() const override { return m_probes; }
    const Parameters& parameters() const override { return m_parameters; }
    void setParameters(const Parameters&) override;
    std::vector<std::byte> save() const override { return saveFixedState(*this); }
    void restore(std::span<const std::byte> bytes) override;
    void resetPotentials() override { startPrediction(); }
    bool finite() const override;
    template <class Self, class F> static void visit(Self&, F);

private:
    using Values = std::vector<Scalar>; ///< [sample][unit]: a column-major N x B
    /// 1..N. What hidden layers alone have is empty in the last one.
    struct Layer {
        int units = 0;
        bool hidden = false;
        Values mu, latched, slope; ///< mu_l; mub_l; A r_s'(mub_l)
        AlphaFilter<Scalar> current; ///< W_l y_(l-1), from layer 2 on
        Values charge, error; ///< v_l, e_l
        AlphaFilter<Scalar> errorTrace; ///< eh_l
        Values errorSum, errorMean;
        std::vector<double> errorCount; ///< spikes of + less those of -, since the start
        std::vector<std::uint8_t> active; ///< 1: has spiked in this phase B; padded to words
        std::vector<std::int32_t> sent; ///< places of errors that spiked, and then their signs
        // hidden
        Values value, shown; ///< x_l; of the last step of phase A
        LifNeurons<Scalar> neurons;
        AlphaFilter<Scalar> trace, feedback; ///< y_l; K_l eh_(l+1)
        Values traceSum, traceMean;
        std::vector<double> spikeCount;
        std::vector<std::int32_t> fired; ///< places of neurons that spiked in this step
        Batch<Scalar> back; ///< K_l as its columns are needed
        Batch<Scalar> sums; ///< N_(l-1) x N_l: sum of y_(l-1) eh_l^T
        OptimizerState<Scalar> feedbackOptimizer;
        // normalised: sums over the steps that are latched
        Batch<Scalar> statistics; ///< m, v: N_l x 2
        Batch<Scalar> centred; ///< zh, N_l x B
        Batch<Scalar> projected, means, product; ///< scratch of phase B
        std::vector<std::uint8_t> sends; ///< scratch: whether a unit's errors spiked in this step
    };

    const SpikingPredictiveParameters& own() const
    {
        return m_parameters.family<SpikingPredictiveParameters>();
    }
    Layer& at(std::size_t l) { return m_layers[l - 1]; }
    const Layer& at(std::size_t l) const { return m_layers[l - 1]; }
    std::size_t last() const { return m_layers.size(); }
    /// see(place) for each error that has spiked: only their traces are not 0.
    template <class See> static void eachActive(const Layer& layer, See&& see)
    {
        eachSpecial(layer.active.data(), layer.error.size(), see);
    }
    using NormPass = typename Net<Scalar>::Pass;
    void startPrediction();
    void showInput(const Drive&);
    void predict(std::size_t l);
    /// W_l, b_l as spikes meet them: W', b' of a pass that is fused.
    const Batch<Scalar>& met(std::size_t l) const;
    bool passes(NormPass pass) const
    {
        return m_state.size() > Normalises && m_state[Normalises] == static_cast<double>(pass);
    }
    void startNorm(const Drive&);
    void needNorm();
    void normalise(std::size_t l);
    void sumStatistics();
    void latchStatistics();
    void project(std::size_t l);
    void sendNormalised(std::size_t l, const Batch<Scalar>& k, Scalar sent);
    void gatherNormalised(std::size_t l);
    void normaliseGradient(std::size_t l);
    void fire(std::size_t l, const Values& current);
    void recallCounts(const Drive&);
    void predictionStep(const Drive&);
    void latch();
    void startErrors(std::uint64_t drawStep);
    bool errorStep(const Drive&); ///< whether it was the last one
    void sendErrors(std::size_t l);
    void moveValues(std::size_t l);
    void gather(std::size_t l);
    void finishGradients();
    void update(std::uint64_t epoch);
    void needWeights();

    std::vector<int> m_sizes;
    Anatomy m_anatomy;
    std::uint64_t m_seed;
    Parameters m_parameters;
    Net<Scalar> m_net; ///< weights, target, optimizer
    std::vector<Layer> m_layers;
    LifSetting m_neuron;
    AlphaSetting m_synapse;
    SoftLif m_lif;
    double m_gain = 1;
    Values m_incoming; ///< scratch: what spikes make of weights in this step
    /// Phase, 0 or 1; whether there is a latch; spikes of this presentation, and of the last one
    /// with both phases.
    /// Where there is normalisation, how this presentation has it.
    enum State {
        Phase,
        Latched,
        ErrorSpikes,
        ValueSpikes,
        LastErrorSpikes,
        LastValueSpikes,
        Normalises
    };
    std::vector<double> m_state{0, 0, 0, 0, 0, 0};
    /// Steps of this presentation: until the latch, summed for it, summed for the gradients.
    /// Parameters may change in its midst, so they are counted.
    enum Count { LatchedAt, Predictions, Gathered };
    std::vector<double> m_counts{0, 0, 0};
    /// m_layers[0].mu, Layer::back and s are of other weights or another input.
    bool m_stale = true;
    bool m_updated = false; ///< the last step changed weights
    int m_answer = 0;
    std::vector<Probe> m_probes;
};

/// Everything that is state.
template <class Scalar>
template <class Self, class F>
void SpikingPredictiveNet<Scalar>::visit(Self& self, F f)
{
    f(stateSpan(self.m_state));
    f(stateSpan(self.m_net.memory));
    f(stateSpan(self.m_net.target));
    f(stateSpan(self.m_net.layers[0].rates));
    for (auto& l : self.m_net.layers) {
        for (auto* values : {&l.weights, &l.gradient, &l.down, &l.optimizer.m, &l.optimizer.v})
            f(stateSpan(*values));
        for (auto* values : {&l.norm.weights, &l.norm.before, &l.norm.gradient, &l.norm.used,
                 &l.norm.centred, &l.norm.optimizer.m, &l.norm.optimizer.v})
            f(stateSpan(*values));
    }
    for (auto& l : self.m_layers) {
        for (auto* values : {&l.mu, &l.latched, &l.slope, &l.charge, &l.error, &l.errorSum,
                 &l.errorMean, &l.value, &l.shown, &l.traceSum, &l.traceMean})
            f(stateSpan(*values));
        for (auto* filter : {&l.current, &l.errorTrace, &l.trace, &l.feedback}) {
            f(stateSpan(filter->first()));
            f(stateSpan(filter->second()));
        }
        f(stateSpan(l.neurons.voltage()));
        f(stateSpan(l.neurons.refractory()));
        f(stateSpan(l.active));
        f(stateSpan(l.errorCount));
        f(stateSpan(l.spikeCount));
        f(stateSpan(l.sums));
        f(stateSpan(l.feedbackOptimizer.m));
        f(stateSpan(l.feedbackOptimizer.v));
        f(stateSpan(l.statistics));
        f(stateSpan(l.centred));
    }
    f(stateSpan(self.m_counts)); // last: see restore()
}

extern template class SpikingPredictiveNet<float>;
extern template class SpikingPredictiveNet<double>;

} // namespace apical
