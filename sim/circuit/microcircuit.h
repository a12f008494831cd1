// The dendritic microcircuit, rate model.
//
// A stack of pyramidal layers. Pyramidal neurons have a basal, an apical and a somatic compartment;
// every hidden layer l keeps one interneuron per pyramidal neuron of layer l+1. Basal dendrites see
// the layer below (W_up), apical dendrites the layer above (W_down) and the layer's own
// interneurons (W_pi), interneuron dendrites their own layer (W_ip). Interneurons are nudged
// towards the next layer's potentials, outputs towards the target. Where W_ip predicts the next
// layer and W_pi cancels W_down, apical dendrites are silent: the self-predicting state.
//
//   symbol            meaning                                        unit
//   x                 filtered input rate; sent as it is, or with input.look_ahead in LE mode as
//                     x + dx/dt / G_hidden                           1
//   u, p              somatic potential; what is broadcast: LE u + (1/G) du/dt, else u     1
//   v_B, v_A, v_D     basal, apical, interneuron-dendrite potential  1
//   r = phi(p)        rate                                           1
//   g_l ... g_som     conductances, C = 1                            1/ms
//   G                 total conductance of a soma                    1/ms
//   eta               learning rates                                 1/ms
//
// One step (synchronous: the right-hand sides are those the last step left, but for this step's x
// and target):
//   v_B = W_up r_below    v_dist = W_down r_next    v_A = v_dist + W_pi r_inn    v_D = W_ip r
//   s_hidden = (g_b v_B + g_a v_A) / G
//   s_inn = (g_b v_D + g_som p_next) / G
//   s_out = (g_b v_B + g_som target) / G if nudged, else g_b v_B / (g_l + g_b)
//   du/dt = G (s - u), plus noise; the look-ahead sees both
//   dW_up = eta (phi(p') - phi(alpha v_B)) x r_below
//   dW_ip = eta (phi(p'_inn) - phi(alpha v_D)) x r
//   dW_pi = eta (-v_A) x r_inn
//   dW_down = eta (phi(p') - phi(v_dist)) x r_next
// with p' the value after the step, and alpha = g_b / G_hidden, or g_b / (g_l + g_b) for outputs
// and interneurons. v_dist is the distal apical compartment: it hears W_down only and passes its
// potential on to the proximal one, v_A, with conductance 1 (Gille, Sec. 6.4).
//
// References: Sacramento, Costa, Bengio, Senn (2018); Haider et al. (2021); Urbanczik and Senn
// (2014).
#pragma once

#include "sim/circuit/backprop.h"
#include "sim/circuit/circuit_anatomy.h"
#include "sim/circuit/circuit_weights.h"
#include "sim/circuit/self_prediction.h"
#include "sim/model/kernels.h"
#include "sim/model/model.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace apical {

/// How a first layer with many inputs is stepped: its W_up touched once per presentation where that
/// gives the same (see microcircuit_input.cpp), or at every step like all others.
enum class FirstLayer { oncePerInput, everyStep };

