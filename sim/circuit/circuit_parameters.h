// The parameters of the dendritic microcircuit.
#pragma once

#include "sim/experiment/parameters.h"
#include "sim/model/transfer.h"

#include <cmath>
#include <cstdint>
#include <vector>

namespace apical {

namespace noise_scaling {
enum : int { sqrt_dt, per_step };
}
namespace feedback_kind {
enum : int { own, transposed };
}
namespace initial_input {
enum : int { first, zero };
}

/// What the rate microcircuit has beyond the parameters of every run, in ms and 1/ms (C = 1);
/// potentials and rates are dimensionless. Lists hold one entry for all target layers, or one per
/// target layer (index 0 = first hidden layer); those of pathways into hidden layers alone may
/// leave out the output layer. Defaults stand in circuitParameterTable().
struct CircuitParameters {
    bool latentEquilibrium = true;
    double leak = 0, basal = 0, apical = 0, dendrite = 0, nudging = 0; // g_l, g_b, g_a, g_d, g_som
    int feedback = feedback_kind::own;
    double feedbackScale = 1;
    double noise = 0;
    int noiseScaling = noise_scaling::sqrt_dt;
    int phi = phi_kind::softplus;
    double phiGamma = 1, phiBeta = 1, phiTheta = 0;
    double inputTau = 0;
    bool inputLookAhead = false;
    double targetTau = 0;
    bool targetShift = false;
    double biasValue = 0;
    std::vector<double> etaUp, etaIp, etaPi, etaDown;
    bool etaPerPresentation = false;
    double etaDecay = 1;
    bool lockUp = false, lockIp = false, lockPi = false, lockDown = false;
    double clipUpHidden = kNone, clipUpOutput = kNone, clipIp = kNone, clipPi = kNone;
    double plasticityTau = 0;
    double plasticityTauUp = kNone, plasticityTauIp = kNone, plasticityTauPi = kNone,
           plasticityTauDown = kNone; // kNone: the above
    int initialInput = initial_input::first;
    bool rosetta = false;

    bool operator==(const CircuitParameters&) const = default;

    /// Total conductance of a soma in 1/ms, all its couplings and its leak together: hidden
    /// pyramidal neurons, interneurons and outputs.
    double totalHidden() const { return leak + basal + apical; }
    double totalInterneuron() const { return leak + basal + nudging; }
    double totalOutput() const { return leak + basal + nudging; }

    /// Time constant of a pathway's weight filter in ms: its own, or the one of all pathways.
    double filterTau(double own) const { return own == kNone ? plasticityTau : own; }

    /// What all learning rates are multiplied with. @param presentationTime in ms
    double rateScale(double presentationTime, std::uint64_t epoch) const
    {
        const double scale = etaPerPresentation ? 1 / presentationTime : 1;
        return etaDecay == 1 ? scale : scale * std::pow(etaDecay, static_cast<double>(epoch));
    }

    Transfer<double> transfer() const { return {phi, phiGamma, phiBeta, phiTheta}; }
};

/// All rows of model microcircuit.
const ParameterTable& circuitParameterTable();

/// @throws std::bad_any_cast for parameters of another family
inline const CircuitParameters& circuit(const Parameters& p)
{
    return p.family<CircuitParameters>();
}
inline CircuitParameters& circuit(Parameters& p)
{
    return p.family<CircuitParameters>();
}
/// nullptr for parameters of another family
inline const CircuitParameters* circuitIf(const Parameters& p)
{
    return p.familyIf<CircuitParameters>();
}

} // namespace apical
