// The kernels behind product.h: plain pointers, so that no type of one instruction set is seen by
// another.
#pragma once

#include <cstddef>

namespace apical {

/// Column-major, with the distance between columns.
template <class Scalar> struct Panel {
    Scalar* data;
    std::ptrdiff_t rows, cols, stride;
};

enum class Turned { Neither, Left, Right }; ///< a b, a^T b, a b^T

/// What one step of Adam needs (optimizer.h); m, v and the weights are changed in place, or the
/// weights written elsewhere.
template <class Scalar> struct AdamStep {
    Scalar beta1, rest1, beta2, rest2, rate, scale, epsilon; ///< rest = 1 - beta
};

template <class Scalar> struct NetKernels {
    /// out = scale a b, whatever is turned
    void (*product)(
        Turned, Panel<Scalar> out, Panel<const Scalar> a, Panel<const Scalar> b, Scalar scale);
    /// How many columns of a the sums over a product of these sizes go through at a time.
    std::ptrdiff_t (*depth)(std::ptrdiff_t rows, std::ptrdiff_t depth, std::ptrdiff_t cols);
    /// a or, if turned, a^T as the product reads it: as many numbers, 64-byte aligned.
    void (*pack)(bool turned, Panel<const Scalar> a, Scalar* packed);
    /// out = a b of an a that was packed, out.rows x b.rows, b.rows at most depth().
    void (*productOfPacked)(Panel<Scalar> out, const Scalar* packed, Panel<const Scalar> b);
    void (*adam)(const AdamStep<Scalar>&, std::ptrdiff_t size, const Scalar* gradient, Scalar* m,
        Scalar* v, const Scalar* from, Scalar* to);
};

/// Those for this processor.
template <class Scalar> const NetKernels<Scalar>& netKernels();

} // namespace apical
