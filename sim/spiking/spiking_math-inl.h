// Random bits of vectors that the spiking microcircuit needs fast. Compiled once per instruction
// set as a part of spiking_kernels.cpp, hence the guard that opens again for each.
#if defined(APICAL_SPIKING_MATH) == defined(HWY_TARGET_TOGGLE)
#ifdef APICAL_SPIKING_MATH
#undef APICAL_SPIKING_MATH
#else
#define APICAL_SPIKING_MATH
#endif

#include <cstdint>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace apical::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Philox4x32-10 of one counter per lane, (step, step, index, stream) under the seed: what
/// uniform() of sim/base/random.h draws from.
template <class D>
HWY_INLINE void philox(D d, std::uint64_t seed, std::uint64_t step, hn::Vec<D> index,
    std::uint32_t stream, hn::Vec<D> (&out)[4])
{
    using V = hn::Vec<D>;
    auto key0 = static_cast<std::uint32_t>(seed), key1 = static_cast<std::uint32_t>(seed >> 32);
    const V m0 = hn::Set(d, std::uint32_t{0xD2511F53}), m1 = hn::Set(d, std::uint32_t{0xCD9E8D57});
    V c0 = hn::Set(d, static_cast<std::uint32_t>(step));
    V c1 = hn::Set(d, static_cast<std::uint32_t>(step >> 32));
    V c2 = index;
    V c3 = hn::Set(d, stream);
    const auto multiply = [&](V a, V b, V& high, V& low) { // b is the same in all lanes
#if HWY_TARGET == HWY_SCALAR
        const std::uint64_t product = std::uint64_t{hn::GetLane(a)} * hn::GetLane(b);
        low = hn::Set(d, static_cast<std::uint32_t>(product));
        high = hn::Set(d, static_cast<std::uint32_t>(product >> 32));
#else
        const hn::RepartitionToWide<D> wide;
        const auto even = hn::MulEven(a, b);
        const auto odd = hn::MulEven(hn::BitCast(d, hn::ShiftRight<32>(hn::BitCast(wide, a))), b);
        low = hn::OddEven(hn::BitCast(d, hn::ShiftLeft<32>(odd)), hn::BitCast(d, even));
        high = hn::OddEven(hn::BitCast(d, odd), hn::BitCast(d, hn::ShiftRight<32>(even)));
#endif
    };
    for (int round = 0; round < 10; ++round) {
        V high0, low0, high1, low1;
        multiply(c0, m0, high0, low0);
        multiply(c2, m1, high1, low1);
        c0 = hn::Xor(hn::Xor(high1, c1), hn::Set(d, key0));
        c1 = low1;
        c2 = hn::Xor(hn::Xor(high0, c3), hn::Set(d, key1));
        c3 = low0;
        key0 += 0x9E3779B9;
        key1 += 0xBB67AE85;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

} // namespace apical::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
