// The kernels that go over weight matrices. Compiled once per instruction set as a part of
// kernels.cpp, hence the guard that opens again for each.
#if defined(APICAL_KERNELS_MATRIX_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef APICAL_KERNELS_MATRIX_INL_H
#undef APICAL_KERNELS_MATRIX_INL_H
#else
#define APICAL_KERNELS_MATRIX_INL_H
#endif

#include "sim/base/bits.h"
#include "sim/model/kernels.h"
#include "sim/model/mask_bits-inl.h"

#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace apical::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

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
    if (i + 2 <= w.rows) {
        rows<2, kUpdate, kMultiply>(w, due, x, y, i);
        i += 2;
    }
    if (i < w.rows)
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

// 64 columns at a time as bits: most of a picture is paper, and a loop that ends is slow to end.
template <class T>
void sortColumnsKernel(const T* HWY_RESTRICT pre, const T* HWY_RESTRICT x, int n, Columns<T>& out)
{
    const hn::ScalableTag<T> d;
    const auto zero = hn::Zero(d);
    const int lanes = static_cast<int>(hn::Lanes(d));
    const auto bitsOf = [&](const T* values, int first) {
        std::uint64_t bits = 0;
        const int end = std::min(n, first + 64);
        for (int j = first; j < end; j += lanes)
            bits |= maskBits(d, hn::Ne(hn::Load(d, values + j), zero)) << (j - first);
        const int behind = first + 64 - n;
        return behind > 0 ? bits & (~std::uint64_t{0} >> behind) : bits;
    };
    out.changes = out.boths = out.products = 0;
    for (int first = 0; first < n; first += 64) {
        const std::uint64_t sent = bitsOf(x, first), due = pre ? bitsOf(pre, first) : 0;
        out.changes += listBits(due & ~sent, first, out.change.data() + out.changes);
        out.boths += listBits(due & sent, first, out.both.data() + out.boths);
        out.products += listBits(sent & ~due, first, out.product.data() + out.products);
    }
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

} // namespace apical::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
