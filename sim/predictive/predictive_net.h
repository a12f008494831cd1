// Predictive coding. Values x_l of layers l = 1..N, x_0 the input and, while there is a target,
// x_N = y; predictions mu_l, errors eps_l = x_l - mu_l, weighted e_l = pi_l eps_l:
//   pre    mu_l = W_l f(x_(l-1)) + b_l, f(x_0) = x_0        post   mu_l = f(W_l x_(l-1) + b_l)
//   F = sum_l 1/2 pi_l |eps_l|^2; of cross-entropy the last term is pi_N CE(softmax(mu_N), y), and
//   eps_N = y - softmax(mu_N)
// Inference goes down F, all errors of one read first, then all hidden values:
//   x_l <- x_l + gamma (-e_l + back_l),   with d_l = -e_l (pre) or -f'(z_l) * e_l (post)
//   back_l = -f'(x_l) * (W_(l+1)^T d_(l+1))   pre      back_l = -W_(l+1)^T d_(l+1)   post
// Learning is local: dF/dW_l = d_l sent_(l-1)^T / B, sent = f(x) (pre) or x (post).
// It starts from the forward pass, x_l = mu_l. Schedules of T moves, reads at t = 0..T:
//   il                 weights change at t = T
//   fixed-prediction   the same, with mu, f' and sent as they are at t = 0
//   incremental        weights change at every t < T, together with x
//   zil                layer N - t changes at t; with gamma 1 that is backprop to rounding
// References: Whittington, Bogacz (2017); Song et al. (2020); Millidge et al. (2022); Salvatori et
// al. (2024)
#pragma once

#include "sim/model/passing_measures.h"
#include "sim/model/warns.h"
#include "sim/network/net_model.h"
#include "sim/predictive/predictive.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace apical {

template <class Scalar>
class PredictiveNet final : public NetModel<Scalar>, public Warns, public PassingMeasures {
    using Base = NetModel<Scalar>;
    using Base::m_net, Base::m_parameters;
    using typename Base::Layer;
    using typename Base::Pass;

public:
    PredictiveNet(const Experiment&, const Parameters&);

    void step(const Drive&) override;
    int answer() const override { return m_answerQuantity; }
    void measure(std::span<double>) const override;
    bool tells(std::size_t) const override { return m_memory[Nudged] != 0; }
    /// An inference that should go down the energy, and went up.
    std::string warning() const override;
    void read(int quantity, std::span<double>) const override;
    void readWeights(int projection, std::span<double>) const override;
    void setParameters(const Parameters&) override;
    bool finite() const override;

    /// The move of all hidden values, N_l x B each, layer by layer, from other values than these:
    /// -dF/dx. The state is another afterwards; a first read sets it right.
    void moveAt(std::span<const double> values, std::span<double> move);

    /// Noise at the start is that of column `first` and the following ones in a batch of so many
    /// samples, in a run with this seed; without this call that of its own batch.
    void drawNoiseOf(std::uint64_t seed, int first, int samples)
    {
        m_seed = seed;
        m_noiseFirst = static_cast<std::uint32_t>(first);
        m_noiseSamples = static_cast<std::uint32_t>(samples);
    }

private:
    /// Of layers 1..N, beside what the net has of them: its rates are what a layer sends, its z and
    /// normalisation those of the last prediction, its delta is d_l.
    struct Values {
        Batch<Scalar> value, prediction, error, weighted, move; ///< N_l x B
        Batch<Scalar> energy = Batch<Scalar>::Zero(1, 1);
        double precision = 1;
        PackedFactor<Scalar> up, down; ///< the layer's weights, multiplied at every read
        bool resting = false; ///< the next move is 0: what the layer sends stays
    };
    /// What is remembered from step to step, besides matrices.
    enum Memory { RateFactor, Total, Rises, Moves, Nudged, Written };

    const auto& own() const { return m_parameters.template family<PredictiveParameters>(); }
    bool post() const { return own().mode == inference_mode::post; }
    bool frozen() const { return own().schedule == inference_schedule::fixed_prediction; }
    std::size_t layers() const { return m_values.size() - 1; } ///< N
    double& remembered(std::size_t what) { return m_memory[what]; }

    void answerOnly(const Drive&, Pass);
    void start(const Drive&);
    bool shows(std::span<const double> input) const; ///< whether it is the input it has
    void addNoise(std::uint64_t step);
    void moveValues();
    /// What a layer sends of its value, of some samples.
    void send(std::size_t l, Eigen::Index first, Eigen::Index samples);
    void send(std::size_t l) { send(l, 0, m_values[l].value.cols()); }
    void predict(std::size_t l);
    void readErrors(std::size_t l);
    void sumEnergy(bool first);
    double rounding() const;
    /// Where the next move goes. @param still nothing errs in the layer above
    void aim(std::size_t l, bool still);
    void learn(std::size_t t, std::size_t last, const Drive&);
    void write(std::size_t l);

    void computeExact() const; ///< backprop at the weights of t = 0
    void computeEquilibrium() const;
    void restored() override;

    std::uint64_t m_seed;
    std::uint32_t m_noiseFirst = 0, m_noiseSamples = 0; ///< columns; 0 samples: those of the batch
    std::vector<Values> m_values; ///< 0..N, the first is empty
    std::vector<double> m_memory; ///< then, per layer, whether its weights changed since t = 0
    std::vector<double> m_reported; ///< measures of the last inference, per sample
    Batch<Scalar> m_answer, m_total = Batch<Scalar>::Zero(1, 1), m_time = Batch<Scalar>::Zero(1, 1);
    int m_answerQuantity = -1;
    std::vector<std::size_t> m_changed; ///< layers whose weights this step wrote
    bool m_allRead = false; ///< this step read the errors of all layers

    // Worked out when they are read; never state.
    mutable bool m_exactKnown = false, m_equilibriumKnown = false;
    mutable std::unique_ptr<Net<Scalar>> m_exact;
    mutable std::vector<Batch<Scalar>> m_exactDelta, m_exactGradient;
    mutable Batch<Scalar> m_equilibriumEnergy = Batch<Scalar>::Zero(1, 1),
                          m_rateLimit = Batch<Scalar>::Zero(1, 1), m_covariance;
    std::vector<bool> m_isExact, m_isEquilibrium; ///< per quantity
    std::vector<bool> m_isExactWeight; ///< per projection
};

} // namespace apical
