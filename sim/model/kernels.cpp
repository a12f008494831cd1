#include "sim/model/kernels.h"

#include <algorithm>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sim/model/kernels.cpp"
#include <hwy/foreach_target.h> // compiles this file once per instruction set

#include <hwy/highway.h>

#include <hwy/contrib/math/math-inl.h>

#include "sim/model/kernels_matrix-inl.h"
#include "sim/model/kernels_target.h"
#include "sim/model/phi-inl.h"

HWY_BEFORE_NAMESPACE();
namespace apical::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Softplus in double precision by the library, whose last digits stored runs have.
template <class D, class V> HWY_INLINE V softplus(D d, V v, V gamma, V beta, V theta)
{
    const V z = hn::Mul(beta, hn::Sub(v, theta));
    // log(1 + e^z) without overflow: max(z, 0) + log1p(e^-|z|)
    const V soft = hn::Mul(
        gamma, hn::Add(hn::Max(z, hn::Zero(d)), hn::Log1p(d, hn::Exp(d, hn::Neg(hn::Abs(z))))));
    const V limit = hn::Set(d, 15);
    const V low = hn::IfThenZeroElse(hn::Le(v, hn::Neg(limit)), soft);
    return hn::IfThenElse(hn::IsNaN(v), v, hn::IfThenElse(hn::Ge(v, limit), v, low));
}

template <class T>
void transferKernel(const Transfer<T>& f, const T* HWY_RESTRICT v, T* HWY_RESTRICT rate, int n)
{
    const hn::ScalableTag<T> d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const Phi<T, decltype(d)> phi(d, f);
    const auto each = [&](auto&& of) {
        for (int i = 0; i < n; i += lanes)
            hn::Store(of(hn::Load(d, v + i)), d, rate + i);
    };
    switch (f.kind) {
    case phi_kind::logistic:
        each([&](auto x) { return phi.template of<phi_kind::logistic>(x); });
        break;
    case phi_kind::tanh:
        each([&](auto x) { return phi.template of<phi_kind::tanh>(x); });
        break;
    case phi_kind::relu:
        each([&](auto x) { return phi.template of<phi_kind::relu>(x); });
        break;
    case phi_kind::hard_sigmoid:
        each([&](auto x) { return phi.template of<phi_kind::hard_sigmoid>(x); });
        break;
    default:
        if constexpr (sizeof(T) == 8)
            each([&](auto x) { return softplus(d, x, phi.gamma, phi.beta, phi.theta); });
        else
            each([&](auto x) { return phi.softplus(x); });
    }
}

template <class T>
void multiplyAddKernel(
    T factor, const T* HWY_RESTRICT a, T* HWY_RESTRICT y, T* HWY_RESTRICT sum, int n)
{
    const hn::ScalableTag<T> d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const auto f = hn::Set(d, factor);
    for (int i = 0; i < n; i += lanes) {
        const auto value = hn::Load(d, a + i);
        hn::Store(hn::MulAdd(f, value, hn::Load(d, y + i)), d, y + i);
        hn::Store(hn::Add(value, hn::Load(d, sum + i)), d, sum + i);
    }
}

template <class T> T squaresKernel(const T* a, int n)
{
    const hn::ScalableTag<T> d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    auto sum = hn::Zero(d);
    for (int i = 0; i < n; i += lanes) {
        const auto value = hn::Load(d, a + i);
        sum = hn::MulAdd(value, value, sum);
    }
    return hn::GetLane(hn::SumOfLanes(d, sum));
}

template <class T> T largestKernel(const T* a, int n)
{
    const hn::ScalableTag<T> d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    auto most = hn::Zero(d);
    for (int i = 0; i < n; i += lanes)
        most = hn::Max(most, hn::Abs(hn::Load(d, a + i)));
    return hn::GetLane(hn::MaxOfLanes(d, most));
}

template <class T>
void membraneKernel(const Membrane<T>& m, const T* HWY_RESTRICT a, const T* HWY_RESTRICT b,
    T* HWY_RESTRICT u, T* HWY_RESTRICT p, int n)
{
    const hn::ScalableTag<T> d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const auto cA = hn::Set(d, m.cA);
    const auto cB = hn::Set(d, m.cB);
    const auto conductance = hn::Set(d, m.conductance);
    const auto inverse = hn::Set(d, m.inverse);
    const auto dt = hn::Set(d, m.dt);
    for (int i = 0; i < n; i += lanes) {
        auto steady = hn::Mul(cA, hn::Load(d, a + i));
        if (b)
            steady = hn::MulAdd(cB, hn::Load(d, b + i), steady);
        const auto old = hn::Load(d, u + i);
        const auto derivative = hn::Mul(conductance, hn::Sub(steady, old));
        const auto now = hn::MulAdd(dt, derivative, old);
        hn::Store(now, d, u + i);
        hn::Store(m.lookAhead ? hn::MulAdd(inverse, derivative, old) : now, d, p + i);
    }
}

