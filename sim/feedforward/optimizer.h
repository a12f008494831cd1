// How a gradient becomes a change of weights.
//   sgd        W <- W - rate g
//   momentum   m <- mu m + g;   W <- W - rate m
//   adam       m <- b1 m + (1 - b1) g;   v <- b2 v + (1 - b2) g^2;   t <- t + 1
//              W <- W - rate (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon)
// References: Polyak (1964); Kingma, Ba (2015)
#pragma once

#include "sim/feedforward/activation.h"

namespace apical {

struct Optimizer {
    enum class Kind { Sgd, Momentum, Adam };
    Kind kind = Kind::Adam;
    double rate = 0.001;
    double momentum = 0.9; ///< mu, [0, 1)
    double beta1 = 0.9, beta2 = 0.999; ///< [0, 1)
    double epsilon = 1e-8;
};

/// What an optimizer remembers about one matrix of weights. A copy is a saved state.
template <class Scalar> struct OptimizerState {
    Optimizer::Kind kind = Optimizer::Kind::Sgd;
    long steps = 0; ///< t
    Batch<Scalar> m{}, v{}; ///< as large as the weights, or empty where the kind needs none

    /// Changes the first `columns` columns of the weights. Another kind than before starts anew;
    /// only the first step of a kind allocates.
    void descend(const Optimizer& o, const Batch<Scalar>& gradient, Batch<Scalar>& weights,
        Eigen::Index columns)
    {
        using Kind = Optimizer::Kind;
        if (kind != o.kind)
            *this = {.kind = o.kind};
        if (kind != Kind::Sgd && m.size() == 0)
            m.setZero(weights.rows(), weights.cols());
        if (kind == Kind::Adam && v.size() == 0)
            v.setZero(weights.rows(), weights.cols());
        ++steps;
        const auto number = [](double x) { return static_cast<Scalar>(x); };
        const auto part = [columns](auto& all) { return all.leftCols(columns).array(); };
        const auto g = part(gradient);
        auto w = part(weights);
        if (kind == Kind::Sgd) {
            w -= number(o.rate) * g;
        } else if (kind == Kind::Momentum) {
            part(m) = number(o.momentum) * part(m) + g;
            w -= number(o.rate) * part(m);
        } else {
            part(m) = number(o.beta1) * part(m) + number(1 - o.beta1) * g;
            part(v) = number(o.beta2) * part(v) + number(1 - o.beta2) * g.square();
            const auto t = static_cast<double>(steps);
            const auto rate = number(o.rate / (1 - std::pow(o.beta1, t)));
            const auto scale = number(1 / (1 - std::pow(o.beta2, t)));
            w -= rate * part(m) / ((scale * part(v)).sqrt() + number(o.epsilon));
        }
    }
};

} // namespace apical
