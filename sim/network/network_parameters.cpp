// The rows: all there is to say about each parameter, in the order of the panel.
#include "sim/network/network_parameters.h"

#include "sim/base/error.h"
#include "sim/experiment/run_parameters.h"
#include "sim/experiment/setting_text.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace apical {
namespace {

using N = NetworkParameters;
using std::string;
constexpr auto kAdam = "Kingma, Ba 2015", kLif = "Hunsberger, Eliasmith 2015";
constexpr auto kNorm = "Ioffe, Szegedy 2015";
constexpr auto Flag = ParameterKind::Flag;
constexpr auto Real = ParameterKind::Real;
constexpr auto Count = ParameterKind::Count;
constexpr auto Choice = ParameterKind::Choice;

auto find(std::vector<ParameterRow>& rows, std::string_view key)
{
    const auto at = std::find_if(
        rows.begin(), rows.end(), [key](const ParameterRow& row) { return row.key == key; });
    if (at == rows.end())
        throw std::logic_error("no parameter of networks: " + string(key));
    return at;
}

} // namespace

void checkNetwork(const Parameters& p)
{
    const auto& own = p.family<NetworkParameters>();
    if (own.entropy() && own.output != 0)
        throw InputError({.problem = "loss.kind = ce needs linear outputs, not "
                + settingText(p, "activation.output"),
            .key = "loss.kind",
            .allowed = "se, or activation.output = linear"});
}