template <class T> void scaleKernel(T factor, const T* HWY_RESTRICT a, T* HWY_RESTRICT out, int n)
{
    const hn::ScalableTag<T> d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const auto f = hn::Set(d, factor);
    for (int i = 0; i < n; i += lanes)
        hn::Store(hn::Mul(f, hn::Load(d, a + i)), d, out + i);
}

template <class T>
void scaledDifferenceKernel(
    T factor, const T* HWY_RESTRICT a, const T* HWY_RESTRICT b, T* HWY_RESTRICT out, int n)
{
    const hn::ScalableTag<T> d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const auto f = hn::Set(d, factor);
    for (int i = 0; i < n; i += lanes)
        hn::Store(hn::Mul(f, hn::Sub(hn::Load(d, a + i), hn::Load(d, b + i))), d, out + i);
}

template <class T> bool finiteKernel(const T* a, int n)
{
    const hn::ScalableTag<T> d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    // x - x is 0 for finite x and NaN otherwise, and NaN survives every sum. Four sums at a time do
    // not wait for each other.
    const auto nothing = [&](int at) {
        const auto x = hn::LoadU(d, a + at);
        return hn::Sub(x, x);
    };
    auto sum = hn::Zero(d), second = sum, third = sum, fourth = sum;
    int i = 0;
    for (; i + 4 * lanes <= n; i += 4 * lanes) {
        sum = hn::Add(sum, nothing(i));
        second = hn::Add(second, nothing(i + lanes));
        third = hn::Add(third, nothing(i + 2 * lanes));
        fourth = hn::Add(fourth, nothing(i + 3 * lanes));
    }
    for (; i + lanes <= n; i += lanes)
        sum = hn::Add(sum, nothing(i));
    bool rest = true;
    for (; i < n; ++i)
        rest = rest && std::isfinite(a[i]);
    sum = hn::Add(hn::Add(sum, second), hn::Add(third, fourth));
    return rest && hn::AllTrue(d, hn::Eq(sum, hn::Zero(d)));
}

template <class T> Kernels<T> makeKernels()
{
    return {transferKernel<T>, multiplyKernel<T>, updateKernel<T>, updateMultiplyKernel<T>,
        sortColumnsKernel<T>, updateMultiplyColumnsKernel<T>, multiplyAddKernel<T>,
        squaresKernel<T>, largestKernel<T>, membraneKernel<T>, scaleKernel<T>,
        scaledDifferenceKernel<T>, finiteKernel<T>};
}
Kernels<double> makeDouble()
{
    return makeKernels<double>();
}
Kernels<float> makeFloat()
{
    return makeKernels<float>();
}
long long thisTarget()
{
    return HWY_TARGET;
}

} // namespace apical::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace apical {
HWY_EXPORT(makeDouble);
HWY_EXPORT(makeFloat);
HWY_EXPORT(thisTarget);

template <> const Kernels<double>& kernels<double>()
{
    static const Kernels<double> table = HWY_DYNAMIC_DISPATCH(makeDouble)();
    return table;
}

template <> const Kernels<float>& kernels<float>()
{
    static const Kernels<float> table = HWY_DYNAMIC_DISPATCH(makeFloat)();
    return table;
}

std::string simdTarget()
{
    return hwy::TargetName(static_cast<decltype(HWY_TARGET)>(HWY_DYNAMIC_DISPATCH(thisTarget)()));
}

std::vector<std::string> simdTargets()
{
    std::vector<std::string> names;
    for (const auto target : hwy::SupportedAndGeneratedTargets())
        names.emplace_back(hwy::TargetName(target));
    return names;
}

template <> Kernels<double> kernelsFor<double>(const std::string& target)
{
    return kernelsOfTarget(
        kernels<double>(), target, [] { return HWY_DYNAMIC_DISPATCH(makeDouble)(); });
}

template <> Kernels<float> kernelsFor<float>(const std::string& target)
{
    return kernelsOfTarget(
        kernels<float>(), target, [] { return HWY_DYNAMIC_DISPATCH(makeFloat)(); });
}

} // namespace apical
#endif // HWY_ONCE
