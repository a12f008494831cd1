#include "sim/spiking/spiking_kernels.h"

#include <array>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sim/spiking/spiking_kernels.cpp"
#include <hwy/foreach_target.h> // compiles this file once per instruction set

#include <hwy/highway.h>

#include "sim/model/kernels_target.h"
#include "sim/model/phi-inl.h"
#include "sim/spiking/spiking_math-inl.h"
#include "sim/spiking/spiking_synapses-inl.h"

HWY_BEFORE_NAMESPACE();
namespace apical::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <int kind, class T>
HWY_INLINE void neuronsOfKind(const Transfer<T>& f, const NeuronUpdate<T>& p)
{
    const hn::ScalableTag<T> d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const Phi<T, decltype(d)> phi(d, f);
    const auto total = hn::Set(d, p.total), inverse = hn::Set(d, 1 / p.total);
    const auto basal = hn::Set(d, p.basal), apical = hn::Set(d, p.apical);
    const auto constant = hn::Set(d, p.constant), dt = hn::Set(d, p.dt);
    const auto attenuation = hn::Set(d, p.attenuation);
    const auto keepB = hn::Set(d, p.basalKeep), shareB = hn::Set(d, p.basalShare);
    const auto keepA = hn::Set(d, p.apicalKeep), shareA = hn::Set(d, p.apicalShare);
    for (int i = 0; i < p.n; i += lanes) {
        const auto u = hn::Load(d, p.soma + i), v = hn::Load(d, p.dendrite + i);
        auto change = hn::Add(hn::Load(d, p.current + i), constant);
        change = hn::MulAdd(basal, v, hn::NegMulAdd(total, u, change));
        if (p.apicalDendrite) {
            const auto a = hn::Load(d, p.apicalDendrite + i);
            change = hn::MulAdd(apical, a, change);
            const auto down = hn::Load(d, p.topdownInput + i);
            const auto side = hn::Load(d, p.lateralInput + i);
            const auto next = hn::MulAdd(keepA, a, hn::Mul(shareA, hn::Add(down, side)));
            hn::Store(next, d, p.apicalDendrite + i);
            hn::Store(hn::Neg(next), d, p.apicalError + i);
            hn::Store(hn::MulAdd(keepA, hn::Load(d, p.topdown + i), hn::Mul(shareA, down)), d,
                p.topdown + i);
            hn::Store(hn::MulAdd(keepA, hn::Load(d, p.lateral + i), hn::Mul(shareA, side)), d,
                p.lateral + i);
        }
        const auto forward = hn::MulAdd(change, inverse, u);
        const auto soma = hn::MulAdd(dt, change, u);
        const auto dendrite = hn::MulAdd(keepB, v, hn::Mul(shareB, hn::Load(d, p.input + i)));
        hn::Store(forward, d, p.forward + i);
        hn::Store(soma, d, p.soma + i);
        hn::Store(dendrite, d, p.dendrite + i);
        const auto rate = phi.template of<kind>(p.lookAhead ? forward : soma);
        hn::Store(rate, d, p.rate + i);
        // Behind the last neuron there is no error, so nothing is ever learned there.
        const auto there = hn::FirstN(d, static_cast<std::size_t>(p.n - i));
        const auto error = hn::Sub(rate, phi.template of<kind>(hn::Mul(attenuation, dendrite)));
        hn::Store(hn::IfThenElseZero(there, error), d, p.error + i);
        if (!p.distalError)
            continue;
        const auto distal = hn::Sub(rate, phi.template of<kind>(hn::Load(d, p.topdown + i)));
        hn::Store(hn::IfThenElseZero(there, distal), d, p.distalError + i);
    }
}

template <class T>
void neuronsKernel(const Transfer<T>& f, const NeuronUpdate<T>* populations, int count)
{
    for (int k = 0; k < count; ++k) {
        switch (f.kind) {
        case phi_kind::logistic:
            neuronsOfKind<phi_kind::logistic>(f, populations[k]);
            break;
        case phi_kind::tanh:
            neuronsOfKind<phi_kind::tanh>(f, populations[k]);
            break;
        case phi_kind::relu:
            neuronsOfKind<phi_kind::relu>(f, populations[k]);
            break;
        case phi_kind::hard_sigmoid:
            neuronsOfKind<phi_kind::hard_sigmoid>(f, populations[k]);
            break;
        default:
            neuronsOfKind<phi_kind::softplus>(f, populations[k]);
        }
    }
}

