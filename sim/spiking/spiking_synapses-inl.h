// The kernels that go over synapses. Compiled once per instruction set as a part of
// spiking_kernels.cpp, hence the guard that opens again for each.
#if defined(APICAL_SPIKING_SYNAPSES) == defined(HWY_TARGET_TOGGLE)
#ifdef APICAL_SPIKING_SYNAPSES
#undef APICAL_SPIKING_SYNAPSES
#else
#define APICAL_SPIKING_SYNAPSES
#endif

#include "sim/model/mask_bits-inl.h"
#include "sim/spiking/spiking_kernels.h"

#include <hwy/highway.h>

#include <algorithm>
#include <bit>
#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace apical::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class T> TraceReport tracesKernel(const TraceUpdate<T>& t)
{
    const hn::ScalableTag<T> d;
    const auto lanes = hn::Lanes(d);
    const auto n = static_cast<std::size_t>(t.n);
    const auto zero = hn::Zero(d), one = hn::Set(d, T(1));
    const auto oldest = hn::Set(d, T(1 << 24)); // still a whole number in every precision
    const auto decay = hn::Set(d, t.decay), share = hn::Set(d, t.inversePsi),
               life = hn::Set(d, t.life);
    TraceReport report;
    int awake = 0;
    for (std::size_t word = 0; word * 64 < n; ++word) {
        std::uint64_t arrivals = 0, awakes = 0, lefts = 0, slepts = 0;
        const std::size_t first = word * 64, end = std::min(n, first + 64);
        for (std::size_t i = first; i < end; i += lanes) {
            const auto there = hn::FirstN(d, n - i);
            const auto sent = hn::Load(d, t.sent + i);
            const auto arrived = hn::And(there, hn::Gt(sent, zero));
            const auto before = hn::Load(d, t.age + i);
            const auto age = hn::IfThenZeroElse(arrived, hn::Min(hn::Add(before, one), oldest));
            const auto slept = hn::And(there, hn::Eq(age, life));
            const auto trace = hn::Mul(decay, hn::Load(d, t.trace + i));
            const auto added = hn::Mul(sent, share);
            hn::Store(trace, d, t.before + i);
            hn::Store(added, d, t.share + i);
            hn::Store(hn::Add(hn::IfThenZeroElse(slept, trace), added), d, t.trace + i);
            hn::Store(age, d, t.age + i);
            arrivals |= maskBits(d, arrived) << (i - first);
            lefts |= maskBits(d, hn::And(there, hn::Eq(age, one))) << (i - first);
            slepts |= maskBits(d, slept) << (i - first);
            awakes |= maskBits(d, hn::And(there, hn::Lt(age, life))) << (i - first);
        }
        t.arrived[word] = arrivals;
        t.left[word] = lefts;
        t.slept[word] = slepts;
        t.awake[word] = awakes;
        report.arrived += std::popcount(arrivals);
        awake += std::popcount(awakes);
    }
    report.allAwake = awake == t.n;
    return report;
}

/// kCount columns side by side, so that errors and inputs are read and written once for all.
template <std::size_t kCount, bool kLearn, bool kMask, class T>
HWY_INLINE void spikingColumns(const ColumnPass<T>& p, const std::int32_t* HWY_RESTRICT list)
{
    const hn::ScalableTag<T> d;
    using V = hn::Vec<decltype(d)>;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const V high = hn::Set(d, p.clip), low = hn::Neg(high);
    const V decay = hn::Set(d, p.decay), rate = hn::Set(d, p.rate);
    T *HWY_RESTRICT weights[kCount], *HWY_RESTRICT change[kCount];
    const T* HWY_RESTRICT mask[kCount];
    V trace[kCount], share[kCount];
    for (std::size_t c = 0; c < kCount; ++c) {
        const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(list[c]) * p.stride;
        weights[c] = p.weights + at;
        change[c] = p.change + at;
        mask[c] = kMask ? p.mask + at : nullptr;
        trace[c] = hn::Set(d, kLearn ? p.factor * p.trace[list[c]] : T(0));
        share[c] = hn::Set(d, p.share[list[c]]);
    }
    for (int i = 0; i < p.post; i += lanes) {
        V sum = hn::Load(d, p.dendrite + i);
        const V error = kLearn ? hn::Load(d, p.errors + i) : hn::Zero(d);
        for (std::size_t c = 0; c < kCount; ++c) {
            V weight = hn::Load(d, weights[c] + i);
            if constexpr (kLearn) {
                const V e = hn::Load(d, change[c] + i);
                weight = hn::MulAdd(rate, e, weight);
                hn::Store(weight, d, weights[c] + i);
                hn::Store(hn::MulAdd(error, trace[c], hn::Mul(decay, e)), d, change[c] + i);
            }
            V sent = hn::Min(hn::Max(weight, low), high);
            if constexpr (kMask)
                sent = hn::Mul(sent, hn::Load(d, mask[c] + i));
            sum = hn::MulAdd(sent, share[c], sum);
        }
        hn::Store(sum, d, p.dendrite + i);
    }
}

