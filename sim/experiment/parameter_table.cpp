// The rows: all there is to say about each parameter, in the order of the panel.
#include "sim/experiment/parameters.h"

namespace apical {
namespace {

using P = Parameters;
using List = std::vector<double>;
constexpr auto Flag = ParameterKind::Flag;
constexpr auto Real = ParameterKind::Real;
constexpr auto Count = ParameterKind::Count;
constexpr auto Choice = ParameterKind::Choice;
constexpr auto PerLayer = ParameterKind::PerLayer;
constexpr auto PerHiddenLayerToo = ParameterRule::PerHiddenLayerToo;
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
        {"input.tau", "Integration", "&tau;<sub>x</sub>", "input filter", "ms", Real, 0.1, 0, 1e4,
            false, 0.1, 20, true, true, {}, &P::inputTau,
            "Time constant of the low-pass on the input: x += dt/tau (X - x). Not above dt means "
            "off.",
            "Haider et al. 2021, published code"},
        {"input.look_ahead", "Integration", "LE<sub>x</sub>", "input ahead", "1", Flag, false, 0, 1,
            false, 0, 1, false, true, {}, &P::inputLookAhead,
            "In LE mode inputs look ahead as well: they send x + tau_eff dx/dt, tau_eff = 1/(g_l + "
            "g_b + g_a), dx/dt = (X - x)/tau_x, and make a spike at each change. Off: they send x.",
            "Gille, Fig. 2.2 and Eq. 2.42; off in the published code"},
        {"target.tau", "Integration", "&tau;<sub>trgt</sub>", "target filter", "ms", Real, 0.1, 0,
            1e4, false, 0.1, 20, true, true, {}, &P::targetTau,
            "Time constant of the low-pass on the target potential. Not above dt means off.",
            "Haider et al. 2021, published code"},

        {"circuit.latent_equilibrium", "Circuit", "LE", "look-ahead", "1", Flag, true, 0, 1, false,
            0, 1, false, true, {}, &P::latentEquilibrium,
            "Latent Equilibrium: neurons broadcast their prospective potential u + tau du/dt. "
            "Off: the soma itself (Sacramento 2018).",
            "Haider et al. 2021; Gille, Eq. 2.41"},
        {"circuit.g_l", "Circuit", "g<sub>l</sub>", "leak", "1/ms", Real, 0.03, 1e-6, 100, false,
            0.003, 1, true, true, {}, &P::leak, "Leak conductance of the soma (C = 1).",
            "Gille, Eq. 2.3; value of Haider et al. 2021"},
        {"circuit.g_b", "Circuit", "g<sub>B</sub>", "basal", "1/ms", Real, 0.1, 1e-6, 100, false,
            0.01, 2, true, true, {}, &P::basal,
            "Coupling of the basal dendrite to the soma: g_b (v_B - u).",
            "Gille, Eq. 2.3; value of Haider et al. 2021"},
        {"circuit.g_a", "Circuit", "g<sub>A</sub>", "apical", "1/ms", Real, 0.06, 0, 100, false,
            0.006, 2, true, true, {}, &P::apical,
            "Coupling of the apical dendrite to the soma: g_a (v_A - u).",
            "Gille, Eq. 2.3; value of Haider et al. 2021"},
        {"circuit.g_d", "Circuit", "g<sub>D</sub>", "inter dendrite", "1/ms", Real, 0.1, 1e-6, 100,
            false, 0.01, 2, true, true, {}, &P::dendrite,
            "Dendrite conductance in the self-predicting scale rho of W_ip (the dynamics use g_b).",
            "Gille, Eq. 2.39; value of Haider et al. 2021"},
        {"circuit.g_som", "Circuit", "g<sub>som</sub>", "nudging", "1/ms", Real, 0.06, 0, 100,
            false, 0.006, 2, true, true, {}, &P::nudging,
            "Nudging: interneurons towards the next layer's potential, outputs towards the target.",
            "Gille, Eq. 2.7, 2.10, 2.40; value of Haider et al. 2021"},

        {"phi.kind", "Transfer function", "&phi;", "kind", "1", Choice, std::string("softplus"), 0,
            1, false, 0, 1, false, true, {"softplus", "logistic", "tanh", "relu", "hard-sigmoid"},
            &P::phi,
            "Potential to rate, with z = beta (v - theta): softplus gamma log(1 + exp(z)) (0 below "
            "-15, linear above 15), logistic gamma / (1 + exp(-z)), tanh gamma tanh(z), relu gamma "
            "max(0, z), hard-sigmoid gamma min(1, max(0, z)).",
            "softplus: Gille, Eq. 2.2; logistic: Sacramento et al. 2018; hard sigmoid: Haider et "
            "al. 2021"},
        {"phi.gamma", "Transfer function", "&gamma;", "gain", "1", Real, 1.0, 1e-3, 100, false, 0.1,
            10, true, true, {}, &P::phiGamma, "Factor in front of the transfer function.",
            "Gille, Eq. 2.2"},
        {"phi.beta", "Transfer function", "&beta;", "slope", "1", Real, 1.0, 1e-3, 100, false, 0.1,
            10, true, true, {}, &P::phiBeta,
            "Slope in front of the potential: z = beta (v - theta), see the kind.",
            "Gille, Eq. 2.2"},
        {"phi.theta", "Transfer function", "&theta;", "threshold", "1", Real, 0.0, -100, 100, false,
            -3, 3, false, true, {}, &P::phiTheta, "Potential at which the transfer function bends.",
            "Gille, Eq. 2.2"},

