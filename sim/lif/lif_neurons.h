// Leaky integrate-and-fire neurons: tau dv/dt = j - v, a spike at v > V, then v = 0 for t_ref.
#pragma once

#include "sim/lif/lif_parameters.h"
#include "sim/lif/lif_passes.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

namespace apical {

/// What parameters mean for a step; ms.
struct LifSetting {
    LifSetting() = default;
    LifSetting(const SoftLif& lif, const SpikeFields& p, double step)
        : integrator(p.integrator)
        , dt(step)
        , tau(lif.tauRc)
        , tRef(lif.tRef)
        , threshold(lif.threshold)
        , lowest(p.lowest)
        , keep(std::exp(-step / lif.tauRc))
        , share(-std::expm1(-step / lif.tauRc))
        , silentSteps(std::round(lif.tRef / step))
    {
    }
    int integrator = lif_integrator::exact;
    double dt = 1, tau = 20, tRef = 4, threshold = 1, lowest = 0;
    double keep = 0, share = 1; ///< exp(-dt / tau), and 1 minus it
    double silentSteps = 0;
};

/// The neurons of a population, of each sample of a batch. What is left of the refractory period,
/// c, is kept as its integrator needs it:
///   exact        ms, and dt more: a step begins with c -= dt. The neuron integrates for the part
///                d = clamp(dt - c, 0, dt) of the step, v += (j - v) (1 - exp(-d / tau)); a spike
///                lies at ts = dt + tau log(1 - (v - V) / (j - V)) from the start of the step,
///                after which v = 0 and c = t_ref + ts
///   grid, euler  whole steps: c -= 1, held at 0 while c >= 0; else v <- j + (v - j) exp(-dt / tau)
///                or v += dt / tau (j - v), a spike at v >= V, after which c = round(t_ref / dt)
/// All clamp v at v_min. Bekolay et al. (2014); Hunsberger (2018).
template <class Scalar> class LifNeurons {
public:
    void resize(std::size_t size)
    {
        m_v.assign(size, Scalar(0));
        m_c.assign(size, Scalar(0));
    }
    void reset()
    {
        std::ranges::fill(m_v, Scalar(0));
        std::ranges::fill(m_c, Scalar(0));
    }

    /// One step. @param spike spike(i, ts) for each neuron that sends one, in their order; ts in ms
    /// from the start of the step
    template <class Spike>
    void step(const LifSetting& p, const std::vector<Scalar>& current, Spike&& spike)
    {
        if (p.integrator == lif_integrator::exact)
            stepExact(p, current.data(), spike);
        else
            stepOnGrid(p, current.data(), spike);
    }

    /// Puts c into the form of another integrator, or into steps of another length: what is left of
    /// a silence stays as long as it was, up to whole steps where it is counted in steps.
    void change(const LifSetting& from, const LifSetting& to)
    {
        const bool was = from.integrator == lif_integrator::exact,
                   is = to.integrator == lif_integrator::exact;
        const double ratio = from.dt / to.dt;
        if (was == is && ratio == 1)
            return;
        for (Scalar& each : m_c) {
            const auto c = static_cast<double>(each);
            if (was && is) {
                each = static_cast<Scalar>(c - from.dt + to.dt);
                continue;
            }
            const double steps = was ? std::round(c / from.dt) - 1 : c; // of the old length
            each =
                static_cast<Scalar>(is ? (steps * ratio + 1) * to.dt : std::round(steps * ratio));
        }
    }

    std::vector<Scalar>& voltage() { return m_v; }
    const std::vector<Scalar>& voltage() const { return m_v; }
    std::vector<Scalar>& refractory() { return m_c; }
    const std::vector<Scalar>& refractory() const { return m_c; }
    /// c in ms.
    static double milliseconds(const LifSetting& p, Scalar c)
    {
        return static_cast<double>(c) * (p.integrator == lif_integrator::exact ? 1 : p.dt);
    }

private:
    static constexpr std::size_t kBlock = 512; // stays in the first cache

    /// All neurons of a block as if none spiked or came out of its refractory period, then those
    /// that did.
    template <class Spike> void stepExact(const LifSetting& p, const Scalar* current, Spike&& spike)
    {
        const auto number = [](double x) { return static_cast<Scalar>(x); };
        const Scalar dt = number(p.dt), threshold = number(p.threshold), lowest = number(p.lowest),
                     tau = number(p.tau), tRef = number(p.tRef);
        const LifPass<Scalar> all{dt, number(p.share), threshold, lowest};
        std::uint8_t special[kBlock]{};
        for (std::size_t begin = 0; begin < m_v.size(); begin += kBlock) {
            const std::size_t n = std::min(kBlock, m_v.size() - begin);
            Scalar *v = m_v.data() + begin, *c = m_c.data() + begin;
            const Scalar* j = current + begin;
            if (n < kBlock)
                std::fill(std::begin(special), std::end(special), std::uint8_t{0});
            all(n, j, v, c, special);
            eachSpecial(special, n, [&](std::size_t i) {
                if (c[i] > 0 && c[i] < dt) {
                    v[i] += (j[i] - v[i]) * -std::expm1(-(dt - c[i]) / tau);
                    v[i] = v[i] < lowest ? lowest : v[i];
                }
                if (!(v[i] > threshold))
                    return;
                // Only a threshold that was lowered lets a current below it get here.
                const Scalar at = j[i] > threshold
                    ? dt + tau * std::log1p(-(v[i] - threshold) / (j[i] - threshold))
                    : dt;
                v[i] = 0;
                c[i] = tRef + at;
                spike(begin + i, at);
            });
        }
    }

    template <class Spike>
    void stepOnGrid(const LifSetting& p, const Scalar* current, Spike&& spike)
    {
        const bool euler = p.integrator == lif_integrator::euler;
        const auto keep = static_cast<Scalar>(p.keep), part = static_cast<Scalar>(p.dt / p.tau),
                   threshold = static_cast<Scalar>(p.threshold),
                   lowest = static_cast<Scalar>(p.lowest);
        for (std::size_t i = 0; i < m_v.size(); ++i) {
            m_c[i] -= 1;
            if (m_c[i] >= 0) {
                m_v[i] = 0;
                continue;
            }
            const Scalar j = current[i], v = m_v[i];
            const Scalar now = euler ? v + part * (j - v) : j + (v - j) * keep;
            if (now >= threshold) {
                m_v[i] = 0;
                m_c[i] = static_cast<Scalar>(p.silentSteps);
                spike(i, static_cast<Scalar>(p.dt));
            } else {
                m_v[i] = now < lowest ? lowest : now;
            }
        }
    }

    std::vector<Scalar> m_v, m_c;
};

} // namespace apical
