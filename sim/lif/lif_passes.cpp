#include "sim/lif/lif_passes.h"

// One copy for each of these; the program takes the best one that its processor has.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)                                \
    && !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
#define APICAL_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define APICAL_CLONES
#endif

namespace apical {
namespace {

template <class S>
[[gnu::always_inline]] inline void lif(
    const LifPass<S>& p, std::size_t n, const S* j, S* v, S* c, std::uint8_t* special)
{
    const S dt = p.dt, share = p.share, threshold = p.threshold, lowest = p.lowest;
    for (std::size_t i = 0; i < n; ++i) {
        const S left = c[i] - dt;
        c[i] = left;
        const S part = left <= 0 ? share : S(0);
        const S now = v[i] + (j[i] - v[i]) * part;
        v[i] = now < lowest ? lowest : now;
        special[i] = static_cast<std::uint8_t>(
            static_cast<int>(now > threshold) | (int{left > 0} & int{left < dt}));
    }
}
template <class S>
[[gnu::always_inline]] inline void decay(const AlphaPass<S>& a, std::size_t n, S* u, S* y)
{
    const S keep = a.keep, mix = a.mix;
    for (std::size_t i = 0; i < n; ++i) {
        y[i] = keep * y[i] + mix * u[i];
        u[i] = keep * u[i];
    }
}
template <class S>
[[gnu::always_inline]] inline void filter(
    const AlphaPass<S>& a, std::size_t n, const S* in, S* u, S* y)
{
    const S keep = a.keep, mix = a.mix, ofU = a.ofU, ofY = a.ofY;
    for (std::size_t i = 0; i < n; ++i) {
        y[i] = keep * y[i] + mix * u[i] + ofY * in[i];
        u[i] = keep * u[i] + ofU * in[i];
    }
}
template <class S>
[[gnu::always_inline]] inline void charge(
    std::size_t n, S dt, S half, const S* e, S* v, std::uint8_t* special)
{
    for (std::size_t i = 0; i < n; ++i) {
        v[i] += dt * e[i];
        special[i] = static_cast<std::uint8_t>(int{v[i] >= half} | int{v[i] < -half});
    }
}
template <class S>
[[gnu::always_inline]] inline void error(
    std::size_t n, S dt, S half, const S* x, const S* mu, S* e, S* v, std::uint8_t* special)
{
    for (std::size_t i = 0; i < n; ++i) {
        e[i] = x[i] - mu[i];
        v[i] += dt * e[i];
        special[i] = static_cast<std::uint8_t>(int{v[i] >= half} | int{v[i] < -half});
    }
}
template <class S>
[[gnu::always_inline]] inline void value(
    std::size_t n, S share, const S* slope, const S* down, const S* e, S* x)
{
    for (std::size_t i = 0; i < n; ++i)
        x[i] += share * (slope[i] * down[i] - e[i]);
}
template <class S>
[[gnu::always_inline]] inline void scaledAdd(std::size_t n, S scale, const S* from, S* to)
{
    for (std::size_t i = 0; i < n; ++i)
        to[i] += scale * from[i];
}
template <class S> [[gnu::always_inline]] inline void add(std::size_t n, const S* from, S* to)
{
    for (std::size_t i = 0; i < n; ++i)
        to[i] += from[i];
}

} // namespace

// Clones have to be functions by themselves, so both precisions are written out.
// NOLINTBEGIN(bugprone-macro-parentheses): S is a type.
#define APICAL_PASSES(S)                                                                           \
    template <>                                                                                    \
    APICAL_CLONES void LifPass<S>::operator()(                                                     \
        std::size_t n, const S* j, S* v, S* c, std::uint8_t* special) const                        \
    {                                                                                              \
        lif<S>(*this, n, j, v, c, special);                                                        \
    }                                                                                              \
    template <> APICAL_CLONES void AlphaPass<S>::decay(std::size_t n, S* u, S* y) const            \
    {                                                                                              \
        apical::decay<S>(*this, n, u, y);                                                          \
    }                                                                                              \
    template <>                                                                                    \
    APICAL_CLONES void AlphaPass<S>::step(std::size_t n, const S* input, S* u, S* y) const         \
    {                                                                                              \
        filter<S>(*this, n, input, u, y);                                                          \
    }                                                                                              \
    template <>                                                                                    \
    APICAL_CLONES void errorPass(                                                                  \
        std::size_t n, S dt, S half, const S* x, const S* mu, S* e, S* v, std::uint8_t* special)   \
    {                                                                                              \
        error<S>(n, dt, half, x, mu, e, v, special);                                               \
    }                                                                                              \
    template <>                                                                                    \
    APICAL_CLONES void chargePass(                                                                 \
        std::size_t n, S dt, S half, const S* e, S* v, std::uint8_t* special)                      \
    {                                                                                              \
        charge<S>(n, dt, half, e, v, special);                                                     \
    }                                                                                              \
    template <>                                                                                    \
    APICAL_CLONES void valuePass(                                                                  \
        std::size_t n, S share, const S* slope, const S* down, const S* e, S* x)                   \
    {                                                                                              \
        value<S>(n, share, slope, down, e, x);                                                     \
    }                                                                                              \
    template <> APICAL_CLONES void scaledAddPass(std::size_t n, S scale, const S* from, S* to)     \
    {                                                                                              \
        scaledAdd<S>(n, scale, from, to);                                                          \
    }                                                                                              \
    template <> APICAL_CLONES void addPass(std::size_t n, const S* from, S* to)                    \
    {                                                                                              \
        add<S>(n, from, to);                                                                       \
    }

APICAL_PASSES(float)
APICAL_PASSES(double)
// NOLINTEND(bugprone-macro-parentheses)
#undef APICAL_PASSES

} // namespace apical
