// Small batches for the tests of feed-forward nets, and one training step.
#pragma once

#include "sim/feedforward/activation.h"
#include "sim/feedforward/feedforward_net.h"

#include <array>
#include <cstdlib>
#include <limits>
#include <utility>

namespace apical {

inline constexpr std::array kKinds{std::pair{Activation::Kind::Relu, "relu"},
    std::pair{Activation::Kind::Tanh, "tanh"}, std::pair{Activation::Kind::Sigmoid, "sigmoid"},
    std::pair{Activation::Kind::Linear, "linear"}, std::pair{Activation::Kind::SoftLif, "softlif"},
    std::pair{Activation::Kind::Softplus, "softplus"}};

/// Largest absolute difference; infinite if the sizes differ or an entry is no number.
inline double distance(const Batch<double>& a, const Batch<double>& b)
{
    if (a.rows() != b.rows() || a.cols() != b.cols() || !a.allFinite() || !b.allFinite())
        return std::numeric_limits<double>::infinity();
    return a.size() == 0 ? 0 : (a - b).cwiseAbs().maxCoeff();
}

inline Batch<double> noise(Eigen::Index rows, Eigen::Index cols, unsigned seed)
{
    std::srand(seed);
    return Batch<double>::Random(rows, cols);
}

/// One class per sample.
inline Batch<double> classes(Eigen::Index rows, Eigen::Index cols)
{
    Batch<double> y = Batch<double>::Zero(rows, cols);
    for (Eigen::Index k = 0; k < cols; ++k)
        y(k % rows, k) = 1;
    return y;
}

inline void train(const FeedforwardSettings& s, FeedforwardNet<double>& net, const Batch<double>& x,
    const Batch<double>& y)
{
    net.forward(s, x);
    net.backward(s, y);
    net.update(s);
}

} // namespace apical
