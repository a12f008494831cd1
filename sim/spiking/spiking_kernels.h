// The hot loops of the spiking microcircuit, compiled for several instruction sets as those of
// sim/model/kernels.h are. Arrays are 64-byte aligned and padded to as much; what stands behind the
// last entry is a number, but nobody's.
#pragma once

#include "sim/model/transfer.h"

#include <cstdint>
#include <string>

namespace apical {

inline constexpr int kQuad = 4; ///< neurons that share a block of random bits
inline constexpr int kQuads = 8; ///< quads drawn at a time: lists of them are filled up to it
inline constexpr int kGroup = 16; ///< populations begin at multiples of it
inline constexpr double kLargestMean = 256; ///< of a Poisson number that is drawn here

/// One step of the neurons of one population, old dendrites first (Gille, Eq. 2.3 to 2.20):
///   du = -G u + g_b v_B + g_a v_A + I     p = u + du / G     u += dt du     U = p or u
///   v += (-leak v + J) / C     rate = phi(U)     D_B = rate - phi(alpha v_B)     D_A = -v_A
template <class T> struct NeuronUpdate {
    int n = 0;
    bool lookAhead = true; ///< U = p
    T total{}, basal{}, apical{}; ///< G, g_b, g_a
    T constant{}, dt{}, attenuation{}; ///< constant part of I; alpha
    T basalKeep{}, basalShare{}, apicalKeep{}, apicalShare{}; ///< 1 - leak / C, 1 / C
    T *soma = nullptr, *forward = nullptr, *rate = nullptr, *dendrite = nullptr;
    const T *current = nullptr, *input = nullptr;
    T* error = nullptr;
    // Hidden pyramidal neurons only, else nullptr:
    T *apicalDendrite = nullptr, *topdown = nullptr, *lateral = nullptr;
    const T *topdownInput = nullptr, *lateralInput = nullptr;
    T* apicalError = nullptr;
    T* distalError = nullptr; ///< rate - phi(topdown); nullptr: not wanted
};

/// Poisson numbers of the means scale * rate; block `quad` of (seed, step) gives 32 bits to each of
/// its four neurons, and the number is the least one whose cumulative probability is above them.
struct SpikeDraw {
    std::uint64_t seed = 0, step = 0;
    std::uint32_t stream = 0;
    double scale = 1; ///< psi dt
};

/// What the spikes of a population leave behind at its synapses.
template <class T> struct TraceUpdate {
    int n = 0;
    T decay{}, inversePsi{}, life{}; ///< life: age in steps at which a trace is given up
    const T* sent = nullptr; ///< spikes that arrive now
    T* trace = nullptr; ///< S_j, these spikes included
    T* before = nullptr; ///< S_j without them, also where it is given up now
    T* share = nullptr; ///< n_j / psi
    T* age = nullptr; ///< steps since the last one arrived
    /// A bit per sender, in words of 64: sent something; has a trace, or sent; silent for the first
    /// time; trace given up.
    std::uint64_t *arrived = nullptr, *awake = nullptr, *left = nullptr, *slept = nullptr;
};
/// What a TraceUpdate saw.
struct TraceReport {
    int arrived = 0; ///< senders that sent something
    bool allAwake = false; ///< all have a trace, or send
};

/// Columns of a weight matrix [pre][post] in a step of the time scheme (spiking_pathway.h).
template <class T> struct ColumnPass {
    T *weights = nullptr, *change = nullptr; ///< W, E
    const T* mask = nullptr; ///< 1 or 0 per synapse; nullptr: all 1
    int post = 0, stride = 0;
    T decay{}, rate{}, factor{}, clip{}; ///< a, eta (1 - a); errors times factor are D_i
    const T* errors = nullptr;
    const T *trace = nullptr, *share = nullptr; ///< per sender, TraceUpdate::before and share
    T* dendrite = nullptr; ///< J_i, added to
};

/// Sums of errors are sums over terms, plain and faded times power: one and more, and the last is
/// the row of the present step.
template <class T> struct ErrorTerm {
    const T *plain, *faded; // no defaults: lists of many are made for each touch
    T power;
};
inline constexpr int kMostTerms = 32;

/// One column in the event scheme: brought up to the present, then sent, then kept as
/// spiking_pathway.h says.
template <class T> struct ColumnTouch {
    T *weights = nullptr, *change = nullptr;
    const T* mask = nullptr; ///< of this column
    int post = 0;
    T last{}, next{}; ///< S_j when it was touched last, and from now on
    T fade{}, eta{}; ///< a^(steps since)
    T growth{}; ///< a^-(steps since the block of sums began)
    T clip{}, share{}; ///< share 0: nothing is sent
    T* dendrite = nullptr;
};

template <class T> struct SpikingKernels {
    void (*neurons)(const Transfer<T>&, const NeuronUpdate<T>*, int count);
    /// @param quads `count` of them, a multiple of kQuads; neuron 4 q + i has word i of block q
    /// @param counted may be nullptr; each number is added @return whether a mean was not below
    /// kLargestMean, NaN included: 0 was drawn in its place
    bool (*draw)(const SpikeDraw&, const std::int32_t* quads, int count, const T* rate, T* sent,
        double* counted);
    TraceReport (*traces)(const TraceUpdate<T>&);
    /// W += rate E, E = a E + D S, J += clip(W) n / psi for the columns of a list.
    void (*learn)(const ColumnPass<T>&, const std::int32_t* columns, int count);
    void (*send)(const ColumnPass<T>&, const std::int32_t* columns, int count); ///< the last alone
    void (*touch)(const ColumnTouch<T>&, const ErrorTerm<T>*, int terms); ///< one term or more
    /// plain = plainBefore + D, faded = fadedBefore + power D with D = factor errors; nullptr: 0
    void (*push)(int n, const T* errors, T factor, T power, const T* plainBefore,
        const T* fadedBefore, T* plain, T* faded);
};

template <class T> const SpikingKernels<T>& spikingKernels();
/// For tests, as kernelsFor().
template <class T> SpikingKernels<T> spikingKernelsFor(const std::string& target);

} // namespace apical
