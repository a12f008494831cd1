// Loops over all neurons of a population, compiled once per instruction set. They round alike on
// all of them: nothing is contracted or reordered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace apical {

/// Neurons as if none spiked or came out of its refractory period (lif_neurons.h): c -= dt,
/// v += (j - v) share where c <= 0 then, v at least `lowest`. @param special 1 where one did
template <class Scalar> struct LifPass {
    Scalar dt, share, threshold, lowest;
    void operator()(
        std::size_t n, const Scalar* j, Scalar* v, Scalar* c, std::uint8_t* special) const;
};

/// A step of alpha filters without input, or with one for each (alpha_filter.h).
template <class Scalar> struct AlphaPass {
    Scalar keep, mix, ofU, ofY;
    void decay(std::size_t n, Scalar* u, Scalar* y) const;
    void step(std::size_t n, const Scalar* input, Scalar* u, Scalar* y) const;
};

/// e = x - mu, v += dt e. @param special 1 where v >= half or v < -half
template <class Scalar>
void errorPass(std::size_t n, Scalar dt, Scalar half, const Scalar* x, const Scalar* mu, Scalar* e,
    Scalar* v, std::uint8_t* special);
/// The same for e that is there already.
template <class Scalar>
void chargePass(
    std::size_t n, Scalar dt, Scalar half, const Scalar* e, Scalar* v, std::uint8_t* special);
/// x += share (slope down - e)
template <class Scalar>
void valuePass(std::size_t n, Scalar share, const Scalar* slope, const Scalar* down,
    const Scalar* e, Scalar* x);
/// to += scale from
template <class Scalar>
void scaledAddPass(std::size_t n, Scalar scale, const Scalar* from, Scalar* to);
/// to += from
template <class Scalar> void addPass(std::size_t n, const Scalar* from, Scalar* to);

// What is there: all of it in both precisions.
// NOLINTBEGIN(bugprone-macro-parentheses): S is a type.
#define APICAL_PASSES(S)                                                                           \
    template <> void LifPass<S>::operator()(std::size_t, const S*, S*, S*, std::uint8_t*) const;   \
    template <> void AlphaPass<S>::decay(std::size_t, S*, S*) const;                               \
    template <> void AlphaPass<S>::step(std::size_t, const S*, S*, S*) const;                      \
    template <> void errorPass(std::size_t, S, S, const S*, const S*, S*, S*, std::uint8_t*);      \
    template <> void chargePass(std::size_t, S, S, const S*, S*, std::uint8_t*);                   \
    template <> void valuePass(std::size_t, S, const S*, const S*, const S*, S*);                  \
    template <> void scaledAddPass(std::size_t, S, const S*, S*);                                  \
    template <> void addPass(std::size_t, const S*, S*);
APICAL_PASSES(float)
APICAL_PASSES(double)
// NOLINTEND(bugprone-macro-parentheses)
#undef APICAL_PASSES

/// Calls see(i) for each i < n whose byte is not 0, in order. @param special readable up to the
/// next multiple of 8, with zeros there
template <class See> void eachSpecial(const std::uint8_t* special, std::size_t n, See&& see)
{
    for (std::size_t begin = 0; begin < n; begin += sizeof(std::uint64_t)) {
        std::uint64_t any = 0;
        std::memcpy(&any, special + begin, sizeof any);
        for (std::size_t i = begin; any != 0 && i < begin + sizeof any; ++i) {
            if (special[i] != 0)
                see(i);
        }
    }
}

} // namespace apical
