#include "sim/model/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sim/model/kernels.cpp"
#include <hwy/foreach_target.h> // compiles this file once per instruction set

#include <hwy/highway.h>

#include <hwy/contrib/math/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace apical::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class D, class V> HWY_INLINE V softplus(D d, V v, V gamma, V beta, V theta)
{
    const V z = hn::Mul(beta, hn::Sub(v, theta));
    // log(1 + e^z) without overflow: max(z, 0) + log1p(e^-|z|)
    const V soft = hn::Mul(
        gamma, hn::Add(hn::Max(z, hn::Zero(d)), hn::Log1p(d, hn::Exp(d, hn::Neg(hn::Abs(z))))));
    const V limit = hn::Set(d, 15);
    const V low = hn::IfThenZeroElse(hn::Le(v, hn::Neg(limit)), soft);
    return hn::IfThenElse(hn::Ge(v, limit), v, low);
}

template <class T>
void transferKernel(const Transfer<T>& f, const T* HWY_RESTRICT v, T* HWY_RESTRICT rate, int n)
{
    const hn::ScalableTag<T> d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const auto gamma = hn::Set(d, f.gamma);
    const auto beta = hn::Set(d, f.beta);
    const auto theta = hn::Set(d, f.theta);
    const auto one = hn::Set(d, 1);
    const auto zero = hn::Zero(d);
    const auto each = [&](auto&& phi) {
        for (int i = 0; i < n; i += lanes)
            hn::Store(phi(hn::Load(d, v + i)), d, rate + i);
    };
    const auto scaled = [&](auto x) { return hn::Mul(beta, hn::Sub(x, theta)); };
    // A NaN must come out as a NaN, so that the guard sees it.
    const auto guarded = [&](auto x, auto value) { return hn::IfThenElse(hn::IsNaN(x), x, value); };
    switch (f.kind) {
    case phi_kind::logistic:
        each([&](auto x) { return hn::Div(gamma, hn::Add(one, hn::Exp(d, hn::Neg(scaled(x))))); });
        break;
    case phi_kind::tanh:
        each([&](auto x) { return guarded(x, hn::Mul(gamma, hn::Tanh(d, scaled(x)))); });
        break;
    case phi_kind::relu:
        each([&](auto x) { return guarded(x, hn::Mul(gamma, hn::Max(scaled(x), zero))); });
        break;
    case phi_kind::hard_sigmoid:
        each([&](auto x) {
            return guarded(x, hn::Mul(gamma, hn::Min(hn::Max(scaled(x), zero), one)));
        });
        break;
    default:
        each([&](auto x) { return guarded(x, softplus(d, x, gamma, beta, theta)); });
    }
}

