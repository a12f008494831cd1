// The kernels, once per instruction set: the source that includes this gives namespaces of its own
// to APICAL_KERNELS and to the library (Eigen), so that what is compiled for one processor is
// never linked into what runs on another.
#include "sim/network/product_kernel.h"

#include <Eigen/Core>

namespace apical::APICAL_KERNELS {
namespace {

namespace internal = Eigen::internal; // as its macros want it

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

/// The library's parts of a product, for one that is done in two.
template <class Scalar, int order> struct Parts {
    using Index = std::ptrdiff_t;
    using Traits = internal::gebp_traits<Scalar, Scalar>;
    using Left = internal::const_blas_data_mapper<Scalar, Index, order>;
    using Right = internal::const_blas_data_mapper<Scalar, Index, Eigen::ColMajor>;
    using Out = internal::blas_data_mapper<Scalar, Index, Eigen::ColMajor, Eigen::Unaligned, 1>;
    internal::gemm_pack_lhs<Scalar, Index, Left, Traits::mr, Traits::LhsProgress,
        typename Traits::LhsPacket4Packing, order>
        packLeft;
    internal::gemm_pack_rhs<Scalar, Index, Right, Traits::nr, Eigen::ColMajor> packRight;
    internal::gebp_kernel<Scalar, Scalar, Index, Out, Traits::mr, Traits::nr, false, false>
        multiply;
};

template <class Scalar>
std::ptrdiff_t depthAtOnce(std::ptrdiff_t rows, std::ptrdiff_t depth, std::ptrdiff_t cols)
{
    internal::computeProductBlockingSizes<Scalar, Scalar>(depth, rows, cols, std::ptrdiff_t{1});
    return depth;
}

template <class Scalar> void pack(bool turned, Panel<const Scalar> a, Scalar* packed)
{
    if (turned) {
        Parts<Scalar, Eigen::RowMajor> parts;
        parts.packLeft(packed, {a.data, a.stride}, a.rows, a.cols);
    } else {
        Parts<Scalar, Eigen::ColMajor> parts;
        parts.packLeft(packed, {a.data, a.stride}, a.cols, a.rows);
    }
}

template <class Scalar>
void productOfPacked(Panel<Scalar> out, const Scalar* packed, Panel<const Scalar> b)
{
    Parts<Scalar, Eigen::ColMajor> parts;
    map<Matrix<Scalar>>(out).setZero();
    ei_declare_aligned_stack_constructed_variable(
        Scalar, right, static_cast<std::size_t>(b.rows * b.cols), nullptr);
    parts.packRight(right, {b.data, b.stride}, b.rows, b.cols);
    parts.multiply({out.data, out.stride}, packed, right, out.rows, b.rows, b.cols, Scalar(1));
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
const NetKernels<float> singles{
    product<float>, depthAtOnce<float>, pack<float>, productOfPacked<float>, adam<float>};
const NetKernels<double> doubles{
    product<double>, depthAtOnce<double>, pack<double>, productOfPacked<double>, adam<double>};

} // namespace apical::APICAL_KERNELS
