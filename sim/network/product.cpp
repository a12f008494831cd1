#include "sim/network/product.h"

#include "sim/model/kernels.h"
#include "sim/network/product_kernel.h"

#include <bit>
#include <cstdint>
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
namespace of_avx512 {
extern const NetKernels<float> singles;
extern const NetKernels<double> doubles;
} // namespace of_avx512
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
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) {
        static const NetKernels<Scalar> kernels = [&of] {
            NetKernels<Scalar> products = of(of_avx512::singles, of_avx512::doubles);
            // The library has no exact square root of that width: one number after the other.
            products.adam = of(of_avx2::singles, of_avx2::doubles).adam;
            return products;
        }();
        return kernels;
    }
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
    const BatchIn<Scalar>& a, const BatchIn<Scalar>& b, Scalar scale = 1)
{
    out.resize(rows, cols);
    netKernels<Scalar>().product(
        turned, {out.data(), rows, cols, rows}, panel<Scalar>(a), panel<Scalar>(b), scale);
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

template <class Scalar> void meanOfProducts(Batch<Scalar>& out, Factor<Scalar> a, Factor<Scalar> b)
{
    const auto samples = static_cast<Scalar>(b.cols());
    if (b.cols() == 1) { // in one pass; a sum, too, begins at 0 and so never is -0
        out.resize(a.rows(), b.rows());
        for (Eigen::Index j = 0; j < b.rows(); ++j)
            out.col(j).array() = a.col(0).array() * b(j, 0) + Scalar(0);
    } else if (!few<Scalar>(a, b, b.cols())
        && std::has_single_bit(static_cast<std::uint64_t>(b.cols()))) {
        // By a power of two a product rounds as the quotient does, and can be part of the sums.
        large<Scalar>(Turned::Right, out, a.rows(), b.rows(), a, b, 1 / samples);
    } else {
        timesTransposed<Scalar>(out, a, b);
        out /= samples;
    }
}

template <class Scalar>
bool PackedFactor<Scalar>::multiply(
    bool turned, Batch<Scalar>& out, Factor<Scalar> a, Factor<Scalar> b)
{
    const Eigen::Index rows = turned ? a.cols() : a.rows();
    const NetKernels<Scalar>& kernels = netKernels<Scalar>();
    if (few<Scalar>(a, b, b.cols()) || rows == 1
        || kernels.depth(rows, b.rows(), b.cols()) < b.rows())
        return false;
    if (!m_known) {
        m_packed.resize(static_cast<std::size_t>(a.size()));
        kernels.pack(turned, panel<Scalar>(a), m_packed.data());
        m_known = true;
    }
    out.resize(rows, b.cols());
    kernels.productOfPacked(
        {out.data(), rows, out.cols(), rows}, m_packed.data(), panel<Scalar>(b));
    return true;
}

template <class Scalar>
void PackedFactor<Scalar>::times(Batch<Scalar>& out, Factor<Scalar> a, Factor<Scalar> b)
{
    if (!multiply(false, out, a, b))
        apical::times<Scalar>(out, a, b);
}

template <class Scalar>
void PackedFactor<Scalar>::transposedTimes(
    Batch<Scalar>& out, Factor<Scalar> a, Factor<Scalar> b, Eigen::Index rows)
{
    if (!multiply(true, out, a.leftCols(rows), b))
        apical::transposedTimes<Scalar>(out, a, b, rows);
}

template <class Scalar> bool allFinite(const Batch<Scalar>& m)
{
    return kernels<Scalar>().finite(m.data(), static_cast<int>(m.size()));
}

template const NetKernels<float>& netKernels<float>();
template const NetKernels<double>& netKernels<double>();
template void times<float>(Batch<float>&, Factor<float>, Factor<float>);
template void times<double>(Batch<double>&, Factor<double>, Factor<double>);
template void transposedTimes<float>(Batch<float>&, Factor<float>, Factor<float>, Eigen::Index);
template void transposedTimes<double>(Batch<double>&, Factor<double>, Factor<double>, Eigen::Index);
template void timesTransposed<float>(Batch<float>&, Factor<float>, Factor<float>);
template void timesTransposed<double>(Batch<double>&, Factor<double>, Factor<double>);
template void meanOfProducts<float>(Batch<float>&, Factor<float>, Factor<float>);
template void meanOfProducts<double>(Batch<double>&, Factor<double>, Factor<double>);
template class PackedFactor<float>;
template class PackedFactor<double>;
template bool allFinite<float>(const Batch<float>&);
template bool allFinite<double>(const Batch<double>&);

} // namespace apical
