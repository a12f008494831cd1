// The parameter table: one row per parameter. Sliders, tooltips, preset JSON, --set, range errors
// and the printed reference are loops over it; adding a parameter is one field and one row.
#pragma once

#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace apical {

inline constexpr double kNone = std::numeric_limits<double>::infinity(); ///< "none" of a clip

namespace phi_kind {
enum : int { softplus, logistic, tanh, relu, hard_sigmoid };
}
namespace noise_scaling {
enum : int { sqrt_dt, per_step };
}
namespace reset_kind {
enum : int { none, soft, hard };
}
namespace initial_input {
enum : int { first, zero };
}
namespace nudging_rule {
enum : int { explicit_flag, positive };
}
namespace readout_quantity {
enum : int { prospective, soma };
}

/// Values of every parameter of the rate microcircuit, in ms and 1/ms (C = 1); potentials and rates
/// are dimensionless. Meaning, range, default and source of each field stand in its row of
/// parameterTable(). Lists hold one entry for all target layers, or one per target layer (index 0 =
/// first hidden layer); those of pathways into hidden layers alone may leave out the output layer.
struct Parameters {
    double dt;
    bool latentEquilibrium;
    double leak, basal, apical, dendrite, nudging; // g_l, g_b, g_a, g_d, g_som
    double noise;
    int noiseScaling;
    int phi;
    double phiGamma, phiBeta, phiTheta;
    double inputTau;
    bool inputLookAhead;
    bool targetOn;
    double targetTau;
    bool targetShift;
    double targetDelay;
    bool biasOn;
    double biasValue;
    std::vector<double> etaUp, etaIp, etaPi, etaDown;
    bool etaPerPresentation;
    bool lockUp, lockIp, lockPi, lockDown;
    double clipUpHidden, clipUpOutput, clipIp, clipPi;
    double plasticityOnset, plasticityTau;
    double plasticityTauUp, plasticityTauIp, plasticityTauPi, plasticityTauDown; // kNone: the above
    int stateReset;
    int initialInput;
    int nudgingRule;
    int readoutQuantity;
    double readoutLag;
    double presentationTime;
    double inputLow, inputHigh; // stimulus "uniform"
    double targetLow, targetHigh; // stimuli "uniform" and "bars"
    int protocolTrain, protocolValidation, protocolTest, protocolTestInterval;
    int angleInterval;

    Parameters(); ///< every field at the default of its row
    bool operator==(const Parameters&) const = default;

    /// Total conductance of a soma in 1/ms, all its couplings and its leak together: hidden
    /// pyramidal neurons, interneurons and outputs.
    double totalHidden() const { return leak + basal + apical; }
    double totalInterneuron() const { return leak + basal + nudging; }
    double totalOutput() const { return leak + basal + nudging; }

    /// Time constant of a pathway's weight filter in ms: its own, or the one of all pathways.
    double filterTau(double own) const { return own == kNone ? plasticityTau : own; }
};

using ParameterValue = std::variant<bool, double, std::string, std::vector<double>>;

/// A Count is a whole number; its value travels as a double.
enum class ParameterKind { Flag, Real, Count, Choice, PerLayer };

/// What holds for a row beyond its kind and range.
enum class ParameterRule {
    None,
    PerHiddenLayerToo, ///< of a list: the pathway ends in hidden layers, one entry each will do
    WholeSteps, ///< a duration: a whole number of time steps (durations.h)
};

struct ParameterRow {
    std::string_view
        key; ///< "eta.pi"; rows whose key starts with "stimulus." live in that JSON object
    std::string_view group; ///< heading in the panel, e.g. "Plasticity"
    std::string_view symbol; ///< Qt-free rich text: "&eta;<sub>pi</sub>"
    std::string_view name; ///< short name beside the slider, at most 14 characters
    std::string_view unit; ///< "ms", "1/ms" or "1" (dimensionless)
    ParameterKind kind;
    ParameterValue defaultValue;
    double low = 0, high = 0; ///< allowed range, inclusive (of each entry of a list)
    bool mayBeNone = false; ///< "none" is allowed (a clip that is off)
    double sliderLow = 0, sliderHigh = 0; ///< what the slider spans
    bool logarithmic = false; ///< the slider's scale
    bool live = true; ///< false: applies at reset
    std::vector<std::string_view> choices{};
    std::variant<bool Parameters::*, double Parameters::*, int Parameters::*,
        std::vector<double> Parameters::*>
        field;
    std::string_view help;
    std::string_view source; ///< where the equation or the default comes from
    ParameterRule rule = ParameterRule::None;
};

std::span<const ParameterRow> parameterTable();
const ParameterRow* findParameter(std::string_view key); ///< nullptr if there is none

ParameterValue parameterValue(const Parameters&, const ParameterRow&);

/// Checks kind, range and list length, then writes. @param layers number of target layers (hidden +
/// output)
/// @throws InputError with key, problem, allowed; the parameters stay as they were.
void setParameter(Parameters&, const ParameterRow&, const ParameterValue&, int layers);
void setParameter(Parameters&, std::string_view key, const ParameterValue&, int layers);

/// Reads "0.3", "true", "softplus", "[0.1, 0.2]" or "none" as a value of that row's kind. @throws
/// InputError
ParameterValue parseParameter(const ParameterRow&, std::string_view text);
std::string parameterText(
    const ParameterValue&); ///< shortest text that reads back to the same value
std::string allowedText(const ParameterRow&); ///< "0.001 to 1 ms", "softplus, logistic, ..."

/// Entry of a per-layer list for target layer l (0 = first hidden); a one-entry list holds for all.
double layerValue(const std::vector<double>& list, int layer);

[[noreturn]] void throwUnknownParameter(std::string_view key);

} // namespace apical
