// Samples side by side: matrices with one column per sample, in the precision of the net.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <cmath>

namespace apical {

template <class Scalar> using Batch = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
template <class Scalar> using BatchIn = Eigen::Ref<const Batch<Scalar>>;
template <class Scalar> using BatchOut = Eigen::Ref<Batch<Scalar>>;
/// As models are read and written: [unit][sample] or [post][pre].
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// out = a b, block by block: for larger ones Eigen would take memory from the heap. Allocates only
/// if out has another size.
template <class Out, class A, class B> void multiply(Out& out, const A& a, const B& b)
{
    const Eigen::Index size = 128;
    const auto part = [size](auto all, auto at) { return std::min(size, all - at); };
    out.setZero(a.rows(), b.cols());
    for (Eigen::Index j = 0; j < b.cols(); j += size) {
        for (Eigen::Index k = 0; k < b.rows(); k += size) {
            const auto right = b.block(k, j, part(b.rows(), k), part(b.cols(), j));
            for (Eigen::Index i = 0; i < a.rows(); i += size) {
                const auto left = a.block(i, k, part(a.rows(), i), right.rows());
                out.block(i, j, left.rows(), right.cols()).noalias() += left * right;
            }
        }
    }
}

/// log sum exp of a column, which large entries do not overflow.
template <class Column> auto logSumExp(const Column& z)
{
    const auto largest = z.maxCoeff();
    return largest + std::log((z.array() - largest).exp().sum());
}

} // namespace apical
