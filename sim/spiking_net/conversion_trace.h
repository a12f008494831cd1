// What happens in the converted net while it sees one image: every spike, the outputs, what it
// would decide at each moment, and what the net of rates says of the same image.
#pragma once

#include "sim/experiment/experiment.h"
#include "sim/model/model.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace apical {

/// A net that learned with rates, as a value: all that its conversion depends on.
struct ConversionNet {
    std::vector<int> sizes; ///< input, hidden..., output
    Parameters parameters{}; ///< of model spiking-net
    std::vector<NamedMatrix> weights;
    std::string precision = "float"; ///< in which it is simulated: float or double
    std::uint64_t seed = 1; ///< of what the encoder draws
};

/// How pixels reach the spiking net, and how long its synapses remember.
struct ConversionVariant {
    int encoder = 0; ///< encoder_kind
    double synapseMs = 5; ///< tau_s
    bool operator==(const ConversionVariant&) const = default;
};
ConversionVariant variantOf(const Parameters&);
void setVariant(Parameters&, const ConversionVariant&);

/// Time is counted in steps of dt ms from the start of the presentation, which begins from rest.
struct ConversionTrace {
    struct Spike {
        std::uint32_t step = 0, neuron = 0;
        std::uint32_t count = 1; ///< an input may send several in a step
        bool operator==(const Spike&) const = default;
    };
    struct Population {
        std::string name; ///< "input", "layer1"
        int size = 0;
        bool sends = true; ///< false: an input that is a constant current
        std::vector<Spike> spikes; ///< by step, then by neuron
        std::vector<double> rates; ///< what the net of rates says, spikes per ms; the input's: none
        double spikesUntil(std::uint32_t steps) const; ///< in the first so many steps
        std::vector<double> counts(std::uint32_t steps) const; ///< the same of each neuron
    };

    double dt = 1; ///< ms
    std::uint32_t steps = 0;
    std::vector<Population> populations; ///< input, then the hidden layers
    int classes = 0;
    std::vector<double> output; ///< o, [step][class]
    std::vector<double> running; ///< its mean from the first step on, [step][class]
    /// argmax of `running`, the first of equals; -1 before the last hidden layer has sent a spike:
    /// until then o is made of biases alone and tells nothing of the image.
    std::vector<int> decisions;
    std::vector<double> ann; ///< z_N of the net of rates
    bool entropy = false; ///< outputs are what a softmax is taken of

    std::span<const double> outputAt(std::uint32_t step) const { return row(output, step); }
    std::span<const double> runningAt(std::uint32_t step) const { return row(running, step); }
    int decision() const { return decisions.empty() ? -1 : decisions.back(); }
    int annDecision() const;
    /// ms at the end of the first step from which on the decision is the last one; -1: there is
    /// none.
    double decidedMs() const;

private:
    std::span<const double> row(const std::vector<double>& all, std::uint32_t step) const
    {
        const auto n = static_cast<std::size_t>(classes);
        return std::span(all).subspan(step * n, n);
    }
};

/// Step from which on the last of the decisions holds; -1 if that is none (-1).
int settledFrom(std::span<const int> decisions);
/// exp(v - max) / sum.
std::vector<double> softmax(std::span<const double> values);

/// The model of a run, with these weights, for so many images side by side. What is shown to it
/// with learning and no target is answered with rates, without learning with spikes.
/// @throws InputError for parameters or sizes that are not those of such a net
std::unique_ptr<Model> convertedModel(const ConversionNet&, int together);

/// One presentation. @param input as many numbers as there are inputs @param firstStep address of
/// the encoder's random numbers: the step of the run at which the presentation would begin
/// @throws InputError as convertedModel()
ConversionTrace traceConversion(
    const ConversionNet&, std::span<const double> input, std::uint64_t firstStep = 0);

} // namespace apical
