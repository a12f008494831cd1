#include "sim/experiment/run_parameters.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

namespace apical {
namespace {

using P = Parameters;
constexpr auto Flag = ParameterKind::Flag;
constexpr auto Real = ParameterKind::Real;
constexpr auto Count = ParameterKind::Count;
constexpr auto Choice = ParameterKind::Choice;
constexpr auto WholeSteps = ParameterRule::WholeSteps;

// key, group, symbol, name, unit, kind, default, low, high, none?, slider low, slider high, log?,
// live?, choices, field, help, source, rule
const std::vector<ParameterRow>& rows()
{
    static const std::vector<ParameterRow> table{
        {"dt", "Integration", "dt", "time step", "ms", Real, 0.1, 0.001, 1, false, 0.01, 0.5, true,
            true, {}, &P::dt,
            "Length of one Euler step. In LE mode a signal crosses one layer per step.",
            "Haider et al. 2021, published configurations"},
        {"stimulus.presentation_time", "Integration", "T<sub>pres</sub>", "presentation", "ms",
            Real, 10.0, 0.001, 1e6, false, 0.5, 500, true, true, {}, &P::presentationTime,
            "How long each pattern is shown.", "Haider et al. 2021; Gille, Sec. 2.9", WholeSteps},
        {"plasticity.onset", "Plasticity", "t<sub>on</sub>", "onset", "ms", Real, 0.0, 0, 1e6,
            false, 0, 20, false, true, {}, &P::plasticityOnset,
            "No plasticity for this long after each pattern change.",
            "Haider et al. 2021, published code", WholeSteps},
        {"target.on", "Target", "T", "target on", "1", Flag, true, 0, 1, false, 0, 1, false, true,
            {}, &P::targetOn, "Master switch of the target: off, no output is ever nudged.",
            "Gille, Eq. 2.9: no target, no nudging"},
        {"target.delay", "Target", "t<sub>T</sub>", "delay", "ms", Real, 0.0, 0, 1e6, false, 0, 20,
            false, true, {}, &P::targetDelay,
            "The output is not nudged for this long after each pattern change.",
            "Gille, published code", WholeSteps},
        {"nudging.rule", "Target", "T?", "nudging rule", "1", Choice, std::string("explicit"), 0, 1,
            false, 0, 1, false, true, {"explicit", "positive"}, &P::nudgingRule,
            "explicit: a flag per pattern (Haider). positive: nudged when any filtered target is "
            "above 0 (Gille).",
            "Haider et al. 2021 and Gille, published codes"},
        {"stimulus.target_low", "Target", "T<sub>min</sub>", "target low", "1", Real, 0.1, -100,
            100, false, -2, 2, false, true, {}, &P::targetLow,
            "Lower end of drawn targets (uniform), or the potential of the other classes (bars).",
            "Haider et al. 2021, published code"},
        {"stimulus.target_high", "Target", "T<sub>max</sub>", "target high", "1", Real, 1.0, -100,
            100, false, -2, 2, false, true, {}, &P::targetHigh,
            "Upper end of drawn targets (uniform), or the potential of the shown class (bars).",
            "Haider et al. 2021, published code"},
        {"stimulus.low", "Input", "x<sub>min</sub>", "input low", "1", Real, -1.0, -100, 100, false,
            -5, 5, false, true, {}, &P::inputLow, "Lower end of uniform inputs.",
            "Gille, Sec. 2.3: convergence from random inputs"},
        {"stimulus.high", "Input", "x<sub>max</sub>", "input high", "1", Real, 1.0, -100, 100,
            false, -5, 5, false, true, {}, &P::inputHigh,
            "Upper end of uniform inputs. A wide range decorrelates the rates and speeds "
            "convergence up.",
            "Gille, Sec. 2.3: convergence from random inputs"},
        {"bias.on", "Input", "b", "bias unit", "1", Flag, false, 0, 1, false, 0, 1, false, false,
            {}, &P::biasOn, "A constant presynaptic rate, an extra last column of W_up and W_ip.",
            "Haider et al. 2021, published code"},
        {"state.reset", "Protocol", "u=0", "reset", "1", Choice, std::string("none"), 0, 2, false,
            0, 1, false, true, {"none", "soft", "hard"}, &P::stateReset,
            "Before each pattern: none; soft = 15 ms without input, target and plasticity; hard = "
            "potentials 0.",
            "Gille, published code"},
        {"readout.quantity", "Protocol", "y", "read-out", "1", Choice, std::string("prospective"),
            0, 1, false, 0, 1, false, true, {"prospective", "soma"}, &P::readoutQuantity,
            "What is averaged as the answer to a pattern: the prospective output potential or the "
            "soma.",
            "Haider et al. 2021, published code"},
        {"readout.lag", "Protocol", "t<sub>out</sub>", "read-out lag", "ms", Real, 0.0, 0, 1e6,
            false, 0, 50, false, true, {}, &P::readoutLag,
            "The answer is averaged from this time after the pattern change on.",
            "Haider et al. 2021, published configurations", WholeSteps},
        {"protocol.train", "Protocol", "n<sub>train</sub>", "training", "1", Count, 0.0, 0, 1e6,
            false, 0, 100, false, false, {}, &P::protocolTrain,
            "Training presentations (nudged, plastic) in an epoch; 0 = every training sample once.",
            "Haider et al. 2021 (8) and Gille (24), published configurations"},
        {"protocol.validation", "Protocol", "n<sub>val</sub>", "validation", "1", Count, 0.0, 0,
            1e6, false, 0, 100, false, false, {}, &P::protocolValidation,
            "Validation presentations (neither nudged nor plastic) after each training block.",
            "Haider et al. 2021, published configurations"},
        {"protocol.test", "Protocol", "n<sub>test</sub>", "test", "1", Count, 0.0, 0, 1e6, false, 0,
            100, false, false, {}, &P::protocolTest,
            "Test presentations (neither nudged nor plastic) in a test block.",
            "Gille, published configurations"},
        {"protocol.test_interval", "Protocol", "k<sub>test</sub>", "test every", "1", Count, 10.0,
            1, 1e6, false, 1, 100, false, false, {}, &P::protocolTestInterval,
            "A test block comes at the end of every so-many-th epoch.",
            "Gille, published configurations (10, MNIST 25 or 50)"},
        {"protocol.test_same", "Protocol", "test=", "same test", "1", Flag, false, 0, 1, false, 0,
            1, false, false, {}, &P::testSame,
            "On: every test block shows the same samples, the first of the set. Off: each goes on "
            "through the set where the one before it ended.",
            "-"},
        {"guard.potential", "Limits", "|p|<sub>max</sub>", "potential max", "1", Real, kNone, 1e-3,
            1e9, true, 1, 1000, true, true, {}, &P::guardPotential,
            "The run stops before a step after which any neuron broadcasts more than this. "
            "Activity "
            "can run away long before a number is no number any more. none: no limit.",
            "about 100 times the targets; softplus rates are unbounded"},
        {"guard.loss", "Limits", "L<sub>max</sub>", "loss max", "1", Real, kNone, 1e-6, 1e12, true,
            0.1, 1000, true, true, {}, &P::guardLoss,
            "The run stops before the end of a presentation whose loss is more than this. none: no "
            "limit.",
            "as guard.potential"},
        {"angle.interval", "Protocol", "k<sub>BP</sub>", "angle every", "1", Count, 0.0, 0, 1e6,
            false, 0, 100, false, true, {}, &P::angleInterval,
            "Every so-many-th training presentation is compared with backpropagation; 0 = never.",
            "Phaseless Alignment Learning, published code (angle studies)"},
    };
    return table;
}

} // namespace

const ParameterRow& runParameter(std::string_view key)
{
    const auto it = std::find_if(
        rows().begin(), rows().end(), [&](const ParameterRow& row) { return row.key == key; });
    if (it == rows().end())
        throw std::logic_error("no parameter of runs: " + std::string(key));
    return *it;
}

} // namespace apical