// One pass over W: changes it first if kUpdate, then multiplies if kMultiply. Both orders of
// storage.
template <bool kUpdate, bool kMultiply, class T>
HWY_INLINE void pass(
    const WeightBlock<T>& w, const OuterUpdate<T>& due, const T* HWY_RESTRICT x, T* HWY_RESTRICT y)
{
    const hn::ScalableTag<T> d;
    using V = hn::Vec<decltype(d)>;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const V high = hn::Set(d, due.clip);
    const V low = hn::Neg(high);
    const auto change = [&](V weight, V post, V pre) {
        return hn::Min(hn::Max(hn::MulAdd(post, pre, weight), low), high);
    };
    if (w.postContiguous) {
        int i = 0;
        const int rows = padded<T>(w.rows);
        for (; i + 4 * lanes <= rows; i += 4 * lanes) {
            V a0 = hn::Zero(d), a1 = a0, a2 = a0, a3 = a0;
            V p0 = a0, p1 = a0, p2 = a0, p3 = a0;
            if constexpr (kUpdate) {
                p0 = hn::Load(d, due.post + i);
                p1 = hn::Load(d, due.post + i + lanes);
                p2 = hn::Load(d, due.post + i + 2 * lanes);
                p3 = hn::Load(d, due.post + i + 3 * lanes);
            }
            T* HWY_RESTRICT column = w.data + i;
            for (int j = 0; j < w.cols; ++j, column += w.stride) {
                V w0 = hn::Load(d, column);
                V w1 = hn::Load(d, column + lanes);
                V w2 = hn::Load(d, column + 2 * lanes);
                V w3 = hn::Load(d, column + 3 * lanes);
                if constexpr (kUpdate) {
                    const V pre = hn::Set(d, due.pre[j]);
                    w0 = change(w0, p0, pre);
                    w1 = change(w1, p1, pre);
                    w2 = change(w2, p2, pre);
                    w3 = change(w3, p3, pre);
                    hn::Store(w0, d, column);
                    hn::Store(w1, d, column + lanes);
                    hn::Store(w2, d, column + 2 * lanes);
                    hn::Store(w3, d, column + 3 * lanes);
                }
                if constexpr (kMultiply) {
                    const V xj = hn::Set(d, x[j]);
                    a0 = hn::MulAdd(w0, xj, a0);
                    a1 = hn::MulAdd(w1, xj, a1);
                    a2 = hn::MulAdd(w2, xj, a2);
                    a3 = hn::MulAdd(w3, xj, a3);
                }
            }
            if constexpr (kMultiply) {
                hn::Store(a0, d, y + i);
                hn::Store(a1, d, y + i + lanes);
                hn::Store(a2, d, y + i + 2 * lanes);
                hn::Store(a3, d, y + i + 3 * lanes);
            }
        }
        for (; i < rows; i += lanes) {
            V sum = hn::Zero(d);
            const V post = kUpdate ? hn::Load(d, due.post + i) : sum;
            T* HWY_RESTRICT column = w.data + i;
            for (int j = 0; j < w.cols; ++j, column += w.stride) {
                V weight = hn::Load(d, column);
                if constexpr (kUpdate) {
                    weight = change(weight, post, hn::Set(d, due.pre[j]));
                    hn::Store(weight, d, column);
                }
                if constexpr (kMultiply)
                    sum = hn::MulAdd(weight, hn::Set(d, x[j]), sum);
            }
            if constexpr (kMultiply)
                hn::Store(sum, d, y + i);
        }
        return;
    }
    // Rows are short in number and long: entries behind the last column are masked out, they hold
    // no data.
    const int full = w.cols / lanes * lanes;
    const auto tail = hn::FirstN(d, static_cast<std::size_t>(w.cols - full));
    for (int i = 0; i < w.rows; ++i) {
        T* HWY_RESTRICT row = w.data + static_cast<std::ptrdiff_t>(i) * w.stride;
        V s0 = hn::Zero(d), s1 = s0;
        const V post = hn::Set(d, kUpdate ? due.post[i] : T(0));
        int j = 0;
        for (; j + 2 * lanes <= full; j += 2 * lanes) {
            V w0 = hn::Load(d, row + j);
            V w1 = hn::Load(d, row + j + lanes);
            if constexpr (kUpdate) {
                w0 = change(w0, post, hn::Load(d, due.pre + j));
                w1 = change(w1, post, hn::Load(d, due.pre + j + lanes));
                hn::Store(w0, d, row + j);
                hn::Store(w1, d, row + j + lanes);
            }
            if constexpr (kMultiply) {
                s0 = hn::MulAdd(w0, hn::Load(d, x + j), s0);
                s1 = hn::MulAdd(w1, hn::Load(d, x + j + lanes), s1);
            }
        }
        for (; j < full; j += lanes) {
            V weight = hn::Load(d, row + j);
            if constexpr (kUpdate) {
                weight = change(weight, post, hn::Load(d, due.pre + j));
                hn::Store(weight, d, row + j);
            }
            if constexpr (kMultiply)
                s0 = hn::MulAdd(weight, hn::Load(d, x + j), s0);
        }
        if (full < w.cols) {
            V weight = hn::Load(d, row + full);
            if constexpr (kUpdate) {
                weight =
                    hn::IfThenElseZero(tail, change(weight, post, hn::Load(d, due.pre + full)));
                hn::Store(weight, d, row + full);
            }
            if constexpr (kMultiply)
                s1 = hn::MulAdd(weight, hn::IfThenElseZero(tail, hn::Load(d, x + full)), s1);
        }
        if constexpr (kMultiply)
            y[i] = hn::GetLane(hn::SumOfLanes(d, hn::Add(s0, s1)));
    }
}

