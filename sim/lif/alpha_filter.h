// What a synapse makes of the spikes that it gets: an exponential or an alpha function of area 1.
#pragma once

#include "sim/lif/lif_passes.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace apical {

/// Two poles of the same time constant, exact for an input s that is held during a step. With
/// r = dt / tau and a = exp(-r), both right-hand sides with the old u:
///   u <- s + a (u - s)     y <- s + a ((y - s) + r (u - s))
/// y answers an impulse with t / tau^2 exp(-t / tau), u with exp(-t / tau) / tau; both have the sum
/// 1 over the steps, up to rounding. tau = 0: y = u = s.
/// Hunsberger (2018), appendix, as a recursion.
struct AlphaSetting {
    AlphaSetting() = default;
    /// @param order 1: the output is u; 2: it is y
    AlphaSetting(double dt, double tau, int order)
        : second(order == 2)
        , instant(tau == 0)
    {
        if (instant)
            return;
        const double r = dt / tau;
        keep = std::exp(-r);
        mix = keep * r;
        ofU = -std::expm1(-r);
        // 1 - a - a r = a (exp(r) - 1 - r) without its cancellation.
        double term = r * r / 2, sum = 0;
        for (int k = 3; term > sum * 1e-18 && k < 400; ++k) {
            sum += term;
            term *= r / k;
        }
        ofY = r < 1 ? keep * sum : 1 - keep - mix;
    }

    bool second = true, instant = true;
    double keep = 0, mix = 0; ///< a, a r
    double ofU = 1, ofY = 1; ///< shares of s in u and y
};

/// The filters of a population, of each sample of a batch; dimensionless as what they filter.
template <class Scalar> class AlphaFilter {
public:
    void resize(std::size_t size)
    {
        m_u.assign(size, Scalar(0));
        m_y.assign(size, Scalar(0));
    }
    void reset()
    {
        std::ranges::fill(m_u, Scalar(0));
        std::ranges::fill(m_y, Scalar(0));
    }
    /// A step in which nothing has come yet; add() what does.
    void decay(const AlphaSetting& a) { pass(a).decay(m_u.size(), m_u.data(), m_y.data()); }
    /// The same for one of them.
    void decay(const AlphaSetting& a, std::size_t i)
    {
        m_y[i] = static_cast<Scalar>(a.keep) * m_y[i] + static_cast<Scalar>(a.mix) * m_u[i];
        m_u[i] *= static_cast<Scalar>(a.keep);
    }
    void add(const AlphaSetting& a, std::size_t i, Scalar input)
    {
        m_u[i] += static_cast<Scalar>(a.ofU) * input;
        m_y[i] += static_cast<Scalar>(a.ofY) * input;
    }
    /// A step with an input for each.
    void step(const AlphaSetting& a, const Scalar* input)
    {
        pass(a).step(m_u.size(), input, m_u.data(), m_y.data());
    }
    std::vector<Scalar>& first() { return m_u; }
    const std::vector<Scalar>& first() const { return m_u; }
    /// Its output.
    const std::vector<Scalar>& output(const AlphaSetting& a) const { return a.second ? m_y : m_u; }
    std::vector<Scalar>& second() { return m_y; }
    const std::vector<Scalar>& second() const { return m_y; }

private:
    static AlphaPass<Scalar> pass(const AlphaSetting& a)
    {
        const auto number = [](double x) { return static_cast<Scalar>(x); };
        return {number(a.keep), number(a.mix), number(a.ofU), number(a.ofY)};
    }

    std::vector<Scalar> m_u, m_y;
};

} // namespace apical
