// Activation functions over whole matrices.
#pragma once

#include "sim/model/batch.h"
#include "sim/model/soft_lif.h"
#include "sim/model/soft_lif_rates.h"

#include <cmath>
#include <type_traits>

namespace apical {

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
        if constexpr (std::is_same_v<Scalar, float>)
            return softLifRates(f.lif, z, false,
                [&](auto row, auto column, auto count, const auto& rate, const auto&) {
                    value.col(column).segment(row, count) = gain * rate.head(count).matrix();
                });
        else
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
        if constexpr (std::is_same_v<Scalar, float>)
            return softLifRates(f.lif, z, true,
                [&](auto row, auto column, auto count, const auto&, const auto& slope) {
                    factor.col(column).segment(row, count).array() *= gain * slope.head(count);
                });
        else
            return times(z.unaryExpr([&](Scalar x) { return gain * f.lif.rate(x).slope; }));
    }
}

} // namespace apical
