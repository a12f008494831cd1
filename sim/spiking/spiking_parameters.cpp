// The rows of the rate microcircuit that hold for spikes as well, and the spikes' own.
#include "sim/spiking/spiking_parameters.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace apical {
namespace {

using S = SpikingParameters;
constexpr auto Flag = ParameterKind::Flag;
constexpr auto Real = ParameterKind::Real;
constexpr auto Count = ParameterKind::Count;
constexpr auto Choice = ParameterKind::Choice;
constexpr auto PerLayer = ParameterKind::PerLayer;
constexpr int kMostDelay = 1000; // steps

/// Rows of the rate model that mean nothing here.
bool isForeign(std::string_view key)
{
    constexpr std::string_view all[]{"input.look_ahead", "target.shift", "bias.on", "bias.value",
        "feedback.kind", "feedback.scale", "state.initial_input"};
    return std::find(std::begin(all), std::end(all), key) != std::end(all)
        || key.starts_with("plasticity.tau_w");
}

// key, group, symbol, name, unit, kind, default, low, high, none?, slider low, slider high, log?,
// live?, choices, field, help, source, rule
std::vector<ParameterRow> rows()
{
    std::vector<ParameterRow> table;
    for (const ParameterRow& row : circuitParameterTable())
        if (!isForeign(row.key))
            table.push_back(row);
    const auto delay = [](std::string_view key, std::string_view symbol, std::string_view name,
                           int S::*field) {
        return ParameterRow{key, "Spikes", symbol, name, "1", Count, 0.0, 0, kMostDelay, false, 0,
            50, false, false, {}, field,
            "Delay of this pathway alone, in steps. 0: spiking.delay holds.", "Gille, Eq. 2.20"};
    };
    const std::vector<ParameterRow> own{
        {"spiking.psi", "Spikes", "&psi;", "rate scale", "1/ms", Real, 100.0, 1e-3, 1e5, false, 1,
            1000, true, true, {}, &S::psi,
            "Spikes per ms at rate 1; a spike through a weight W moves a dendrite by W/psi. More "
            "spikes, less noise, the same means.",
            "Gille, Eq. 2.18"},
        {"spiking.tau_delta", "Spikes", "&tau;<sub>&Delta;</sub>", "trace", "ms", Real, 1.0, 1e-3,
            100, false, 0.1, 50, true, true, {}, &S::tauDelta,
            "Time constant of the trace that a spike leaves at its synapses, and of the low-pass "
            "on the weight change.",
            "Gille, Eq. 2.24, 2.33"},
        {"spiking.t_ref", "Spikes", "t<sub>ref</sub>", "refractory", "ms", Real, 0.0, 0, 1000,
            false, 0, 20, false, true, {}, &S::refractory,
            "Silence after a spike. 0: any number of spikes in a step (Poisson); else one at most.",
            "Gille, Eq. 2.17 to 2.19", ParameterRule::WholeSteps},
        {"spiking.c_basal", "Spikes", "C<sub>B</sub>", "basal C", "1", Real, 1.0, 0.01, 1e4, false,
            0.2, 50, true, true, {}, &S::basalCapacitance,
            "Capacitance of basal dendrites and those of interneurons: slower and quieter, the "
            "same mean.",
            "Gille, Eq. 2.20"},
        {"spiking.c_apical", "Spikes", "C<sub>A</sub>", "apical C", "1", Real, 1.0, 0.01, 1e4,
            false, 0.2, 50, true, true, {}, &S::apicalCapacitance,
            "Capacitance of apical dendrites: slower and quieter, the same mean.",
            "Gille, Eq. 2.20"},
        {"spiking.g_dendrite", "Spikes", "g<sub>den</sub>", "dendrite leak", "1", Real, kNone, 1e-6,
            1, true, 0.01, 1, true, true, {}, &S::dendriteLeak,
            "Share of a dendrite's charge that leaks in a step. none: dt (in ms), so that the mean "
            "potential is the sum of weights times rates.",
            "Gille, Eq. 2.20"},
        {"spiking.current", "Spikes", "I<sub>e</sub>", "current", "1/ms", PerLayer,
            std::vector<double>{0}, -1e4, 1e4, false, -1, 1, false, true, {}, &S::current,
            "Constant current into the pyramidal somata of each layer (C = 1).", "-"},
        {"spiking.delay", "Spikes", "d", "delay", "1", Count, 1.0, 1, kMostDelay, false, 1, 50,
            true, false, {}, &S::delay, "Steps from a spike to the dendrite that it reaches.",
            "Gille, Eq. 2.20"},
        delay("spiking.delay.up", "d<sub>up</sub>", "up delay", &S::delayUp),
        delay("spiking.delay.ip", "d<sub>ip</sub>", "ip delay", &S::delayIp),
        delay("spiking.delay.pi", "d<sub>pi</sub>", "pi delay", &S::delayPi),
        delay("spiking.delay.down", "d<sub>down</sub>", "down delay", &S::delayDown),
        {"spiking.delay_spread", "Spikes", "&Delta;d", "delay spread", "1", Count, 0.0, 0,
            kMostDelay, false, 0, 50, false, false, {}, &S::delaySpread,
            "Every synapse has 0 to so many steps more, drawn once per seed.", "-"},
        {"spiking.error_times_dt", "Spikes", "D dt", "error times dt", "1", Flag, true, 0, 1, false,
            0, 1, false, true, {}, &S::errorTimesDt,
            "On: the sum of errors over steps is their integral, and learning rates mean what they "
            "mean with rates. Off: as in older published runs, 1/dt as fast.",
            "Gille, published code"},
        {"spiking.scheme", "Spikes", "W(t)", "scheme", "1", Choice, std::string("auto"), 0, 2,
            false, 0, 1, false, true, {"auto", "event", "time"}, &S::scheme,
            "event: a synapse is touched when a spike arrives and once when its trace has faded. "
            "time: in every step. The same weights; auto takes what fewer spikes or more of them "
            "make cheaper.",
            "Gille, Eq. 2.33 to 2.36"},
        {"spiking.untargeted_leak", "Spikes", "G<sub>o</sub>", "free output", "1", Choice,
            std::string("full"), 0, 1, false, 0, 1, false, true, {"full", "released"},
            &S::untargeted,
            "Leak of the output without a target. full: that of the nudged output stays, as in the "
            "published code. released: g_som leaves with the target.",
            "Gille, published code; Haider et al. 2021"},
        {"spiking.input", "Spikes", "x", "input", "1", Choice, std::string("neurons"), 0, 1, false,
            0, 1, false, true, {"neurons", "generators"}, &S::input,
            "neurons: filtered by input.tau, spikes as all others. generators: Poisson spikes at "
            "the rate of the pattern itself.",
            "Gille, chapter 4 and published code"},
        {"spiking.dropout", "Spikes", "p<sub>off</sub>", "dropout", "1", Real, 0.0, 0, 1, false, 0,
            0.9, false, true, {}, &S::dropout,
            "Share of the neurons of each population that send no spikes.", "Gille, chapter 3"},
        {"circuit.g_inn", "Circuit", "g<sub>inn</sub>", "inn. nudging", "1/ms", Real, kNone, 0, 100,
            true, 0.006, 2, true, true, {}, &S::innNudging,
            "Nudging of the interneurons alone. none: circuit.g_som. lambda = g_inn / (g_l + g_b + "
            "g_inn).",
            "Sacramento et al. 2018"},
    };
    const auto end = std::find_if(table.begin(), table.end(),
        [](const ParameterRow& row) { return row.group == std::string_view("Plasticity"); });
    table.insert(end, own.begin(), own.end());
    const auto soma = std::find_if(table.begin(), table.end(),
        [](const ParameterRow& row) { return row.key == std::string_view("readout.quantity"); });
    soma->defaultValue = std::string("soma"); // as the published code reads it
    const auto clip = [&](std::string_view key) {
        std::find_if(table.begin(), table.end(), [key](const ParameterRow& row) {
            return row.key == key;
        })->defaultValue = 4.0;
    };
    for (const char* key : {"clip.up_hidden", "clip.up_output", "clip.ip", "clip.pi"})
        clip(key);
    return table;
}

} // namespace

const ParameterTable& spikingParameterTable()
{
    static const ParameterTable table(
        "spiking-microcircuit", rows(), FamilyValue(SpikingParameters{}));
    return table;
}

} // namespace apical