template <bool kLearn, bool kMask, class T>
HWY_INLINE void spikingColumnList(const ColumnPass<T>& p, const std::int32_t* columns, int count)
{
    int k = 0;
    for (; k + 4 <= count; k += 4)
        spikingColumns<4, kLearn, kMask>(p, columns + k);
    if (k + 2 <= count) {
        spikingColumns<2, kLearn, kMask>(p, columns + k);
        k += 2;
    }
    if (k < count)
        spikingColumns<1, kLearn, kMask>(p, columns + k);
}

template <class T> void learnKernel(const ColumnPass<T>& p, const std::int32_t* columns, int count)
{
    if (p.mask)
        spikingColumnList<true, true>(p, columns, count);
    else
        spikingColumnList<true, false>(p, columns, count);
}

template <class T> void sendKernel(const ColumnPass<T>& p, const std::int32_t* columns, int count)
{
    if (p.mask)
        spikingColumnList<false, true>(p, columns, count);
    else
        spikingColumnList<false, false>(p, columns, count);
}

/// From the kept form to the present one, and back with the trace from now on: spiking_pathway.h.
/// kTerms 0: as many as `terms` says.
template <std::size_t kTerms, class T>
HWY_INLINE void touchColumn(const ColumnTouch<T>& c, const ErrorTerm<T>* list, std::size_t terms)
{
    const hn::ScalableTag<T> d;
    using V = hn::Vec<decltype(d)>;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const bool kept = c.next != 0;
    const V fade = hn::Set(d, c.fade), eta = hn::Set(d, c.eta), last = hn::Set(d, c.last),
            gain = hn::Set(d, c.eta * c.last), next = hn::Set(d, c.next),
            nextGain = hn::Set(d, c.eta * c.next * c.growth);
    const V high = hn::Set(d, c.clip), low = hn::Neg(high), share = hn::Set(d, c.share);
    const int post = c.post;
    T *HWY_RESTRICT weights = c.weights, *HWY_RESTRICT change = c.change;
    T* HWY_RESTRICT dendrite = c.dendrite;
    const T* HWY_RESTRICT mask = c.mask;
    const std::size_t count = kTerms > 0 ? kTerms : terms;
    const ErrorTerm<T>& now = list[count - 1];
    const T *HWY_RESTRICT plainNow = now.plain, *HWY_RESTRICT fadedNow = now.faded;
    const V powerNow = hn::Set(d, now.power);
    for (int i = 0; i < post; i += lanes) {
        const V p = hn::Load(d, plainNow + i), q = hn::Load(d, fadedNow + i);
        V plain = p, faded = hn::Mul(powerNow, q);
        for (std::size_t k = 0; k + 1 < count; ++k) {
            plain = hn::Add(plain, hn::Load(d, list[k].plain + i));
            faded = hn::MulAdd(hn::Set(d, list[k].power), hn::Load(d, list[k].faded + i), faded);
        }
        const V e = hn::Mul(fade, hn::MulAdd(last, plain, hn::Load(d, change + i)));
        const V sum = hn::MulAdd(gain, faded, hn::Load(d, weights + i));
        const V weight = hn::NegMulAdd(eta, e, sum);
        hn::Store(hn::NegMulAdd(next, p, e), d, change + i);
        hn::Store(kept ? hn::NegMulAdd(nextGain, q, sum) : weight, d, weights + i);
        if (!dendrite)
            continue;
        V sent = hn::Min(hn::Max(weight, low), high);
        if (mask)
            sent = hn::Mul(sent, hn::Load(d, mask + i));
        hn::Store(hn::MulAdd(sent, share, hn::Load(d, dendrite + i)), d, dendrite + i);
    }
}

template <class T> void touchKernel(const ColumnTouch<T>& c, const ErrorTerm<T>* list, int terms)
{
    switch (terms) {
    case 1:
        return touchColumn<1>(c, list, 1);
    case 2:
        return touchColumn<2>(c, list, 2);
    case 3:
        return touchColumn<3>(c, list, 3);
    default:
        return touchColumn<0>(c, list, static_cast<std::size_t>(terms));
    }
}

template <class T>
void pushKernel(int n, const T* HWY_RESTRICT errors, T factor, T power,
    const T* HWY_RESTRICT plainBefore, const T* HWY_RESTRICT fadedBefore, T* HWY_RESTRICT plain,
    T* HWY_RESTRICT faded)
{
    const hn::ScalableTag<T> d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const auto f = hn::Set(d, factor), p = hn::Set(d, power);
    for (int i = 0; i < n; i += lanes) {
        const auto error = hn::Mul(f, hn::Load(d, errors + i));
        const auto a = plainBefore ? hn::Load(d, plainBefore + i) : hn::Zero(d);
        const auto b = fadedBefore ? hn::Load(d, fadedBefore + i) : hn::Zero(d);
        hn::Store(hn::Add(a, error), d, plain + i);
        hn::Store(hn::MulAdd(p, error, b), d, faded + i);
    }
}

} // namespace apical::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
