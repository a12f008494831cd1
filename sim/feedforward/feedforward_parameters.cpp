// The rows: all there is to say about each parameter, in the order of the panel.
#include "sim/experiment/run_parameters.h"
#include "sim/feedforward/feedforward.h"

#include <algorithm>
#include <string>

namespace apical {
namespace {

using F = FeedforwardParameters;
using std::string;
constexpr auto kAdam = "Kingma, Ba 2015", kLif = "Hunsberger, Eliasmith 2015";
constexpr auto Flag = ParameterKind::Flag;
constexpr auto Real = ParameterKind::Real;
constexpr auto Count = ParameterKind::Count;
constexpr auto Choice = ParameterKind::Choice;

std::vector<ParameterRow> rows()
{
    ParameterRow bias = runParameter("bias.on");
    bias.group = "Network";
    bias.defaultValue = true;
    bias.help = "Biases learn. They are the last column of W_up; off, they stay as they are.";
    bias.source = "Rumelhart et al. 1986";
    std::vector<ParameterRow> table{
        {"activation.hidden", "Network", "f", "hidden units", "1", Choice, string("relu"), 0, 5,
            false, 0, 1, false, false, {"relu", "tanh", "sigmoid", "linear", "softlif", "softplus"},
            &F::hidden, "Activation of hidden units.", kLif},
        {"activation.output", "Network", "f<sub>N</sub>", "output units", "1", Choice,
            string("linear"), 0, 2, false, 0, 1, false, false, {"linear", "sigmoid", "tanh"},
            &F::output, "Activation of the outputs.", "Rumelhart et al. 1986"},
        bias,
        {"loss.kind", "Learning", "L", "loss", "1", Choice, string("se"), 0, 1, false, 0, 1, false,
            true, {"se", "ce"}, &F::loss,
            "se: half the squared error; ce: cross-entropy of the softmax of linear outputs.", "-"},
        {"learning.rule", "Learning", "&delta;", "rule", "1", Choice, string("backprop"), 0, 2,
            false, 0, 1, false, true,
            {"backprop", "feedback-alignment", "direct-feedback-alignment"}, &F::rule,
            "Errors go down by transposed weights, or fixed random ones from above or the output.",
            "Lillicrap et al. 2016; Nokland 2016"},
        {"learning.on", "Learning", "on", "learning", "1", Flag, true, 0, 1, false, 0, 1, false,
            true, {}, &F::learningOn, "Off: gradients are computed, weights stay.", "-"},
        {"learning.rate", "Learning", "&eta;", "rate", "1", Real, 0.001, 0, 1e3, false, 1e-5, 1,
            true, true, {}, &F::rate, "Step along the gradient of the batch mean.", kAdam},
        {"learning.decay", "Learning", "f<sub>&eta;</sub>", "rate decay", "1", Real, 1.0, 0, 1,
            false, 0.8, 1, false, true, {}, &F::decay, "Factor of the rate after each epoch.", "-"},
        {"lock.up", "Learning", "W<sub>up</sub>", "lock forward", "1", Flag, false, 0, 1, false, 0,
            1, false, true, {}, &F::lockUp, "Keeps all weights and biases as they are.", "-"},
        {"learning.optimizer", "Learning", "opt", "optimizer", "1", Choice, string("adam"), 0, 2,
            false, 0, 1, false, true, {"sgd", "momentum", "adam"}, &F::optimizer,
            "How a gradient becomes a step; another one starts anew.", kAdam},
        {"learning.momentum", "Learning", "&mu;", "momentum", "1", Real, 0.9, 0, 0.9999, false, 0,
            0.99, false, true, {}, &F::momentum, "Share of the last step kept.", "Polyak 1964"},
        {"learning.beta1", "Learning", "&beta;<sub>1</sub>", "Adam mean", "1", Real, 0.9, 0,
            0.999999, false, 0, 0.99, false, true, {}, &F::beta1, "Memory of its mean.", kAdam},
        {"learning.beta2", "Learning", "&beta;<sub>2</sub>", "Adam square", "1", Real, 0.999, 0,
            0.999999, false, 0.9, 0.9999, false, true, {}, &F::beta2, "Memory of its square.",
            kAdam},
        {"learning.epsilon", "Learning", "&epsilon;", "Adam floor", "1", Real, 1e-8, 1e-30, 1,
            false, 1e-10, 1e-2, true, true, {}, &F::epsilon, "Keeps the quotient finite.", kAdam},
        {"batch.size", "Batch", "B", "samples", "1", Count, 64.0, 1, 100000, false, 1, 256, true,
            false, {}, &F::batchSize, "Samples shown together; the gradient is their mean.", "-"},
        {"batch.watch", "Batch", "k", "watched", "1", Count, 0.0, 0, 99999, false, 0, 63, false,
            true, {}, &F::batchWatch, "The sample of a batch that views show.", "-"},
        {"softlif.smoothing", "Soft LIF", "g", "smoothing", "1", Real, 0.02, 1e-6, 10, false, 1e-3,
            1, true, true, {}, &F::smoothing, "Width of the soft threshold.", kLif},
        {"lif.tau_rc", "Soft LIF", "&tau;<sub>rc</sub>", "membrane", "ms", Real, 20.0, 1e-3, 1e6,
            false, 1, 100, true, true, {}, &F::tauRc, "Membrane time constant.", kLif},
        {"lif.t_ref", "Soft LIF", "t<sub>ref</sub>", "refractory", "ms", Real, 4.0, 1e-3, 1e6,
            false, 0.1, 20, true, true, {}, &F::tRef, "Silence after a spike.", kLif},
        {"lif.threshold", "Soft LIF", "V", "threshold", "1", Real, 1.0, 1e-6, 1e3, false, 0.1, 10,
            true, true, {}, &F::threshold, "Current where the hard neuron starts.", kLif},
        {"lif.amplitude", "Soft LIF", "A", "amplitude", "ms", Real, kNone, 1e-6, 1e6, true, 1, 100,
            true, true, {}, &F::amplitude,
            "Output per rate. none: t_ref + tau_rc ln 2, f(2 V) is near 1.", kLif},
    };
    for (const char* key : {"stimulus.low", "stimulus.high", "stimulus.target_low",
             "stimulus.target_high", "protocol.train", "protocol.validation", "protocol.test",
             "protocol.test_interval", "angle.interval"})
        table.push_back(runParameter(key));
    const auto isLow = [](const ParameterRow& r) { return r.key == "stimulus.target_low"; };
    std::find_if(table.begin(), table.end(), isLow)->defaultValue = 0.0; // outputs, not potentials
    return table;
}

} // namespace

const ParameterTable& feedforwardParameterTable()
{
    static const ParameterTable table("feedforward", rows(), FamilyValue(F{}));
    return table;
}

} // namespace apical