/// The model above in precision T (double or float). step() allocates nothing.
template <class T> class Microcircuit final : public Model {
public:
    /// @param sizes input, hidden..., output @param initial one entry per target layer
    Microcircuit(std::vector<int> sizes, const Parameters&,
        const std::vector<LayerWeights>& initial, std::uint64_t seed,
        FirstLayer = FirstLayer::oncePerInput);
    ~Microcircuit() override;

    void step(const Drive&) override;
    const Anatomy& anatomy() const override { return m_circuit.anatomy; }
    void read(int quantity, std::span<double>) const override;
    void readWeights(int projection, std::span<double>) const override;
    void setWeights(int projection, std::span<const double>) override;
    void measure(std::span<double> out) const override { measureSelfPrediction(*this, out); }
    int answer() const override;
    std::unique_ptr<ExactGradient> exactGradient() const override
    {
        return circuitBackprop(m_circuit.anatomy, m_sizes, m_parameters);
    }
    void act(std::string_view) override { jumpToSelfPrediction(*this); }
    const std::vector<Probe>& probes() const override { return m_probes; }
    const Parameters& parameters() const override { return m_parameters; }
    void setParameters(const Parameters&) override;
    std::vector<std::byte> save() const override;
    void restore(std::span<const std::byte>) override;
    void resetPotentials() override;
    bool finite() const override;
    double largestPotential() const override;

private:
    // A pathway: its weights, the change that is due, and the low-passed change.
    struct Pathway {
        WeightBlock<T> weights;
        T* post = nullptr; ///< post factor of the change that is due, times dt eta
        const T* pre = nullptr;
        T* filtered = nullptr; ///< same layout as the weights; moves only with plasticity.tau_w
        mutable bool due =
            false; ///< whoever looks applies the change: no value seen depends on when
        T clip{};
        double tau = 0; ///< ms, of the low-pass; 0 = off
    };
    struct Population {
        int size = 0;
        T *dendrite = nullptr, *soma = nullptr, *broadcast = nullptr, *rate = nullptr,
          *rateBefore = nullptr;
        T *attenuated = nullptr, *attenuatedRate = nullptr; ///< alpha v and phi of it
    };
    struct Layer {
        Population pyramidal, interneurons;
        T *topdown = nullptr, *lateral = nullptr, *apical = nullptr, *topdownRate = nullptr;
        Pathway up, down, ip, pi;
    };

    struct Cursor;
    void layOut(Cursor&);
    void setBias();
    void makeProbes();
    void flush() const;
    void flush(const Pathway&) const;
    /// What is sent is the input itself, and a change of W_up is one outer product.
    static bool inputCanStandStill(const Parameters&);
    bool standsStill(const Drive&) const;
    void receive(std::span<const double> input, bool jump);
    void lowPassTarget(std::span<const double> target, bool jump);
    void firstProduct(bool still);
    void beginHold();
    OuterUpdate<T> heldUpdate() const;
    void settleHeld();
    bool staysWithinClip();
    T largestFirstWeight() const;
    void copyFirst(std::span<double> out) const;
    void product(Pathway&, const T* x, T* y);
    bool transposedFeedback() const;
    WeightBlock<T> transposedUp(const Layer& next, int rows) const;
    void feedback(Layer&, Layer& next);
    void copyTransposed(int layer, T factor, std::span<double> out) const;
    void keepTransposed();
    void learn(const Drive&, double dt);
    void schedule(Pathway&, double dt);
    void addNoise(std::uint64_t step, double dt);
    Pathway& pathway(int projection);
    void readError(const Population&, const T* predicted, std::span<double> out) const;
    void copy(const Pathway&, std::span<double> out) const;
    int last() const { return static_cast<int>(m_layers.size()) - 1; }

    std::vector<int> m_sizes;
    Parameters m_parameters;
    std::uint64_t m_seed;
    FirstLayer m_firstLayer;
    Transfer<T> m_transfer;

    struct Free {
        void operator()(T* p) const;
    };
    std::unique_ptr<T[], Free> m_arena; ///< the whole state, one block: saving is a copy
    std::size_t m_arenaSize = 0;
    std::vector<Layer> m_layers;
    int m_inputSize = 0;
    T *m_filtered = nullptr, *m_input = nullptr,
      *m_inputBefore = nullptr; ///< x of this step; what is sent; the copy due changes refer to
    T *m_target = nullptr,
      *m_targetNext = nullptr; ///< used in this step; this step's, for the shift
    // Single numbers of the state. Those from kHold on belong to the input that stands still.
    enum Flag {
        kStarted,
        kNudgedBefore, ///< nudging flag for the shift
        kNudged, ///< in the last step
        kHold, ///< one of Hold
        kInputSquare, ///< x.x of the held input
        kLargestInput, ///< of its entries
        kLargestWeight, ///< upper bound for the first W_up; 0 = not known
        kHeldSteps,
        kFirstDue, ///< written by save()
        kFlags
    };
    /// How the change of the first W_up is kept: none yet; summed up for the input that stands
    /// still; step by step until the input changes, since a weight may meet its clip.
    enum class Hold { none, summed, plain };
    T* m_flags = nullptr;
    T* m_heldChange = nullptr; ///< sum of the post factors; nullptr: inputs are few, see kWideInput
    Columns<T> m_columns; ///< scratch
    static constexpr int kTile = 16; ///< columns that are copied together
    std::unique_ptr<T[], Free> m_tile; ///< scratch for them, and for what changes them
    T *m_broadcasts = nullptr, *m_rates = nullptr, *m_ratesBefore = nullptr;
    T *m_attenuated = nullptr, *m_attenuatedRates = nullptr;
    int m_broadcastSize = 0, m_rateSize = 0;
    T* m_somata = nullptr;
    CircuitAnatomy m_circuit;
    std::vector<Probe> m_probes;
    std::unique_ptr<T[], Free> m_scratch; ///< of probes; no part of the state
};

extern template class Microcircuit<double>;
extern template class Microcircuit<float>;

} // namespace apical