std::vector<ParameterRow> networkRows()
{
    ParameterRow bias = runParameter("bias.on");
    bias.group = "Network";
    bias.defaultValue = true;
    bias.live = true; // no weight comes or goes with it
    bias.help = "Biases learn. They are the last column of W_up; off, they stay as they are.";
    bias.source = "Rumelhart et al. 1986";
    std::vector<ParameterRow> table{
        {"activation.hidden", "Network", "f", "hidden units", "1", Choice, string("relu"), 0, 5,
            false, 0, 1, false, false, {"relu", "tanh", "sigmoid", "linear", "softlif", "softplus"},
            &N::hidden, "Activation of hidden units.", kLif},
        {"activation.output", "Network", "f<sub>N</sub>", "output units", "1", Choice,
            string("linear"), 0, 2, false, 0, 1, false, false, {"linear", "sigmoid", "tanh"},
            &N::output, "Activation of the outputs.", "Rumelhart et al. 1986"},
        bias,
        {"loss.kind", "Learning", "L", "loss", "1", Choice, string("se"), 0, 1, false, 0, 1, false,
            true, {"se", "ce"}, &N::loss,
            "se: half the squared error; ce: cross-entropy of the softmax of linear outputs.", "-"},
        {"learning.on", "Learning", "on", "learning", "1", Flag, true, 0, 1, false, 0, 1, false,
            true, {}, &N::learningOn, "Off: gradients are computed, weights stay.", "-"},
        {"learning.rate", "Learning", "&eta;", "rate", "1", Real, 0.001, 0, 1e3, false, 1e-5, 1,
            true, true, {}, &N::rate, "Step along the gradient of the batch mean.", kAdam},
        {"learning.decay", "Learning", "f<sub>&eta;</sub>", "rate decay", "1", Real, 1.0, 0, 1,
            false, 0.8, 1, false, true, {}, &N::decay, "Factor of the rate after each epoch.", "-"},
        {"lock.up", "Learning", "W<sub>up</sub>", "lock forward", "1", Flag, false, 0, 1, false, 0,
            1, false, true, {}, &N::lockUp, "Keeps all weights and biases as they are.", "-"},
        {"learning.optimizer", "Learning", "opt", "optimizer", "1", Choice, string("adam"), 0, 2,
            false, 0, 1, false, true, {"sgd", "momentum", "adam"}, &N::optimizer,
            "How a gradient becomes a step; another one starts anew.", kAdam},
        {"learning.momentum", "Learning", "&mu;", "momentum", "1", Real, 0.9, 0, 0.9999, false, 0,
            0.99, false, true, {}, &N::momentum, "Share of the last step kept.", "Polyak 1964"},
        {"learning.beta1", "Learning", "&beta;<sub>1</sub>", "Adam mean", "1", Real, 0.9, 0,
            0.999999, false, 0, 0.99, false, true, {}, &N::beta1, "Memory of its mean.", kAdam},
        {"learning.beta2", "Learning", "&beta;<sub>2</sub>", "Adam square", "1", Real, 0.999, 0,
            0.999999, false, 0.9, 0.9999, false, true, {}, &N::beta2, "Memory of its square.",
            kAdam},
        {"learning.epsilon", "Learning", "&epsilon;", "Adam floor", "1", Real, 1e-8, 1e-30, 1,
            false, 1e-10, 1e-2, true, true, {}, &N::epsilon, "Keeps the quotient finite.", kAdam},
        {"batch.size", "Batch", "B", "samples", "1", Count, 64.0, 1, 100000, false, 1, 256, true,
            false, {}, &N::batchSize, "Samples shown together; the gradient is their mean.", "-"},
        {"batch.watch", "Batch", "k", "watched", "1", Count, 0.0, 0, 99999, false, 0, 63, false,
            true, {}, &N::batchWatch, "The sample of a batch that views show.", "-"},
        {"norm.kind", "Normalisation", "BN", "normalise", "1", Choice, string("none"), 0, 1, false,
            0, 1, false, false, {"none", "batch"}, &N::norm,
            "batch: what a hidden unit receives is centred and scaled, before its activation.",
            kNorm},
        {"norm.statistics", "Normalisation", "m, v", "statistics", "1", Choice, string("batch"), 0,
            1, false, 0, 1, false, true, {"batch", "running"}, &N::normStatistics,
            "While learning: mean and variance of the batch, or running ones, which then stand "
            "still. Without learning always running.",
            kNorm},
        {"norm.fused", "Normalisation", "W'", "fused", "1", Flag, false, 0, 1, false, 0, 1, false,
            true, {}, &N::normFused,
            "Without learning, layers are the plain ones that normalisation amounts to.", kNorm},
        {"norm.momentum", "Normalisation", "&rho;", "momentum", "1", Real, 0.1, 0, 1, false, 0, 1,
            false, true, {}, &N::normMomentum, "Share of a batch in the running statistics.",
            kNorm},
        {"norm.epsilon", "Normalisation", "&epsilon;", "floor", "1", Real, 1e-5, 1e-30, 1, false,
            1e-8, 1e-1, true, true, {}, &N::normEpsilon, "Added to the variance.", kNorm},
        {"softlif.smoothing", "Soft LIF", "g", "smoothing", "1", Real, 0.02, 1e-6, 10, false, 1e-3,
            1, true, true, {}, &N::smoothing, "Width of the soft threshold.", kLif},
        {"lif.tau_rc", "Soft LIF", "&tau;<sub>rc</sub>", "membrane", "ms", Real, 20.0, 1e-3, 1e6,
            false, 1, 100, true, true, {}, &N::tauRc, "Membrane time constant.", kLif},
        {"lif.t_ref", "Soft LIF", "t<sub>ref</sub>", "refractory", "ms", Real, 4.0, 1e-3, 1e6,
            false, 0.1, 20, true, true, {}, &N::tRef, "Silence after a spike.", kLif},
        {"lif.threshold", "Soft LIF", "V", "threshold", "1", Real, 1.0, 1e-6, 1e3, false, 0.1, 10,
            true, true, {}, &N::threshold, "Current where the hard neuron starts.", kLif},
        {"lif.amplitude", "Soft LIF", "A", "amplitude", "ms", Real, kNone, 1e-6, 1e6, true, 1, 100,
            true, true, {"auto"}, &N::amplitude,
            "Output per rate. auto: t_ref + tau_rc ln 2, f(2 V) is near 1.", kLif},
    };
    for (const char* key : {"stimulus.low", "stimulus.high", "stimulus.target_low",
             "stimulus.target_high", "protocol.train", "protocol.validation", "protocol.test",
             "protocol.test_interval", "protocol.test_same", "angle.interval"})
        table.push_back(runParameter(key));
    rowOf(table, "stimulus.target_low").defaultValue = 0.0; // outputs, not potentials
    return table;
}

void insertAfter(
    std::vector<ParameterRow>& rows, std::string_view key, const std::vector<ParameterRow>& added)
{
    rows.insert(find(rows, key) + 1, added.begin(), added.end());
}

ParameterRow& rowOf(std::vector<ParameterRow>& rows, std::string_view key)
{
    return *find(rows, key);
}

} // namespace apical
