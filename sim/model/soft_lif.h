// Soft LIF: a rate function of LIF neurons with a slope everywhere (Hunsberger, Eliasmith 2015).
#pragma once

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

    /// Of u = (j - V) / g: at kFoot and below 1 + V / rho is V / rho, and rho = g exp(u) is on its
    /// way to underflow; above kStraight rho is j - V.
    template <class Scalar>
    static constexpr Scalar kFoot = std::numeric_limits<Scalar>::digits > 24 ? -37 : -17;
    template <class Scalar> static constexpr Scalar kStraight = 34;

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
        if (u <= kFoot<Scalar>)
            return at(std::log(v) - std::log(g) - u, 1 / g);
        const Scalar rho = u > kStraight<Scalar> ? current - v : g * std::log1p(std::exp(u));
        return at(std::log1p(v / rho), v / (rho * (rho + v)) / (1 + std::exp(-u)));
    }
};

} // namespace apical
