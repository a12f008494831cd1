// Activation functions over whole matrices; soft LIF after Hunsberger, Eliasmith (2015).
#pragma once

#include "sim/model/batch.h"

#include <cmath>
#include <limits>
#include <optional>

namespace apical {

/// r(j) = 1 / (t_ref + tau_rc log(1 + V / rho)),   rho = g log(1 + exp((j - V) / g)); all > 0.
struct SoftLif {
    double smoothing = 0.02; ///< g: width of the soft threshold, in units of the current
    double tauRc = 20; ///< ms, membrane
    double tRef = 4; ///< ms, refractory
    double threshold = 1; ///< V, in units of the current
    std::optional<double> amplitude{}; ///< A, ms; none: f(2) = 1 in the hard limit

    double gain() const { return amplitude.value_or(tRef + tauRc * std::log(2.0)); } ///< A, ms
    template <class Scalar> struct Rate {
        Scalar value, slope; ///< r, spikes per ms, and dr/dj
    };
    template <class Scalar> Rate<Scalar> rate(Scalar current) const
    {
        const auto g = static_cast<Scalar>(smoothing), v = static_cast<Scalar>(threshold);
        const auto tau = static_cast<Scalar>(tauRc);
        const Scalar u = (current - v) / g;
        const auto at = [&](Scalar wait, Scalar fall) { // log(1 + V / rho), - its slope
            const Scalar r = 1 / (static_cast<Scalar>(tRef) + tau * wait);
            return Rate<Scalar>{r, r * r * tau * fall};
        };
        // Here 1 + V / rho is V / rho, and rho = g exp(u) is on its way to underflow.
        if (u <= (std::numeric_limits<Scalar>::digits > 24 ? -37 : -17))
            return at(std::log(v) - std::log(g) - u, 1 / g);
        const Scalar rho = u > 34 ? current - v : g * std::log1p(std::exp(u));
        return at(std::log1p(v / rho), v / (rho * (rho + v)) / (1 + std::exp(-u)));
    }
};

/// f(z), dimensionless; soft-LIF is A r(z).
struct Activation {
    enum class Kind { Relu, Tanh, Sigmoid, Linear, SoftLif, Softplus };
    Kind kind = Kind::Linear;
    SoftLif lif{};

    /// Bias at which zero weighted input stands at the foot of f.
    double startingBias() const { return kind == Kind::SoftLif ? 1 : 0; }
};

/// A function object, as Eigen's expressions want it.
constexpr auto logistic = [](auto z) { return 1 / (1 + std::exp(-z)); };

/// Writes f(z) of every unit and sample; NaN stays NaN.
template <class Scalar>
void activate(const Activation& f, BatchIn<Scalar> z, BatchOut<Scalar> value)
{
    const auto each = [&](auto function) { value = z.unaryExpr(function); };
    const auto gain = static_cast<Scalar>(f.lif.gain());
    const auto ramp = [](Scalar x) { return x < 0 ? Scalar{0} : x; };
    switch (f.kind) {
    case Activation::Kind::Linear:
        return each([](Scalar x) { return x; });
    case Activation::Kind::Relu:
        return each(ramp);
    case Activation::Kind::Tanh:
        return each([](Scalar x) { return std::tanh(x); });
    case Activation::Kind::Sigmoid:
        return each(logistic);
    case Activation::Kind::Softplus: // exp(-|x|) cannot overflow
        return each([&](Scalar x) { return ramp(x) + std::log1p(std::exp(-std::abs(x))); });
    case Activation::Kind::SoftLif:
        return each([&](Scalar x) { return gain * f.lif.rate(x).value; });
    }
}

/// Multiplies by f'(z); of ReLU f'(0) = 0. @param value f(z), as activate() left it
template <class Scalar>
void multiplyBySlope(
    const Activation& f, BatchIn<Scalar> z, BatchIn<Scalar> value, BatchOut<Scalar> factor)
{
    const auto times = [&](const auto& slope) { factor.array() *= slope.array(); };
    const auto gain = static_cast<Scalar>(f.lif.gain());
    switch (f.kind) {
    case Activation::Kind::Linear:
        return;
    case Activation::Kind::Relu:
        return times(z.unaryExpr([](Scalar x) { return x > 0 ? Scalar{1} : Scalar{0}; }));
    case Activation::Kind::Tanh:
        return times(value.unaryExpr([](Scalar y) { return 1 - y * y; }));
    case Activation::Kind::Sigmoid:
        return times(value.unaryExpr([](Scalar y) { return y * (1 - y); }));
    case Activation::Kind::Softplus:
        return times(z.unaryExpr(logistic));
    case Activation::Kind::SoftLif:
        return times(z.unaryExpr([&](Scalar x) { return gain * f.lif.rate(x).slope; }));
    }
}

} // namespace apical
