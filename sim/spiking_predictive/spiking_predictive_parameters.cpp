// The rows of model spiking-predictive-coding: those of networks, of LIF neurons, and its own.
#include "sim/spiking_predictive/spiking_predictive.h"

#include "sim/experiment/run_parameters.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace apical {
namespace {

using P = SpikingPredictiveParameters;
using std::string;
constexpr auto Flag = ParameterKind::Flag;
constexpr auto Real = ParameterKind::Real;
constexpr auto Choice = ParameterKind::Choice;
constexpr auto WholeSteps = ParameterRule::WholeSteps;
constexpr auto kOwn = "Whittington, Bogacz 2017, with spikes";

std::vector<ParameterRow> rows()
{
    std::vector<ParameterRow> table = networkRows();
    table.insert(table.begin(), spikingStepRow());
    rowOf(table, "activation.hidden").defaultValue = string("softlif");
    rowOf(table, "activation.hidden").help = "Values are LIF neurons: softlif, no other.";
    rowOf(table, "activation.output").help = "Outputs are currents: linear, no other.";
    rowOf(table, "loss.kind").defaultValue = string("ce");
    rowOf(table, "softlif.smoothing").defaultValue = 0.1;
    const std::vector<ParameterRow> own{
        {"spc.t_a", "Phases", "T<sub>A</sub>", "prediction", "ms", Real, 50.0, 0.001, 1e6, false,
            10, 500, true, true, {}, &P::phaseA,
            "Phase A: predictions go up, errors are silent. Their mean over its second half is "
            "latched.",
            kOwn, WholeSteps},
        {"spc.t_b", "Phases", "T<sub>B</sub>", "error", "ms", Real, 60.0, 0.001, 1e6, false, 20,
            1000, true, true, {}, &P::phaseB, "Phase B: the target is shown, errors go down.", kOwn,
            WholeSteps},
        {"spc.t_w", "Phases", "t<sub>w</sub>", "window from", "ms", Real, 20.0, 0, 1e6, false, 0,
            500, false, true, {}, &P::window,
            "From this time in phase B on, weights learn. Below spc.t_b.", kOwn, WholeSteps},
        {"spc.tau_x", "Errors", "&tau;<sub>x</sub>", "value", "ms", Real, 10.0, 1e-3, 1e6, false, 1,
            100, true, true, {}, &P::tauX, "Time constant of the values.", kOwn},
        {"spc.quantum", "Errors", "q", "quantum", "ms", Real, 4.0, 1e-6, 1e6, false, 0.1, 50, true,
            true, {}, &P::quantum,
            "Error times time that a spike stands for. Errors beyond q/dt saturate.", kOwn},
        {"spc.dither", "Errors", "U", "dither", "1", Flag, true, 0, 1, false, 0, 1, false, true, {},
            &P::dither, "Error neurons start at a random charge, so that small errors spike, too.",
            kOwn},
        {"spc.strict", "Errors", "&mu;(y)", "strict", "1", Flag, false, 0, 1, false, 0, 1, false,
            true, {}, &P::strict,
            "Predictions go on in phase B, value neurons send their values: inference learning in "
            "place of the latch.",
            kOwn},
        {"feedback.kind", "Feedback", "K", "feedback", "1", Choice, string("transpose"), 0, 2,
            false, 0, 1, false, true, {"transpose", "fixed", "kolen-pollack"}, &P::feedback,
            "Errors go down by transposed weights, by fixed random ones, or by ones that learn "
            "from "
            "the same products.",
            "Akrout et al. 2019"},
        {"feedback.decay", "Feedback", "d", "decay", "1", Real, 0.005, 0, 1, false, 1e-4, 0.1, true,
            true, {}, &P::feedbackDecay,
            "Share that both of a pair of weights lose after each update (kolen-pollack).",
            "Kolen, Pollack 1994"},
    };
    const auto at = std::find_if(table.begin(), table.end(),
        [](const ParameterRow& row) { return row.group == std::string_view("Batch"); });
    const auto after =
        table.insert(at, own.begin(), own.end()) + static_cast<std::ptrdiff_t>(own.size());
    const std::vector<ParameterRow> spikes = spikeRows<P>(false);
    table.insert(after, spikes.begin(), spikes.end());
    return table;
}

} // namespace

const ParameterTable& spikingPredictiveParameterTable()
{
    static const ParameterTable table("spiking-predictive-coding", rows(), FamilyValue(P{}));
    return table;
}

} // namespace apical
