// How a gradient becomes a change of weights.
//   sgd        W <- W - rate g
//   momentum   m <- mu m + g;   W <- W - rate m
//   adam       m <- b1 m + (1 - b1) g;   v <- b2 v + (1 - b2) g^2;   t <- t + 1
//              W <- W - rate (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon)
// References: Polyak (1964); Kingma, Ba (2015)
#pragma once

#include "sim/model/batch.h"

namespace apical {

struct Optimizer {
    enum class Kind { Sgd, Momentum, Adam };
    Kind kind = Kind::Adam;
    double rate = 0.001;
    double momentum = 0.9; ///< mu, [0, 1)
    double beta1 = 0.9, beta2 = 0.999; ///< [0, 1)
    double epsilon = 1e-8;
};

/// What an optimizer remembers about one matrix of weights.
template <class Scalar> struct OptimizerState {
    Batch<Scalar> m{}, v{}; ///< as large as the weights

    void start(const Batch<Scalar>& weights)
    {
        m.setZero(weights.rows(), weights.cols());
        v = m;
    }

    /// Step t, from 1 on, of the first `columns` columns of the weights.
    /// @param to as large as `from`, or the same; its other columns stay as they are
    void descend(const Optimizer& o, double t, const Batch<Scalar>& gradient,
        const Batch<Scalar>& from, Batch<Scalar>& to, Eigen::Index columns)
    {
        const auto number = [](double x) { return static_cast<Scalar>(x); };
        const auto part = [columns](auto& all) { return all.leftCols(columns).array(); };
        const auto g = part(gradient);
        const auto w = part(from);
        auto next = part(to);
        if (o.kind == Optimizer::Kind::Sgd) {
            next = w - number(o.rate) * g;
        } else if (o.kind == Optimizer::Kind::Momentum) {
            part(m) = number(o.momentum) * part(m) + g;
            next = w - number(o.rate) * part(m);
        } else {
            part(m) = number(o.beta1) * part(m) + number(1 - o.beta1) * g;
            part(v) = number(o.beta2) * part(v) + number(1 - o.beta2) * g.square();
            const auto rate = number(o.rate / (1 - std::pow(o.beta1, t)));
            const auto scale = number(1 / (1 - std::pow(o.beta2, t)));
            next = w - rate * part(m) / ((scale * part(v)).sqrt() + number(o.epsilon));
        }
    }
    void descend(const Optimizer& o, double t, const Batch<Scalar>& gradient,
        Batch<Scalar>& weights, Eigen::Index columns)
    {
        descend(o, t, gradient, weights, weights, columns);
    }
};

} // namespace apical
