// The hot loops, compiled for several instruction sets; the CPU's best one is chosen when the
// program starts. Arrays are padded to kPad bytes and 64-byte aligned; entries behind the last are
// never read as data.
#pragma once

#include "sim/model/transfer.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

namespace apical {

inline constexpr std::size_t kPad = 64; ///< bytes: the widest vector in use

template <class T> constexpr int padded(int n)
{
    constexpr int lanes = static_cast<int>(kPad / sizeof(T));
    return (n + lanes - 1) / lanes * lanes;
}

/// A weight matrix [post][pre] stored along its longer side, so that vectors are filled.
template <class T> struct WeightBlock {
    T* data = nullptr;
    int rows = 0, cols = 0; ///< post, pre
    bool postContiguous = true; ///< W[i][j] at data[j * stride + i], else at data[i * stride + j]
    int stride = 0;
    T& at(int post, int pre) const
    {
        const int i = postContiguous ? pre * stride + post : post * stride + pre;
        return data[i];
    }
};

/// A weight change that is due: W += post x pre, then kept in [-clip, clip].
template <class T> struct OuterUpdate {
    const T* post = nullptr; ///< already times dt and eta
    const T* pre = nullptr;
    T clip{};
};

/// Somatic update of one population: s = cA A + cB B, du/dt = G (s - u), p = u + du/dt / G, u += dt
/// du/dt.
template <class T> struct Membrane {
    T cA{}, cB{}, conductance{}, inverse{}, dt{};
    bool lookAhead = true; ///< false: p = the new u
};

/// Columns of a matrix by what they need: a change (pre is not 0), a product (x is not 0), or both.
template <class T> struct Columns {
    using Index = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
    std::vector<Index> change, both, product; ///< room for every column, and a vector more
    int changes = 0, boths = 0, products = 0; ///< filled
    void resize(int n)
    {
        const auto room = static_cast<std::size_t>(n) + kPad;
        change.resize(room);
        both.resize(room);
        product.resize(room);
    }
};

template <class T> struct Kernels {
    void (*transfer)(const Transfer<T>&, const T* v, T* rate, int n);
    void (*multiply)(const WeightBlock<T>&, const T* x, T* y);
    void (*update)(const WeightBlock<T>&, const OuterUpdate<T>&);
    /// The due update and y = W x with the new weights, in one pass over W.
    void (*updateMultiply)(const WeightBlock<T>&, const OuterUpdate<T>&, const T* x, T* y);
    /// Sorts n inputs by where they are not 0. @param pre nullptr: nowhere
    void (*sortColumns)(const T* pre, const T* x, int n, Columns<T>&);
    /// updateMultiply of a post-contiguous matrix for inputs most of which are 0; equal to
    /// rounding, as long as no weight is beyond the clip.
    void (*updateMultiplyColumns)(
        const WeightBlock<T>&, const OuterUpdate<T>&, const T* x, T* y, const Columns<T>&);
    void (*multiplyAdd)(T factor, const T* a, T* y, T* sum, int n); ///< y += factor a, sum += a
    T (*squares)(const T* a, int n); ///< sum of squares; n is a multiple of the padding
    T (*largest)(const T* a, int n); ///< magnitude; n is a multiple of the padding
    void (*membrane)(
        const Membrane<T>&, const T* a, const T* b, T* u, T* p, int n); ///< b may be nullptr
    void (*scale)(T factor, const T* a, T* out, int n); ///< out = factor a
    void (*scaledDifference)(
        T factor, const T* a, const T* b, T* out, int n); ///< out = factor (a - b)
    bool (*finite)(const T* a, int n); ///< of any alignment, n and no more
};

template <class T> const Kernels<T>& kernels();

/// Name of the instruction set in use, e.g. "AVX2".
std::string simdTarget();
/// For tests: names of all instruction sets this CPU can run, and one's kernels.
std::vector<std::string> simdTargets();
template <class T> Kernels<T> kernelsFor(const std::string& target);

} // namespace apical
