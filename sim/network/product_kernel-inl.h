// The kernels, once per instruction set: the source that includes this gives namespaces of its own
// to APICAL_KERNELS and to the library (Eigen), so that what is compiled for one processor is
// never linked into what runs on another.
#include "sim/network/product_kernel.h"

#include <Eigen/Core>

namespace apical::APICAL_KERNELS {
namespace {

template <class Scalar> using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
template <class M, class Scalar> auto map(const Panel<Scalar>& p)
{
    return Eigen::Map<M, 0, Eigen::OuterStride<>>(
        p.data, p.rows, p.cols, Eigen::OuterStride<>(p.stride));
}

template <class Scalar>
void product(
    Turned turned, Panel<Scalar> out, Panel<const Scalar> a, Panel<const Scalar> b, Scalar scale)
{
    auto to = map<Matrix<Scalar>>(out);
    const auto left = map<const Matrix<Scalar>>(a), right = map<const Matrix<Scalar>>(b);
    if (turned == Turned::Left)
        to.noalias() = (scale * left.transpose()) * right;
    else if (turned == Turned::Right)
        to.noalias() = (scale * left) * right.transpose();
    else
        to.noalias() = (scale * left) * right;
}

template <class Scalar>
void adam(const AdamStep<Scalar>& s, std::ptrdiff_t size, const Scalar* gradient, Scalar* m,
    Scalar* v, const Scalar* from, Scalar* to)
{
    using Block = Eigen::Array<Scalar, Eigen::Dynamic, 1>;
    constexpr std::ptrdiff_t kBlock = 1024; // stays in the first cache from line to line
    for (std::ptrdiff_t at = 0; at < size; at += kBlock) {
        const std::ptrdiff_t n = size - at < kBlock ? size - at : kBlock;
        const Eigen::Map<const Block> g(gradient + at, n), w(from + at, n);
        Eigen::Map<Block> mean(m + at, n), square(v + at, n), next(to + at, n);
        mean = s.beta1 * mean + s.rest1 * g;
        square = s.beta2 * square + s.rest2 * g.square();
        next = w - s.rate * mean / ((s.scale * square).sqrt() + s.epsilon);
    }
}

} // namespace

extern const NetKernels<float> singles;
extern const NetKernels<double> doubles;
const NetKernels<float> singles{product<float>, adam<float>};
const NetKernels<double> doubles{product<double>, adam<double>};

} // namespace apical::APICAL_KERNELS
