#include "sim/model/kernels.h"

#include <algorithm>

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

constexpr int kRows = 4;

// kCount rows of a matrix that is stored row by row, from row `first` on. Entries behind the last
// column are masked out, they hold no data.
template <std::size_t kCount, bool kUpdate, bool kMultiply, class T>
HWY_INLINE void rows(const WeightBlock<T>& w, const OuterUpdate<T>& due, const T* HWY_RESTRICT x,
    T* HWY_RESTRICT y, int first)
{
    const hn::ScalableTag<T> d;
    using V = hn::Vec<decltype(d)>;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const V high = hn::Set(d, due.clip);
    const V low = hn::Neg(high);
    const int full = w.cols / lanes * lanes;
    T* HWY_RESTRICT base = w.data + static_cast<std::ptrdiff_t>(first) * w.stride;
    V even[kCount], odd[kCount], post[kCount];
    for (std::size_t r = 0; r < kCount; ++r) {
        even[r] = odd[r] = hn::Zero(d);
        post[r] = hn::Set(d, kUpdate ? due.post[static_cast<std::size_t>(first) + r] : T(0));
    }
    const auto pass = [&](V* sums, int j, auto&& kept) {
        const V xj = kMultiply ? kept(hn::Load(d, x + j)) : hn::Zero(d);
        const V pre = kUpdate ? hn::Load(d, due.pre + j) : hn::Zero(d);
        for (std::size_t r = 0; r < kCount; ++r) {
            T* at = base + static_cast<std::ptrdiff_t>(r) * w.stride + j;
            V weight = hn::Load(d, at);
            if constexpr (kUpdate) {
                weight = hn::Min(hn::Max(hn::MulAdd(post[r], pre, weight), low), high);
                weight = kept(weight);
                hn::Store(weight, d, at);
            }
            if constexpr (kMultiply)
                sums[r] = hn::MulAdd(weight, xj, sums[r]);
        }
    };
    const auto all = [](V v) { return v; };
    int j = 0;
    for (; j + 2 * lanes <= full; j += 2 * lanes) {
        pass(even, j, all);
        pass(odd, j + lanes, all);
    }
    for (; j < full; j += lanes)
        pass(even, j, all);
    if (full < w.cols) {
        const auto tail = hn::FirstN(d, static_cast<std::size_t>(w.cols - full));
        pass(odd, full, [tail](V v) { return hn::IfThenElseZero(tail, v); });
    }
    if constexpr (kMultiply) {
        for (std::size_t r = 0; r < kCount; ++r)
            y[static_cast<std::size_t>(first) + r] =
                hn::GetLane(hn::SumOfLanes(d, hn::Add(even[r], odd[r])));
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
    // Rows are few and long. Some of them side by side, so that sums need not wait for each other.
    int i = 0;
    for (; i + kRows <= w.rows; i += kRows)
        rows<kRows, kUpdate, kMultiply>(w, due, x, y, i);
    for (; i < w.rows; ++i)
        rows<1, kUpdate, kMultiply>(w, due, x, y, i);
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

template <class T>
void sortColumnsKernel(const T* HWY_RESTRICT pre, const T* HWY_RESTRICT x, int n, Columns<T>& out)
{
    const hn::ScalableTag<T> d;
    const hn::ScalableTag<typename Columns<T>::Index> di;
    const auto zero = hn::Zero(d);
    const auto lanes = hn::Lanes(d);
    const auto count = static_cast<std::size_t>(n);
    std::size_t changes = 0, boths = 0, products = 0;
    for (std::size_t j = 0; j < count; j += lanes) {
        const auto there = hn::FirstN(d, count - j);
        const auto sent = hn::And(there, hn::Ne(hn::Load(d, x + j), zero));
        const auto due =
            pre ? hn::And(there, hn::Ne(hn::Load(d, pre + j), zero)) : hn::FirstN(d, 0);
        const auto column = hn::Iota(di, static_cast<typename Columns<T>::Index>(j));
        const auto store = [&](auto mask, auto* to) { // in two steps: at once is slow on some
            const auto of = hn::RebindMask(di, mask);
            hn::StoreU(hn::Compress(column, of), di, to);
            return hn::CountTrue(di, of);
        };
        changes += store(hn::AndNot(sent, due), out.change.data() + changes);
        boths += store(hn::And(sent, due), out.both.data() + boths);
        products += store(hn::AndNot(due, sent), out.product.data() + products);
    }
    out.changes = static_cast<int>(changes);
    out.boths = static_cast<int>(boths);
    out.products = static_cast<int>(products);
}

// kCount of the columns listed, from list[k] on: from one end to the other, side by side, so that y
// is read and written once for all of them.
template <std::size_t kCount, bool kUpdate, bool kMultiply, class T>
HWY_INLINE void columnPass(const WeightBlock<T>& w, const OuterUpdate<T>& due,
    const T* HWY_RESTRICT x, T* HWY_RESTRICT y, const typename Columns<T>::Index* HWY_RESTRICT list)
{
    const hn::ScalableTag<T> d;
    using V = hn::Vec<decltype(d)>;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const int rows = padded<T>(w.rows);
    const V high = hn::Set(d, due.clip);
    const V low = hn::Neg(high);
    T* column[kCount];
    V pre[kCount], value[kCount];
    for (std::size_t c = 0; c < kCount; ++c) {
        column[c] = w.data + list[c] * w.stride;
        pre[c] = hn::Set(d, kUpdate ? due.pre[list[c]] : T(0));
        value[c] = hn::Set(d, kMultiply ? x[list[c]] : T(0));
    }
    for (int i = 0; i < rows; i += lanes) {
        V sum = kMultiply ? hn::Load(d, y + i) : hn::Zero(d);
        const V post = kUpdate ? hn::Load(d, due.post + i) : hn::Zero(d);
        for (std::size_t c = 0; c < kCount; ++c) {
            V weight = hn::Load(d, column[c] + i);
            if constexpr (kUpdate) {
                weight = hn::Min(hn::Max(hn::MulAdd(post, pre[c], weight), low), high);
                hn::Store(weight, d, column[c] + i);
            }
            if constexpr (kMultiply)
                sum = hn::MulAdd(weight, value[c], sum);
        }
        if constexpr (kMultiply)
            hn::Store(sum, d, y + i);
    }
}

template <bool kUpdate, bool kMultiply, class T>
HWY_INLINE void columnPasses(const WeightBlock<T>& w, const OuterUpdate<T>& due, const T* x, T* y,
    const typename Columns<T>::Index* list, int count)
{
    constexpr int kTogether = 4;
    int k = 0;
    for (; k + kTogether <= count; k += kTogether)
        columnPass<kTogether, kUpdate, kMultiply>(w, due, x, y, list + k);
    for (; k < count; ++k)
        columnPass<1, kUpdate, kMultiply>(w, due, x, y, list + k);
}

template <class T>
void updateMultiplyColumnsKernel(
    const WeightBlock<T>& w, const OuterUpdate<T>& due, const T* x, T* y, const Columns<T>& columns)
{
    std::fill_n(y, padded<T>(w.rows), T(0));
    columnPasses<true, false>(w, due, x, y, columns.change.data(), columns.changes);
    columnPasses<true, true>(w, due, x, y, columns.both.data(), columns.boths);
    columnPasses<false, true>(w, due, x, y, columns.product.data(), columns.products);
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