        {"eta.pi", "Plasticity", "&eta;<sub>pi</sub>", "lateral rate", "1/ms", PerLayer, List{0}, 0,
            1e4, false, 0.001, 10, true, true, {}, &P::etaPi,
            "Learning rate of W_pi (interneuron to apical): dW = eta (-v_A) x phi(u_inn).",
            "Sacramento et al. 2018; Gille, Eq. 2.15", PerHiddenLayerToo},
        {"eta.ip", "Plasticity", "&eta;<sub>ip</sub>", "inter rate", "1/ms", PerLayer, List{0}, 0,
            1e4, false, 0.001, 10, true, true, {}, &P::etaIp,
            "Learning rate of W_ip (pyramidal to interneuron): dW = eta (phi(u_inn) - phi(v_D)) x "
            "phi(u_pyr).",
            "Sacramento et al. 2018; Gille, Eq. 2.14", PerHiddenLayerToo},
        {"eta.up", "Plasticity", "&eta;<sub>up</sub>", "forward rate", "1/ms", PerLayer, List{0}, 0,
            1e4, false, 0.001, 10, true, true, {}, &P::etaUp,
            "Learning rate of W_up (Urbanczik-Senn): dW = eta (phi(u) - phi(v_B attenuated)) x "
            "r_pre.",
            "Urbanczik and Senn 2014; Gille, Eq. 2.13"},
        {"eta.down", "Plasticity", "&eta;<sub>down</sub>", "feedback rate", "1/ms", PerLayer,
            List{0}, 0, 1e4, false, 0.001, 10, true, true, {}, &P::etaDown,
            "Learning rate of W_down: dW = eta (phi(u) - phi(W_down r)) x r_next.",
            "Sacramento et al. 2018; Gille, Eq. 2.16", PerHiddenLayerToo},
        {"eta.per_presentation", "Plasticity", "&eta;/T", "rates per T", "1", Flag, false, 0, 1,
            false, 0, 1, false, true, {}, &P::etaPerPresentation,
            "Divide every learning rate by the presentation time in ms (eta0/T of the published "
            "configs).",
            "Haider et al. 2021, published configurations"},
        {"plasticity.onset", "Plasticity", "t<sub>on</sub>", "onset", "ms", Real, 0.0, 0, 1e6,
            false, 0, 20, false, true, {}, &P::plasticityOnset,
            "No plasticity for this long after each pattern change.",
            "Haider et al. 2021, published code", WholeSteps},
        {"plasticity.tau_w", "Plasticity", "&tau;<sub>w</sub>", "weight filter", "ms", Real, 0.0, 0,
            1e6, false, 0.1, 100, true, true, {}, &P::plasticityTau,
            "Low-pass of the weight changes of all pathways that have no own time constant: D += "
            "dt/tau "
            "(dW - D), W += D. 0 = off.",
            "Sacramento et al. 2018"},
        {"plasticity.tau_w.pi", "Plasticity", "&tau;<sub>w,pi</sub>", "pi filter", "ms", Real,
            kNone, 0, 1e6, true, 0.1, 100, true, true, {}, &P::plasticityTauPi,
            "Low-pass of the changes of W_pi alone. none: plasticity.tau_w holds.",
            "Sacramento et al. 2018"},
        {"plasticity.tau_w.ip", "Plasticity", "&tau;<sub>w,ip</sub>", "ip filter", "ms", Real,
            kNone, 0, 1e6, true, 0.1, 100, true, true, {}, &P::plasticityTauIp,
            "Low-pass of the changes of W_ip alone. none: plasticity.tau_w holds.",
            "Sacramento et al. 2018"},
        {"plasticity.tau_w.up", "Plasticity", "&tau;<sub>w,up</sub>", "up filter", "ms", Real,
            kNone, 0, 1e6, true, 0.1, 100, true, true, {}, &P::plasticityTauUp,
            "Low-pass of the changes of W_up alone. none: plasticity.tau_w holds.",
            "Sacramento et al. 2018"},
        {"plasticity.tau_w.down", "Plasticity", "&tau;<sub>w,down</sub>", "down filter", "ms", Real,
            kNone, 0, 1e6, true, 0.1, 100, true, true, {}, &P::plasticityTauDown,
            "Low-pass of the changes of W_down alone. none: plasticity.tau_w holds.",
            "Sacramento et al. 2018"},
        {"lock.pi", "Plasticity", "W<sub>pi</sub>", "lock lateral", "1", Flag, false, 0, 1, false,
            0, 1, false, true, {}, &P::lockPi, "Hold W_pi fixed, whatever its learning rate.",
            "Urbanczik and Senn 2014: no change without plasticity"},
        {"lock.ip", "Plasticity", "W<sub>ip</sub>", "lock inter", "1", Flag, false, 0, 1, false, 0,
            1, false, true, {}, &P::lockIp, "Hold W_ip fixed, whatever its learning rate.",
            "Urbanczik and Senn 2014: no change without plasticity"},
        {"lock.up", "Plasticity", "W<sub>up</sub>", "lock forward", "1", Flag, false, 0, 1, false,
            0, 1, false, true, {}, &P::lockUp, "Hold W_up fixed, whatever its learning rate.",
            "Urbanczik and Senn 2014: no change without plasticity"},
        {"lock.down", "Plasticity", "W<sub>down</sub>", "lock feedback", "1", Flag, false, 0, 1,
            false, 0, 1, false, true, {}, &P::lockDown,
            "Hold W_down fixed, whatever its learning rate.",
            "Urbanczik and Senn 2014: no change without plasticity"},