constexpr int kMostSpikes = 512; // of a mean below kLargestMean: fifteen standard deviations more

/// 1/k: the next probability of a Poisson number is the last one times mean / k.
constexpr std::array<double, kMostSpikes> inverses()
{
    std::array<double, kMostSpikes> all{};
    for (std::size_t k = 1; k < all.size(); ++k)
        all[k] = 1 / static_cast<double>(k);
    return all;
}
alignas(64) constexpr std::array<double, kMostSpikes> kInverse = inverses();

/// Poisson numbers by inversion, some vectors side by side.
template <std::size_t kCount, class D>
HWY_INLINE void poisson(D d, const double* HWY_RESTRICT mean, const double* HWY_RESTRICT uniform,
    double* HWY_RESTRICT out)
{
    using V = hn::Vec<D>;
    const hn::RebindToSigned<D> di;
    const std::size_t lanes = hn::Lanes(d);
    V m[kCount], u[kCount], p[kCount], below[kCount];
    hn::Vec<decltype(di)> n[kCount];
    for (std::size_t c = 0; c < kCount; ++c) {
        m[c] = hn::Load(d, mean + c * lanes);
        u[c] = hn::Load(d, uniform + c * lanes);
        p[c] = below[c] = expOfMinus(d, m[c]);
        n[c] = hn::Zero(di);
    }
    for (std::size_t k = 1; k < kMostSpikes; k += 2) { // looks for the end at every other number
        auto more = hn::FirstN(d, 0);
        for (std::size_t both = k; both < k + 2; ++both) {
            const V share = hn::Set(d, kInverse[both]);
            for (std::size_t c = 0; c < kCount; ++c) {
                const auto above = hn::Ge(u[c], below[c]);
                more = both == k ? more : c == 0 ? above : hn::Or(more, above);
                n[c] = hn::Sub(n[c], hn::VecFromMask(di, hn::RebindMask(di, above)));
                p[c] = hn::Mul(p[c], hn::Mul(m[c], share));
                below[c] = hn::Add(below[c], p[c]);
            }
        }
        if (hn::AllFalse(d, more))
            break;
    }
    // Small whole numbers from the low bits of a large one.
    const V magic = hn::Set(d, 0x1p52);
    for (std::size_t c = 0; c < kCount; ++c)
        hn::Store(hn::Sub(hn::BitCast(d, hn::Or(n[c], hn::BitCast(di, magic))), magic), d,
            out + c * lanes);
}

/// Vectors of doubles from numbers of either precision, and back.
template <class D, class T> HWY_INLINE hn::Vec<D> loadWide(D d, const T* from)
{
    if constexpr (sizeof(T) == sizeof(double))
        return hn::LoadU(d, from);
    else
        return hn::PromoteTo(d, hn::LoadU(hn::Rebind<T, D>(), from));
}
template <class D, class T> HWY_INLINE void storeNarrow(D d, hn::Vec<D> value, T* to)
{
    if constexpr (sizeof(T) == sizeof(double)) {
        hn::StoreU(value, d, to);
    } else {
        const hn::Rebind<T, D> narrow;
        hn::StoreU(hn::DemoteTo(narrow, value), narrow, to);
    }
}

