#include "sim/base/random.h"

#include <Random123/philox.h>

#include <cmath>
#include <numbers>

namespace apical {
namespace {

// The stream shares a counter word with nothing: (step low, step high, index, stream) under key =
// seed.
r123::Philox4x32::ctr_type block(
    std::uint64_t seed, RandomStream stream, std::uint64_t step, std::uint32_t index)
{
    const r123::Philox4x32::ctr_type counter = {{static_cast<std::uint32_t>(step),
        static_cast<std::uint32_t>(step >> 32), index, static_cast<std::uint32_t>(stream)}};
    const r123::Philox4x32::key_type key = {
        {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
    return r123::Philox4x32()(counter, key);
}

double toUnit(std::uint32_t high, std::uint32_t low)
{
    const std::uint64_t bits = (std::uint64_t{high} << 32 | low) >> 11;
    return static_cast<double>(bits) * 0x1.0p-53;
}

} // namespace

double uniform(std::uint64_t seed, RandomStream stream, std::uint64_t step, std::uint32_t index)
{
    const auto b = block(seed, stream, step, index);
    return toUnit(b[0], b[1]);
}

double normal(std::uint64_t seed, RandomStream stream, std::uint64_t step, std::uint32_t index)
{
    const auto b = block(seed, stream, step, index);
    const double radius = std::sqrt(-2.0 * std::log(1.0 - toUnit(b[0], b[1])));
    return radius * std::cos(2.0 * std::numbers::pi * toUnit(b[2], b[3]));
}

std::uint64_t nextSeed(std::uint64_t seed)
{
    // Short seeds are read aloud in class rooms: 1 to 9999.
    std::uint64_t next = seed;
    for (std::uint32_t i = 0; next == seed || next == 0; ++i)
        next =
            1 + static_cast<std::uint64_t>(uniform(seed, RandomStream::Perturbation, 0, i) * 9999);
    return next;
}

} // namespace apical
