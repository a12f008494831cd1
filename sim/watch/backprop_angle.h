// How close local plasticity comes to backpropagation, presentation by presentation.
#pragma once

#include "sim/run/simulation.h"

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace apical {

/// One target layer in one presentation, against the exact gradient at the weights that stood
/// before it. NaN where one of the two is zero ("no change") or does not exist (no apical dendrites
/// in the output layer).
struct BackpropAngle {
    static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    double weights = kNone; ///< degrees between the change of W_up and minus its gradient
    double normRatio = kNone; ///< |change of W_up| / |gradient|: the step size it amounts to
    double apical = kNone; ///< degrees between v_A at the end and minus dL/du
    /// With angle.rosetta: degrees between the somatic error at the end and what backpropagation
    /// and predictive coding at rest put in its place, the output error taken in rates.
    double rosettaBackprop = kNone, rosettaPredictive = kNone;
};

/// By the names they have in files and channels: "layer1.backprop_angle".
struct BackpropAngleRow {
    enum class Of { Update, Error, Comparison }; ///< the latter two only where there is one
    const char* name;
    double BackpropAngle::*value;
    Of of;
};
inline constexpr std::array<BackpropAngleRow, 5> kBackpropAngleTable{{
    {"backprop_angle", &BackpropAngle::weights, BackpropAngleRow::Of::Update},
    {"backprop_norm_ratio", &BackpropAngle::normRatio, BackpropAngleRow::Of::Update},
    {"apical_delta_angle", &BackpropAngle::apical, BackpropAngleRow::Of::Error},
    {"rosetta_backprop_angle", &BackpropAngle::rosettaBackprop, BackpropAngleRow::Of::Comparison},
    {"rosetta_pc_angle", &BackpropAngle::rosettaPredictive, BackpropAngleRow::Of::Comparison},
}};

/// The angles that a model has, in the order of their columns; none where it is not measured.
struct BackpropAngleColumn {
    std::string name; ///< "layer1.backprop_angle"
    std::size_t layer = 0; ///< 0 = first target layer
    double BackpropAngle::*value = nullptr;
};
std::vector<BackpropAngleColumn> backpropAngleColumns(const Model&);

/// Degrees between two vectors, 0 to 180; NaN if one of them is zero.
double angleBetween(std::span<const double> a, std::span<const double> b);

struct BackpropMeasurement {
    std::uint64_t pattern = 0;
    std::uint64_t training = 0; ///< its number among the training presentations
    std::uint64_t step = 0; ///< steps done at the end of the presentation
    std::vector<BackpropAngle> layers; ///< target layers 1..N
};

/// Watches a simulation; which presentations are measured follows angle.interval: the first one
/// with a target in each row of that many training presentations. One that was interrupted by an
/// edit or a restore is left out. Watching changes no bit of the run; all memory is allocated at
/// construction. The sample is the pattern as drawn: with input or target filters slower than the
/// presentation the circuit sees another one.
class BackpropAngles {
public:
    static constexpr std::size_t kKept = 512;

    explicit BackpropAngles(Simulation&);

    bool applies() const { return m_exact != nullptr; } ///< false: nothing is ever measured
    /// After every step. @return whether it ended a measured presentation: latest() is new
    bool afterStep() { return m_exact && m_simulation->clock().stepInPattern == 0 && boundary(); }
    /// The simulation was rewound or restored: forgets what it has not lived through yet.
    void forgetLater();

    std::size_t size() const { return m_size; }
    const BackpropMeasurement& at(std::size_t i) const; ///< oldest first
    const BackpropMeasurement* latest() const { return m_size ? &at(m_size - 1) : nullptr; }
    /// latest(), or nullptr if it is so old that one must have been left out since: target off, or
    /// angle.interval 0.
    const BackpropMeasurement* current() const;
    /// Per target layer, over the last `measurements`, those that are NaN left out.
    std::vector<BackpropAngle> mean(std::size_t measurements) const;

private:
    bool boundary();
    void begin();
    void measure();
    std::uint64_t training() const; ///< number of the presentation to come
    std::uint64_t row(std::uint64_t training) const; ///< of angle.interval presentations

    Simulation* m_simulation;
    std::unique_ptr<ExactGradient> m_exact; ///< nullptr: does not apply
    std::vector<int> m_upProjections; ///< per target layer
    std::vector<Matrix> m_up; ///< W_up at the start of the presentation under way
    std::vector<double> m_input, m_target, m_read;
    bool m_watching = false;
    std::uint64_t m_revision = 0, m_pattern = 0, m_training = 0;
    std::vector<BackpropMeasurement> m_ring;
    double m_rounding = 0; ///< of float weights: changes below so much of their norm say nothing
    std::size_t m_first = 0, m_size = 0;
};

} // namespace apical
