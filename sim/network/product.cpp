#include "sim/network/product.h"

#include "sim/network/product_kernel.h"

#include <type_traits>

namespace apical {

namespace of_any {
extern const NetKernels<float> singles;
extern const NetKernels<double> doubles;
} // namespace of_any
#if defined(__x86_64__)
namespace of_avx2 {
extern const NetKernels<float> singles;
extern const NetKernels<double> doubles;
} // namespace of_avx2
#endif

namespace {

template <class Scalar> const NetKernels<Scalar>& choose()
{
    const auto of = [](const auto& singles, const auto& doubles) -> const NetKernels<Scalar>& {
        if constexpr (std::is_same_v<Scalar, float>)
            return singles;
        else
            return doubles;
    };
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return of(of_avx2::singles, of_avx2::doubles);
#endif
    return of(of_any::singles, of_any::doubles);
}

template <class Scalar> Panel<const Scalar> panel(const BatchIn<Scalar>& m)
{
    return {m.data(), m.rows(), m.cols(), m.outerStride()};
}

template <class Scalar>
bool few(const BatchIn<Scalar>& a, const BatchIn<Scalar>& b, Eigen::Index samples)
{
    // Small products would go entry by entry, with roundings that depend on where memory lies.
    constexpr Eigen::Index kSmall = 32;
    return samples < kFewSamples || a.rows() + a.cols() + b.rows() + b.cols() < 2 * kSmall;
}

template <class Scalar>
void large(Turned turned, Batch<Scalar>& out, Eigen::Index rows, Eigen::Index cols,
    const BatchIn<Scalar>& a, const BatchIn<Scalar>& b)
{
    out.resize(rows, cols);
    netKernels<Scalar>().product(
        turned, {out.data(), rows, cols, rows}, panel<Scalar>(a), panel<Scalar>(b));
}

} // namespace

template <class Scalar> const NetKernels<Scalar>& netKernels()
{
    static const NetKernels<Scalar>& kernels = choose<Scalar>();
    return kernels;
}

template <class Scalar> void times(Batch<Scalar>& out, Factor<Scalar> a, Factor<Scalar> b)
{
    if (few<Scalar>(a, b, b.cols()))
        multiply(out, a, b);
    else
        large<Scalar>(Turned::Neither, out, a.rows(), b.cols(), a, b);
}

template <class Scalar>
void transposedTimes(Batch<Scalar>& out, Factor<Scalar> a, Factor<Scalar> b, Eigen::Index rows)
{
    if (few<Scalar>(a, b, b.cols()))
        multiply(out, a.leftCols(rows).transpose(), b);
    else
        large<Scalar>(Turned::Left, out, rows, b.cols(), a.leftCols(rows), b);
}

template <class Scalar> void timesTransposed(Batch<Scalar>& out, Factor<Scalar> a, Factor<Scalar> b)
{
    if (few<Scalar>(a, b, b.cols()))
        multiply(out, a, b.transpose());
    else
        large<Scalar>(Turned::Right, out, a.rows(), b.rows(), a, b);
}

template const NetKernels<float>& netKernels<float>();
template const NetKernels<double>& netKernels<double>();
template void times<float>(Batch<float>&, Factor<float>, Factor<float>);
template void times<double>(Batch<double>&, Factor<double>, Factor<double>);
template void transposedTimes<float>(Batch<float>&, Factor<float>, Factor<float>, Eigen::Index);
template void transposedTimes<double>(Batch<double>&, Factor<double>, Factor<double>, Eigen::Index);
template void timesTransposed<float>(Batch<float>&, Factor<float>, Factor<float>);
template void timesTransposed<double>(Batch<double>&, Factor<double>, Factor<double>);

} // namespace apical
