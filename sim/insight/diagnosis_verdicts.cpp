// What the doctor says for each verdict: title, at most two short lines, evidence, one remedy and
// the reason why.
#include "sim/circuit/circuit_parameters.h"
#include "sim/insight/diagnosis_case.h"
#include "sim/insight/diagnosis_words.h"

#include <algorithm>
#include <cmath>

namespace apical {
namespace {

using Obstacle = LateralPathway::Obstacle;

std::string capital(std::string text)
{
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

void append(std::vector<Evidence>& to, const std::vector<Evidence>& from)
{
    to.insert(to.end(), from.begin(), from.end());
}

} // namespace

Diagnosis DiagnosisCase::waiting() const
{
    Diagnosis out;
    out.verdict = Verdict::Waiting;
    out.title = "Watching";
    out.text = "A verdict needs 20 patterns;\nthat is "
        + timeSpanText(0.1 * diagnosisWindowMs(m_now.parameters)) + " of simulated time.";
    out.evidence = preflight();
    out.why = "The errors are measured at random inputs and jump from pattern to pattern. The "
              "doctor compares "
              "medians over blocks of patterns, and says nothing before it has enough of them.";
    return out;
}

Diagnosis DiagnosisCase::converging() const
{
    const Error& error = *slowest();
    Diagnosis out;
    out.verdict = Verdict::Converging;
    out.title = "Converging";
    out.halfLifeMs = error.trend->halfLifeMs();
    out.timeToGoMs = error.trend->timeToMs(error.goal);
    out.goalMs = m_now.clock.timeMs + out.timeToGoMs;
    const std::string name(error.name); // "feedback weight": its error is what halves
    out.text = capital(error.weights ? name.substr(0, name.find(' ')) + " error" : name)
        + " halves every " + timeSpanText(out.halfLifeMs) + ";\n"
        + (out.timeToGoMs > 0 ? "self-predicting at about t = " + timeSpanText(out.goalMs) + '.'
                              : "self-predicting any moment.");
    append(out.evidence, courses());
    append(out.evidence, preflight());
    out.why = "Interneurons learn to predict the next layer (W_ip), and lateral weights learn to "
              "cancel its "
              "feedback (W_pi = -W_down). Both errors shrink by a constant factor per unit of "
              "time, so a straight "
              "line through the logarithm of the slowest error ("
        + std::string(error.name) + (error.weights ? " error" : "")
        + ") gives its half-life and the time to its goal. Goals: apical error "
        + errorText(kApicalGoal) + ", interneuron error " + errorText(kInterneuronGoal)
        + ", weight errors 1 % of their start.";
    return out;
}

Diagnosis DiagnosisCase::selfPredicting() const
{
    Diagnosis out;
    out.verdict = Verdict::SelfPredicting;
    out.title = "Self-predicting";
    out.text = "All four errors have reached their goals:\nthe apical compartments are silent.";
    append(out.evidence, courses());
    if (!m_now.parameters.targetOn)
        out.remedy = {Remedy::Kind::SwitchTargetOn, "Switch the target on", "target.on", true};
    out.why =
        "Whatever arrives from above is cancelled by the interneurons, so an apical potential now "
        "means one "
        "thing only: something the circuit did not predict. Switch the target on, and the apical "
        "compartments will carry the error of the output, layer by layer.";
    return out;
}

Diagnosis DiagnosisCase::blockedPlateau() const
{
    const LateralPathway* worst = nullptr;
    for (const LateralPathway& path : m_paths)
        if (path.aboveGoal()
            && (path.obstacle == Obstacle::Locked || path.obstacle == Obstacle::RateZero)
            && (!worst || path.off > worst->off))
            worst = &path;
    const bool ip = worst->kind == LateralPathway::Kind::Ip;
    const std::string name = worst->name(deep());
    Diagnosis out;
    out.verdict = Verdict::Plateau;
    out.title = "Plateau at " + errorText(m_trends.apical.level);
    out.text = worst->obstacle == Obstacle::Locked
        ? name + " is locked, " + percentText(worst->off) + " off;\n"
        : "eta " + std::string(ip ? "ip" : "pi")
            + (deep() ? " of layer " + std::to_string(worst->hidden) : "") + " is 0, W_"
            + (ip ? "ip " : "pi ") + percentText(worst->off) + " off;\n";
    out.text += ip ? "interneurons cannot track layer " + std::to_string(worst->hidden + 1) + '.'
                   : "the feedback is not cancelled.";
    for (const LateralPathway& path : m_paths)
        if (&path != worst && path.aboveGoal()
            && (path.obstacle == Obstacle::Locked || path.obstacle == Obstacle::RateZero))
            out.evidence.push_back({false,
                path.name(deep())
                    + (path.obstacle == Obstacle::Locked ? " is locked too"
                                                         : " does not learn either")});
    append(out.evidence, courses());
    append(out.evidence, preflight());
    out.remedy = remedyFor(*worst, m_now.parameters, targetLayers());
    out.why = name + " must reach " + (ip ? "rho W_up of the next layer" : "-W_down")
        + " for the apical compartments to fall silent. It cannot move while it is "
        + (worst->obstacle == Obstacle::Locked ? "locked." : "without a learning rate.");
    return out;
}

Diagnosis DiagnosisCase::noiseFloor() const
{
    Diagnosis out;
    out.verdict = Verdict::NoiseFloor;
    out.title = "Noise floor";
    const std::string sigma = errorText(circuit(m_now.parameters).noise);
    out.text = "The errors stopped falling; membrane noise\nof sigma " + sigma
        + " holds the apical error at " + errorText(m_trends.apical.level) + '.';
    append(out.evidence, courses());
    append(out.evidence, preflight());
    out.remedy = {Remedy::Kind::SetParameter, "Switch the noise off", "circuit.noise", 0.0};
    out.why = "Noise reaches every soma independently, so an interneuron cannot predict the noise "
              "of the neuron it "
              "follows, and the weights keep wandering around the fixed point. The floor falls "
              "with sigma and, for "
              "the weights, with the learning rates.";
    return out;
}

Diagnosis DiagnosisCase::plateau() const
{
    Diagnosis out;
    out.verdict = Verdict::Plateau;
    const LateralPathway* worst = nullptr;
    for (const LateralPathway& path : m_paths)
        if (path.aboveGoal() && (!worst || path.off > worst->off)
            && (!undetermined() || path.obstacle == Obstacle::Undetermined))
            worst = &path;
    const Evidence lint = preflight().empty() ? Evidence{} : preflight().front();
    append(out.evidence, preflight());
    append(out.evidence, courses());

    if (!worst) {
        out.title = "Plateau at " + errorText(m_trends.apical.level);
        out.text = "The weights are at their fixed point;\n"
            + (lint.good ? std::string("the potentials do not settle within a pattern.")
                         : lint.text + '.');
        out.why = "The weights are right, yet the potentials are compared before the signals of a "
                  "new pattern "
                  "have settled. Longer patterns help.";
        return out;
    }
    const bool ip = worst->kind == LateralPathway::Kind::Ip;
    const std::string name = worst->name(deep());
    const std::string off = percentText(worst->off);
    if (drifts() && !undetermined()) {
        out.title = "Drifting away";
        out.text = name + " is " + off + " off and moving away;\n"
            + (lint.good ? std::string("smaller learning rates help.") : lint.text + '.');
        out.why = "The plastic changes made while the potentials still settle outweigh those made "
                  "after. Longer "
                  "patterns, a plasticity onset or Latent Equilibrium cure this.";
    } else if (ip && worst->obstacle == Obstacle::Undetermined) {
        const auto l = static_cast<std::size_t>(worst->hidden);
        const int narrow =
            *std::min_element(m_sizes.begin(), m_sizes.begin() + static_cast<std::ptrdiff_t>(l));
        out.title = "Plateau, and rightly so";
        out.text = "Interneurons do not track layer " + std::to_string(worst->hidden + 1)
            + " (W_ip " + off + " off):\n" + std::to_string(m_sizes[l]) + " rates of "
            + std::to_string(narrow) + " inputs cannot fix W_ip.";
        out.remedy = remedyFor(*worst, m_now.parameters, targetLayers());
        out.why = "W_ip learns only from the rates that occur. " + std::to_string(m_sizes[l])
            + " hidden rates driven by " + std::to_string(narrow)
            + " inputs vary almost only within a space of " + std::to_string(narrow)
            + " dimensions; along the others every W_ip predicts the next layer equally well, so "
              "its error "
              "against rho W_up stays while apical and interneuron errors vanish. More inputs than "
              "hidden "
              "neurons, or weights set to the fixed point, make it reach zero.";
    } else {
        const Trend& trend = ip ? m_trends.feedforward : m_trends.feedback;
        const double rate =
            layerValue(ip ? circuit(m_now.parameters).etaIp : circuit(m_now.parameters).etaPi,
                worst->hidden - 1);
        const std::string eta = std::string("eta ") + (ip ? "ip" : "pi");
        out.title = "Plateau at " + errorText(m_trends.apical.level);
        out.text = name + " is " + off + " off;\n"
            + (trend.falling() ? "at " + eta + " = " + errorText(rate) + " it needs "
                        + timeSpanText(trend.timeToMs(worst->goal)) + '.'
                               : "it no longer changes at " + eta + " = " + errorText(rate) + '.');
        if (lint.good)
            out.remedy = fasterRate(*worst, m_now.parameters, targetLayers());
        out.why = "No pathway is locked, but " + name
            + " hardly approaches its fixed point. Its learning rate is too small for these "
              "inputs, or the "
              "inputs are too alike: a wide range of inputs decorrelates the rates and helps most.";
    }
    return out;
}

Diagnosis DiagnosisCase::diverging() const
{
    Diagnosis out;
    out.verdict = Verdict::Diverging;
    out.title = "Diverging";
    const double largest = largestPotential();
    const Parameters& p = m_now.parameters;
    const CircuitParameters& c = circuit(p);
    out.text = "The errors multiply; potentials reach " + errorText(largest)
        + ".\nA step of learning overshoots its goal.";
    out.evidence.push_back(
        {false, "weight error " + errorText(weightGrowth()) + " times its start"});
    out.evidence.push_back({false,
        "dt " + timeSpanText(p.dt) + ", eta ip " + errorText(layerValue(c.etaIp, 0)) + ", eta pi "
            + errorText(layerValue(c.etaPi, 0))});
    append(out.evidence, preflight());
    out.remedy = {Remedy::Kind::RewindAndHalveDt, "Rewind 1 s and halve dt", "", true};
    out.why = "The loop from pyramidal cells over interneurons back to the apical compartments "
              "amplifies while the "
              "weights are out of balance. Every step changes a weight by dt times its learning "
              "rate; halving dt "
              "halves that change. Smaller learning rates or smaller inputs cure it too.";
    return out;
}

/// Every number is still finite, but one is larger than anything that still learns.
Diagnosis DiagnosisCase::guarded() const
{
    Diagnosis out;
    out.verdict = Verdict::Diverged;
    out.title = "Running away";
    const Stop& stop = m_now.stop;
    const Parameters& p = m_now.parameters;
    out.text = placeText(stop.quantity, m_sizes) + " went beyond " + parameterText(stop.limit)
        + "\nat t = " + secondsText(m_now.clock.timeMs) + ": stopped by " + stop.guard + '.';
    const CircuitParameters& c = circuit(p);
    out.evidence.push_back(
        {false, "dt " + timeSpanText(p.dt) + ", eta up " + errorText(layerValue(c.etaUp, 0))});
    append(out.evidence, preflight());
    std::vector<double> half = c.etaUp;
    for (double& rate : half)
        rate /= 2;
    constexpr double kBackMs = 1000;
    const double to = std::max(0.0, m_now.clock.timeMs - kBackMs);
    out.remedy = {Remedy::Kind::UndoAndRewind, "Rewind 1 s and halve eta up", "eta.up", half,
        static_cast<std::uint64_t>(to / p.dt)};
    out.why =
        "Activations that grow without bound keep a network from ever being not finite, yet "
        "it no longer learns. The run stopped at its last good state, before the numbers "
        "became useless. The usual cause is a learning rate that is too large for the inputs; "
        "the button goes back to the state kept a second before and halves it.";
    return out;
}

Diagnosis DiagnosisCase::diverged() const
{
    Diagnosis out;
    if (m_now.stop.ended()) {
        out.verdict = Verdict::Diverged;
        out.title = "End of the table";
        out.text = "What is replayed ends\nat t = " + secondsText(m_now.clock.timeMs) + '.';
        out.why = stopText(m_now.stop)
            + ". Without it all neurons would be silent, which would look like a result.";
        return out;
    }
    if (m_now.stop.guarded())
        return guarded();
    out.verdict = Verdict::Diverged;
    out.title = "Not finite";
    out.text = "Not finite at t = " + secondsText(m_now.clock.timeMs)
        + (m_now.stop.quantity.empty() ? std::string()
                                       : "\nin " + placeText(m_now.stop.quantity, m_sizes))
        + '.';
    const Parameters& p = m_now.parameters;
    const CircuitParameters& c = circuit(p);
    out.evidence.push_back({false,
        "dt " + timeSpanText(p.dt) + ", eta ip " + errorText(layerValue(c.etaIp, 0)) + ", eta pi "
            + errorText(layerValue(c.etaPi, 0))});
    append(out.evidence, preflight());
    out.remedy = {Remedy::Kind::RewindAndHalveDt, "Rewind 1 s and halve dt", "", true};
    out.why = "A potential or weight left the range of numbers, so the run stopped at its last "
              "good state. The "
              "usual causes are a learning rate or a time step that is too large, or inputs that "
              "are too strong.";
    return out;
}

} // namespace apical
