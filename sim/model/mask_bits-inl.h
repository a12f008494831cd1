// Masks of vectors as words of bits. Compiled once per instruction set as a part of the kernels'
// sources, hence the guard that opens again for each.
#if defined(APICAL_MASK_BITS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef APICAL_MASK_BITS_INL_H
#undef APICAL_MASK_BITS_INL_H
#else
#define APICAL_MASK_BITS_INL_H
#endif

#include <cstdint>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace apical::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Bit i is lane i; vectors of up to 64 bytes.
template <class D> HWY_INLINE std::uint64_t maskBits(D d, hn::Mask<D> mask)
{
    std::uint8_t bytes[8] = {};
    hn::StoreMaskBits(d, mask, bytes);
    return hn::MaxLanes(d) <= 8 ? std::uint64_t{bytes[0]}
                                : std::uint64_t{bytes[0]} | std::uint64_t{bytes[1]} << 8;
}

} // namespace apical::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