template <class T> void multiplyKernel(const WeightBlock<T>& w, const T* x, T* y)
{
    pass<false, true, T>(w, {}, x, y);
}

template <class T> void updateKernel(const WeightBlock<T>& w, const OuterUpdate<T>& due)
{
    pass<true, false, T>(w, due, nullptr, nullptr);
}

template <class T>
void updateMultiplyKernel(const WeightBlock<T>& w, const OuterUpdate<T>& due, const T* x, T* y)
{
    pass<true, true, T>(w, due, x, y);
}

// Columns are long and few: each is read from one end to the other, y stays in the first cache.
// Every entry of y adds its columns in the order of pass(), so both give the same bits.
template <class T>
void updateMultiplyColumnsKernel(const WeightBlock<T>& w, const OuterUpdate<T>& due,
    const T* HWY_RESTRICT x, T* HWY_RESTRICT y, const int* HWY_RESTRICT columns, int count)
{
    const hn::ScalableTag<T> d;
    using V = hn::Vec<decltype(d)>;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const int rows = padded<T>(w.rows);
    const V high = hn::Set(d, due.clip);
    const V low = hn::Neg(high);
    for (int i = 0; i < rows; i += lanes)
        hn::Store(hn::Zero(d), d, y + i);
    for (int k = 0; k < count; ++k) {
        const int j = columns[k];
        T* HWY_RESTRICT column = w.data + static_cast<std::ptrdiff_t>(j) * w.stride;
        const V xj = hn::Set(d, x[j]);
        if (!due.post || due.pre[j] == T(0)) {
            for (int i = 0; i < rows; i += lanes)
                hn::Store(hn::MulAdd(hn::Load(d, column + i), xj, hn::Load(d, y + i)), d, y + i);
            continue;
        }
        const V pre = hn::Set(d, due.pre[j]);
        const auto changed = [&](int i) {
            const V sum = hn::MulAdd(hn::Load(d, due.post + i), pre, hn::Load(d, column + i));
            const V weight = hn::Min(hn::Max(sum, low), high);
            hn::Store(weight, d, column + i);
            return weight;
        };
        if (x[j] == T(0)) {
            for (int i = 0; i < rows; i += lanes)
                changed(i);
        } else {
            for (int i = 0; i < rows; i += lanes)
                hn::Store(hn::MulAdd(changed(i), xj, hn::Load(d, y + i)), d, y + i);
        }
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
    // x - x is 0 for finite x and NaN otherwise, and NaN survives every sum.
    auto sum = hn::Zero(d);
    for (int i = 0; i < n; i += lanes) {
        const auto x = hn::Load(d, a + i);
        sum = hn::Add(sum, hn::Sub(x, x));
    }
    return hn::AllTrue(d, hn::Eq(sum, hn::Zero(d)));
}

template <class T> Kernels<T> makeKernels()
{
    return {transferKernel<T>, multiplyKernel<T>, updateKernel<T>, updateMultiplyKernel<T>,
        updateMultiplyColumnsKernel<T>, multiplyAddKernel<T>, largestKernel<T>, membraneKernel<T>,
        scaleKernel<T>, scaledDifferenceKernel<T>, finiteKernel<T>};
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

namespace {
template <class T, class F> Kernels<T> forTarget(const std::string& name, F make)
{
    Kernels<T> found = kernels<T>();
    for (const auto target : hwy::SupportedAndGeneratedTargets()) {
        if (hwy::TargetName(target) != name)
            continue;
        hwy::SetSupportedTargetsForTest(target);
        hwy::GetChosenTarget().Update(hwy::SupportedTargets());
        found = make();
        hwy::SetSupportedTargetsForTest(0);
        hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    }
    return found;
}
} // namespace

template <> Kernels<double> kernelsFor<double>(const std::string& target)
{
    return forTarget<double>(target, [] { return HWY_DYNAMIC_DISPATCH(makeDouble)(); });
}

template <> Kernels<float> kernelsFor<float>(const std::string& target)
{
    return forTarget<float>(target, [] { return HWY_DYNAMIC_DISPATCH(makeFloat)(); });
}

} // namespace apical
#endif // HWY_ONCE
