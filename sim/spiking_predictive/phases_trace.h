// Both phases of spiking predictive coding while it sees one sample, to look at: every spike of
// values and errors, the currents, and what backprop would make of the same sample. The model
// itself makes it, a batch of one, whose last step changes no weight; of a net that normalises it
// is the plain one that its running statistics amount to.
#pragma once

#include "sim/experiment/experiment.h"
#include "sim/model/anatomy.h"

#include <cstdint>
#include <string>
#include <vector>

namespace apical {

/// What the two phases follow from.
struct PhasesCase {
    std::vector<int> sizes; ///< input, hidden..., output
    Parameters parameters{}; ///< of spiking predictive coding; the batch is not used
    std::vector<NamedMatrix> weights{};
    std::string precision = "float"; ///< float or double
    std::uint64_t seed = 1; ///< of the charges that error neurons start with
    std::vector<double> input{}, target{};
    std::uint64_t firstStep = 0; ///< of the run, at which phase A would begin: their address
    bool operator==(const PhasesCase&) const = default;
};

/// Steps are dt ms long and count from the start of phase A; matrices are [step][unit].
struct PhasesTrace {
    struct Spike {
        std::uint32_t step = 0, neuron = 0;
        int sign = 1; ///< -1: of the neuron that sends negative errors
        bool operator==(const Spike&) const = default;
    };
    struct Layer {
        int units = 0;
        bool hidden = true; ///< false: the output, which has no values of its own
        std::vector<Spike> values, errors; ///< by step, then by neuron
        Matrix prediction; ///< mu_l; in phase B as the model reads it, latched unless strict
        Matrix value; ///< x_l; NaN before the latch; empty in the output
        Matrix errorTrace; ///< eh_l
        std::vector<double> latched; ///< mub_l
        std::vector<double> errorMean; ///< of eh_l, over the window in which weights learn
        /// Minus delta of backprop at the latched currents,
        ///   d_N = target - softmax(mub_N) or target - mub_N
        ///   d_l = A r_s'(mub_l) * (W_(l+1)^T d_(l+1))
        /// which errorMean comes to, up to a part of q over the window, where feedback is W^T.
        std::vector<double> backprop;
        std::vector<double> exact; ///< minus delta of the net of soft-LIF rates
        /// Of errors with this sign.
        std::size_t sent(int sign) const;
    };

    double dt = 1; ///< ms
    std::uint32_t stepsA = 0, stepsB = 0;
    std::uint32_t window = 0; ///< step from which on weights learn, counted from phase A
    std::vector<Layer> layers; ///< 1..N

    bool empty() const { return layers.empty(); }
    std::uint32_t steps() const { return stepsA + stepsB; }
    double ms(double step) const { return step * dt; }
    std::size_t valueSpikes() const;
    std::size_t errorSpikes() const;
};

/// Whether a model predicts first and then errs, with a latch in between.
bool hasTwoPhases(const Anatomy&);

/// The same net without normalisation: W', b' of the running statistics. What comes down from a
/// layer that is normalised went through s, so K' = K diag(s). One without normalisation is itself;
/// it needs no sample yet. @throws InputError for weights that are missing or of another size
PhasesCase plainCase(PhasesCase);

/// What the net of soft-LIF rates loses on the sample: -sum T ln softmax(mu_N) or 1/2 |T - mu_N|^2.
/// Cheap beside a trace, of a plainCase(). @throws InputError as tracePhases
double rateLoss(const PhasesCase&);

/// @throws InputError for another model, or input, target or sizes that do not go together
PhasesTrace tracePhases(const PhasesCase&);

} // namespace apical
