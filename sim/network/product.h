// Products of batches and weights. Those of few samples go block by block; those of many by
// kernels that are compiled once per instruction set and chosen when the program runs.
#pragma once

#include "sim/base/aligned.h"
#include "sim/model/batch.h"

#include <type_traits>

namespace apical {

/// With fewer, work is bound by reading the weights: kernels for many gain nothing.
inline constexpr Eigen::Index kFewSamples = 8;

/// out = a b, out = a^T b of the first `rows` columns of a, out = a b^T. Allocate nothing if out
/// has the right size.
/// @param a, b, out column-major, of one precision; out is no part of the others
template <class Scalar> using Factor = BatchIn<std::type_identity_t<Scalar>>;
template <class Scalar> void times(Batch<Scalar>& out, Factor<Scalar> a, Factor<Scalar> b);
template <class Scalar>
void transposedTimes(Batch<Scalar>& out, Factor<Scalar> a, Factor<Scalar> b, Eigen::Index rows);
template <class Scalar>
void timesTransposed(Batch<Scalar>& out, Factor<Scalar> a, Factor<Scalar> b);
/// out = a b^T / columns of b: the mean over samples
template <class Scalar> void meanOfProducts(Batch<Scalar>& out, Factor<Scalar> a, Factor<Scalar> b);

/// A matrix as products with many samples read it, for one that is multiplied again and again:
/// times() and transposedTimes() bit by bit, with what `a` was at the first call since forget().
template <class Scalar> class PackedFactor {
public:
    void forget() { m_known = false; }
    void times(Batch<Scalar>& out, Factor<Scalar> a, Factor<Scalar> b);
    void transposedTimes(Batch<Scalar>& out, Factor<Scalar> a, Factor<Scalar> b, Eigen::Index rows);

private:
    /// @return whether it was done
    bool multiply(bool turned, Batch<Scalar>& out, Factor<Scalar> a, Factor<Scalar> b);

    Aligned<Scalar> m_packed;
    bool m_known = false;
};

/// Whether no entry is infinite or not a number; true of nothing at all.
template <class Scalar> bool allFinite(const Batch<Scalar>&);

} // namespace apical
