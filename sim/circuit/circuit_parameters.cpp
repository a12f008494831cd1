// The rows: all there is to say about each parameter, in the order of the panel.
#include "sim/circuit/circuit_parameters.h"

#include "sim/experiment/run_parameters.h"

#include <string>

namespace apical {
namespace {

using C = CircuitParameters;
using List = std::vector<double>;
constexpr auto Flag = ParameterKind::Flag;
constexpr auto Real = ParameterKind::Real;
constexpr auto Choice = ParameterKind::Choice;
constexpr auto PerLayer = ParameterKind::PerLayer;
constexpr auto PerHiddenLayerToo = ParameterRule::PerHiddenLayerToo;

// key, group, symbol, name, unit, kind, default, low, high, none?, slider low, slider high, log?,
// live?, choices, field, help, source, rule
std::vector<ParameterRow> rows()
{
    return {
        runParameter("dt"),
        runParameter("stimulus.presentation_time"),
        {"input.tau", "Integration", "&tau;<sub>x</sub>", "input filter", "ms", Real, 0.1, 0, 1e4,
            false, 0.1, 20, true, true, {}, &C::inputTau,
            "Time constant of the low-pass on the input: x += dt/tau (X - x). Not above dt means "
            "off.",
            "Haider et al. 2021, published code"},
        {"input.look_ahead", "Integration", "LE<sub>x</sub>", "input ahead", "1", Flag, false, 0, 1,
            false, 0, 1, false, true, {}, &C::inputLookAhead,
            "In LE mode inputs look ahead as well: they send x + tau_eff dx/dt, tau_eff = 1/(g_l + "
            "g_b + g_a), dx/dt = (X - x)/tau_x, and make a spike at each change. Off: they send x.",
            "Gille, Fig. 2.2 and Eq. 2.42; off in the published code"},
        {"target.tau", "Integration", "&tau;<sub>trgt</sub>", "target filter", "ms", Real, 0.1, 0,
            1e4, false, 0.1, 20, true, true, {}, &C::targetTau,
            "Time constant of the low-pass on the target potential. Not above dt means off.",
            "Haider et al. 2021, published code"},
        {"circuit.latent_equilibrium", "Circuit", "LE", "look-ahead", "1", Flag, true, 0, 1, false,
            0, 1, false, true, {}, &C::latentEquilibrium,
            "Latent Equilibrium: neurons broadcast their prospective potential u + tau du/dt. "
            "Off: the soma itself (Sacramento 2018).",
            "Haider et al. 2021; Gille, Eq. 2.41"},
        {"circuit.g_l", "Circuit", "g<sub>l</sub>", "leak", "1/ms", Real, 0.03, 1e-6, 100, false,
            0.003, 1, true, true, {}, &C::leak, "Leak conductance of the soma (C = 1).",
            "Gille, Eq. 2.3; value of Haider et al. 2021"},
        {"circuit.g_b", "Circuit", "g<sub>B</sub>", "basal", "1/ms", Real, 0.1, 1e-6, 100, false,
            0.01, 2, true, true, {}, &C::basal,
            "Coupling of the basal dendrite to the soma: g_b (v_B - u).",
            "Gille, Eq. 2.3; value of Haider et al. 2021"},
        {"circuit.g_a", "Circuit", "g<sub>A</sub>", "apical", "1/ms", Real, 0.06, 0, 100, false,
            0.006, 2, true, true, {}, &C::apical,
            "Coupling of the apical dendrite to the soma: g_a (v_A - u).",
            "Gille, Eq. 2.3; value of Haider et al. 2021"},
        {"circuit.g_d", "Circuit", "g<sub>D</sub>", "inter dendrite", "1/ms", Real, 0.1, 1e-6, 100,
            false, 0.01, 2, true, true, {}, &C::dendrite,
            "Dendrite conductance in the self-predicting scale rho of W_ip (the dynamics use g_b).",
            "Gille, Eq. 2.39; value of Haider et al. 2021"},
        {"circuit.g_som", "Circuit", "g<sub>som</sub>", "nudging", "1/ms", Real, 0.06, 0, 100,
            false, 0.006, 2, true, true, {}, &C::nudging,
            "Nudging: interneurons towards the next layer's potential, outputs towards the target.",
            "Gille, Eq. 2.7, 2.10, 2.40; value of Haider et al. 2021"},
        {"feedback.kind", "Circuit", "W<sub>down</sub>", "feedback", "1", Choice,
            std::string("own"), 0, 1, false, 0, 1, false, true, {"own", "transposed"}, &C::feedback,
            "own: W_down and W_pi are weights of their own. transposed: W_down is the transposed "
            "W_up of the next layer at every step and W_pi its negative, which no synapse could "
            "know; what backpropagation does, for comparison.",
            "Lillicrap et al. 2016: the weight transport problem"},
        {"feedback.scale", "Circuit", "c<sub>down</sub>", "feedback scale", "1", Real, 1.0, 0, 100,
            false, 0.05, 5, true, true, {}, &C::feedbackScale,
            "Factor of transposed feedback: W_down = c W_up^T.",
            "Lillicrap et al. 2016: the weight transport problem"},
        {"phi.kind", "Transfer function", "&phi;", "kind", "1", Choice, std::string("softplus"), 0,
            1, false, 0, 1, false, true, {"softplus", "logistic", "tanh", "relu", "hard-sigmoid"},
            &C::phi,
            "Potential to rate, with z = beta (v - theta): softplus gamma log(1 + exp(z)) (0 below "
            "-15, linear above 15), logistic gamma / (1 + exp(-z)), tanh gamma tanh(z), relu gamma "
            "max(0, z), hard-sigmoid gamma min(1, max(0, z)).",
            "softplus: Gille, Eq. 2.2; logistic: Sacramento et al. 2018; hard sigmoid: Haider et "
            "al. 2021"},
        {"phi.gamma", "Transfer function", "&gamma;", "gain", "1", Real, 1.0, 1e-3, 100, false, 0.1,
            10, true, true, {}, &C::phiGamma, "Factor in front of the transfer function.",
            "Gille, Eq. 2.2"},
        {"phi.beta", "Transfer function", "&beta;", "slope", "1", Real, 1.0, 1e-3, 100, false, 0.1,
            10, true, true, {}, &C::phiBeta,
            "Slope in front of the potential: z = beta (v - theta), see the kind.",
            "Gille, Eq. 2.2"},
        {"phi.theta", "Transfer function", "&theta;", "threshold", "1", Real, 0.0, -100, 100, false,
            -3, 3, false, true, {}, &C::phiTheta, "Potential at which the transfer function bends.",
            "Gille, Eq. 2.2"},
        {"eta.pi", "Plasticity", "&eta;<sub>pi</sub>", "lateral rate", "1/ms", PerLayer, List{0}, 0,
            1e4, false, 0.001, 10, true, true, {}, &C::etaPi,
            "Learning rate of W_pi (interneuron to apical): dW = eta (-v_A) x phi(u_inn).",
            "Sacramento et al. 2018; Gille, Eq. 2.15", PerHiddenLayerToo},
        {"eta.ip", "Plasticity", "&eta;<sub>ip</sub>", "inter rate", "1/ms", PerLayer, List{0}, 0,
            1e4, false, 0.001, 10, true, true, {}, &C::etaIp,
            "Learning rate of W_ip (pyramidal to interneuron): dW = eta (phi(u_inn) - phi(v_D)) x "
            "phi(u_pyr).",
            "Sacramento et al. 2018; Gille, Eq. 2.14", PerHiddenLayerToo},
        {"eta.up", "Plasticity", "&eta;<sub>up</sub>", "forward rate", "1/ms", PerLayer, List{0}, 0,
            1e4, false, 0.001, 10, true, true, {}, &C::etaUp,
            "Learning rate of W_up (Urbanczik-Senn): dW = eta (phi(u) - phi(v_B attenuated)) x "
            "r_pre.",
            "Urbanczik and Senn 2014; Gille, Eq. 2.13"},
        {"eta.down", "Plasticity", "&eta;<sub>down</sub>", "feedback rate", "1/ms", PerLayer,
            List{0}, 0, 1e4, false, 0.001, 10, true, true, {}, &C::etaDown,
            "Learning rate of W_down: dW = eta (phi(u) - phi(W_down r)) x r_next.",
            "Sacramento et al. 2018; Gille, Eq. 2.16", PerHiddenLayerToo},
        {"eta.per_presentation", "Plasticity", "&eta;/T", "rates per T", "1", Flag, false, 0, 1,
            false, 0, 1, false, true, {}, &C::etaPerPresentation,
            "Divide every learning rate by the presentation time in ms (eta0/T of the published "
            "configs).",
            "Haider et al. 2021, published configurations"},
        {"eta.decay", "Plasticity", "f<sub>&eta;</sub>", "rate decay", "1", Real, 1.0, 0, 1, false,
            0.8, 1, false, true, {}, &C::etaDecay,
            "Every learning rate is multiplied with this after each epoch. 1: rates stay.",
            "LeCun et al. 1998: smaller steps towards the end"},
        runParameter("plasticity.onset"),
        {"plasticity.tau_w", "Plasticity", "&tau;<sub>w</sub>", "weight filter", "ms", Real, 0.0, 0,
            1e6, false, 0.1, 100, true, true, {}, &C::plasticityTau,
            "Low-pass of the weight changes of all pathways that have no own time constant: D += "
            "dt/tau "
            "(dW - D), W += D. 0 = off.",
            "Sacramento et al. 2018"},
        {"plasticity.tau_w.pi", "Plasticity", "&tau;<sub>w,pi</sub>", "pi filter", "ms", Real,
            kNone, 0, 1e6, true, 0.1, 100, true, true, {}, &C::plasticityTauPi,
            "Low-pass of the changes of W_pi alone. none: plasticity.tau_w holds.",
            "Sacramento et al. 2018"},
        {"plasticity.tau_w.ip", "Plasticity", "&tau;<sub>w,ip</sub>", "ip filter", "ms", Real,
            kNone, 0, 1e6, true, 0.1, 100, true, true, {}, &C::plasticityTauIp,
            "Low-pass of the changes of W_ip alone. none: plasticity.tau_w holds.",
            "Sacramento et al. 2018"},
        {"plasticity.tau_w.up", "Plasticity", "&tau;<sub>w,up</sub>", "up filter", "ms", Real,
            kNone, 0, 1e6, true, 0.1, 100, true, true, {}, &C::plasticityTauUp,
            "Low-pass of the changes of W_up alone. none: plasticity.tau_w holds.",
            "Sacramento et al. 2018"},
        {"plasticity.tau_w.down", "Plasticity", "&tau;<sub>w,down</sub>", "down filter", "ms", Real,
            kNone, 0, 1e6, true, 0.1, 100, true, true, {}, &C::plasticityTauDown,
            "Low-pass of the changes of W_down alone. none: plasticity.tau_w holds.",
            "Sacramento et al. 2018"},
        {"lock.pi", "Plasticity", "W<sub>pi</sub>", "lock lateral", "1", Flag, false, 0, 1, false,
            0, 1, false, true, {}, &C::lockPi, "Hold W_pi fixed, whatever its learning rate.",
            "Urbanczik and Senn 2014: no change without plasticity"},
        {"lock.ip", "Plasticity", "W<sub>ip</sub>", "lock inter", "1", Flag, false, 0, 1, false, 0,
            1, false, true, {}, &C::lockIp, "Hold W_ip fixed, whatever its learning rate.",
            "Urbanczik and Senn 2014: no change without plasticity"},
        {"lock.up", "Plasticity", "W<sub>up</sub>", "lock forward", "1", Flag, false, 0, 1, false,
            0, 1, false, true, {}, &C::lockUp, "Hold W_up fixed, whatever its learning rate.",
            "Urbanczik and Senn 2014: no change without plasticity"},
        {"lock.down", "Plasticity", "W<sub>down</sub>", "lock feedback", "1", Flag, false, 0, 1,
            false, 0, 1, false, true, {}, &C::lockDown,
            "Hold W_down fixed, whatever its learning rate.",
            "Urbanczik and Senn 2014: no change without plasticity"},
        {"circuit.noise", "Noise", "&sigma;", "membrane", "1", Real, 0.0, 0, 100, false, 0.001, 1,
            true, true, {}, &C::noise,
            "Standard deviation of the noise in every soma's du/dt. In LE mode the look-ahead sees "
            "it too: what is broadcast moves by noise / (G dt), far more than the soma.",
            "Sacramento et al. 2018"},
        {"circuit.noise_scaling", "Noise", "&sigma; dt", "noise scaling", "1", Choice,
            std::string("sqrt_dt"), 0, 1, false, 0, 1, false, true, {"sqrt_dt", "per_step"},
            &C::noiseScaling,
            "sqrt_dt: u += sigma sqrt(dt) xi. per_step: u += sigma dt xi, as the 2018 ports do.",
            "Sacramento et al. 2018 and its ports"},
        runParameter("target.on"),
        {"target.shift", "Target", "T<sub>-1</sub>", "shift one step", "1", Flag, true, 0, 1, false,
            0, 1, false, true, {}, &C::targetShift,
            "In LE mode the output receives the target and nudging flag of the step before.",
            "Haider et al. 2021, published code"},
        runParameter("target.delay"),
        runParameter("nudging.rule"),
        runParameter("stimulus.target_low"),
        runParameter("stimulus.target_high"),
        runParameter("stimulus.low"),
        runParameter("stimulus.high"),
        runParameter("bias.on"),
        {"bias.value", "Input", "b", "bias rate", "1", Real, 0.0, -100, 100, false, 0, 1, false,
            true, {}, &C::biasValue, "The rate of the bias unit.",
            "Haider et al. 2021, published code"},
        {"clip.up_hidden", "Limits", "|W<sub>up</sub>|", "clip hidden", "1", Real, 4.0, 0, 1e6,
            true, 0.5, 10, true, true, {}, &C::clipUpHidden,
            "W_up into hidden layers is kept in [-clip, clip].",
            "Haider et al. 2021, published code"},
        {"clip.up_output", "Limits", "|W<sub>up</sub>|", "clip output", "1", Real, 5.0, 0, 1e6,
            true, 0.5, 10, true, true, {}, &C::clipUpOutput,
            "W_up into the output layer is kept in [-clip, clip].",
            "Haider et al. 2021, published code"},
        {"clip.ip", "Limits", "|W<sub>ip</sub>|", "clip inter", "1", Real, kNone, 0, 1e6, true, 0.5,
            10, true, true, {}, &C::clipIp, "W_ip is kept in [-clip, clip].",
            "Gille, published code"},
        {"clip.pi", "Limits", "|W<sub>pi</sub>|", "clip lateral", "1", Real, kNone, 0, 1e6, true,
            0.5, 10, true, true, {}, &C::clipPi, "W_pi is kept in [-clip, clip].",
            "Gille, published code"},
        runParameter("guard.potential"),
        runParameter("guard.loss"),
        runParameter("state.reset"),
        {"state.initial_input", "Protocol", "x<sub>0</sub>", "first input", "1", Choice,
            std::string("first"), 0, 1, false, 0, 1, false, false, {"first", "zero"},
            &C::initialInput,
            "Filtered input and target start at the first pattern (Haider) or at zero (Gille).",
            "Haider et al. 2021 and Gille, published codes"},
        runParameter("readout.quantity"),
        runParameter("readout.lag"),
        runParameter("protocol.train"),
        runParameter("protocol.validation"),
        runParameter("protocol.test"),
        runParameter("protocol.test_interval"),
        runParameter("protocol.test_same"),
        runParameter("angle.interval"),
        {"angle.rosetta", "Protocol", "k<sub>R</sub>", "compare errors", "1", Flag, false, 0, 1,
            false, 0, 1, false, false, {}, &C::rosetta,
            "Wherever an angle is measured, compare each hidden layer's somatic error with those "
            "of backpropagation and of predictive coding at rest.",
            "Whittington and Bogacz 2017; Sacramento et al. 2018, supplement"},
    };
}

} // namespace

const ParameterTable& circuitParameterTable()
{
    static const ParameterTable table("microcircuit", rows(), FamilyValue(CircuitParameters{}));
    return table;
}

} // namespace apical