        {"circuit.noise", "Noise", "&sigma;", "membrane", "1", Real, 0.0, 0, 100, false, 0.001, 1,
            true, true, {}, &P::noise,
            "Standard deviation of the noise in every soma's du/dt. In LE mode the look-ahead sees "
            "it too: what is broadcast moves by noise / (G dt), far more than the soma.",
            "Sacramento et al. 2018"},
        {"circuit.noise_scaling", "Noise", "&sigma; dt", "noise scaling", "1", Choice,
            std::string("sqrt_dt"), 0, 1, false, 0, 1, false, true, {"sqrt_dt", "per_step"},
            &P::noiseScaling,
            "sqrt_dt: u += sigma sqrt(dt) xi. per_step: u += sigma dt xi, as the 2018 ports do.",
            "Sacramento et al. 2018 and its ports"},

        {"target.on", "Target", "T", "target on", "1", Flag, true, 0, 1, false, 0, 1, false, true,
            {}, &P::targetOn, "Master switch of the target: off, no output is ever nudged.",
            "Gille, Eq. 2.9: no target, no nudging"},
        {"target.shift", "Target", "T<sub>-1</sub>", "shift one step", "1", Flag, true, 0, 1, false,
            0, 1, false, true, {}, &P::targetShift,
            "In LE mode the output receives the target and nudging flag of the step before.",
            "Haider et al. 2021, published code"},
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
        {"bias.value", "Input", "b", "bias rate", "1", Real, 0.0, -100, 100, false, 0, 1, false,
            true, {}, &P::biasValue, "The rate of the bias unit.",
            "Haider et al. 2021, published code"},

        {"clip.up_hidden", "Limits", "|W<sub>up</sub>|", "clip hidden", "1", Real, 4.0, 0, 1e6,
            true, 0.5, 10, true, true, {}, &P::clipUpHidden,
            "W_up into hidden layers is kept in [-clip, clip].",
            "Haider et al. 2021, published code"},
        {"clip.up_output", "Limits", "|W<sub>up</sub>|", "clip output", "1", Real, 5.0, 0, 1e6,
            true, 0.5, 10, true, true, {}, &P::clipUpOutput,
            "W_up into the output layer is kept in [-clip, clip].",
            "Haider et al. 2021, published code"},
        {"clip.ip", "Limits", "|W<sub>ip</sub>|", "clip inter", "1", Real, kNone, 0, 1e6, true, 0.5,
            10, true, true, {}, &P::clipIp, "W_ip is kept in [-clip, clip].",
            "Gille, published code"},
        {"clip.pi", "Limits", "|W<sub>pi</sub>|", "clip lateral", "1", Real, kNone, 0, 1e6, true,
            0.5, 10, true, true, {}, &P::clipPi, "W_pi is kept in [-clip, clip].",
            "Gille, published code"},

        {"state.reset", "Protocol", "u=0", "reset", "1", Choice, std::string("none"), 0, 2, false,
            0, 1, false, true, {"none", "soft", "hard"}, &P::stateReset,
            "Before each pattern: none; soft = 15 ms without input, target and plasticity; hard = "
            "potentials 0.",
            "Gille, published code"},
        {"state.initial_input", "Protocol", "x<sub>0</sub>", "first input", "1", Choice,
            std::string("first"), 0, 1, false, 0, 1, false, false, {"first", "zero"},
            &P::initialInput,
            "Filtered input and target start at the first pattern (Haider) or at zero (Gille).",
            "Haider et al. 2021 and Gille, published codes"},
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
        {"angle.interval", "Protocol", "k<sub>BP</sub>", "angle every", "1", Count, 0.0, 0, 1e6,
            false, 0, 100, false, true, {}, &P::angleInterval,
            "Every so-many-th training presentation is compared with backpropagation; 0 = never.",
            "Phaseless Alignment Learning, published code (angle studies)"},
    };
    return table;
}

} // namespace

std::span<const ParameterRow> parameterTable()
{
    return rows();
}

} // namespace apical