template <class T>
bool drawKernel(const SpikeDraw& s, const std::int32_t* HWY_RESTRICT quads, int count,
    const T* HWY_RESTRICT rate, T* HWY_RESTRICT sent, double* HWY_RESTRICT counted)
{
    constexpr std::size_t kNumbers = kQuads * kQuad;
    const hn::CappedTag<std::uint32_t, kQuads> bits;
    const hn::RebindToSigned<decltype(bits)> index;
    const hn::CappedTag<double, kNumbers> d; // numbers of several quads
    const hn::CappedTag<double, kQuad> dq; // of one
    const hn::Rebind<std::int32_t, decltype(d)> di;
    const std::size_t lanes = hn::Lanes(d), quadLanes = hn::Lanes(dq), blocks = hn::Lanes(bits);
    alignas(64) std::uint32_t words[kNumbers];
    alignas(64) double mean[kNumbers], uniform[kNumbers], number[kNumbers];
    const auto scale = hn::Set(dq, s.scale), limit = hn::Set(dq, kLargestMean);
    const auto half = hn::Set(d, 2147483648.5), unit = hn::Set(d, 0x1p-32);
    const auto sign = hn::Set(di, std::int32_t{-2147483647 - 1});
    auto large = hn::FirstN(dq, 0);
    for (int q = 0; q < count; q += kQuads) {
        const std::int32_t* list = quads + q;
        for (std::size_t b = 0; b < kQuads; b += blocks) {
            hn::Vec<decltype(bits)> block[4];
            philox(bits, s.seed, s.step, hn::BitCast(bits, hn::LoadU(index, list + b)), s.stream,
                block);
            hn::StoreInterleaved4(block[0], block[1], block[2], block[3], bits, words + kQuad * b);
        }
        for (std::size_t k = 0; k < kQuads; ++k) {
            for (std::size_t i = 0; i < kQuad; i += quadLanes) {
                const auto m = hn::Mul(scale, loadWide(dq, rate + kQuad * list[k] + i));
                const auto small = hn::Lt(m, limit);
                large = hn::Or(large, hn::Not(small));
                // Without a rate, or a negative one, nothing is sent.
                hn::Store(
                    hn::IfThenElseZero(small, hn::Max(m, hn::Zero(dq))), dq, mean + kQuad * k + i);
            }
        }
        for (std::size_t i = 0; i < kNumbers; i += lanes) {
            // A word and half a unit, so that a number lies within (0, 1).
            const auto word =
                hn::Load(di, reinterpret_cast<const std::int32_t*>(words) + i); // NOLINT
            const auto value = hn::PromoteTo(d, hn::Xor(word, sign));
            hn::Store(hn::Mul(unit, hn::Add(value, half)), d, uniform + i);
        }
        constexpr std::size_t kTogether = 4;
        if (kTogether * lanes <= kNumbers) {
            for (std::size_t i = 0; i < kNumbers; i += kTogether * lanes)
                poisson<kTogether>(d, mean + i, uniform + i, number + i);
        } else {
            for (std::size_t i = 0; i < kNumbers; i += lanes)
                poisson<1>(d, mean + i, uniform + i, number + i);
        }
        for (std::size_t k = 0; k < kQuads; ++k) {
            for (std::size_t i = 0; i < kQuad; i += quadLanes) {
                const auto n = hn::Load(dq, number + kQuad * k + i);
                storeNarrow(dq, n, sent + kQuad * list[k] + i);
                if (!counted)
                    continue;
                double* total = counted + kQuad * list[k] + i;
                hn::StoreU(hn::Add(n, hn::LoadU(dq, total)), dq, total);
            }
        }
    }
    return !hn::AllFalse(dq, large);
}

template <class T> SpikingKernels<T> makeSpikingKernels()
{
    return {neuronsKernel<T>, drawKernel<T>, tracesKernel<T>, learnKernel<T>, sendKernel<T>,
        touchKernel<T>, pushKernel<T>};
}
SpikingKernels<double> makeSpikingDouble()
{
    return makeSpikingKernels<double>();
}
SpikingKernels<float> makeSpikingFloat()
{
    return makeSpikingKernels<float>();
}

} // namespace apical::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace apical {
HWY_EXPORT(makeSpikingDouble);
HWY_EXPORT(makeSpikingFloat);

template <> const SpikingKernels<double>& spikingKernels<double>()
{
    static const SpikingKernels<double> table = HWY_DYNAMIC_DISPATCH(makeSpikingDouble)();
    return table;
}

template <> const SpikingKernels<float>& spikingKernels<float>()
{
    static const SpikingKernels<float> table = HWY_DYNAMIC_DISPATCH(makeSpikingFloat)();
    return table;
}

template <> SpikingKernels<double> spikingKernelsFor<double>(const std::string& target)
{
    return kernelsOfTarget(
        spikingKernels<double>(), target, [] { return HWY_DYNAMIC_DISPATCH(makeSpikingDouble)(); });
}

template <> SpikingKernels<float> spikingKernelsFor<float>(const std::string& target)
{
    return kernelsOfTarget(
        spikingKernels<float>(), target, [] { return HWY_DYNAMIC_DISPATCH(makeSpikingFloat)(); });
}

} // namespace apical
#endif // HWY_ONCE
