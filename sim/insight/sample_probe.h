// What a network makes of a sample that it is not shown: a copy of a lane answers, with the weights
// of a frame and potentials of its own, and the run goes on undisturbed.
#pragma once

#include "sim/live/frame.h"
#include "sim/model/model.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace apical {

/// One sample, looked at.
struct SampleAnswer {
    std::vector<double> output; ///< the quantity that is averaged as the answer, N_out
    /// Of every hidden layer, what it sends; in a net that settles, the values it settled at.
    std::vector<std::vector<double>> hidden;
    std::string hiddenName; ///< "rates", "traces", "values"; empty: nothing of the kind is known
    /// With a target: the error that arrives in the first hidden layer (apical potential), and
    /// minus the exact delta of backpropagation at the same weights; empty where the model has
    /// none.
    std::vector<double> error, delta;
};

/// Window thread or any other, one at a time.
class SampleProbe {
public:
    /// Takes over parameters and weights of the lane. @return false if the frame has no weights
    /// (FrameWish), or the model cannot be made
    bool take(const LaneFrame&, const std::vector<int>& sizes);
    /// Free answer after one presentation from rest; with a target one more presentation with
    /// nudging, without learning.
    SampleAnswer show(std::span<const double> input, std::span<const double> target);

    /// Whether the model has errors to show of a target.
    bool findsErrors() const { return m_exact && m_sizes.size() > 2; }

private:
    /// @return false if the model has no such quantity in every hidden layer
    bool readHidden(const char* suffix, std::vector<std::vector<double>>&) const;
    void present(std::span<const double> input, std::span<const double> target, bool nudged);
    std::vector<double> read(int quantity) const;

    std::unique_ptr<Model> m_model;
    std::unique_ptr<ExactGradient> m_exact;
    Parameters m_parameters;
    std::vector<int> m_sizes;
    std::vector<Matrix> m_up; ///< per target layer
};

} // namespace apical
